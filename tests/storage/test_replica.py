"""A database is filled beside the one in use and takes its place when it is whole, or not at all."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest

from storage import replica
from storage.replica import named


@pytest.fixture
async def used(cluster: str) -> AsyncIterator[str]:
    """The address of a database in use, which holds a table `told` of one word."""
    name = f"used_{uuid.uuid4().hex[:12]}"
    await run(cluster, f"CREATE DATABASE {name}")
    await run(named(cluster, name), "CREATE TABLE told AS SELECT 'before' AS word")
    yield named(cluster, name)
    await run(cluster, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await run(cluster, f"DROP DATABASE IF EXISTS {name}_filling WITH (FORCE)")


async def run(dsn: str, statement: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def filled(used: str, word: str) -> None:
    async with replica.filled_then_swapped(used) as filling:
        await run(filling, f"CREATE TABLE told AS SELECT '{word}' AS word")


async def test_the_filled_database_takes_the_place_of_the_other(used: str) -> None:
    """Under the same address; nothing else is left."""
    await filled(used, "after")
    assert await run(used, "SELECT word FROM told") == "after"
    assert await run(used, "SELECT count(*) FROM pg_database WHERE datname LIKE current_database() || '_%'") == 0


async def test_until_then_the_other_is_as_it_was(used: str) -> None:
    """Whoever asks while it is filled sees nothing of it."""
    async with replica.filled_then_swapped(used) as filling:
        await run(filling, "CREATE TABLE told AS SELECT 'half' AS word")
        assert await run(used, "SELECT word FROM told") == "before"


async def test_a_failure_leaves_the_other_in_place(used: str) -> None:
    """Half a demo is none."""
    with pytest.raises(KeyError):
        async with replica.filled_then_swapped(used):
            raise KeyError
    assert await run(used, "SELECT word FROM told") == "before"


async def test_a_fill_that_was_killed_is_begun_anew(used: str, cluster: str) -> None:
    """What it left half done is forgotten at the next."""
    name = await run(used, "SELECT current_database()")
    await run(cluster, f"CREATE DATABASE {name}_filling")
    await run(named(cluster, f"{name}_filling"), "CREATE TABLE told AS SELECT 'half' AS word")
    await filled(used, "after")
    assert await run(used, "SELECT word FROM told") == "after"


async def test_a_swap_that_was_killed_between_its_two_steps_is_mended(used: str, cluster: str) -> None:
    """The old database is gone and the new one not renamed yet: the next start makes it empty and fills it."""
    name = await run(used, "SELECT current_database()")
    await run(cluster, f"CREATE DATABASE {name}_filling")
    await run(cluster, f"DROP DATABASE {name}")
    await run(cluster, f"CREATE DATABASE {name}")  # as EmbeddedPostgres does where it finds none
    assert await replica.is_empty(used)
    await filled(used, "after")
    assert await run(used, "SELECT word FROM told") == "after"


async def test_sessions_of_the_old_database_do_not_stand_in_the_way(used: str) -> None:
    """A forgotten psql neither blocks nor survives the swap."""
    forgotten = await asyncpg.connect(used)
    await filled(used, "after")
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await forgotten.fetchval("SELECT 1")
    assert await run(used, "SELECT word FROM told") == "after"


async def test_a_database_is_empty_without_units(
    used: str, dsn: str, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    """Neither an unmigrated nor a migrated one is in use before there is a unit."""
    assert await replica.is_empty(used)
    await owner.execute("TRUNCATE units CASCADE")
    assert await replica.is_empty(dsn)
    await owner.execute("INSERT INTO units (si_number, name, district) VALUES ('1', '单位', '市南区')")
    assert not await replica.is_empty(dsn)
    await owner.execute("TRUNCATE units CASCADE")
