"""The audit trail as it is read: newest first, within what the caller may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.database import Reader, Record
from storage.parts import Part


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which entries: of a unit's chain, about a person, of some actions, from an instant on and before another."""

    unit_id: int | None = None
    beneficiary_id: int | None = None
    actions: Sequence[str] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry with the name of its account, and whether its day is sealed; the body is JSON."""

    id: int
    at: datetime
    unit_id: int | None
    beneficiary_id: int | None
    username: str | None
    role: str | None
    address: str | None
    action: str
    body: str
    sealed: bool


async def listed(connection: Reader, chosen: Chosen, part: Part) -> list[Recorded]:
    where, values = _conditions(chosen, part)
    rows = await connection.fetch(
        f"{_ENTRIES} WHERE {where} ORDER BY e.id {part.order(newest_first=True)} LIMIT ${len(values) + 1}",
        *values,
        part.limit,
    )
    return [_recorded(row) for row in rows]


async def by_id(connection: Reader, ids: Sequence[int]) -> dict[int, Recorded]:
    rows = await connection.fetch(f"{_ENTRIES} WHERE e.id = ANY($1)", list(ids))
    return {row["id"]: _recorded(row) for row in rows}


_ENTRIES = """
SELECT e.id, e.at, e.unit_id, e.beneficiary_id, username_of(e.account_id) AS username, e.role, e.address, e.action,
       e.body, EXISTS (SELECT FROM audit_days d WHERE d.day = (e.at AT TIME ZONE 'Asia/Shanghai')::date) AS sealed
FROM audit_entries e
"""


def _conditions(chosen: Chosen, part: Part) -> tuple[str, list[Any]]:
    """Only what is asked for: each choice has an index of its own, which a plan for all of them would not use."""
    asked = {
        "e.unit_id = {}": chosen.unit_id,
        "e.beneficiary_id = {}": chosen.beneficiary_id,
        "e.action = ANY({})": chosen.actions,
        "e.at >= {}": chosen.since,
        "e.at < {}": chosen.until,
        "e.id < {}": part.after,
        "e.id > {}": part.before,
    }
    given = {condition: value for condition, value in asked.items() if value is not None}
    texts = [condition.format(f"${place}") for place, condition in enumerate(given, 1)]
    return " AND ".join(texts) or "true", list(given.values())


def _recorded(row: Record) -> Recorded:
    return Recorded(**dict(row))
