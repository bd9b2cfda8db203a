"""A refusal is data: which row and field stands in the way, and by which rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ErrorCode(StrEnum):
    """Why nothing was saved. The words stand in the message catalogue under `error.<code>`."""

    NOT_FOUND = "NOT_FOUND"
    CONTACT_INCOMPLETE = "CONTACT_INCOMPLETE"
    INVALID_CONTACT = "INVALID_CONTACT"
    VERDICT_NOT_QUALIFIED = "VERDICT_NOT_QUALIFIED"
    REASON_REQUIRED = "REASON_REQUIRED"
    OCCURRED_ON_REQUIRED = "OCCURRED_ON_REQUIRED"
    INVALID_OCCURRED_ON = "INVALID_OCCURRED_ON"
    INVALID_CAUSE = "INVALID_CAUSE"
    INVALID_TEXT = "INVALID_TEXT"
    HANDLER_REQUIRED = "HANDLER_REQUIRED"
    DISQUALIFIED_NOT_ACKNOWLEDGED = "DISQUALIFIED_NOT_ACKNOWLEDGED"
    STALE_VERSION = "STALE_VERSION"
    ALREADY_TERMINATED = "ALREADY_TERMINATED"
    EMPTY_PAGE = "EMPTY_PAGE"
    TOO_MANY_ROWS = "TOO_MANY_ROWS"
    DUPLICATE_ROW = "DUPLICATE_ROW"
    NOTHING_TO_REINSTATE = "NOTHING_TO_REINSTATE"
    PASS_REQUIRED_FIRST = "PASS_REQUIRED_FIRST"
    REINSTATEMENT_OPEN = "REINSTATEMENT_OPEN"
    DOCUMENT_REQUIRED = "DOCUMENT_REQUIRED"
    INVALID_DOCUMENT = "INVALID_DOCUMENT"
    REVIEWER_IS_SUBMITTER = "REVIEWER_IS_SUBMITTER"
    ALREADY_REVIEWED = "ALREADY_REVIEWED"
    CLOCK_BEHIND = "CLOCK_BEHIND"
    NOTHING_OWED = "NOTHING_OWED"
    INVALID_AMOUNT = "INVALID_AMOUNT"
    NOT_DECLARED_DEAD = "NOT_DECLARED_DEAD"
    OBJECTION_OPEN = "OBJECTION_OPEN"
    ALREADY_DECIDED = "ALREADY_DECIDED"
    NOT_THE_OWNER = "NOT_THE_OWNER"
    OWN_CASE = "OWN_CASE"
    PROOF_REQUIRED = "PROOF_REQUIRED"
    INVALID_RECORD = "INVALID_RECORD"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
    BAD_CREDENTIALS = "BAD_CREDENTIALS"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    SECOND_FACTOR_REQUIRED = "SECOND_FACTOR_REQUIRED"
    BAD_SECOND_FACTOR = "BAD_SECOND_FACTOR"
    SECOND_FACTOR_NOT_ENROLLED = "SECOND_FACTOR_NOT_ENROLLED"
    BAD_REFRESH_TOKEN = "BAD_REFRESH_TOKEN"


@dataclass(frozen=True, slots=True)
class Refusal:
    """One obstacle. `path` leads to the field of the input; `facts` fill the message and hold no personal data."""

    code: ErrorCode
    path: tuple[str, ...]
    reference: str | None = None
    """The row's id as the client wrote it."""
    facts: dict[str, str | int] = field(default_factory=dict)
    about: str = ""
    """Which words tell it, where a code has several: `error.<code>.<about>`."""
