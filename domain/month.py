"""The civil month, and all of its arithmetic."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_FORM = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


class _Fields(NamedTuple):
    year: int
    month: int


class Month(_Fields):
    """A month of the calendar in Asia/Shanghai, written `2019-06`. A tuple: a page of people compares hundreds."""

    __slots__ = ()

    def __new__(cls, year: int, month: int) -> Month:
        if not (1 <= year <= 9999 and 1 <= month <= 12):
            raise ValueError(f"no such month: year {year}, month {month}")
        return super().__new__(cls, year, month)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read `YYYY-MM`; raise ValueError for anything else."""
        match = _FORM.fullmatch(text)
        if match is None:
            raise ValueError("a month is written YYYY-MM, such as 2019-06")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        return _month(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return _last_day(self.year, self.month)

    def day(self, number: int) -> date:
        """The given day, or the last one of a shorter month."""
        return self.first_day.replace(day=min(number, self.last_day.day))

    def __add__(self, months: int) -> Month:  # type: ignore[override]  # of tuples; nobody joins two months
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return _month(year, month + 1)

    def __sub__(self, months: int) -> Month:
        return self + -months

    def __str__(self) -> str:
        return _text(self.year, self.month)


# A service meets the same few hundred months millions of times.


@lru_cache(maxsize=4096)
def _month(year: int, month: int) -> Month:
    return Month(year, month)


@lru_cache(maxsize=4096)
def _text(year: int, month: int) -> str:
    return f"{year:04}-{month:02}"


@lru_cache(maxsize=4096)
def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def months(first: Month, last: Month) -> Iterator[Month]:
    """Every month from the first to the last, both included."""
    while first <= last:
        yield first
        first = first + 1
