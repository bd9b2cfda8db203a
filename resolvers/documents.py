"""Documents that clients were built with: kept once, and found by the hash of their text."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from domain.audit import AuditAction, Told
from resolvers import audit
from resolvers.context import Context
from storage import documents


def hashes(text: str) -> tuple[str, str]:
    """By which a text may be known: its SHA-256, and its SHA-1 as generators make it unless told otherwise."""
    sent = text.encode(errors="surrogatepass")
    return hashlib.sha256(sent).hexdigest(), hashlib.sha1(sent, usedforsecurity=False).hexdigest()


async def persist(context: Context, texts: Mapping[str, str]) -> int:
    """Keep every text under its hash, for all workers and for good; how many are new."""
    async with context.begin() as transaction:
        added = await documents.add(transaction, texts, context.now)
        if added:
            told = Told(AuditAction.DOCUMENTS_PERSISTED, facts={"documents": added})
            await audit.record(context, transaction, told)
    return added


async def by_hash(context: Context, hash: str) -> str | None:
    """The text that was persisted under that hash. Whoever is not signed in may ask: signing in is such a document."""
    async with context.database.reading() as connection:
        return await documents.by_hash(connection, hash)
