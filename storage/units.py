"""Units (参保单位), as far as an account may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.access import Scope
from storage.database import Connection, Record


@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    si_number: str
    name: str
    district: str


VISIBLE = "($1::bigint IS NULL OR u.id = $1) AND ($2::text IS NULL OR u.district = $2) AND NOT $3"


def visible(scope: Scope) -> tuple[int | None, str | None, bool]:
    """The three values that `VISIBLE` takes."""
    return scope.unit_id, scope.district, scope.nothing


async def by_si_number(connection: Connection, scope: Scope, si_number: str) -> Unit | None:
    row = await connection.fetchrow(
        f"SELECT * FROM units u WHERE {VISIBLE} AND u.si_number = $4", *visible(scope), si_number
    )
    return _unit(row) if row else None


async def by_id(connection: Connection, scope: Scope, ids: Sequence[int]) -> dict[int, Unit]:
    rows = await connection.fetch(
        f"SELECT * FROM units u WHERE {VISIBLE} AND u.id = ANY($4)", *visible(scope), list(ids)
    )
    return {row["id"]: _unit(row) for row in rows}


async def listed(connection: Connection, scope: Scope, search: str | None, after: int | None, limit: int) -> list[Unit]:
    """Units in the order of their ids, whose name holds the search text or whose number begins with it."""
    rows = await connection.fetch(
        f"""SELECT * FROM units u WHERE {VISIBLE} AND {_MATCHES} AND ($5::bigint IS NULL OR u.id > $5)
            ORDER BY u.id LIMIT $6""",
        *visible(scope),
        search,
        after,
        limit,
    )
    return [_unit(row) for row in rows]


async def total(connection: Connection, scope: Scope, search: str | None) -> int:
    found: int = await connection.fetchval(
        f"SELECT count(*) FROM units u WHERE {VISIBLE} AND {_MATCHES}", *visible(scope), search
    )
    return found


async def visible_beneficiaries(connection: Connection, scope: Scope, ids: Sequence[int]) -> list[int]:
    """Which of the beneficiaries belong to a unit that the account may see."""
    rows = await connection.fetch(
        f"SELECT b.id FROM beneficiaries b JOIN units u ON u.id = b.unit_id WHERE {VISIBLE} AND b.id = ANY($4)",
        *visible(scope),
        list(ids),
    )
    return [row["id"] for row in rows]


_MATCHES = "($4::text IS NULL OR strpos(lower(u.name), lower($4)) > 0 OR starts_with(u.si_number, $4))"


def _unit(row: Record) -> Unit:
    return Unit(row["id"], row["si_number"], row["name"], row["district"])
