"""What a unit sends in: rows, each with what was typed into it, under one handler (经办人). Notice 附7, 附8."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.contact import Contact
from domain.refusal import ErrorCode, Refusal
from domain.text import is_blank, problem
from domain.vocabulary import SurvivalStatus

_HANDLER_LONGEST = 100


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


def obstacles_of_handler(handler: Handler) -> Iterator[Refusal]:
    """Every submission carries the handler's name and contact. Notice 附8."""
    for name in ("name", "contact"):
        value, path = getattr(handler, name), ("input", "handler", name)
        if is_blank(value):
            yield Refusal(ErrorCode.HANDLER_REQUIRED, path)
        elif problem(value, _HANDLER_LONGEST):
            yield Refusal(ErrorCode.INVALID_TEXT, path)
