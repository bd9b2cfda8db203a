"""Whom to ask: the agency of each district, and what was seen of somebody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.month import Month
from storage.database import Connection, Reader


@dataclass(frozen=True, slots=True)
class Agency:
    """Where the agency (经办机构) of a district is asked."""

    district: str
    phone: str
    address: str
    hours: str


async def agencies(connection: Reader, districts: Sequence[str]) -> dict[str, Agency]:
    rows = await connection.fetch("SELECT * FROM agency_contacts WHERE district = ANY($1)", list(districts))
    return {row["district"]: Agency(**row) for row in rows}


async def keep(connection: Connection, agency: Agency) -> None:
    """The contact of a district from now on."""
    await connection.execute(
        """INSERT INTO agency_contacts VALUES ($1, $2, $3, $4) ON CONFLICT (district) DO UPDATE
           SET phone = EXCLUDED.phone, address = EXCLUDED.address, hours = EXCLUDED.hours""",
        agency.district,
        agency.phone,
        agency.address,
        agency.hours,
    )


async def seen_of_caller(connection: Reader, kinds: Sequence[str], since: date) -> list[tuple[str, Month]]:
    """Kinds and months of what was recorded about the PERSON who has entered, the newest first."""
    rows = await connection.fetch("SELECT * FROM seen_of_caller($1, $2) ORDER BY month DESC, kind", list(kinds), since)
    return [(row["kind"], Month.of(row["month"])) for row in rows]
