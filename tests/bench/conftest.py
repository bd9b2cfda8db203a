"""A small benchmark's database, made as a large one is."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import asyncpg
import pytest

from bench import layouts, people
from domain.policy import PolicyBook
from security.gate import Gate
from security.keys import Secret
from storage import migrate
from storage.database import Connection
from storage.replica import named
from tests.world import LOGIN, SECRET

PEOPLE = 1_000


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(Secret(SECRET))


@pytest.fixture(scope="module")
async def filled(cluster: str, book: PolicyBook, gate: Gate) -> AsyncIterator[Connection]:
    """Its owner's session."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    maintenance = await asyncpg.connect(cluster)
    await maintenance.execute(f"CREATE DATABASE {name}")
    await migrate.upgrade(named(cluster, name), book, LOGIN, gate.personal)
    owner = await asyncpg.connect(named(cluster, name))
    await people.fill(owner, PEOPLE, gate)
    await layouts.make(owner)
    yield owner
    await owner.close()
    await maintenance.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await maintenance.close()
