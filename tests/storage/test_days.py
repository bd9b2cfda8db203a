"""Days and instants that are read as numbers are the very ones that stand in the row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import asyncpg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.month import Month
from domain.remembered import Remembered
from storage.days import DATES, INSTANTS, MONTHS, number, seconds
from tests.world import World

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECONDS = st.integers(-(2**51), 2**52)
"""From 1898 to 2112."""


async def read(owner: asyncpg.Connection[asyncpg.Record], column: str, kind: str, value: object) -> float:
    found: float = await owner.fetchval(f"SELECT {column} FROM (SELECT $1::{kind} AS it) AS x", value)
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(since=MICROSECONDS)
async def test_an_instant_is_the_same_to_the_microsecond(world: World, since: int) -> None:
    at = BEGINNING + timedelta(microseconds=since)
    assert INSTANTS[await read(world.owner, seconds("x.it"), "timestamptz", at)] == at


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(day=st.dates())
async def test_a_day_and_its_month_are_the_same(world: World, day: date) -> None:
    found = int(await read(world.owner, number("x.it"), "date", day))
    assert (DATES[found], MONTHS[found]) == (day, Month(day.year, day.month))


def test_what_is_remembered_is_made_once_and_begun_anew_when_there_is_too_much_of_it() -> None:
    made: list[int] = []

    def doubled(number: int) -> int:
        made.append(number)
        return 2 * number

    remembered = Remembered(doubled, most=2)
    assert [remembered[number] for number in (1, 2, 1, 2, 3, 1)] == [2, 4, 2, 4, 6, 2]
    assert made == [1, 2, 3, 1]
