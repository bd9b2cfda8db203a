"""What a submission came to, and the same as JSON: an idempotency key replays the first answer to the letter."""

from __future__ import annotations

import json
from dataclasses import dataclass

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
    withdrawn: int = 0
    """Rows that passed although a FAIL stood."""
    refusals: tuple[Refusal, ...] = ()

    def to_json(self) -> str:
        """ASCII: an id that a client made up may hold what UTF-8 cannot write."""
        return json.dumps(_FORM.dump_python(self, mode="json"))

    @classmethod
    def from_json(cls, written: str) -> Outcome:
        return _FORM.validate_python(json.loads(written))


_FORM = TypeAdapter(Outcome)
