"""Files on their way in: rows are copied to a staging table, checked there as a whole, and merged as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from storage import statistics
from storage.database import Connection
from storage.periods import OPEN

Check: TypeAlias = tuple[str, str, str]
"""(column, reason, the lines: SQL that selects them)."""


@dataclass(frozen=True, slots=True)
class Staging:
    """How the rows of one kind of file are staged: the columns besides the line, and the checks they must pass."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    checks: tuple[Check, ...]
    of_repeats: tuple[Check, ...] = ()
    """What only rows can fail that were there before: to be asked unless all of the file is known to be new."""

    async def copy(self, connection: Connection, rows: Iterable[tuple[Any, ...]]) -> None:
        """Take the rows in; each is its line followed by the columns."""
        declared = ", ".join(f"{name} {kind}" for name, kind in zip(self.columns, self.types, strict=True))
        await connection.execute(f"CREATE TEMP TABLE staging (line bigint, {declared}) ON COMMIT DROP")
        await connection.copy_records_to_table("staging", records=rows, columns=["line", *self.columns])
        await connection.execute("ANALYZE staging")


async def conflicts(connection: Connection, checks: Iterable[Check]) -> list[tuple[int, str, str]]:
    """What the rows contradict, as (line, column, reason)."""
    return [(row["line"], column, reason) for column, reason, lines in checks for row in await connection.fetch(lines)]


async def discard(connection: Connection, lines: Sequence[int]) -> None:
    if lines:
        await connection.execute("DELETE FROM staging WHERE line = ANY($1::bigint[])", lines)


async def drop(connection: Connection) -> None:
    await connection.execute("DROP TABLE staging")


def differing(key: str, rest: str) -> str:
    """Lines whose key stands in an earlier line with other content; keys are seldom repeated, and only these sorted."""
    return f"""SELECT line FROM (
                   SELECT line, first_value(row({rest})) OVER same <> row({rest}) AS differs
                   FROM staging JOIN (SELECT {key} FROM staging GROUP BY {key} HAVING count(*) > 1) AS r USING ({key})
                   WINDOW same AS (PARTITION BY {key} ORDER BY line)) AS s
               WHERE differs"""


UNITS = Staging(
    ("si_number", "name", "district"),
    ("text", "text", "text"),
    (
        (
            "si_number",
            "stands in an earlier line with another name or district",
            differing("si_number", "name, district"),
        ),
    ),
)


async def merge_units(connection: Connection) -> tuple[int, int]:
    """How many units were added, and how many changed."""
    rows = await connection.fetch(
        """INSERT INTO units AS u (si_number, name, district)
           SELECT DISTINCT ON (si_number) si_number, name, district FROM staging
           ON CONFLICT (si_number) DO UPDATE SET name = EXCLUDED.name, district = EXCLUDED.district
           WHERE (u.name, u.district) IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.district)
           RETURNING old.id IS NULL AS added"""
    )
    await statistics.gather(connection, len(rows), "units")
    added = sum(row["added"] for row in rows)
    return added, len(rows) - added


BENEFICIARIES = Staging(
    (
        "unit_si_number",
        "category",
        "name",
        "id_number_digest",
        "id_number_sealed",
        "id_number_masked",
        "phone",
        "household_address",
        "residence_address",
        "benefit_from",
        "monthly_amount",
        "certified_in",
        "cycle_months",
    ),
    ("text", "text", "text", "bytea", "bytea", "text", "text", "text", "text", "date", "numeric", "date", "int"),
    (
        (
            "unit_si_number",
            "no such unit; import units first",
            "SELECT line FROM staging WHERE NOT EXISTS (SELECT FROM units WHERE si_number = unit_si_number)",
        ),
        (
            "id_number",
            "stands in an earlier line with other content",
            differing(
                "unit_si_number, category, id_number_digest",
                "name, phone, household_address, residence_address, benefit_from, monthly_amount, certified_in",
            ),
        ),
    ),
)


PEOPLE = ("persons", "beneficiaries", "certification_periods", "benefit_rates")
"""What an import of beneficiaries fills."""


async def merge_beneficiaries(connection: Connection, at: datetime) -> int:
    """Enrol who is new, each with the first period and rate; how many. Who is known stays as they are."""
    await connection.execute(
        """INSERT INTO persons (id_number_digest, id_number_sealed)
           SELECT DISTINCT ON (id_number_digest) id_number_digest, id_number_sealed FROM staging
           ON CONFLICT DO NOTHING"""
    )
    await connection.execute(_ENROL)
    await connection.execute(OPEN.format(source=_FIRST_PERIODS), at)
    await connection.execute(
        """INSERT INTO benefit_rates (beneficiary_id, from_month, known, monthly_amount)
           SELECT id, benefit_from, tstzrange($1, NULL), monthly_amount FROM enrolled""",
        at,
    )
    enrolled: int = await connection.fetchval("SELECT count(*) FROM enrolled")
    await connection.execute("DROP TABLE enrolled")
    await statistics.gather(connection, enrolled, *PEOPLE)
    return enrolled


_ENROL = """
CREATE TEMP TABLE enrolled ON COMMIT DROP AS
WITH rows AS (
    SELECT DISTINCT ON (u.id, s.category, p.id) s.*, u.id AS unit_id, p.id AS person_id
    FROM staging s JOIN units u ON u.si_number = s.unit_si_number JOIN persons p USING (id_number_digest)
    ORDER BY u.id, s.category, p.id, s.line
),
added AS (
    INSERT INTO beneficiaries (unit_id, category, person_id, name, id_number_masked, phone, household_address,
        residence_address, benefit_from, confirmed_in, period_start, period_end, period_method, paid_through)
    SELECT unit_id, category, person_id, name, id_number_masked, phone, household_address, residence_address,
           benefit_from, starts, starts, ends, 'ENROLMENT', ends
    FROM rows
    CROSS JOIN LATERAL (SELECT coalesce(certified_in, benefit_from) AS starts) AS f
    CROSS JOIN LATERAL (SELECT (starts + make_interval(months => cycle_months))::date AS ends) AS l
    ORDER BY line
    ON CONFLICT DO NOTHING
    RETURNING id, unit_id, category, person_id, version, benefit_from, period_start
)
SELECT added.*, rows.monthly_amount, rows.cycle_months
FROM added JOIN rows USING (unit_id, category, person_id)
"""
_FIRST_PERIODS = """
SELECT id, category, version, period_start, cycle_months, 'ENROLMENT', $1::timestamptz FROM enrolled
"""

_WHOSE = """
    FROM staging s JOIN units u ON u.si_number = s.unit_si_number JOIN persons p USING (id_number_digest)
    JOIN beneficiaries b ON b.unit_id = u.id AND b.category = s.category AND b.person_id = p.id
"""

RATES = Staging(
    ("unit_si_number", "category", "id_number_digest", "from_month", "monthly_amount"),
    ("text", "text", "bytea", "date", "numeric(12, 2)"),
    (
        (
            "id_number",
            "nobody with this ID number draws a benefit of this category through this unit",
            f"SELECT line FROM staging EXCEPT SELECT s.line {_WHOSE}",
        ),
        (
            "from_month",
            "lies before the first month of the benefit",
            f"SELECT s.line {_WHOSE} WHERE s.from_month < b.benefit_from",
        ),
        (
            "monthly_amount",
            "stands in an earlier line for the same person and month with another amount",
            differing("unit_si_number, category, id_number_digest, from_month", "monthly_amount"),
        ),
        (
            "monthly_amount",
            "lowers a month that is paid already; let the lower amount begin with the first month that is not frozen",
            f"""SELECT DISTINCT s.line {_WHOSE}
                JOIN LATERAL (
                    SELECT month, sum(amount) AS amount
                    FROM (SELECT month, amount FROM payments
                          WHERE beneficiary_id = b.id AND month >= s.from_month AND status = 'PAID'
                          UNION ALL SELECT month, amount FROM payment_lines
                          WHERE beneficiary_id = b.id AND month >= s.from_month) AS out
                    GROUP BY month) AS paid ON paid.amount > s.monthly_amount
                WHERE NOT EXISTS (SELECT FROM benefit_rates r
                                  WHERE r.beneficiary_id = b.id AND upper_inf(r.known)
                                    AND r.from_month > s.from_month AND r.from_month <= paid.month)""",
        ),
    ),
)


async def merge_rates(connection: Connection, at: datetime) -> tuple[int, int]:
    """How many rates are new, and how many took the place of another amount from the same month on."""
    await connection.execute(
        f"""CREATE TEMP TABLE announced ON COMMIT DROP AS
            SELECT DISTINCT b.id, s.from_month, s.monthly_amount, r.monthly_amount AS held {_WHOSE}
            LEFT JOIN benefit_rates r
              ON r.beneficiary_id = b.id AND r.from_month = s.from_month AND upper_inf(r.known)
            WHERE r.monthly_amount IS DISTINCT FROM s.monthly_amount"""
    )
    changed = await connection.execute(
        """UPDATE benefit_rates r SET known = tstzrange(lower(r.known), $1)
           FROM announced a WHERE r.beneficiary_id = a.id AND r.from_month = a.from_month AND upper_inf(r.known)""",
        at,
    )
    written = await connection.execute(
        """INSERT INTO benefit_rates (beneficiary_id, from_month, known, monthly_amount)
           SELECT id, from_month, tstzrange($1, NULL), monthly_amount FROM announced""",
        at,
    )
    await connection.execute("DROP TABLE announced")
    superseded, announced = int(changed.split()[-1]), int(written.split()[-1])
    await statistics.gather(connection, announced, "benefit_rates")
    return announced - superseded, superseded
