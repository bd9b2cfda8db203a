"""How facts change a standing, where they meet: suspended, lapsed, terminated, out of order."""

from dataclasses import replace
from datetime import date

import pytest

from domain.month import Month
from domain.standing import Standing, enrolled
from domain.verdict import Verdict
from domain.vocabulary import Category, Method, PaymentStatus, VerdictRenews
from tests.lives import POLICY, disqualified, pending, period, qualified, span, standing

JUNE = Month(2019, 6)
SEPTEMBER = Month(2019, 9)


# Payment in a month.


@pytest.mark.parametrize(
    ("month", "status"),
    [
        (Month(2019, 5), PaymentStatus.PAYING),
        (Month(2019, 6), PaymentStatus.PAYING),
        (Month(2019, 7), PaymentStatus.SUSPENDED),
        (Month(2019, 8), PaymentStatus.SUSPENDED),
        (Month(2019, 9), PaymentStatus.TERMINATED),
    ],
)
def test_a_termination_goes_over_a_suspension(month: Month, status: PaymentStatus) -> None:
    person = standing("2018-12..2019-06", suspended_from="2019-07", terminated_from="2019-09")
    assert person.payment_status(month) is status


def test_nobody_without_a_period_is_paid() -> None:
    assert standing(None).payment_status(JUNE) is PaymentStatus.LAPSED


def test_a_lapsed_person_who_is_failed_reads_suspended_from_the_next_month() -> None:
    after = standing("2018-03..2019-03").failed(JUNE)
    assert after.payment_status(JUNE) is PaymentStatus.LAPSED
    assert after.payment_status(Month(2019, 7)) is PaymentStatus.SUSPENDED


def test_a_period_held_by_a_suspension_is_not_paid() -> None:
    held = standing("2019-09..2020-09", paid_through="2019-06", suspended_from="2019-07")
    assert held.payment_status(SEPTEMBER) is PaymentStatus.SUSPENDED
    assert span(held.period_covering(SEPTEMBER)) == "2019-09..2020-09"


def test_the_period_of_a_month_is_the_one_that_covers_it() -> None:
    person = standing("2019-06..2020-06")
    assert span(person.period_covering(Month(2020, 6))) == "2019-06..2020-06"
    assert person.period_covering(Month(2020, 7)) is None
    assert person.period_covering(Month(2019, 5)) is None
    assert standing(None).period_covering(JUNE) is None


# Warning and yearly duty.


@pytest.mark.parametrize(
    ("month", "warned"),
    [
        (Month(2019, 9), False),
        (Month(2019, 10), True),
        (Month(2019, 12), True),
        (Month(2020, 1), False),
    ],
)
def test_the_warning_window_is_the_last_3_months(month: Month, warned: bool) -> None:
    assert standing("2018-12..2019-12").lapses_soon(month, POLICY) is warned


@pytest.mark.parametrize(
    "stopped",
    [
        standing("2018-12..2019-12", suspended_from="2019-07"),
        standing("2018-12..2019-12", terminated_from="2020-01"),
        standing(None),
    ],
)
def test_nobody_who_is_stopped_anyway_is_warned(stopped: Standing) -> None:
    assert stopped.lapses_soon(Month(2019, 12), POLICY) is False


def test_the_yearly_duty_ends_on_the_last_day_of_a_month_in_leap_years_too() -> None:
    assert standing(confirmed_in="2019-02").confirm_by(POLICY) == date(2020, 2, 29)
    assert standing(confirmed_in="2020-02").confirm_by(POLICY) == date(2021, 2, 28)
    assert standing(confirmed_in="2019-12").confirm_by(POLICY) == date(2020, 12, 31)


# PASS.


def test_a_pass_at_the_years_end_carries_over() -> None:
    after, _ = standing("2019-02..2019-08", category=Category.SURVIVOR).passed(Method.CONFIRM, Month(2019, 12), POLICY)
    assert span(after.period) == "2019-12..2020-06"


def test_a_pass_opens_the_first_period_of_somebody_who_has_none() -> None:
    after, opened = standing(None).passed(Method.OVERRIDE, JUNE, POLICY)
    assert span(opened) == "2019-06..2020-06"
    assert after.paid_through == Month(2020, 6)


def test_a_pass_while_suspended_opens_a_period_that_is_held() -> None:
    suspended = standing("2018-12..2019-06", suspended_from="2019-07")
    after, opened = suspended.passed(Method.OVERRIDE, SEPTEMBER, POLICY)
    assert span(opened) == "2019-09..2020-09"
    assert after.suspended_from == Month(2019, 7)
    assert after.paid_through == JUNE


def test_a_pass_in_the_first_month_of_the_suspension_comes_too_late_to_correct() -> None:
    after, _ = standing("2018-12..2019-06", suspended_from="2019-07").passed(Method.OVERRIDE, Month(2019, 7), POLICY)
    assert after.suspended_from == Month(2019, 7)
    assert after.payment_status(Month(2019, 7)) is PaymentStatus.SUSPENDED


def test_a_second_pass_while_suspended_moves_the_held_period_on() -> None:
    held = standing("2019-09..2020-09", paid_through="2019-06", suspended_from="2019-07")
    after, opened = held.passed(Method.OVERRIDE, Month(2019, 10), POLICY)
    assert span(opened) == "2019-10..2020-10"
    assert after.paid_through == JUNE


# FAIL.


def test_a_second_fail_later_leaves_the_first_stop() -> None:
    twice = standing("2018-12..2019-12").failed(JUNE).failed(Month(2019, 8))
    assert twice.suspended_from == Month(2019, 7)
    assert twice.paid_through == JUNE
    assert span(twice.period) == "2018-12..2019-06"


def test_a_second_fail_of_the_same_month_changes_nothing() -> None:
    once = standing("2018-12..2019-12").failed(JUNE)
    assert once.failed(JUNE) == once


def test_a_fail_after_a_held_pass_ends_the_held_period() -> None:
    held = standing("2019-09..2020-09", paid_through="2019-06", suspended_from="2019-07")
    after = held.failed(Month(2019, 11))
    assert span(after.period) == "2019-09..2019-11"
    assert after.paid_through == JUNE
    assert after.suspended_from == Month(2019, 7)


def test_a_pass_of_the_month_of_a_second_fail_does_not_lift_the_first() -> None:
    suspended = standing("2018-12..2019-06", suspended_from="2019-07")
    after, _ = suspended.failed(SEPTEMBER).passed(Method.OVERRIDE, SEPTEMBER, POLICY)
    assert after.suspended_from == Month(2019, 7)
    assert after.payment_status(SEPTEMBER) is PaymentStatus.SUSPENDED


def test_a_fail_on_a_lapsed_person_leaves_the_old_end() -> None:
    after = standing("2018-03..2019-03").failed(JUNE)
    assert span(after.period) == "2018-03..2019-03"
    assert after.paid_through == Month(2019, 3)
    assert after.suspended_from == Month(2019, 7)


def test_a_fail_withdrawn_in_its_month_leaves_a_lapsed_person_paid_from_that_month() -> None:
    after, opened = standing("2018-03..2019-03").failed(JUNE).passed(Method.OVERRIDE, JUNE, POLICY)
    assert span(opened) == "2019-06..2020-06"
    assert after.suspended_from is None
    assert after.payment_status(JUNE) is PaymentStatus.PAYING


def test_a_fail_in_the_month_of_a_pass_ends_the_new_period_with_it() -> None:
    passed, _ = standing("2018-09..2019-09").passed(Method.CONFIRM, JUNE, POLICY)
    after = passed.failed(JUNE)
    assert span(after.period) == "2019-06..2019-06"
    assert after.paid_through == JUNE


def test_a_fail_on_somebody_without_a_period_only_stops() -> None:
    after = standing(None).failed(JUNE)
    assert (after.period, after.paid_through, after.suspended_from) == (None, None, Month(2019, 7))


# Termination.

RUNNING = period("2019-03..2020-03")
GAP = [period("2017-06..2018-06"), period("2018-10..2019-02"), RUNNING]


@pytest.mark.parametrize(
    ("event", "left", "through"),
    [
        (Month(2019, 6), "2019-03..2019-06", Month(2019, 6)),
        (Month(2019, 3), "2019-03..2019-03", Month(2019, 3)),
        (Month(2019, 2), "2018-10..2019-02", Month(2019, 2)),
        (Month(2018, 11), "2018-10..2018-11", Month(2018, 11)),
        (Month(2018, 8), "2017-06..2018-06", Month(2018, 6)),
        (Month(2018, 6), "2017-06..2018-06", Month(2018, 6)),
        (Month(2017, 5), None, None),
    ],
)
def test_a_back_dated_termination_leaves_what_was_in_force_up_to_the_event(
    event: Month, left: str | None, through: Month | None
) -> None:
    after = standing("2019-03..2020-03").terminated(event, GAP)
    assert span(after.period) == left
    assert after.paid_through == through
    assert after.terminated_from == event + 1


def test_the_order_in_which_the_periods_are_given_does_not_matter() -> None:
    after = standing("2019-03..2020-03").terminated(Month(2018, 11), GAP[::-1])
    assert span(after.period) == "2018-10..2018-11"


def test_a_lapsed_person_stays_paid_through_the_end_of_the_period() -> None:
    lapsed = standing("2018-03..2019-03")
    after = lapsed.terminated(Month(2019, 5), [period("2018-03..2019-03")])
    assert after.paid_through == Month(2019, 3)
    assert after.payment_status(Month(2019, 5)) is PaymentStatus.LAPSED
    assert after.payment_status(JUNE) is PaymentStatus.TERMINATED


HELD = standing("2019-09..2020-09", paid_through="2019-06", suspended_from="2019-07")
HELD_IN_FORCE = [period("2018-12..2019-06"), period("2019-09..2020-09")]


@pytest.mark.parametrize(
    ("event", "left", "through"),
    [
        (Month(2019, 10), "2019-09..2019-10", Month(2019, 6)),
        (Month(2019, 8), "2018-12..2019-06", Month(2019, 6)),
        (Month(2019, 3), "2018-12..2019-03", Month(2019, 3)),
        (Month(2018, 11), None, None),
    ],
)
def test_a_termination_while_suspended_pays_nothing_that_was_held(
    event: Month, left: str | None, through: Month | None
) -> None:
    after = HELD.terminated(event, HELD_IN_FORCE)
    assert span(after.period) == left
    assert after.paid_through == through
    assert after.suspended_from == Month(2019, 7)
    assert after.payment_status(event + 1) is PaymentStatus.TERMINATED


def test_a_pass_held_from_the_first_suspended_month_pays_nothing_of_the_gap_before_it() -> None:
    """Lapsed after March, failed in June, passed in July, terminated for August: March stays the last."""
    held = standing("2019-07..2020-07", paid_through="2019-03", suspended_from="2019-07")
    after = held.terminated(Month(2019, 8), [period("2018-03..2019-03"), period("2019-07..2020-07")])
    assert span(after.period) == "2019-07..2019-08"
    assert after.paid_through == Month(2019, 3)


def test_a_termination_in_the_month_of_a_fail_keeps_that_month_paid() -> None:
    failed = standing("2018-12..2019-12").failed(JUNE)
    after = failed.terminated(JUNE, [period("2018-12..2019-06")])
    assert after.payment_status(JUNE) is PaymentStatus.PAYING
    assert after.payment_status(Month(2019, 7)) is PaymentStatus.TERMINATED


# Published verdicts.


@pytest.mark.parametrize("older", [qualified("2019-03", seen=date(2019, 1, 5)), pending("2019-03")])
def test_a_verdict_older_than_the_one_held_does_not_replace_it(older: Verdict) -> None:
    held = disqualified("2019-05")
    after, opened = standing("2018-12..2019-12", verdict=held).informed(older, POLICY)
    assert after.verdict == held
    assert span(opened) == ("2019-01..2020-01" if older.conclusion == "QUALIFIED" else None)


def test_publishing_the_same_month_twice_changes_nothing() -> None:
    first, _ = standing("2018-09..2019-09").informed(qualified(), POLICY)
    again, opened = first.informed(qualified(), POLICY)
    assert opened is None
    assert again == first


def test_publishing_the_same_month_twice_does_not_reopen_an_answered_verdict() -> None:
    first, _ = standing().informed(pending(), POLICY)
    again, _ = first.answered().informed(pending(), POLICY)
    assert again.verdict is not None
    assert again.verdict.open is False


def test_a_newer_verdict_has_to_be_answered_anew() -> None:
    answered = standing(verdict=pending("2019-05")).answered()
    after, _ = answered.informed(pending("2019-06"), POLICY)
    assert after.verdict is not None
    assert after.verdict.answer_by == date(2019, 7, 31)


def test_answering_without_a_verdict_changes_nothing() -> None:
    assert standing(verdict=None).answered() == standing(verdict=None)


@pytest.mark.parametrize("verdict", [pending(), disqualified()])
def test_only_a_qualified_verdict_renews(verdict: Verdict) -> None:
    after, opened = standing("2018-09..2019-09").informed(verdict, POLICY)
    assert opened is None
    assert span(after.period) == "2018-09..2019-09"
    assert after.payment_status(Month(2019, 9)) is PaymentStatus.PAYING


def test_a_qualified_verdict_pays_a_lapsed_person_again() -> None:
    after, opened = standing("2018-03..2019-03").informed(qualified(seen=date(2019, 5, 20)), POLICY)
    assert span(opened) == "2019-05..2020-05"
    assert after.payment_status(JUNE) is PaymentStatus.PAYING


def test_a_survivors_verdict_renews_for_6_months() -> None:
    person = standing("2019-01..2019-07", category=Category.SURVIVOR)
    _, opened = person.informed(qualified(seen=date(2019, 5, 20)), POLICY)
    assert span(opened) == "2019-05..2019-11"


def test_on_confirmation_no_verdict_renews_by_itself() -> None:
    policy = replace(POLICY, verdict_renews=VerdictRenews.ON_CONFIRMATION)
    after, opened = standing("2018-09..2019-09").informed(qualified(), policy)
    assert opened is None
    assert span(after.period) == "2018-09..2019-09"
    assert after.verdict == qualified()


@pytest.mark.parametrize(
    "stopped",
    [
        standing("2018-12..2019-06", suspended_from="2019-07"),
        standing("2018-12..2019-06", suspended_from="2019-06", paid_through="2019-05"),
        standing("2018-12..2019-06", terminated_from="2019-07"),
    ],
)
def test_a_verdict_changes_nothing_but_itself_of_somebody_stopped(stopped: Standing) -> None:
    after, opened = stopped.informed(qualified(), POLICY)
    assert opened is None
    assert replace(after, verdict=None) == stopped
    assert after.verdict == qualified()


def test_a_verdict_between_a_fail_and_its_correction_takes_nothing_away() -> None:
    failed = standing("2018-09..2019-09").failed(JUNE)
    informed, _ = failed.informed(qualified(seen=date(2019, 5, 20)), POLICY)
    after, opened = informed.passed(Method.OVERRIDE, JUNE, POLICY)
    assert span(opened) == "2019-06..2020-06"
    assert after.suspended_from is None


# Enrolment.


def test_the_first_period_is_paid_from_the_first_benefit_month() -> None:
    after = enrolled(standing(None), period("2019-06..2020-06"))
    assert span(after.period) == "2019-06..2020-06"
    assert after.paid_through == Month(2020, 6)
    assert after.payment_status(JUNE) is PaymentStatus.PAYING
