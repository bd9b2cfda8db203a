"""How often signing in was tried, counted in the database: it holds over every worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from storage.database import Connection, Reader


async def admit(
    connection: Reader,
    keys: Sequence[bytes],
    most: Sequence[int],
    spans: Sequence[timedelta],
    at: datetime,
    *,
    known: bytes,
    apart: bytes,
) -> datetime | None:
    """Count an attempt under each key. Where one is used up nothing is counted, and it is said when to try again.

    Where the network is `known`, it counts under `apart` as well and is not closed by it.

    It is counted before the password is looked at, so that attempts at the same moment cannot slip by.
    """
    closed_until: datetime | None = await connection.fetchval(
        "SELECT admit_attempt($1, $2, $3, $4, $5, $6)", list(keys), list(most), list(spans), at, known, apart
    )
    return closed_until


async def give_back(connection: Reader, keys: Sequence[bytes]) -> None:
    """The attempt was no failure: it counts under none of the keys."""
    await connection.fetchval("SELECT give_back_attempt($1, NULL, NULL, NULL)", list(keys))


async def succeeded(
    connection: Reader, keys: Sequence[bytes], *, cleared: bytes, known: bytes, until: datetime
) -> None:
    """The same, what counted under `cleared` is forgotten, and the network is known until then."""
    await connection.fetchval("SELECT give_back_attempt($1, $2, $3, $4)", list(keys), cleared, known, until)


async def purge(connection: Connection, at: datetime) -> None:
    """Forget what counts no more."""
    await connection.execute("DELETE FROM sign_in_attempts WHERE ends_at <= $1", at)
