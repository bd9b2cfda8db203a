"""Freeze a month's payroll for everybody: `domain.payroll` as SQL. A property test holds the two together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.entitlement import Basis
from domain.month import Month
from domain.payroll import LineKind
from storage import statistics
from storage.database import Connection, Record
from storage.payroll_entries import UnderWay


async def freeze(connection: Connection, under_way: UnderWay, on: date, at: datetime) -> None:
    """Let the month's entries, brought up to date, join the ledger, with what goes out for earlier months."""
    month = under_way.month.first_day
    before = await connection.fetchrow("SELECT * FROM payrolls ORDER BY month DESC LIMIT 1")
    people = await under_way.bring_everybody_up_to_date(connection)
    await statistics.gather(connection, people, under_way.entries)
    await connection.execute("INSERT INTO payrolls VALUES ($1, $2, $3)", month, on, at)
    await connection.execute("SELECT close_payroll($1)", month)
    if before is not None:
        await connection.execute(_LATE, month)
    await connection.execute(_BACK_PAY, month)
    if before is not None:
        await _adjust(connection, under_way.month, before)


async def _adjust(connection: Connection, month: Month, before: Record) -> None:
    """Add what raises left short; `before` is the payroll of the month before."""
    await connection.execute(_ADJUSTED, month.first_day, before["month"], before["frozen_at"], before["frozen_on"])
    await connection.execute("ANALYZE adjusted")
    await connection.execute(_SHORT, month.first_day)
    await connection.execute(_ADJUST, month.first_day)
    await connection.execute("DROP TABLE adjusted, short")


# Who was enrolled after a month was frozen has no entry for it. Whoever has none for the last frozen month has none at
# all from then back, because every payroll fills the months before it.
_LATE = """
INSERT INTO payments (beneficiary_id, month, payroll, version, status, amount, basis, since)
SELECT late.id, m.month, $1, late.version, 'WITHHELD', 0, 'LATE_ENROLMENT', $1
FROM (SELECT b.id, b.version, b.benefit_from FROM beneficiaries b
      WHERE b.benefit_from < $1
        AND NOT EXISTS (SELECT FROM payments p
                        WHERE p.beneficiary_id = b.id AND p.month = ($1::date - interval '1 month')::date)
      OFFSET 0) AS late
JOIN payrolls m ON m.month >= late.benefit_from AND m.month < $1
"""

_RATE = """JOIN rates_held r ON r.beneficiary_id = {of}.beneficiary_id
                              AND {of}.month >= r.from_month AND {of}.month < r.until_month"""
_NOT_LOST = """NOT EXISTS (
    SELECT FROM losses l WHERE l.beneficiary_id = {of}.beneficiary_id AND {of}.month >= l.from_month
                           AND (l.until_month IS NULL OR {of}.month < l.until_month))"""

_BACK_PAY = f"""
INSERT INTO payment_lines (payroll, beneficiary_id, month, kind, amount, reinstatement_id)
SELECT $1, c.beneficiary_id, c.month, 'BACK_PAY', r.monthly_amount, c.reinstatement_id
FROM reinstatement_months c
JOIN reinstatements k ON k.id = c.reinstatement_id AND k.reviewed_on < $1
JOIN payments own ON own.beneficiary_id = c.beneficiary_id AND own.month = $1 AND own.basis <> 'SUSPENDED'
LEFT JOIN payments w ON w.beneficiary_id = c.beneficiary_id AND w.month = c.month
{_RATE.format(of="c")}
WHERE (w.status = 'WITHHELD' OR c.month < (SELECT min(month) FROM payrolls))
  AND NOT EXISTS (SELECT FROM payment_lines n
                  WHERE n.beneficiary_id = c.beneficiary_id AND n.month = c.month AND n.kind = 'BACK_PAY')
  AND {_NOT_LOST.format(of="c")}
"""

# Only raises announced since the last payroll can have left a paid month short, and older ones of people whom a
# suspension held until now, or for whom a later act took back that a month was lost.
_ADJUSTED = """
CREATE TEMP TABLE adjusted ON COMMIT DROP AS
SELECT a.beneficiary_id, min(a.since) AS since
FROM (SELECT beneficiary_id, from_month AS since FROM benefit_rates
      WHERE lower(known) > $3 AND upper_inf(known) AND from_month < $1
      UNION ALL
      SELECT beneficiary_id, '-infinity' FROM payments WHERE month = $2 AND basis = 'SUSPENDED'
      UNION ALL
      SELECT f.beneficiary_id, '-infinity' FROM fails f
      WHERE EXISTS (SELECT FROM certifications p
                    WHERE p.beneficiary_id = f.beneficiary_id AND p.result = 'PASS' AND p.acted_on >= $4::date - 1)
         OR EXISTS (SELECT FROM terminations t
                    WHERE t.beneficiary_id = f.beneficiary_id AND t.acted_on >= $4::date - 1)) AS a
JOIN payments own ON own.beneficiary_id = a.beneficiary_id AND own.month = $1 AND own.basis <> 'SUSPENDED'
GROUP BY a.beneficiary_id
"""

# Gathered first and written afterwards: a statement that reads the lines while it adds to them gets ever slower.
_SHORT = f"""
CREATE TEMP TABLE short ON COMMIT DROP AS
SELECT d.beneficiary_id, d.month, r.monthly_amount - d.amount AS amount
FROM (
    SELECT beneficiary_id, month, sum(amount) AS amount
    FROM (SELECT p.beneficiary_id, p.month, p.amount, p.status = 'PAID' AS pays
          FROM adjusted a JOIN payments p ON p.beneficiary_id = a.beneficiary_id AND p.month >= a.since AND p.month < $1
          UNION ALL
          SELECT n.beneficiary_id, n.month, n.amount, n.kind = 'BACK_PAY'
          FROM adjusted a JOIN payment_lines n ON n.beneficiary_id = a.beneficiary_id AND n.month >= a.since) AS out
    GROUP BY beneficiary_id, month HAVING bool_or(pays)) AS d
{_RATE.format(of="d")}
WHERE r.monthly_amount > d.amount AND {_NOT_LOST.format(of="d")}
"""

_ADJUST = """
INSERT INTO payment_lines (payroll, beneficiary_id, month, kind, amount)
SELECT $1, beneficiary_id, month, 'ADJUSTMENT', amount FROM short
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """A payroll in figures: (people, yuan) by basis and by kind of line."""

    entries: dict[Basis, tuple[int, Decimal]]
    lines: dict[LineKind, tuple[int, Decimal]]
    """Lines, not people."""


async def totals(connection: Connection, month: Month) -> Totals:
    entries = await connection.fetch(
        """SELECT basis, count(*) AS people, sum(amount) AS amount FROM payments
           WHERE month = $1 AND payroll = $1 GROUP BY basis""",
        month.first_day,
    )
    lines = await connection.fetch(
        "SELECT kind, count(*) AS lines, sum(amount) AS amount FROM payment_lines WHERE payroll = $1 GROUP BY kind",
        month.first_day,
    )
    return Totals(
        {Basis(row["basis"]): (row["people"], row["amount"]) for row in entries},
        {LineKind(row["kind"]): (row["lines"], row["amount"]) for row in lines},
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """How somebody's month differs from the one before; `id_number` is masked."""

    beneficiary_id: int
    si_number: str
    id_number: str
    kind: str
    """STOPS, RESUMES, STARTS or AMOUNT."""
    basis: Basis
    amount_before: Decimal | None
    amount: Decimal


async def differences(connection: Connection, month: Month) -> dict[str, tuple[int, Decimal]]:
    """How many people differ from the month before, by kind, and by how much together."""
    rows = await connection.fetch(
        f"SELECT kind, count(*) AS people, sum(amount - coalesce(before, 0)) AS amount FROM ({_DIFFERENCES}) AS d"
        " GROUP BY kind",
        month.first_day,
        (month - 1).first_day,
    )
    return {row["kind"]: (row["people"], row["amount"]) for row in rows}


async def different(connection: Connection, month: Month, limit: int | None) -> list[Difference]:
    """The people themselves, at most so many of a kind: who stops, who resumes, who starts, whose amount changes."""
    rows = await connection.fetch(
        f"""SELECT d.*, u.si_number, b.id_number_masked
            FROM (SELECT *, row_number() OVER (PARTITION BY kind ORDER BY beneficiary_id) AS place
                  FROM ({_DIFFERENCES}) AS one) AS d
            JOIN beneficiaries b ON b.id = d.beneficiary_id JOIN units u ON u.id = b.unit_id
            WHERE $3::bigint IS NULL OR place <= $3
            ORDER BY array_position('{{STOPS,RESUMES,STARTS,AMOUNT}}', d.kind), place""",
        month.first_day,
        (month - 1).first_day,
        limit,
    )
    return [
        Difference(
            row["beneficiary_id"],
            row["si_number"],
            row["id_number_masked"],
            row["kind"],
            Basis(row["basis"]),
            row["before"],
            row["amount"],
        )
        for row in rows
    ]


_DIFFERENCES = """
SELECT n.beneficiary_id, n.basis, o.amount AS before, n.amount, k.kind
FROM payments n
LEFT JOIN payments o ON o.beneficiary_id = n.beneficiary_id AND o.month = $2 AND o.basis <> 'LATE_ENROLMENT'
CROSS JOIN LATERAL (
    SELECT CASE WHEN n.status = 'PAID' AND o.status = 'WITHHELD' THEN 'RESUMES'
                WHEN n.status = 'PAID' AND o.status IS NULL THEN 'STARTS'
                WHEN n.status = 'WITHHELD' AND o.status = 'PAID' THEN 'STOPS'
                WHEN n.amount <> o.amount THEN 'AMOUNT' END AS kind) AS k
WHERE n.month = $1 AND k.kind IS NOT NULL
"""


async def unanswered(connection: Connection) -> list[tuple[str, int]]:
    """The units that owe answers, by number, and how many: most first."""
    rows = await connection.fetch(
        """SELECT u.si_number, count(*) AS people FROM beneficiaries b JOIN units u ON u.id = b.unit_id
           WHERE NOT b.verdict_answered AND b.conclusion IN ('DISQUALIFIED', 'PENDING') AND b.terminated_from IS NULL
           GROUP BY u.si_number ORDER BY people DESC, u.si_number"""
    )
    return [(row["si_number"], row["people"]) for row in rows]
