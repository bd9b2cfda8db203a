"""What row-level security costs a read, and whether a foreign id takes another time: `python -m bench.rows [PEOPLE]`.

Each read is run by the owner, whom no policy binds, and by sessions of the API's login, one after another in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import asyncpg

from bench.payroll import FILL
from domain.month import Month
from domain.policy import Policy, PolicyBook
from domain.vocabulary import Category
from security.gate import Gate
from security.keys import Secret
from storage import histories, migrate, roster, standings
from storage.database import Connection, Database, Entered, Login, Reader
from storage.embedded import EmbeddedPostgres
from storage.histories import Moment
from storage.parts import Part
from storage.roster import RosterFilter, Slice

TIMES = 1500
MONTH = Month(2019, 6)
LOGIN = Login.of(b"x" * 32)
ACCOUNTS = """
INSERT INTO accounts (username, role, district, password_hash) VALUES ('officer', 'OFFICER', '市南区', 'none');
INSERT INTO accounts (username, role, password_hash) VALUES ('auditor', 'AUDITOR', 'none');
INSERT INTO sessions (account_id, began_at, ends_at) SELECT id, now(), 'infinity' FROM accounts;
"""
Read = Callable[[Reader], Awaitable[object]]


async def measured(people: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(Path(folder) / "postgres")
        dsn = postgres.start()
        try:
            await _runs(dsn, people)
        finally:
            postgres.stop()


async def _runs(dsn: str, people: int) -> None:
    book = PolicyBook.read()
    await migrate.upgrade(dsn, book, LOGIN, Gate(Secret("x" * 40)).personal)
    owner = await asyncpg.connect(dsn)
    await owner.execute(FILL.format(people=people) + ACCOUNTS + "ANALYZE;")
    async with entered(owner, LOGIN.at(dsn)) as (readers, unit):
        for what, taken in (await costs(readers, unit, MONTH, book.on(MONTH.first_day), TIMES)).items():
            bare = taken["owner"]
            ratios = "  ".join(f"{name} {taken[name] / bare:4.2f}" for name in readers if name != "owner")
            print(f"{what:<20} {bare:7.0f} µs bare, times that: {ratios}", flush=True)
        await _ids(readers["UNIT"], owner, unit)
    await owner.close()


@asynccontextmanager
async def entered(owner: Connection, dsn: str) -> AsyncIterator[tuple[dict[str, Reader], int]]:
    """Readers by role, the owner among them, and the unit of the one whose role is UNIT; the address is the login's."""
    callers = await Database.for_callers(dsn)
    rows = await owner.fetch(
        """SELECT DISTINCT ON (a.role) a.role, a.unit_id, s.id FROM sessions s JOIN accounts a ON a.id = s.account_id
           WHERE a.role <> 'PERSON' ORDER BY a.role, a.id"""
    )
    async with callers.connection() as connection:
        readers: dict[str, Reader] = {"owner": owner}
        readers |= {row["role"]: Entered(connection, UUID(str(row["id"]))) for row in rows}
        yield readers, next(row["unit_id"] for row in rows if row["unit_id"] is not None)
    await callers.close()


async def costs(
    readers: dict[str, Reader], unit: int, month: Month, policy: Policy, times: int
) -> dict[str, dict[str, float]]:
    """Microseconds of each read as each of them. The owner reads without row-level security."""
    page = RosterFilter(unit, Category.RETIREE)
    found = await roster.page(readers["owner"], page, Slice(20), month, policy)
    moments = [Moment(row.standing.id, row.standing.version) for row in found.rows]
    reads: dict[str, Read] = {
        "roster page of 20": lambda reader: roster.page(reader, page, Slice(20), month, policy),
        "their periods": lambda reader: histories.periods(reader, moments, Part(21)),
        "summary": lambda reader: roster.summary(reader, unit, Category.RETIREE, month, policy),
    }
    return {
        what: await _medians({name: _bound(read, reader) for name, reader in readers.items()}, times)
        for what, read in reads.items()
    }


async def _ids(unit: Reader, owner: asyncpg.Connection[asyncpg.Record], own_unit: int) -> None:
    """How long a unit's look-up by id takes: own, foreign, unknown."""
    own = await owner.fetchval("SELECT max(id) FROM beneficiaries WHERE unit_id = $1", own_unit)
    foreign = await owner.fetchval("SELECT max(id) FROM beneficiaries WHERE unit_id <> $1", own_unit)
    ids = {"own": own, "foreign": foreign, "unknown": 10**9, "malformed": 0}
    taken = await _medians({name: _bound(_by_id(id), unit) for name, id in ids.items()}, TIMES)
    print("by id                " + "  ".join(f"{name} {taken[name]:.0f} µs" for name in ids), flush=True)


def _by_id(id: int) -> Read:
    return lambda reader: standings.by_id(reader, [id])


def _bound(read: Read, reader: Reader) -> Callable[[], Awaitable[object]]:
    return lambda: read(reader)


async def _medians(reads: dict[str, Callable[[], Awaitable[object]]], times: int) -> dict[str, float]:
    """Microseconds, of interleaved runs."""
    taken: dict[str, list[float]] = {name: [] for name in reads}
    for _ in range(times):
        for name, read in reads.items():
            start = time.perf_counter()
            await read()
            taken[name].append((time.perf_counter() - start) * 1e6)
    return {name: statistics.median(values) for name, values in taken.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.rows", description=__doc__)
    parser.add_argument("people", nargs="?", type=int, default=100_000, help="default: %(default)s")
    asyncio.run(measured(parser.parse_args().people))
