"""Acts that stand in the database without the entry that they were told by: a statement for each kind of act."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from storage.database import Connection


class Unrecorded(NamedTuple):
    """An act without its entry: which kind of row, which one, and when it was done, where the row says so."""

    kind: str
    what: str
    at: datetime | None


def _of_a_version(table: str) -> str:
    """By the person and the version of the row that the act made."""
    return f"""
        SELECT 'person ' || t.beneficiary_id || ', version ' || t.version AS what, t.at FROM {table} t
        WHERE NOT EXISTS (SELECT FROM audit_entries e
                          WHERE e.beneficiary_id = t.beneficiary_id AND e.version = t.version)"""


def _by_fact(done: str, actions: str, fact: str) -> str:
    """By a fact of the entry; `done` gives `key`, as the entry writes it, `action`, `what` and `at`."""
    return f"""
        WITH told AS (SELECT DISTINCT action, (body::jsonb -> 'facts') ->> '{fact}' AS key
                      FROM audit_entries WHERE action IN ({actions}))
        SELECT d.what, d.at FROM ({done}) AS d
        WHERE NOT EXISTS (SELECT FROM told t WHERE t.action = d.action AND t.key = d.key)"""


def _by_number(done: str, action: str, alike: str) -> str:
    """Of what an entry does not name: of as many that are alike as many entries that say the same."""
    return f"""
        WITH told AS (SELECT {alike} AS alike, count(*) AS entries
                      FROM audit_entries, LATERAL (SELECT body::jsonb -> 'facts' AS facts) AS f
                      WHERE action = '{action}' GROUP BY 1),
             done AS (SELECT d.*, row_number() OVER (PARTITION BY alike ORDER BY at, what) AS place FROM ({done}) AS d)
        SELECT d.what, d.at FROM done d LEFT JOIN told t USING (alike) WHERE d.place > coalesce(t.entries, 0)"""


_MONTH = "to_char(month, 'YYYY-MM')"
_CASES = """
    SELECT id::text AS key, 'REINSTATEMENT_REQUESTED' AS action, 'case ' || id AS what, submitted_at AS at
    FROM reinstatements
    UNION ALL SELECT id::text, 'REINSTATEMENT_' || status, 'case ' || id, reviewed_at FROM reinstatements
    WHERE status <> 'SUBMITTED'"""
_OBJECTIONS = """
    SELECT id::text AS key, 'OBJECTION_REPORTED' AS action, 'objection ' || id AS what, reported_at AS at
    FROM objections
    UNION ALL SELECT id::text, 'OBJECTION_TAKEN', 'objection ' || id, taken_at FROM objections
    WHERE taken_at IS DISTINCT FROM decided_at  -- who decides what nobody has taken takes it by that
    UNION ALL SELECT id::text, 'OBJECTION_DECIDED', 'objection ' || id, decided_at FROM objections
    WHERE outcome IS NOT NULL"""
_REVIEWS = """
    SELECT id::text AS key, 'REVIEW_DECIDED' AS action, 'review ' || id AS what, decided_at AS at
    FROM compliance_reviews WHERE outcome IS NOT NULL"""
_SETTLEMENTS = """
    SELECT concat_ws(' ', beneficiary_id, kind, amount) AS alike, 'settlement ' || id AS what, at FROM settlements"""
_PUBLICATIONS = f"""
    SELECT {_MONTH} AS key, CASE WHEN finished_at IS NULL THEN 'PUBLICATION_BEGUN' ELSE 'PUBLISHED' END AS action,
           {_MONTH} AS what, coalesce(finished_at, at) AS at FROM publications"""
_FOUND_WRONG = """
    SELECT r.source AS alike, 'record ' || r.id AS what, w.at
    FROM evidence_found_wrong w JOIN evidence r ON r.id = w.evidence_id"""
_DRAWS = f"SELECT concat_ws(' ', {_MONTH}, district) AS alike, {_MONTH} AS what, drawn_at AS at FROM recheck_draws"
# Every version of a person's row after the first is an act's or a verdict's.
_VERSIONS = """
    SELECT 'person ' || b.id || ', version ' || v AS what, NULL::timestamptz AS at
    FROM beneficiaries b, generate_series(2, b.version) AS v
    WHERE NOT EXISTS (SELECT FROM verdicts d WHERE d.beneficiary_id = b.id AND d.version = v)
      AND NOT EXISTS (SELECT FROM certifications c WHERE c.beneficiary_id = b.id AND c.version = v)
      AND NOT EXISTS (SELECT FROM audit_entries e WHERE e.beneficiary_id = b.id AND e.version = v)"""

KINDS = {
    "certification": _of_a_version("certifications"),
    "termination": _of_a_version("terminations"),
    "withdrawal of a termination": _of_a_version("termination_withdrawals"),
    "change of a row": _VERSIONS,
    "reinstatement": _by_fact(
        _CASES,
        "'REINSTATEMENT_REQUESTED', 'REINSTATEMENT_APPROVED', 'REINSTATEMENT_REJECTED', 'REINSTATEMENT_WITHDRAWN'",
        "case",
    ),
    "settlement": _by_number(
        _SETTLEMENTS,
        "SETTLED",
        "concat_ws(' ', beneficiary_id, facts ->> 'kind', (facts ->> 'amount')::numeric(12, 2))",
    ),
    "objection": _by_fact(_OBJECTIONS, "'OBJECTION_REPORTED', 'OBJECTION_TAKEN', 'OBJECTION_DECIDED'", "objection"),
    "compliance review": _by_fact(_REVIEWS, "'REVIEW_DECIDED'", "review"),
    "publication": _by_fact(_PUBLICATIONS, "'PUBLICATION_BEGUN', 'PUBLISHED'", "month"),
    "payroll": _by_fact(
        f"SELECT {_MONTH} AS key, 'PAYROLL_FROZEN' AS action, {_MONTH} AS what, frozen_at AS at FROM payrolls",
        "'PAYROLL_FROZEN'",
        "month",
    ),
    "record found wrong": _by_number(_FOUND_WRONG, "FOUND_WRONG", "facts ->> 'source'"),
    "random draw": _by_number(_DRAWS, "RECHECK_DRAWN", "concat_ws(' ', facts ->> 'month', facts ->> 'district')"),
}


async def first(connection: Connection, since: datetime) -> Unrecorded | None:
    """The first act since then without its entry, kind by kind; an act of before there was a trail has none."""
    for kind, statement in KINDS.items():
        row = await connection.fetchrow(
            f"SELECT what, at FROM ({statement}) AS found WHERE (at >= $1) IS NOT FALSE ORDER BY at, what LIMIT 1",
            since,
        )
        if row is not None:
            return Unrecorded(kind, *row)
    return None
