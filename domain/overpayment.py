"""Settling what was paid too much: by records beside the ledger, never in it. Rules 5.7."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.money import ZERO
from domain.month import Month
from domain.refusal import ErrorCode, Refusal
from domain.text import is_blank, problem


class SettlementKind(StrEnum):
    """How a part of an overpayment was settled; REFUNDED: what was collected, and turned out owed, was given back."""

    PAID_BACK = "PAID_BACK"
    INSTALMENT = "INSTALMENT"
    WAIVED = "WAIVED"
    REFUNDED = "REFUNDED"


@dataclass(frozen=True, slots=True)
class Settlement:
    """`amount` in yuan; PAID_BACK settles all that is outstanding, the others a part of it or all."""

    kind: SettlementKind
    amount: Decimal
    reason: str | None = None


def allocated(amount: Decimal, outstanding: Mapping[Month, Decimal]) -> dict[Month, Decimal]:
    """The amount spread over the months that are outstanding, the oldest first."""
    parts: dict[Month, Decimal] = {}
    for month in sorted(outstanding):
        part = min(amount, outstanding[month])
        if part > 0:
            parts[month] = part
            amount -= part
    return parts


def obstacles(
    settlement: Settlement, outstanding: Decimal, reference: str, *, provisional: Decimal = ZERO, own: bool = False
) -> Iterator[Refusal]:
    """What stands in the way of recording the settlement.

    `outstanding` is what it may settle, or give back; `provisional` what only a FAIL that still stands says, and nobody
    waives yet; `own` whether it is the officer who owes it: nobody decides about themself.
    """
    if own:
        yield Refusal(ErrorCode.OWN_CASE, ("input", "beneficiaryId"), reference)
        return
    about = "refund" if settlement.kind is SettlementKind.REFUNDED else ""
    waived, whole = settlement.kind is SettlementKind.WAIVED, settlement.kind is SettlementKind.PAID_BACK
    if outstanding <= 0:
        about = "provisional" if waived and provisional > 0 else about
        yield Refusal(ErrorCode.NOTHING_OWED, ("input", "beneficiaryId"), reference, about=about)
    elif not 0 < settlement.amount <= outstanding or (whole and settlement.amount != outstanding):
        facts: dict[str, str | int] = {"outstanding": str(outstanding)}
        yield Refusal(ErrorCode.INVALID_AMOUNT, ("input", "amount"), reference, facts, about)
    if waived and is_blank(settlement.reason):
        yield Refusal(ErrorCode.REASON_REQUIRED, ("input", "reason"), reference, about="waiver")
    elif settlement.reason is not None and problem(settlement.reason):
        yield Refusal(ErrorCode.INVALID_TEXT, ("input", "reason"), reference)
