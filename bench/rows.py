"""What row-level security costs a read, and whether a foreign id takes another time: `python -m bench.rows [PEOPLE]`.

Each read is run by the owner, whom no policy binds, and by sessions of the API's login, one after another in turn.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
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
from storage.database import Database, Entered, Login, Reader
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
    callers = await Database.for_callers(LOGIN.at(dsn))
    unit = await owner.fetchval("SELECT unit_id FROM accounts WHERE username = 'U1'")
    rows = await owner.fetch("SELECT a.role, s.id FROM sessions s JOIN accounts a ON a.id = s.account_id")
    async with callers.connection() as connection:
        readers: dict[str, Reader] = {"owner": owner}
        readers |= {row["role"]: Entered(connection, UUID(str(row["id"]))) for row in rows}
        await _reads(readers, unit, book.on(MONTH.first_day))
        await _ids(readers["UNIT"], owner, unit)
    await callers.close()
    await owner.close()


async def _reads(readers: dict[str, Reader], unit: int, policy: Policy) -> None:
    """A line for each read: microseconds as the owner, and how many times that as each role."""
    page = RosterFilter(unit, Category.RETIREE)
    found = await roster.page(readers["owner"], page, Slice(20), MONTH, policy)
    moments = [Moment(row.standing.id, row.standing.version) for row in found.rows]
    reads: dict[str, Read] = {
        "roster page of 20": lambda reader: roster.page(reader, page, Slice(20), MONTH, policy),
        "their periods": lambda reader: histories.periods(reader, moments, Part(21)),
        "summary": lambda reader: roster.summary(reader, unit, Category.RETIREE, MONTH, policy),
    }
    for what, read in reads.items():
        taken = await _medians({name: _bound(read, reader) for name, reader in readers.items()})
        bare = taken["owner"]
        ratios = "  ".join(f"{name} {taken[name] / bare:4.2f}" for name in readers if name != "owner")
        print(f"{what:<20} {bare:7.0f} µs bare, times that: {ratios}", flush=True)


async def _ids(unit: Reader, owner: asyncpg.Connection[asyncpg.Record], own_unit: int) -> None:
    """How long a unit's look-up by id takes: own, foreign, unknown."""
    own = await owner.fetchval("SELECT max(id) FROM beneficiaries WHERE unit_id = $1", own_unit)
    foreign = await owner.fetchval("SELECT max(id) FROM beneficiaries WHERE unit_id <> $1", own_unit)
    ids = {"own": own, "foreign": foreign, "unknown": 10**9, "malformed": 0}
    taken = await _medians({name: _bound(_by_id(id), unit) for name, id in ids.items()})
    print("by id                " + "  ".join(f"{name} {taken[name]:.0f} µs" for name in ids), flush=True)


def _by_id(id: int) -> Read:
    return lambda reader: standings.by_id(reader, [id])


def _bound(read: Read, reader: Reader) -> Callable[[], Awaitable[object]]:
    return lambda: read(reader)


async def _medians(reads: dict[str, Callable[[], Awaitable[object]]]) -> dict[str, float]:
    """Microseconds, of interleaved runs."""
    taken: dict[str, list[float]] = {name: [] for name in reads}
    for _ in range(TIMES):
        for name, read in reads.items():
            start = time.perf_counter()
            await read()
            taken[name].append((time.perf_counter() - start) * 1e6)
    return {name: statistics.median(values) for name, values in taken.items()}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.rows", description=__doc__)
    parser.add_argument("people", nargs="?", type=int, default=100_000, help="default: %(default)s")
    asyncio.run(measured(parser.parse_args().people))
