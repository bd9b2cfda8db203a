"""People certify themselves, and windows certify them: challenges, appearances, and what those two roles may write.

Revision ID: 0018
"""

from storage.migrations import script

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE face_check_challenges (
    digest         bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    account_id     bigint NOT NULL REFERENCES accounts,
    beneficiary_id bigint NOT NULL REFERENCES beneficiaries,
    issued_at      timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    used_at        timestamptz
);
COMMENT ON TABLE face_check_challenges IS 'SHA-256 of each nonce; of use once, and gone some time after it expired';
CREATE INDEX face_check_challenges_account ON face_check_challenges (account_id, beneficiary_id);
CREATE INDEX face_check_challenges_expired ON face_check_challenges (expires_at);

CREATE TABLE appearances (
    beneficiary_id  bigint NOT NULL,
    version         integer NOT NULL,
    evidence_id     bigint NOT NULL UNIQUE REFERENCES evidence,
    presence        text CHECK (presence IN ('IN_PERSON', 'RELATIVE', 'HOME_VISIT', 'CONSULATE')),
    challenge       bytea UNIQUE,
    document_name   text,
    document_sha256 text CHECK (document_sha256 ~ '^[0-9a-f]{64}$'),
    note            text,
    PRIMARY KEY (beneficiary_id, version),
    FOREIGN KEY (beneficiary_id, version) REFERENCES certifications (beneficiary_id, version),
    CHECK ((presence IS NULL) = (challenge IS NOT NULL)),
    CHECK ((document_name IS NULL) = (document_sha256 IS NULL)),
    CHECK (presence IN ('RELATIVE', 'CONSULATE') IS NOT TRUE OR document_sha256 IS NOT NULL)
);
COMMENT ON TABLE appearances IS
    'How a person was seen who certified themselves (presence is null) or was certified at a window. Notice 一(三)';

ALTER TABLE certifications
    ALTER handler_name DROP NOT NULL,
    ALTER handler_contact DROP NOT NULL,
    ADD CONSTRAINT somebody_answers_for_an_act CHECK (
        (method = 'SELF') = (handler_name IS NULL) AND (handler_name IS NULL) = (handler_contact IS NULL));
"""

# The evidence of others is none of the API's business: it adds what belongs to an act of its own, by this one door.
RECORDING = """
CREATE FUNCTION hold_row(beneficiary bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM FROM beneficiaries b JOIN units u ON u.id = b.unit_id
    WHERE b.id = beneficiary
      AND (b.person_id = caller_person() OR caller_role() = 'WINDOW' AND u.district = caller_district())
    FOR NO KEY UPDATE OF b;
END $$;
COMMENT ON FUNCTION hold_row IS 'Lock a row for whoever may certify it, who can change it only after that';

CREATE FUNCTION record_appearance(
    beneficiary bigint, act integer, kind text, reference text, presence text, nonce bytea, document_name text,
    document_sha256 text, note text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    done certifications;
    recorded bigint;
BEGIN
    SELECT * INTO STRICT done FROM certifications c
    WHERE c.beneficiary_id = beneficiary AND c.version = act AND c.account_id = caller_account()
      AND c.method = CASE WHEN nonce IS NULL THEN 'SERVICE_WINDOW' ELSE 'SELF' END;
    IF nonce IS NOT NULL THEN
        UPDATE face_check_challenges c SET used_at = done.at
        WHERE c.digest = nonce AND c.account_id = caller_account() AND c.beneficiary_id = beneficiary;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'there is no such challenge' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    INSERT INTO evidence (person_id, source, kind, occurred_on, reference, received_at)
    SELECT b.person_id, 'human_resources', record_appearance.kind, done.acted_on, record_appearance.reference, done.at
    FROM beneficiaries b WHERE b.id = beneficiary RETURNING id INTO recorded;
    INSERT INTO appearances VALUES (beneficiary, act, recorded, record_appearance.presence, nonce,
        record_appearance.document_name, record_appearance.document_sha256, record_appearance.note);
END $$;
COMMENT ON FUNCTION record_appearance IS 'The evidence of an act of the caller''s own; a challenge is used up by it';
"""

GUARDS = """
CREATE FUNCTION challenge_is_of_use_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.used_at IS NOT NULL OR NEW.used_at IS NULL OR NEW.used_at NOT BETWEEN OLD.issued_at AND OLD.expires_at
       OR (NEW.digest, NEW.account_id, NEW.beneficiary_id, NEW.issued_at, NEW.expires_at)
          IS DISTINCT FROM (OLD.digest, OLD.account_id, OLD.beneficiary_id, OLD.issued_at, OLD.expires_at) THEN
        RAISE EXCEPTION 'a challenge is of use once, before it expires'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER challenge_is_of_use_once BEFORE UPDATE ON face_check_challenges
    FOR EACH ROW EXECUTE FUNCTION challenge_is_of_use_once();

CREATE FUNCTION appearance_has_its_evidence() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM appearances a
        JOIN evidence e ON e.id = a.evidence_id
        JOIN beneficiaries b ON b.id = a.beneficiary_id AND b.person_id = e.person_id
        WHERE a.beneficiary_id = NEW.beneficiary_id AND a.version = NEW.version
          AND (a.presence IS NULL) = (NEW.method = 'SELF') AND e.occurred_on = NEW.acted_on)
       AND NOT EXISTS (  -- a ruling rests on the proofs of its objection
        SELECT FROM objections o WHERE o.beneficiary_id = NEW.beneficiary_id AND o.passed_version = NEW.version) THEN
        RAISE EXCEPTION 'whoever certifies in person leaves the evidence of it'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER appearance_has_its_evidence AFTER INSERT ON certifications DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.method IN ('SELF', 'SERVICE_WINDOW')) EXECUTE FUNCTION appearance_has_its_evidence();

-- Volatile: an act's row is seen by the statement that follows from it, and by nobody's earlier one.
CREATE FUNCTION certified_just_now(beneficiary bigint) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM certifications c
        WHERE c.beneficiary_id = beneficiary AND c.account_id = caller_account()
          AND c.method IN ('SELF', 'SERVICE_WINDOW') AND c.xmin = pg_current_xact_id()::xid);
END $$;
COMMENT ON FUNCTION certified_just_now IS 'Whether the caller has certified this person in this very transaction';
"""

GRANTS = """
REVOKE ALL ON FUNCTION hold_row, record_appearance FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_row, record_appearance TO renzheng_app;
GRANT SELECT, INSERT, DELETE ON face_check_challenges TO renzheng_app;
GRANT SELECT (beneficiary_id, version, presence) ON appearances TO renzheng_app;
GRANT SELECT, DELETE ON face_check_challenges TO renzheng_batch;
GRANT SELECT ON appearances TO renzheng_batch;
"""

POLICIES = """
ALTER TABLE face_check_challenges ENABLE ROW LEVEL SECURITY;
ALTER TABLE appearances ENABLE ROW LEVEL SECURITY;
CREATE POLICY batch ON face_check_challenges TO renzheng_batch USING (true);
CREATE POLICY batch ON appearances TO renzheng_batch USING (true);
CREATE POLICY own ON face_check_challenges FOR SELECT TO renzheng_app USING (account_id = (SELECT caller_account()));
CREATE POLICY asking ON face_check_challenges FOR INSERT TO renzheng_app WITH CHECK (
    (SELECT caller_role()) = 'PERSON' AND account_id = (SELECT caller_account()) AND used_at IS NULL
    AND EXISTS (SELECT FROM beneficiaries b WHERE b.id = beneficiary_id));
CREATE POLICY replacing ON face_check_challenges FOR DELETE TO renzheng_app USING (
    account_id = (SELECT caller_account()) AND used_at IS NULL);
CREATE POLICY own ON appearances FOR SELECT TO renzheng_app USING (
    EXISTS (SELECT FROM beneficiaries b WHERE b.id = appearances.beneficiary_id));

DROP POLICY certifying ON certifications;
CREATE POLICY certifying ON certifications FOR INSERT TO renzheng_app WITH CHECK (
    CASE (SELECT caller_role()) WHEN 'UNIT' THEN method NOT IN ('SELF', 'SERVICE_WINDOW')
        WHEN 'PERSON' THEN method = 'SELF' AND result = 'PASS'
        WHEN 'WINDOW' THEN method = 'SERVICE_WINDOW' AND result = 'PASS' ELSE false END
    AND EXISTS (SELECT FROM beneficiaries b WHERE b.id = beneficiary_id));
CREATE POLICY appearing ON compliance_reviews FOR INSERT TO renzheng_app WITH CHECK (
    (SELECT caller_role()) IN ('PERSON', 'WINDOW')
    AND EXISTS (SELECT FROM beneficiaries b WHERE b.id = beneficiary_id));
CREATE POLICY appearing ON certification_periods FOR INSERT TO renzheng_app WITH CHECK (
    (SELECT caller_role()) IN ('PERSON', 'WINDOW') AND certified_just_now(beneficiary_id));
CREATE POLICY appearing ON beneficiaries FOR UPDATE TO renzheng_app USING (
    (person_id = (SELECT caller_person())
     OR (SELECT caller_role()) = 'WINDOW'
        AND EXISTS (SELECT FROM units u WHERE u.id = unit_id AND u.district = (SELECT caller_district())))
    AND certified_just_now(id));
CREATE POLICY appeared ON certification_periods FOR UPDATE TO renzheng_app USING (
    (SELECT caller_role()) IN ('PERSON', 'WINDOW') AND certified_just_now(beneficiary_id));
CREATE POLICY appearing ON suspensions FOR UPDATE TO renzheng_app USING (
    (SELECT caller_role()) IN ('PERSON', 'WINDOW') AND certified_just_now(beneficiary_id));
CREATE POLICY appearing ON events FOR INSERT TO renzheng_app WITH CHECK (
    topic = 'ROSTER' AND (SELECT caller_role()) IN ('PERSON', 'WINDOW')
    AND cardinality(people) = 1 AND certified_just_now(people[1])
    AND EXISTS (SELECT FROM beneficiaries b WHERE b.id = people[1] AND b.unit_id = events.unit_id));
"""


def upgrade() -> None:
    for statements in (TABLES, RECORDING, GUARDS, GRANTS, POLICIES):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
