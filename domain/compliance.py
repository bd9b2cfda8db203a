"""No favours (人情认证): which passes the agency looks at, how many at random, and what it decides. Notice 四(四)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from statistics import NormalDist

from domain.certification import Certification
from domain.policy import Policy
from domain.refusal import ErrorCode, Refusal
from domain.text import is_blank, problem
from domain.vocabulary import Method


class ReviewKind(StrEnum):
    """Why the agency looks: an act against the data, a signal, or chance."""

    AGAINST_DISQUALIFIED = "AGAINST_DISQUALIFIED"
    BATCH_ACKNOWLEDGED = "BATCH_ACKNOWLEDGED"
    AFTER_DEATH_RECORD = "AFTER_DEATH_RECORD"
    FASTER_THAN_READ = "FASTER_THAN_READ"
    ALL_PASSED = "ALL_PASSED"
    ONE_HANDLER = "ONE_HANDLER"
    RECHECK = "RECHECK"


class ReviewStatus(StrEnum):
    """OPEN until it is decided, and that for good."""

    OPEN = "OPEN"
    DECIDED = "DECIDED"


class ReviewOutcome(StrEnum):
    """What the officer found."""

    IN_ORDER = "IN_ORDER"
    WITHOUT_GROUND = "WITHOUT_GROUND"
    TO_INVESTIGATE = "TO_INVESTIGATE"


class AnswerAgainStatus(StrEnum):
    """Whether the unit has stated anew what it passed without ground: until when it has time, and after that."""

    AWAITED = "AWAITED"
    OVERDUE = "OVERDUE"
    ANSWERED = "ANSWERED"


@dataclass(frozen=True, slots=True)
class Finding:
    """What an officer decides about a review."""

    outcome: ReviewOutcome
    reason: str


def kind_of(act: Certification) -> ReviewKind | None:
    """The review that an act opens by itself. Notice 三(二), 附9, 四(四)."""
    if not act.opens_review:
        return None
    batch = act.method is Method.BATCH_PASS
    return ReviewKind.BATCH_ACKNOWLEDGED if batch else ReviewKind.AGAINST_DISQUALIFIED


def finding_obstacles(
    finding: Finding, *, decided: bool, own: bool, own_act: bool, opened_on: date, today: date
) -> list[Refusal]:
    """A review is decided once, for a reason, and not before the day of its opening.

    By nobody whom it is about (`own`), and by nobody who gave the PASS, by a ruling, that it is about (`own_act`).
    """
    path = ("input", "reviewId")
    if decided:
        return [Refusal(ErrorCode.ALREADY_DECIDED, path)]
    if own:
        return [Refusal(ErrorCode.OWN_CASE, path)]
    if own_act:
        return [Refusal(ErrorCode.REVIEWER_IS_SUBMITTER, path, about="ruling")]
    if today < opened_on:
        return [Refusal(ErrorCode.CLOCK_BEHIND, path)]
    if is_blank(finding.reason):
        return [Refusal(ErrorCode.REASON_REQUIRED, ("input", "reason"), about="finding")]
    return [Refusal(ErrorCode.INVALID_TEXT, ("input", "reason"))] if problem(finding.reason) else []


def answer_by(finding: Finding, *, of_an_act: bool, policy: Policy, today: date) -> date | None:
    """By when the unit is to state the person's survival status anew; payment goes on until a human's FAIL. 四(二)."""
    asks = of_an_act and finding.outcome is ReviewOutcome.WITHOUT_GROUND
    return today + timedelta(days=policy.answer_again_days) if asks else None


ANSWERING = (Method.CONFIRM, Method.OVERRIDE, Method.SELF, Method.SERVICE_WINDOW)
"""What answers a unit that was asked anew: somebody stated this person's status, or has seen them (also a ruling).

An edited phone number and a page passed as a whole say nothing of the one person. Notice 四(四).
"""


def answer_again(answer_by: date | None, *, answered: bool, today: date) -> AnswerAgainStatus | None:
    """How far the answer has come; None where none is asked for. `storage/compliance.py` says the same as SQL."""
    if answer_by is None:
        return None
    if answered:
        return AnswerAgainStatus.ANSWERED
    return AnswerAgainStatus.OVERDUE if answer_by < today else AnswerAgainStatus.AWAITED


def sample_size(population: int, margin: float, confidence: float) -> int:
    """How many of so many must be looked at to know a share to within the margin, as surely as said.

    Cochran's formula at the share that asks for most, one half, with the correction for a finite population.
    """
    if population == 0:
        return 0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    unbounded = z * z / (4 * margin * margin)
    return min(population, math.ceil(unbounded / (1 + (unbounded - 1) / population)))


def drawn(seed: str, people: Iterable[int], size: int) -> list[int]:
    """So many of the people, by the digest of seed and id: whoever knows the seed draws the same, in any order."""
    return sorted(people, key=lambda id: sha256(f"{seed}:{id}".encode()).digest())[:size]
