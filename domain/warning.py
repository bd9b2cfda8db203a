"""What people and units are warned of, and how often somebody tries to tell them. Notice 三(一), 三(二), 四(二)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.month import Month
from domain.vocabulary import SurvivalStatus


class WarningKind(StrEnum):
    """Why somebody is warned. The words stand in the message catalogue under `warning.<kind>`."""

    WINDOW_ENTERED = "WINDOW_ENTERED"
    LAPSED = "LAPSED"
    SUSPENDED = "SUSPENDED"
    REINSTATED = "REINSTATED"
    ANSWER_OVERDUE = "ANSWER_OVERDUE"
    ANSWER_AGAIN_OVERDUE = "ANSWER_AGAIN_OVERDUE"


class Audience(StrEnum):
    """Who is told: the person, or the unit that owes an answer."""

    PERSON = "PERSON"
    UNIT = "UNIT"


class DeliveryState(StrEnum):
    """WAITING until one of the others.

    WITHDRAWN: the person was recorded dead before it went out; WAITING again where that was false.
    OVERTAKEN: what it tells was so no more.
    """

    WAITING = "WAITING"
    SENT = "SENT"
    GIVEN_UP = "GIVEN_UP"
    WITHDRAWN = "WITHDRAWN"
    OVERTAKEN = "OVERTAKEN"


_PAUSES = (1, 5, 30, 120, 360, 720, 1440)  # minutes after the first, second, … failure
LEASE = timedelta(minutes=5)
"""How long a worker may take to send what it has taken; then another tries, under the same id."""
STALE = timedelta(days=7)
"""A warning that could not go out by then would only confuse."""


def retry_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed attempts; None: give up."""
    return timedelta(minutes=_PAUSES[attempts - 1]) if attempts <= len(_PAUSES) else None


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out: about one person, or to a unit about `people` of its own. `month` is that of the warning."""

    id: UUID
    kind: WarningKind
    audience: Audience
    month: Month
    people: int
    """Of whom it is still true; nobody: then it does not go out."""
    status: SurvivalStatus | None
    """SUSPENDED: what was stated of the person."""
    made_at: datetime
