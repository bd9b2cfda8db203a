"""Contact data: what a complete one is, and what cannot be one. Notice 附7."""

from __future__ import annotations

import re
from dataclasses import fields

from domain import identity
from domain.record import record
from domain.text import problem

_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?[2-8]\d{6,7}(-\d{1,6})?", re.ASCII)
# However they are grouped, and in wide digits as well; what is a part of a longer number is none.
_ID_NUMBER_WITHIN = re.compile(r"(?<!\d)(?:\d ?){17}[\dXxＸｘ](?![\dXxＸｘ])|(?<!\d)\d{15}(?!\d)")
_PHONE_WITHIN = re.compile(r"(?<!\d)(?:[1１][3-9３-９]\d[ -]?\d{4}[ -]?\d{4}|[0０]\d{2,3}-?[2-8２-８]\d{6,7})(?!\d)")
_ADDRESS_LENGTH = range(4, 201)


@record
class Contact:
    """Phone, household address (户口所在地) and residence address; None is missing, or in an edit: untouched."""

    phone: str | None = None
    household_address: str | None = None
    residence_address: str | None = None

    @property
    def complete(self) -> bool:
        return self.phone is not None and self.household_address is not None and self.residence_address is not None

    def missing(self) -> list[str]:
        return [field.name for field in fields(self) if getattr(self, field.name) is None]

    def edited(self, edit: Contact) -> Contact:
        """This contact with what the edit gives."""
        if edit == UNTOUCHED:
            return self
        pairs = ((getattr(edit, f.name), getattr(self, f.name)) for f in fields(self))
        return Contact(*(old if new is None else new for new, old in pairs))

    def trimmed(self) -> Contact:
        if self == UNTOUCHED:
            return self
        values = (getattr(self, f.name) for f in fields(self))
        return Contact(*(value if value is None else value.strip() for value in values))

    def masked(self) -> Contact:
        """As shown outside the person's own unit: 138****5678, and of an address no more than where it begins."""
        phone = self.phone and _phone_masked(self.phone)
        return Contact(phone, _beginning(self.household_address), _beginning(self.residence_address))

    def invalid(self) -> list[str]:
        """The fields that cannot be saved."""
        checks = {"phone": is_phone, "household_address": is_address, "residence_address": is_address}
        return [
            name for name, check in checks.items() if (value := getattr(self, name)) is not None and not check(value)
        ]


UNTOUCHED = Contact()


def numbers_masked(text: str) -> str:
    """What somebody has written, with whole ID numbers and phone numbers in it as those fields show them."""
    shorter = _ID_NUMBER_WITHIN.sub(lambda found: identity.masked(identity.normalised(found[0])), text)
    return _PHONE_WITHIN.sub(lambda found: _phone_masked(found[0]), shorter)


def _phone_masked(phone: str) -> str:
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"


def _beginning(address: str | None) -> str | None:
    return address and f"{address[:6]}****"


def is_phone(text: str) -> bool:
    """A mobile number of 11 digits, or a line with its area code: 0532-85911234."""
    return _PHONE.fullmatch(text) is not None


def is_address(text: str) -> bool:
    return len(text) in _ADDRESS_LENGTH and problem(text) is None
