"""Payrolls, reviews, requests and raises at the same moment: no line is lost, none is doubled."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from domain.access import Viewer
from domain.documents import Document
from domain.month import Month
from domain.refusal import ErrorCode
from domain.reinstatement import Request, Review
from domain.submission import Act, Handler
from domain.vocabulary import SurvivalStatus
from resolvers import check, payroll, reinstatements
from resolvers.check import Checked
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.reinstatements import CaseOutcome
from tests.world import DOCUMENT, HANDLER, SCHOOL, World

OCTOBER, NOVEMBER, DECEMBER = Month(2019, 10), Month(2019, 11), Month(2019, 12)
HELD = ["2019-07", "2019-08", "2019-09", "2019-10"]


@dataclass
class Reinstating:
    """People suspended since 2019-07 and passed on 10 September, each with an open case; frozen through 2019-09."""

    world: World
    people: list[int]
    unit: Viewer
    officers: list[Viewer]

    def context(self, day: str, caller: Viewer | None = None) -> Context:
        return self.world.at(day).context(caller)

    async def cases(self) -> dict[int, int]:
        rows = await self.world.owner.fetch("SELECT beneficiary_id, max(id) AS id FROM reinstatements GROUP BY 1")
        return {row["beneficiary_id"]: row["id"] for row in rows}

    def review(self, case: int, day: str, by: int = 0, *, approve: bool = True) -> Coroutine[Any, Any, CaseOutcome]:
        context = self.context(day, self.officers[by])
        return reinstatements.review(context, case, Review(approve, "材料不足"), None)

    def request(self, person: int, day: str) -> Coroutine[Any, Any, CaseOutcome]:
        asked = Request(str(person), person, "本人健在", (Document(**DOCUMENT),), Handler(**HANDLER))
        return reinstatements.request(self.context(day, self.unit), asked, None)

    def freeze(self, month: Month) -> Coroutine[Any, Any, payroll.FrozenPayroll]:
        return payroll.freeze(self.context(str(month.day(8))), month)

    async def back_pay(self, person: int) -> list[str]:
        """The months that were paid back, once for each line."""
        rows = await self.world.owner.fetch(
            "SELECT month FROM payment_lines WHERE beneficiary_id = $1 AND kind = 'BACK_PAY' ORDER BY month", person
        )
        return [f"{row['month']:%Y-%m}" for row in rows]

    async def publish(self, *months: Month) -> None:
        for month in months:
            await self.world.at(str((month + 1).day(4))).publish(str(month))

    async def paid(self) -> dict[tuple[int, str], Decimal]:
        """What went out for each person and month, with whichever payroll."""
        rows = await self.world.owner.fetch(
            """SELECT beneficiary_id, month, sum(amount) AS amount
               FROM (SELECT beneficiary_id, month, amount FROM payments
                     UNION ALL SELECT beneficiary_id, month, amount FROM payment_lines) AS out
               GROUP BY 1, 2"""
        )
        return {(row["beneficiary_id"], f"{row['month']:%Y-%m}"): row["amount"] for row in rows}


async def begun(world: World, number: int) -> Reinstating:
    await world.at("2019-06-01").units()
    await world.officers("officer-1", "officer-2")
    people = [await world.enrol(serial) for serial in range(1, number + 1)]
    await world.payroll("2019-06")
    await world.at("2019-06-20").submit(Act.OVERRIDE, *people, status=SurvivalStatus.MISSING, since="2019-06-19")
    await world.payroll("2019-07", "2019-08", "2019-09")
    await world.at("2019-09-10").submit(Act.OVERRIDE, *people, reason="本人到场")
    unit, *officers = [await world.viewer(name) for name in (SCHOOL, "officer-1", "officer-2")]
    made = Reinstating(world, people, unit, officers)
    for person in people:
        await made.request(person, "2019-09-20")
    await made.publish(Month(2019, 9))
    return made


@pytest.fixture
async def one(world: World) -> Reinstating:
    return await begun(world, 1)


@asynccontextmanager
async def stopped(world: World, table: str, mode: str) -> AsyncIterator[None]:
    """Whoever wants to write to the table waits until this ends."""
    transaction = world.owner.transaction()
    await transaction.start()
    await world.owner.execute(f"LOCK TABLE {table} IN {mode} MODE")
    try:
        yield
    finally:
        await transaction.rollback()


async def waiting(world: World, number: int = 1) -> None:
    """Until so many sessions of the application wait for a lock."""
    for _ in range(500):
        held = await world.owner.fetchval(
            """SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'"""
        )
        if held >= number:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


STOPS = ["payments", "payment_lines", "payrolls", "batch_clock"]


@pytest.mark.parametrize("month", [OCTOBER, NOVEMBER])
@pytest.mark.parametrize("table", STOPS)
async def test_a_review_while_a_payroll_is_under_way_loses_nothing(one: Reinstating, table: str, month: Month) -> None:
    """Wherever the payroll of the month, or of the next, has come to when the case is approved: four months, once."""
    [person] = one.people
    case = (await one.cases())[person]
    if month == NOVEMBER:
        await one.freeze(OCTOBER)
        await one.publish(OCTOBER)
    async with stopped(one.world, table, "SHARE"):
        freezing = asyncio.create_task(one.freeze(month))
        await waiting(one.world)
        approved = await one.review(case, "2019-10-31")
    assert approved.refusals == ()
    await freezing
    await settled(one, month)
    assert await one.back_pay(person) == HELD
    assert await check.standings(one.world.context()) == Checked(1, [])


@pytest.mark.parametrize("month", [OCTOBER, NOVEMBER])
@pytest.mark.parametrize("table", ["reinstatements", "reinstatement_months", "suspensions", "beneficiaries"])
async def test_a_payroll_while_a_review_is_under_way_loses_nothing(one: Reinstating, table: str, month: Month) -> None:
    """Wherever the review has come to when the payroll is frozen: four months, once."""
    [person] = one.people
    case = (await one.cases())[person]
    if month == NOVEMBER:
        await one.freeze(OCTOBER)
        await one.publish(OCTOBER)
    async with stopped(one.world, table, "SHARE"):
        reviewing = asyncio.create_task(one.review(case, "2019-10-31"))
        await waiting(one.world)
        await one.freeze(month)
    assert (await reviewing).refusals == ()
    await settled(one, month)
    assert await one.back_pay(person) == HELD
    assert await check.standings(one.world.context()) == Checked(1, [])


async def settled(one: Reinstating, month: Month) -> None:
    """The payrolls that follow, through December."""
    while month < DECEMBER:
        await one.publish(month)
        month = month + 1
        await one.freeze(month)


async def test_many_reviews_and_raises_around_a_payroll_leave_every_month_paid_once(world: World) -> None:
    """In whatever order they come: what is owed for each month went out with the payrolls that follow."""
    many = await begun(world, 12)
    cases, chance = await many.cases(), random.Random(7)

    async def after_a_while(act: Coroutine[Any, Any, Any]) -> Any:
        await asyncio.sleep(chance.random() * 0.15)
        return await act

    async def raised(person: int) -> None:
        world.at("2019-10-08")
        await world.raised(person, "2019-08", "3100.00")  # the serial of the person is the id of the row

    outcomes = await asyncio.gather(
        *(after_a_while(many.review(cases[person], "2019-10-08", person % 2)) for person in many.people),
        *(after_a_while(raised(person)) for person in many.people),
        *(after_a_while(many.freeze(OCTOBER)) for _ in range(2)),
    )
    assert all(outcome.refusals == () for outcome in outcomes[:12])
    await many.publish(OCTOBER)
    await many.freeze(NOVEMBER)
    paid = await many.paid()
    expected = {"2019-06": "3000.00", "2019-07": "3000.00", **dict.fromkeys([*HELD[1:], "2019-11"], "3100.00")}
    assert paid == {(id, month): Decimal(amount) for id in many.people for month, amount in expected.items()}
    for person in many.people:
        assert await many.back_pay(person) == HELD
    assert await check.standings(world.context()) == Checked(12, [])


async def test_payrolls_of_one_month_at_once_freeze_once(one: Reinstating) -> None:
    """rules.md 5.1: running it again changes nothing, at the same moment neither."""
    frozen = await asyncio.gather(*(one.freeze(OCTOBER) for _ in range(4)))
    assert sorted(found.earlier for found in frozen) == [False, True, True, True]
    assert len({str(found.totals) for found in frozen}) == 1
    assert await one.world.owner.fetchval("SELECT count(*) FROM payments WHERE month = '2019-10-01'") == 1


async def test_of_two_reviews_at_once_one_wins(world: World) -> None:
    """The other is told that the case was decided, whichever way."""
    many = await begun(world, 6)
    for person, case in (await many.cases()).items():
        both = await asyncio.gather(
            many.review(case, "2019-10-20", 0), many.review(case, "2019-10-20", 1, approve=person % 2 == 0)
        )
        assert sorted(len(outcome.refusals) for outcome in both) == [0, 1]
        [told] = [refusal.code for outcome in both for refusal in outcome.refusals]
        assert told is ErrorCode.ALREADY_REVIEWED
    assert await check.standings(world.context()) == Checked(6, [])


async def test_of_two_requests_at_once_one_is_a_case(one: Reinstating) -> None:
    [person] = one.people
    await one.review((await one.cases())[person], "2019-09-25", approve=False)
    outcomes = await asyncio.gather(*(one.request(person, "2019-10-02") for _ in range(4)))
    told = [refusal.code for outcome in outcomes for refusal in outcome.refusals]
    assert told == [ErrorCode.REINSTATEMENT_OPEN] * 3
    assert await one.world.owner.fetchval("SELECT count(*) FROM reinstatements WHERE status = 'SUBMITTED'") == 1


@pytest.mark.parametrize("table", STOPS[:3])
async def test_a_raise_while_a_payroll_is_under_way_loses_no_adjustment(world: World, table: str) -> None:
    """It is announced after the payroll, which keeps it out, and adjusted with the next."""
    await world.at("2019-01-05").units()
    id = await world.enrol()
    await world.payroll("2019-02", "2019-03")
    await world.at("2019-04-04").publish("2019-03")
    async with stopped(world, table, "SHARE"):
        freezing = asyncio.create_task(payroll.freeze(world.at("2019-04-08").context(), Month(2019, 4)))
        await waiting(world)
        raising = asyncio.create_task(world.at("2019-04-08").raised(1, "2019-03", "3100.00"))
        await waiting(world, 2)
    await asyncio.gather(freezing, raising)
    await world.payroll("2019-05", "2019-06")
    lines = await world.owner.fetch("SELECT * FROM payment_lines ORDER BY month")
    assert [(f"{n['payroll']:%Y-%m}", n["beneficiary_id"], f"{n['month']:%Y-%m}", str(n["amount"])) for n in lines] == [
        ("2019-05", id, "2019-03", "100.00"),
        ("2019-05", id, "2019-04", "100.00"),
    ]


async def test_a_preview_beside_a_payroll_changes_nothing(one: Reinstating) -> None:
    """Previews of the month and of the next wait their turn, see it, or say that it is frozen."""
    context = one.context("2019-10-08")
    *seen, frozen = await asyncio.gather(
        *(payroll.preview(context, month) for month in (OCTOBER, NOVEMBER, OCTOBER, NOVEMBER)),
        one.freeze(OCTOBER),
        return_exceptions=True,
    )
    assert isinstance(frozen, payroll.FrozenPayroll) and not frozen.earlier
    for found in seen:
        assert isinstance(found, payroll.Preview | Refused), found
    for found in [found for found in seen if isinstance(found, Refused)]:
        assert "is frozen" in str(found) or "comes first" in str(found)
    months = await one.world.owner.fetch("SELECT month FROM payrolls ORDER BY month DESC LIMIT 1")
    assert [Month.of(row["month"]) for row in months] == [OCTOBER]
    assert (await one.freeze(OCTOBER)).totals == frozen.totals


class Broken(Exception):
    """Something fails halfway."""


async def test_a_payroll_that_fails_midway_leaves_nothing(one: Reinstating) -> None:
    """All or nothing: and when it is run again it is frozen as if nothing had happened."""

    def fail(done: int, all: int) -> None:
        raise Broken

    with pytest.raises(Broken):
        await payroll.freeze(one.context("2019-10-08"), OCTOBER, fail)
    for table, column in (("payrolls", "month"), ("payments", "payroll"), ("payment_lines", "payroll")):
        assert await one.world.owner.fetchval(f"SELECT count(*) FROM {table} WHERE {column} = '2019-10-01'") == 0
    assert not (await one.freeze(OCTOBER)).earlier
    assert await one.world.owner.fetchval("SELECT count(*) FROM payments WHERE month = '2019-10-01'") == 1
