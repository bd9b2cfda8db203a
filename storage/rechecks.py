"""Random re-checks: a month's passes of a district, drawn once by a recorded seed. Notice 四(四)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.month import Month
from storage.database import Connection, Reader, Record
from storage.parts import Part


@dataclass(frozen=True, slots=True)
class Draw:
    """How many of how many were drawn, by which seed, for which margin of error and confidence."""

    month: Month
    district: str
    seed: str
    margin: float
    confidence: float
    population: int
    size: int
    drawn_at: datetime
    number: int = 0
    """Its place in the order of all draws; the database gives it."""
    windows: bool = True
    """Whether the passes of windows were among those drawn from; before November 2026 they were not."""
    rulings: bool = False
    """Whether the passes of rulings were, as far as those of windows were; until November 2026 they were."""


async def one_at_a_time(connection: Connection) -> None:
    """Of two that draw at once, the second finds what the first has drawn."""
    await connection.execute("SELECT pg_advisory_xact_lock(x'64726177'::int)")


async def districts(connection: Reader, month: Month) -> list[str]:
    """The districts whose passes of the month have not been drawn from."""
    rows = await connection.fetch(
        """SELECT DISTINCT district FROM units u
           WHERE NOT EXISTS (SELECT FROM recheck_draws d WHERE d.month = $1 AND d.district = u.district)
           ORDER BY district""",
        month.first_day,
    )
    return [row["district"] for row in rows]


async def population(
    connection: Reader, month: Month, district: str, *, windows: bool = True, rulings: bool = False
) -> dict[int, int]:
    """Everybody of the district whom somebody passed in the month, with the version of the last PASS.

    Neither who passed by an attestation, which was proven, nor by a ruling, which an officer has seen to.
    """
    rows = await connection.fetch(
        """SELECT c.beneficiary_id, max(c.version) AS version
           FROM certifications c JOIN beneficiaries b ON b.id = c.beneficiary_id JOIN units u ON u.id = b.unit_id
           WHERE c.acted_on BETWEEN $1 AND $2 AND c.result = 'PASS' AND c.method <> 'SELF'
             AND ($4 OR c.method <> 'SERVICE_WINDOW') AND u.district = $3
             AND ($5 OR NOT EXISTS (SELECT FROM objections o WHERE o.beneficiary_id = c.beneficiary_id
                                                               AND o.passed_version = c.version))
           GROUP BY c.beneficiary_id ORDER BY c.beneficiary_id""",
        month.first_day,
        month.last_day,
        district,
        windows,
        rulings,
    )
    return {row["beneficiary_id"]: row["version"] for row in rows}


async def record(connection: Connection, draw: Draw, drawn: Sequence[tuple[int, int]]) -> None:
    """Write the draw down, and open a review for everybody drawn (id and version)."""
    await connection.execute(
        """INSERT INTO recheck_draws (month, district, seed, margin, confidence, population, size, drawn_at, windows,
                                      rulings)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)""",
        draw.month.first_day,
        draw.district,
        draw.seed,
        draw.margin,
        draw.confidence,
        draw.population,
        draw.size,
        draw.drawn_at,
        draw.windows,
        draw.rulings,
    )
    await connection.execute(
        """INSERT INTO compliance_reviews (kind, subject, unit_id, month, beneficiary_id, version, opened_at)
           SELECT 'RECHECK', n.id || ':' || n.version, b.unit_id, $3, n.id, n.version, $4
           FROM unnest($1::bigint[], $2::int[]) WITH ORDINALITY AS n (id, version, place)
           JOIN beneficiaries b ON b.id = n.id ORDER BY n.place""",
        [id for id, _ in drawn],
        [version for _, version in drawn],
        draw.month.first_day,
        draw.drawn_at,
    )


async def listed(connection: Reader, month: Month, part: Part) -> list[Draw]:
    """The month's draws that the account may see, in the order in which they were drawn."""
    rows = await connection.fetch(
        f"SELECT * FROM recheck_draws WHERE month = $1 AND {part.stretch('number', 2)}", month.first_day, *part.values
    )
    return [_draw(row) for row in rows]


async def by_number(connection: Reader, numbers: Sequence[int]) -> dict[int, Draw]:
    rows = await connection.fetch("SELECT * FROM recheck_draws WHERE number = ANY($1)", list(numbers))
    return {row["number"]: _draw(row) for row in rows}


async def total(connection: Reader, month: Month) -> int:
    found: int = await connection.fetchval("SELECT count(*) FROM recheck_draws WHERE month = $1", month.first_day)
    return found


async def reviewed(connection: Reader, draw: Draw) -> dict[int, int]:
    """Who was drawn, by the reviews that the draw opened: id and version."""
    rows = await connection.fetch(
        """SELECT r.beneficiary_id, r.version FROM compliance_reviews r JOIN units u ON u.id = r.unit_id
           WHERE r.kind = 'RECHECK' AND r.month = $1 AND u.district = $2""",
        draw.month.first_day,
        draw.district,
    )
    return {row["beneficiary_id"]: row["version"] for row in rows}


def _draw(row: Record) -> Draw:
    return Draw(Month.of(row["month"]), *tuple(row)[1:])
