"""Assess a month for everybody in one statement: `domain.verdict.conclude` as SQL.

A property test holds the two to the same answer on random evidence.
"""

from __future__ import annotations

from datetime import datetime

from domain.month import Month
from domain.policy import Policy
from domain.vocabulary import Category
from storage import statistics
from storage.database import Connection, Reader

# Records are compared by one number: day, strength of the class (A before B before C), place of the kind by its name.
# Day and kind are read from the greatest again. Kinds and days are counted as bits, which asks for no sorting.
_CONCLUDE = """
WITH policy AS (
    SELECT kind, class::"char", place - 1 AS place, 1024 * (ascii('F') - ascii(class)) + place - 1 AS strength
    FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS p (kind, class, place)
),
windows (category, first_day) AS (SELECT * FROM unnest($4::text[], $5::date[])),
answers AS (
    SELECT beneficiary_id, max(answers_losses_through) AS through FROM certifications
    WHERE answers_losses_through IS NOT NULL GROUP BY beneficiary_id
),
records AS (
    SELECT e.person_id, e.occurred_on, e.received_at, policy.class, policy.place,
           8192 * (e.occurred_on - date '0001-01-01')::bigint + policy.strength AS key
    FROM evidence e JOIN policy USING (kind)
    WHERE e.occurred_on <= $1::date AND NOT EXISTS (SELECT FROM evidence_found_wrong w WHERE w.evidence_id = e.id)
      AND NOT EXISTS (
          SELECT FROM quarantines q
          WHERE q.person_id = e.person_id AND q.kind = e.kind AND q.occurred_on = e.occurred_on)
),
known AS (
    SELECT b.id,
           max(r.key) FILTER (WHERE r.class < 'C') AS seen,
           max(r.key) FILTER (WHERE r.class < 'D') AS last_sign,
           max(r.key) FILTER (WHERE r.class = 'D') AS loss,
           max(r.key) FILTER (WHERE r.class = 'D' AND (r.received_at <= answers.through) IS NOT TRUE)
               AS unanswered_loss,
           max(r.key) FILTER (WHERE r.class = 'E') AS indirect,
           max(r.key) FILTER (WHERE r.class < 'C' AND r.occurred_on >= windows.first_day) AS recently_seen,
           max(r.key) FILTER (WHERE r.class = 'C' AND r.occurred_on >= windows.first_day) AS recently_lendable,
           bit_count(bit_or(set_bit($7::text::bit varying, r.place::int, 1))
                     FILTER (WHERE r.class = 'C' AND r.occurred_on >= windows.first_day)) >= $6
           OR bit_count(bit_or(set_bit($7::text::bit varying, r.occurred_on - windows.first_day, 1))
                        FILTER (WHERE r.class = 'C' AND r.occurred_on >= windows.first_day)) >= $6
               AS several_lendable
    FROM beneficiaries b
    JOIN windows USING (category)
    LEFT JOIN answers ON answers.beneficiary_id = b.id
    LEFT JOIN records r USING (person_id)
    WHERE b.terminated_from IS NULL AND b.benefit_from <= $1::date
    GROUP BY b.id
),
ruled AS (
    SELECT known.*,
           CASE WHEN unanswered_loss IS NOT NULL AND (seen / 8192 > unanswered_loss / 8192) IS NOT TRUE THEN 'loss'
                WHEN seen / 8192 > loss / 8192 THEN 'loss_contradicted'
                WHEN loss IS NOT NULL THEN 'loss_answered'
                WHEN indirect IS NOT NULL THEN 'indirect_loss'
                WHEN recently_seen IS NOT NULL OR several_lendable THEN 'life'
                WHEN recently_lendable IS NOT NULL THEN 'lendable_only'
                WHEN last_sign IS NOT NULL THEN 'out_of_date'
                ELSE 'nothing' END AS rule
    FROM known OFFSET 0
),
found AS (
    SELECT id, rule,
           CASE rule WHEN 'loss' THEN unanswered_loss
                     WHEN 'loss_contradicted' THEN loss
                     WHEN 'loss_answered' THEN loss
                     WHEN 'indirect_loss' THEN indirect END AS loss,
           CASE rule WHEN 'loss_contradicted' THEN seen
                     WHEN 'life' THEN greatest(recently_seen, CASE WHEN several_lendable THEN recently_lendable END)
                     ELSE last_sign END AS activity
    FROM ruled OFFSET 0
)
INSERT INTO draft_verdicts (month, beneficiary_id, conclusion, rule, loss_kind, loss_on, activity_kind, activity_on)
SELECT date_trunc('month', $1::date)::date, id,
       CASE rule WHEN 'loss' THEN 'DISQUALIFIED' WHEN 'life' THEN 'QUALIFIED' ELSE 'PENDING' END, rule,
       ($2::text[])[1 + loss % 1024], date '0001-01-01' + (loss / 8192)::int,
       ($2::text[])[1 + activity % 1024], date '0001-01-01' + (activity / 8192)::int
FROM found ORDER BY id
"""


async def is_published(connection: Reader, month: Month) -> bool:
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM publications WHERE month = $1)", month.first_day
    )
    return found


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
    classes = sorted(policy.evidence_class.items())
    first_days = [(month - (policy.evidence_window[category] - 1)).first_day for category in Category]
    bits = max(len(classes), (month.last_day - min(first_days)).days + 1)
    concluded = await connection.execute(
        _CONCLUDE,
        month.last_day,
        [kind for kind, _ in classes],
        [name for _, name in classes],
        list(Category),
        first_days,
        policy.lendable_minimum,
        "0" * bits,
    )
    await statistics.gather(connection, int(concluded.split()[-1]), "draft_verdicts")
    return await drafted(connection, month)


async def drafted(connection: Connection, month: Month) -> dict[str, int]:
    rows = await connection.fetch(
        "SELECT conclusion, count(*) AS people FROM draft_verdicts WHERE month = $1 GROUP BY conclusion",
        month.first_day,
    )
    return {row["conclusion"]: row["people"] for row in rows}
