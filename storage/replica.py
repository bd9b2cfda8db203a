"""Fill a database beside the one in use, and put it in its place when it is whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import asyncpg


class NotEmpty(Exception):
    """The database to be replaced is no longer empty."""


async def is_empty(dsn: str) -> bool:
    """Whether the database has no units yet, or not even their table."""
    connection = await asyncpg.connect(dsn)
    try:
        if await connection.fetchval("SELECT to_regclass('units')") is None:
            return True
        return await connection.fetchval("SELECT NOT EXISTS (SELECT FROM units)") is True
    finally:
        await connection.close()


@asynccontextmanager
async def filled_then_swapped(dsn: str) -> AsyncIterator[str]:
    """The address of a new database that takes the place of this one at the end, or is forgotten on any error."""
    name = urlsplit(dsn).path.removeprefix("/")
    await _run(dsn, f'DROP DATABASE IF EXISTS "{name}_filling" WITH (FORCE)', f'CREATE DATABASE "{name}_filling"')
    yield named(dsn, f"{name}_filling")
    if not await is_empty(dsn):
        raise NotEmpty("somebody loaded data while the demo was made, and it stays; start again to serve it")
    await _run(dsn, f'DROP DATABASE "{name}" WITH (FORCE)', f'ALTER DATABASE "{name}_filling" RENAME TO "{name}"')


async def _run(dsn: str, *statements: str) -> None:
    connection = await asyncpg.connect(named(dsn, "postgres"))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


def named(dsn: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{name}"))
