"""A payroll decides by one moment: what comes while it runs stops nothing, and is made up by the next."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest

from domain.entitlement import Basis
from domain.month import Month
from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from resolvers import check, payroll
from resolvers.check import Checked
from tests.audit.trail import sealed, verified
from tests.storage.test_payroll_concurrency import waiting
from tests.world import World


@asynccontextmanager
async def halted(world: World, freezing: Coroutine[Any, Any, payroll.FrozenPayroll]) -> AsyncIterator[None]:
    """The payroll halts where it writes itself down, when its moment has come, and goes on when this ends."""
    await world.owner.execute(
        """CREATE FUNCTION halt() RETURNS trigger LANGUAGE plpgsql AS
           'BEGIN PERFORM pg_advisory_xact_lock(5); RETURN NEW; END';
           CREATE TRIGGER halt BEFORE INSERT ON payrolls FOR EACH ROW EXECUTE FUNCTION halt();
           SELECT pg_advisory_lock(5)"""
    )
    task = asyncio.create_task(freezing)
    await waiting(world)
    try:
        yield
    finally:
        await world.owner.execute("SELECT pg_advisory_unlock(5)")
        [outcome] = await asyncio.gather(task, return_exceptions=True)
        await world.owner.execute("DROP TRIGGER halt ON payrolls; DROP FUNCTION halt")
    assert isinstance(outcome, payroll.FrozenPayroll), outcome


DURING = [(Act.TERMINATE, SurvivalStatus.DECEASED), (Act.OVERRIDE, SurvivalStatus.MISSING)]


@pytest.mark.parametrize(("act", "status"), DURING)
async def test_what_is_told_during_a_payroll_is_made_up_by_the_next(
    world: World, act: Act, status: SurvivalStatus
) -> None:
    """Died on 03-20 or missing since, told while the payroll of 05 writes: 04 and 05 are PAID, and overpaid."""
    await world.at("2019-01-05").units()
    person = await world.enrol()
    await world.payroll("2019-02", "2019-03", "2019-04")
    await world.at("2019-05-04").publish("2019-04")
    async with halted(world, payroll.freeze(world.at("2019-05-08").context(), Month(2019, 5))):
        outcome = await world.at("2019-05-08", 10).submit(act, person, status=status, since="2019-03-20")
        assert outcome.refusals == ()
    await world.payroll("2019-06")
    rows = await world.owner.fetch("SELECT month, basis FROM payments ORDER BY month")
    assert [row["basis"] for row in rows][-2:] == ["COVERED", "TERMINATED" if act is Act.TERMINATE else "SUSPENDED"]
    overpaid = await world.owner.fetch("SELECT month FROM overpaid_months ORDER BY month")
    assert [f"{row['month']:%m}" for row in overpaid] == ["04", "05"]
    assert await check.standings(world.context()) == Checked(1, [])


async def test_a_payroll_that_waits_for_an_import_decides_by_what_is_known_when_the_waiting_ends(world: World) -> None:
    """It waits for its turn before it looks: what came meanwhile is neither missed nor a conflict."""
    await world.at("2019-01-05").units()
    person = await world.enrol()
    await world.payroll("2019-02")
    await world.at("2019-03-04").publish("2019-02")
    freezing = payroll.freeze(world.at("2019-03-08").context(), Month(2019, 3))
    async with world.owner.transaction():
        await world.owner.execute("UPDATE batch_clock SET last = last + interval '1 second'")
        task = asyncio.create_task(freezing)
        await waiting(world)
        await world.submit(Act.TERMINATE, person, status=SurvivalStatus.DECEASED, since="2019-02-20")
    assert Basis.TERMINATED in (await task).totals.entries


async def test_a_day_of_the_audit_trail_is_not_closed_under_a_payroll(world: World) -> None:
    """Begun before midnight, it tells of itself in the day in which it began, as long as that is open."""
    await world.at("2019-01-05").units()
    await world.enrol()
    await world.payroll("2019-02")
    await world.at("2019-03-04").publish("2019-02")
    async with halted(world, payroll.freeze(world.at("2019-03-08", 23).context(), Month(2019, 3))):
        closing = asyncio.create_task(sealed(world.at("2019-03-09")))
        await waiting(world, 2)
    assert (await closing).newest is not None
    assert (await verified(world)).unsealed_since == date(2019, 3, 9)
