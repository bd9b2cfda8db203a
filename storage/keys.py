"""The keys for personal data, wrapped: what opens them never comes here."""

from __future__ import annotations

from datetime import datetime

from storage.database import Connection, Reader, Record

COLUMNS = "id, purpose, cipher, wrapped, current"
_ROTATION = 0x726F7461  # imports share it, the beginning of a rotation has it alone


async def held(connection: Reader) -> list[Record]:
    """Every key with the values of `COLUMNS`."""
    return await connection.fetch(f"SELECT {COLUMNS} FROM data_keys ORDER BY id")


async def hold_off_rotation(connection: Connection) -> None:
    """Until this transaction ends no rotation begins; waits for one that is beginning."""
    await connection.execute("SELECT pg_advisory_xact_lock_shared($1)", _ROTATION)


async def hold_off_imports(connection: Connection) -> None:
    """Until this transaction ends no import looks at the keys; waits for those that have."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _ROTATION)


async def replace(connection: Connection, purpose: str, cipher: str | None, wrapped: bytes, at: datetime) -> None:
    """Make this the current key of its purpose; the one before becomes a former one."""
    await connection.execute("UPDATE data_keys SET current = false WHERE purpose = $1", purpose)
    await connection.execute(
        "INSERT INTO data_keys (purpose, cipher, wrapped, current, made_at) VALUES ($1, $2, $3, true, $4)",
        purpose,
        cipher,
        wrapped,
        at,
    )


async def rewrap(connection: Connection, id: int, wrapped: bytes) -> None:
    await connection.execute("UPDATE data_keys SET wrapped = $2 WHERE id = $1", id, wrapped)


async def forget_former(connection: Connection) -> None:
    await connection.execute("DELETE FROM data_keys WHERE NOT current")
