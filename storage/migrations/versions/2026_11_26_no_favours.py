"""Compliance reviews of every kind, decided once; and the random draws of passes, with their seeds.

Revision ID: 0016
"""

from storage.migrations import script

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

REVIEWS = """
ALTER TABLE compliance_reviews
    DROP CONSTRAINT compliance_reviews_pkey,
    ALTER beneficiary_id DROP NOT NULL,
    ALTER version DROP NOT NULL,
    ADD id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ADD kind text NOT NULL DEFAULT 'AGAINST_DISQUALIFIED' CHECK (kind IN (
        'AGAINST_DISQUALIFIED', 'BATCH_ACKNOWLEDGED', 'AFTER_DEATH_RECORD', 'FASTER_THAN_READ', 'ALL_PASSED',
        'ONE_HANDLER', 'RECHECK')),
    ADD subject text,
    ADD unit_id bigint REFERENCES units,
    ADD month date CHECK (extract(day FROM month) = 1),
    ADD facts jsonb NOT NULL DEFAULT '{}',
    ADD outcome text CHECK (outcome IN ('IN_ORDER', 'WITHOUT_GROUND', 'TO_INVESTIGATE')),
    ADD reason text CHECK (btrim(reason) <> ''),
    ADD decided_by bigint REFERENCES accounts,
    ADD decided_at timestamptz,
    ADD answer_by date,
    ADD asked_version integer,
    ADD status text NOT NULL GENERATED ALWAYS AS (CASE WHEN outcome IS NULL THEN 'OPEN' ELSE 'DECIDED' END) STORED;
UPDATE compliance_reviews r
SET subject = r.beneficiary_id || ':' || r.version, unit_id = b.unit_id,
    kind = CASE c.method WHEN 'BATCH_PASS' THEN 'BATCH_ACKNOWLEDGED' ELSE 'AGAINST_DISQUALIFIED' END,
    month = date_trunc('month', c.acted_on)::date
FROM certifications c JOIN beneficiaries b ON b.id = c.beneficiary_id
WHERE c.beneficiary_id = r.beneficiary_id AND c.version = r.version;
ALTER TABLE compliance_reviews
    ALTER kind DROP DEFAULT,
    ALTER subject SET NOT NULL,
    ALTER unit_id SET NOT NULL,
    ALTER month SET NOT NULL,
    ADD UNIQUE (kind, subject),
    ADD CONSTRAINT review_is_of_an_act_or_a_unit CHECK (
        (beneficiary_id IS NULL) = (version IS NULL)
        AND (beneficiary_id IS NULL) = (kind IN ('FASTER_THAN_READ', 'ALL_PASSED', 'ONE_HANDLER'))),
    ADD CONSTRAINT review_is_decided_whole CHECK (
        (outcome IS NULL) = (reason IS NULL) AND (outcome IS NULL) = (decided_by IS NULL)
        AND (outcome IS NULL) = (decided_at IS NULL)),
    ADD CONSTRAINT only_a_pass_without_ground_is_answered_again CHECK (
        (answer_by IS NULL) = (asked_version IS NULL)
        AND (answer_by IS NOT NULL)
            = (outcome IS NOT NULL AND outcome = 'WITHOUT_GROUND' AND beneficiary_id IS NOT NULL));
COMMENT ON TABLE compliance_reviews IS
    'What the agency looks at: an act, a unit''s month, a handler; each finding once. Notice 三(二), 四(四)';
CREATE INDEX compliance_reviews_queue ON compliance_reviews (status, id);
CREATE INDEX compliance_reviews_person ON compliance_reviews (beneficiary_id);
CREATE INDEX certifications_acted_on ON certifications USING brin (acted_on);

CREATE FUNCTION review_is_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.outcome IS NOT NULL OR NEW.outcome IS NULL THEN
        RAISE EXCEPTION 'a compliance review is decided once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM accounts a JOIN units u ON u.district = a.district
        WHERE a.id = NEW.decided_by AND a.role = 'OFFICER' AND u.id = NEW.unit_id) THEN
        RAISE EXCEPTION 'a compliance review is decided by an officer of the district'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_is_decided_once BEFORE UPDATE ON compliance_reviews
    FOR EACH ROW EXECUTE FUNCTION review_is_decided_once();

CREATE FUNCTION review_is_recorded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM audit_entries e
        WHERE e.action = 'REVIEW_DECIDED' AND e.xmin = pg_current_xact_id()::xid
          AND e.body::jsonb -> 'facts' ->> 'review' = NEW.id::text) THEN
        RAISE EXCEPTION 'no act without its entry in the audit trail'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER compliance_is_recorded AFTER UPDATE ON compliance_reviews DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NOT pg_has_role('renzheng_batch', 'MEMBER')) EXECUTE FUNCTION review_is_recorded();
"""

DRAWS = """
CREATE TABLE recheck_draws (
    month      date NOT NULL CHECK (extract(day FROM month) = 1),
    district   text NOT NULL,
    seed       text NOT NULL CHECK (length(seed) >= 32),
    margin     double precision NOT NULL,
    confidence double precision NOT NULL,
    population integer NOT NULL,
    size       integer NOT NULL CHECK (size BETWEEN 0 AND population),
    drawn_at   timestamptz NOT NULL,
    PRIMARY KEY (month, district)
);
COMMENT ON TABLE recheck_draws IS
    'A district''s passes of a month were drawn once, by this seed: whoever has it draws the same again. Notice 四(四)';
"""

GRANTS = """
GRANT UPDATE (outcome, reason, decided_by, decided_at, answer_by, asked_version) ON compliance_reviews TO renzheng_app;
GRANT SELECT ON recheck_draws TO renzheng_app, renzheng_batch;
GRANT INSERT ON recheck_draws TO renzheng_batch;
ALTER TABLE recheck_draws ENABLE ROW LEVEL SECURITY;
CREATE POLICY batch ON recheck_draws TO renzheng_batch USING (true);
CREATE POLICY own ON recheck_draws FOR SELECT TO renzheng_app USING (
    (SELECT caller_role()) = 'AUDITOR'
    OR (SELECT caller_role()) = 'OFFICER' AND district = (SELECT caller_district()));

DROP POLICY certifying ON compliance_reviews;
CREATE POLICY certifying ON compliance_reviews FOR INSERT TO renzheng_app WITH CHECK (
    (SELECT caller_role()) = 'UNIT' AND unit_id = (SELECT caller_unit()) AND outcome IS NULL
    AND kind IN ('AGAINST_DISQUALIFIED', 'BATCH_ACKNOWLEDGED')
    AND EXISTS (SELECT FROM beneficiaries b WHERE b.id = beneficiary_id));
DROP POLICY reviewed ON compliance_reviews;
CREATE POLICY reviewed ON compliance_reviews FOR SELECT TO renzheng_app USING (
    (SELECT caller_role()) IN ('OFFICER', 'AUDITOR') AND EXISTS (SELECT FROM units u WHERE u.id = unit_id)
    OR (SELECT caller_role()) = 'UNIT' AND unit_id = (SELECT caller_unit()) AND answer_by IS NOT NULL);
CREATE POLICY deciding ON compliance_reviews FOR UPDATE TO renzheng_app USING (
    (SELECT caller_role()) = 'OFFICER' AND EXISTS (SELECT FROM units u WHERE u.id = unit_id))
    WITH CHECK (decided_by = (SELECT caller_account()));
"""


def upgrade() -> None:
    for statements in (REVIEWS, DRAWS, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
