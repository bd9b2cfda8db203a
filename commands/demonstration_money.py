"""The demo's money: a payroll a month, a raise dated back, people missing for a month, found and paid back."""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from commands.load import load_quietly
from domain.documents import Document
from domain.month import Month
from domain.reinstatement import Request, Review
from domain.standing import Standing
from domain.submission import Act, Entry, Handler, Submission
from domain.vocabulary import Conclusion, SurvivalStatus
from resolvers import certifications, payroll, reinstatements, roster
from resolvers.context import Context
from storage.roster import Attention, RosterFilter, Slice

_SAID = "本人到单位核实健在"
_HANDLER = Handler("孙立群", "0532-85915678")
_PROOF = Document("社区健在证明.pdf", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")


async def pay(context: Context, month: Month) -> None:
    """Freeze the month's payroll, where its day has come."""
    if context.today < month.day(context.policy.payroll_day):
        return
    frozen = await payroll.freeze(context, month)
    print(f"  {frozen.month}: payroll frozen on {context.today}", flush=True)


async def raise_rates(context: Context, people: list[dict[str, str]], since: Month) -> None:
    """Everybody of the rows gets 3.5 % more, from a month on that was paid already."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rates.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(["unit_si_number", "category", "id_number", "from_month", "monthly_amount"])
            for row in people:
                whose = (row["unit_si_number"], row["category"], row["id_number"])
                begins = max(str(since), row["benefit_from"])
                writer.writerow([*whose, begins, f"{Decimal(row['monthly_amount']) * Decimal('1.035'):.2f}"])
        await load_quietly(context, "rates", file)


async def miss(unit: Context) -> None:
    """Somebody of the unit whom the data did not see is reported missing."""
    row = await _first(unit, RosterFilter(_unit_id(unit), None, [Conclusion.PENDING]))
    if row is not None:
        await _override(unit, row, SurvivalStatus.MISSING, unit.month.day(2))


async def find_alive(unit: Context) -> int | None:
    """Somebody missing comes to the unit: passed, and a case submitted; its id."""
    row = await _first(unit, RosterFilter(_unit_id(unit), None, attention=Attention.SUSPENDED))
    if row is None:
        return None
    await _override(unit, row, SurvivalStatus.NORMAL, None)
    asked = Request(str(row.id), row.id, _SAID, (_PROOF,), _HANDLER)
    outcome = await reinstatements.request(unit, asked, None)
    return outcome.full.case.id if outcome.full else None


async def _override(unit: Context, row: Standing, status: SurvivalStatus, occurred_on: date | None) -> None:
    reason = _SAID if occurred_on is None else None
    entry = Entry(str(row.id), row.id, ("input",), None, status, occurred_on, reason)
    await certifications.submit(unit, Submission(Act.OVERRIDE, (entry,), _HANDLER))


async def _first(unit: Context, chosen: RosterFilter) -> Standing | None:
    """The first of the rows with complete contact data."""
    page = await roster.page(unit, chosen, Slice(unit.policy.page_limit))
    return next((row.standing for row in page.rows if row.standing.contact.complete), None)


def _unit_id(unit: Context) -> int:
    assert unit.viewer.unit_id is not None
    return unit.viewer.unit_id


async def approve(agency: Context, case_id: int) -> None:
    await reinstatements.review(agency, case_id, Review(True), None)
