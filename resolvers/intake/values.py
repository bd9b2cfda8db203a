"""How the values of a file are read. A ValueError's text is the reason a clerk is shown; it never repeats the value."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from domain import identity
from domain.contact import is_address, is_phone
from domain.month import Month
from domain.text import problem
from resolvers.intake.reading import Doubt

E = TypeVar("E", bound=StrEnum)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AMOUNT = re.compile(r"\d{1,10}(\.\d{1,2})?", re.ASCII)
_SI_NUMBER = re.compile(r"[0-9A-Za-z-]{1,32}")
_NAME_LONGEST = 100
_REFERENCE_LONGEST = 100
_USERNAME = re.compile(r"[0-9A-Za-z._@-]{1,64}(/[0-9A-Za-z._@-]{1,64})?")


def text(longest: int = _NAME_LONGEST) -> Callable[[str], str]:
    def read(value: str) -> str:
        if not value:
            raise ValueError("is empty")
        if found := problem(value, longest):
            raise ValueError(
                f"is longer than {longest} characters"
                if found == "too_long"
                else "holds characters that are not text (is the file UTF-8?)"
            )
        return value

    return read


def optional(read: Callable[[str], E | str | Month]) -> Callable[[str], E | str | Month | None]:
    return lambda value: read(value) if value else None


def choice(kind: type[E]) -> Callable[[str], E]:
    known = {member.value: member for member in kind}

    def read(value: str) -> E:
        if value not in known:
            raise ValueError(f"is not one of {', '.join(known)}")
        return known[value]

    return read


def one_of(known: set[str], what: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in known:
            raise ValueError(f"is not a {what} that the policy knows")
        return value

    return read


def si_number(value: str) -> str:
    if not _SI_NUMBER.fullmatch(value):
        raise ValueError("is not a social insurance number: up to 32 digits, letters or hyphens")
    return value


def username(value: str) -> str:
    if not _USERNAME.fullmatch(value):
        raise ValueError("is not a username: letters, digits and . _ @ -, for an operator after number/")
    return value


def id_number(value: str) -> str:
    """An ID number; one that fails GB 11643 is loaded with a warning: a typing rule costs nobody a pension."""
    number = identity.normalised(value)
    if not identity.is_number(number):
        raise ValueError("is not an ID number of 18 (or formerly 15) characters")
    if not identity.is_valid(number):
        raise Doubt(number, "fails GB 11643 (day of birth or check digit); loaded as it is")
    return number


def any_id_number(value: str) -> str:
    """An ID number where only its shape matters: of somebody who is known, or nobody."""
    if identity.is_number(value):
        return value
    number = identity.normalised(value)
    if not identity.is_number(number):
        raise ValueError("is not an ID number of 18 (or formerly 15) characters")
    return number


def phone(value: str) -> str | None:
    if value and not is_phone(value):
        raise Doubt(None, "is not a phone number; left empty for the unit to complete")
    return value or None


def address(value: str) -> str | None:
    if value and not is_address(value):
        raise Doubt(None, "is not an address (4 to 200 characters); left empty for the unit to complete")
    return value or None


def month(value: str) -> Month:
    try:
        return Month.parse(value)
    except ValueError:
        raise ValueError("is not a month; write YYYY-MM") from None


def month_until(last: Month) -> Callable[[str], date]:
    """A month, as its first day."""

    def read(value: str) -> date:
        found = month(value)
        if found > last:
            raise ValueError(f"lies after {last}, too far ahead")
        return found.first_day

    return read


def amount(value: str) -> Decimal:
    if not _AMOUNT.fullmatch(value):
        raise ValueError("is not an amount in yuan with at most two places")
    return Decimal(value)


def past_day(today: date) -> Callable[[str], date]:
    """A day from 1900 to today. The days of a file are few: each is read once."""
    known: dict[str, date] = {}

    def read(value: str) -> date:
        day = known.get(value)
        if day is None:
            day = known[value] = _day(value, today)
        return day

    return read


def _day(value: str, today: date) -> date:
    try:
        day = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError("is not a date; write YYYY-MM-DD")
    if day > today:
        raise ValueError("lies in the future")
    if day.year < 1900:
        raise ValueError("lies before 1900")
    return day
