"""What the planner is told of tables that were filled in bulk.

A server that lives only as long as a command is gone before its autovacuum looks at them.
"""

from __future__ import annotations

from storage.database import Connection

BULK = 1_000  # rows; fewer change no plan


async def gather(connection: Connection, rows: int, *tables: str) -> None:
    """Look at the tables where so many rows have come; it belongs to the transaction that wrote them."""
    if rows >= BULK:
        await connection.execute(f"ANALYZE {', '.join(tables)}")
