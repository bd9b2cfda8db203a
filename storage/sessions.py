"""Sessions: who is signed in, from when to when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from storage.database import Connection


async def begin(connection: Connection, account_id: int, at: datetime, address: str | None = None) -> UUID:
    """A new session of the account; its id is a secret of the account's tokens."""
    found: UUID = await connection.fetchval("SELECT begin_session($1, $2, $3)", account_id, at, address)
    return found


async def enter(connection: Connection, session: UUID) -> None:
    """Be the account of the session until the transaction ends."""
    await connection.execute("SELECT enter($1)", session)
