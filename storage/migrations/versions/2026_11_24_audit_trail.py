"""The audit trail: entries that are only added, seals a unit and day, a root a day; no act without its entry.

Revision ID: 0009
"""

from storage.migrations import script

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ENTRIES = """
CREATE TABLE audit_keys (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    wrapped bytea NOT NULL,
    made_at timestamptz NOT NULL
);
COMMENT ON TABLE audit_keys IS 'What vouches for the audit trail, wrapped: whoever owns the database cannot use it';

CREATE TABLE audit_clock (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    opens    timestamptz NOT NULL
);
COMMENT ON TABLE audit_clock IS 'Entries are written from this instant on: the days before it are closed';
INSERT INTO audit_clock (opens) VALUES ('2000-01-01');

CREATE TABLE audit_entries (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at             timestamptz NOT NULL,
    unit_id        bigint,
    account_id     bigint,
    session_id     uuid,
    role           text,
    address        text,
    action         text NOT NULL,
    beneficiary_id bigint,
    version        integer,
    body           text NOT NULL,
    key_id         bigint NOT NULL,
    mac            bytea NOT NULL CHECK (length(mac) = 32)
);
COMMENT ON TABLE audit_entries IS 'Every act, refusal, sign-in, unmasking and export; it refers to nothing, and stays';
CREATE INDEX audit_entries_at ON audit_entries (at);
CREATE INDEX audit_entries_unit ON audit_entries (unit_id, id);
CREATE INDEX audit_entries_beneficiary ON audit_entries (beneficiary_id, id);

CREATE FUNCTION claim_audit_entries(number integer, OUT id bigint, OUT opens timestamptz) RETURNS SETOF record
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(x'61756469'::int);  -- no day closes under it
    RETURN QUERY SELECT nextval('audit_entries_id_seq'), c.opens FROM audit_clock c, generate_series(1, number);
END $$;
COMMENT ON FUNCTION claim_audit_entries IS 'Ids for entries of this transaction, and the first instant they may bear';

CREATE FUNCTION closed_days_take_no_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(x'61756469'::int);
    IF EXISTS (SELECT FROM added WHERE at < (SELECT opens FROM audit_clock)) THEN
        RAISE EXCEPTION 'a closed day takes no more entries' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER closed_days_take_no_entries AFTER INSERT ON audit_entries
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION closed_days_take_no_entries();

CREATE FUNCTION close_audit_days(until timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(x'61756469'::int);  -- waits for whoever is writing entries
    UPDATE audit_clock SET opens = until WHERE opens < until;
END $$;
COMMENT ON FUNCTION close_audit_days IS 'Once this is committed, nobody adds an entry to an earlier instant';
REVOKE ALL ON FUNCTION claim_audit_entries, close_audit_days FROM PUBLIC;
"""

SEALS = """
CREATE TABLE audit_days (
    day      date PRIMARY KEY,
    previous bytea NOT NULL CHECK (length(previous) = 32),
    root     bytea NOT NULL CHECK (length(root) = 32),
    key_id   bigint NOT NULL,
    mac      bytea NOT NULL CHECK (length(mac) = 32)
);
COMMENT ON TABLE audit_days IS 'Sealed days without a gap; a root holds everything up to its day';

CREATE TABLE audit_seals (
    unit_id  bigint NOT NULL,
    day      date NOT NULL REFERENCES audit_days,
    entries  bigint[] NOT NULL CHECK (cardinality(entries) > 0),
    previous bytea NOT NULL CHECK (length(previous) = 32),
    head     bytea NOT NULL CHECK (length(head) = 32),
    key_id   bigint NOT NULL,
    mac      bytea NOT NULL CHECK (length(mac) = 32),
    PRIMARY KEY (unit_id, day)
);
COMMENT ON TABLE audit_seals IS 'A unit''s entries of a day and the head of its chain after them; unit 0 is the agency';
"""

# Deferred: an act is told with what it came to, its case's id say.
ACTS = """
CREATE FUNCTION act_is_recorded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM audit_entries e
        WHERE e.beneficiary_id = NEW.beneficiary_id AND e.xmin = pg_current_xact_id()::xid
          AND CASE WHEN TG_NARGS = 0 THEN e.version = (to_jsonb(NEW) ->> 'version')::int
                   ELSE e.action = ANY (TG_ARGV) END) THEN
        RAISE EXCEPTION 'no act without its entry in the audit trail'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER certification_is_recorded AFTER INSERT ON certifications DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NOT pg_has_role('renzheng_batch', 'MEMBER')) EXECUTE FUNCTION act_is_recorded();
CREATE CONSTRAINT TRIGGER termination_is_recorded AFTER INSERT ON terminations DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NOT pg_has_role('renzheng_batch', 'MEMBER')) EXECUTE FUNCTION act_is_recorded();
CREATE CONSTRAINT TRIGGER request_is_recorded AFTER INSERT ON reinstatements DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NOT pg_has_role('renzheng_batch', 'MEMBER'))
    EXECUTE FUNCTION act_is_recorded('REINSTATEMENT_REQUESTED');
CREATE CONSTRAINT TRIGGER review_is_recorded AFTER UPDATE ON reinstatements DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NOT pg_has_role('renzheng_batch', 'MEMBER')) EXECUTE FUNCTION act_is_recorded(
        'REINSTATEMENT_APPROVED', 'REINSTATEMENT_REJECTED', 'REINSTATEMENT_WITHDRAWN');
CREATE CONSTRAINT TRIGGER settlement_is_recorded AFTER INSERT ON settlements DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NOT pg_has_role('renzheng_batch', 'MEMBER')) EXECUTE FUNCTION act_is_recorded('SETTLED');
"""

GRANTS = """
CREATE FUNCTION account_of_session(session uuid) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT account_id FROM sessions WHERE id = session;
    END;
REVOKE ALL ON FUNCTION account_of_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_audit_entries TO renzheng_app, renzheng_batch;
GRANT EXECUTE ON FUNCTION account_of_session TO renzheng_app;
GRANT EXECUTE ON FUNCTION close_audit_days TO renzheng_batch;

GRANT INSERT ON audit_entries TO renzheng_app, renzheng_batch;
GRANT SELECT ON audit_keys TO renzheng_app, renzheng_batch;
GRANT UPDATE (wrapped) ON audit_keys TO renzheng_batch;
GRANT INSERT ON audit_keys, audit_days, audit_seals TO renzheng_batch;
GRANT SELECT ON audit_entries, audit_days, audit_seals TO renzheng_batch;
GRANT SELECT (day) ON audit_days TO renzheng_app;
-- Not session_id: whoever names a session is its account.
GRANT SELECT (id, at, unit_id, account_id, role, address, action, beneficiary_id, version, body) ON audit_entries
    TO renzheng_app;

ALTER TABLE audit_entries ENABLE ROW LEVEL SECURITY;
CREATE POLICY batch ON audit_entries TO renzheng_batch USING (true);
CREATE POLICY own ON audit_entries FOR SELECT TO renzheng_app USING (
    (SELECT caller_role()) = 'AUDITOR' OR (SELECT caller_role()) = 'UNIT' AND unit_id = (SELECT caller_unit()));
CREATE POLICY telling ON audit_entries FOR INSERT TO renzheng_app WITH CHECK (
    account_id IS NOT DISTINCT FROM (SELECT caller_account())
    AND account_id IS NOT DISTINCT FROM account_of_session(session_id)
    AND role IS NOT DISTINCT FROM (SELECT caller_role()));
"""


def upgrade() -> None:
    for statements in (ENTRIES, SEALS, ACTS, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
