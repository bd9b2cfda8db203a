"""What a submission came to, and the same as JSON: an idempotency key replays the first answer to the letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from domain.refusal import Refusal
from domain.standing import Standing


@dataclass(frozen=True, slots=True)
class Outcome:
    """The rows as they now stand, or why nothing was saved."""

    standings: list[Standing]
    renewed: int = 0
    """Rows whose service period was opened anew."""
    confirmed: int = 0
    """Rows for which a certification was recorded."""
    refusals: tuple[Refusal, ...] = ()

    def to_json(self) -> dict[str, Any]:
        written: dict[str, Any] = _FORM.dump_python(self, mode="json")
        return written

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> Outcome:
        return _FORM.validate_python(written)


_FORM = TypeAdapter(Outcome)
