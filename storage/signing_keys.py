"""The keys that sign access tokens. Their private halves lie here wrapped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Connection, Reader

_LOCK = 0x6B657973  # one rotation at a time


@dataclass(frozen=True, slots=True)
class KeyRow:
    kid: str
    public: bytes
    wrapped: bytes


async def verifying(connection: Reader, at: datetime) -> list[KeyRow]:
    """Those under which a token may still be valid, the one that signs last."""
    rows = await connection.fetch(
        """SELECT kid, public, wrapped FROM signing_keys WHERE verifies_until IS NULL OR verifies_until > $1
           ORDER BY id""",
        at,
    )
    return [KeyRow(**row) for row in rows]


async def add_first(connection: Connection, key: KeyRow, at: datetime) -> None:
    """Keep the key where there is none that signs."""
    await connection.execute(f"{_ADD} ON CONFLICT DO NOTHING", key.kid, key.public, key.wrapped, at)


async def rewrap(connection: Connection, kid: str, wrapped: bytes) -> None:
    await connection.execute("UPDATE signing_keys SET wrapped = $2 WHERE kid = $1", kid, wrapped)


async def replace(connection: Connection, key: KeyRow, at: datetime, until: datetime) -> None:
    """The key signs from now on, and the ones before verify `until` then at the latest."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
    await connection.execute(
        "UPDATE signing_keys SET verifies_until = $1 WHERE verifies_until IS NULL OR verifies_until > $1", until
    )
    await connection.execute(_ADD, key.kid, key.public, key.wrapped, at)


_ADD = "INSERT INTO signing_keys (kid, public, wrapped, made_at) VALUES ($1, $2, $3, $4)"
