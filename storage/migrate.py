"""Bring a database to the newest schema, and tell whether it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from domain.policy import PolicyBook
from storage import keys, logins
from storage.database import Login, Reader

FOLDER = Path(__file__).with_name("migrations")
_LOCK = 0x72656E7A  # one migration at a time


class TooOld(Exception):
    """The server is older than the schema needs."""


class Personal(Protocol):
    """What makes keys and seals ID numbers under them: `security.personal`, of which storage knows no more."""

    def hold(self, rows: Iterable[Iterable[Any]]) -> None: ...

    def new_key(self, purpose: str) -> tuple[str | None, bytes]: ...

    def sealed(self, number: str) -> tuple[bytes, bytes]: ...


async def upgrade(dsn: str, book: PolicyBook, login: Login, personal: Personal) -> None:
    """Run the migrations that are missing; let the database know every cycle of the policy, and the API's login.

    `personal` holds the database's keys afterwards. Raises TooOld, and WrongSecret with nothing changed.
    """
    engine = engine_for(dsn)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_require_version)
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            await connection.run_sync(lambda sync: command.upgrade(_config(sync, personal), "head"))
            # A wrong secret ends here, before its login would shut the running API out.
            personal.hold(await connection.execute(text(f"SELECT {keys.COLUMNS} FROM data_keys")))
            for category, months in sorted(book.cycles()):
                await connection.execute(
                    text("INSERT INTO cycle_lengths VALUES (:category, :months) ON CONFLICT DO NOTHING"),
                    {"category": category, "months": months},
                )
            await logins.admit(connection, login)
    finally:
        await engine.dispose()


async def is_current(connection: Reader) -> bool:
    """Whether the newest migration has run here."""
    if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
        return False
    held = await connection.fetch("SELECT version_num FROM alembic_version")
    return {row["version_num"] for row in held} == set(_scripts().get_heads())


def engine_for(dsn: str) -> AsyncEngine:
    return create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(dsn))


def _require_version(connection: Connection) -> None:
    """PostgreSQL 18: temporal keys, and RETURNING of what an upsert found."""
    version = connection.dialect.server_version_info
    if version is None or version < (18,):
        raise TooOld("PostgreSQL 18 or newer is needed; DATABASE_URL leads to an older one")


def _config(connection: Connection | None = None, personal: Personal | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes |= {"connection": connection, "personal": personal}
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
