"""Objections to verdicts, and what was found false of a person: quarantined, so that no later assessment uses it.

Revision ID: 0015
"""

from storage.migrations import script

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OBJECTIONS = """
CREATE TABLE objections (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    beneficiary_id   bigint NOT NULL,
    verdict_month    date NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('DECLARED_DEAD', 'WRONG_PERSON', 'OTHER')),
    lane             text NOT NULL GENERATED ALWAYS AS (
                         CASE kind WHEN 'DECLARED_DEAD' THEN 'FAST' ELSE 'ORDINARY' END) STORED,
    statement        text NOT NULL CHECK (btrim(statement) <> ''),
    proof_kinds      text[] NOT NULL,
    document_names   text[] NOT NULL,
    document_sha256  text[] NOT NULL,
    handler_name     text CHECK (btrim(handler_name) <> ''),
    handler_contact  text CHECK (btrim(handler_contact) <> ''),
    reported_by      bigint NOT NULL REFERENCES accounts,
    reported_as      text NOT NULL CHECK (reported_as IN ('UNIT', 'PERSON')),
    reported_on      date NOT NULL,
    reported_at      timestamptz NOT NULL,
    due_at           timestamptz NOT NULL CHECK (due_at > reported_at),
    taken_by         bigint REFERENCES accounts,
    taken_at         timestamptz,
    outcome          text CHECK (outcome IN ('DATA_WRONG', 'RULE_WRONG', 'VERDICT_RIGHT')),
    reason           text CHECK (btrim(reason) <> ''),
    decided_on       date CHECK (decided_on >= reported_on),
    decided_at       timestamptz,
    passed_version   integer,
    reinstatement_id bigint UNIQUE REFERENCES reinstatements DEFERRABLE INITIALLY DEFERRED,
    status           text NOT NULL GENERATED ALWAYS AS (
                         CASE WHEN outcome IS NOT NULL THEN 'DECIDED' WHEN taken_by IS NOT NULL THEN 'TAKEN'
                              ELSE 'REPORTED' END) STORED,
    FOREIGN KEY (beneficiary_id, verdict_month) REFERENCES verdicts (beneficiary_id, month),
    FOREIGN KEY (beneficiary_id, passed_version) REFERENCES certifications (beneficiary_id, version)
        DEFERRABLE INITIALLY DEFERRED,
    UNIQUE (beneficiary_id, passed_version),
    CONSTRAINT objection_has_whole_proofs CHECK (
        cardinality(proof_kinds) = cardinality(document_names)
        AND cardinality(document_names) = cardinality(document_sha256)),
    CONSTRAINT unit_names_its_handler CHECK ((reported_as = 'UNIT') = (handler_name IS NOT NULL)
        AND (handler_name IS NULL) = (handler_contact IS NULL)),
    CONSTRAINT objection_is_taken_whole CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
    CONSTRAINT objection_is_decided_whole CHECK (
        (outcome IS NULL) = (reason IS NULL) AND (outcome IS NULL) = (decided_on IS NULL)
        AND (outcome IS NULL) = (decided_at IS NULL) AND (outcome IS NULL OR taken_by IS NOT NULL)),
    CONSTRAINT only_wrong_data_restores CHECK (
        (passed_version IS NULL AND reinstatement_id IS NULL) OR outcome = 'DATA_WRONG' AND kind = 'DECLARED_DEAD')
);
COMMENT ON TABLE objections IS
    'Verdicts said to be wrong; whoever has taken a case decides it, DECLARED_DEAD before all others. Notice 三(四)';
CREATE UNIQUE INDEX objections_one_open ON objections (beneficiary_id, verdict_month) WHERE outcome IS NULL;
CREATE INDEX objections_beneficiary ON objections (beneficiary_id, id);
CREATE INDEX objections_queue ON objections (due_at, id);

CREATE FUNCTION objection_begins_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.taken_by IS NOT NULL OR NEW.outcome IS NOT NULL THEN
        RAISE EXCEPTION 'an objection begins with its report' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER objection_begins_open BEFORE INSERT ON objections
    FOR EACH ROW EXECUTE FUNCTION objection_begins_open();

CREATE FUNCTION objection_is_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.outcome IS NOT NULL THEN
        IF to_jsonb(NEW) - '{reinstatement_id,lane,status}'::text[]
               <> to_jsonb(OLD) - '{reinstatement_id,lane,status}'::text[]
           OR OLD.reinstatement_id IS NOT NULL OR OLD.xmin <> pg_current_xact_id()::xid THEN
            RAISE EXCEPTION 'an objection is decided once' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;  -- the case that its decision opens
    END IF;
    IF NEW.document_sha256[:cardinality(OLD.document_sha256)] <> OLD.document_sha256 THEN
        RAISE EXCEPTION 'proofs are only added' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.taken_by IS NULL OR NOT EXISTS (
        SELECT FROM accounts a JOIN units u ON u.district = a.district JOIN beneficiaries b ON b.unit_id = u.id
        WHERE a.id = NEW.taken_by AND a.role = 'OFFICER' AND b.id = NEW.beneficiary_id) THEN
        RAISE EXCEPTION 'an objection is taken and decided by an officer of the district'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER objection_is_decided_once BEFORE UPDATE ON objections
    FOR EACH ROW EXECUTE FUNCTION objection_is_decided_once();

CREATE CONSTRAINT TRIGGER objection_is_recorded AFTER INSERT ON objections DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NOT pg_has_role('renzheng_batch', 'MEMBER'))
    EXECUTE FUNCTION act_is_recorded('OBJECTION_REPORTED');
CREATE CONSTRAINT TRIGGER ruling_is_recorded AFTER UPDATE ON objections DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NOT pg_has_role('renzheng_batch', 'MEMBER'))
    EXECUTE FUNCTION act_is_recorded('OBJECTION_TAKEN', 'OBJECTION_DECIDED');
"""

QUARANTINES = """
CREATE TABLE quarantines (
    person_id    bigint NOT NULL REFERENCES persons,
    kind         text NOT NULL,
    occurred_on  date NOT NULL,
    objection_id bigint NOT NULL REFERENCES objections,
    at           timestamptz NOT NULL,
    PRIMARY KEY (person_id, kind, occurred_on)
);
COMMENT ON TABLE quarantines IS
    'What was found false of a person: a record of that kind and day never counts again. Notice 三(四)';
CREATE INDEX quarantines_objection ON quarantines (objection_id);

CREATE FUNCTION quarantine_comes_with_its_ruling() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added a WHERE NOT EXISTS (
            SELECT FROM objections o JOIN beneficiaries b ON b.id = o.beneficiary_id
            WHERE o.id = a.objection_id AND o.outcome = 'DATA_WRONG' AND b.person_id = a.person_id
              AND o.xmin = pg_current_xact_id()::xid)) THEN
        RAISE EXCEPTION 'only the ruling that data were wrong puts a record into quarantine'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER quarantine_comes_with_its_ruling AFTER INSERT ON quarantines
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION quarantine_comes_with_its_ruling();

CREATE FUNCTION records_known_of(id bigint, OUT kind text, OUT occurred_on date) RETURNS SETOF record
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT DISTINCT e.kind, e.occurred_on
        FROM objections o JOIN beneficiaries b ON b.id = o.beneficiary_id JOIN units u ON u.id = b.unit_id
        JOIN evidence e ON e.person_id = b.person_id
        WHERE o.id = records_known_of.id AND caller_role() = 'OFFICER' AND u.district = caller_district()
          AND NOT EXISTS (SELECT FROM evidence_found_wrong w WHERE w.evidence_id = e.id)
          AND NOT EXISTS (SELECT FROM quarantines q WHERE q.person_id = e.person_id AND q.kind = e.kind
                                                          AND q.occurred_on = e.occurred_on);
    END;
COMMENT ON FUNCTION records_known_of IS 'Kinds and days of what is held of an objector, for the officer who rules';
REVOKE ALL ON FUNCTION records_known_of FROM PUBLIC;
"""

GRANTS = """
GRANT SELECT ON objections, quarantines TO renzheng_app, renzheng_batch;
GRANT INSERT ON objections, quarantines TO renzheng_app;
GRANT UPDATE (taken_by, taken_at, proof_kinds, document_names, document_sha256, outcome, reason, decided_on, decided_at,
    passed_version, reinstatement_id) ON objections TO renzheng_app;
GRANT EXECUTE ON FUNCTION records_known_of TO renzheng_app;
ALTER TABLE objections ENABLE ROW LEVEL SECURITY;
ALTER TABLE quarantines ENABLE ROW LEVEL SECURITY;
CREATE POLICY batch ON objections TO renzheng_batch USING (true);
CREATE POLICY batch ON quarantines TO renzheng_batch USING (true);
CREATE POLICY own ON objections FOR SELECT TO renzheng_app USING (
    EXISTS (SELECT FROM beneficiaries b WHERE b.id = beneficiary_id));
CREATE POLICY reporting ON objections FOR INSERT TO renzheng_app WITH CHECK (
    (SELECT caller_role()) IN ('UNIT', 'PERSON') AND reported_as = (SELECT caller_role())
    AND reported_by = (SELECT caller_account())
    AND EXISTS (SELECT FROM beneficiaries b WHERE b.id = beneficiary_id));
CREATE POLICY deciding ON objections FOR UPDATE TO renzheng_app USING (
    (SELECT caller_role()) = 'OFFICER' AND EXISTS (SELECT FROM beneficiaries b WHERE b.id = beneficiary_id))
    WITH CHECK (taken_by = (SELECT caller_account()));
CREATE POLICY own ON quarantines FOR SELECT TO renzheng_app USING (
    EXISTS (SELECT FROM objections o WHERE o.id = objection_id));
CREATE POLICY deciding ON quarantines FOR INSERT TO renzheng_app WITH CHECK (
    (SELECT caller_role()) = 'OFFICER'
    AND EXISTS (SELECT FROM objections o WHERE o.id = objection_id AND o.taken_by = (SELECT caller_account())));

-- A ruling passes the person whom it found alive, and does nothing else to a certification or a period.
CREATE POLICY restoring ON certifications FOR INSERT TO renzheng_app WITH CHECK (
    (SELECT caller_role()) = 'OFFICER' AND result = 'PASS' AND method = 'SERVICE_WINDOW'
    AND account_id = (SELECT caller_account())
    AND EXISTS (SELECT FROM objections o WHERE o.beneficiary_id = certifications.beneficiary_id
                AND o.passed_version = certifications.version AND o.taken_by = (SELECT caller_account())));
CREATE POLICY restoring ON certification_periods FOR INSERT TO renzheng_app WITH CHECK (
    (SELECT caller_role()) = 'OFFICER'
    AND EXISTS (SELECT FROM objections o WHERE o.beneficiary_id = certification_periods.beneficiary_id
                AND o.passed_version = certification_periods.version AND o.taken_by = (SELECT caller_account())));
CREATE POLICY renewing ON certification_periods FOR UPDATE TO renzheng_app USING (
    (SELECT caller_role()) = 'OFFICER'
    AND EXISTS (SELECT FROM objections o WHERE o.beneficiary_id = certification_periods.beneficiary_id
                AND o.passed_version > certification_periods.version AND o.taken_by = (SELECT caller_account())));
"""


def upgrade() -> None:
    for statements in (OBJECTIONS, QUARANTINES, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
