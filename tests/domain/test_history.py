"""A life told again from its facts, where the telling could go wrong."""

import tomllib
from dataclasses import replace
from datetime import date

from domain.certification import Certification, Termination, Withdrawal
from domain.history import Claim, Fact, Life, Reinstated, last_act_passed, replay
from domain.month import Month
from domain.policy import FILE, PolicyBook
from domain.stops import Loss, Suspension
from domain.vocabulary import CertificationResult, Method, PaymentStatus, SurvivalStatus
from tests.lives import BOOK, disqualified, period, qualified, span, spans, standing

PASS = Certification(Method.OVERRIDE, CertificationResult.PASS, SurvivalStatus.NORMAL)
FAIL = Certification(Method.OVERRIDE, CertificationResult.FAIL, SurvivalStatus.DECEASED, date(2019, 6, 10))
DEATH = Termination(SurvivalStatus.DECEASED, date(2019, 3, 15))


def told(*facts: Fact, book: PolicyBook = BOOK) -> Life:
    return replay(standing(None, version=1), period("2018-12..2019-12"), facts, book)


def test_a_life_without_facts_is_its_enrolment() -> None:
    life = told()
    assert spans(life.granted) == spans(life.in_force) == ["2018-12..2019-12"]
    assert life.standing.paid_through == Month(2019, 12)
    assert life.standing.version == 1


def test_facts_are_told_in_the_order_of_their_versions() -> None:
    fail, pass_ = Fact(2, FAIL, date(2019, 6, 20)), Fact(3, PASS, date(2019, 6, 28))
    for life in (told(fail, pass_), told(pass_, fail)):
        assert life.standing.version == 3
        assert life.standing.suspended_from is None
        assert span(life.standing.period) == "2019-06..2020-06"


def test_a_renewal_keeps_what_was_granted_and_ends_what_was_in_force() -> None:
    life = told(Fact(2, PASS, date(2019, 6, 20)))
    assert spans(life.granted) == ["2018-12..2019-12", "2019-06..2020-06"]
    assert spans(life.in_force) == ["2018-12..2019-05", "2019-06..2020-06"]


def test_a_fail_ends_what_is_in_force_and_leaves_what_was_granted() -> None:
    life = told(Fact(2, FAIL, date(2019, 6, 20)))
    assert spans(life.granted) == ["2018-12..2019-12"]
    assert spans(life.in_force) == ["2018-12..2019-06"]
    assert life.standing.payment_status(Month(2019, 7)) is PaymentStatus.SUSPENDED


def test_a_back_dated_termination_ends_earlier_periods_too() -> None:
    life = told(Fact(2, PASS, date(2019, 6, 20)), Fact(3, DEATH, date(2019, 8, 1)))
    assert spans(life.in_force) == ["2018-12..2019-03"]
    assert spans(life.granted) == ["2018-12..2019-12", "2019-06..2020-06"]
    assert life.standing.terminated_from == Month(2019, 4)
    assert life.standing.paid_through == Month(2019, 3)


def test_a_verdict_renews_and_is_answered_by_what_follows() -> None:
    informed = told(Fact(2, qualified(seen=date(2019, 5, 20)), date(2019, 6, 4)))
    answered = told(Fact(2, qualified(seen=date(2019, 5, 20)), date(2019, 6, 4)), Fact(3, PASS, date(2019, 6, 20)))
    assert spans(informed.in_force) == ["2018-12..2019-04", "2019-05..2020-05"]
    assert informed.standing.verdict is not None
    assert informed.standing.verdict.answered is False
    assert answered.standing.verdict is not None
    assert answered.standing.verdict.answered is True


def test_a_termination_answers_the_verdict_before_it() -> None:
    life = told(Fact(2, disqualified("2019-03"), date(2019, 4, 4)), Fact(3, DEATH, date(2019, 4, 20)))
    assert life.standing.verdict is not None
    assert life.standing.verdict.answered is True


def test_every_fact_is_told_by_the_policy_of_its_own_day() -> None:
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))
    entries["cycle_months"].append({"from": date(2020, 1, 1), "clause": "三(一)", "RETIREE": 18, "SURVIVOR": 9})
    book = PolicyBook(entries)
    life = told(Fact(2, PASS, date(2019, 12, 31)), Fact(3, PASS, date(2020, 1, 1)), book=book)
    assert spans(life.granted) == ["2018-12..2019-12", "2019-12..2020-12", "2020-01..2021-07"]


# Suspensions, losses and claims.

PRISON = Certification(Method.OVERRIDE, CertificationResult.FAIL, SurvivalStatus.IMPRISONED, date(2019, 3, 10))
HELD_MONTHS = (Month(2019, 7), Month(2019, 8), Month(2019, 9), Month(2019, 10))
FAILED = Fact(2, FAIL, date(2019, 6, 20))
PASSED = Fact(3, PASS, date(2019, 9, 10))
APPROVED = Fact(4, Reinstated(7, HELD_MONTHS), date(2019, 10, 20))


def test_a_fail_begins_a_suspension_and_supposes_a_loss() -> None:
    life = told(FAILED)
    assert life.suspensions == (Suspension(Month(2019, 7), 2),)
    assert life.losses == (Loss(Month(2019, 7), SurvivalStatus.DECEASED, Month(2019, 6)),)


def test_a_second_fail_while_suspended_begins_no_second_suspension_but_states_a_loss() -> None:
    life = told(FAILED, Fact(3, PRISON, date(2019, 8, 1)))
    assert life.suspensions == (Suspension(Month(2019, 7), 2),)
    assert [(loss.start, loss.status) for loss in life.losses] == [
        (Month(2019, 7), SurvivalStatus.DECEASED),
        (Month(2019, 4), SurvivalStatus.IMPRISONED),
    ]


def test_a_pass_of_the_same_month_leaves_no_trace_of_the_fail() -> None:
    life = told(Fact(2, PRISON, date(2019, 6, 20)), Fact(3, PASS, date(2019, 6, 30)))
    assert (life.suspensions, life.losses) == ((), ())


def test_a_pass_on_the_first_of_the_next_month_comes_too_late_for_the_suspension() -> None:
    life = told(Fact(2, PRISON, date(2019, 6, 30)), Fact(3, PASS, date(2019, 7, 1)))
    assert life.suspensions == (Suspension(Month(2019, 7), 2),)
    assert [(loss.start, loss.end) for loss in life.losses] == [(Month(2019, 4), Month(2019, 6))]


def test_an_approval_ends_the_suspension_with_its_month_and_claims_its_months() -> None:
    life = told(FAILED, PASSED, APPROVED)
    assert life.suspensions == (Suspension(Month(2019, 7), 2, Month(2019, 10)),)
    assert life.claims == dict.fromkeys(HELD_MONTHS, Claim(7, Month(2019, 10)))
    assert life.losses == ()
    assert (life.standing.held_through, life.standing.paid_through) == (Month(2019, 10), Month(2020, 9))
    assert life.standing.version == 4


def test_an_approval_for_somebody_whom_nothing_holds_only_claims() -> None:
    lapse = Fact(3, Reinstated(8, (Month(2020, 1),)), date(2020, 3, 1))
    life = told(Fact(2, PASS, date(2020, 2, 2)), lapse)
    assert life.suspensions == ()
    assert life.claims == {Month(2020, 1): Claim(8, Month(2020, 3))}
    assert life.standing.held_through is None


def test_a_fail_in_the_month_of_an_approval_begins_a_second_suspension() -> None:
    life = told(FAILED, PASSED, APPROVED, Fact(5, FAIL, date(2019, 10, 25)))
    assert life.suspensions == (Suspension(Month(2019, 7), 2, Month(2019, 10)), Suspension(Month(2019, 11), 5))
    assert spans(life.in_force) == ["2018-12..2019-06", "2019-09..2019-10"]
    assert life.claims == dict.fromkeys(HELD_MONTHS, Claim(7, Month(2019, 10)))


def test_a_pass_correcting_it_in_the_same_month_withdraws_the_second_suspension_only() -> None:
    life = told(FAILED, PASSED, APPROVED, Fact(5, FAIL, date(2019, 10, 25)), Fact(6, PASS, date(2019, 10, 28)))
    assert life.suspensions == (Suspension(Month(2019, 7), 2, Month(2019, 10)),)
    assert spans(life.in_force) == ["2018-12..2019-06", "2019-09..2019-09", "2019-10..2020-10"]
    assert life.losses == ()


def test_a_fail_corrected_before_the_approval_of_its_month_changes_nothing_of_the_first() -> None:
    """Suspended since July; failed and passed again in October, approved in October."""
    again = (Fact(4, FAIL, date(2019, 10, 2)), Fact(5, PASS, date(2019, 10, 3)))
    approved = Fact(6, Reinstated(7, HELD_MONTHS), date(2019, 10, 20))
    life = told(FAILED, PASSED, *again, approved)
    assert life.suspensions == (Suspension(Month(2019, 7), 2, Month(2019, 10)),)


def test_a_second_reinstatement_ends_the_second_suspension() -> None:
    facts = (Fact(5, FAIL, date(2019, 12, 20)), Fact(6, PASS, date(2020, 2, 3)))
    second = Fact(7, Reinstated(9, (Month(2020, 1), Month(2020, 2))), date(2020, 2, 20))
    life = told(FAILED, PASSED, APPROVED, *facts, second)
    assert life.suspensions == (
        Suspension(Month(2019, 7), 2, Month(2019, 10)),
        Suspension(Month(2020, 1), 5, Month(2020, 2)),
    )
    assert {str(month): claim.case_id for month, claim in life.claims.items()} == {
        "2019-07": 7, "2019-08": 7, "2019-09": 7, "2019-10": 7, "2020-01": 9, "2020-02": 9,
    }  # fmt: skip


def test_a_pass_after_prison_keeps_the_months_served() -> None:
    life = told(Fact(2, PRISON, date(2019, 6, 20)), PASSED)
    assert life.losses == (Loss(Month(2019, 4), SurvivalStatus.IMPRISONED, Month(2019, 6), Month(2019, 8)),)


def test_a_verdict_is_no_pass_and_undoes_no_loss() -> None:
    life = told(FAILED, Fact(3, qualified("2019-08", seen=date(2019, 8, 20)), date(2019, 9, 4)))
    assert life.suspensions == (Suspension(Month(2019, 7), 2),)
    assert life.losses == (Loss(Month(2019, 7), SurvivalStatus.DECEASED, Month(2019, 6)),)


def test_a_termination_settles_the_losses_and_leaves_the_suspension() -> None:
    life = told(Fact(2, PRISON, date(2019, 5, 20)), Fact(3, FAIL, date(2019, 6, 20)), Fact(4, DEATH, date(2019, 8, 1)))
    assert life.losses == (
        Loss(Month(2019, 4), SurvivalStatus.IMPRISONED, Month(2019, 5), final=True),
        Loss(Month(2019, 4), SurvivalStatus.DECEASED, Month(2019, 8), final=True),
    )
    assert life.suspensions == (Suspension(Month(2019, 6), 2),)


# Terminations that were withdrawn.

ENDED = Fact(2, DEATH, date(2019, 6, 20))
WITHDRAWN = Fact(3, Withdrawal(2), date(2019, 9, 10))


def test_a_withdrawn_termination_counts_as_a_fail_of_its_own_day() -> None:
    """Died on 15 March, said the unit on 20 June: covered through June, held from July on, lost till a PASS."""
    life = told(ENDED, WITHDRAWN)
    failed = told(Fact(3, replace(FAIL, occurred_on=DEATH.occurred_on), date(2019, 6, 20)))
    assert life == failed
    assert spans(life.in_force) == ["2018-12..2019-06"]
    assert life.suspensions == (Suspension(Month(2019, 7), 3),)
    assert life.losses == (Loss(Month(2019, 4), SurvivalStatus.DECEASED, Month(2019, 6)),)
    assert (life.standing.terminated_from, life.ended) == (None, None)


def test_after_the_withdrawal_a_pass_and_a_case_lead_back() -> None:
    passed, approved = replace(PASSED, version=4), replace(APPROVED, version=5)
    life = told(ENDED, WITHDRAWN, passed, approved)
    assert life.losses == ()
    assert life.suspensions == (Suspension(Month(2019, 7), 3, Month(2019, 10)),)
    assert spans(life.in_force) == ["2018-12..2019-06", "2019-09..2020-09"]
    assert life.standing.payment_status(Month(2019, 11)) is PaymentStatus.PAYING


def test_what_was_learnt_between_stays() -> None:
    """A verdict and a case of the family: the one renews nothing, the other lifts nothing."""
    between = (
        Fact(3, qualified("2019-06", seen=date(2019, 6, 25)), date(2019, 7, 4)),
        Fact(4, Reinstated(7, (Month(2019, 2),)), date(2019, 7, 20)),
    )
    life = told(ENDED, *between, replace(WITHDRAWN, version=5))
    assert life.standing.verdict is not None
    assert life.standing.verdict.month == Month(2019, 6)
    assert life.claims == {Month(2019, 2): Claim(7, Month(2019, 7))}
    assert spans(life.in_force) == ["2018-12..2019-06"]
    assert life.suspensions == (Suspension(Month(2019, 7), 5),)


def test_the_fail_before_it_stands_as_it_stood() -> None:
    """The termination had settled what it supposed; taken back, that is open again, and its suspension goes on."""
    life = told(FAILED, Fact(3, DEATH, date(2019, 8, 1)), Fact(4, Withdrawal(3), date(2019, 9, 1)))
    assert life.suspensions == (Suspension(Month(2019, 7), 2),)
    assert [loss.start for loss in life.losses] == [Month(2019, 7), Month(2019, 4)]
    assert not any(loss.final for loss in life.losses)


def test_a_pass_in_the_month_of_the_termination_leaves_no_trace_of_it() -> None:
    facts = (replace(WITHDRAWN, on=date(2019, 6, 25)), Fact(4, PASS, date(2019, 6, 25)))
    life = told(ENDED, *facts)
    assert (life.suspensions, life.losses) == ((), ())
    assert spans(life.in_force) == ["2018-12..2019-05", "2019-06..2020-06"]


def test_the_last_act_was_no_pass_until_somebody_passes_the_person() -> None:
    """Whoever was passed before the termination was passed before what counts as a FAIL."""
    before = Fact(2, PASS, date(2019, 6, 5))
    ended = [before, replace(ENDED, version=3), Fact(4, Withdrawal(3), date(2019, 9, 10))]
    assert last_act_passed([before])
    assert not last_act_passed(ended)
    assert last_act_passed([*ended, Fact(5, PASS, date(2019, 9, 10))])
