"""Second factors: the secrets that accounts share with a phone, wrapped, and which of its codes were used."""

from __future__ import annotations

from datetime import datetime

from storage.database import Connection, Reader


async def wrapped_secret(connection: Reader, account_id: int) -> bytes | None:
    found: bytes | None = await connection.fetchval("SELECT second_factor_of($1)", account_id)
    return found


async def use_step(connection: Reader, account_id: int, step: int) -> bool:
    """Use up the codes of that half minute and the ones before; False where they were already."""
    used: bool = await connection.fetchval("SELECT use_second_factor($1, $2)", account_id, step)
    return used


async def all_wrapped(connection: Reader) -> dict[int, bytes]:
    """Every account's secret."""
    return {row["account_id"]: row["wrapped"] for row in await connection.fetch("SELECT * FROM second_factors")}


async def rewrap(connection: Connection, account_id: int, wrapped: bytes) -> None:
    await connection.execute("UPDATE second_factors SET wrapped = $2 WHERE account_id = $1", account_id, wrapped)


async def enrol(connection: Connection, account_id: int, wrapped: bytes, at: datetime) -> None:
    """Keep the account's secret in place of any former one."""
    await connection.execute(
        """INSERT INTO second_factors (account_id, wrapped, enrolled_at) VALUES ($1, $2, $3)
           ON CONFLICT (account_id) DO UPDATE SET wrapped = EXCLUDED.wrapped, enrolled_at = EXCLUDED.enrolled_at,
               last_step = NULL""",
        account_id,
        wrapped,
        at,
    )
