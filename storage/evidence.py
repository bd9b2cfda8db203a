"""Evidence on its way in, and records that are found wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from asyncpg import UniqueViolationError

from storage import statistics
from storage.database import Connection
from storage.intake import Staging, differing

EVIDENCE = Staging(
    ("id_number_digest", "source", "kind", "occurred_on", "reference"),
    ("bytea", "text", "text", "date", "text"),
    (
        (
            "reference",
            "stands in an earlier line of the same source with other content",
            differing("source, reference", "id_number_digest, kind, occurred_on"),
        ),
    ),
    (
        (
            "reference",
            "was imported before from the same source with other content",
            """SELECT s.line FROM staging s JOIN evidence e USING (source, reference)
               LEFT JOIN persons p USING (id_number_digest)
               WHERE (e.person_id, e.kind, e.occurred_on) IS DISTINCT FROM (p.id, s.kind, s.occurred_on)""",
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of evidence rows; `unmatched` are about people nobody knows, and are not kept."""

    added: int
    unmatched: int


_ADD = """
INSERT INTO evidence (person_id, source, kind, occurred_on, reference, received_at)
SELECT p.id, s.source, s.kind, s.occurred_on, s.reference, $1
FROM staging s JOIN persons p USING (id_number_digest)
"""
_UNMATCHED_REPEATED = """
SELECT EXISTS (SELECT FROM staging s JOIN evidence e USING (source, reference)
               WHERE NOT EXISTS (SELECT FROM persons p WHERE p.id_number_digest = s.id_number_digest))
"""


class _NotNew(Exception):
    """Something of it was there before."""


# A new file, as nearly all are, is spared what a repeated one asks for: looking each row up among all that was ever
# imported, and ON CONFLICT, which writes each down provisionally first, a quarter longer.
async def add_new(connection: Connection, received_at: datetime) -> Merged | None:
    """Add rows of which none was there before, nor stands in the file twice; None where one was or does."""
    try:
        async with connection.transaction():
            added = await _added(connection, _ADD, received_at)
            unmatched = await connection.fetchval("SELECT count(*) FROM staging") - added
            if unmatched and await connection.fetchval(_UNMATCHED_REPEATED):
                raise _NotNew
    except (UniqueViolationError, _NotNew):
        return None
    return Merged(added, unmatched)


async def merge(connection: Connection, received_at: datetime) -> Merged:
    """Add what is new. What was there before has the same content, or it had been refused, and is passed over."""
    added = await _added(connection, f"{_ADD} ON CONFLICT (source, reference) DO NOTHING", received_at)
    unmatched = await connection.fetchval(
        "SELECT count(*) FROM staging s LEFT JOIN persons p USING (id_number_digest) WHERE p.id IS NULL"
    )
    return Merged(added, unmatched)


async def _added(connection: Connection, statement: str, received_at: datetime) -> int:
    added = int((await connection.execute(statement, received_at)).split()[-1])
    await statistics.gather(connection, added, "evidence")
    return added


async def find_wrong(connection: Connection, source: str, reference: str, reason: str, at: datetime) -> bool | None:
    """Mark a record as found wrong; False when it was already, None when there is none."""
    evidence_id = await connection.fetchval(
        "SELECT id FROM evidence WHERE source = $1 AND reference = $2", source, reference
    )
    if evidence_id is None:
        return None
    status = await connection.execute(
        "INSERT INTO evidence_found_wrong (evidence_id, reason, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        evidence_id,
        reason,
        at,
    )
    return status.endswith(" 1")
