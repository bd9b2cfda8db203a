"""Money: decimal yuan with two places, never a float."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.month import Month

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Rate:
    """A monthly amount from a month on, until the next one begins; `known_from` is when it was announced."""

    start: Month
    amount: Decimal
    known_from: datetime


def rate_of(rates: Iterable[Rate], month: Month) -> Rate | None:
    """The rate of that month among those known: the latest that has begun."""
    return max((r for r in rates if r.start <= month), key=lambda r: r.start, default=None)
