"""A payroll pays each month at its own rate, to nobody who is suspended or whose benefit has ended."""

from __future__ import annotations

import asyncpg
import pytest

from tests.storage.conftest import Write
from tests.storage.money import (
    acted,
    adjustment,
    back_pay,
    months,
    payment,
    payroll,
    raised,
    reinstated,
    suspended,
    terminated,
)

Integrity = asyncpg.IntegrityConstraintViolationError
NOVEMBER, DECEMBER = payroll("2019-11"), payroll("2019-12")
OWN_RATE = "a month is paid at its own rate"
BROUGHT = "a line brings its month to its own rate"
NOBODY = "nobody is paid while suspended, or after the end"
NOTHING = "nothing goes out while a suspension holds"


@pytest.mark.parametrize("amount", ["2999.99", "3000.01", "0.00", "3100.00"])
async def test_a_month_is_paid_at_its_own_rate(write: Write, amount: str) -> None:
    """3000.00, and not the amount that is held from the next month on."""
    ahead = raised(1, "2019-12")
    await write(ahead + NOVEMBER + payment(1, "2019-11"))
    await write(ahead + NOVEMBER + DECEMBER + payment(1, "2019-12", "3100.00"))
    with pytest.raises(Integrity, match=OWN_RATE):
        await write(ahead + NOVEMBER + payment(1, "2019-11", amount))


async def test_a_month_is_paid_at_the_rate_that_is_held_now(write: Write) -> None:
    """What was superseded pays no more."""
    ended = "UPDATE benefit_rates SET known = '[2019-01-05 09:00+08,2019-10-15 09:00+08)' WHERE beneficiary_id = 1;"
    again = ended + raised(1, "2005-01") + NOVEMBER
    await write(again + payment(1, "2019-11", "3100.00"))
    with pytest.raises(Integrity, match=OWN_RATE):
        await write(again + payment(1, "2019-11"))


async def test_a_month_without_a_rate_is_not_paid(write: Write) -> None:
    """Nothing was ever announced for 3; not even nothing is paid."""
    for amount in ("3000.00", "0.00"):
        with pytest.raises(Integrity, match=OWN_RATE):
            await write(NOVEMBER + payment(3, "2019-11", amount))


async def test_every_payment_of_a_statement_is_looked_at(write: Write) -> None:
    """A payroll writes many people at once."""
    both = payment(1, "2019-11").rstrip(" ;") + ", (2, '2019-11-01', '2019-11-01', 9, 'PAID', {}, 'COVERED')"
    await write(NOVEMBER + both.format("3000"))
    with pytest.raises(Integrity, match=OWN_RATE):
        await write(NOVEMBER + both.format("3001"))


async def test_nobody_is_paid_while_suspended(write: Write) -> None:
    """Notice 三(二): until the month of the approved case has ended."""
    await write(NOVEMBER + payment(4, "2019-11"))
    await write(reinstated() + NOVEMBER + payment(6, "2019-11"))
    for suspension in ("", reinstated("2019-11-20")):
        with pytest.raises(Integrity, match=NOBODY):
            await write(suspension + NOVEMBER + payment(6, "2019-11"))
    fail = acted(1, "FAIL", "2019-11-20") + suspended(1, "[2019-12-01,)")
    await write(fail + NOVEMBER + payment(1, "2019-11"))
    with pytest.raises(Integrity, match=NOBODY):
        await write(fail + NOVEMBER + DECEMBER + payment(1, "2019-12"))


async def test_nobody_is_paid_after_the_end(write: Write) -> None:
    """Notice 附11: the month of the event is the last one."""
    await write(terminated(1, "2019-11-01") + NOVEMBER + payment(1, "2019-11"))
    await write(terminated(1, "2019-11-30") + NOVEMBER + payment(1, "2019-11"))
    with pytest.raises(Integrity, match=NOBODY):
        await write(terminated(1, "2019-10-31") + NOVEMBER + payment(1, "2019-11"))
    with pytest.raises(Integrity, match=NOBODY):
        await write(NOVEMBER + payment(5, "2019-11"))


@pytest.mark.parametrize("amount", ["2999.99", "3000.01", "0.00"])
async def test_back_pay_is_what_the_month_would_have_been_paid(write: Write, amount: str) -> None:
    """Notice 三(三)."""
    with pytest.raises(Integrity, match=BROUGHT):
        await write(NOVEMBER + back_pay(4, "2019-07", 1, amount=amount))


async def test_back_pay_is_at_the_rate_of_its_own_month(write: Write) -> None:
    """A raise from 2019-08 on reaches August and not July."""
    since_august = raised(4, "2019-08") + NOVEMBER
    await write(since_august + back_pay(4, "2019-07", 1) + back_pay(4, "2019-08", 1, amount="3100.00"))
    for month, amount in (("2019-07", "3100.00"), ("2019-08", "3000.00")):
        with pytest.raises(Integrity, match=BROUGHT):
            await write(since_august + back_pay(4, month, 1, amount=amount))


async def test_back_pay_before_the_ledger_is_at_its_rate_too(write: Write) -> None:
    case = reinstated() + months(6, 2, "2019-05") + NOVEMBER
    for amount in ("2999.99", "3000.01"):
        with pytest.raises(Integrity, match=BROUGHT):
            await write(case + back_pay(6, "2019-05", 2, amount=amount))


@pytest.mark.parametrize("amount", ["99.99", "100.01", "3100.00"])
async def test_an_adjustment_is_what_the_month_was_left_short(write: Write, amount: str) -> None:
    """rules.md 5.4: no more, no less, and nothing where there was no raise."""
    since_september = raised(1, "2019-09") + NOVEMBER
    await write(since_september + adjustment(1, "2019-09") + adjustment(1, "2019-10"))
    with pytest.raises(Integrity, match=BROUGHT):
        await write(since_september + adjustment(1, "2019-09", amount=amount))
    for before in ("", since_september):
        with pytest.raises(Integrity, match=BROUGHT):
            await write((before or NOVEMBER) + adjustment(1, "2019-08"))


async def test_an_adjustment_is_not_made_twice(write: Write) -> None:
    """The month was at its rate; only a further raise leaves it short again."""
    once = raised(1, "2019-09") + NOVEMBER + adjustment(1, "2019-09") + DECEMBER
    with pytest.raises(Integrity, match=BROUGHT):
        await write(once + adjustment(1, "2019-09", "2019-12"))
    ended = "UPDATE benefit_rates SET known = '[2019-10-15 09:00+08,2019-10-16)' WHERE from_month = '2019-09-01';"
    further = ended + raised(1, "2019-09", "3150.00", "[2019-10-16,)")
    await write(once + further + adjustment(1, "2019-09", "2019-12", "50.00"))


async def test_a_healed_month_is_adjusted_by_what_its_back_pay_left_short(write: Write) -> None:
    healed = NOVEMBER + back_pay(4, "2019-07", 1) + raised(4, "2019-07") + DECEMBER
    await write(healed + adjustment(4, "2019-07", "2019-12"))
    with pytest.raises(Integrity, match=BROUGHT):
        await write(healed + adjustment(4, "2019-07", "2019-12", "3100.00"))


async def test_nothing_goes_out_while_a_suspension_holds(write: Write) -> None:
    """Neither back pay nor an adjustment, for whichever month: it waits for the payroll after the suspension."""
    short = raised(6, "2019-06")
    await write(short + reinstated() + NOVEMBER + adjustment(6, "2019-06"))
    for suspension in ("", reinstated("2019-11-20")):
        with pytest.raises(Integrity, match=NOTHING):
            await write(short + suspension + NOVEMBER + adjustment(6, "2019-06"))
    claimed = reinstated() + months(6, 2, "2019-07") + acted(6, "FAIL", "2019-10-25")
    await write(claimed + NOVEMBER + back_pay(6, "2019-07", 2))
    with pytest.raises(Integrity, match=NOTHING):
        await write(claimed + suspended(6, "[2019-11-01,)") + NOVEMBER + back_pay(6, "2019-07", 2))


async def test_a_suspension_that_begins_later_holds_nothing_yet(write: Write) -> None:
    """A FAIL of 2019-11 suspends from 2019-12: November's payroll still adjusts, December's does not."""
    fail = raised(1, "2019-09") + acted(1, "FAIL", "2019-11-20") + suspended(1, "[2019-12-01,)") + NOVEMBER
    await write(fail + adjustment(1, "2019-09"))
    with pytest.raises(Integrity, match=NOTHING):
        await write(fail + DECEMBER + adjustment(1, "2019-09", "2019-12"))


async def test_what_was_left_short_before_the_end_goes_out_after_it(write: Write) -> None:
    """The end of the benefit ends its suspension: what is owed for earlier months is owed still. rules.md 5.5."""
    await write(raised(1, "2019-09") + terminated(1, "2019-10-31") + NOVEMBER + adjustment(1, "2019-09"))
    await write(raised(6, "2019-06") + terminated(6, "2019-10-20") + NOVEMBER + adjustment(6, "2019-06"))
