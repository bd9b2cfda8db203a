"""The audit trail in the database: entries are added, and read; nothing else is granted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from storage.database import Connection, Reader


class Entry(NamedTuple):
    """A row of the trail. `unit_id` is None for the agency's own, `body` canonical JSON."""

    id: int
    at: datetime
    unit_id: int | None
    account_id: int | None
    session_id: UUID | None
    role: str | None
    address: str | None
    action: str
    beneficiary_id: int | None
    version: int | None
    body: str
    key_id: int
    mac: bytes

    def vouched(self) -> tuple[Any, ...]:
        """What its MAC is over: every column before it."""
        return ("entry", *self[:-1])


COLUMNS = ", ".join(Entry._fields)


@dataclass(frozen=True, slots=True)
class Claim:
    """Ids for entries, and the first instant that they may bear."""

    ids: list[int]
    opens: datetime


async def claim(connection: Connection, number: int) -> Claim:
    """Take ids; until the transaction ends no day is closed that its entries could belong to."""
    rows = await connection.fetch("SELECT id, opens FROM claim_audit_entries($1)", number)
    return Claim([row["id"] for row in rows], rows[0]["opens"])


async def write(connection: Connection, entries: Sequence[Entry]) -> None:
    """Add the entries: one statement, however many."""
    await connection.execute(
        f"""INSERT INTO audit_entries ({COLUMNS}) OVERRIDING SYSTEM VALUE
            SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::uuid[], $6::text[],
                                 $7::text[], $8::text[], $9::bigint[], $10::int[], $11::text[], $12::bigint[],
                                 $13::bytea[])""",
        *zip(*entries, strict=True),
    )


async def keys(connection: Reader) -> dict[int, bytes]:
    """Every key as it is wrapped."""
    rows = await connection.fetch("SELECT id, wrapped FROM audit_keys ORDER BY id")
    return {row["id"]: row["wrapped"] for row in rows}


async def rewrap(connection: Connection, wrapped: Mapping[int, bytes]) -> None:
    """Each key as it is wrapped from now on."""
    await connection.execute(
        "UPDATE audit_keys k SET wrapped = n.wrapped FROM unnest($1::bigint[], $2::bytea[]) AS n (id, wrapped)"
        " WHERE k.id = n.id",
        list(wrapped),
        list(wrapped.values()),
    )


async def keep_first_key(connection: Connection, wrapped: bytes, at: datetime) -> None:
    """Keep the key where there is none yet."""
    await connection.execute("SELECT pg_advisory_xact_lock(x'61756469'::int)")  # two starts at once keep one
    await connection.execute(
        "INSERT INTO audit_keys (wrapped, made_at) SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM audit_keys)",
        wrapped,
        at,
    )
