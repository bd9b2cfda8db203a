"""Connections that go from hand to hand: each is in one hand at a time, and none is lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asyncpg
import pytest

from storage.database import Database
from tests.world import LOGIN

SIZE = 3
ASLEEP = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep(60)%'"


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    made = await Database.for_callers(LOGIN.at(dsn), size=SIZE)
    yield made
    await made.close()


async def one(database: Database) -> int:
    async with database.connection() as connection:
        found: int = await connection.fetchval("SELECT pg_backend_pid()")
    return found


async def test_the_next_has_what_the_one_before_has_done_with(database: Database) -> None:
    assert await one(database) == await one(database)
    assert database.connections() == (0, 1)


async def test_so_many_at_once_and_whoever_comes_later_waits(database: Database) -> None:
    """Seven statements over three connections: all are answered, and no more than three sessions were made."""
    sessions = set(await asyncio.gather(*(one(database) for _ in range(7))))
    assert 1 <= len(sessions) <= SIZE
    assert database.connections() == (0, len(sessions))


async def test_one_that_failed_goes_back_to_the_pool(database: Database) -> None:
    """In the middle of a transaction, or of a statement: nobody meets what was left open."""

    async def failing() -> None:
        async with database.connection() as connection:
            await connection.execute("BEGIN")
            await connection.fetchval("SELECT 1 / 0")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await failing()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05), database.connection() as connection:
            await connection.fetchval("SELECT pg_sleep(60)")
    assert database.connections() == (0, 0)
    async with database.connection() as connection:
        assert not connection.is_in_transaction()
        assert await connection.fetchval(ASLEEP) == 0


async def test_an_open_transaction_is_not_handed_on(database: Database) -> None:
    """Even where nobody raised."""
    async with database.connection() as connection:
        await connection.execute("BEGIN")
    async with database.connection() as connection:
        assert not connection.is_in_transaction()


async def test_one_that_died_idle_is_replaced(database: Database, dsn: str) -> None:
    died = await one(database)
    owner = await asyncpg.connect(dsn)
    await owner.fetchval("SELECT pg_terminate_backend($1, 5000)", died)
    await owner.close()
    await asyncio.sleep(0.1)  # until it is heard of
    assert await one(database) != died
    assert database.connections() == (0, 1)


async def test_none_is_lost_whatever_is_cut_off(database: Database) -> None:
    """A thousand uses over three connections, a third of them cut off: waiting, running, or giving back."""
    chance = random.Random(7)

    async def used() -> None:
        async with database.connection() as connection:
            assert not connection.is_in_transaction()
            async with connection.transaction():
                await connection.fetchval("SELECT pg_sleep($1)", chance.random() / 500)

    for _ in range(20):
        tasks = [asyncio.create_task(used()) for _ in range(50)]
        await asyncio.sleep(chance.random() / 50)
        cut = chance.sample(tasks, 17)
        for task in cut:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        failures = [one for one in results if isinstance(one, Exception)]
        assert failures == []
    await asyncio.gather(*(one(database) for _ in range(2 * SIZE)))
    in_use, idle = database.connections()
    assert in_use == 0
    assert 1 <= idle <= SIZE


async def test_closing_waits_for_what_is_in_use(dsn: str) -> None:
    made = await Database.for_callers(LOGIN.at(dsn), size=SIZE)
    began = asyncio.Event()

    async def working() -> int:
        async with made.connection() as connection:
            began.set()
            found: int = await connection.fetchval("SELECT 7 FROM pg_sleep(0.2)")
            return found

    task = asyncio.create_task(working())
    await began.wait()
    await made.close()
    assert await task == 7
    assert made.connections() == (0, 0)


async def test_what_is_thrown_away_after_the_loop_has_ended_asks_nothing_of_it(dsn: str) -> None:
    """Python closes a coroutine that nobody waits for any more, wherever it waits: outside every loop as well."""
    made = await Database.for_callers(LOGIN.at(dsn), size=SIZE)
    use = made.connection()
    await use.__aenter__()
    leaving = use.__aexit__(GeneratorExit, GeneratorExit(), None)
    with ThreadPoolExecutor(1) as outside:  # where no loop runs
        assert outside.submit(_driven, leaving).result() is None
    assert made.connections() == (1, 0)
    await made.close(within=0.1)


def _driven(coroutine: Any) -> None:
    with pytest.raises(StopIteration):
        coroutine.send(None)
