"""Citizen ID numbers: GB 11643."""

import re
from datetime import date

_FORM = re.compile(r"\d{17}[\dX]", re.ASCII)
_ANY_FORM = re.compile(r"\d{17}[\dX]|\d{15}", re.ASCII)
_WEIGHTS = tuple(2**place % 11 for place in range(17, 0, -1))
_CHECK_DIGITS = "10X98765432"


def normalised(text: str) -> str:
    """The number as it is kept: no blanks, a capital X."""
    return "".join(text.split()).upper()


def is_number(text: str) -> bool:
    """Whether this has the shape of an ID number: 18 characters, or the 15 of the first generation."""
    return _ANY_FORM.fullmatch(text) is not None


def check_digit(first17: str) -> str:
    """The 18th character, after ISO 7064 MOD 11-2."""
    return _CHECK_DIGITS[sum(w * int(d) for w, d in zip(_WEIGHTS, first17, strict=True)) % 11]


def is_valid(text: str) -> bool:
    """Whether the number keeps GB 11643: shape, day of birth and check digit. A legacy number need not."""
    if not _FORM.fullmatch(text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return check_digit(text[:17]) == text[17]


def masked(text: str) -> str:
    """The number without the day of birth: `3702**********1234`, of a first-generation one only the last three."""
    shown = 4 if len(text) == 18 else 3
    return f"{text[:4]}{'*' * (len(text) - 4 - shown)}{text[-shown:]}"
