"""Machine against human: where a published verdict turned out wrong, and how long it stood. Notice 一(三), 三(四)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from statistics import median

from domain.certification import Certification, Termination, Withdrawal
from domain.history import Fact, without_withdrawn
from domain.month import Month
from domain.verdict import Fact as Evidence
from domain.verdict import Verdict
from domain.vocabulary import CertificationResult, Conclusion, SurvivalStatus


class MistakeKind(StrEnum):
    """DISQUALIFIED although the person lived, or QUALIFIED although the person had died."""

    FALSE_DISQUALIFIED = "FALSE_DISQUALIFIED"
    MISSED_DEATH = "MISSED_DEATH"


class Dimension(StrEnum):
    """By what mistakes are counted."""

    MONTH = "MONTH"
    UNIT = "UNIT"
    SOURCE = "SOURCE"
    CLASS = "CLASS"


@dataclass(frozen=True, slots=True)
class Known:
    """One person's facts in the order of their versions, and what the agency said of verdicts and passes.

    `ruled_wrong` has the day of the ruling by the verdict's month, `without_ground` the versions of passes that a
    review found to have none, `quarantined` the day of the ruling that found a record false, whatever it was about.
    """

    beneficiary_id: int
    unit_id: int
    facts: Sequence[Fact]
    ruled_wrong: Mapping[Month, date]
    without_ground: frozenset[int] = frozenset()
    quarantined: Mapping[Evidence, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mistake:
    """One death that was none, or that was missed: from the first wrong verdict's publication to the correction."""

    kind: MistakeKind
    beneficiary_id: int
    unit_id: int
    months: tuple[Month, ...]
    """Of the wrong verdicts, in the order of publication; it is counted in the first one's month."""
    since: date
    until: date
    evidence: Evidence | None
    """The record on which the first of them rested."""

    @property
    def days(self) -> int:
        return (self.until - self.since).days


def mistakes(known: Known) -> list[Mistake]:
    known = replace(known, facts=without_withdrawn(known.facts))
    return [*_false_disqualified(known), *_missed_death(known)]


def _false_disqualified(known: Known) -> list[Mistake]:
    """Each loss by which the data disqualified, and a human found the person alive."""
    by_loss: dict[Evidence | None, list[Fact]] = {}
    for fact, verdict in _verdicts(known, Conclusion.DISQUALIFIED):
        by_loss.setdefault(verdict.finding.loss, []).append(fact)
    found = []
    for loss, facts in by_loss.items():
        until = _found_alive(known, loss, facts)
        if until is not None:
            wrong = [fact for fact in facts if fact.on <= until]
            found.append(_mistake(MistakeKind.FALSE_DISQUALIFIED, known, wrong, until, loss))
    return found


def _found_alive(known: Known, loss: Evidence | None, facts: Sequence[Fact]) -> date | None:
    """The first day on which a ruling, or a PASS that no later statement of an earlier loss undoes, said so."""
    rulings = [day for fact in facts for day in [known.ruled_wrong.get(_month(fact))] if day is not None]
    if (
        loss is not None and loss in known.quarantined
    ):  # a verdict that was assessed before the ruling may come out after it
        rulings.append(max(known.quarantined[loss], facts[0].on))
    passes = [
        later.on
        for later in known.facts
        if later.version > facts[0].version and _passes(later) and later.version not in known.without_ground
        if not any(_lost(other, later) for other in known.facts)
    ]
    return min([*rulings, *passes], default=None)


def _passes(fact: Fact) -> bool:
    """Whether it says that the person lives; the ruling that withdrew a termination did."""
    passed = isinstance(fact.fact, Certification) and fact.fact.result is CertificationResult.PASS
    return passed or isinstance(fact.fact, Withdrawal)


def _lost(other: Fact, passed: Fact) -> bool:
    """Whether it says, after the PASS, that the person had been lost by then."""
    event = _event(other)
    return event is not None and other.version > passed.version and event <= passed.on


def _event(fact: Fact) -> date | None:
    match fact.fact:
        case Termination(occurred_on=day) | Certification(result=CertificationResult.FAIL, occurred_on=day):
            return day
        case _:
            return None


def _missed_death(known: Known) -> list[Mistake]:
    """The death that stands, if the data went on saying QUALIFIED. PENDING asks a human, and misses nothing."""
    statements = _deaths(known)
    if not statements or (died := _event(statements[-1])) is None:
        return []
    told = statements[0]
    wrong = [
        fact
        for fact, verdict in _verdicts(known, Conclusion.QUALIFIED)
        if fact.version < told.version and verdict.month >= Month.of(died)
    ]
    if not wrong:
        return []
    seen = [
        fact.on
        for fact, _ in _verdicts(known, Conclusion.DISQUALIFIED)
        if wrong[0].version < fact.version < told.version
    ]
    until = min([told.on, *seen])
    wrong = [fact for fact in wrong if fact.on <= until]
    first = wrong[0].fact
    assert isinstance(first, Verdict)
    return [_mistake(MistakeKind.MISSED_DEATH, known, wrong, until, first.finding.activity)]


def _deaths(known: Known) -> list[Fact]:
    """The statements since the last PASS that the person has died: known since the first, of the day in the last."""
    found: list[Fact] = []
    for fact in known.facts:
        if _passes(fact):
            found = []
        elif _status(fact) is SurvivalStatus.DECEASED:
            found.append(fact)
    return found


def _status(fact: Fact) -> SurvivalStatus | None:
    match fact.fact:
        case Termination(cause=status) | Certification(survival_status=status):
            return status
        case _:
            return None


def _verdicts(known: Known, conclusion: Conclusion) -> Iterable[tuple[Fact, Verdict]]:
    for fact in known.facts:
        if isinstance(fact.fact, Verdict) and fact.fact.conclusion is conclusion:
            yield fact, fact.fact


def _month(fact: Fact) -> Month:
    assert isinstance(fact.fact, Verdict)
    return fact.fact.month


def _mistake(kind: MistakeKind, known: Known, wrong: Sequence[Fact], until: date, evidence: Evidence | None) -> Mistake:
    months = tuple(_month(fact) for fact in wrong)
    return Mistake(kind, known.beneficiary_id, known.unit_id, months, wrong[0].on, until, evidence)


@dataclass(frozen=True, slots=True)
class Stood:
    """How long mistakes stood, in days: all together, half of them no longer than, and the longest."""

    total: int
    median: float
    longest: int


def stood(found: Sequence[Mistake]) -> Stood:
    days = [mistake.days for mistake in found] or [0]
    return Stood(sum(days), float(median(days)), max(days))
