"""The entries of a month's payroll, written in parts beside the ledger until they join it whole.

Each part is a transaction of its own, and what a run leaves that ends early is gone on with. Of whoever has changed
since, the entry is written anew: every act, every verdict and every renewed period counts the person's row up, and
what an announcement of rates changes has its instant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from domain.month import Month
from storage.database import Connection

CHUNK = 20_000  # rows of the roster, by id; a transaction each, small enough for a progress bar to move


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A month whose entries are being written, where nobody who asks for payments sees them."""

    month: Month
    entries: str
    """The table: the month's partition of the ledger to be."""
    since: datetime
    """Rates that were announced after this instant may not be in them."""
    last: int
    """The last person of the roster when this run began; who comes later is written at the end."""
    found: int
    """Entries that were there when this run began, of one that had ended early."""

    def parts(self) -> Iterator[tuple[int, int]]:
        """The first and the last id of each."""
        for first in range(1, self.last + 1, CHUNK):
            yield first, min(first + CHUNK - 1, self.last)

    async def write(self, connection: Connection, first: int, last: int) -> None:
        """Have the entries of these people as they stand now."""
        part = f"BETWEEN {first} AND {last}"
        if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {self.entries} WHERE beneficiary_id {part})"):
            await self._bring_up_to_date(connection, part)
        else:
            await self._add(connection, part)

    async def bring_everybody_up_to_date(self, connection: Connection) -> int:
        """Have everybody's entries as they stand now; the last id of the roster."""
        last: int = await connection.fetchval(_LAST)
        await self._bring_up_to_date(connection, f"BETWEEN 1 AND {last}")
        return last

    async def _bring_up_to_date(self, connection: Connection, part: str) -> None:
        changed: list[int] = await connection.fetchval(
            _CHANGED.format(entries=self.entries, people=part), self.month.first_day, self.since
        )
        for start in range(0, len(changed), CHUNK):
            people = f"= ANY ('{{{','.join(map(str, changed[start : start + CHUNK]))}}}')"
            await connection.execute(f"DELETE FROM {self.entries} WHERE beneficiary_id {people}")
            await self._add(connection, people)

    async def _add(self, connection: Connection, people: str) -> None:
        # Written into the statement, so that it is planned for as many people as it is about.
        await connection.execute(_ENTRIES.format(entries=self.entries, people=people), self.month.first_day)


async def begin(connection: Connection, month: Month) -> UnderWay:
    """Begin the month's entries, or go on with those that are there. To be called at an instant of the batches."""
    row = await connection.fetchrow("SELECT * FROM open_payroll($1, $2)", month.first_day, _COMPUTED)
    assert row is not None
    found = await connection.fetchval(f"SELECT count(*) FROM {row['entries']}")
    return UnderWay(month, row["entries"], row["since"], await connection.fetchval(_LAST), found)


_LAST = "SELECT coalesce(max(id), 0) FROM beneficiaries"

# Who draws and has no entry, or one of another version of the row, or rates that changed since.
_CHANGED = """
SELECT coalesce(array_agg(id ORDER BY id), '{{}}') FROM (
    SELECT b.id FROM beneficiaries b
    LEFT JOIN {entries} e ON e.beneficiary_id = b.id AND e.beneficiary_id {people}
    WHERE b.id {people} AND b.benefit_from <= $1 AND e.version IS DISTINCT FROM b.version
    UNION
    SELECT beneficiary_id FROM benefit_rates
    WHERE lower(known) > $2 AND from_month <= $1 AND beneficiary_id {people}
    UNION
    SELECT beneficiary_id FROM benefit_rates
    WHERE NOT upper_inf(known) AND upper(known) > $2 AND from_month <= $1 AND beneficiary_id {people}
) AS changed
"""

# Almost everybody's answer stands on the row: the last period in force is there with its first and last month. Only for
# a month before it, when a payroll is frozen late, or in a gap, the history of periods is asked.
_ENTRIES = """
INSERT INTO {entries} (beneficiary_id, month, payroll, version, status, amount, basis, since, through)
SELECT b.id, $1, $1, b.version,
       CASE WHEN pays THEN 'PAID' ELSE 'WITHHELD' END, CASE WHEN pays THEN r.monthly_amount ELSE 0 END, basis,
       CASE basis WHEN 'TERMINATED' THEN b.terminated_from
                  WHEN 'SUSPENDED' THEN lower(s.held)
                  WHEN 'COVERED' THEN CASE WHEN now THEN b.period_start ELSE p.start_month END
                  ELSE CASE WHEN b.period_end < $1 THEN (b.period_end + interval '1 month')::date
                            ELSE g.ended_before END END,
       CASE basis WHEN 'COVERED' THEN CASE WHEN now THEN b.period_end ELSE p.end_month END END
FROM beneficiaries b
LEFT JOIN suspensions s ON s.beneficiary_id = b.id AND s.held @> $1::date
LEFT JOIN rates_held r ON r.beneficiary_id = b.id AND r.beneficiary_id {people}
                          AND $1::date >= r.from_month AND $1::date < r.until_month
LEFT JOIN LATERAL (
    SELECT lower(in_force) AS start_month, (upper(in_force) - interval '1 month')::date AS end_month
    FROM certification_periods p
    WHERE p.beneficiary_id = b.id AND p.in_force @> $1::date
      AND (b.period_start IS NULL OR b.period_start > $1) LIMIT 1) AS p ON true
LEFT JOIN LATERAL (
    SELECT max(upper(in_force)) AS ended_before FROM certification_periods p
    WHERE p.beneficiary_id = b.id AND upper(p.in_force) <= $1
      AND (b.period_start IS NULL OR b.period_start > $1)) AS g ON true
CROSS JOIN LATERAL (SELECT (b.period_start <= $1 AND b.period_end >= $1) IS TRUE AS now) AS n
CROSS JOIN LATERAL (
    SELECT CASE WHEN b.terminated_from <= $1 THEN 'TERMINATED'
                WHEN s.held IS NOT NULL THEN 'SUSPENDED'
                WHEN now OR p.start_month IS NOT NULL THEN 'COVERED'
                ELSE 'LAPSED' END AS basis) AS f
CROSS JOIN LATERAL (SELECT basis = 'COVERED' AND r.monthly_amount IS NOT NULL AS pays) AS y
WHERE b.id {people} AND b.benefit_from <= $1
"""
_COMPUTED = sha256(_ENTRIES.encode()).hexdigest()
"""What another release has computed otherwise is not gone on with."""
