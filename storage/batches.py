"""Imports of evidence, assessments and publications run one after another, each at an instant of its own.

What an assessment did not see was not there: its instant lies after that of every record it read, and before that of
every record which comes later, whatever the clocks of the machines say.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import structlog

from storage.database import TROUBLE, Connection, Database

PUBLISHING, FREEZING = 0x7075626C, 0x70617972


@asynccontextmanager
async def turn(database: Database, of: int) -> AsyncIterator[None]:
    """Wait for whoever does the same, which is said in the log, and have others wait until this is done.

    It keeps order only, and is held by a session that does nothing else. Where that is lost, the work goes on: each
    part of it is still somebody's alone.
    """
    using = database.connection()
    connection = await using.__aenter__()
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", of):
            structlog.get_logger().info("waiting for another run of the same to end")
            await connection.execute("SELECT pg_advisory_lock($1)", of)
        yield
    finally:  # what is given back to the pool holds no lock any more
        with suppress(*TROUBLE):
            await using.__aexit__(None, None, None)


async def enter(connection: Connection, now: datetime) -> datetime:
    """Wait for the others, keep them out until this transaction ends, and take the next instant.

    A lock of the table takes no snapshot: a transaction at one moment that begins with it sees that of the lock.
    """
    await connection.execute("SET LOCAL work_mem = '256MB'; LOCK TABLE batch_clock IN EXCLUSIVE MODE")
    instant: datetime = await connection.fetchval(
        "UPDATE batch_clock SET last = greatest($1, last + interval '1 microsecond') RETURNING last", now
    )
    return instant
