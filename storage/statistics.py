"""What the planner is told of tables that were filled in bulk.

A server that lives only as long as a command is gone before its autovacuum looks at them.
"""

from __future__ import annotations

from storage.database import Connection

BULK = 1_000  # rows; fewer change no plan
# Nor does less than a tenth of what is there, by which autovacuum goes as well: to look at a large table after every
# file takes as long as the file. What came before and was not looked at counts too; of a table that nobody has looked
# at yet there are -1 rows.
_STALE = """
SELECT name FROM unnest($1::text[]) AS t (name) JOIN pg_class c ON c.oid = split_part(name, ' ', 1)::regclass
WHERE $2 + pg_stat_get_mod_since_analyze(c.oid) >= 0.1 * c.reltuples
"""


async def gather(connection: Connection, rows: int, *tables: str) -> None:
    """Look at those of the tables in which so many rows count; it belongs to the transaction that wrote them."""
    if rows < BULK:
        return
    stale = [row["name"] for row in await connection.fetch(_STALE, tables, rows)]
    if stale:
        await connection.execute(f"ANALYZE {', '.join(stale)}")
