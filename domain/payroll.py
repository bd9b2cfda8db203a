"""What a month's payroll writes down for one person, and what was paid too much. Rules 5.1, 5.5, 5.7."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from domain.entitlement import Basis, rule
from domain.history import Life
from domain.money import ZERO, Rate, rate_of
from domain.month import Month, months
from domain.stops import lost


class LedgerStatus(StrEnum):
    """PAID an amount, or WITHHELD for a reason."""

    PAID = "PAID"
    WITHHELD = "WITHHELD"


class LineKind(StrEnum):
    """What goes out for an earlier month: back pay (补发) of a withheld one, an adjustment of one paid too little."""

    BACK_PAY = "BACK_PAY"
    ADJUSTMENT = "ADJUSTMENT"


@dataclass(frozen=True, slots=True)
class Entry:
    """A month of one person in the ledger, as the payroll of `payroll` wrote it down; `amount` is 0.00 when WITHHELD.

    `payroll` is the month itself, but for somebody enrolled after it was frozen.
    """

    month: Month
    payroll: Month
    status: LedgerStatus
    amount: Decimal
    basis: Basis
    since: Month | None = None
    through: Month | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What the payroll of `payroll` paid out for an earlier month."""

    payroll: Month
    month: Month
    kind: LineKind
    amount: Decimal
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Frozen:
    """Which months are frozen: all from `first` to `last`, none where both are None."""

    first: Month | None = None
    last: Month | None = None

    def holds(self, month: Month) -> bool:
        return self.first is not None and self.last is not None and self.first <= month <= self.last


@dataclass(frozen=True, slots=True)
class Account:
    """One person's life and money, as known at one moment."""

    life: Life
    rates: Sequence[Rate]
    entries: Mapping[Month, Entry]
    lines: Sequence[Line]

    def known_months(self) -> list[Month]:
        """The months of the ledger, and those before it that were paid back, in order."""
        return sorted({*self.entries, *(line.month for line in self.lines)})

    def paid(self, month: Month) -> Decimal:
        """What has gone out for the month, with whichever payroll."""
        entry = self.entries.get(month)
        own = entry.amount if entry else ZERO
        return own + sum((line.amount for line in self.lines if line.month == month), ZERO)

    def back_pay(self, month: Month) -> Line | None:
        """The line that healed a withheld month."""
        return next((n for n in self.lines if n.month == month and n.kind is LineKind.BACK_PAY), None)

    def is_paid(self, month: Month) -> bool:
        entry = self.entries.get(month)
        return (entry is not None and entry.status is LedgerStatus.PAID) or self.back_pay(month) is not None

    def withheld(self) -> list[Month]:
        """The months that the ledger says were withheld and that nothing has healed or claimed yet, in order."""
        return sorted(
            month
            for month, entry in self.entries.items()
            if entry.status is LedgerStatus.WITHHELD and month not in self.life.claims
        )


def freeze(account: Account, month: Month, frozen: Frozen) -> tuple[list[Entry], list[Line]]:
    """What the month's payroll writes down: entries, and what goes out with them for earlier months."""
    written = entries(account, month, frozen)
    late = {entry.month: entry for entry in written if entry.month != month}
    return written, lines(replace(account, entries={**account.entries, **late}), month)


def entries(account: Account, month: Month, frozen: Frozen) -> list[Entry]:
    """The month's own entry; before it, for somebody enrolled late, a withheld one for each month frozen meanwhile."""
    if month < account.life.standing.benefit_from:
        return []
    ruling = rule(account.life, month)
    rate = rate_of(account.rates, month)
    pays = ruling.basis.payable and rate is not None
    return [
        *(
            Entry(m, month, LedgerStatus.WITHHELD, ZERO, Basis.LATE_ENROLMENT, month)
            for m in without_entry(account, frozen)
        ),
        Entry(
            month,
            month,
            LedgerStatus.PAID if pays else LedgerStatus.WITHHELD,
            rate.amount if pays and rate else ZERO,
            ruling.basis,
            ruling.since,
            ruling.through,
        ),
    ]


def without_entry(account: Account, frozen: Frozen) -> list[Month]:
    """Frozen months of somebody who was enrolled after they were; the next payroll writes them down as withheld."""
    if frozen.first is None or frozen.last is None:
        return []
    first = max(frozen.first, account.life.standing.benefit_from)
    return [m for m in months(first, frozen.last) if m not in account.entries]


def lines(account: Account, month: Month) -> list[Line]:
    """What goes out with the month's payroll for earlier ones; nothing while a suspension holds. Rules 5.4, 5.5.

    The account is as it was before this payroll, but for entries of a late enrolment.
    """
    if month < account.life.standing.benefit_from or rule(account.life, month).basis is Basis.SUSPENDED:
        return []
    found = [_back_pay(account, m, month) for m in sorted(account.life.claims)]
    found += [_adjustment(account, m, month) for m in account.known_months() if m < month]
    return [line for line in found if line is not None]


def _back_pay(account: Account, month: Month, payroll: Month) -> Line | None:
    """A claimed month at its own rate, once: from the payroll after the approval on."""
    claim, rate, entry = account.life.claims[month], rate_of(account.rates, month), account.entries.get(month)
    withheld = entry is None or entry.status is LedgerStatus.WITHHELD  # without an entry: before the ledger began
    due = withheld and claim.approved_in < payroll
    if not due or rate is None or account.back_pay(month) or lost(account.life.losses, month):
        return None
    return Line(payroll, month, LineKind.BACK_PAY, rate.amount, claim.case_id)


def _adjustment(account: Account, month: Month, payroll: Month) -> Line | None:
    """What a raise dated back adds to a month that has been paid."""
    rate = rate_of(account.rates, month)
    if rate is None or not account.is_paid(month) or lost(account.life.losses, month):
        return None
    missing = rate.amount - account.paid(month)
    return Line(payroll, month, LineKind.ADJUSTMENT, missing) if missing > 0 else None


def overpaid(account: Account) -> dict[Month, Decimal]:
    """What was paid for months in which, as is known now, nothing was owed. Rules 5.7."""
    paid = {month: account.paid(month) for month in account.known_months() if lost(account.life.losses, month)}
    return {month: amount for month, amount in paid.items() if amount > 0}
