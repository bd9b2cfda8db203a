"""A life told again from its facts, where the telling could go wrong."""

import tomllib
from datetime import date

from domain.certification import Certification, Termination
from domain.history import Fact, Life, replay
from domain.month import Month
from domain.policy import FILE, PolicyBook
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
