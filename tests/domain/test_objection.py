"""Objections by the domain alone: what is in their way, what was false, and what a ruling comes to. Notice 三(四)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.certification import Termination
from domain.contact import Contact
from domain.documents import Document
from domain.month import Month
from domain.objection import (
    ObjectionKind,
    ObjectionStatus,
    Outcome,
    Proof,
    Report,
    Ruling,
    Situation,
    answered_with,
    due,
    false_records,
    is_about_the_end,
    left_undone,
    loss_of,
    missing_for_a_pass,
    papers,
    passed,
    report_obstacles,
    ruling_obstacles,
    taking_obstacles,
)
from domain.refusal import Refusal
from domain.verdict import Fact, Finding, Rule, Verdict, conclude
from domain.vocabulary import Category, Conclusion, Lane, Method, ProofKind, SurvivalStatus
from tests.lives import ASSESSED, HANDLER, POLICY, record, span, standing

TODAY = date(2019, 6, 20)
CREMATION = Fact("cremation", date(2019, 5, 2))
CERTIFICATE = Fact("death_certificate", date(2019, 5, 1))
JUDGMENT = Fact("effective_judgment", date(2019, 4, 1))
TRAIN = Fact("rail_travel", date(2019, 5, 20))
DEAD = Verdict(Month(2019, 5), Finding(Rule.LOSS, CREMATION), date(2019, 6, 4), ASSESSED)
ALIVE = replace(DEAD, finding=Finding(Rule.LIFE, activity=TRAIN))
SEEN = Proof(ProofKind.WINDOW_VISIT, Document("窗口到场记录.pdf", "ab" * 32))
PAPER = Proof(ProofKind.DOCUMENT, Document("户口簿.jpg", "cd" * 32))
REPORT = Report("row-1", 1, None, ObjectionKind.DECLARED_DEAD, "本人健在", (SEEN,), HANDLER)
OPEN = Situation(
    ObjectionStatus.REPORTED, ObjectionKind.DECLARED_DEAD, date(2019, 6, 5), (SEEN,), taken_by_another=False,
    own=False,
    known=frozenset({CREMATION, CERTIFICATE, JUDGMENT, TRAIN}),
    loss=CREMATION,
)  # fmt: skip
ALIVE_AFTER_ALL = Ruling(Outcome.DATA_WRONG, "本人到场")


def named(refusals: list[Refusal]) -> list[tuple[str, str]]:
    return [(refused.code.value, ".".join(refused.path)) for refused in refusals]


def test_only_those_declared_dead_go_the_fast_lane() -> None:
    assert {kind.value: kind.lane.value for kind in ObjectionKind} == {
        "DECLARED_DEAD": "FAST",
        "WRONG_PERSON": "ORDINARY",
        "OTHER": "ORDINARY",
    }


def test_a_case_is_due_by_its_lane() -> None:
    """72 hours and 480: the policy's values of that day."""
    assert POLICY.objection_hours == {Lane.FAST: 72, Lane.ORDINARY: 480}
    at = datetime(2019, 6, 5, 1, 0, tzinfo=UTC)
    assert due(ObjectionKind.DECLARED_DEAD, at, POLICY) == datetime(2019, 6, 8, 1, 0, tzinfo=UTC)
    assert due(ObjectionKind.OTHER, at, POLICY) == datetime(2019, 6, 25, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("rule", Rule)
def test_who_is_declared_dead_has_a_verdict_that_rests_on_a_loss(rule: Rule) -> None:
    """The other kinds of objection are about any verdict (rules 4)."""
    verdict = replace(DEAD, finding=Finding(rule))
    expected = [] if rule in (Rule.LOSS, Rule.LOSS_CONTRADICTED, Rule.LOSS_ANSWERED) else ["NOT_DECLARED_DEAD"]
    assert [code for code, _ in named(report_obstacles(REPORT, verdict, by_unit=True))] == expected
    assert report_obstacles(replace(REPORT, kind=ObjectionKind.OTHER), verdict, by_unit=True) == []


def test_everything_in_the_way_of_a_report_is_named_at_once() -> None:
    bare = replace(REPORT, statement="", handler=None, proofs=(PAPER, PAPER))
    assert named(report_obstacles(bare, None, by_unit=True)) == [
        ("HANDLER_REQUIRED", "input.handler.name"),
        ("HANDLER_REQUIRED", "input.handler.contact"),
        ("REASON_REQUIRED", "input.statement"),
        ("DUPLICATE_ROW", "input.proofs.1.sha256"),
        ("NOT_FOUND", "input.beneficiaryId"),
    ]
    assert report_obstacles(replace(REPORT, handler=None), DEAD, by_unit=False) == []


def test_a_decided_case_is_closed_and_none_is_decided_before_its_day() -> None:
    decided = replace(OPEN, status=ObjectionStatus.DECIDED)
    for found in (taking_obstacles(decided, TODAY), ruling_obstacles(ALIVE_AFTER_ALL, decided, POLICY, TODAY)):
        assert named(found) == [("ALREADY_DECIDED", "input.objectionId")]
    own = ruling_obstacles(ALIVE_AFTER_ALL, replace(OPEN, own=True), POLICY, TODAY)
    assert named(own) == [("OWN_CASE", "input.objectionId")]
    early = ruling_obstacles(ALIVE_AFTER_ALL, OPEN, POLICY, date(2019, 6, 4))
    assert named(early) == [("CLOCK_BEHIND", "input.objectionId")]
    assert taking_obstacles(replace(OPEN, taken_by_another=True), TODAY) == []


@pytest.mark.parametrize("kind", ProofKind)
def test_the_fast_lane_needs_a_proof_in_person(kind: ProofKind) -> None:
    """No paper alone (证件认证 is forbidden, 四(四)); the objector's or the agency's own."""
    proof = Proof(kind, PAPER.document)
    expected = [("PROOF_REQUIRED", "input.proofs")] if kind is ProofKind.DOCUMENT else []
    without, seen_by_us = replace(OPEN, proofs=()), replace(ALIVE_AFTER_ALL, proofs=(proof,))
    assert named(ruling_obstacles(ALIVE_AFTER_ALL, replace(OPEN, proofs=(proof,)), POLICY, TODAY)) == expected
    assert named(ruling_obstacles(seen_by_us, without, POLICY, TODAY)) == expected
    for other in (
        ruling_obstacles(replace(ALIVE_AFTER_ALL, outcome=Outcome.VERDICT_RIGHT), without, POLICY, TODAY),
        ruling_obstacles(ALIVE_AFTER_ALL, replace(without, kind=ObjectionKind.OTHER), POLICY, TODAY),
    ):
        assert other == []


@pytest.mark.parametrize(("kind", "named_", "outcome", "expected"), [
    (ObjectionKind.DECLARED_DEAD, None, Outcome.DATA_WRONG, [CERTIFICATE, CREMATION]),
    (ObjectionKind.WRONG_PERSON, None, Outcome.DATA_WRONG, [CREMATION]),
    (ObjectionKind.DECLARED_DEAD, (TRAIN, CERTIFICATE, CREMATION), Outcome.DATA_WRONG, [CERTIFICATE, CREMATION, TRAIN]),
    (ObjectionKind.WRONG_PERSON, (TRAIN,), Outcome.DATA_WRONG, [TRAIN]),
    (ObjectionKind.DECLARED_DEAD, (), Outcome.DATA_WRONG, [CERTIFICATE, CREMATION]),
    (ObjectionKind.WRONG_PERSON, (), Outcome.DATA_WRONG, []),
    (ObjectionKind.DECLARED_DEAD, None, Outcome.RULE_WRONG, []),
    (ObjectionKind.DECLARED_DEAD, None, Outcome.VERDICT_RIGHT, []),
])  # fmt: skip
def test_what_was_false(
    kind: ObjectionKind, named_: tuple[Fact, ...] | None, outcome: Outcome, expected: list[Fact]
) -> None:
    """What the officer names; else every record of a death, or the loss that the verdict rests on. A judgment stays."""
    ruling = Ruling(outcome, "经核实", named_)
    assert false_records(ruling, replace(OPEN, kind=kind), POLICY) == expected


def test_a_verdict_of_life_names_nothing_false_by_itself() -> None:
    other = replace(OPEN, kind=ObjectionKind.OTHER, loss=ALIVE.finding.loss)
    assert false_records(ALIVE_AFTER_ALL, other, POLICY) == []


def test_only_what_is_held_of_the_person_is_called_false() -> None:
    records = (CREMATION, CERTIFICATE, Fact("cremation", date(2019, 5, 3)))
    elsewhere = replace(ALIVE_AFTER_ALL, false_records=records)
    assert named(ruling_obstacles(elsewhere, OPEN, POLICY, TODAY)) == [("INVALID_RECORD", "input.falseRecords.2")]


@pytest.mark.parametrize(("kind", "named_", "left_out"), [
    (ObjectionKind.DECLARED_DEAD, (TRAIN,), ["death_certificate 2019-05-01", "cremation 2019-05-02"]),
    (ObjectionKind.DECLARED_DEAD, (CREMATION, JUDGMENT), ["death_certificate 2019-05-01"]),
    (ObjectionKind.DECLARED_DEAD, (CREMATION, CERTIFICATE), []),
    (ObjectionKind.DECLARED_DEAD, (), []),
    (ObjectionKind.WRONG_PERSON, (TRAIN,), []),
])  # fmt: skip
def test_what_declares_dead_is_among_those_named(
    kind: ObjectionKind, named_: tuple[Fact, ...], left_out: list[str]
) -> None:
    """Whoever names records at all names the loss of the verdict and every record of a death; each is said."""
    at, ruling = replace(OPEN, kind=kind), replace(ALIVE_AFTER_ALL, false_records=named_)
    found = ruling_obstacles(ruling, at, POLICY, TODAY)
    assert [f"{refused.facts['kind']} {refused.facts['day']}" for refused in found] == left_out
    assert {(refused.path, refused.about) for refused in found} <= {(("input", "falseRecords"), "left_out")}
    assert ruling_obstacles(replace(ruling, outcome=Outcome.VERDICT_RIGHT, false_records=None), at, POLICY, TODAY) == []


def test_a_judgment_that_the_verdict_names_is_false_as_well() -> None:
    """Without a record of a death the verdict would else conclude the same the month after."""
    at = replace(OPEN, known=frozenset({JUDGMENT, TRAIN}), loss=JUDGMENT)
    assert false_records(ALIVE_AFTER_ALL, at, POLICY) == [JUDGMENT]


def test_whoever_was_declared_dead_is_cleared_of_something() -> None:
    """Of a loss that is held; of one that counts no more the person was cleared before, for another benefit."""
    nothing = replace(OPEN, known=frozenset({TRAIN}))
    assert named(ruling_obstacles(ALIVE_AFTER_ALL, nothing, POLICY, TODAY)) == [
        ("INVALID_RECORD", "input.falseRecords")
    ]
    assert ruling_obstacles(ALIVE_AFTER_ALL, replace(nothing, void=frozenset({CREMATION})), POLICY, TODAY) == []


def test_a_ruling_passes_like_a_window() -> None:
    """Rules 2.4, 2.5: from the month of the act; the unit's own yearly duty is not done by it. Looked at: 四(四)."""
    row = standing(verdict=DEAD)
    decision = passed(row, "本人到场", POLICY, Month(2019, 9))
    assert span(decision.opened) == "2019-09..2020-09"
    act = decision.certification
    assert act is not None
    assert (act.method, act.verdict_month, act.opens_review) == (Method.SERVICE_WINDOW, Month(2019, 5), True)
    after = decision.standing
    assert (after.version, after.confirmed_in) == (row.version + 1, row.confirmed_in)
    assert after.verdict is not None and after.verdict.answered


def test_what_is_missing_for_a_pass() -> None:
    """Complete contact data (附7), and a benefit that has not ended (附11)."""
    row = standing()
    assert missing_for_a_pass(row) == []
    assert [r.code.value for r in missing_for_a_pass(replace(row, contact=Contact()))] == ["CONTACT_INCOMPLETE"]
    ended = replace(row, terminated_from=Month(2019, 6))
    assert [r.code.value for r in missing_for_a_pass(ended)] == ["ALREADY_TERMINATED"]


WRONG_RULE = Ruling(Outcome.RULE_WRONG, "规则过严")


def test_a_wrong_rule_leaves_to_be_done_what_nobody_has_done() -> None:
    """As long as a verdict waits for its answer, payment is held, or the benefit has ended. Notice 三(四)."""
    dead, paid = ObjectionKind.DECLARED_DEAD, standing()
    for row, expected in (
        (paid, []),
        (replace(paid, verdict=DEAD), ["PASS_REQUIRED_FIRST"]),
        (replace(paid, verdict=replace(DEAD, answered=True)), []),
        (replace(paid, suspended_from=Month(2019, 7)), ["PASS_REQUIRED_FIRST"]),
        (replace(paid, verdict=DEAD, terminated_from=Month(2019, 6)), ["ALREADY_TERMINATED"]),
    ):
        assert [refused.code.value for refused in left_undone(WRONG_RULE, dead, row)] == expected
        assert left_undone(replace(WRONG_RULE, outcome=Outcome.VERDICT_RIGHT), dead, row) == []
        assert left_undone(WRONG_RULE, ObjectionKind.WRONG_PERSON, row) == []


@pytest.mark.parametrize("cause", [SurvivalStatus.DECEASED, SurvivalStatus.MISSING, SurvivalStatus.IMPRISONED])
def test_a_report_is_about_the_termination_that_declares_somebody_dead(cause: SurvivalStatus) -> None:
    """Without a month; being seen refutes no prison, and another kind or a month says that it is about a verdict."""
    end = Termination(cause, date(2019, 5, 2))
    assert is_about_the_end(REPORT, end) is (cause is not SurvivalStatus.IMPRISONED)
    assert not is_about_the_end(replace(REPORT, kind=ObjectionKind.OTHER), end)
    assert not is_about_the_end(replace(REPORT, month=Month(2019, 5)), end)
    assert not is_about_the_end(REPORT, None)
    assert report_obstacles(REPORT, end, by_unit=True) == []


def test_a_ruling_about_a_termination_needs_a_proof_and_no_record() -> None:
    """It withdraws the termination, whether or not anything false is held; every record of a death is quarantined."""
    bare = replace(OPEN, ended=True, loss=None, known=frozenset({TRAIN}))
    assert ruling_obstacles(ALIVE_AFTER_ALL, bare, POLICY, TODAY) == []
    assert named(ruling_obstacles(ALIVE_AFTER_ALL, replace(bare, proofs=(PAPER,)), POLICY, TODAY)) == [
        ("PROOF_REQUIRED", "input.proofs")
    ]
    assert false_records(ALIVE_AFTER_ALL, bare, POLICY) == []
    assert false_records(ALIVE_AFTER_ALL, replace(OPEN, ended=True, loss=None), POLICY) == [CERTIFICATE, CREMATION]


def test_a_document_that_was_sent_twice_is_one_paper() -> None:
    again = Proof(ProofKind.HOME_VISIT, Document("另一名称", "AB" * 32))
    assert [paper.sha256.lower() for paper in papers((SEEN, PAPER, again))] == ["ab" * 32, "cd" * 32]


def test_what_is_quarantined_counts_no_more_and_nothing_else_is_touched() -> None:
    """Any record of that kind and day; another day, or another kind, is another claim."""
    loss, later = record("cremation", date(2019, 5, 2)), record("cremation", date(2019, 5, 3))
    said = [
        conclude(Category.RETIREE, Month(2019, 5), known, POLICY, None, {CREMATION}).conclusion
        for known in ([loss], [loss, later], [loss, record("death_certificate", date(2019, 5, 2))])
    ]
    assert said == [Conclusion.PENDING, Conclusion.DISQUALIFIED, Conclusion.DISQUALIFIED]


@pytest.mark.parametrize("rule", Rule)
def test_who_was_stated_dead_is_declared_dead_by_whatever_verdict(rule: Rule) -> None:
    """A FAIL that says DECEASED is the fast lane's as well; such a case has no loss, at most a hint."""
    verdict = replace(DEAD, finding=Finding(rule, CREMATION))
    assert report_obstacles(REPORT, verdict, by_unit=True, stated_dead=True) == []
    expected = CREMATION if rule in (Rule.LOSS, Rule.LOSS_CONTRADICTED, Rule.LOSS_ANSWERED) else None
    assert loss_of(ObjectionKind.DECLARED_DEAD, verdict.finding) == expected
    assert loss_of(ObjectionKind.WRONG_PERSON, verdict.finding) == CREMATION


def test_where_nobody_recorded_a_death_nothing_is_quarantined() -> None:
    """The ruling passes the person all the same."""
    stated = replace(OPEN, known=frozenset({TRAIN}), loss=None)
    assert ruling_obstacles(ALIVE_AFTER_ALL, stated, POLICY, TODAY) == []
    assert false_records(ALIVE_AFTER_ALL, stated, POLICY) == []


@pytest.mark.parametrize(("finding", "void", "passed", "expected"), [
    (Finding(Rule.LOSS, CREMATION), {CREMATION, CERTIFICATE}, False, True),
    (Finding(Rule.LOSS_CONTRADICTED, CREMATION, TRAIN), {CREMATION}, True, True),
    (Finding(Rule.LOSS, JUDGMENT), {CREMATION}, True, False),
    (Finding(Rule.LIFE, activity=TRAIN), set(), True, True),
    (Finding(Rule.INDIRECT_LOSS, Fact("tip_off", date(2019, 5, 1))), {CREMATION}, False, False),
])  # fmt: skip
def test_a_ruling_answers_the_cases_on_the_same_mistake(
    finding: Finding, void: set[Fact], passed: bool, expected: bool
) -> None:
    """Those whose record counts no more, and those about a statement that its PASS has undone."""
    assert answered_with(finding, void, passed=passed) is expected
