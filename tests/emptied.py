"""The database as the migrations left it, before each test."""

from __future__ import annotations

from contextlib import suppress

import asyncpg


async def emptied(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    """Forget every row but what the migrations wrote; ids begin with 1 again.

    A table is truncated where much was written: of the few rows that most tests write, deleting is quicker by far.
    """
    held = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"  # in the ledger, or on their way there
    for (partition,) in await owner.fetch(rf"{held} AND tablename ~ '^payments_\d'"):
        await owner.execute(f"DROP TABLE {partition}")
    if await owner.fetchval(_WRITTEN) > _MUCH:
        await truncated(owner)
    else:
        await owner.execute(_DELETED)
    await owner.execute("UPDATE batch_clock SET last = '2000-01-01'")
    await owner.execute("UPDATE audit_clock SET opens = '2000-01-01', latest = '2000-01-01'")


async def truncated(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    """As new tables are: the planner has been told nothing of them either."""
    tables = await owner.fetchval(f"SELECT string_agg(format('%I', tablename), ', ') {_TABLES}")
    for _ in range(3):  # a session that an earlier test left may still be reading
        with suppress(asyncpg.DeadlockDetectedError):
            await owner.execute(f"TRUNCATE {tables} RESTART IDENTITY")
            return
    await owner.execute(f"TRUNCATE {tables} RESTART IDENTITY")


_KEPT = "('alembic_version', 'cycle_lengths', 'batch_clock', 'data_keys', 'audit_clock')"
_TABLES = f"FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN {_KEPT}"
_WRITTEN = f"SELECT sum(pg_relation_size(format('%I', tablename)::regclass)) {_TABLES}"
_MUCH = 8_000_000  # bytes
_DELETED = f"""
DO $$
DECLARE
    held text;
    numbers record;
BEGIN
    SET LOCAL session_replication_role = replica;  -- no guard and no key is asked
    FOR held IN SELECT tablename {_TABLES} LOOP
        EXECUTE format('DELETE FROM %I', held);
    END LOOP;
    FOR numbers IN SELECT * FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
                       AND regexp_replace(sequencename, '_id_seq$', '') NOT IN {_KEPT} LOOP
        PERFORM setval(format('%I', numbers.sequencename)::regclass, numbers.start_value, false);
    END LOOP;
END $$
"""
