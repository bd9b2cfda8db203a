"""Warnings found for everybody in one statement, written some thousand people at a time, and read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.month import Month
from domain.policy import Policy
from domain.vocabulary import EvidenceClass, SurvivalStatus
from domain.warning import DeliveryState, WarningKind
from storage.compliance import OWED
from storage.database import Connection, Reader, Record
from storage.parts import Part
from storage.roster import LONG_OPEN, UNANSWERED

CHUNK = 20_000  # people who are warned in one transaction, or a few more: those of a unit are warned together


@dataclass(frozen=True, slots=True)
class Warned:
    """A warning, and how far the message about it has come."""

    id: int
    beneficiary_id: int
    kind: WarningKind
    month: Month
    status: SurvivalStatus | None
    warned_on: date
    state: DeliveryState
    channel: str | None
    attempts: int
    last_error: str | None
    closed_at: datetime | None


# What is warned of, and what still stands when it goes out.
# $1 month, $2 last month of the warning window, $3 first month that is looked back to, $4 the day.
# Who is asked anew twice owes one answer, the most urgent.
FOUND = f"""
SELECT b.id, b.person_id, b.unit_id, 'WINDOW_ENTERED' AS kind, 'PERSON' AS audience, b.paid_through AS month,
       0::bigint AS fact, NULL::text AS status
FROM beneficiaries b
WHERE b.suspended_from IS NULL AND b.terminated_from IS NULL AND (b.held_through >= $1::date) IS NOT TRUE
  AND b.paid_through BETWEEN $1::date AND $2::date
UNION ALL
SELECT b.id, b.person_id, b.unit_id, 'LAPSED', 'PERSON', (b.paid_through + interval '1 month')::date, 0, NULL
FROM beneficiaries b
WHERE b.suspended_from IS NULL AND b.terminated_from IS NULL AND (b.held_through >= $1::date) IS NOT TRUE
  AND b.paid_through >= $3::date AND b.paid_through < $1::date
UNION ALL
SELECT id, person_id, unit_id, kind, 'PERSON', month, fact, status FROM acts_to_warn_of WHERE done_on >= $3::date
UNION ALL
SELECT b.id, b.person_id, b.unit_id, 'ANSWER_OVERDUE', 'UNIT', $1::date, 0, NULL
FROM beneficiaries b
WHERE b.terminated_from IS NULL AND {UNANSWERED}
  AND (b.verdict_published_on < $1::date OR {LONG_OPEN.format("$1::date")})
UNION ALL
SELECT again.* FROM (
    SELECT DISTINCT ON (r.beneficiary_id) r.beneficiary_id AS id, b.person_id, b.unit_id, 'ANSWER_AGAIN_OVERDUE',
           'UNIT', date_trunc('month', r.answer_by)::date, r.id, NULL
    FROM compliance_reviews r JOIN beneficiaries b ON b.id = r.beneficiary_id
    WHERE r.answer_by < $4::date AND {OWED}
    ORDER BY r.beneficiary_id, r.answer_by, r.id) AS again
"""

_NOT_YET = """NOT EXISTS (SELECT FROM warnings w WHERE w.beneficiary_id = f.id AND w.kind = f.kind
                                                   AND w.month = f.month AND w.fact = f.fact)"""
_WHOM = f"""
SELECT array_agg(DISTINCT f.id) AS people FROM ({FOUND}) AS f WHERE {_NOT_YET} GROUP BY f.unit_id ORDER BY f.unit_id
"""

# $1 to $4 as in FOUND, $5 the instant, $6 and $7 the kinds of `dead_or_alive`, $8 the people.
# The id of a message follows from what it is about, so that a receiver knows it again. Whether somebody is recorded
# dead takes longest to say, and is asked of nobody who was warned before (OFFSET 0).
_WARN = f"""
WITH due AS (
    SELECT f.*, md5(CASE f.audience WHEN 'PERSON' THEN concat_ws(' ', f.kind, f.id, f.month, f.fact)
                    ELSE concat_ws(' ', f.kind, 'unit', f.unit_id, f.month, $5::timestamptz) END)::uuid AS message_id
    FROM (SELECT f.* FROM ({FOUND}) AS f WHERE f.id = ANY($8::bigint[]) AND {_NOT_YET} OFFSET 0) AS f
    WHERE f.audience = 'UNIT' OR NOT recorded_dead(f.person_id, $6, $7)
),
made AS (
    INSERT INTO warnings (beneficiary_id, kind, month, fact, status, warned_on, at, message_id)
    SELECT id, kind, month, fact, status, $4::date, $5::timestamptz, message_id FROM due
    ON CONFLICT DO NOTHING RETURNING beneficiary_id, message_id
),
written AS (
    INSERT INTO messages (id, unit_id, beneficiary_id, kind, month, status, people, made_at, next_at)
    SELECT due.message_id, due.unit_id, CASE due.audience WHEN 'PERSON' THEN due.id END, due.kind, due.month,
           due.status, count(*), $5::timestamptz, $5::timestamptz
    FROM due JOIN made ON made.beneficiary_id = due.id AND made.message_id = due.message_id
    GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT due.kind, count(*) AS people
FROM due JOIN made ON made.beneficiary_id = due.id AND made.message_id = due.message_id GROUP BY due.kind
"""


def kinds(policy: Policy, *classes: EvidenceClass) -> list[str]:
    """The kinds of evidence of these classes."""
    return [kind for kind, of in policy.evidence_class.items() if of in classes]


def dead_or_alive(policy: Policy) -> tuple[list[str], list[str]]:
    """The kinds of evidence of loss (class D), and those by which somebody was seen after it (A and B).

    What the database asks of them: `recorded_dead`, by a termination, by the last act on any of the person's benefits,
    or by a loss record that nothing has answered or contradicted.
    """
    return kinds(policy, EvidenceClass.D), kinds(policy, EvidenceClass.A, EvidenceClass.B)


def days(policy: Policy, on: date) -> tuple[date, date, date, date]:
    """The month of the day, the last of the warning window, the first that is looked back to, and the day."""
    month = Month.of(on)
    return (
        month.first_day,
        (month + (policy.warning_months - 1)).first_day,
        (month - policy.warning_months).first_day,
        on,
    )


async def whom(connection: Reader, policy: Policy, on: date) -> list[list[int]]:
    """Who was not warned yet, be it that they are recorded dead, in parts; the people of a unit are in one."""
    parts: list[list[int]] = []
    for row in await connection.fetch(_WHOM, *days(policy, on)):
        if not parts or len(parts[-1]) >= CHUNK:
            parts.append([])
        parts[-1] += row["people"]
    return parts


async def warn(connection: Connection, policy: Policy, on: date, at: datetime, people: Sequence[int]) -> dict[str, int]:
    """Write down of what these people are to be warned and were not yet, with the messages; how many by kind."""
    await connection.execute("SELECT pg_advisory_xact_lock(x'7761726e'::int)")  # two workers find nothing twice
    rows = await connection.fetch(_WARN, *days(policy, on), at, *dead_or_alive(policy), people)
    return {row["kind"]: row["people"] for row in rows}


async def of_acts(connection: Connection, policy: Policy, kind: WarningKind, done: Sequence[tuple[int, int]]) -> None:
    """Write down the warnings of suspensions (persons and versions) or of approvals (persons and cases).

    Of somebody recorded dead none, and none twice: whoever looks for everybody finds these written.
    """
    people, facts = [id for id, _ in done], [fact for _, fact in done]
    await connection.execute("SELECT warn_of_acts($1, $2, $3, $4, $5)", kind, people, facts, *dead_or_alive(policy))


_WARNED = """
SELECT w.*, m.state, m.channel, m.attempts, m.last_error, m.closed_at
FROM warnings w JOIN messages m ON m.id = w.message_id
"""


async def of_unit(connection: Reader, unit_id: int, part: Part) -> list[Warned]:
    """The warnings of a unit's people, the newest first."""
    rows = await connection.fetch(
        f"""{_WARNED} JOIN beneficiaries b ON b.id = w.beneficiary_id
            WHERE b.unit_id = $1 AND {part.stretch("w.id", 2, newest_first=True)}""",
        unit_id,
        *part.values,
    )
    return [_warned(row) for row in rows]


async def by_id(connection: Reader, ids: Sequence[int]) -> dict[int, Warned]:
    rows = await connection.fetch(f"{_WARNED} WHERE w.id = ANY($1)", list(ids))
    return {row["id"]: _warned(row) for row in rows}


async def of_people(connection: Reader, ids: Sequence[int], limit: int) -> list[Warned]:
    """The newest warnings of each of these people."""
    rows = await connection.fetch(
        f"""SELECT found.* FROM unnest($1::bigint[]) AS person (id)
            CROSS JOIN LATERAL ({_WARNED} WHERE w.beneficiary_id = person.id ORDER BY w.id DESC LIMIT $2) AS found""",
        list(ids),
        limit,
    )
    return [_warned(row) for row in rows]


def _warned(row: Record) -> Warned:
    return Warned(
        row["id"],
        row["beneficiary_id"],
        WarningKind(row["kind"]),
        Month.of(row["month"]),
        SurvivalStatus(row["status"]) if row["status"] else None,
        row["warned_on"],
        DeliveryState(row["state"]),
        row["channel"],
        row["attempts"],
        row["last_error"],
        row["closed_at"],
    )
