"""Who may follow what: units, the agency, and what a forged token leads to."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.sockets.wire import (
    NAMES,
    ROSTER,
    RUNS,
    VERDICTS,
    change,
    changed,
    connected,
    forged,
    numbers,
    sealed,
    token_now,
)
from tests.world import BUREAU, OFFICER, SCHOOL, World


@pytest.mark.parametrize("token", ["", "x", forged(1, 2**80), "ZXZlbnRz", forged(2, 0), forged(0, 0), "张" * 50])
async def test_a_forged_token_is_refused(world: World, address: str, token: str) -> None:
    async with connected(world, address) as wire:
        await wire.subscribe("r", NAMES, after=token)
        assert (await wire.error("r"))["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_token_of_what_has_not_happened_is_refused(world: World, address: str) -> None:
    async with connected(world, address) as wire:
        await wire.subscribe("r", NAMES, after=await sealed(world, 1))
        assert (await wire.of("r"))["errors"][0]["extensions"]["code"] == "RESUME_TOKEN_TOO_OLD"


async def test_another_units_events_are_not_shown(world: World, address: str) -> None:
    """Neither by its number nor by a token of it; both looks that led to nothing are recorded."""
    await world.units(BUREAU)
    await changed(world, 1)
    async with connected(world, address, BUREAU) as wire:
        await wire.subscribe("r", ROSTER, unit=SCHOOL)
        assert (await wire.error("r"))["extensions"]["code"] == "NOT_FOUND"
        await wire.subscribe("s", NAMES, after=forged(1, 0))
        assert (await wire.error("s"))["extensions"]["code"] == "BAD_USER_INPUT"
        assert await wire.is_quiet()
    rows = await world.owner.fetch("SELECT body FROM audit_entries WHERE action = 'ACCESS_REFUSED' ORDER BY id")
    assert ['"siNumber #' in row["body"] or '"cursors":1' in row["body"] for row in rows] == [True, True]


async def test_the_database_itself_shows_a_unit_its_own_events_only(world: World, address: str) -> None:
    await world.units(BUREAU)
    await changed(world, 1)
    for username, seen in ((SCHOOL, [1]), (BUREAU, [])):
        async with world.context(await world.viewer(username)).reading() as connection:
            assert await numbers(connection) == seen
            assert [row["unit_id"] for row in await connection.fetch("SELECT * FROM event_heads")] == seen


async def test_the_api_tells_of_its_own_unit_only(world: World, address: str) -> None:
    """And gives no number itself."""
    await world.units(BUREAU)
    async with world.context(await world.viewer(BUREAU)).begin() as transaction:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await transaction.execute(
                "INSERT INTO events (unit_id, topic, people, at) VALUES (1, 'ROSTER', '{1}', now())"
            )
    async with world.context(await world.viewer(SCHOOL)).begin() as transaction:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await transaction.execute(
                "INSERT INTO events (unit_id, number, topic, people, at) VALUES (1, 9, 'ROSTER', '{1}', now())"
            )


async def test_an_officer_names_a_unit_of_the_district_and_sees_it_masked(world: World, address: str) -> None:
    await world.officers()
    await world.officers("officer-shibei", district="市北区")
    start = await sealed(world, 0, as_=OFFICER)
    await changed(world, 1)
    async with connected(world, address, OFFICER) as wire:
        await wire.subscribe("r", ROSTER, unit=SCHOOL, after=start)
        assert [row["phone"] for row in (await change(wire))["beneficiaries"]] == ["139****4321"]
        await wire.subscribe("s", ROSTER)
        assert "siNumber" in (await wire.error("s"))["message"]
    async with connected(world, address, "officer-shibei") as wire:
        await wire.subscribe("r", ROSTER, unit=SCHOOL)
        assert (await wire.error("r"))["extensions"]["code"] == "NOT_FOUND"


async def test_what_a_role_may_not_follow_is_refused_and_recorded(world: World, address: str) -> None:
    async with connected(world, address) as wire:
        await wire.subscribe("r", RUNS)
        assert (await wire.error("r"))["extensions"]["code"] == "FORBIDDEN"
        assert await wire.is_quiet()
    body = await world.owner.fetchval("SELECT body FROM audit_entries WHERE action = 'ACCESS_REFUSED'")
    assert "runProgress" in body


async def test_a_publication_reaches_every_unit_that_it_concerns(world: World, address: str) -> None:
    """Set-based: one event a unit, none for a unit without verdicts."""
    await world.units(BUREAU)
    async with connected(world, address) as wire:
        await wire.subscribe("p", VERDICTS, after=await token_now(world))
        await world.at("2019-06-05").publish("2019-05")
        published = (await wire.of("p"))["data"]["verdictsPublished"]
    assert (published["month"], published["unit"]) == ("2019-05", {"siNumber": SCHOOL})
    told = await world.owner.fetch("SELECT unit_id FROM events WHERE topic = 'VERDICTS'")
    assert [row["unit_id"] for row in told] == [1]


async def test_the_runs_of_a_month_are_told_to_the_agency(world: World, address: str) -> None:
    """The state when it has ended is told always, what lies between as often as there is time."""
    await world.officers()
    await world.payroll("2019-06")
    async with connected(world, address, OFFICER) as wire:
        await wire.subscribe("r", RUNS, after=await sealed(world, 0, 0, OFFICER))
        ended: list[Any] = []
        while len(ended) < 3:
            run = (await wire.of("r"))["data"]["runProgress"]
            ended += [] if run["state"] == "RUNNING" else [(run["kind"], run["month"], run["state"], run["done"])]
    assert ended == [
        ("ASSESS", "2019-05", "FINISHED", 2),
        ("PUBLISH", "2019-05", "FINISHED", 2),
        ("PAYROLL", "2019-06", "FINISHED", 2),
    ]
