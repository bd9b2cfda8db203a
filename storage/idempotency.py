"""Answers kept by idempotency key: unique per account, for seven days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.database import Connection

KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What came before under the same key; the answer is JSON."""

    digest: bytes
    answer: str


async def claim(connection: Connection, account_id: int, key: str, digest: bytes, at: datetime) -> Earlier | None:
    """Take the key for this transaction, or return what was answered under it.

    A twin that runs at the same moment waits here until the first has ended.
    """
    await connection.execute(_FORGET, account_id, at - KEPT)
    taken = await connection.fetchval(
        """INSERT INTO idempotency_keys (account_id, key, digest, at) VALUES ($1, $2, $3, $4)
           ON CONFLICT DO NOTHING RETURNING true""",
        account_id,
        key,
        digest,
        at,
    )
    if taken:
        return None
    row = await connection.fetchrow(
        "SELECT digest, answer FROM idempotency_keys WHERE account_id = $1 AND key = $2", account_id, key
    )
    assert row is not None and row["answer"] is not None  # a key is committed together with its answer
    return Earlier(row["digest"], row["answer"])


_FORGET = """
DELETE FROM idempotency_keys WHERE (account_id, key) IN (
    SELECT account_id, key FROM idempotency_keys WHERE account_id = $1 AND at < $2 FOR UPDATE SKIP LOCKED)
"""


async def keep(connection: Connection, account_id: int, key: str, answer: str) -> None:
    await connection.execute(
        "UPDATE idempotency_keys SET answer = $3 WHERE account_id = $1 AND key = $2", account_id, key, answer
    )


async def purge(connection: Connection, at: datetime) -> None:
    await connection.execute("DELETE FROM idempotency_keys WHERE at < $1", at - KEPT)
