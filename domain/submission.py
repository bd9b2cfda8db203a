"""What a unit sends in: rows, each with what was typed into it, under one handler (经办人). Notice 附7, 附8."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.contact import Contact
from domain.vocabulary import SurvivalStatus


class Act(StrEnum):
    """What the unit does with the rows; the names are those of the API's mutations."""

    CONFIRM = "confirmCertification"
    OVERRIDE = "overrideVerdict"
    SUBMIT = "submitCertifications"
    BATCH_PASS = "batchPass"
    UPDATE_CONTACT = "updateContact"
    TERMINATE = "terminateBenefit"


@dataclass(frozen=True, slots=True)
class Handler:
    name: str
    contact: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row as the handler sent it. `id` is None where `reference` leads nowhere."""

    reference: str
    id: int | None
    path: tuple[str, ...]
    version: int | None = None
    survival_status: SurvivalStatus = SurvivalStatus.NORMAL
    occurred_on: date | None = None
    reason: str | None = None
    contact: Contact = field(default_factory=Contact)


@dataclass(frozen=True, slots=True)
class Submission:
    act: Act
    entries: tuple[Entry, ...]
    handler: Handler
    reason: str | None = None
    """Batch pass: why the acknowledged rows pass."""
    acknowledged: frozenset[str] = frozenset()
    """Batch pass: the ids of the DISQUALIFIED rows that the handler means to pass."""
    idempotency_key: str | None = None
