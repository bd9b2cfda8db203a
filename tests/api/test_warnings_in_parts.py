"""Warnings are written in parts, each for good: after an early end the others are warned, and nobody twice."""

from __future__ import annotations

import pytest

from resolvers import warnings as warning
from storage import warnings
from tests.api.scenes import enrolled, judged
from tests.api.warnings import Killing, Post, sent, warned
from tests.audit.trail import entries, newest
from tests.world import BUREAU, SCHOOL, World


@pytest.fixture
async def units(world: World) -> World:
    """Two units on 2019-11-01: three people of one and two of the other have come into their warning window."""
    await world.units(SCHOOL, BUREAU)
    await enrolled(world, 3)
    for serial in (8, 9):
        await world.enrol(serial, unit=BUREAU, certified_in="2019-01")
    return world.at("2019-11-01")


def ending_after(parts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker ends within the next part."""
    warn, done = warnings.warn, 0

    async def warn_and_die(*given: object) -> dict[str, int]:
        nonlocal done
        found: dict[str, int] = await warn(*given)  # type: ignore[arg-type]
        done += 1
        if done > parts:
            raise Killing
        return found

    monkeypatch.setattr(warnings, "warn", warn_and_die)


async def test_what_was_written_before_an_early_end_is_there_and_the_rest_follows(
    units: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unit a part: the school's three are warned for good, the bureau's two with the next run."""
    monkeypatch.setattr(warnings, "CHUNK", 1)
    with monkeypatch.context() as patched:
        ending_after(1, patched)
        with pytest.raises(Killing):
            await warned(units)
    there = "SELECT array_agg(beneficiary_id ORDER BY beneficiary_id) FROM warnings"
    assert await units.owner.fetchval(there) == [1, 2, 3]
    assert await units.owner.fetchval("SELECT count(*) FROM messages") == 3
    since = await newest(units)
    found = await warned(units.at("2019-11-01", 10))
    assert sorted(found) == [("WINDOW_ENTERED", "2020-01", id) for id in (1, 2, 3, 4, 5)]
    [told] = [one for one in await entries(units, since) if one.action == "WARNED"]
    assert told.body["facts"] == {"WINDOW_ENTERED": 2, "operator": "operator"}
    assert await sent(units, Post()) == ["WINDOW_ENTERED"] * 5
    assert len(await warned(units.at("2019-11-01", 11))) == 5


async def test_whoever_is_recorded_dead_is_in_no_warning_and_stops_nobody(world: World) -> None:
    """Looked at with every run, and warned with none, as long as that is so."""
    await world.units()
    await enrolled(world, 2)
    await world.at("2019-10-30").evidence(1, "cremation", "2019-10-25", "justice")
    for hour in (9, 10):
        found = await warned(world.at("2019-11-01", hour))
        assert found == [("WINDOW_ENTERED", "2020-01", 2)]


@pytest.mark.parametrize(("size", "parts"), [(1, [3, 2]), (3, [3, 2]), (4, [5]), (20_000, [5])])
async def test_the_people_of_a_unit_are_warned_together(
    units: World, size: int, parts: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warnings, "CHUNK", size)
    async with units.database.reading() as connection:
        context = units.context()
        found = await warnings.whom(connection, context.policy, context.today)
    assert [len(people) for people in found] == parts
    assert await warning.warn(units.context()) == {"WINDOW_ENTERED": 5}


async def test_a_unit_gets_one_message_about_all_of_its_people(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the parts are: the unit is told how many answers it owes."""
    await judged(world, "PENDING", "PENDING", "PENDING")
    monkeypatch.setattr(warnings, "CHUNK", 1)
    world.at("2019-07-01")
    assert await warning.warn(world.context()) == {"ANSWER_OVERDUE": 3}
    rows = await world.owner.fetch("SELECT kind, people FROM messages WHERE beneficiary_id IS NULL")
    assert [tuple(row) for row in rows] == [("ANSWER_OVERDUE", 3)]
