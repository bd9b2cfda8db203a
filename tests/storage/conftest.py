"""A history that is there for a module, seen as the application's role sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from storage.database import Database
from tests.storage.history import SEED
from tests.world import emptied


@pytest.fixture(scope="module")
async def held(owner: asyncpg.Connection[asyncpg.Record], pool: Database) -> AsyncIterator[Database]:
    """The application's pool over one literal history; what a test does is undone."""
    await emptied(owner)
    await owner.execute(SEED)
    yield pool
    await emptied(owner)
