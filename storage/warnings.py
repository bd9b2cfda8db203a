"""Warnings found for everybody in one statement, and read again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.month import Month
from domain.policy import Policy
from domain.vocabulary import EvidenceClass, SurvivalStatus
from domain.warning import DeliveryState, WarningKind
from storage.database import Connection, Reader, Record
from storage.parts import Part
from storage.roster import LONG_OPEN, UNANSWERED


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


RECORDED_DEAD = """
(EXISTS (SELECT FROM beneficiaries o JOIN terminations t ON t.beneficiary_id = o.id
         WHERE o.person_id = {person} AND t.cause = 'DECEASED')
 OR EXISTS (SELECT FROM beneficiaries o CROSS JOIN LATERAL (
                SELECT c.survival_status FROM certifications c WHERE c.beneficiary_id = o.id
                ORDER BY c.version DESC LIMIT 1) AS last
            WHERE o.person_id = {person} AND last.survival_status = 'DECEASED')
 OR EXISTS (SELECT FROM evidence e
            WHERE e.person_id = {person} AND e.kind = ANY({losses}::text[])
              AND NOT EXISTS (SELECT FROM evidence_found_wrong w WHERE w.evidence_id = e.id)
              AND NOT EXISTS (SELECT FROM evidence s
                              WHERE s.person_id = {person} AND s.kind = ANY({seen}::text[])
                                AND s.occurred_on > e.occurred_on
                                AND NOT EXISTS (SELECT FROM evidence_found_wrong w WHERE w.evidence_id = s.id))
              AND NOT EXISTS (SELECT FROM certifications c JOIN beneficiaries o ON o.id = c.beneficiary_id
                              WHERE o.person_id = {person} AND c.answers_losses_through >= e.received_at)))
"""
"""Whether a person is recorded dead: by a termination, by the last act on any benefit, or by a loss record of class D
that nothing has answered or contradicted. Of kinds of evidence: `losses` those of class D, `seen` of A and B."""

# $1 month, $2 last month of the warning window, $3 first month that is looked back to, $4 the day, $5 the instant.
_FOUND = f"""
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
SELECT b.id, b.person_id, b.unit_id, 'SUSPENDED', 'PERSON', lower(s.held), s.version, c.survival_status
FROM suspensions s
JOIN certifications c USING (beneficiary_id, version)
JOIN beneficiaries b ON b.id = s.beneficiary_id
WHERE upper_inf(s.held) AND c.acted_on >= $3::date AND b.terminated_from IS NULL
UNION ALL
SELECT b.id, b.person_id, b.unit_id, 'REINSTATED', 'PERSON',
       (date_trunc('month', r.reviewed_on) + interval '1 month')::date, r.id, NULL
FROM reinstatements r JOIN beneficiaries b ON b.id = r.beneficiary_id
WHERE r.status = 'APPROVED' AND r.reviewed_on >= $3::date AND b.terminated_from IS NULL
UNION ALL
SELECT b.id, b.person_id, b.unit_id, 'ANSWER_OVERDUE', 'UNIT', $1::date, 0, NULL
FROM beneficiaries b
WHERE b.terminated_from IS NULL AND {UNANSWERED}
  AND (b.verdict_published_on < $1::date OR {LONG_OPEN.format("$1::date")})
"""

# The id of a message follows from what it is about, so that a receiver knows it again.
_WARN = f"""
WITH found AS ({_FOUND}),
due AS (
    SELECT f.*, md5(CASE f.audience WHEN 'PERSON' THEN concat_ws(' ', f.kind, f.id, f.month, f.fact)
                    ELSE concat_ws(' ', f.kind, 'unit', f.unit_id, f.month, $5::timestamptz) END)::uuid AS message_id
    FROM found f
    WHERE NOT EXISTS (SELECT FROM warnings w WHERE w.beneficiary_id = f.id AND w.kind = f.kind
                                               AND w.month = f.month AND w.fact = f.fact)
      AND (f.audience = 'UNIT' OR NOT {RECORDED_DEAD.format(person="f.person_id", losses="$6", seen="$7")})
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


async def warn(connection: Connection, policy: Policy, on: date, at: datetime) -> dict[str, int]:
    """Write down who is to be warned and was not yet, with the messages about it; how many people by kind."""
    await connection.execute("SELECT pg_advisory_xact_lock(x'7761726e'::int)")  # two workers find nothing twice
    month = Month.of(on)
    rows = await connection.fetch(
        _WARN,
        month.first_day,
        (month + (policy.warning_months - 1)).first_day,
        (month - policy.warning_months).first_day,
        on,
        at,
        kinds(policy, EvidenceClass.D),
        kinds(policy, EvidenceClass.A, EvidenceClass.B),
    )
    return {row["kind"]: row["people"] for row in rows}


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
