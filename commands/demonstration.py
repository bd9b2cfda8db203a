"""Fill an empty database with the demo: files through the imports, months through assessment and publication.

Whatever a unit of the demo has done, it did through the use case that the API calls.
"""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from commands import demonstration_cases as cases
from commands import demonstration_money as money
from commands.load import load_quietly
from demo import DEMO_SECOND_FACTOR, UNITS, generate, write
from demo.generator import DemoData
from domain.month import Month
from domain.standing import Standing
from domain.submission import Act, Entry, Handler, Submission
from domain.vocabulary import Conclusion, SurvivalStatus
from resolvers import batch, certifications, my_standing, roster, second_factors
from resolvers.context import Context
from resolvers.sessions import entered
from storage import accounts, units
from storage.contacts import Agency
from storage.database import Database
from storage.roster import Attention, RosterFilter, Slice

MONTHS = 10  # published ones: evidence begins two months earlier, and without a past nobody is judged fairly
ANSWERED_ON, FOUND_ON, REVIEWED_ON, DISPUTED_ON, RULED_ON = 17, 18, 24, 25, 26
MISSING_BACK = (7, 2)  # months ago
DISPUTED_BACK = 1  # months ago
RAISED_BACK = 4  # months ago: long enough for its adjustments to have gone out
_HANDLER = Handler("王秀英", "0532-85911234")


async def fill(context: Context, callers: Database) -> None:
    """Three units with a year behind them, as of the context's clock; `callers` is the API's way to the database."""
    desk_side = replace(context, database=callers)
    data = generate(context.today)
    await _load(context, replace(data, evidence=[]), "units", "accounts", "beneficiaries")
    for officer in (row["username"] for row in data.accounts if row["role"] == "OFFICER"):
        await second_factors.enrol(context, officer, DEMO_SECOND_FACTOR)
    for district in {row["district"] for row in data.units}:
        agency = Agency(district, "0532-12333", f"青岛市{district}社会保险经办大厅", "工作日 9:00—17:00")
        await my_standing.keep_agency(context, agency)
    desks = _desks(data)
    chance = random.Random(context.today.toordinal())
    last = Month.of(context.today) - (1 if context.today.day >= context.policy.publication_day else 2)
    first = last - (MONTHS - 1)
    for back in range(MONTHS - 1, -1, -1):
        month = last - back
        await _publish(context, data, month, everything_before=month == first)
        await money.pay(_at(context, (month + 1).day(context.policy.payroll_day)), month + 1)
        if month < last:
            await _answer(_at(desk_side, (month + 1).day(ANSWERED_ON)), [desk.operator for desk in desks], chance)
            await _lose_and_find(desk_side, desks, month + 1, back)
        if back == DISPUTED_BACK:
            await _dispute(context, desk_side, desks, month + 1)
        if back == RAISED_BACK:
            await money.raise_rates(_at(context, (month + 1).last_day), data.beneficiaries, month - 1)
    await _evidence(context, data, last + 1, (last + 2).last_day)
    for desk in desks:
        await cases.object_to(await _as(desk_side, desk.operator), None)


@dataclass(frozen=True)
class Desk:
    """Who certifies for a unit, and who reviews for the agency of its district."""

    operator: str
    officer: str


def _desks(data: DemoData) -> list[Desk]:
    district = {row["si_number"]: row["district"] for row in data.units}
    officer = {row["district"]: row["username"] for row in data.accounts if row["role"] == "OFFICER"}
    operators = [row for row in data.accounts if "/" in row["username"]]
    return [Desk(row["username"], officer[district[row["unit_si_number"]]]) for row in operators]


async def _lose_and_find(context: Context, desks: list[Desk], month: Month, back: int) -> None:
    """In each unit somebody is missing in one month and found in the next; the last case waits for its review."""
    for desk in desks:
        unit = await _as(_at(context, month.day(FOUND_ON)), desk.operator)
        if back in MISSING_BACK:
            await money.miss(unit)
        elif back + 1 in MISSING_BACK:
            case = await money.find_alive(unit)
            if case is not None and back > 1:
                await money.approve(await _as(_at(context, month.day(REVIEWED_ON)), desk.officer), case)


async def _dispute(context: Context, desk_side: Context, desks: list[Desk], month: Month) -> None:
    """Each unit objects, the larger ones pass somebody against the data, and the agency begins to answer both."""
    for desk in desks:
        unit = await _as(_at(desk_side, month.day(DISPUTED_ON)), desk.operator)
        officer = await _as(_at(desk_side, month.day(RULED_ON)), desk.officer)
        if desk is not desks[0]:
            await cases.pass_against_the_data(unit)
        await cases.object_to(unit, officer)
    await cases.look_through(_at(context, (month + 1).day(1)), month)
    for desk in desks:
        await cases.decide_reviews(await _as(_at(desk_side, (month + 1).day(2)), desk.officer))


async def _as(context: Context, username: str) -> Context:
    """The same moment, as that account."""
    async with context.reading() as connection:
        account = await accounts.credentials(connection, username)
    assert account is not None
    return replace(context, caller=await entered(context, account))


async def is_there(context: Context) -> bool:
    """Whether the database holds the demo's units."""
    async with context.reading() as connection:
        return await units.by_si_number(connection, UNITS[0].si_number) is not None


async def _publish(context: Context, data: DemoData, month: Month, *, everything_before: bool) -> None:
    """The month's evidence comes in early in the next month, is assessed and then published."""
    since = date.min if everything_before else month.first_day
    await _evidence(_at(context, (month + 1).day(2)), data, since, month.last_day)
    await batch.assess(_at(context, (month + 1).day(3)), month)
    on = (month + 1).day(context.policy.publication_day)
    await batch.publish(_at(context, on), month, release=True)
    print(f"  {month}: verdicts published on {on}", flush=True)


async def _evidence(context: Context, data: DemoData, since: Month | date, until: date) -> None:
    start = since.first_day if isinstance(since, Month) else since
    rows = [row for row in data.evidence if start <= date.fromisoformat(row["occurred_on"]) <= until]
    await _load(context, replace(data, evidence=rows), "evidence")


async def _load(context: Context, data: DemoData, *kinds: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(data, Path(folder))
        for kind in kinds:
            await load_quietly(context, kind, Path(folder) / f"{kind}.csv")


async def _answer(context: Context, operators: list[str], chance: random.Random) -> None:
    """Each unit's operator answers most of what is open, and confirms a few of the others."""
    for username in operators:
        unit = await _as(context, username)
        assert unit.viewer.unit_id is not None
        opened = await _rows(unit, RosterFilter(unit.viewer.unit_id, None, attention=Attention.UNANSWERED))
        for row in opened:
            await _decide(unit, row, chance)
        qualified = await _rows(unit, RosterFilter(unit.viewer.unit_id, None, [Conclusion.QUALIFIED]))
        confirmed = [row for row in qualified if row.contact.complete and chance.random() < 0.08]
        await _submit(unit, Act.SUBMIT, confirmed)


async def _rows(context: Context, chosen: RosterFilter) -> list[Standing]:
    page = await roster.page(context, chosen, Slice(context.policy.page_limit))
    return [row.standing for row in page.rows]


async def _decide(context: Context, row: Standing, chance: random.Random) -> None:
    assert row.verdict is not None
    loss, draw = row.verdict.finding.loss, chance.random()
    if row.verdict.conclusion is Conclusion.DISQUALIFIED and loss is not None:
        if draw < 0.25:
            entry = _entry(row, Act.TERMINATE, SurvivalStatus.DECEASED, loss.occurred_on)
            await certifications.submit(context, Submission(Act.TERMINATE, (entry,), _HANDLER))
        elif draw < 0.5:
            await _submit(context, Act.OVERRIDE, [row], SurvivalStatus.DECEASED, loss.occurred_on)
    elif draw < 0.15:
        await _submit(context, Act.OVERRIDE, [row])


async def _submit(
    context: Context,
    act: Act,
    rows: list[Standing],
    status: SurvivalStatus = SurvivalStatus.NORMAL,
    occurred_on: date | None = None,
) -> None:
    """Rows without complete contact data are refused, as they would be to a clerk, and stay open."""
    entries = tuple(_entry(row, act, status, occurred_on) for row in rows)
    if entries:
        await certifications.submit(context, Submission(act, entries, _HANDLER))


def _entry(row: Standing, act: Act, status: SurvivalStatus, occurred_on: date | None) -> Entry:
    reason = "已电话核实本人健在" if act is Act.OVERRIDE and status is SurvivalStatus.NORMAL else None
    return Entry(str(row.id), row.id, ("input",), row.version, status, occurred_on, reason)


def _at(context: Context, day: date) -> Context:
    now = datetime.combine(day, time(9, 30), context.now.tzinfo)
    return replace(context, now=min(now, context.now))
