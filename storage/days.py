"""Days and instants of a row, read as numbers: the driver makes a date in three times the time of a number, and an
instant in thirty times.

A page has hundreds of them, of which most are the same few, so what is made of one is remembered.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from domain.month import Month
from domain.remembered import Remembered

_LIFETIMES = 100_000  # days


def number(column: str) -> str:
    """The SQL by which a column of days is read."""
    return f"{column} - date '0001-01-01'"


def seconds(column: str) -> str:
    """The SQL by which a column of instants is read: since 1970, exact to the microsecond for centuries."""
    return f"date_part('epoch', {column})"


def _day(number: int) -> date:
    return date.fromordinal(number + 1)


DATES: Remembered[int, date] = Remembered(_day, most=_LIFETIMES)
MONTHS: Remembered[int, Month] = Remembered(lambda number: Month.of(_day(number)), most=_LIFETIMES)
INSTANTS: Remembered[float, datetime] = Remembered(lambda seconds: datetime.fromtimestamp(seconds, UTC))
