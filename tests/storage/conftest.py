"""A history that is there for a module, seen as the application's role sees it."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest

from storage.database import Database
from storage.replica import named
from tests.emptied import emptied
from tests.storage.history import SEED, undone
from tests.storage.money import MONEY

Write = Callable[[str], Awaitable[None]]


@pytest.fixture
async def empty(cluster: str) -> AsyncIterator[str]:
    """A database in which nothing has run yet."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    maintenance = await asyncpg.connect(cluster)
    await maintenance.execute(f"CREATE DATABASE {name}")
    yield named(cluster, name)
    await maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await maintenance.close()


@pytest.fixture(scope="module")
async def held(owner: asyncpg.Connection[asyncpg.Record], pool: Database) -> AsyncIterator[Database]:
    """The application's pool over one literal history; what a test does is undone."""
    await emptied(owner)
    await owner.execute(SEED)
    yield pool
    await emptied(owner)


@pytest.fixture(scope="module")
async def paid(held: Database, owner: asyncpg.Connection[asyncpg.Record]) -> Database:
    """The same with money: payrolls, cases, suspensions, an overpayment."""
    await owner.execute(MONEY)
    return held


@pytest.fixture(params=["application", "owner"])
async def write(
    request: pytest.FixtureRequest, paid: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> AsyncIterator[Write]:
    """Run statements over the history with money and undo them: by the application's role, and by the owner."""
    if request.param == "owner":
        yield lambda statement: undone(owner, statement)
    else:
        async with paid.connection() as connection:
            yield lambda statement: undone(connection, statement)
