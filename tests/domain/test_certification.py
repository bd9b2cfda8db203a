"""What an act records and what it leaves, where several rules meet."""

from datetime import UTC, date, datetime

import pytest

from domain.certification import certify
from domain.contact import Contact
from domain.month import Month
from domain.submission import Act
from domain.verdict import Fact, Rule, Verdict
from domain.vocabulary import Method, PaymentStatus, SurvivalStatus
from tests.lives import (
    ASSESSED,
    COMPLETE,
    POLICY,
    acted,
    certification_of,
    decided,
    disqualified,
    entry,
    failed,
    own_pass,
    passed,
    pending,
    period,
    qualified,
    span,
    standing,
    submission,
    terminated,
    verdict,
)

TODAY = date(2019, 6, 5)


# How an act is recorded.


@pytest.mark.parametrize(
    ("act", "given", "method"),
    [
        (Act.CONFIRM, qualified(), Method.CONFIRM),
        (Act.OVERRIDE, qualified(), Method.OVERRIDE),
        (Act.OVERRIDE, pending(), Method.OVERRIDE),
        (Act.SUBMIT, qualified(), Method.CONFIRM),
        (Act.SUBMIT, pending(), Method.OVERRIDE),
        (Act.SUBMIT, None, Method.OVERRIDE),
        (Act.BATCH_PASS, qualified(), Method.BATCH_PASS),
        (Act.BATCH_PASS, pending(), Method.BATCH_PASS),
    ],
)
def test_an_act_is_recorded_with_its_method(act: Act, given: Verdict | None, method: Method) -> None:
    decision = acted(act, standing("2018-09..2019-09", verdict=given), TODAY)
    assert certification_of(decision).method is method
    assert decision.opened is not None
    assert decision.opened.method is method


def test_a_submitted_fail_against_a_qualified_verdict_is_an_override() -> None:
    decision = acted(
        Act.SUBMIT,
        standing(verdict=qualified()),
        TODAY,
        SurvivalStatus.IMPRISONED,
        since=date(2019, 5, 1),
    )
    assert certification_of(decision).method is Method.OVERRIDE
    assert certification_of(decision).occurred_on == date(2019, 5, 1)


def test_an_act_names_the_verdict_that_it_was_on() -> None:
    assert certification_of(passed(standing(verdict=pending("2019-04")), TODAY)).verdict_month == Month(2019, 4)
    assert certification_of(passed(standing(verdict=None), TODAY)).verdict_month is None


def test_every_act_makes_a_new_version_of_the_row() -> None:
    sent = submission(Act.UPDATE_CONTACT, entry(1, contact=Contact(phone="13900001234")))
    [decision] = decided(sent, standing(verdict=pending(), version=4), today=TODAY)
    assert decision.certification is None
    assert decision.standing.version == 5


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_blank_reason_is_recorded_as_none(blank: str | None) -> None:
    assert certification_of(passed(standing(), TODAY, reason=blank)).reason is None


# Reasons, reviews and answers.


def test_a_batch_pass_of_acknowledged_rows_gives_its_reason_to_them_only() -> None:
    people = [standing(id=1, verdict=disqualified()), standing(id=2, verdict=pending())]
    sent = submission(Act.BATCH_PASS, entry(1), entry(2), reason="上门核实，本人健在", acknowledged=["row-1"])
    first, second = (certification_of(decision) for decision in decided(sent, *people, today=TODAY))
    assert (first.reason, first.opens_review) == ("上门核实，本人健在", True)
    assert (second.reason, second.opens_review) == (None, False)


def test_a_fail_against_disqualified_opens_no_review() -> None:
    person = standing(verdict=disqualified())
    assert certification_of(failed(person, TODAY, since=date(2019, 5, 2))).opens_review is False


@pytest.mark.parametrize(
    ("rule", "answers"),
    [
        (Rule.LOSS, ASSESSED),
        (Rule.LOSS_CONTRADICTED, ASSESSED),
        (Rule.LOSS_ANSWERED, ASSESSED),
        (Rule.INDIRECT_LOSS, None),
        (Rule.LIFE, None),
        (Rule.LENDABLE_ONLY, None),
        (Rule.OUT_OF_DATE, None),
        (Rule.NOTHING, None),
    ],
)
def test_a_pass_answers_the_losses_that_its_verdict_knew(rule: Rule, answers: datetime | None) -> None:
    fact = Fact("cremation", date(2019, 5, 2))
    person = standing(verdict=verdict(rule, loss=fact, seen=fact))
    assert certification_of(passed(person, TODAY, reason="本人健在")).answers_losses_through == answers


def test_a_fail_answers_no_loss() -> None:
    act = certification_of(failed(standing(verdict=disqualified()), TODAY, since=date(2019, 5, 2)))
    assert act.answers_losses_through is None


def test_the_losses_answered_are_those_received_before_the_assessment() -> None:
    act = certification_of(passed(standing(verdict=disqualified()), TODAY, reason="本人健在"))
    assert act.answers_losses_through == datetime(2019, 6, 2, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("act", [Act.SUBMIT, Act.BATCH_PASS, Act.OVERRIDE])
def test_every_pass_answers_the_verdict(act: Act) -> None:
    after = acted(act, standing(verdict=pending()), TODAY).standing
    assert after.verdict is not None
    assert after.verdict.open is False


def test_a_fail_and_a_termination_answer_the_verdict() -> None:
    person = standing(verdict=disqualified())
    after_fail = failed(person, TODAY, since=date(2019, 5, 2)).standing
    after_end = terminated(person, TODAY, since=date(2019, 5, 2)).standing
    assert [p.verdict.open for p in (after_fail, after_end) if p.verdict] == [False, False]


def test_a_contact_update_that_confirms_nothing_answers_nothing() -> None:
    after = acted(Act.UPDATE_CONTACT, standing(verdict=pending()), TODAY, contact=Contact(phone="13900001234")).standing
    assert after.verdict is not None
    assert after.verdict.open is True


# Contact edits and completeness.


def test_a_contact_update_that_completes_the_data_confirms() -> None:
    person = standing("2018-09..2019-09", verdict=qualified(), contact=Contact("13800005678", "青岛市市南区"))
    edit = Contact(residence_address=" 青岛市崂山区 ")
    decision = acted(Act.UPDATE_CONTACT, person, TODAY, contact=edit)
    assert span(decision.opened) == "2019-06..2020-06"
    assert decision.standing.contact.residence_address == "青岛市崂山区"


def test_a_contact_update_in_the_month_of_a_pass_is_recorded_and_moves_nothing() -> None:
    once = passed(standing("2018-09..2019-09", verdict=qualified()), TODAY).standing
    decision = acted(Act.UPDATE_CONTACT, once, date(2019, 6, 20), contact=Contact(phone="13900001234"))
    assert certification_of(decision).method is Method.CONTACT_UPDATE
    assert decision.opened is None
    assert decision.standing.contact.phone == "13900001234"


def test_a_contact_update_that_confirms_is_recorded_as_one() -> None:
    """Notice 四(三): 信息维护的人员等同一次认证确认."""
    decision = acted(Act.UPDATE_CONTACT, standing(verdict=qualified()), TODAY, contact=Contact(phone="13900001234"))
    assert certification_of(decision).method is Method.CONTACT_UPDATE


def test_a_contact_update_without_an_edit_maintains_nothing_and_confirms_nothing() -> None:
    decision = acted(Act.UPDATE_CONTACT, standing("2018-09..2019-09", verdict=qualified()), TODAY)
    assert decision.certification is None
    assert decision.opened is None


def test_a_contact_update_never_undoes_a_fail_by_the_way() -> None:
    """Whoever means that says so with an act that states the survival status."""
    person = standing("2018-09..2019-09", verdict=qualified())
    failed = acted(Act.OVERRIDE, person, TODAY, SurvivalStatus.DECEASED, since=date(2019, 6, 1)).standing
    for today in (date(2019, 6, 20), date(2019, 8, 1)):
        decision = acted(Act.UPDATE_CONTACT, failed, today, contact=Contact(phone="13900001234"))
        assert decision.certification is None
        assert decision.standing.suspended_from == Month(2019, 7)
        assert decision.standing.contact.phone == "13900001234"


def test_the_edits_of_a_row_stay_with_that_row() -> None:
    people = [standing(id=1), standing(id=2)]
    rows = [entry(1, contact=Contact(phone="13900001234")), entry(2)]
    first, second = decided(submission(Act.SUBMIT, *rows), *people, today=TODAY)
    assert first.standing.contact.phone == "13900001234"
    assert second.standing.contact == COMPLETE


# The yearly duty.


def test_a_pass_counts_for_the_yearly_duty_and_a_fail_does_not() -> None:
    person = standing(confirmed_in="2018-12")
    assert passed(person, TODAY).standing.confirmed_in == Month(2019, 6)
    assert failed(person, TODAY, since=TODAY).standing.confirmed_in == Month(2018, 12)


@pytest.mark.parametrize("method", [Method.SELF, Method.SERVICE_WINDOW])
def test_what_the_person_does_is_not_the_units_yearly_confirmation(method: Method) -> None:
    """四(一): “单位每年至少确认一次认证信息” – the duty is the unit's."""
    decision = certify(own_pass(method), standing(confirmed_in="2018-12"), POLICY, Month(2019, 6))
    assert decision.standing.confirmed_in == Month(2018, 12)


# Suspensions.


def test_confirming_a_suspended_person_opens_a_period_that_is_held() -> None:
    suspended = standing(
        "2018-12..2019-06", suspended_from="2019-07", verdict=qualified("2019-08", seen=date(2019, 8, 2))
    )
    decision = acted(Act.CONFIRM, suspended, date(2019, 9, 10))
    assert span(decision.opened) == "2019-09..2020-09"
    assert decision.standing.payment_status(Month(2019, 9)) is PaymentStatus.SUSPENDED
    assert decision.standing.paid_through == Month(2019, 6)


def test_fail_pass_and_fail_in_one_month_end_as_one_fail() -> None:
    june = [date(2019, 6, 3), date(2019, 6, 10), date(2019, 6, 28)]
    once = failed(standing("2018-12..2019-12"), june[0], since=june[0]).standing
    back = passed(once, june[1]).standing
    again = failed(back, june[2], since=june[0]).standing
    assert span(again.period) == "2019-06..2019-06"
    assert again.suspended_from == Month(2019, 7)
    assert again.paid_through == Month(2019, 6)


def test_a_fail_on_new_years_eve_is_corrected_on_that_day_only() -> None:
    eve = date(2019, 12, 31)
    suspended = failed(standing("2019-06..2020-06"), eve, since=eve).standing
    same_day, next_day = passed(suspended, eve).standing, passed(suspended, date(2020, 1, 1)).standing
    assert same_day.payment_status(Month(2020, 1)) is PaymentStatus.PAYING
    assert next_day.payment_status(Month(2020, 1)) is PaymentStatus.SUSPENDED


# Terminations.


def test_a_termination_says_after_which_month_nothing_stays_in_force() -> None:
    in_force = [period("2018-01..2018-11"), period("2018-12..2019-12")]
    decision = terminated(standing(), TODAY, since=date(2018, 10, 3), in_force=in_force)
    assert decision.ended_after == Month(2018, 10)
    assert decision.opened is None
    assert span(decision.standing.period) == "2018-01..2018-10"


def test_a_termination_on_the_day_of_the_event_leaves_its_month_paid() -> None:
    after = terminated(standing(), TODAY, since=TODAY).standing
    assert after.payment_status(Month(2019, 6)) is PaymentStatus.PAYING
    assert after.payment_status(Month(2019, 7)) is PaymentStatus.TERMINATED
    assert after.lapses_soon(Month(2019, 6), POLICY) is False


def test_a_termination_confirms_nobody() -> None:
    assert terminated(standing(confirmed_in="2018-12"), TODAY, since=TODAY).standing.confirmed_in == Month(2018, 12)
