"""What a month's data concludes about a person (大数据认证结论). Notice 一(三), 附6."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from domain.month import Month
from domain.policy import Policy
from domain.record import record
from domain.vocabulary import Category, Conclusion, EvidenceClass

LIFE = (EvidenceClass.C, EvidenceClass.B, EvidenceClass.A)
"""Signs of life, weakest first."""


_QUALIFIED = Conclusion.QUALIFIED  # a page asks everybody on it, and Python 3.11 looks members up by a function
_CERTAIN = {"loss": Conclusion.DISQUALIFIED, "life": Conclusion.QUALIFIED}
"""What the data leaves no doubt about, by the rule; every other rule leaves it to the unit."""


class Rule(StrEnum):
    """Which rule concluded. Its words stand in the message catalogue under `verdict.<rule>`."""

    conclusion: Conclusion

    def __init__(self, name: str) -> None:
        self.conclusion = _CERTAIN.get(name, Conclusion.PENDING)

    LOSS = "loss"
    LOSS_CONTRADICTED = "loss_contradicted"
    LOSS_ANSWERED = "loss_answered"
    INDIRECT_LOSS = "indirect_loss"
    LIFE = "life"
    LENDABLE_ONLY = "lendable_only"
    OUT_OF_DATE = "out_of_date"
    NOTHING = "nothing"

    @property
    def rests_on_loss(self) -> bool:
        """Whether a PASS on such a verdict answers the primary loss records that it knew."""
        return self in (Rule.LOSS, Rule.LOSS_CONTRADICTED, Rule.LOSS_ANSWERED)


@dataclass(frozen=True, slots=True)
class Record:
    """One piece of evidence. What counts is `occurred_on`; `received_at` only says what a unit could answer."""

    kind: str
    occurred_on: date
    received_at: datetime
    found_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A record as a verdict names it: the kind and the day."""

    kind: str
    occurred_on: date


@dataclass(frozen=True, slots=True)
class Finding:
    """A month's conclusion with the rule and the facts behind it."""

    rule: Rule
    loss: Fact | None = None
    activity: Fact | None = None

    @property
    def conclusion(self) -> Conclusion:
        return self.rule.conclusion


@record
class Verdict:
    """A finding as it was published."""

    month: Month
    finding: Finding
    published_on: date
    assessed_at: datetime
    answered: bool = False

    @property
    def conclusion(self) -> Conclusion:
        return self.finding.rule.conclusion

    @property
    def open(self) -> bool:
        """Whether the unit still owes an answer. Notice 附6, 四(二)."""
        return not self.answered and self.finding.rule.conclusion is not _QUALIFIED

    @property
    def answer_by(self) -> date | None:
        """The last day of the month of publication. Notice 附6."""
        return _last_day_of_month(self.published_on) if self.open else None


@lru_cache(maxsize=4096)  # a page asks for the same few of them
def _last_day_of_month(day: date) -> date:
    return Month.of(day).last_day


def conclude(
    category: Category,
    month: Month,
    records: Iterable[Record],
    policy: Policy,
    losses_answered_through: datetime | None = None,
    quarantined: Collection[Fact] = (),
) -> Finding:
    """Conclude from the evidence dated up to the end of the month. Notice 一(三), 附6.

    Loss records received up to `losses_answered_through` were answered by the unit with PASS. What is `quarantined` was
    found false for this person: no record of that kind and day counts, under whatever reference it comes again.
    `storage/assessment.py` says the same over whole populations; a property test holds the two together.
    """
    counting = (r for r in records if not r.found_wrong and Fact(r.kind, r.occurred_on) not in quarantined)
    known = [r for r in counting if r.occurred_on <= month.last_day]
    by_class = {c: [r for r in known if policy.evidence_class.get(r.kind) is c] for c in EvidenceClass}
    window = (month - (policy.evidence_window[category] - 1)).first_day
    return _on_loss(by_class, losses_answered_through, policy) or _on_life(by_class, window, policy)


def _on_loss(
    by_class: dict[EvidenceClass, list[Record]], answered_through: datetime | None, policy: Policy
) -> Finding | None:
    losses, indirect = by_class[EvidenceClass.D], by_class[EvidenceClass.E]
    seen = _latest(by_class[EvidenceClass.A] + by_class[EvidenceClass.B], policy)
    last_sign = _latest([r for c in LIFE for r in by_class[c]], policy)

    def stands(loss: Record) -> bool:
        answered = answered_through is not None and loss.received_at <= answered_through
        return not answered and (seen is None or seen.occurred_on <= loss.occurred_on)

    if standing := [loss for loss in losses if stands(loss)]:
        return Finding(Rule.LOSS, _latest(standing, policy), last_sign)
    if loss := _latest(losses, policy):
        contradicted = seen is not None and seen.occurred_on > loss.occurred_on
        return Finding(
            Rule.LOSS_CONTRADICTED if contradicted else Rule.LOSS_ANSWERED,
            loss,
            seen if contradicted else last_sign,
        )
    if hint := _latest(indirect, policy):
        return Finding(Rule.INDIRECT_LOSS, hint, last_sign)
    return None


def _on_life(by_class: dict[EvidenceClass, list[Record]], window: date, policy: Policy) -> Finding:
    recent = {c: [r for r in by_class[c] if r.occurred_on >= window] for c in LIFE}
    lendable = recent[EvidenceClass.C]
    qualifying = recent[EvidenceClass.A] + recent[EvidenceClass.B]
    if _several(lendable, policy.lendable_minimum):
        qualifying = qualifying + lendable
    last_sign = _latest([r for c in LIFE for r in by_class[c]], policy)
    if qualifying:
        return Finding(Rule.LIFE, activity=_latest(qualifying, policy))
    if lendable:
        return Finding(Rule.LENDABLE_ONLY, activity=last_sign)
    return Finding(Rule.OUT_OF_DATE if last_sign else Rule.NOTHING, activity=last_sign)


def _several(records: list[Record], minimum: int) -> bool:
    """Two kinds or two dates: a card that is lent once does not qualify."""
    kinds, dates = {r.kind for r in records}, {r.occurred_on for r in records}
    return len(kinds) >= minimum or len(dates) >= minimum


def _latest(records: list[Record], policy: Policy) -> Fact | None:
    """The latest record; of one day the strongest class, then the last kind by name."""
    key = max(
        ((r.occurred_on, -ord(policy.evidence_class[r.kind]), r.kind) for r in records),
        default=None,
    )
    return Fact(key[2], key[0]) if key else None
