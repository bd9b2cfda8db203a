"""Whether a month is payable, which rule goes before which, and what would change the answer."""

from dataclasses import replace
from datetime import date

import pytest

from domain.entitlement import (
    Basis,
    Change,
    Lever,
    Ruling,
    Stage,
    Stop,
    changes,
    period_in,
    rule,
    rule_with_claims,
    stops,
    suspension_in,
)
from domain.month import Month
from domain.vocabulary import Category, SurvivalStatus
from tests.domain.story import Story
from tests.lives import POLICY, qualified, span

JULY = Month(2019, 7)
RETIREE = Category.RETIREE


# The rule of a month.


def test_a_month_before_the_benefit_began_is_nobodys() -> None:
    """Even when a termination or a suspension goes back as far."""
    story = Story("2019-06..2020-06").terminated("2019-08-01", since="2019-04-02")
    assert story.life.standing.terminated_from == Month(2019, 5)
    assert story.rule("2019-05") == Ruling(Basis.NOT_BEGUN, Month(2019, 6))
    assert story.rule("2019-06") == Ruling(Basis.TERMINATED, Month(2019, 5))


def test_a_termination_goes_before_a_suspension() -> None:
    story = Story("2018-12..2019-12").failed("2019-06-20", since="2019-06-10")
    story.terminated("2019-09-02", since="2019-08-10")
    assert story.rule("2019-08") == Ruling(Basis.SUSPENDED, JULY)
    assert story.rule("2019-09") == Ruling(Basis.TERMINATED, Month(2019, 9))


def test_a_suspension_goes_before_a_period() -> None:
    story = Story("2018-12..2019-12").failed("2019-06-20", since="2019-06-10").passed("2019-09-10")
    assert span(period_in(story.life, Month(2019, 9))) == "2019-09..2020-09"
    assert story.rule("2019-09") == Ruling(Basis.SUSPENDED, JULY)


def test_a_suspension_goes_before_a_lapse() -> None:
    """Whoever is failed after the period ran out needs the reinstatement, too."""
    story = Story("2018-03..2019-03").failed("2019-06-20", since="2019-06-10")
    assert story.rule("2019-06") == Ruling(Basis.LAPSED, Month(2019, 4))
    assert story.rule("2019-07") == Ruling(Basis.SUSPENDED, JULY)


def test_a_suspension_that_ended_holds_no_later_month() -> None:
    story = Story("2018-12..2019-12").failed("2019-06-20", since="2019-06-10").passed("2019-09-10")
    story.approved("2019-10-20")
    held = suspension_in(story.life, Month(2019, 10))
    assert held is not None
    assert held.start == JULY
    assert suspension_in(story.life, Month(2019, 11)) is None
    assert story.rule("2019-11") == Ruling(Basis.COVERED, Month(2019, 9), Month(2020, 9))


def test_a_covered_month_names_its_own_period() -> None:
    story = Story("2018-12..2019-12").passed("2019-06-05")
    assert story.rule("2019-05") == Ruling(Basis.COVERED, Month(2018, 12), Month(2019, 5))
    assert story.rule("2019-06") == Ruling(Basis.COVERED, Month(2019, 6), Month(2020, 6))


def test_a_gap_between_two_periods_is_a_lapse_since_the_first_of_them() -> None:
    story = Story("2018-03..2019-03").passed("2019-06-05")
    assert story.rule("2019-05") == Ruling(Basis.LAPSED, Month(2019, 4))
    assert story.rule("2019-06").basis is Basis.COVERED


def test_months_between_the_first_benefit_month_and_the_first_period_are_lapsed_since_nobody_knows() -> None:
    """No period is recorded that could have run out: nothing was stopped in the first benefit month."""
    story = Story("2019-06..2020-06", benefit_from="2019-03")
    assert story.rule("2019-05") == Ruling(Basis.LAPSED, None)
    assert story.rule("2019-02") == Ruling(Basis.NOT_BEGUN, Month(2019, 3))


def test_a_published_pass_covers_the_month_of_its_last_activity_afterwards() -> None:
    story = Story("2018-03..2019-03")
    assert story.rule("2019-05").basis is Basis.LAPSED
    story.informed(qualified(seen=date(2019, 5, 20)))
    assert story.rule("2019-05") == Ruling(Basis.COVERED, Month(2019, 5), Month(2020, 5))
    assert story.rule("2019-04").basis is Basis.LAPSED


@pytest.mark.parametrize("basis", Basis)
def test_every_basis_names_its_clause_and_two_are_payable(basis: Basis) -> None:
    assert basis.clause in ("二", "三(一)", "三(二)", "三(三)", "附11")
    assert basis.payable is (basis in (Basis.COVERED, Basis.REINSTATED))


# With what cases pay back.


def test_a_claimed_month_is_payable_by_its_case() -> None:
    story = Story("2019-06..2020-06").payrolls("2020-07").passed("2020-08-03")
    story.approved("2020-08-20")
    july = Month(2020, 7)
    assert rule(story.life, july).basis is Basis.LAPSED
    assert rule_with_claims(story.life, july) == Ruling(Basis.REINSTATED, Month(2020, 8))
    assert rule_with_claims(story.life, Month(2020, 8)) == rule(story.life, Month(2020, 8))


def test_a_claimed_month_that_turns_out_lost_is_not_payable() -> None:
    """Approved for 07 to 10, then a death of August is told: July stays payable by the case, August was its month."""
    story = Story("2018-12..2019-12").payrolls("2019-06").failed("2019-06-20", since="2019-06-10")
    story.payrolls("2019-07..2019-09").passed("2019-09-10").approved("2019-10-20")
    story.terminated("2019-10-25", since="2019-08-05")
    bases = [rule_with_claims(story.life, Month(2019, month)).basis for month in (7, 8, 9, 10)]
    assert bases == [Basis.REINSTATED, Basis.REINSTATED, Basis.TERMINATED, Basis.TERMINATED]


def test_a_claimed_month_in_prison_is_held_by_the_suspension_again() -> None:
    story = Story("2018-12..2019-12").payrolls("2019-06").failed("2019-06-20", since="2019-06-10")
    story.payrolls("2019-07..2019-09").passed("2019-09-10").approved("2019-10-20")
    story.failed("2019-11-05", since="2019-08-20", status=SurvivalStatus.IMPRISONED)
    assert rule_with_claims(story.life, Month(2019, 8)).basis is Basis.REINSTATED
    assert rule_with_claims(story.life, Month(2019, 9)) == Ruling(Basis.SUSPENDED, JULY)


# Stops.


def test_somebody_paid_all_along_has_no_stop() -> None:
    assert stops(Story("2018-12..2019-12").life, Month(2019, 12)) == []


def test_a_lapse_lasts_until_the_pass() -> None:
    story = Story("2018-03..2019-03")
    assert stops(story.life, Month(2019, 5)) == [Stop(Basis.LAPSED, Month(2019, 4))]
    story.passed("2019-06-05")
    assert stops(story.life, Month(2019, 6)) == [Stop(Basis.LAPSED, Month(2019, 4), Month(2019, 5))]


def test_every_stop_is_listed_oldest_first() -> None:
    """Lapsed, passed, failed, reinstated, ended."""
    story = Story("2018-03..2019-03").passed("2019-06-05").failed("2019-08-20", since="2019-08-10")
    story.passed("2019-10-10").approved("2019-11-20")
    story.terminated("2020-02-03", since="2020-01-15")
    assert stops(story.life, Month(2020, 3)) == [
        Stop(Basis.LAPSED, Month(2019, 4), Month(2019, 5)),
        Stop(Basis.SUSPENDED, Month(2019, 9), Month(2019, 11)),
        Stop(Basis.TERMINATED, Month(2020, 2)),
    ]


def test_one_stop_may_follow_another_at_once() -> None:
    story = (
        Story("2018-03..2019-03").failed("2019-06-20", since="2019-06-10").terminated("2019-09-02", since="2019-08-10")
    )
    assert stops(story.life, Month(2019, 10)) == [
        Stop(Basis.LAPSED, Month(2019, 4), Month(2019, 6)),
        Stop(Basis.SUSPENDED, Month(2019, 7), Month(2019, 8)),
        Stop(Basis.TERMINATED, Month(2019, 9)),
    ]


def test_a_stop_that_is_known_to_begin_next_month_is_listed_already() -> None:
    failed = Story("2018-12..2019-12").failed("2019-06-20", since="2019-06-10")
    ended = Story("2018-12..2019-12").terminated("2019-06-20", since="2019-06-10")
    assert stops(failed.life, Month(2019, 6)) == [Stop(Basis.SUSPENDED, JULY)]
    assert stops(ended.life, Month(2019, 6)) == [Stop(Basis.TERMINATED, JULY)]


def test_a_suspension_that_an_approval_ends_this_month_says_so_at_once() -> None:
    """Approved on 10-20: October is still held, and the last month of it."""
    story = Story("2018-12..2019-12").failed("2019-06-20", since="2019-06-10").passed("2019-09-10")
    story.approved("2019-10-20")
    assert stops(story.life, Month(2019, 10)) == [Stop(Basis.SUSPENDED, JULY, Month(2019, 10))]


def test_a_lapse_to_come_is_no_stop_yet() -> None:
    assert stops(Story("2018-12..2019-12").life, Month(2019, 6)) == []


# What would change the answer.

OPEN = Stage(False, False, claimable=False, recoverable=True, passed_since=False, case_open=False)
FROZEN = replace(OPEN, frozen=True)
PAID = replace(FROZEN, paid=True, recoverable=False)
PASSED = replace(FROZEN, claimable=True, passed_since=True)
PASSED_OPEN = replace(PASSED, frozen=False)
CASE = replace(PASSED, case_open=True)
CASE_OPEN = replace(CASE, frozen=False)
JUNE_10 = date(2019, 6, 10)
JULY_10 = date(2019, 7, 10)


def test_a_fail_of_this_month_is_corrected_by_a_pass_alone() -> None:
    """Failed in June, July is held: a PASS through 30 June withdraws it, and needs no reinstatement. Rules 4."""
    july, september = Ruling(Basis.SUSPENDED, JULY), Month(2019, 9)
    assert changes(july, JULY, OPEN, POLICY, RETIREE, JUNE_10) == [Change(Lever.PASS, date(2019, 6, 30))]
    assert changes(july, september, OPEN, POLICY, RETIREE, date(2019, 6, 30)) == [Change(Lever.PASS, date(2019, 6, 30))]
    assert changes(july, september, OPEN, POLICY, RETIREE, date(2019, 7, 1)) == [
        Change(Lever.PASS_AND_CASE, date(2019, 8, 31))
    ]


def test_a_pass_that_does_not_reach_the_month_waits_until_its_cycle_does() -> None:
    """12 months for a retiree: in June a PASS reaches 2020-06, and a FAIL that still stands then needs the case."""
    july, far = Ruling(Basis.SUSPENDED, JULY), Month(2020, 7)
    assert changes(july, far - 1, OPEN, POLICY, RETIREE, JUNE_10) == [Change(Lever.PASS, date(2019, 6, 30))]
    later = Change(Lever.PASS_AND_CASE, date(2020, 6, 30), date(2019, 7, 1))
    assert changes(july, far, OPEN, POLICY, RETIREE, JUNE_10) == [later]
    assert changes(july, far, OPEN, POLICY, RETIREE, JULY_10) == [replace(later, not_before=None)]


@pytest.mark.parametrize(
    ("at", "today", "expected"),
    [
        (OPEN, JUNE_10, Change(Lever.PASS, date(2019, 6, 30))),
        (OPEN, JULY_10, Change(Lever.PASS_AND_CASE)),
        (PASSED, JULY_10, Change(Lever.CASE)),
        (CASE, JULY_10, Change(Lever.REVIEW)),
    ],
)
def test_back_pay_that_a_new_fail_keeps_back_needs_that_fail_corrected(
    at: Stage, today: date, expected: Change
) -> None:
    """Held from July on: whatever was approved before waits for a PASS, or for the case that ends the suspension."""
    ruling, held = Ruling(Basis.REINSTATED, Month(2019, 5)), replace(at, held_from=JULY)
    assert changes(ruling, Month(2019, 3), held, POLICY, RETIREE, today) == [expected]


def changed(basis: Basis, at: Stage, today: date, month: Month = JULY) -> list[Change]:
    return changes(Ruling(basis, Month(2018, 12)), month, at, POLICY, RETIREE, today)


@pytest.mark.parametrize(
    ("basis", "at", "expected"),
    [
        (Basis.COVERED, OPEN, [Change(Lever.FAIL, date(2019, 6, 30)), Change(Lever.TERMINATION)]),
        (Basis.COVERED, CASE_OPEN, [Change(Lever.FAIL, date(2019, 6, 30)), Change(Lever.TERMINATION)]),
        (Basis.LAPSED, OPEN, [Change(Lever.PASS, date(2019, 7, 7))]),
        (Basis.LAPSED, CASE_OPEN, [Change(Lever.PASS, date(2019, 7, 7))]),
        (Basis.SUSPENDED, OPEN, [Change(Lever.PASS_AND_CASE, date(2019, 6, 30))]),
        (Basis.SUSPENDED, PASSED_OPEN, [Change(Lever.CASE, date(2019, 6, 30))]),
        (Basis.SUSPENDED, CASE_OPEN, [Change(Lever.REVIEW, date(2019, 6, 30))]),
        (Basis.TERMINATED, OPEN, []),
        (Basis.NOT_BEGUN, OPEN, []),
        (Basis.UNKNOWN, OPEN, []),
    ],
)
def test_what_would_change_the_answer_for_july_is_said_in_june_with_its_last_day(
    basis: Basis, at: Stage, expected: list[Change]
) -> None:
    """A FAIL or an approval works from the next month; a PASS comes in time before the payroll day, the 8th."""
    assert changed(basis, at, JUNE_10) == expected


@pytest.mark.parametrize(
    ("basis", "at", "expected"),
    [
        (Basis.COVERED, PAID, [Change(Lever.OVERPAYMENT)]),
        (Basis.REINSTATED, PAID, [Change(Lever.OVERPAYMENT)]),
        (Basis.COVERED, PASSED, [Change(Lever.CASE)]),
        (Basis.COVERED, CASE, [Change(Lever.REVIEW)]),
        (Basis.REINSTATED, FROZEN, [Change(Lever.NEXT_PAYROLL)]),
        (Basis.REINSTATED, OPEN, [Change(Lever.NEXT_PAYROLL)]),
        (Basis.LAPSED, FROZEN, [Change(Lever.PASS_AND_CASE)]),
        (Basis.LAPSED, CASE, [Change(Lever.REVIEW)]),
        (Basis.LATE_ENROLMENT, CASE, [Change(Lever.REVIEW)]),
        (Basis.SUSPENDED, FROZEN, [Change(Lever.PASS_AND_CASE)]),
        (Basis.SUSPENDED, PASSED, [Change(Lever.CASE)]),
        (Basis.SUSPENDED, CASE, [Change(Lever.REVIEW)]),
        (Basis.TERMINATED, FROZEN, []),
        (Basis.TERMINATED, replace(CASE, ended=True), [Change(Lever.REVIEW)]),
        (Basis.LAPSED, replace(CASE, ended=True), [Change(Lever.REVIEW)]),
        (Basis.LAPSED, replace(OPEN, ended=True), []),
        (Basis.COVERED, replace(OPEN, ended=True), []),
    ],
)
def test_what_would_change_the_answer_for_july_once_it_is_frozen(
    basis: Basis, at: Stage, expected: list[Change]
) -> None:
    """By then no day is too late: what is missing is paid back by a case, what is too much recovered."""
    assert changed(basis, at, JULY_10) == expected


@pytest.mark.parametrize(
    ("basis", "at", "expected"),
    [
        (Basis.COVERED, OPEN, [Change(Lever.TERMINATION)]),
        (Basis.SUSPENDED, OPEN, [Change(Lever.PASS_AND_CASE)]),
        (Basis.SUSPENDED, PASSED_OPEN, [Change(Lever.CASE)]),
        (Basis.SUSPENDED, CASE_OPEN, [Change(Lever.REVIEW)]),
    ],
)
def test_in_its_own_month_no_fail_stops_july_and_no_approval_comes_too_late_for_back_pay(
    basis: Basis, at: Stage, expected: list[Change]
) -> None:
    assert changed(basis, at, date(2019, 7, 1)) == expected


@pytest.mark.parametrize(
    ("month", "last_day"),
    [(Month(2019, 1), date(2018, 12, 31)), (Month(2020, 3), date(2020, 2, 29)), (Month(2019, 3), date(2019, 2, 28))],
)
def test_the_last_day_for_a_fail_is_that_of_the_month_before(month: Month, last_day: date) -> None:
    assert changed(Basis.COVERED, OPEN, last_day, month)[0] == Change(Lever.FAIL, last_day)


@pytest.mark.parametrize("today", [date(2019, 7, 1), date(2019, 7, 7)])
def test_a_pass_comes_in_time_through_the_day_before_the_payroll(today: date) -> None:
    assert changed(Basis.LAPSED, OPEN, today) == [Change(Lever.PASS, date(2019, 7, 7))]


def test_a_pass_in_a_later_month_does_not_pay_an_earlier_one_by_itself() -> None:
    """The payroll of 07 is late; a PASS in August opens a period from August, and 07 has to be claimed. Rules 5.3."""
    story = Story("2018-06..2019-06").payrolls("2019-06").passed("2019-08-05").payrolls("2019-07")
    assert story.ledger("2019-07") == ["WITHHELD LAPSED"]
    assert changed(Basis.LAPSED, OPEN, date(2019, 8, 4)) == [Change(Lever.PASS_AND_CASE)]
    assert changed(Basis.LAPSED, PASSED_OPEN, date(2019, 8, 6)) == [Change(Lever.CASE)]


def test_a_lapsed_month_of_somebody_passed_since_needs_only_the_case() -> None:
    """Worked cases 9 and 10: lapsed after June, passed in September, 07 and 08 may be claimed by a case alone."""
    assert changed(Basis.LAPSED, PASSED, date(2019, 9, 20)) == [Change(Lever.CASE)]
