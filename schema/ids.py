"""Global ids: opaque to clients, a kind and its key to us. Malformed, unknown and foreign ones are answered alike."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

import strawberry

from domain.certification import Certification
from domain.history import Fact, Reinstated
from domain.verdict import Verdict
from storage.histories import month_number

_LARGEST = 2**62  # well within a bigint, its successor included
_LONGEST = 100


class Kind(StrEnum):
    UNIT = "Unit"
    BENEFICIARY = "Beneficiary"
    VERDICT = "Verdict"
    CERTIFICATION = "Certification"
    REINSTATEMENT = "Reinstatement"
    OBJECTION = "Objection"
    COMPLIANCE_REVIEW = "ComplianceReview"
    VERDICT_MISTAKE = "VerdictMistake"
    """Its position is the month of the first wrong verdict."""
    CERTIFICATION_PERIOD = "CertificationPeriod"
    """As it was opened."""
    PERIOD_IN_FORCE = "PeriodInForce"
    """As it stands, which may end earlier; its position is its first month."""
    OVERPAYMENT = "Overpayment"
    """Its key is the person's."""
    AUDIT_ENTRY = "AuditEntry"
    WARNING = "Warning"
    RECHECK_DRAW = "RecheckDraw"
    VERDICT_QUALITY = "VerdictQuality"
    """What was asked, as one number; its position is the number of the month, unit, source or class."""


_KINDS = {kind.value: kind for kind in Kind}
_OF_HISTORY = {
    Kind.VERDICT,
    Kind.VERDICT_MISTAKE,
    Kind.CERTIFICATION,
    Kind.CERTIFICATION_PERIOD,
    Kind.PERIOD_IN_FORCE,
    Kind.VERDICT_QUALITY,
}


class Key(NamedTuple):
    """The row's id, and for an entry of its history the position there."""

    kind: Kind
    id: int
    position: int | None = None

    def words(self) -> str:
        """As the trail names it: `Beneficiary 7`."""
        return " ".join(map(str, (part for part in self if part is not None)))


def nowhere(place: int) -> Key:
    """What a malformed id is read as, another at each place: it is looked for like any other, and is not there."""
    return Key(Kind.BENEFICIARY, -place)


def encode(kind: Kind, id: int, position: int | None = None) -> str:
    key = f"{kind._value_}:{id}"
    return _as_text(key if position is None else f"{key}:{position}")


def encoder(kind: Kind) -> Callable[[int], strawberry.ID]:
    """`encode` of one kind, for pages: what all its ids begin with is written once, three letters as four."""
    head = f"{kind}:".encode()
    whole = len(head) - len(head) % 3
    begun, rest = binascii.b2a_base64(head[:whole], newline=False).decode(), head[whole:] + b"%d"

    def encoded(id: int) -> strawberry.ID:
        text: strawberry.ID = begun + binascii.b2a_base64(rest % id, newline=False).decode()  # type: ignore[assignment]
        return text

    return encoded


def decode(text: str) -> Key | None:
    name, *numbers = unpack(text) or ("",)
    kind = _KINDS.get(name)
    return Key(kind, *map(int, numbers)) if kind and len(numbers) == 1 + (kind in _OF_HISTORY) else None


def beneficiary(text: str) -> int | None:
    """The id of a beneficiary; None for anything else."""
    return of_kind(Kind.BENEFICIARY, text)


def row_of(key: Key | None) -> int:
    """The beneficiary's row behind a key; 0, which nobody has, behind any other."""
    return key.id if key is not None and key.kind is Kind.BENEFICIARY else 0


def of_kind(kind: Kind, text: str) -> int | None:
    """The id of something of that kind; None for anything else."""
    key = decode(text)
    return key.id if key and key.kind is kind else None


def of_ground(beneficiary_id: int, ground: object) -> str | None:
    """The id of a fact that can be fetched by itself."""
    match ground:
        case Fact(fact=Verdict() as verdict):
            return encode(Kind.VERDICT, beneficiary_id, month_number(verdict.month))
        case Fact(fact=Certification(), version=version):
            return encode(Kind.CERTIFICATION, beneficiary_id, version)
        case Fact(fact=Reinstated() as case):
            return encode(Kind.REINSTATEMENT, case.case_id)
        case _:
            return None


def part(kind: str, *place: int, text: str = "") -> strawberry.ID:
    """The id of something that is no node: the same wherever the same is shown, so that a client's cache may go by it.

    `place` says where it belongs; `text` tells it from others at that place.
    """
    numbers = (*place, int.from_bytes(blake2b(text.encode(), digest_size=7).digest())) if text else place
    return strawberry.ID(pack(kind, *numbers))


def pack(kind: str, *numbers: int) -> str:
    return _as_text(":".join([kind, *map(str, numbers)]))


def _as_text(key: str) -> str:
    """In base64 as URLs have it: of letters, digits and colons that is plain base64."""
    return binascii.b2a_base64(key.encode(), newline=False).decode()


def unpack(text: str) -> list[str] | None:
    """The kind and the numbers behind it, each within the range of a bigint; None where it is not of this form."""
    if len(text) > _LONGEST:
        return None
    try:
        kind, *numbers = (
            base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True).decode("ascii").split(":")
        )
    except (ValueError, binascii.Error):
        return None
    if not all(number.isdigit() and int(number) <= _LARGEST for number in numbers):
        return None
    return [kind, *numbers] if pack(kind, *map(int, numbers)) == text else None
