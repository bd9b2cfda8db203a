"""Who learns that somebody certified themselves, or was certified at a window: the unit, and its agency."""

from __future__ import annotations

from contextlib import AsyncExitStack

import asyncpg
import pytest

from resolvers.context import Context
from storage.database import Connection
from tests.api.scenes import Person, account, judged
from tests.api.test_followed import told
from tests.faces import certify, claims, nonce, seen_at_window, with_app
from tests.sockets.wire import ROSTER, Wire, change, connected, sealed, served
from tests.world import BUREAU, OFFICER, SCHOOL, World

TELL = "INSERT INTO events (unit_id, topic, people, at) VALUES ($1, 'ROSTER', $2, now())"
WAYS = ["SELF", "SERVICE_WINDOW"]


async def scene(world: World) -> list[Person]:
    """Two people of the school, PENDING; who certifies them, and who might hear of it."""
    people = await judged(world, "PENDING", "PENDING")
    await world.units(BUREAU)
    await world.officers()
    await world.officers("officer-shibei", district="市北区")
    await account(world, "auditor", "AUDITOR")
    await account(world, "window", "WINDOW", district="市南区")
    return people


async def certified(world: World, person: Person, way: str) -> None:
    if way == "SELF":
        faces = await with_app(world, person)
        answer = await certify(world, person, faces.sign(claims(world, await nonce(world, person))))
    else:
        answer = await seen_at_window(world, person)
    assert answer["userErrors"] == []


@pytest.mark.parametrize("way", WAYS)
async def test_the_unit_and_its_agency_are_told_once(world: World, way: str) -> None:
    """The row as it now stands: in full for the unit, masked for the district's officer and an auditor."""
    [person, _] = await scene(world)
    async with served(world.app) as address, AsyncExitStack() as held:
        school = await followed(world, held, address, SCHOOL)
        agency = [await followed(world, held, address, name, SCHOOL) for name in (OFFICER, "auditor")]
        other = await followed(world, held, address, BUREAU, of=2)
        await certified(world, person, way)
        [row] = (await change(school))["beneficiaries"]
        assert (row["name"], row["phone"]) == ("张三1", "13812345678")
        for wire in agency:
            [row] = (await change(wire))["beneficiaries"]
            assert (row["name"], row["phone"]) == ("张三1", "138****5678")
        assert [await wire.is_quiet() for wire in (school, *agency, other)] == [True] * 4
    assert await told(world) == [[person.id]]


async def followed(
    world: World, held: AsyncExitStack, address: str, as_: str, unit: str | None = None, of: int = 1
) -> Wire:
    """Somebody who follows a unit, from before its first event."""
    wire = await held.enter_async_context(connected(world, address, as_))
    await wire.subscribe("r", ROSTER, unit=unit, after=await sealed(world, 0, of, as_))
    return wire


@pytest.mark.parametrize("way", WAYS)
async def test_who_has_no_part_in_it_cannot_follow(world: World, way: str) -> None:
    """The person and the window, though the act was theirs; another district's officer, another unit."""
    [person, _] = await scene(world)
    await with_app(world, person)
    await certified(world, person, way)
    cases = {"person-1": "FORBIDDEN", "window": "FORBIDDEN", "officer-shibei": "NOT_FOUND", BUREAU: "NOT_FOUND"}
    async with served(world.app) as address:
        for as_, code in cases.items():
            async with connected(world, address, as_) as wire:
                await wire.subscribe("r", ROSTER, unit=SCHOOL)
                assert (await wire.error("r"))["extensions"]["code"] == code, as_


async def test_what_is_refused_is_not_told(world: World) -> None:
    [person, _] = await scene(world)
    await with_app(world, person)
    assert (await certify(world, person, "none"))["userErrors"] != []
    assert (await seen_at_window(world, person, "RELATIVE"))["userErrors"] != []
    assert await told(world) == []


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("people", [[2], [1, 2], []], ids=["another", "another beside", "nobody"])
async def test_the_database_lets_nobody_tell_of_others(
    world: World, monkeypatch: pytest.MonkeyPatch, way: str, people: list[int]
) -> None:
    """Whoever certifies one person tells of that one, whatever the code would write; the act is undone with it."""
    [person, other] = await scene(world)
    assert (person.id, other.id) == (1, 2)

    async def lying(context: Context, transaction: Connection, unit_id: int, _: list[int]) -> None:
        await transaction.execute(TELL, unit_id, people)

    with monkeypatch.context() as patch:
        patch.setattr("resolvers.events.roster_changed", lying)
        with pytest.raises(AssertionError, match="INTERNAL"):
            await certified(world, person, way)
    assert await told(world) == []
    assert await world.owner.fetchval("SELECT count(*) FROM certifications WHERE method = $1", way) == 0
    await certified(world, person, way)
    assert await told(world) == [[person.id]]


@pytest.mark.parametrize("way", WAYS)
async def test_the_database_lets_nobody_tell_of_what_they_did_before(world: World, way: str) -> None:
    """Nor of another unit: an event belongs to the transaction of its act."""
    [person, _] = await scene(world)
    await with_app(world, person)
    await certified(world, person, way)
    for unit_id in (1, 2):
        async with world.context(await world.viewer("person-1" if way == "SELF" else "window")).begin() as transaction:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await transaction.execute(TELL, unit_id, [person.id])
