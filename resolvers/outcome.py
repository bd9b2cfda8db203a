"""What a submission came to."""

from __future__ import annotations

from dataclasses import dataclass

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
