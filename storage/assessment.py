"""Assess a month for everybody in one statement: `domain.verdict.conclude` as SQL.

A property test holds the two to the same answer on random evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.month import Month
from domain.policy import Policy
from domain.vocabulary import Category, EvidenceClass
from storage.database import Connection, Reader

_CLASSES = list(EvidenceClass)  # A to E
# Records are compared by one number: day, strength of the class (1 to 5 for A to E), place of the kind by its name.
# Day and kind are read from the greatest again, and the greatest of all is within a window if any is. Kinds and days
# are counted as bits, which asks for no sorting. A table made of a query is all that PostgreSQL reads on several cores.
_CONCLUDE = """
CREATE TEMP TABLE concluded ON COMMIT DROP AS
WITH policy AS (
    SELECT kind, class, 1024 * (6 - class) + place - 1 AS strength
    FROM unnest($2::text[], $3::int[]) WITH ORDINALITY AS p (kind, class, place)
),
windows AS (
    SELECT category, 8192 * (first_day - date '0001-01-01')::bigint AS begins
    FROM unnest($4::text[], $5::date[]) AS w (category, first_day)
),
answers AS (
    SELECT beneficiary_id, max(answers_losses_through) AS through FROM certifications
    WHERE answers_losses_through IS NOT NULL GROUP BY beneficiary_id
),
records AS (
    SELECT e.person_id, e.received_at, policy.class,
           8192 * (e.occurred_on - date '0001-01-01')::bigint + policy.strength AS key
    FROM evidence e JOIN policy USING (kind)
    WHERE e.occurred_on <= $1::date{records}
      AND NOT EXISTS (SELECT FROM evidence_found_wrong w WHERE w.evidence_id = e.id)
      AND NOT EXISTS (
          SELECT FROM quarantines q
          WHERE q.person_id = e.person_id AND q.kind = e.kind AND q.occurred_on = e.occurred_on)
),
known AS (
    SELECT b.id, min(w.begins) AS begins,
           max(r.key) FILTER (WHERE r.class <= 2) AS seen,
           max(r.key) FILTER (WHERE r.class = 3) AS lendable,
           max(r.key) FILTER (WHERE r.class = 4) AS loss,
           max(r.key) FILTER (WHERE r.class = 4 AND (r.received_at <= answers.through) IS NOT TRUE)
               AS unanswered_loss,
           max(r.key) FILTER (WHERE r.class = 5) AS indirect,
           bit_count(bit_or(set_bit($7::text::bit varying, (r.key % 1024)::int, 1))
                     FILTER (WHERE r.class = 3 AND r.key >= w.begins)) >= $6
           OR bit_count(bit_or(set_bit($7::text::bit varying, ((r.key - w.begins) / 8192)::int, 1))
                        FILTER (WHERE r.class = 3 AND r.key >= w.begins)) >= $6 AS several_lendable
    FROM beneficiaries b
    JOIN windows w USING (category)
    LEFT JOIN answers ON answers.beneficiary_id = b.id
    LEFT JOIN records r USING (person_id)
    WHERE b.terminated_from IS NULL AND b.benefit_from <= $1::date{people}
    GROUP BY b.id
),
ruled AS (
    SELECT known.*, greatest(seen, lendable) AS last_sign,
           CASE WHEN unanswered_loss IS NOT NULL AND (seen / 8192 > unanswered_loss / 8192) IS NOT TRUE THEN 'loss'
                WHEN seen / 8192 > loss / 8192 THEN 'loss_contradicted'
                WHEN loss IS NOT NULL THEN 'loss_answered'
                WHEN indirect IS NOT NULL THEN 'indirect_loss'
                WHEN seen >= begins OR several_lendable THEN 'life'
                WHEN lendable >= begins THEN 'lendable_only'
                WHEN seen IS NOT NULL OR lendable IS NOT NULL THEN 'out_of_date'
                ELSE 'nothing' END AS rule
    FROM known OFFSET 0
),
found AS (
    SELECT id, rule,
           CASE rule WHEN 'loss' THEN unanswered_loss
                     WHEN 'loss_contradicted' THEN loss
                     WHEN 'loss_answered' THEN loss
                     WHEN 'indirect_loss' THEN indirect END AS loss,
           CASE WHEN rule = 'loss_contradicted' OR rule = 'life' AND several_lendable IS NOT TRUE THEN seen
                ELSE last_sign END AS activity
    FROM ruled OFFSET 0
)
SELECT date_trunc('month', $1::date)::date AS month, id AS beneficiary_id,
       CASE rule WHEN 'loss' THEN 'DISQUALIFIED' WHEN 'life' THEN 'QUALIFIED' ELSE 'PENDING' END AS conclusion, rule,
       ($2::text[])[1 + loss % 1024] AS loss_kind, date '0001-01-01' + (loss / 8192)::int AS loss_on,
       ($2::text[])[1 + activity % 1024] AS activity_kind, date '0001-01-01' + (activity / 8192)::int AS activity_on
FROM found
"""


async def is_assessed(connection: Reader, month: Month) -> bool:
    found: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM assessments WHERE month = $1)", month.first_day)
    return found


async def assess(connection: Connection, month: Month, policy: Policy, at: datetime) -> dict[str, int]:
    """Replace the month's draft; how many people it concludes what about."""
    await connection.execute(
        """INSERT INTO assessments (month, assessed_at) VALUES ($1, $2)
           ON CONFLICT (month) DO UPDATE SET assessed_at = EXCLUDED.assessed_at""",
        month.first_day,
        at,
    )
    await connection.execute("DELETE FROM draft_verdicts WHERE month = $1", month.first_day)
    await conclude(connection, month, policy)
    await connection.execute("INSERT INTO draft_verdicts SELECT * FROM concluded")
    rows = await connection.fetch("SELECT conclusion, count(*) AS people FROM concluded GROUP BY conclusion")
    await connection.execute("DROP TABLE concluded")
    return {row["conclusion"]: row["people"] for row in rows}


@dataclass(frozen=True, slots=True)
class Anew:
    """About whom, by their ids, and from what was received until when."""

    people: Sequence[int]
    received: datetime


# By their ids: the records of a few people are looked up, and not everybody's read.
_ANEW = {
    "records": " AND e.received_at <= $8 AND e.person_id IN (SELECT person_id FROM beneficiaries WHERE id = ANY ($9))",
    "people": " AND b.id = ANY ($9)",
}


async def conclude(connection: Connection, month: Month, policy: Policy, anew: Anew | None = None) -> None:
    """Conclude about everybody, by what is known now, into the table `concluded` of this transaction.

    Anew: about some, from the records of an earlier moment, as far as they count now.
    """
    parts = _ANEW if anew else dict.fromkeys(_ANEW, "")
    classes = sorted(policy.evidence_class.items())
    first_days = [(month - (policy.evidence_window[category] - 1)).first_day for category in Category]
    bits = max(len(classes), (month.last_day - min(first_days)).days + 1)
    await connection.execute(
        _CONCLUDE.format(**parts),
        month.last_day,
        [kind for kind, _ in classes],
        [_CLASSES.index(name) + 1 for _, name in classes],
        list(Category),
        first_days,
        policy.lendable_minimum,
        "0" * bits,
        *((anew.received, anew.people) if anew else ()),
    )
