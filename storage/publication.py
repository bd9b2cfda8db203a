"""Publish an assessed month: verdicts, standings and renewed periods, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.month import Month
from domain.policy import Policy
from domain.vocabulary import Category, VerdictRenews
from storage import statistics
from storage.database import Connection
from storage.periods import RENEW


@dataclass(frozen=True, slots=True)
class Turning:
    """How many people the draft concludes about, and how many of them it would newly call DISQUALIFIED."""

    people: int
    disqualified: int


async def turning(connection: Connection, month: Month) -> Turning:
    row = await connection.fetchrow(
        """SELECT count(*) AS people, count(*) FILTER (WHERE d.conclusion = 'DISQUALIFIED'
                  AND b.conclusion IS DISTINCT FROM 'DISQUALIFIED') AS disqualified
           FROM draft_verdicts d JOIN beneficiaries b ON b.id = d.beneficiary_id
           WHERE d.month = $1 AND b.terminated_from IS NULL""",
        month.first_day,
    )
    assert row is not None
    return Turning(row["people"], row["disqualified"])


async def publish(connection: Connection, month: Month, policy: Policy, on: date, at: datetime) -> int:
    """Write the draft down as the month's verdicts; how many periods they renewed. A draft must be there."""
    await connection.execute(
        """INSERT INTO publications (month, published_on, assessed_at, at)
           SELECT month, $2, assessed_at, $3 FROM assessments WHERE month = $1""",
        month.first_day,
        on,
        at,
    )
    # In the order of their ids, as the acts lock them: neither can wait for the other in a circle.
    await connection.execute(
        """SELECT FROM beneficiaries b JOIN draft_verdicts d ON d.beneficiary_id = b.id
           WHERE d.month = $1 ORDER BY b.id FOR NO KEY UPDATE OF b""",
        month.first_day,
    )
    written = await connection.execute(_VERDICTS, month.first_day)
    renewed = await _renew(connection, month, policy, at)
    await connection.execute(_STANDINGS, month.first_day)
    await connection.execute(_OLDER, month.first_day)
    await connection.execute("DROP TABLE renewals")
    await connection.execute("DELETE FROM draft_verdicts WHERE month = $1", month.first_day)
    await connection.execute("DELETE FROM assessments WHERE month = $1", month.first_day)
    people = int(written.split()[-1])
    await statistics.gather(connection, people, "verdicts", "beneficiaries", "certification_periods")
    return renewed


async def _renew(connection: Connection, month: Month, policy: Policy, at: datetime) -> int:
    """A QUALIFIED verdict renews from the month of its last activity, but never after a human's FAIL."""
    await connection.execute(
        _RENEWALS,
        month.first_day,
        list(Category),
        [policy.cycle_months[category] for category in Category],
        policy.verdict_renews is VerdictRenews.ON_PUBLICATION,
    )
    opened = await connection.execute(RENEW.format(source=_OPENED), at)
    return int(opened.split()[-1])


# In the order of people, in which their indexes grow where they were looked up last.
_VERDICTS = """
INSERT INTO verdicts (beneficiary_id, month, version, conclusion, rule, loss_kind, loss_on, activity_kind, activity_on)
SELECT b.id, d.month, b.version + 1, d.conclusion, d.rule, d.loss_kind, d.loss_on, d.activity_kind, d.activity_on
FROM draft_verdicts d JOIN beneficiaries b ON b.id = d.beneficiary_id
WHERE d.month = $1 AND b.terminated_from IS NULL
ORDER BY b.id
"""

_RENEWALS = """
CREATE TEMP TABLE renewals ON COMMIT DROP AS
SELECT b.id, b.category, b.version, c.cycle_months, d.start_month, e.end_month
FROM draft_verdicts v
JOIN beneficiaries b ON b.id = v.beneficiary_id
JOIN unnest($2::text[], $3::int[]) AS c (category, cycle_months) USING (category)
CROSS JOIN LATERAL (SELECT date_trunc('month', v.activity_on)::date AS start_month) AS d
CROSS JOIN LATERAL (SELECT (d.start_month + make_interval(months => c.cycle_months))::date AS end_month) AS e
WHERE $4 AND v.month = $1 AND v.conclusion = 'QUALIFIED' AND b.suspended_from IS NULL AND b.terminated_from IS NULL
  AND (b.period_end IS NULL OR e.end_month > b.period_end)
ORDER BY b.id
"""

_OPENED = """
SELECT id, category, version + 1, start_month, cycle_months, 'VERDICT', $1::timestamptz FROM renewals ORDER BY id
"""

_STANDINGS = """
UPDATE beneficiaries b
SET version = v.version, verdict_month = v.month, conclusion = v.conclusion, verdict_rule = v.rule,
    loss_kind = v.loss_kind, loss_on = v.loss_on, activity_kind = v.activity_kind, activity_on = v.activity_on,
    verdict_published_on = p.published_on, verdict_assessed_at = p.assessed_at, verdict_answered = false,
    period_start = coalesce(r.start_month, b.period_start), period_end = coalesce(r.end_month, b.period_end),
    period_method = CASE WHEN r.id IS NULL THEN b.period_method ELSE 'VERDICT' END,
    paid_through = coalesce(r.end_month, b.paid_through)
FROM verdicts v JOIN publications p USING (month) LEFT JOIN renewals r ON r.id = v.beneficiary_id
WHERE v.month = $1 AND v.beneficiary_id = b.id AND (b.verdict_month IS NULL OR b.verdict_month < v.month)
"""

# An older month published late renews, but does not take the place of a newer verdict on the row.
_OLDER = """
UPDATE beneficiaries b
SET version = v.version, period_start = coalesce(r.start_month, b.period_start),
    period_end = coalesce(r.end_month, b.period_end),
    period_method = CASE WHEN r.id IS NULL THEN b.period_method ELSE 'VERDICT' END,
    paid_through = coalesce(r.end_month, b.paid_through)
FROM verdicts v LEFT JOIN renewals r ON r.id = v.beneficiary_id
WHERE v.month = $1 AND v.beneficiary_id = b.id AND b.verdict_month > v.month
  AND EXISTS (SELECT FROM publications n WHERE n.month > $1)
"""
