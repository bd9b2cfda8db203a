"""Persisted documents, by the hash of their text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from storage.database import Connection, Reader


async def by_hash(connection: Reader, hash: str) -> str | None:
    text: str | None = await connection.fetchval("SELECT text FROM persisted_documents WHERE hash = $1", hash)
    return text


async def add(connection: Connection, texts: Mapping[str, str], at: datetime) -> int:
    """Keep those that are not there yet; how many that were."""
    added = await connection.fetch(
        """INSERT INTO persisted_documents (hash, text, persisted_at)
           SELECT hash, text, $3 FROM unnest($1::text[], $2::text[]) AS sent (hash, text)
           ON CONFLICT DO NOTHING RETURNING hash""",
        list(texts),
        list(texts.values()),
        at,
    )
    return len(added)
