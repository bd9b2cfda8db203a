"""A statement of death silences nobody who was seen since, and what was withheld by a false one goes out after all.

Revision ID: 0035
"""

from storage.migrations import script

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

# A face check and a visit (or a ruling, which is a visit to the agency) see the person; a unit's PASS is its word only.
DEAD = """
CREATE OR REPLACE FUNCTION recorded_dead(person bigint, losses text[], seen text[]) RETURNS boolean
    LANGUAGE sql STABLE COST 1000 SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT EXISTS (SELECT FROM (
                           SELECT t.at FROM beneficiaries o JOIN standing_terminations t ON t.beneficiary_id = o.id
                           WHERE o.person_id = person AND t.cause = 'DECEASED'
                           UNION ALL
                           SELECT last.at FROM beneficiaries o CROSS JOIN LATERAL (
                               SELECT c.survival_status, c.at FROM certifications c WHERE c.beneficiary_id = o.id
                               ORDER BY c.version DESC LIMIT 1) AS last
                           WHERE o.person_id = person AND last.survival_status = 'DECEASED') AS stated
                       WHERE NOT EXISTS (SELECT FROM certifications c JOIN beneficiaries o ON o.id = c.beneficiary_id
                                         WHERE o.person_id = person AND c.method IN ('SELF', 'SERVICE_WINDOW')
                                           AND c.result = 'PASS' AND c.at > stated.at))
            OR EXISTS (SELECT FROM counting_evidence e
                       WHERE e.person_id = person AND e.kind = ANY (losses)
                         AND NOT EXISTS (SELECT FROM counting_evidence s
                                         WHERE s.person_id = person AND s.kind = ANY (seen)
                                           AND s.occurred_on > e.occurred_on)
                         AND NOT EXISTS (SELECT FROM certifications c JOIN beneficiaries o ON o.id = c.beneficiary_id
                                         WHERE o.person_id = person AND c.answers_losses_through >= e.received_at));
    END;
COMMENT ON FUNCTION recorded_dead IS
    'By a termination or the last act on a benefit after which nobody has seen the person on any of theirs, or by a'
    ' loss record that counts and nothing answered or refuted';
"""

MESSAGES = """
CREATE INDEX messages_withdrawn ON messages (made_at) WHERE state = 'WITHDRAWN';
CREATE OR REPLACE FUNCTION message_is_closed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT (OLD.state = 'WAITING' OR OLD.state = 'WITHDRAWN' AND NEW.state = 'WAITING' AND NEW.attempts = OLD.attempts)
       OR NEW.attempts < OLD.attempts
       OR (NEW.id, NEW.unit_id, NEW.beneficiary_id, NEW.kind, NEW.month, NEW.status, NEW.people, NEW.made_at)
          IS DISTINCT FROM (OLD.id, OLD.unit_id, OLD.beneficiary_id, OLD.kind, OLD.month, OLD.status, OLD.people,
                            OLD.made_at) THEN
        RAISE EXCEPTION 'a message goes out as it was written, once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
COMMENT ON FUNCTION message_is_closed_once IS
    'Closed for good, but for what was withdrawn: it never went out, and waits again once the person is not dead';
"""


def upgrade() -> None:
    for statements in (DEAD, MESSAGES):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
