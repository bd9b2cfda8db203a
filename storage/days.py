"""Days of a row, read as numbers: the driver makes a date in three times the time of a number.

A page has hundreds of days, of which most are the same few, so what is made of one is remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from domain.month import Month

T = TypeVar("T")


def number(column: str) -> str:
    """The SQL by which a column of days is read."""
    return f"{column} - date '0001-01-01'"


class _Remembered(dict[int, T]):
    """What is made of a day's number; a lifetime has some thirty thousand of them."""

    def __init__(self, made: Callable[[date], T]) -> None:
        super().__init__()
        self._made = made

    def __missing__(self, day: int) -> T:
        self[day] = found = self._made(date.fromordinal(day + 1))
        return found


DATES = _Remembered(lambda day: day)
MONTHS = _Remembered(Month.of)
