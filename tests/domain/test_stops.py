"""Suspensions and losses as dated facts: what holds, what covers, and what a PASS or a termination leaves of them."""

from dataclasses import replace

import pytest

from domain.month import Month
from domain.stops import Loss, Suspension, after_pass, after_termination, lost
from domain.vocabulary import SurvivalStatus

JULY = Month(2019, 7)
SEPTEMBER = Month(2019, 9)
DECEASED, MISSING, IMPRISONED = SurvivalStatus.DECEASED, SurvivalStatus.MISSING, SurvivalStatus.IMPRISONED
PRISON = Loss(Month(2019, 4), IMPRISONED, Month(2019, 6))


@pytest.mark.parametrize(
    ("month", "holds"),
    [
        (Month(2019, 6), False),
        (Month(2019, 7), True),
        (Month(2019, 10), True),
        (Month(2019, 11), False),
    ],
)
def test_a_suspension_holds_from_its_first_to_its_last_month(month: Month, holds: bool) -> None:
    assert Suspension(JULY, 2, Month(2019, 10)).holds(month) is holds


def test_a_suspension_without_an_end_holds_for_ever() -> None:
    assert Suspension(JULY, 2).holds(Month(2029, 7)) is True
    assert Suspension(JULY, 2).holds(Month(2019, 6)) is False


@pytest.mark.parametrize(
    ("month", "covered"),
    [
        (Month(2019, 3), False),
        (Month(2019, 4), True),
        (Month(2019, 8), True),
        (Month(2019, 9), False),
    ],
)
def test_a_loss_covers_its_months_up_to_its_end(month: Month, covered: bool) -> None:
    assert Loss(Month(2019, 4), IMPRISONED, Month(2019, 6), Month(2019, 8)).covers(month) is covered


def test_a_loss_without_an_end_covers_every_later_month() -> None:
    assert PRISON.covers(Month(2029, 4)) is True
    assert PRISON.covers(Month(2019, 3)) is False


def test_a_month_is_lost_when_any_loss_covers_it() -> None:
    served = Loss(Month(2019, 2), IMPRISONED, Month(2019, 2), Month(2019, 3))
    losses = [served, Loss(JULY, DECEASED, Month(2019, 6))]
    assert [month for month in range(1, 9) if lost(losses, Month(2019, month))] == [2, 3, 7, 8]
    assert lost([], JULY) is False


def test_a_loss_is_established_by_its_end_or_by_the_end_of_the_benefit() -> None:
    """What a FAIL that still stands supposes is not."""
    assert PRISON.established is False
    assert Loss(Month(2019, 4), IMPRISONED, Month(2019, 6), Month(2019, 8)).established is True
    assert Loss(Month(2019, 4), DECEASED, Month(2019, 6), final=True).established is True


@pytest.mark.parametrize("status", [DECEASED, MISSING])
def test_a_pass_shows_that_the_dead_and_missing_were_neither(status: SurvivalStatus) -> None:
    assert after_pass([Loss(Month(2019, 4), status, Month(2019, 6))], SEPTEMBER) == ()


def test_a_pass_ends_the_time_in_prison_in_the_month_before_it() -> None:
    [served] = after_pass([PRISON], SEPTEMBER)
    assert served == Loss(Month(2019, 4), IMPRISONED, Month(2019, 6), Month(2019, 8))


def test_a_pass_of_the_month_of_the_fail_corrects_the_time_in_prison_too() -> None:
    assert after_pass([PRISON], Month(2019, 6)) == ()


def test_a_pass_in_the_first_lost_month_leaves_no_month_lost() -> None:
    """In prison since June, told in June, passed in July: July is paid back, nothing was lost."""
    assert after_pass([Loss(JULY, IMPRISONED, Month(2019, 6))], JULY) == ()


def test_a_second_pass_leaves_the_time_served_as_it_was() -> None:
    once = after_pass([PRISON], SEPTEMBER)
    assert after_pass(once, Month(2019, 12)) == once


def test_a_pass_of_the_month_of_a_second_fail_corrects_the_second_only() -> None:
    again = Loss(Month(2019, 9), IMPRISONED, SEPTEMBER)
    [served] = after_pass([PRISON, again], SEPTEMBER)
    assert (served.start, served.end) == (Month(2019, 4), Month(2019, 8))


def test_time_served_and_told_in_the_month_of_a_later_pass_stays() -> None:
    """Its end is known already; only a FAIL that still stands can be corrected."""
    served = Loss(Month(2019, 4), IMPRISONED, SEPTEMBER, Month(2019, 8))
    assert after_pass([served], SEPTEMBER) == (served,)


def test_a_termination_settles_what_a_fail_supposed_and_establishes_the_time_in_prison() -> None:
    end = Loss(Month(2019, 10), DECEASED, Month(2019, 11), final=True)
    supposed = [Loss(Month(2019, 5), DECEASED, Month(2019, 6)), Loss(Month(2019, 6), MISSING, Month(2019, 7)), PRISON]
    assert after_termination(supposed, end) == (replace(PRISON, final=True), end)
