"""The points that a caller may still spend, in the database: one bucket a caller, whatever the number of workers."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from storage.database import Connection, Reader


class Lease(NamedTuple):
    """Points taken out of a bucket, and how many are left in it."""

    granted: int
    left: int


async def lease(connection: Reader, key: bytes, wanted: int, capacity: int, refill: int) -> Lease:
    """Take as many of the points as there are; the bucket was filled up by `refill` a second since the last time."""
    row = await connection.fetchrow(
        "SELECT granted, remaining FROM lease_points($1, $2, $3, $4)", key, wanted, capacity, refill
    )
    assert row is not None  # a function's one row
    return Lease(row["granted"], row["remaining"])


FULL_AFTER = timedelta(hours=1)
"""A bucket that nobody has touched for so long is full whatever its role: it says nothing more."""


async def purge(connection: Connection) -> None:
    """Forget the buckets that are full."""
    await connection.execute("DELETE FROM allowances WHERE filled_at < clock_timestamp() - $1::interval", FULL_AFTER)
