"""The PostgreSQL of a benchmark, and its databases: made once a size, copied as a whole wherever a run writes."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import psutil

from bench import people
from domain.policy import PolicyBook
from resolvers import keyring
from resolvers.context import Context
from security.gate import Gate
from security.keys import Secret
from storage import migrate
from storage.database import Connection, Database, Login
from storage.embedded import EmbeddedPostgres

SECRET = "abcdefghijklmnopqrstuvwxyz0123456789"  # of databases that live as long as the benchmark
SETTINGS = {
    "autovacuum": "off",  # what is measured is vacuumed before
    "checkpoint_timeout": "1h",
    "max_wal_size": "16GB",
    "max_connections": "200",
}


class Cluster:
    """One server for all of them."""

    def __init__(self, postgres: EmbeddedPostgres, folder: Path) -> None:
        self._postgres = postgres
        self._folder = folder

    def dsn(self, name: str) -> str:
        """As its owner, over the socket."""
        return self._postgres.dsn(name)

    @property
    def process(self) -> psutil.Process:
        first = (self._folder / "cluster" / "postmaster.pid").read_text().splitlines()[0]
        return psutil.Process(int(first))

    @contextmanager
    def serving_on(self, cores: Iterable[int]) -> Iterator[None]:
        """On these cores works whoever connects meanwhile."""
        before = self.process.cpu_affinity()
        self.process.cpu_affinity(list(cores))
        try:
            yield
        finally:
            self.process.cpu_affinity(before)

    @asynccontextmanager
    async def owner(self, name: str) -> AsyncIterator[Connection]:
        connection = await asyncpg.connect(self.dsn(name))
        try:
            yield connection
        finally:
            await connection.close()

    async def make(self, name: str, size: int, *, histories: bool) -> None:
        """A database of so many people, with or without their histories."""
        async with self.owner("postgres") as owner:
            await owner.execute(f'CREATE DATABASE "{name}"')
        held = gate()
        await migrate.upgrade(self.dsn(name), PolicyBook.read(), login(held), held.personal)
        async with self.owner(name) as owner:
            await people.fill(owner, size, held, histories=histories)
        async with self.context(name) as context:
            await keyring.begin(context)

    @asynccontextmanager
    async def copied(self, name: str, copy: str = "copy") -> AsyncIterator[str]:
        """A copy for somebody who writes, while nobody uses the one that is copied."""
        await self.drop(copy)
        async with self.owner("postgres") as owner:
            await owner.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{name}" STRATEGY file_copy')
            await owner.execute("CHECKPOINT")
        try:
            yield copy
        finally:
            await self.drop(copy)

    async def drop(self, name: str) -> None:
        async with self.owner("postgres") as owner:
            await owner.execute(f'DROP DATABASE IF EXISTS "{name}" (FORCE)')

    @asynccontextmanager
    async def context(self, name: str) -> AsyncIterator[Context]:
        """What a command is given."""
        database = await Database.for_batches(self.dsn(name))
        try:
            yield Context(database, PolicyBook.read(), people.NOW, gate())
        finally:
            await database.close()


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    shared = psutil.virtual_memory().total // 8 // 2**20
    postgres = EmbeddedPostgres(folder, settings={**SETTINGS, "shared_buffers": f"{shared}MB"})
    postgres.start()
    try:
        yield Cluster(postgres, folder)
    finally:
        postgres.stop()


def gate() -> Gate:
    return Gate(Secret(SECRET))


def login(held: Gate) -> Login:
    """As whom the API logs in: what the service's own start makes of the same secret."""
    return Login.of(held.secret.derived("login"))


def environment(dsn: str) -> dict[str, str]:
    """What the service is started with: documented settings, nothing else."""
    return {
        **os.environ,
        "DATABASE_URL": dsn,
        "SECRET_KEY": SECRET,
        "CLOCK": people.NOW.isoformat(),
        "REHEARSAL": "1",
    }
