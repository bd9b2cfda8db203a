"""The migrations make the schema that `storage.tables` declares."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from domain.policy import PolicyBook
from storage import migrate
from storage.database import Database
from storage.replica import named
from storage.tables import METADATA
from tests.world import amended


@pytest.fixture
async def empty(cluster: str) -> AsyncIterator[str]:
    """A database in which nothing has run yet."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    maintenance = await asyncpg.connect(cluster)
    await maintenance.execute(f"CREATE DATABASE {name}")
    yield named(cluster, name)
    await maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await maintenance.close()


async def is_current(dsn: str) -> bool:
    connection = await asyncpg.connect(dsn)
    try:
        return await migrate.is_current(connection)
    finally:
        await connection.close()


async def held(dsn: str) -> list[tuple[Any, ...]]:
    """The cycles that the database knows, where one revision was written down."""
    connection = await asyncpg.connect(dsn)
    try:
        assert await connection.fetchval("SELECT count(*) FROM alembic_version") == 1
        return [tuple(row) for row in await connection.fetch("SELECT * FROM cycle_lengths ORDER BY 1, 2")]
    finally:
        await connection.close()


async def test_the_migrated_database_is_as_the_tables_are_declared(empty: str, book: PolicyBook) -> None:
    """Alembic finds no difference. Comments stand in the migrations only."""
    await migrate.upgrade(empty, book)

    def compare(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA))

    engine = migrate.engine_for(empty)
    try:
        async with engine.connect() as connection:
            differences = await connection.run_sync(compare)
    finally:
        await engine.dispose()
    assert [found for found in differences if found[0] != "remove_table_comment"] == []


async def test_an_empty_database_is_not_current_until_it_is_migrated(empty: str, book: PolicyBook) -> None:
    """/readyz asks this: a service over an older schema must not say that it is ready."""
    assert not await is_current(empty)
    await migrate.upgrade(empty, book)
    assert await is_current(empty)


async def test_another_revision_is_not_current(empty: str, book: PolicyBook) -> None:
    """Neither a schema that is older nor one that a newer program made."""
    await migrate.upgrade(empty, book)
    connection = await asyncpg.connect(empty)
    await connection.execute("UPDATE alembic_version SET version_num = '0000'")
    assert not await migrate.is_current(connection)
    await connection.close()


async def test_the_application_may_ask_whether_the_schema_is_current(pool: Database) -> None:
    """The question needs no more than the application's own role."""
    async with pool.reading() as connection:
        assert await migrate.is_current(connection)


async def test_migrating_twice_changes_nothing(empty: str, book: PolicyBook) -> None:
    """Every start of the service migrates."""
    await migrate.upgrade(empty, book)
    once = await held(empty)
    await migrate.upgrade(empty, book)
    assert await held(empty) == once == [("RETIREE", 12), ("SURVIVOR", 6)]


async def test_two_starts_at_once_migrate_once(empty: str, book: PolicyBook) -> None:
    """The second waits for the first, and finds nothing left to do."""
    await asyncio.gather(*(migrate.upgrade(empty, book) for _ in range(3)))
    assert await held(empty) == [("RETIREE", 12), ("SURVIVOR", 6)]


async def test_a_later_policys_cycle_is_added(empty: str, book: PolicyBook) -> None:
    """A notice that changes the cycle needs no migration: the database learns it beside the ones before."""
    await migrate.upgrade(empty, book)
    await migrate.upgrade(empty, amended("cycle_months", "2020-01-01", RETIREE=6, SURVIVOR=6))
    assert await held(empty) == [("RETIREE", 6), ("RETIREE", 12), ("SURVIVOR", 6)]
