"""What the measure of verdicts rests on: people whom a human contradicts, and what the agency said of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from domain.access import Scope
from domain.month import Month
from domain.quality import Mistake
from domain.verdict import Fact as Evidence
from storage.database import Reader
from storage.units import WITHIN, within

_CANDIDATES = f"""
WITH quarantined AS MATERIALIZED (SELECT * FROM quarantined_by_rulings())
SELECT DISTINCT v.beneficiary_id
FROM verdicts v JOIN beneficiaries b ON b.id = v.beneficiary_id JOIN units u ON u.id = b.unit_id
WHERE {WITHIN} AND v.month BETWEEN $3 AND $4 AND (
    v.conclusion = 'DISQUALIFIED' AND (
        EXISTS (SELECT FROM certifications c
                WHERE c.beneficiary_id = v.beneficiary_id AND c.version > v.version AND c.result = 'PASS')
        OR EXISTS (SELECT FROM objections o
                   WHERE o.beneficiary_id = v.beneficiary_id AND o.outcome IN ('DATA_WRONG', 'RULE_WRONG'))
        OR EXISTS (SELECT FROM quarantined q
                   WHERE q.beneficiary_id = v.beneficiary_id AND q.kind = v.loss_kind AND q.occurred_on = v.loss_on))
    OR v.conclusion = 'QUALIFIED' AND (
        EXISTS (SELECT FROM standing_terminations t
                WHERE t.beneficiary_id = v.beneficiary_id AND t.cause = 'DECEASED'
                  AND date_trunc('month', t.occurred_on) <= v.month)
        OR EXISTS (SELECT FROM certifications c
                   WHERE c.beneficiary_id = v.beneficiary_id AND c.result = 'FAIL'
                     AND c.survival_status = 'DECEASED' AND date_trunc('month', c.occurred_on) <= v.month)))
ORDER BY v.beneficiary_id
"""


async def candidates(connection: Reader, scope: Scope, first: Month, last: Month) -> list[int]:
    """Whoever may have been judged wrongly for one of these months; `domain.quality` says who was."""
    rows = await connection.fetch(_CANDIDATES, *within(scope), first.first_day, last.first_day)
    return [row["beneficiary_id"] for row in rows]


async def ruled_wrong(connection: Reader, ids: Sequence[int]) -> dict[int, dict[Month, date]]:
    """The day on which the agency first ruled each verdict wrong, by its month."""
    found: dict[int, dict[Month, date]] = defaultdict(dict)
    for row in await connection.fetch(
        """SELECT beneficiary_id, verdict_month, min(decided_on) AS day FROM objections
           WHERE beneficiary_id = ANY($1) AND outcome IN ('DATA_WRONG', 'RULE_WRONG') AND verdict_month IS NOT NULL
           GROUP BY 1, 2""",
        list(ids),
    ):
        found[row["beneficiary_id"]][Month.of(row["verdict_month"])] = row["day"]
    return found


async def quarantined(connection: Reader, ids: Sequence[int]) -> dict[int, dict[Evidence, date]]:
    """The day on which a ruling found a record false, by the record; of every benefit of the person."""
    found: dict[int, dict[Evidence, date]] = defaultdict(dict)
    for row in await connection.fetch(
        "SELECT * FROM quarantined_by_rulings() WHERE beneficiary_id = ANY($1)", list(ids)
    ):
        found[row["beneficiary_id"]][Evidence(row["kind"], row["occurred_on"])] = row["decided_on"]
    return found


async def without_ground(connection: Reader, ids: Sequence[int]) -> dict[int, set[int]]:
    """The versions of the passes that a review found to have no ground."""
    found: dict[int, set[int]] = defaultdict(set)
    for row in await connection.fetch(
        """SELECT beneficiary_id, version FROM compliance_reviews
           WHERE beneficiary_id = ANY($1) AND outcome = 'WITHOUT_GROUND'""",
        list(ids),
    ):
        found[row["beneficiary_id"]].add(row["version"])
    return found


async def sources(connection: Reader, found: Sequence[Mistake]) -> dict[tuple[int, str, date], str]:
    """The department behind each mistake's record, by person, kind and day."""
    records = [(one.beneficiary_id, one.evidence) for one in found if one.evidence is not None]
    rows = await connection.fetch(
        "SELECT * FROM sources_of($1, $2, $3)",
        [id for id, _ in records],
        [evidence.kind for _, evidence in records],
        [evidence.occurred_on for _, evidence in records],
    )
    return {(row["beneficiary_id"], row["kind"], row["occurred_on"]): row["source"] for row in rows}
