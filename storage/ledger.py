"""The ledger of some people, read: rates, entries, lines and what of overpayments was settled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.entitlement import Basis
from domain.money import Rate
from domain.month import Month
from domain.payroll import Entry, Frozen, LedgerStatus, Line, LineKind
from storage.database import Reader, Record
from storage.standings import month_of


@dataclass(slots=True)
class Book:
    """One person's money."""

    rates: list[Rate] = field(default_factory=list)
    entries: dict[Month, Entry] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


async def books(connection: Reader, ids: Sequence[int], as_of: date | None = None) -> dict[int, Book]:
    """Everybody's rates, entries and lines, as known at the end of that day (in Asia/Shanghai) or now."""
    found: dict[int, Book] = defaultdict(Book)
    for row in await connection.fetch(_RATES, list(ids), as_of):
        found[row["beneficiary_id"]].rates.append(
            Rate(Month.of(row["from_month"]), row["monthly_amount"], row["known_from"])
        )
    for row in await connection.fetch(_ENTRIES, list(ids), as_of):
        entry = entry_of(row)
        found[row["beneficiary_id"]].entries[entry.month] = entry
    for row in await connection.fetch(_LINES, list(ids), as_of):
        found[row["beneficiary_id"]].lines.append(line_of(row))
    return found


_RATES = """
SELECT beneficiary_id, from_month, monthly_amount, lower(known) AS known_from FROM benefit_rates
WHERE beneficiary_id = ANY($1)
  AND CASE WHEN $2::date IS NULL THEN upper_inf(known)
           ELSE known @> (($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' - interval '1 microsecond') END
ORDER BY beneficiary_id, from_month
"""
_ENTRIES = """
SELECT p.* FROM payments p JOIN payrolls r ON r.month = p.payroll
WHERE p.beneficiary_id = ANY($1) AND ($2::date IS NULL OR r.frozen_on <= $2)
ORDER BY p.beneficiary_id, p.month
"""
_LINES = """
SELECT n.* FROM payment_lines n JOIN payrolls r ON r.month = n.payroll
WHERE n.beneficiary_id = ANY($1) AND ($2::date IS NULL OR r.frozen_on <= $2)
ORDER BY n.beneficiary_id, n.payroll, n.month
"""


def entry_of(row: Record) -> Entry:
    return Entry(
        Month.of(row["month"]),
        Month.of(row["payroll"]),
        LedgerStatus(row["status"]),
        row["amount"],
        Basis(row["basis"]),
        month_of(row["since"]),
        month_of(row["through"]),
    )


def line_of(row: Record) -> Line:
    return Line(
        Month.of(row["payroll"]),
        Month.of(row["month"]),
        LineKind(row["kind"]),
        row["amount"],
        row["reinstatement_id"],
    )


async def frozen(connection: Reader, as_of: date | None = None) -> Frozen:
    """The frozen months, as known at the end of that day or now."""
    row = await connection.fetchrow(
        "SELECT min(month) AS first, max(month) AS last FROM payrolls WHERE $1::date IS NULL OR frozen_on <= $1", as_of
    )
    assert row is not None
    return Frozen(month_of(row["first"]), month_of(row["last"]))


@dataclass(frozen=True, slots=True)
class Payment:
    """A month in the ledger, what went out with its payroll for earlier months, and what healed it later."""

    entry: Entry
    lines: tuple[Line, ...]
    healed_with: Month | None


async def payments(
    connection: Reader, ids: Sequence[int], first: Month | None, last: Month | None
) -> dict[int, list[Payment]]:
    """Everybody's months from `first` to `last`, oldest first."""
    bounds = [list(ids), first.first_day if first else date.min, last.first_day if last else date.max]
    lines: dict[tuple[int, Month], list[Line]] = defaultdict(list)
    healed: dict[tuple[int, Month], Month] = {}
    for row in await connection.fetch(
        """SELECT * FROM payment_lines
           WHERE beneficiary_id = ANY($1) AND (payroll BETWEEN $2 AND $3 OR month BETWEEN $2 AND $3)
           ORDER BY payroll, month""",
        *bounds,
    ):
        line = line_of(row)
        lines[row["beneficiary_id"], line.payroll].append(line)
        if line.kind is LineKind.BACK_PAY:
            healed[row["beneficiary_id"], line.month] = line.payroll
    found: dict[int, list[Payment]] = defaultdict(list)
    for row in await connection.fetch(
        "SELECT * FROM payments WHERE beneficiary_id = ANY($1) AND month BETWEEN $2 AND $3 ORDER BY month", *bounds
    ):
        entry, key = entry_of(row), (row["beneficiary_id"], Month.of(row["month"]))
        found[key[0]].append(Payment(entry, tuple(lines[key]), healed.get(key)))
    return found
