"""What rulings found false of a person: no record of that kind and day counts again. Notice 三(四)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.verdict import Fact
from storage.database import Connection, Reader
from storage.objections import Objection


@dataclass(frozen=True, slots=True)
class EarlierRuling:
    """The ruling on another case that found the record behind a case's verdict false."""

    record: Fact
    objection_id: int
    decided_on: date
    district: str


async def records_known_of(connection: Connection, id: int) -> tuple[frozenset[Fact], frozenset[Fact]]:
    """What is held of the objector, signs of life and of loss: what counts, and what counts no more.

    For the officer of the district.
    """
    rows = await connection.fetch("SELECT * FROM records_known_of($1)", id)
    known = frozenset(Fact(row["kind"], row["occurred_on"]) for row in rows if row["counts"])
    return known, frozenset(Fact(row["kind"], row["occurred_on"]) for row in rows) - known


async def quarantine(connection: Connection, case: Objection, facts: Iterable[Fact], at: datetime) -> None:
    """No record of these kinds and days counts for the person any more."""
    pairs = [(fact.kind, fact.occurred_on) for fact in facts]
    await connection.execute(
        """INSERT INTO quarantines (person_id, kind, occurred_on, objection_id, at)
           SELECT b.person_id, n.kind, n.occurred_on, $2, $5
           FROM unnest($3::text[], $4::date[]) AS n (kind, occurred_on) JOIN beneficiaries b ON b.id = $1
           ON CONFLICT DO NOTHING""",
        case.beneficiary_id,
        case.id,
        [kind for kind, _ in pairs],
        [day for _, day in pairs],
        at,
    )


async def quarantined(connection: Reader, ids: Sequence[int]) -> dict[int, list[Fact]]:
    """What each case found false, oldest first."""
    found: dict[int, list[Fact]] = defaultdict(list)
    for row in await connection.fetch(
        "SELECT * FROM quarantines WHERE objection_id = ANY($1) ORDER BY occurred_on, kind", list(ids)
    ):
        found[row["objection_id"]].append(Fact(row["kind"], row["occurred_on"]))
    return found


async def earlier_rulings(connection: Reader, ids: Sequence[int]) -> dict[int, EarlierRuling]:
    """By the case's id, for the officer of its district and who sees all; also where another district has ruled."""
    rows = await connection.fetch("SELECT * FROM earlier_rulings($1)", list(ids))
    return {
        row["id"]: EarlierRuling(
            Fact(row["kind"], row["occurred_on"]), row["ruling"], row["decided_on"], row["district"]
        )
        for row in rows
    }
