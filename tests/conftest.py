"""A real PostgreSQL for the tests that need one: one database a worker, made by the real migrations."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from domain.policy import PolicyBook
from storage import migrate
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.replica import named
from tests.district import District, lived
from tests.emptied import emptied
from tests.world import LOGIN, World, personal_data

FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB"}


@pytest.fixture(scope="session")
def book() -> PolicyBook:
    return PolicyBook.read()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server's maintenance database: DATABASE_URL's, else an embedded one's."""
    if given := os.environ.get("DATABASE_URL"):
        yield named(given, "postgres")
        return
    postgres = EmbeddedPostgres(Path(tmp_path_factory.mktemp("postgres")), settings=FAST)
    postgres.start()
    try:
        yield postgres.dsn("postgres")
    finally:
        postgres.stop()


@pytest.fixture(scope="session")
async def dsn(cluster: str, book: PolicyBook) -> AsyncIterator[str]:
    """A migrated database of this worker's own, seen as its owner."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    maintenance = await asyncpg.connect(cluster)
    await maintenance.execute(f"CREATE DATABASE {name}")
    await migrate.upgrade(named(cluster, name), book, LOGIN, personal_data())
    yield named(cluster, name)
    await maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await maintenance.close()


@pytest.fixture(scope="session")
async def owner(dsn: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """A session of the database's owner, who may do what the application may not."""
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


@pytest.fixture(scope="session")
async def pool(dsn: str) -> AsyncIterator[Database]:
    """The commands' pool, under their own role."""
    database = await Database.for_batches(dsn)
    yield database
    await database.close()


@pytest.fixture(scope="session")
async def callers(dsn: str) -> AsyncIterator[Database]:
    """The API's pool, under its own login."""
    database = await Database.for_callers(LOGIN.at(dsn))
    yield database
    await database.close()


@pytest.fixture
async def world(
    pool: Database,
    callers: Database,
    owner: asyncpg.Connection[asyncpg.Record],
    book: PolicyBook,
    tmp_path: Path,
) -> AsyncIterator[World]:
    """The service over an empty database, with a clock that a test sets."""
    await emptied(owner)
    async with World.over(pool, callers, owner, book, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
async def district(
    pool: Database,
    callers: Database,
    owner: asyncpg.Connection[asyncpg.Record],
    book: PolicyBook,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[District]:
    """Two districts with people of every fate, for the tests of a module."""
    await emptied(owner)
    async with World.over(pool, callers, owner, book, tmp_path_factory.mktemp("files")) as made:
        yield await lived(made)
    await emptied(owner)
