"""Whoever suspends or reinstates somebody writes the warning of it in the same transaction.

Revision ID: 0022
"""

from storage.migrations import script

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

DEAD = """
CREATE FUNCTION recorded_dead(person bigint, losses text[], seen text[]) RETURNS boolean
    LANGUAGE sql STABLE COST 1000 SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT EXISTS (SELECT FROM beneficiaries o JOIN terminations t ON t.beneficiary_id = o.id
                       WHERE o.person_id = person AND t.cause = 'DECEASED')
            OR EXISTS (SELECT FROM beneficiaries o CROSS JOIN LATERAL (
                           SELECT c.survival_status FROM certifications c WHERE c.beneficiary_id = o.id
                           ORDER BY c.version DESC LIMIT 1) AS last
                       WHERE o.person_id = person AND last.survival_status = 'DECEASED')
            OR EXISTS (SELECT FROM evidence e
                       WHERE e.person_id = person AND e.kind = ANY (losses)
                         AND NOT EXISTS (SELECT FROM evidence_found_wrong w WHERE w.evidence_id = e.id)
                         AND NOT EXISTS (SELECT FROM evidence s
                                         WHERE s.person_id = person AND s.kind = ANY (seen)
                                           AND s.occurred_on > e.occurred_on
                                           AND NOT EXISTS (SELECT FROM evidence_found_wrong w
                                                           WHERE w.evidence_id = s.id))
                         AND NOT EXISTS (SELECT FROM certifications c JOIN beneficiaries o ON o.id = c.beneficiary_id
                                         WHERE o.person_id = person AND c.answers_losses_through >= e.received_at));
    END;
COMMENT ON FUNCTION recorded_dead IS
    'By a termination, by the last act on any benefit, or by a record of loss that nothing answered or contradicted';
REVOKE ALL ON FUNCTION recorded_dead FROM PUBLIC;
GRANT EXECUTE ON FUNCTION recorded_dead TO renzheng_batch;
"""

ACTS = """
CREATE VIEW acts_to_warn_of WITH (security_invoker = true) AS
    SELECT b.id, b.person_id, b.unit_id, 'SUSPENDED' AS kind, lower(s.held) AS month, s.version::bigint AS fact,
           c.survival_status AS status, c.acted_on AS done_on, c.at AS done_at
    FROM suspensions s
    JOIN certifications c USING (beneficiary_id, version)
    JOIN beneficiaries b ON b.id = s.beneficiary_id
    WHERE upper_inf(s.held) AND b.terminated_from IS NULL
    UNION ALL
    SELECT b.id, b.person_id, b.unit_id, 'REINSTATED',
           (date_trunc('month', r.reviewed_on) + interval '1 month')::date, r.id, NULL, r.reviewed_on, r.reviewed_at
    FROM reinstatements r JOIN beneficiaries b ON b.id = r.beneficiary_id
    WHERE r.status = 'APPROVED' AND b.terminated_from IS NULL;
COMMENT ON VIEW acts_to_warn_of IS 'Suspensions that hold and cases that were approved, as the person is told of them';
REVOKE ALL ON acts_to_warn_of FROM PUBLIC;
GRANT SELECT ON acts_to_warn_of TO renzheng_batch;
"""

WARN = """
CREATE FUNCTION warn_of_acts(act text, people bigint[], facts bigint[], losses text[], seen text[]) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        WITH due AS (
            SELECT f.*, md5(concat_ws(' ', f.kind, f.id, f.month, f.fact))::uuid AS message_id
            FROM acts_to_warn_of f JOIN unnest(people, facts) AS done (id, fact) USING (id, fact)
            WHERE f.kind = act AND NOT recorded_dead(f.person_id, losses, seen)
        ),
        made AS (
            INSERT INTO warnings (beneficiary_id, kind, month, fact, status, warned_on, at, message_id)
            SELECT id, kind, month, fact, status, done_on, done_at, message_id FROM due
            ON CONFLICT DO NOTHING RETURNING message_id
        )
        INSERT INTO messages (id, unit_id, beneficiary_id, kind, month, status, people, made_at, next_at)
        SELECT message_id, unit_id, id, kind, month, status, 1, done_at, done_at FROM due JOIN made USING (message_id);
    END;
COMMENT ON FUNCTION warn_of_acts IS
    'Write down the warnings of acts (persons and versions, or cases) unless the person is recorded dead; none twice';
REVOKE ALL ON FUNCTION warn_of_acts FROM PUBLIC;
GRANT EXECUTE ON FUNCTION warn_of_acts TO renzheng_app, renzheng_batch;
"""


def upgrade() -> None:
    for statements in (DEAD, ACTS, WARN):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
