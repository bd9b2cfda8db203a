"""One view says which records count: what a ruling quarantined silences no warning, and is shown to nobody as seen.

Revision ID: 0026
"""

from storage.migrations import script

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

COUNTING = """
CREATE VIEW counting_evidence WITH (security_invoker = true) AS
    SELECT * FROM evidence e
    WHERE NOT EXISTS (SELECT FROM evidence_found_wrong w WHERE w.evidence_id = e.id)
      AND NOT EXISTS (SELECT FROM quarantines q WHERE q.person_id = e.person_id AND q.kind = e.kind
                                                      AND q.occurred_on = e.occurred_on);
COMMENT ON VIEW counting_evidence IS 'Records that were neither found wrong nor quarantined for the person';
REVOKE ALL ON counting_evidence FROM PUBLIC;
GRANT SELECT ON counting_evidence TO renzheng_batch;
"""

DEAD = """
CREATE OR REPLACE FUNCTION recorded_dead(person bigint, losses text[], seen text[]) RETURNS boolean
    LANGUAGE sql STABLE COST 1000 SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT EXISTS (SELECT FROM beneficiaries o JOIN terminations t ON t.beneficiary_id = o.id
                       WHERE o.person_id = person AND t.cause = 'DECEASED')
            OR EXISTS (SELECT FROM beneficiaries o CROSS JOIN LATERAL (
                           SELECT c.survival_status FROM certifications c WHERE c.beneficiary_id = o.id
                           ORDER BY c.version DESC LIMIT 1) AS last
                       WHERE o.person_id = person AND last.survival_status = 'DECEASED')
            OR EXISTS (SELECT FROM counting_evidence e
                       WHERE e.person_id = person AND e.kind = ANY (losses)
                         AND NOT EXISTS (SELECT FROM counting_evidence s
                                         WHERE s.person_id = person AND s.kind = ANY (seen)
                                           AND s.occurred_on > e.occurred_on)
                         AND NOT EXISTS (SELECT FROM certifications c JOIN beneficiaries o ON o.id = c.beneficiary_id
                                         WHERE o.person_id = person AND c.answers_losses_through >= e.received_at));
    END;
COMMENT ON FUNCTION recorded_dead IS
    'By a termination, by the last act on any benefit, or by a loss record that counts and nothing answered or refuted';
"""

SEEN = """
CREATE OR REPLACE FUNCTION seen_of_caller(kinds text[], since date) RETURNS TABLE (kind text, month date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT DISTINCT e.kind, date_trunc('month', e.occurred_on)::date FROM counting_evidence e
        WHERE e.person_id = caller_person() AND e.kind = ANY (kinds) AND e.occurred_on >= since;
    END;
"""


def upgrade() -> None:
    for statements in (COUNTING, DEAD, SEEN):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
