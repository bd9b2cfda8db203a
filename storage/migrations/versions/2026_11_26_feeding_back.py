"""Demands that are not answered in time, cases on one false record, and draws without the passes of rulings.

Revision ID: 0031
"""

from storage.migrations import script

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

# The person is not told that a PASS was doubted.
AGAIN = """
ALTER TABLE messages DROP CONSTRAINT messages_kind_check;
ALTER TABLE messages ADD CONSTRAINT messages_kind_check CHECK (kind IN (
    'WINDOW_ENTERED', 'LAPSED', 'SUSPENDED', 'REINSTATED', 'ANSWER_OVERDUE', 'ANSWER_AGAIN_OVERDUE'));
CREATE INDEX compliance_reviews_asked_again ON compliance_reviews (beneficiary_id, answer_by)
    WHERE answer_by IS NOT NULL;
DROP POLICY own ON warnings;
CREATE POLICY own ON warnings FOR SELECT TO renzheng_app USING (
    EXISTS (SELECT FROM beneficiaries b WHERE b.id = warnings.beneficiary_id)
    AND (kind <> 'ANSWER_AGAIN_OVERDUE' OR (SELECT caller_role()) NOT IN ('PERSON', 'WINDOW')));
"""

TOGETHER = """
DROP INDEX objections_beneficiary;
ALTER TABLE objections
    ADD COLUMN decided_with bigint,
    ADD CONSTRAINT objections_beneficiary UNIQUE (beneficiary_id, id),
    ADD FOREIGN KEY (beneficiary_id, decided_with) REFERENCES objections (beneficiary_id, id),
    ADD CONSTRAINT one_ruling_answers_who_was_declared_dead CHECK (
        decided_with IS NULL
        OR decided_with <> id AND kind = 'DECLARED_DEAD' AND outcome IS NOT NULL AND outcome = 'DATA_WRONG'
           AND passed_version IS NULL AND reinstatement_id IS NULL);
GRANT UPDATE (decided_with) ON objections TO renzheng_app;

CREATE FUNCTION objection_is_decided_with_its_ruling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM objections f
        WHERE f.id = NEW.decided_with AND f.outcome = 'DATA_WRONG' AND f.kind = 'DECLARED_DEAD'
          AND f.decided_with IS NULL AND f.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'an objection is decided with another in the ruling on that one'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER objection_is_decided_with_its_ruling BEFORE UPDATE OF decided_with ON objections
    FOR EACH ROW WHEN (NEW.decided_with IS NOT NULL) EXECUTE FUNCTION objection_is_decided_with_its_ruling();
"""

EARLIER = """
CREATE FUNCTION earlier_rulings(ids bigint[])
    RETURNS TABLE (id bigint, kind text, occurred_on date, ruling bigint, decided_on date, district text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT o.id, q.kind, q.occurred_on, f.id, f.decided_on, fu.district
        FROM objections o
        JOIN beneficiaries b ON b.id = o.beneficiary_id JOIN units u ON u.id = b.unit_id
        JOIN verdicts v ON v.beneficiary_id = o.beneficiary_id AND v.month = o.verdict_month
        JOIN quarantines q ON q.person_id = b.person_id AND q.kind = v.loss_kind AND q.occurred_on = v.loss_on
        JOIN objections f ON f.id = q.objection_id
        JOIN beneficiaries fb ON fb.id = f.beneficiary_id JOIN units fu ON fu.id = fb.unit_id
        WHERE o.id = ANY (ids) AND f.id <> o.id
          AND (caller_role() = 'AUDITOR' OR caller_role() = 'OFFICER' AND u.district = caller_district());
    END;
COMMENT ON FUNCTION earlier_rulings IS
    'Which ruling found the record behind a case false already, also of another district, for the officer who rules';
REVOKE ALL ON FUNCTION earlier_rulings FROM PUBLIC;
GRANT EXECUTE ON FUNCTION earlier_rulings TO renzheng_app;
"""

# The draws that were made drew from rulings too, as far as they drew from windows.
DRAWS = "ALTER TABLE recheck_draws ADD COLUMN rulings boolean NOT NULL DEFAULT true"


def upgrade() -> None:
    for statements in (AGAIN, TOGETHER, EARLIER, DRAWS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
