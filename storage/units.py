"""Units (参保单位), as far as an account may see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.access import Scope
from storage.database import Reader, Record
from storage.parts import Part


@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    si_number: str
    name: str
    district: str


WITHIN = "($1::bigint IS NULL OR u.id = $1) AND ($2::text IS NULL OR u.district = $2)"
"""The bound of a list. What of it is seen, row-level security says."""


def within(scope: Scope) -> tuple[int | None, str | None]:
    """The two values that `WITHIN` takes."""
    return scope.unit_id, scope.district


async def by_si_number(connection: Reader, si_number: str) -> Unit | None:
    row = await connection.fetchrow("SELECT * FROM units WHERE si_number = $1", si_number)
    return _unit(row) if row else None


async def of(connection: Reader, id: int) -> Unit | None:
    row = await connection.fetchrow("SELECT * FROM units WHERE id = $1", id)
    return _unit(row) if row else None


async def by_id(connection: Reader, ids: Sequence[int]) -> dict[int, Unit]:
    rows = await connection.fetch("SELECT * FROM units WHERE id = ANY($1)", list(ids))
    return {row["id"]: _unit(row) for row in rows}


async def listed(connection: Reader, scope: Scope, search: str | None, part: Part) -> list[Unit]:
    """Units in the order of their ids, whose name holds the search text or whose number begins with it."""
    rows = await connection.fetch(
        f"SELECT * FROM units u WHERE {WITHIN} AND {_MATCHES} AND {part.stretch('u.id', 4)}",
        *within(scope),
        search,
        *part.values,
    )
    return [_unit(row) for row in rows]


async def total(connection: Reader, scope: Scope, search: str | None) -> int:
    found: int = await connection.fetchval(
        f"SELECT count(*) FROM units u WHERE {WITHIN} AND {_MATCHES}", *within(scope), search
    )
    return found


_MATCHES = "($3::text IS NULL OR strpos(lower(u.name), lower($3)) > 0 OR starts_with(u.si_number, $3))"


def _unit(row: Record) -> Unit:
    return Unit(row["id"], row["si_number"], row["name"], row["district"])
