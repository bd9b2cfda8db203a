"""How an approved reinstatement changes a standing, and what later facts make of that."""

import pytest

from domain.month import Month
from domain.standing import Standing
from domain.vocabulary import Method, PaymentStatus
from tests.lives import POLICY, period, qualified, span, standing

JUNE = Month(2019, 6)
OCTOBER = Month(2019, 10)
NOVEMBER = Month(2019, 11)
HELD = standing("2019-09..2020-09", paid_through="2019-06", suspended_from="2019-07")


def reinstated() -> Standing:
    """Held since 2019-07, passed in 2019-09, approved in 2019-10."""
    return HELD.reinstated(OCTOBER)


@pytest.mark.parametrize(
    ("month", "status"),
    [
        (Month(2019, 10), PaymentStatus.SUSPENDED),
        (Month(2019, 11), PaymentStatus.PAYING),
        (Month(2020, 9), PaymentStatus.PAYING),
        (Month(2020, 10), PaymentStatus.LAPSED),
    ],
)
def test_a_reinstated_person_is_paid_from_the_month_after_the_approval(month: Month, status: PaymentStatus) -> None:
    assert reinstated().payment_status(month) is status


def test_a_reinstatement_says_through_when_payment_was_held() -> None:
    after = reinstated()
    assert (after.suspended_from, after.held_through, after.paid_through) == (None, OCTOBER, Month(2020, 9))
    assert span(after.period) == "2019-09..2020-09"


@pytest.mark.parametrize(
    ("month", "held"),
    [(Month(2019, 10), True), (Month(2019, 11), False)],
)
def test_a_suspension_is_over_after_the_month_of_the_approval(month: Month, held: bool) -> None:
    assert reinstated().held(month) is held


def test_a_suspension_that_begins_next_month_holds_nothing_yet() -> None:
    failed = standing("2018-12..2019-12").failed(JUNE)
    assert failed.held(JUNE) is False
    assert failed.held(Month(2019, 7)) is True
    assert standing().held(JUNE) is False


def test_back_pay_for_somebody_whom_nothing_holds_leaves_the_standing_as_it_is() -> None:
    paying = standing("2020-09..2021-09")
    assert paying.reinstated(Month(2020, 9)) == paying


@pytest.mark.parametrize("month", [Month(2020, 9), Month(2020, 12)])
def test_an_approval_after_the_last_period_resumes_nothing(month: Month) -> None:
    """The period of 2019-09 ran out while payment was held: paid back through it, lapsed now, in need of a PASS."""
    after = HELD.reinstated(month)
    assert (after.paid_through, after.held_through) == (Month(2020, 9), month)
    assert after.payment_status(month) is PaymentStatus.SUSPENDED
    assert after.payment_status(month + 1) is PaymentStatus.LAPSED


def test_an_approval_in_the_month_before_the_periods_last_resumes_one_month() -> None:
    after = HELD.reinstated(Month(2020, 8))
    assert after.payment_status(Month(2020, 9)) is PaymentStatus.PAYING
    assert after.payment_status(Month(2020, 10)) is PaymentStatus.LAPSED


def test_a_held_month_is_not_warned_about() -> None:
    after = HELD.reinstated(Month(2020, 8))
    assert after.lapses_soon(Month(2020, 8), POLICY) is False
    assert after.lapses_soon(Month(2020, 9), POLICY) is True


def test_a_fail_of_the_month_of_the_approval_suspends_again_without_a_month_between() -> None:
    after = reinstated().failed(OCTOBER)
    assert (after.suspended_from, after.held_through) == (NOVEMBER, OCTOBER)
    assert after.payment_status(OCTOBER) is PaymentStatus.SUSPENDED
    assert after.payment_status(NOVEMBER) is PaymentStatus.SUSPENDED


def test_a_pass_of_that_month_corrects_the_fail_and_the_reinstatement_stands() -> None:
    after, opened = reinstated().failed(OCTOBER).passed(Method.OVERRIDE, OCTOBER, POLICY)
    assert span(opened) == "2019-10..2020-10"
    assert (after.suspended_from, after.held_through) == (None, OCTOBER)
    assert after.payment_status(OCTOBER) is PaymentStatus.SUSPENDED
    assert after.payment_status(NOVEMBER) is PaymentStatus.PAYING


def test_a_fail_after_the_approval_suspends_anew() -> None:
    after = reinstated().failed(Month(2019, 12))
    assert after.paid_through == Month(2019, 12)
    assert after.payment_status(Month(2019, 12)) is PaymentStatus.PAYING
    assert after.payment_status(Month(2020, 1)) is PaymentStatus.SUSPENDED


def test_a_second_approval_moves_the_held_months_on() -> None:
    passed, _ = reinstated().failed(Month(2019, 12)).passed(Method.OVERRIDE, Month(2020, 2), POLICY)
    after = passed.reinstated(Month(2020, 3))
    assert (after.suspended_from, after.held_through, after.paid_through) == (None, Month(2020, 3), Month(2021, 2))


def test_a_verdict_renews_a_reinstated_benefit_again() -> None:
    after, opened = reinstated().informed(qualified("2019-11", seen=Month(2019, 11).first_day), POLICY)
    assert span(opened) == "2019-11..2020-11"
    assert after.payment_status(Month(2020, 11)) is PaymentStatus.PAYING


def test_a_termination_after_the_approval_goes_over_the_held_months() -> None:
    in_force = [period("2018-12..2019-06"), period("2019-09..2020-09")]
    after = reinstated().terminated(Month(2019, 8), in_force)
    assert (after.paid_through, after.terminated_from) == (JUNE, Month(2019, 9))
    assert after.payment_status(OCTOBER) is PaymentStatus.TERMINATED
