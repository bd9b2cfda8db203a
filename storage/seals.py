"""Seals of the audit trail: what a unit's chain came to on a day, and the root of every day."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from storage.audit import COLUMNS, Entry
from storage.database import Connection, Record


class Seal(NamedTuple):
    """A chain's entries of a day, by their ids, and its head before and after them."""

    chain: int
    day: date
    entries: list[int]
    previous: bytes
    head: bytes
    key_id: int
    mac: bytes

    def vouched(self) -> tuple[Any, ...]:
        """What its MAC is over."""
        return ("seal", *self[:-1])


class Day(NamedTuple):
    """A sealed day: the root of the day before and its own."""

    day: date
    previous: bytes
    root: bytes
    key_id: int
    mac: bytes

    def vouched(self) -> tuple[Any, ...]:
        """What its MAC is over."""
        return ("day", *self[:-1])


async def close(connection: Connection, until: datetime) -> None:
    """Once this is committed, nobody adds an entry before that instant; waits for those who do."""
    await connection.execute("SELECT close_audit_days($1)", until)


async def alone(connection: Connection) -> None:
    """Wait for another who seals, and keep the next out until the transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock(x'7365616c'::int)")


async def still(connection: Connection) -> None:
    """Wait for those who are adding entries, and let nobody begin to until the transaction ends."""
    await connection.execute("SELECT pg_advisory_xact_lock(x'61756469'::int)")


async def newest(connection: Connection) -> int:
    """The id of the newest entry; 0 where there is none."""
    found: int = await connection.fetchval("SELECT coalesce(max(id), 0) FROM audit_entries")
    return found


async def digest(connection: Connection, since: datetime | None, newest: int) -> bytes:
    """SHA-256 over ids and MACs of the entries from an instant on, up to an id."""
    found: bytes = await connection.fetchval(
        """SELECT sha256(coalesce(string_agg(int8send(id) || mac, ''::bytea ORDER BY id), ''))
           FROM audit_entries WHERE ($1::timestamptz IS NULL OR at >= $1) AND id <= $2""",
        since,
        newest,
    )
    return found


async def last(connection: Connection) -> Day | None:
    """The day sealed last."""
    row = await connection.fetchrow("SELECT day, previous, root, key_id, mac FROM audit_days ORDER BY day DESC LIMIT 1")
    return _day(row) if row else None


async def days(connection: Connection) -> list[Day]:
    return [
        _day(row)
        for row in await connection.fetch("SELECT day, previous, root, key_id, mac FROM audit_days ORDER BY day")
    ]


async def of(connection: Connection, day: date) -> dict[int, Seal]:
    """The seals of a day by chain, in the order of the chains."""
    rows = await connection.fetch(
        "SELECT chain, day, entries, previous, head, key_id, mac FROM audit_seals WHERE day = $1 ORDER BY chain", day
    )
    return {row["chain"]: Seal._make(row.values()) for row in rows}


async def heads(connection: Connection, since: datetime, until: datetime) -> dict[int, bytes]:
    """Where the chains stand that have entries in that time."""
    rows = await connection.fetch(
        """SELECT c.chain, s.head
           FROM (SELECT DISTINCT chain FROM audit_entries WHERE at >= $1 AND at < $2) AS c
           CROSS JOIN LATERAL (SELECT head FROM audit_seals WHERE chain = c.chain ORDER BY day DESC LIMIT 1) s""",
        since,
        until,
    )
    return {row["chain"]: row["head"] for row in rows}


async def keep(connection: Connection, day: Day, seals: Sequence[Seal]) -> None:
    await connection.execute("INSERT INTO audit_days VALUES ($1, $2, $3, $4, $5)", *day)
    await connection.copy_records_to_table("audit_seals", records=seals)


async def entries(connection: Connection, since: datetime | None, until: datetime | None) -> AsyncIterator[Entry]:
    """Entries from an instant on and before another, chain by chain, each by their ids. Only in a transaction."""
    cursor = connection.cursor(
        f"""SELECT {COLUMNS} FROM audit_entries
            WHERE ($1::timestamptz IS NULL OR at >= $1) AND ($2::timestamptz IS NULL OR at < $2)
            ORDER BY chain, id""",
        since,
        until,
        prefetch=5000,
    )
    async for row in cursor:
        yield Entry._make(row.values())


async def of_sealing(connection: Connection, most: int | None = None) -> list[Entry]:
    """The entries that tell a root, the newest first: so many of them, or all."""
    rows = await connection.fetch(
        f"SELECT {COLUMNS} FROM audit_entries WHERE action = 'AUDIT_SEALED' ORDER BY id DESC LIMIT $1", most
    )
    return [Entry._make(row.values()) for row in rows]


class Gap(NamedTuple):
    """The first number of a chain that no entry has, and the id of the entry that comes after it, if any does."""

    chain: int
    number: int
    before: int | None


async def first_gap(connection: Connection) -> Gap | None:
    """Numbers go up with the ids and leave none out, up to the newest that the chain has given."""
    row = await connection.fetchrow(
        """SELECT * FROM (
               SELECT chain, expected AS number, id AS before
               FROM (SELECT chain, id, number, row_number() OVER (PARTITION BY chain ORDER BY id) AS expected
                     FROM audit_entries) AS e
               WHERE number <> expected
               UNION ALL
               SELECT chain, coalesce(e.held, 0) + 1, NULL
               FROM audit_chains c FULL JOIN (SELECT chain, count(*) AS held FROM audit_entries GROUP BY chain) AS e
                    USING (chain)
               WHERE c.newest IS DISTINCT FROM e.held) AS gaps
           ORDER BY chain, number, before LIMIT 1"""
    )
    return Gap(*row) if row else None


async def is_used(connection: Connection) -> bool:
    """Whether anything is there that cannot have come without an entry."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM units) OR EXISTS (SELECT FROM accounts) OR EXISTS (SELECT FROM beneficiaries)"
    )
    return found


async def first_instant(connection: Connection) -> datetime | None:
    """When the first entry was written."""
    found: datetime | None = await connection.fetchval("SELECT min(at) FROM audit_entries")
    return found


async def total(connection: Connection) -> int:
    found: int = await connection.fetchval("SELECT count(*) FROM audit_entries")
    return found


def _day(row: Record) -> Day:
    return Day._make(row.values())
