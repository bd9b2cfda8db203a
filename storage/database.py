"""The pool of connections, and the two ways to use one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Record: TypeAlias = asyncpg.Record
Connection: TypeAlias = "asyncpg.Connection[Record] | PoolConnectionProxy[Record]"

ROLE = "renzheng_app"
"""What the service runs as: it may add history, never change or delete it. The migrations grant it."""


class _Session(asyncpg.Connection):
    def get_reset_query(self) -> str:
        """What a session forgets before another request uses it: the role as well."""
        return f"{super().get_reset_query()}\nRESET ROLE;"


class Database:
    """A pool whose every session runs as the application's own role."""

    def __init__(self, pool: asyncpg.Pool[Record]) -> None:
        self._pool = pool

    @classmethod
    async def connect(cls, dsn: str, *, size: int = 10) -> Database:
        pool = await asyncpg.create_pool(
            dsn,
            min_size=1,
            max_size=size,
            connection_class=_Session,
            server_settings={"role": ROLE, "application_name": "renzheng", "timezone": "Asia/Shanghai"},
        )
        return cls(pool)

    async def close(self) -> None:
        await self._pool.close()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Connection]:
        """A connection for one statement, or for several that need not agree."""
        async with self._pool.acquire() as connection:
            yield connection

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Connection]:
        """A transaction: committed at the end, undone by any exception."""
        async with self._pool.acquire() as connection, connection.transaction():
            yield connection
