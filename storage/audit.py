"""The audit trail in the database: entries are added, and read; nothing else is granted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from storage.database import Connection, Reader

AGENCY = 0
"""The chain of what concerns no unit."""
RUNS = -1
"""The chain of the monthly runs, which take turns: so one that sees one moment only finds the newest number."""
FORMAT = 2
"""What an entry written now is vouched for by."""


class Entry(NamedTuple):
    """A row of the trail. `unit_id` is None for the agency's own, `body` canonical JSON.

    `number` counts within the chain, without a gap. `format` 1 is that of entries which were numbered afterwards.
    """

    id: int
    chain: int
    number: int
    format: int
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
        """What its MAC is over: every column before it; in format 1 neither chain, number nor format."""
        return ("entry", self.id, *self[4:-1]) if self.format == 1 else ("numbered entry", *self[:-1])


COLUMNS = ", ".join(Entry._fields)


class Place(NamedTuple):
    """An entry's place in its chain, and the first instant that it may bear."""

    chain: int
    number: int
    id: int
    opens: datetime


async def claim(connection: Connection, chains: Mapping[int, int]) -> list[Place]:
    """Take the next numbers, so many of each chain; in the order of chains and numbers.

    Until the transaction ends nobody else adds to these chains, and no day is closed that the entries could belong to.
    """
    rows = await connection.fetch(
        "SELECT chain, number, id, opens FROM claim_audit_entries($1, $2) ORDER BY chain, number",
        list(chains),
        list(chains.values()),
    )
    return [Place(*row) for row in rows]


async def expect(connection: Connection, until: datetime) -> None:
    """The API may date what it tells up to that instant, also where the clock is a rehearsal's."""
    await connection.execute("SELECT expect_audit_instants($1)", until)


async def write(connection: Connection, entries: Sequence[Entry]) -> None:
    """Add the entries: one statement, however many."""
    await connection.execute(
        f"""INSERT INTO audit_entries ({COLUMNS}) OVERRIDING SYSTEM VALUE
            SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::smallint[], $5::timestamptz[],
                                 $6::bigint[], $7::bigint[], $8::uuid[], $9::text[], $10::text[], $11::text[],
                                 $12::bigint[], $13::int[], $14::text[], $15::bigint[], $16::bytea[])""",
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
