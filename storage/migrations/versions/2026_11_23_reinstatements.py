"""Reinstatement cases, and the suspensions that they end.

Revision ID: 0003
"""

from storage.migrations import script

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCHEMA = """
CREATE TABLE reinstatements (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    beneficiary_id   bigint NOT NULL REFERENCES beneficiaries,
    status           text NOT NULL DEFAULT 'SUBMITTED'
                     CHECK (status IN ('SUBMITTED', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
    statement        text NOT NULL CHECK (btrim(statement) <> ''),
    document_names   text[] NOT NULL,
    document_sha256  text[] NOT NULL,
    claimed          date[] NOT NULL,
    handler_name     text NOT NULL CHECK (btrim(handler_name) <> ''),
    handler_contact  text NOT NULL CHECK (btrim(handler_contact) <> ''),
    submitted_by     bigint NOT NULL REFERENCES accounts,
    submitted_on     date NOT NULL,
    submitted_at     timestamptz NOT NULL,
    reviewed_by      bigint REFERENCES accounts,
    reviewed_on      date,
    reviewed_at      timestamptz,
    reason           text,
    lifted_from      date CHECK (extract(day FROM lifted_from) = 1 AND isfinite(lifted_from)),
    resumes_from     date CHECK (resumes_from = lifted_from),
    approved_version integer,
    UNIQUE (id, beneficiary_id, status),
    UNIQUE (beneficiary_id, approved_version),
    CONSTRAINT case_has_documents CHECK (
        cardinality(document_names) > 0 AND cardinality(document_names) = cardinality(document_sha256)),
    CONSTRAINT case_is_reviewed_whole CHECK ((status = 'SUBMITTED') = (reviewed_by IS NULL)
        AND (reviewed_by IS NULL) = (reviewed_on IS NULL) AND (reviewed_on IS NULL) = (reviewed_at IS NULL)),
    CONSTRAINT case_is_reviewed_by_another CHECK (
        status NOT IN ('APPROVED', 'REJECTED') OR reviewed_by <> submitted_by),
    CONSTRAINT case_is_rejected_with_a_reason CHECK (status <> 'REJECTED' OR btrim(coalesce(reason, '')) <> ''),
    CONSTRAINT case_is_reviewed_after_it_was_submitted CHECK (reviewed_on >= submitted_on),
    CHECK ((status = 'APPROVED') = (approved_version IS NOT NULL)),
    CHECK (lifted_from IS NULL OR status = 'APPROVED'),
    CHECK (resumes_from IS NULL OR lifted_from IS NOT NULL)
);
COMMENT ON TABLE reinstatements IS 'Cases of reinstatement and back pay; notice 三(三)';
CREATE UNIQUE INDEX reinstatements_one_open ON reinstatements (beneficiary_id) WHERE status = 'SUBMITTED';
CREATE INDEX reinstatements_beneficiary ON reinstatements (beneficiary_id);
CREATE INDEX reinstatements_queue ON reinstatements (status, id);

CREATE FUNCTION case_begins_submitted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'SUBMITTED' THEN
        RAISE EXCEPTION 'a case begins with its submission' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_begins_submitted BEFORE INSERT ON reinstatements
    FOR EACH ROW EXECUTE FUNCTION case_begins_submitted();

CREATE FUNCTION case_closes_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'SUBMITTED' OR NEW.status = 'SUBMITTED' THEN
        RAISE EXCEPTION 'a case is approved, rejected or withdrawn once'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status <> 'WITHDRAWN' AND NOT EXISTS (
        SELECT FROM accounts a JOIN units u ON u.district = a.district JOIN beneficiaries b ON b.unit_id = u.id
        WHERE a.id = NEW.reviewed_by AND a.role = 'OFFICER' AND b.id = NEW.beneficiary_id) THEN
        RAISE EXCEPTION 'a case is reviewed by an officer of the district'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_closes_once BEFORE UPDATE ON reinstatements FOR EACH ROW EXECUTE FUNCTION case_closes_once();

CREATE TABLE reinstatement_months (
    beneficiary_id   bigint NOT NULL,
    month            date NOT NULL CHECK (extract(day FROM month) = 1 AND isfinite(month)),
    reinstatement_id bigint NOT NULL,
    status           text NOT NULL DEFAULT 'APPROVED' CHECK (status = 'APPROVED'),
    PRIMARY KEY (beneficiary_id, month),
    FOREIGN KEY (reinstatement_id, beneficiary_id, status) REFERENCES reinstatements (id, beneficiary_id, status)
);
COMMENT ON TABLE reinstatement_months IS 'The months that approved cases pay back: each of a person once, ever';
CREATE INDEX reinstatement_months_case ON reinstatement_months (reinstatement_id);

CREATE FUNCTION approved_months_come_with_the_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added a JOIN reinstatements r ON r.id = a.reinstatement_id
        WHERE r.xmin <> pg_current_xact_id()::xid OR a.month > r.reviewed_on) THEN
        RAISE EXCEPTION 'an approved case takes no more months, and none after its own'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER approved_months_come_with_the_approval AFTER INSERT ON reinstatement_months
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION approved_months_come_with_the_approval();

CREATE TABLE suspensions (
    beneficiary_id bigint NOT NULL REFERENCES beneficiaries,
    version        integer NOT NULL,
    held           daterange NOT NULL CHECK (extract(day FROM lower(held)) = 1 AND extract(day FROM upper(held)) = 1),
    PRIMARY KEY (beneficiary_id, version),
    FOREIGN KEY (beneficiary_id, version) REFERENCES certifications (beneficiary_id, version),
    CONSTRAINT suspensions_never_overlap EXCLUDE USING gist (beneficiary_id WITH =, held WITH &&)
);
COMMENT ON TABLE suspensions IS
    'Months in which a FAIL holds payment back: until an approved case ends them, empty where withdrawn; notice 三(二)';
INSERT INTO suspensions
SELECT b.id, f.version, daterange(b.suspended_from, NULL)
FROM beneficiaries b
CROSS JOIN LATERAL (
    SELECT min(c.version) AS version FROM certifications c
    WHERE c.beneficiary_id = b.id AND c.result = 'FAIL'
      AND date_trunc('month', c.acted_on) + interval '1 month' = b.suspended_from
      AND NOT EXISTS (
          SELECT FROM certifications p
          WHERE p.beneficiary_id = b.id AND p.version > c.version AND p.result = 'PASS'
            AND date_trunc('month', p.acted_on) = date_trunc('month', c.acted_on))) AS f
WHERE b.suspended_from IS NOT NULL;

CREATE FUNCTION suspension_begins_by_a_fail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added a JOIN certifications f USING (beneficiary_id, version)
        WHERE f.result <> 'FAIL' OR NOT upper_inf(a.held)
           OR lower(a.held) <> (date_trunc('month', f.acted_on) + interval '1 month')::date) THEN
        RAISE EXCEPTION 'a suspension begins in the month after its FAIL'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER suspension_begins_by_a_fail AFTER INSERT ON suspensions
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION suspension_begins_by_a_fail();

CREATE FUNCTION suspension_ends_by_a_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM before o JOIN changed c USING (beneficiary_id, version)
        WHERE NOT upper_inf(o.held)
           OR CASE WHEN isempty(c.held)
                   THEN NOT EXISTS (
                       SELECT FROM certifications p
                       WHERE p.beneficiary_id = c.beneficiary_id AND p.version > c.version AND p.result = 'PASS'
                         AND p.acted_on < lower(o.held))
                   ELSE lower(c.held) <> lower(o.held) OR NOT EXISTS (
                       SELECT FROM reinstatements r
                       WHERE r.beneficiary_id = c.beneficiary_id AND r.approved_version > c.version
                         AND r.lifted_from = upper(c.held)
                         AND r.lifted_from = (date_trunc('month', r.reviewed_on) + interval '1 month')::date)
                   END) THEN
        RAISE EXCEPTION 'a suspension ends with the month of an approved case, or is withdrawn before it began'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER suspension_ends_by_a_fact AFTER UPDATE ON suspensions
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION suspension_ends_by_a_fact();

ALTER TABLE beneficiaries ADD held_through date CHECK (extract(day FROM held_through) = 1);
"""

GRANTS = """
GRANT SELECT, INSERT ON reinstatements, reinstatement_months, suspensions TO renzheng_app;
GRANT UPDATE (held) ON suspensions TO renzheng_app;
GRANT UPDATE (status, reviewed_by, reviewed_on, reviewed_at, reason, lifted_from, resumes_from, approved_version)
    ON reinstatements TO renzheng_app;
GRANT UPDATE (held_through) ON beneficiaries TO renzheng_app;
"""


def upgrade() -> None:
    for statements in (SCHEMA, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
