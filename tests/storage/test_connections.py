"""The pool under failures: no connection is lost, a broken one is replaced, and closing ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from asyncpg.pool import PoolConnectionProxy
from structlog.testing import capture_logs

from storage import batches
from storage.announcements import Announcements
from storage.database import Connection, Database
from tests.world import LOGIN

PID = "SELECT pg_backend_pid()"


@pytest.fixture
async def two(dsn: str) -> AsyncIterator[Database]:
    """A pool of two connections."""
    made = await Database.for_callers(LOGIN.at(dsn), size=2)
    yield made
    await made.close()


async def pid(database: Database) -> int:
    async with database.connection() as connection:
        found: int = await connection.fetchval(PID)
        return found


async def test_many_wait_for_two_connections_and_all_are_served(two: Database) -> None:
    async def busy() -> int:
        async with two.connection() as connection:
            await connection.fetchval("SELECT pg_sleep(0.001)")
            found: int = await connection.fetchval(PID)
            return found

    assert len(set(await asyncio.gather(*(busy() for _ in range(40))))) == 2


async def test_a_failure_leaves_a_connection_that_works(two: Database) -> None:
    """An error of a statement, of the block, and a transaction that was left open by it."""
    for _ in range(5):
        with pytest.raises(asyncpg.UndefinedTableError):
            await _begin_and_fail(two)
    assert len(set(await asyncio.gather(*(pid(two) for _ in range(10))))) <= 2
    async with two.connection() as connection:
        assert not connection.is_in_transaction()


async def _begin_and_fail(database: Database) -> None:
    async with database.connection() as connection:
        await connection.execute("BEGIN")
        await connection.fetch("SELECT * FROM nothing_of_that_name")


async def test_who_stops_waiting_takes_nothing_along(two: Database) -> None:
    """Cancelled in the queue, and cancelled at the moment at which a connection comes."""
    async with two.connection(), two.connection():
        waiting = [asyncio.create_task(pid(two)) for _ in range(6)]
        await asyncio.sleep(0)
        for task in waiting[:3]:
            task.cancel()
    waiting[3].cancel()  # it was handed a connection by now, and has not run since
    left = await asyncio.gather(*waiting, return_exceptions=True)
    assert [isinstance(one, asyncio.CancelledError) for one in left] == [True] * 4 + [False] * 2
    async with two.connection() as one, two.connection() as other:
        assert await one.fetchval(PID) != await other.fetchval(PID)


async def test_a_statement_that_is_cancelled_frees_its_connection(two: Database) -> None:
    for _ in range(4):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02), two.connection() as connection:
                await connection.execute("SELECT pg_sleep(5)")
    assert await asyncio.wait_for(pid(two), 5)


async def test_a_connection_that_was_ended_is_replaced(
    two: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    ended = await pid(two)
    await owner.execute("SELECT pg_terminate_backend($1, 5000)", ended)
    await asyncio.sleep(0.05)  # until the news has come
    async with two.connection() as one, two.connection() as other:
        assert ended not in (await one.fetchval(PID), await other.fetchval(PID))


async def test_closing_waits_for_what_is_lent(dsn: str) -> None:
    made = await Database.for_callers(LOGIN.at(dsn), size=2)
    async with made.connection() as connection:
        closing = asyncio.create_task(made.close())
        await asyncio.sleep(0)
        assert await connection.fetchval("SELECT 1") == 1
        assert not closing.done()
    await asyncio.wait_for(closing, 5)


async def test_closing_is_not_held_up_by_what_is_never_given_back(dsn: str) -> None:
    """Its connection is cut off, and a stop of the service ends."""
    made = await Database.for_callers(LOGIN.at(dsn), size=2)
    async with made.connection() as connection:
        await asyncio.wait_for(made.close(within=0), 5)
        with pytest.raises(asyncpg.InterfaceError):
            await connection.fetchval("SELECT 1")


async def test_nobody_listens_any_more_when_the_service_stops(two: Database) -> None:
    """Neither for whoever comes later, nor because a connection does not answer."""
    announcements = Announcements(lambda: two)
    with announcements.bell("unit 1") as bell:
        await asyncio.wait_for(bell.wait(), 5)
        assert two.connections()[0] == 1
        await announcements.stop()
    with announcements.bell("unit 1"):
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert two.connections()[0] == 0


async def test_a_listener_that_does_not_end_holds_up_no_stop(two: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the database has gone silent, and UNLISTEN is not answered."""
    monkeypatch.setattr(PoolConnectionProxy, "remove_listener", silent, raising=False)
    announcements = Announcements(lambda: two)
    with announcements.bell("unit 1") as bell:
        await asyncio.wait_for(bell.wait(), 5)
        await asyncio.wait_for(announcements.stop(within=0), 5)
        assert two.connections()[0] == 1
        await two.close(within=0)


async def silent(*_: object) -> None:
    await asyncio.Event().wait()


async def test_a_machine_that_vanishes_in_a_run_keeps_nobody_waiting_for_hours(pool: Database) -> None:
    """Its session holds the turn until PostgreSQL finds it gone; a socket of the same machine tells at once."""
    async with pool.connection() as connection:
        rows = await connection.fetch("SELECT name, reset_val FROM pg_settings WHERE name LIKE 'tcp_keepalives_%'")
    assert {row["name"]: row["reset_val"] for row in rows} == {
        "tcp_keepalives_idle": "60", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "6"
    }  # fmt: skip


@pytest.mark.parametrize(
    "error", [asyncpg.ConnectionDoesNotExistError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError]
)
async def test_a_turn_that_ends_as_it_is_given_back_takes_nothing_from_what_was_done(
    pool: Database,
    owner: asyncpg.Connection[asyncpg.Record],
    monkeypatch: pytest.MonkeyPatch,
    error: type[Exception],
) -> None:
    """Whatever asyncpg says of a session that PostgreSQL ends in that moment, the run does not fail."""
    connection, turns = pool.connection, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 5"

    @asynccontextmanager
    async def dying() -> AsyncIterator[Connection]:
        async with connection() as held:
            yield held
        raise error("gone")

    monkeypatch.setattr(pool, "connection", dying)
    async with batches.turn(pool, 5):
        assert await owner.fetchval(turns) == 1
    assert await owner.fetchval(turns) == 0


async def test_who_waits_for_its_turn_says_so(pool: Database) -> None:
    """A second `publish` or `payroll` looked as if it hung."""

    async def second() -> None:
        async with batches.turn(pool, 6):
            pass

    with capture_logs() as told:
        async with batches.turn(pool, 6):
            assert told == []
            waiting = asyncio.create_task(second())
            async with asyncio.timeout(10):
                while not told:
                    await asyncio.sleep(0.01)
            assert not waiting.done()
        await waiting
    assert told == [{"event": "waiting for another run of the same to end", "log_level": "info"}]
