"""Imports of evidence, assessments and publications run one after another, each at an instant of its own.

What an assessment did not see was not there: its instant lies after that of every record it read, and before that of
every record which comes later, whatever the clocks of the machines say.
"""

from __future__ import annotations

from datetime import datetime

from storage.database import Connection


async def enter(connection: Connection, now: datetime) -> datetime:
    """Wait for the others, keep them out until this transaction ends, and take the next instant.

    A lock of the table takes no snapshot: a transaction at one moment that begins with it sees that of the lock.
    """
    await connection.execute("SET LOCAL work_mem = '256MB'; LOCK TABLE batch_clock IN EXCLUSIVE MODE")
    instant: datetime = await connection.fetchval(
        "UPDATE batch_clock SET last = greatest($1, last + interval '1 microsecond') RETURNING last", now
    )
    return instant
