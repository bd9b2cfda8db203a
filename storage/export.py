"""A frozen payroll or the roster, row by row, for a file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.month import Month
from domain.standing import Standing
from storage.database import Connection
from storage.standings import COLUMNS, standing_of


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One person's month: `id_number` is masked, `back_pay_for` the months whose back pay goes out with it."""

    beneficiary_id: int
    si_number: str
    unit_name: str
    category: str
    name: str
    id_number: str
    status: str
    basis: str
    since: date | None
    amount: Decimal
    back_pay: Decimal
    adjustments: Decimal
    back_pay_for: list[date]

    @property
    def total(self) -> Decimal:
        return self.amount + self.back_pay + self.adjustments


@dataclass(frozen=True, slots=True)
class Control:
    """What a file must add up to, counted by the database."""

    people: int
    paid: int
    amount: Decimal
    back_pay: Decimal
    adjustments: Decimal

    @property
    def total(self) -> Decimal:
        return self.amount + self.back_pay + self.adjustments


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person as they stand, with the unit through which they draw."""

    si_number: str
    unit_name: str
    standing: Standing


async def people(connection: Connection, unit_id: int | None) -> int:
    found: int = await connection.fetchval(f"SELECT count(*) FROM beneficiaries b WHERE {_DRAWS}", unit_id)
    return found


async def roster(connection: Connection, unit_id: int | None) -> AsyncIterator[RosterRow]:
    """By unit, then in the roster's order. Only within a transaction."""
    async for row in connection.cursor(_ROSTER, unit_id, prefetch=5000):
        yield RosterRow(row["si_number"], row["unit_name"], standing_of(row))


async def rows(connection: Connection, month: Month) -> AsyncIterator[ExportRow]:
    """By unit, then by person. Only within a transaction."""
    async for row in connection.cursor(_ROWS, month.first_day, prefetch=5000):
        yield ExportRow(**dict(row))


async def control(connection: Connection, month: Month) -> Control:
    row = await connection.fetchrow(_CONTROL, month.first_day)
    assert row is not None
    return Control(**dict(row))


_DRAWS = "b.roster_rank < 4 AND ($1::bigint IS NULL OR b.unit_id = $1)"
"""The roster without those whose benefit was terminated."""
_ROSTER = f"""
SELECT {COLUMNS}, u.si_number, u.name AS unit_name FROM beneficiaries b JOIN units u ON u.id = b.unit_id
WHERE {_DRAWS} ORDER BY u.si_number, b.roster_rank, b.id
"""
_ROWS = """
SELECT b.id AS beneficiary_id, u.si_number, u.name AS unit_name, b.category, b.name, b.id_number_masked AS id_number,
       p.status, p.basis, p.since, p.amount, coalesce(n.back_pay, 0.00) AS back_pay,
       coalesce(n.adjustments, 0.00) AS adjustments, coalesce(n.back_pay_for, '{}') AS back_pay_for
FROM payments p
JOIN beneficiaries b ON b.id = p.beneficiary_id
JOIN units u ON u.id = b.unit_id
LEFT JOIN (
    SELECT beneficiary_id, sum(amount) FILTER (WHERE kind = 'BACK_PAY') AS back_pay,
           sum(amount) FILTER (WHERE kind = 'ADJUSTMENT') AS adjustments,
           array_agg(month ORDER BY month) FILTER (WHERE kind = 'BACK_PAY') AS back_pay_for
    FROM payment_lines WHERE payroll = $1 GROUP BY beneficiary_id) AS n ON n.beneficiary_id = p.beneficiary_id
WHERE p.month = $1 AND p.payroll = $1
ORDER BY u.si_number, b.id
"""
_CONTROL = """
SELECT p.people, p.paid, p.amount, n.back_pay, n.adjustments
FROM (SELECT count(*) AS people, count(*) FILTER (WHERE status = 'PAID') AS paid, coalesce(sum(amount), 0.00) AS amount
      FROM payments WHERE month = $1 AND payroll = $1) AS p,
     (SELECT coalesce(sum(amount) FILTER (WHERE kind = 'BACK_PAY'), 0.00) AS back_pay,
             coalesce(sum(amount) FILTER (WHERE kind = 'ADJUSTMENT'), 0.00) AS adjustments
      FROM payment_lines WHERE payroll = $1) AS n
"""
