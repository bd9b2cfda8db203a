"""What somebody gets from a month on: one amount is held to be true at a time, and it is superseded once."""

from __future__ import annotations

import asyncpg
import pytest

from tests.storage.conftest import Write

Integrity = asyncpg.IntegrityConstraintViolationError
MADE_UP = "what was held to be true earlier is not made up afterwards"
ONCE = "what was held to be true ends once, when something else is announced"
# Benefit 1 gets 3000.00 from 2005-01 on, known since 2019-01-05.
ENDED = "UPDATE benefit_rates SET known = '[2019-01-05 09:00+08,2019-10-15 09:00+08)' WHERE beneficiary_id = 1;"


def announced(known: str = "[2019-10-15 09:00+08,)", *, since: str = "2005-01", amount: str = "3100.00") -> str:
    return f"INSERT INTO benefit_rates VALUES (1, '{since}-01', '{known}', {amount});"


async def test_another_amount_takes_the_place_of_the_one_before(write: Write) -> None:
    """The statements that the next tests vary are good ones."""
    await write(ENDED + announced())
    await write(announced(since="2019-08"))


@pytest.mark.parametrize("known", ["[2019-10-08 08:59+08,)", "[2019-08-01,)", "[2005-01-01,)"])
async def test_nothing_was_known_before_it_was_announced(write: Write, known: str) -> None:
    """Payrolls were frozen by what was known; the last batch was at 9 o'clock on 2019-10-08."""
    await write(announced("[2019-10-08 09:00+08,)", since="2019-08"))
    with pytest.raises(Integrity, match=MADE_UP):
        await write(announced(known, since="2019-08"))


@pytest.mark.parametrize("known", ["[2019-10-15,2019-10-16)", "[2019-10-15,2030-01-01)", "[2019-01-05,2019-02-01)"])
async def test_nothing_is_announced_as_superseded(write: Write, known: str) -> None:
    with pytest.raises(Integrity, match=MADE_UP):
        await write(announced(known, since="2019-08"))


async def test_of_many_amounts_at_once_each_is_announced_now(write: Write) -> None:
    """The guard looks at every row of a statement."""
    with pytest.raises(Integrity, match=MADE_UP):
        await write("""INSERT INTO benefit_rates
                       SELECT 1, month::date, tstzrange(known, NULL), 3100
                       FROM (VALUES ('2019-08-01', timestamptz '2019-10-15'), ('2019-09-01', '2019-10-01')) AS r
                            (month, known)""")


async def test_rates_are_of_finite_months_and_known_at_finite_times(write: Write) -> None:
    for since in ("infinity", "-infinity"):
        with pytest.raises(asyncpg.CheckViolationError, match="benefit_rates_from_month_check"):
            await write(announced(since="2019-08").replace("2019-08-01", since))
    for known in ("[-infinity,)", "[infinity,)", "[2019-10-15,infinity)"):
        with pytest.raises(asyncpg.CheckViolationError, match="benefit_rates_known_check"):
            await write(announced(known, since="2019-08"))
    with pytest.raises(asyncpg.CheckViolationError, match="benefit_rates_known_check"):
        await write("UPDATE benefit_rates SET known = '[2019-01-05 09:00+08,infinity)' WHERE beneficiary_id = 1")


@pytest.mark.parametrize(
    "known", ["[2019-10-15,)", "[2019-01-05 08:00+08,)", "[2019-03-01,2019-04-01)", "[2018-01-01,)"]
)
async def test_two_amounts_from_one_month_are_never_known_at_once(write: Write, known: str) -> None:
    """The temporal key of benefit_rates; while the first is in force, and over the time in which it was."""
    with pytest.raises(asyncpg.ExclusionViolationError, match="benefit_rates_pkey"):
        await write(announced(known))


async def test_what_was_superseded_is_still_what_was_known(write: Write) -> None:
    with pytest.raises(asyncpg.ExclusionViolationError, match="benefit_rates_pkey"):
        await write(ENDED + announced("[2019-10-15 08:59+08,)"))
    with pytest.raises(asyncpg.ExclusionViolationError, match="benefit_rates_pkey"):
        await write(ENDED + announced() + announced("[2019-02-01,2019-02-02)"))


@pytest.mark.parametrize(
    "again", ["[2019-01-05 09:00+08,)", "[2019-01-05 09:00+08,2019-10-16)", "[2019-01-05 09:00+08,2019-02-01)"]
)
async def test_a_superseded_amount_is_not_brought_back(write: Write, again: str) -> None:
    """Neither for good nor for longer or shorter than it was known."""
    with pytest.raises(Integrity, match=ONCE):
        await write(ENDED + f"UPDATE benefit_rates SET known = '{again}' WHERE beneficiary_id = 1")


@pytest.mark.parametrize(
    "known", ["[2019-01-05 09:00+08,)", "[2019-01-04,2019-10-15)", "[2019-01-06,2019-10-15)", "(,2019-10-15)"]
)
async def test_known_only_ends(write: Write, known: str) -> None:
    """Since when something was known is history."""
    with pytest.raises((Integrity, asyncpg.CheckViolationError), match=f"{ONCE}|benefit_rates_known_check"):
        await write(f"UPDATE benefit_rates SET known = '{known}' WHERE beneficiary_id = 1")


async def test_nothing_was_never_known(write: Write) -> None:
    """An empty range would take an amount out of history, or put one in that nobody ever knew."""
    for statement in ("UPDATE benefit_rates SET known = 'empty' WHERE beneficiary_id = 1", announced("empty")):
        with pytest.raises(Integrity, match=f"{ONCE}|empty WITHOUT OVERLAPS value"):
            await write(statement)
    with pytest.raises(asyncpg.CheckViolationError, match="benefit_rates_known_check"):
        await write(announced("(,2018-01-01)"))


async def test_an_amount_belongs_to_a_whole_month_and_is_not_negative(write: Write) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="benefit_rates_from_month_check"):
        await write(announced(since="2019-08").replace("2019-08-01", "2019-08-15"))
    with pytest.raises(asyncpg.CheckViolationError, match="benefit_rates_monthly_amount_check"):
        await write(announced(since="2019-08", amount="-0.01"))
