"""Numbers of chains are taken by many at once: none is lost or left out, and nobody waits for another for good."""

from __future__ import annotations

import asyncio

import pytest

from domain.audit import AuditAction, Told
from domain.submission import Act
from resolvers import audit
from storage import batches
from tests.api.scenes import qualified
from tests.api.signing import sign_in
from tests.audit.trail import sealed, verified
from tests.world import SCHOOL, World


def of(*units: int | None) -> list[Told]:
    return [Told(AuditAction.CONFIRM, unit, 3, 2) for unit in units]


async def tell(world: World, *told: Told) -> None:
    context = world.context()
    async with context.begin() as transaction:
        await audit.record(context, transaction, *told)


async def numbers(world: World) -> dict[int, list[int]]:
    """By chain, in the order of the entries."""
    rows = await world.owner.fetch(
        "SELECT chain, array_agg(number ORDER BY id) AS held FROM audit_entries GROUP BY chain ORDER BY chain"
    )
    return {row["chain"]: row["held"] for row in rows}


async def test_whoever_tells_of_several_chains_takes_them_in_one_order(world: World) -> None:
    """Each of sixty transactions tells of two or three chains, in whatever order it names them."""
    orders: list[tuple[int | None, ...]] = [(7, 8), (8, 7), (8, None, 7)]
    await asyncio.gather(*(tell(world, *of(*orders[place % 3])) for place in range(60)))
    assert await numbers(world) == {0: [*range(1, 21)], 7: [*range(1, 61)], 8: [*range(1, 61)]}


async def test_a_unit_waits_for_its_own_chain_and_for_no_other(world: World) -> None:
    """Until the commit: what is undone gives its number back."""
    await tell(world, *of(7))
    context, waiting = world.context(), set()

    async def undone() -> None:
        async with context.begin() as transaction:
            await audit.record(context, transaction, *of(7, 7))
            waiting.add(asyncio.create_task(tell(world, *of(7))))
            await tell(world, *of(8))
            await asyncio.sleep(0.1)
            assert not any(task.done() for task in waiting)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await undone()
    await asyncio.gather(*waiting)
    assert await numbers(world) == {7: [1, 2], 8: [1]}


async def test_a_run_that_sees_one_moment_finds_its_number_whatever_others_tell_meanwhile(world: World) -> None:
    context = world.context()
    async with context.begin(at_one_moment=True) as transaction:
        await batches.enter(transaction, context.now)
        await tell(world, *of(None, 7))
        await audit.record(context, transaction, Told(AuditAction.PAYROLL_FROZEN))
    assert await numbers(world) == {-1: [1], 0: [1], 7: [1]}


async def test_acts_sign_ins_and_their_failures_at_once_are_all_told(world: World) -> None:
    """Ten confirmations of one unit, five sign-ins of it, ten failures of nobody; what is sealed then is whole."""
    people = await qualified(world, 10)
    before = await world.owner.fetchval("SELECT count(*) FROM audit_entries")
    await asyncio.gather(
        *(world.submit(Act.CONFIRM, person.id) for person in people),
        *(sign_in(world, f"nobody-{place}") for place in range(10)),
        *(sign_in(world, SCHOOL) for _ in range(5)),
    )
    told = "SELECT action, count(*) FROM audit_entries GROUP BY action"
    counted = {row[0]: row[1] for row in await world.owner.fetch(told)}
    assert (counted["CONFIRM"], counted["SIGNED_IN"], counted["SIGN_IN_REFUSED"]) == (10, 15, 10)
    assert await world.owner.fetchval("SELECT count(*) FROM audit_entries") == before + 35
    assert all(held == [*range(1, len(held) + 1)] for held in (await numbers(world)).values())
    await sealed(world.at("2019-07-01"))
    await verified(world)
