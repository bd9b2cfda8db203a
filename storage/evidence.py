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


# What is repeated in the file or was there before has the same content, else it had been refused, and is passed over. A
# new file, as nearly all are, is spared that: ON CONFLICT writes each row down provisionally first, a quarter longer.
_PASSING_OVER = "ON CONFLICT (source, reference) DO NOTHING"
_ADD_EVIDENCE = """
INSERT INTO evidence (person_id, source, kind, occurred_on, reference, received_at)
SELECT p.id, s.source, s.kind, s.occurred_on, s.reference, $1
FROM staging s JOIN persons p USING (id_number_digest)
"""


async def merge(connection: Connection, received_at: datetime) -> Merged:
    try:
        async with connection.transaction():
            status = await connection.execute(_ADD_EVIDENCE, received_at)
    except UniqueViolationError:
        status = await connection.execute(_ADD_EVIDENCE + _PASSING_OVER, received_at)
    unmatched = await connection.fetchval(
        "SELECT count(*) FROM staging s LEFT JOIN persons p USING (id_number_digest) WHERE p.id IS NULL"
    )
    added = int(status.split()[-1])
    await statistics.gather(connection, added, "evidence")
    return Merged(added, unmatched)


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
