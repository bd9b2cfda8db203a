"""Objections: somebody says that a verdict is wrong, and the agency answers. Notice 三(四), 四(四)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from domain.certification import Certification, Decision, Termination, certify
from domain.documents import Document, obstacles_of_documents
from domain.month import Month
from domain.policy import Policy
from domain.refusal import ErrorCode, Refusal
from domain.standing import Standing
from domain.submission import Handler, obstacles_of_handler
from domain.text import is_blank, problem
from domain.verdict import Fact, Finding, Verdict
from domain.vocabulary import CertificationResult, Conclusion, Lane, Method, ProofKind, SurvivalStatus


class ObjectionKind(StrEnum):
    """What is wrong, as the objector says."""

    DECLARED_DEAD = "DECLARED_DEAD"
    WRONG_PERSON = "WRONG_PERSON"
    OTHER = "OTHER"

    @property
    def lane(self) -> Lane:
        """A living person declared dead goes before everything else."""
        return Lane.FAST if self is ObjectionKind.DECLARED_DEAD else Lane.ORDINARY


class ObjectionStatus(StrEnum):
    """REPORTED until an officer takes it, TAKEN until it is decided, and that for good."""

    REPORTED = "REPORTED"
    TAKEN = "TAKEN"
    DECIDED = "DECIDED"


class Outcome(StrEnum):
    """What was wrong, as the agency found."""

    DATA_WRONG = "DATA_WRONG"
    RULE_WRONG = "RULE_WRONG"
    VERDICT_RIGHT = "VERDICT_RIGHT"


@dataclass(frozen=True, slots=True)
class Proof:
    """A document and what it shows: in whose sight the person was."""

    kind: ProofKind
    document: Document


@dataclass(frozen=True, slots=True)
class Report:
    """What is objected to, and why. A PERSON has no handler.

    `month` is the verdict's; None is the latest, or the termination where that declares a living person dead.
    """

    reference: str
    beneficiary_id: int | None
    month: Month | None
    kind: ObjectionKind
    statement: str
    proofs: tuple[Proof, ...] = ()
    handler: Handler | None = None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the officer decides, with proofs seen by the agency itself. `false_records` None: those of the verdict."""

    outcome: Outcome
    reason: str
    false_records: tuple[Fact, ...] | None = None
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Situation:
    """A case as a ruling finds it: whose it is, and which records the agency knows of the person."""

    status: ObjectionStatus
    kind: ObjectionKind
    reported_on: date
    proofs: tuple[Proof, ...]
    taken_by_another: bool
    own: bool
    """Whether the case is about the officer: nobody decides about themself."""
    known: frozenset[Fact]
    """What is held of the person and counts."""
    void: frozenset[Fact] = frozenset()
    """What is held and counts no more: found wrong, or quarantined by an earlier ruling."""
    loss: Fact | None = None
    """The loss that the verdict names; None where it names none, or somebody was stated dead without it (`loss_of`)."""
    ended: bool = False
    """Whether it is about a termination that stands: the ruling withdraws that, whatever is held."""


def is_about_the_end(report: Report, end: Termination | None) -> bool:
    """Whether the report is about the termination that stands, and not about a verdict. Notice 三(四), 附11."""
    dead = report.kind is ObjectionKind.DECLARED_DEAD and report.month is None
    return dead and end is not None and end.declares_dead


def report_obstacles(
    report: Report, about: Verdict | Termination | None, *, by_unit: bool, stated_dead: bool = False
) -> list[Refusal]:
    """Everything in the way of a report; `about` is None where the account sees no such verdict. Rules 4.

    Somebody is declared dead by the data, by the statement on which a standing FAIL rests (`stated_dead`), or by a
    termination.
    """
    found = [
        *_of_the_reporter(report, by_unit=by_unit),
        *_of_the_text(report.statement, "statement", about="objection"),
    ]
    found += obstacles_of_documents([proof.document for proof in report.proofs], "proofs")
    if about is None:
        return [*found, Refusal(ErrorCode.NOT_FOUND, ("input", "beneficiaryId"), report.reference, about="verdict")]
    dead = stated_dead or isinstance(about, Termination) or about.finding.rule.rests_on_loss
    if report.kind is ObjectionKind.DECLARED_DEAD and not dead:
        found.append(Refusal(ErrorCode.NOT_DECLARED_DEAD, ("input", "kind"), report.reference))
    return found


def _of_the_reporter(report: Report, *, by_unit: bool) -> Iterator[Refusal]:
    """A unit's report carries its handler; a person answers for themself. Notice 附8."""
    if by_unit:
        yield from obstacles_of_handler(report.handler or Handler("", ""))
    elif report.handler is not None:
        yield Refusal(ErrorCode.INVALID_TEXT, ("input", "handler"), report.reference)


def _of_the_text(text: str, field: str, *, about: str) -> Iterator[Refusal]:
    if is_blank(text):
        yield Refusal(ErrorCode.REASON_REQUIRED, ("input", field), about=about)
    elif problem(text):
        yield Refusal(ErrorCode.INVALID_TEXT, ("input", field))


def due(kind: ObjectionKind, reported_at: datetime, policy: Policy) -> datetime:
    """When the case is to be decided. Notice 三(四)."""
    return reported_at + timedelta(hours=policy.objection_hours[kind.lane])


def taking_obstacles(at: Situation, today: date) -> list[Refusal]:
    """A decided case is nobody's to take; an open one is, from whoever has it."""
    path = ("input", "objectionId")
    if at.status is ObjectionStatus.DECIDED:
        return [Refusal(ErrorCode.ALREADY_DECIDED, path)]
    if at.own:
        return [Refusal(ErrorCode.OWN_CASE, path)]
    return [Refusal(ErrorCode.CLOCK_BEHIND, path)] if today < at.reported_on else []


def ruling_obstacles(ruling: Ruling, at: Situation, policy: Policy, today: date) -> list[Refusal]:
    """Everything in the way of a ruling: it is the owner's, has a reason, and in the fast lane a proof in person."""
    if closed := taking_obstacles(at, today):
        return closed
    found = [Refusal(ErrorCode.NOT_THE_OWNER, ("input", "objectionId"))] if at.taken_by_another else []
    found += _of_the_text(ruling.reason, "reason", about="ruling")
    found += obstacles_of_documents([proof.document for proof in ruling.proofs], "proofs")
    return [*found, *_of_the_records(ruling, at, policy), *_of_the_fast_lane(ruling, at, policy)]


def _of_the_records(ruling: Ruling, at: Situation, policy: Policy) -> Iterator[Refusal]:
    named = ruling.false_records or ()
    if named and ruling.outcome is not Outcome.DATA_WRONG:
        yield Refusal(ErrorCode.INVALID_RECORD, ("input", "falseRecords"), about="outcome")
        return
    for place, fact in enumerate(named):
        if fact not in at.known:
            yield Refusal(ErrorCode.INVALID_RECORD, ("input", "falseRecords", str(place)))
    if restores(ruling, at.kind):
        yield from _of_what_declares_dead(ruling, at, policy)


def _of_what_declares_dead(ruling: Ruling, at: Situation, policy: Policy) -> Iterator[Refusal]:
    """Whatever declares the person dead is found false, or the machine does it again; what was left out is said."""
    false, path = false_records(ruling, at, policy), ("input", "falseRecords")
    if at.loss is not None and at.loss not in at.void and not false:
        yield Refusal(ErrorCode.INVALID_RECORD, path, about="none")
    for fact in _in_order(_declaring_dead(at, policy) - set(false)) if false else ():
        said: dict[str, str | int] = {"kind": fact.kind, "day": str(fact.occurred_on)}
        yield Refusal(ErrorCode.INVALID_RECORD, path, facts=said, about="left_out")


def _of_the_fast_lane(ruling: Ruling, at: Situation, policy: Policy) -> Iterator[Refusal]:
    """No paper alone shows that somebody lives: the person was seen. Notice 四(四)."""
    if restores(ruling, at.kind) and not any(p.kind in policy.accepted_proofs for p in (*at.proofs, *ruling.proofs)):
        yield Refusal(ErrorCode.PROOF_REQUIRED, ("input", "proofs"))


def false_records(ruling: Ruling, at: Situation, policy: Policy) -> list[Fact]:
    """What no later assessment uses for this person. Notice 三(四).

    Those that the officer names; else the loss that the verdict names, and of somebody declared dead every record of a
    death.
    """
    dead = at.kind is ObjectionKind.DECLARED_DEAD
    if ruling.outcome is not Outcome.DATA_WRONG:
        return []
    if ruling.false_records or (ruling.false_records is not None and not dead):
        return _in_order(set(ruling.false_records))
    return _in_order(_declaring_dead(at, policy) if dead else at.known & {at.loss})


def _declaring_dead(at: Situation, policy: Policy) -> set[Fact]:
    """Of the records that count, the loss that the verdict names and every record of a death."""
    return {fact for fact in at.known if fact == at.loss or fact.kind in policy.death_records}


def _in_order(facts: Collection[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: (fact.occurred_on, fact.kind))


def loss_of(kind: ObjectionKind, finding: Finding) -> Fact | None:
    """The loss that a case is about. Who was stated dead has none: what such a verdict names is a hint at most."""
    stated_dead = kind is ObjectionKind.DECLARED_DEAD and not finding.rule.rests_on_loss
    return None if stated_dead else finding.loss


def answered_with(finding: Finding, void: Collection[Fact], *, passed: bool) -> bool:
    """Whether a ruling that the person lives answers their case about another verdict of the benefit as well.

    The record behind it counts no more (it is `void`), or it is about a statement that the ruling's PASS has undone.
    """
    return finding.loss in void if finding.rule.rests_on_loss else passed


def restores(ruling: Ruling, kind: ObjectionKind) -> bool:
    """Whether the ruling finds a living person who had been declared dead."""
    return ruling.outcome is Outcome.DATA_WRONG and kind is ObjectionKind.DECLARED_DEAD


def left_undone(ruling: Ruling, kind: ObjectionKind, row: Standing) -> list[Refusal]:
    """What a ruling that the rule was wrong leaves to be done for somebody declared dead: it passes nobody. 三(四)."""
    if ruling.outcome is not Outcome.RULE_WRONG or kind is not ObjectionKind.DECLARED_DEAD:
        return []
    path = ("beneficiary",)
    about = "rule_wrong"
    if row.terminated_from is not None:
        return [Refusal(ErrorCode.ALREADY_TERMINATED, path, about=about)]
    open_verdict = row.verdict is not None and row.verdict.open
    held = row.suspended_from is not None
    return [Refusal(ErrorCode.PASS_REQUIRED_FIRST, path, about=about)] if held or open_verdict else []


def missing_for_a_pass(row: Standing) -> list[Refusal]:
    """Why the ruling cannot pass the person: what is still missing. Notice 附7, 附11."""
    path = ("beneficiary",)
    if row.terminated_from is not None:
        return [Refusal(ErrorCode.ALREADY_TERMINATED, path, about="restored")]
    return [] if row.contact.complete else [Refusal(ErrorCode.CONTACT_INCOMPLETE, path, about="restored")]


def passed(row: Standing, reason: str, policy: Policy, month: Month) -> Decision:
    """The agency has seen the person: a PASS like a service window's, from this month on. Rules 2.4, 2.5.

    Against the data it is looked at, like anybody's. Notice 四(四).
    """
    act = Certification(
        Method.SERVICE_WINDOW,
        CertificationResult.PASS,
        SurvivalStatus.NORMAL,
        reason=reason,
        verdict_month=row.verdict.month if row.verdict else None,
        opens_review=row.verdict is not None and row.verdict.conclusion is Conclusion.DISQUALIFIED,
    )
    return certify(act, replace(row, version=row.version + 1), policy, month)


def papers(proofs: Sequence[Proof]) -> tuple[Document, ...]:
    """The documents of the proofs, each once: what a case of reinstatement rests on. Rules 5.6."""
    return tuple({proof.document.sha256.lower(): proof.document for proof in proofs}.values())
