"""The worked cases of the rules that are about periods and verdicts, as literal dates."""

from datetime import date

from domain.certification import Decision
from domain.month import Month
from domain.standing import Standing
from domain.submission import Act
from domain.verdict import Finding, Record, Rule, Verdict, conclude
from domain.vocabulary import Category, Conclusion, PaymentStatus
from tests.lives import (
    ASSESSED,
    POLICY,
    acted,
    decided,
    entry,
    failed,
    passed,
    qualified,
    record,
    span,
    standing,
    submission,
)

MAY = Month(2019, 5)


def of_may(*records: Record, category: Category = Category.RETIREE) -> Finding:
    return conclude(category, MAY, records, POLICY)


def published(finding: Finding) -> Verdict:
    return Verdict(MAY, finding, date(2019, 6, 4), ASSESSED)


def failed_in_june() -> Decision:
    """Case 6, from which case 7 goes on."""
    return failed(standing("2018-12..2019-12"), date(2019, 6, 20), since=date(2019, 6, 10))


def first_unpaid(person: Standing) -> list[Month]:
    """The first of the months around the turn of 2019 and 2020 in which nothing is paid."""
    months = [Month(2019, 11), Month(2019, 12), Month(2020, 1), Month(2020, 6), Month(2020, 7)]
    return [month for month in months if person.payment_status(month) is not PaymentStatus.PAYING][:1]


def test_case_1_a_retiree_confirmed_in_june_is_paid_through_june_of_the_next_year() -> None:
    """1: retiree confirmed 2019-06-05: 2019-06..2020-06; first unpaid 2020-07. 三(一), 四(一)."""
    person = standing("2018-09..2019-09", verdict=qualified())
    after = acted(Act.CONFIRM, person, date(2019, 6, 5)).standing
    assert span(after.period) == "2019-06..2020-06"
    assert first_unpaid(after) == [Month(2020, 7)]


def test_case_2_a_survivor_batch_passed_in_june_is_paid_through_december() -> None:
    """2: survivor batch-passed 2019-06-30: 2019-06..2019-12; first unpaid 2020-01. 三(一), 附9."""
    person = standing("2019-02..2019-08", category=Category.SURVIVOR)
    [decision] = decided(submission(Act.BATCH_PASS, entry(1)), person, today=date(2019, 6, 30))
    assert span(decision.standing.period) == "2019-06..2019-12"
    assert first_unpaid(decision.standing) == [Month(2020, 1)]


def test_case_3_a_second_confirmation_resets_and_does_not_stack() -> None:
    """3: retiree 2019-06..2020-06, confirmed again 2019-09: 2019-09..2020-09 (not 2021-06). 四(一)."""
    person = standing("2019-06..2020-06", verdict=qualified("2019-08", seen=date(2019, 6, 20)))
    assert span(acted(Act.CONFIRM, person, date(2019, 9, 16)).standing.period) == "2019-09..2020-09"


def test_case_4_a_published_pass_renews_from_the_month_of_the_last_activity() -> None:
    """4: QUALIFIED for 2019-05, last activity 2019-03-11, running to 2019-12: 2019-03..2020-03. 三(一)."""
    verdict = published(of_may(record("rail_travel", date(2019, 3, 11))))
    after, opened = standing("2018-12..2019-12").informed(verdict, POLICY)
    assert verdict.conclusion is Conclusion.QUALIFIED
    assert span(opened) == "2019-03..2020-03"
    assert after.paid_through == Month(2020, 3)


def test_case_5_a_published_pass_never_shortens() -> None:
    """5: the same, but running to 2020-04: stays to 2020-04. 三(二)."""
    verdict = published(of_may(record("rail_travel", date(2019, 3, 11))))
    after, opened = standing("2019-04..2020-04").informed(verdict, POLICY)
    assert opened is None
    assert span(after.period) == "2019-04..2020-04"
    assert after.paid_through == Month(2020, 4)


def test_case_6_a_fail_ends_the_period_in_its_month() -> None:
    """6: FAIL (DECEASED 2019-06-10) on 2019-06-20: period ends 2019-06; SUSPENDED from 2019-07. 三(二)."""
    after = failed_in_june().standing
    assert span(after.period) == "2018-12..2019-06"
    assert after.payment_status(Month(2019, 6)) is PaymentStatus.PAYING
    assert after.payment_status(Month(2019, 7)) is PaymentStatus.SUSPENDED


def test_case_7_a_pass_of_the_same_month_corrects_the_fail() -> None:
    """7: case 6, PASS again on 2019-06-28: 2019-06..2020-06, never suspended. 三(二)."""
    after = passed(failed_in_june().standing, date(2019, 6, 28)).standing
    assert span(after.period) == "2019-06..2020-06"
    assert after.suspended_from is None
    assert after.paid_through == Month(2020, 6)
    assert first_unpaid(after) == [Month(2020, 7)]


def test_case_12_a_loss_and_a_later_sign_of_life_are_a_conflict() -> None:
    """12: cremation record 2019-05-02, rail gate 2019-05-20: PENDING, conflict. 一(三)."""
    finding = of_may(record("cremation", date(2019, 5, 2)), record("rail_travel", date(2019, 5, 20)))
    assert finding.conclusion is Conclusion.PENDING
    assert finding.rule is Rule.LOSS_CONTRADICTED


def test_case_13_one_kind_of_card_on_one_day_does_not_qualify() -> None:
    """13: two pharmacy card uses on one day, nothing else: PENDING. 一(三)."""
    finding = of_may(record("pharmacy_card", date(2019, 5, 10)), record("pharmacy_card", date(2019, 5, 10)))
    assert finding.conclusion is Conclusion.PENDING


def test_case_14_two_kinds_of_card_on_one_day_qualify() -> None:
    """14: pharmacy and bus card on one day: QUALIFIED. 一(三)."""
    finding = of_may(record("pharmacy_card", date(2019, 5, 10)), record("bus_card", date(2019, 5, 10)))
    assert finding.conclusion is Conclusion.QUALIFIED


def test_case_15_a_retirees_sign_of_life_counts_for_6_months() -> None:
    """15: rail gate on 2018-12-01, verdict for 2019-05: QUALIFIED; on 2018-11-30: PENDING. 一(三)."""
    assert of_may(record("rail_travel", date(2018, 12, 1))).conclusion is Conclusion.QUALIFIED
    assert of_may(record("rail_travel", date(2018, 11, 30))).conclusion is Conclusion.PENDING
