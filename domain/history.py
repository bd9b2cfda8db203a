"""A person's life, told again from its recorded facts: what the standing on the row must equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from domain import period as periods
from domain import stops
from domain.certification import Certification, Termination, Withdrawal, certify
from domain.month import Month
from domain.period import Period
from domain.policy import PolicyBook
from domain.standing import Standing, enrolled
from domain.stops import Loss, Suspension
from domain.verdict import Verdict
from domain.vocabulary import CertificationResult


@dataclass(frozen=True, slots=True)
class Reinstated:
    """A reinstatement case was approved, with the months that it pays back. Notice 三(三)."""

    case_id: int
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One recorded fact with the version of the row that it made; versions order a person's life."""

    version: int
    fact: Verdict | Certification | Termination | Withdrawal | Reinstated
    on: date


@dataclass(frozen=True, slots=True)
class Claim:
    """A withheld month that an approved case pays back, from the payroll of the month after `approved_in` on."""

    case_id: int
    approved_in: Month


@dataclass(frozen=True, slots=True)
class Life:
    """Where a life has come to."""

    standing: Standing
    granted: tuple[Period, ...]
    """Every period that was ever opened, in order."""
    in_force: tuple[Period, ...]
    """What of them is in force now, in order."""
    suspensions: tuple[Suspension, ...] = ()
    losses: tuple[Loss, ...] = ()
    claims: Mapping[Month, Claim] = field(default_factory=dict)
    ended: Ended | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """The termination that ended a benefit, and the life before it: what a withdrawal goes back to."""

    by: Termination
    on: date
    before: Life


def replay(at_enrolment: Standing, first: Period, facts: Iterable[Fact], book: PolicyBook) -> Life:
    """Tell the facts in the order of their versions."""
    life = Life(enrolled(at_enrolment, first), (first,), (first,))
    for fact in sorted(facts, key=lambda f: f.version):
        life = after(life, fact, book)
    return life


def after(life: Life, fact: Fact, book: PolicyBook) -> Life:
    """One fact more."""
    life = _after(life, fact, book)
    return replace(life, standing=replace(life.standing, version=fact.version))


def _after(life: Life, fact: Fact, book: PolicyBook) -> Life:
    match fact.fact:
        case Verdict() as verdict:
            after, opened = life.standing.informed(verdict, book.of(verdict.month))
            return _with(life, after, opened)
        case Certification() as certification:
            return _certified(life, certification, fact, book)
        case Termination() as termination:
            return _terminated(life, termination, fact.on)
        case Withdrawal():
            return _withdrawn(life, fact.version, book)
        case Reinstated() as case:
            return _reinstated(life, case, Month.of(fact.on))


def _certified(life: Life, certification: Certification, fact: Fact, book: PolicyBook) -> Life:
    month = Month.of(fact.on)
    decision = certify(certification, life.standing, book.on(fact.on), month)
    suspensions = life.suspensions[:-1] if decision.withdraws else life.suspensions
    if decision.suspends_from is not None:
        suspensions = (*suspensions, Suspension(decision.suspends_from, fact.version))
    if certification.result is CertificationResult.PASS:
        losses = stops.after_pass(life.losses, month)
    else:
        assert certification.occurred_on is not None  # a FAIL says since when
        event = Month.of(certification.occurred_on)
        losses = (*life.losses, Loss(event + 1, certification.survival_status, month))
    after = _with(life, decision.standing, decision.opened, decision.ended_after)
    return replace(after, suspensions=suspensions, losses=losses)


def _terminated(life: Life, termination: Termination, on: date) -> Life:
    event = Month.of(termination.occurred_on)
    after = life.standing.terminated(event, life.in_force).answered()
    losses = stops.after_termination(life.losses, Loss(event + 1, termination.cause, Month.of(on), final=True))
    return replace(_with(life, after, None, event), losses=losses, ended=Ended(termination, on, life))


def _withdrawn(life: Life, version: int, book: PolicyBook) -> Life:
    """From now on the termination counts as a FAIL of its own day; what was learnt since stays. Notice 三(四)."""
    ended = life.ended
    assert ended is not None  # only what has ended is withdrawn
    failed = _certified(ended.before, ended.by.as_fail(), Fact(version, ended.by, ended.on), book)
    return replace(failed, standing=replace(failed.standing, verdict=life.standing.verdict), claims=life.claims)


def _reinstated(life: Life, case: Reinstated, month: Month) -> Life:
    """A suspension ends with the month of the approval, and the case's months are claimed. Notice 三(三)."""
    suspensions = life.suspensions
    after = life.standing.reinstated(month)
    if after is not life.standing:
        suspensions = (*suspensions[:-1], replace(suspensions[-1], end=month))
    claims = {**life.claims, **dict.fromkeys(case.months, Claim(case.case_id, month))}
    return replace(life, standing=after, suspensions=suspensions, claims=claims)


def _with(life: Life, after: Standing, opened: Period | None, ended_after: Month | None = None) -> Life:
    in_force = life.in_force if ended_after is None else periods.in_force_after(life.in_force, ended_after)
    if opened is None:
        return replace(life, standing=after, in_force=in_force)
    granted = (*life.granted, opened)
    return replace(life, standing=after, granted=granted, in_force=periods.in_force_with(in_force, opened))


def without_withdrawn(facts: Sequence[Fact]) -> list[Fact]:
    """The facts without the terminations that were withdrawn since."""
    withdrawn = {fact.fact.terminated_version for fact in facts if isinstance(fact.fact, Withdrawal)}
    return [fact for fact in facts if not (isinstance(fact.fact, Termination) and fact.version in withdrawn)]


def last_act_passed(facts: Iterable[Fact]) -> bool:
    """Whether the last act on the person was a PASS; facts in the order of their versions. Rules 5.4.

    A withdrawn termination counts as a FAIL: until somebody passes the person, nobody has.
    """
    acts = [fact.fact for fact in facts if isinstance(fact.fact, Certification | Withdrawal)]
    return bool(acts) and isinstance(acts[-1], Certification) and acts[-1].result is CertificationResult.PASS
