"""A payroll is written in parts, each for good, and is still of one moment: what one transaction would write then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime

import asyncpg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.month import Month
from resolvers import check
from resolvers import payroll as payrolls
from resolvers.check import Checked
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.export import frozen_payroll
from storage import batches, payroll_entries
from storage.database import Connection
from tests.commands.files import Desk
from tests.commands.ledger import changing, passed
from tests.storage.happenings import (
    HAPPENINGS,
    Happening,
    People,
    enrolled_for_later,
    enrolled_late,
    passed_together,
    raise_announced,
    raise_announced_for_later,
    terminated,
)
from tests.storage.lived import Lives
from tests.storage.lots import BEGINS, LOT, MONTHS, PAYDAYS, Lot
from tests.storage.parts import Ended, Written, at_once, end_early, ending_after, freeze, written
from tests.storage.test_payroll_concurrency import stopped, waiting
from tests.storage.test_payroll_sql import PHASES, UNCLEAN
from tests.world import World

NOVEMBER = Month(2019, 11)


@pytest.fixture(autouse=True)
def parts_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people a part, three parts for five people."""
    monkeypatch.setattr(payroll_entries, "CHUNK", 2)


@pytest.fixture
async def people(world: World) -> People:
    """Five people on 2019-11-08, the ledger frozen through 2019-10, all published through 2019-10 but 2019-04."""
    found = await changing(world)
    world.at("2019-11-08")
    return found


async def test_in_parts_is_the_same_as_at_once(world: World, people: People) -> None:
    """Entries, lines and totals; back pay and adjustments among them."""
    expected = await at_once(world, NOVEMBER)
    assert [len(rows) for rows in expected[:2]] == [5, 7]
    assert await freeze(world, NOVEMBER) == expected


async def test_the_audit_trail_tells_of_it_once_with_its_figures(world: World, people: People) -> None:
    await end_early(world, NOVEMBER, 2)
    await freeze(world, NOVEMBER)
    told = await world.owner.fetch("SELECT body FROM audit_entries WHERE action = 'PAYROLL_FROZEN' ORDER BY id DESC")
    assert len(told) == 6  # 2019-06 to 2019-11
    for figure in ("4, 11700.50 yuan", "1, 0.00 yuan", "3, 300.00 yuan", "4, 12300.00 yuan"):
        assert figure in told[0]["body"]


@pytest.mark.parametrize("parts", [1, 2, 3])
async def test_a_run_that_ended_early_is_gone_on_with(world: World, people: People, parts: int) -> None:
    """What it had written is there and is not written again; nobody is missing, nobody is there twice."""
    await end_early(world, NOVEMBER, parts)
    there = "SELECT beneficiary_id, xmin::text FROM payments_2019_11 ORDER BY 1"
    before = await world.owner.fetch(there)
    assert [row[0] for row in before] == [1, 2, 3, 4, 5][: 2 * parts]
    expected = await at_once(world, NOVEMBER)
    assert await freeze(world, NOVEMBER) == expected
    assert (await world.owner.fetch(there))[: len(before)] == before


async def test_whoever_ends_it_twice_is_gone_on_with_all_the_same(world: World, people: People) -> None:
    """Between the first end and the second an act; rates since the first are looked at to the last."""
    await end_early(world, NOVEMBER, 2)
    await world.raised(4, "2019-09", "3200.00")
    await end_early(world, NOVEMBER, 1)
    await passed(world, people["same"], "2019-11-09")
    expected = await at_once(world, NOVEMBER)
    assert await freeze(world, NOVEMBER) == expected


@pytest.mark.parametrize("parts", [1, 3])
@pytest.mark.parametrize("happens", HAPPENINGS, ids=lambda one: one.__name__)
async def test_what_happens_before_it_goes_on_is_in_it(
    world: World, people: People, happens: Happening, parts: int
) -> None:
    """Frozen weeks later: what one transaction would write then, whatever the parts had seen."""
    before = await at_once(world, NOVEMBER)
    await end_early(world, NOVEMBER, parts)
    await happens(world.at("2019-11-09"), people)
    expected = await at_once(world.at("2019-12-03"), NOVEMBER)
    assert (expected == before) == (happens in (raise_announced_for_later, enrolled_for_later))
    assert await freeze(world, NOVEMBER) == expected


@pytest.mark.parametrize("before", [2, 3, 4, 5])
@pytest.mark.parametrize("happens", [passed_together, terminated, raise_announced, enrolled_late])
async def test_what_happens_between_two_parts_is_in_it(
    world: World, people: People, happens: Happening, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first part, before the second, before the third, and before it joins the ledger: the same."""
    entered, begin = 0, payrolls._at_one_moment
    expected: Written | None = None

    @asynccontextmanager
    async def interrupted(context: Context) -> AsyncIterator[tuple[Connection, datetime]]:
        nonlocal entered, expected
        entered += 1
        if entered == before:
            await happens(world, people)
            expected = await at_once(world, NOVEMBER)
        async with begin(context) as entering:
            yield entering

    monkeypatch.setattr(payrolls, "_at_one_moment", interrupted)
    assert await freeze(world, NOVEMBER) == expected


async def test_a_run_that_cannot_be_gone_on_with_is_begun_anew(
    world: World, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What another release has computed is thrown away."""
    with monkeypatch.context() as patched:
        patched.setattr(payroll_entries, "_COMPUTED", "by another release")
        await end_early(world, NOVEMBER, 2)
    await world.owner.execute("DELETE FROM payments_2019_11 WHERE beneficiary_id = 1")
    await world.owner.execute("UPDATE payments_2019_11 SET since = '2000-01-01'")
    expected = await at_once(world, NOVEMBER)
    assert await freeze(world, NOVEMBER) == expected


async def test_a_refused_payroll_begins_nothing(world: World, people: People) -> None:
    with pytest.raises(Refused, match="frozen from 2019-11-08 on"):
        await payrolls.freeze(world.at("2019-11-07").context(), NOVEMBER)
    assert await world.owner.fetchval("SELECT count(*) FROM payrolls_under_way") == 0
    assert await world.owner.fetchval("SELECT to_regclass('payments_2019_11') IS NULL")


async def test_two_at_once_one_after_the_other(world: World, people: People) -> None:
    """The second waits for the first, wherever that has come to, and finds the month frozen."""
    await end_early(world, NOVEMBER, 1)
    expected = await at_once(world, NOVEMBER)
    async with stopped(world, "batch_clock", "SHARE"):
        first = asyncio.create_task(payrolls.freeze(world.context(), NOVEMBER))
        await waiting(world, 1)
        second = asyncio.create_task(payrolls.freeze(world.context(), NOVEMBER))
        await waiting(world, 2)
        waits = await world.owner.fetch(
            "SELECT wait_event FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        assert sorted(row["wait_event"] for row in waits) == ["advisory", "relation"]
    assert [(await one).earlier for one in (first, second)] == [False, True]
    async with world.database.connection() as connection:
        assert await written(connection, NOVEMBER) == expected


async def test_the_second_goes_on_where_the_first_fails(world: World, people: People) -> None:
    expected = await at_once(world, NOVEMBER)
    async with stopped(world, "batch_clock", "SHARE"):
        first = asyncio.create_task(payrolls.freeze(world.context(), NOVEMBER, ending_after(2)))
        await waiting(world, 1)
        second = asyncio.create_task(payrolls.freeze(world.context(), NOVEMBER))
        await waiting(world, 2)
    with pytest.raises(Ended):
        await first
    assert not (await second).earlier
    async with world.database.connection() as connection:
        assert await written(connection, NOVEMBER) == expected


async def test_nobody_sees_a_month_that_is_under_way(world: World, people: People) -> None:
    """Neither who asks the API, nor an export; and a preview shows the same and leaves it as it is."""
    context = world.context()
    shown, before = await payrolls.preview(context, NOVEMBER), [await world.money(id) for id in people.values()]
    why = await world.entitlement(people["same"], "2019-11")
    await end_early(world, NOVEMBER, 2)
    assert [await world.money(id) for id in people.values()] == before
    assert await world.entitlement(people["same"], "2019-11") == why
    with pytest.raises(Refused, match="the payroll of 2019-11 is not frozen"):
        async with frozen_payroll(context, NOVEMBER):
            pass
    under_way = await Desk(world).dump()
    assert len(under_way["payments_2019_11"]) == 4
    assert await payrolls.preview(context, NOVEMBER) == shown
    assert await Desk(world).dump() == under_way
    async with world.callers.connection() as connection:
        for table in ("payments_2019_11", "payrolls_under_way"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match=f"denied for table {table}"):
                await connection.fetch(f"SELECT * FROM {table}")


async def test_who_reads_the_ledger_does_not_wait_while_a_month_joins_it(world: World, people: People) -> None:
    """It has joined, and its transaction is still open: others read what was there before."""
    before = await world.money(people["raised"])
    async with stopped(world, "payment_lines", "SHARE"):
        freezing = asyncio.create_task(payrolls.freeze(world.context(), NOVEMBER))
        await waiting(world)
        joining = "SELECT count(*) FROM pg_locks WHERE relation = 'payments'::regclass AND mode LIKE 'ShareUpdate%'"
        assert await world.owner.fetchval(joining) == 1
        assert await world.money(people["raised"]) == before
    await freezing
    assert await world.money(people["raised"]) != before


@settings(max_examples=8, deadline=None, phases=PHASES, suppress_health_check=UNCLEAN)
@given(
    lots=st.lists(LOT, min_size=8, max_size=8),
    paydays=PAYDAYS,
    begins=BEGINS,
    ends_early=st.lists(st.integers(0, 4), min_size=MONTHS, max_size=MONTHS),
)
async def test_random_lives_between_the_parts_are_paid_as_the_domain_says(
    world: World, lots: list[Lot], paydays: list[int | None], begins: int, ends_early: list[int]
) -> None:
    """Every month some parts are written on the 4th, and the payroll is frozen days or months later. Rules 5."""
    lives = Lives(world, lots)
    await lives.begin()
    await lives.live(paydays, begins, ends_early)
    assert await check.standings(world.context()) == Checked(len(lots), [])


@asynccontextmanager
async def backup(dsn: str) -> AsyncIterator[None]:
    """It reads every table until it ends."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute("LOCK TABLE payments_2019_11 IN ACCESS SHARE MODE")
            yield
    finally:
        await connection.close()


async def test_a_backup_holds_up_nothing_but_the_end_of_the_payroll(world: World, dsn: str, people: People) -> None:
    """The run says so and ends; imports go on, and so does the next run."""
    await end_early(world, NOVEMBER, 2)
    expected = await at_once(world, NOVEMBER)
    async with backup(dsn):
        with pytest.raises(Refused, match=r"once it has ended, run again: payroll 2019-11$"):
            await payrolls.freeze(world.context(), NOVEMBER)
        with pytest.raises(Refused, match=r"once it has ended, run again: payroll 2019-11 --preview$"):
            await payrolls.preview(world.context(), NOVEMBER)
        await world.evidence(1, "rail_travel", "2019-11-01")
    assert await freeze(world, NOVEMBER) == expected


async def test_a_backup_holds_up_nobody_where_another_release_had_begun(
    world: World, dsn: str, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What that has written is not thrown away while it is read; nobody waits for the backup with the turn in hand."""
    with monkeypatch.context() as patched:
        patched.setattr(payroll_entries, "_COMPUTED", "by another release")
        await end_early(world, NOVEMBER, 2)
    async with backup(dsn):
        with pytest.raises(Refused, match=r"once it has ended, run again: payroll 2019-11$"):
            await asyncio.wait_for(payrolls.freeze(world.context(), NOVEMBER), 30)
        await world.evidence(1, "rail_travel", "2019-11-01")
    expected = await at_once(world, NOVEMBER)
    assert await freeze(world, NOVEMBER) == expected


async def test_who_freezes_without_a_turn_finds_it_frozen(
    world: World, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the turn was lost, two may run at once: one of them has frozen the month, the other says so."""
    expected = await at_once(world, NOVEMBER)
    monkeypatch.setattr(batches, "turn", lambda *_: nullcontext())
    done = await asyncio.gather(*(payrolls.freeze(world.context(), NOVEMBER) for _ in range(3)))
    assert sorted(one.earlier for one in done) == [False, True, True]
    async with world.database.connection() as connection:
        assert await written(connection, NOVEMBER) == expected
