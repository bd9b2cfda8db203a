"""Messages on their way out: taken by one worker at a time, closed once, and the inbox in which a demo's arrive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from domain.month import Month
from domain.policy import Policy
from domain.vocabulary import SurvivalStatus
from domain.warning import LEASE, STALE, Audience, DeliveryState, Message, WarningKind
from storage.database import Connection, Reader, Record
from storage.warnings import FOUND, days, dead_or_alive


@dataclass(frozen=True, slots=True)
class Taken:
    """A message to be sent now, to whom, and how often that was tried, this attempt included."""

    message: Message
    phone: str | None
    si_number: str
    attempts: int
    recorded_dead: bool


# $1 to $4 as in FOUND, $5 the instant, $6 how many, $7 the lease, $8 when it is too old, $9 and $10 `dead_or_alive`.
# A warning still stands if it would be found now: each is looked for by its person (LIMIT), not among everybody.
_TAKE = f"""
WITH due AS (
    SELECT id FROM messages
    WHERE state = 'WAITING' AND next_at <= $5::timestamptz AND made_at >= $5::timestamptz - $8::interval
    ORDER BY next_at, id LIMIT $6 FOR UPDATE SKIP LOCKED
),
taken AS (
    UPDATE messages m SET attempts = attempts + 1, next_at = $5::timestamptz + $7::interval FROM due WHERE m.id = due.id
    RETURNING m.*
)
SELECT t.*, b.phone, u.si_number,
       b.id IS NOT NULL AND recorded_dead(b.person_id, $9, $10) AS recorded_dead,
       (SELECT count(*) FROM warnings w CROSS JOIN LATERAL (
            SELECT FROM ({FOUND}) AS f
            WHERE f.id = w.beneficiary_id AND f.kind = w.kind AND f.month = w.month AND f.fact = w.fact LIMIT 1) AS same
        WHERE w.message_id = t.id) AS standing
FROM taken t JOIN units u ON u.id = t.unit_id LEFT JOIN beneficiaries b ON b.id = t.beneficiary_id ORDER BY t.id
"""


async def take(connection: Connection, policy: Policy, on: date, at: datetime, limit: int) -> list[Taken]:
    """The next messages, which no other worker takes until the lease is over."""
    rows = await connection.fetch(_TAKE, *days(policy, on), at, limit, LEASE, STALE, *dead_or_alive(policy))
    return [_taken(row) for row in rows]


async def close(
    connection: Connection, id: UUID, state: DeliveryState, at: datetime, channel: str | None, error: str | None
) -> None:
    await connection.execute(
        """UPDATE messages SET state = $2, closed_at = $3, channel = $4, last_error = coalesce($5, last_error)
           WHERE id = $1 AND state = 'WAITING'""",
        id,
        state,
        at,
        channel,
        error,
    )


async def try_again(connection: Connection, id: UUID, at: datetime, error: str, channel: str) -> None:
    await connection.execute(
        "UPDATE messages SET next_at = $2, last_error = $3, channel = $4 WHERE id = $1 AND state = 'WAITING'",
        id,
        at,
        error,
        channel,
    )


async def restore(connection: Connection, policy: Policy, at: datetime) -> None:
    """What was withdrawn waits again once the person is recorded dead no more; `take` asks whether it is still true."""
    await connection.execute(
        """UPDATE messages m SET state = 'WAITING', closed_at = NULL, last_error = NULL, next_at = $1::timestamptz
           FROM beneficiaries b
           WHERE b.id = m.beneficiary_id AND m.state = 'WITHDRAWN' AND m.made_at >= $1::timestamptz - $2::interval
             AND NOT recorded_dead(b.person_id, $3, $4)""",
        at,
        STALE,
        *dead_or_alive(policy),
    )


async def give_up_stale(connection: Connection, at: datetime) -> int:
    """Close what has waited for so long that it would only confuse; how many."""
    closed = await connection.execute(
        """UPDATE messages
           SET state = 'GIVEN_UP', closed_at = $1::timestamptz, last_error = coalesce(last_error, 'TOO_OLD')
           WHERE state = 'WAITING' AND made_at < $1::timestamptz - $2::interval""",
        at,
        STALE,
    )
    return int(closed.split()[-1])


async def arrive(connection: Connection, id: UUID, recipient: str, text: str, at: datetime) -> None:
    """A message arrives in the demo's inbox; a second time changes nothing."""
    await connection.execute(
        "INSERT INTO inbox VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING", id, recipient, text, at
    )


async def arrived(connection: Reader, limit: int) -> Sequence[Record]:
    """The newest messages of the inbox: recipient, text, at."""
    return await connection.fetch("SELECT recipient, text, at FROM inbox ORDER BY at DESC, message_id LIMIT $1", limit)


def _taken(row: Record) -> Taken:
    audience = Audience.PERSON if row["beneficiary_id"] is not None else Audience.UNIT
    status = SurvivalStatus(row["status"]) if row["status"] else None
    month = Month.of(row["month"])
    message = Message(row["id"], WarningKind(row["kind"]), audience, month, row["standing"], status, row["made_at"])
    return Taken(message, row["phone"], row["si_number"], row["attempts"], row["recorded_dead"])
