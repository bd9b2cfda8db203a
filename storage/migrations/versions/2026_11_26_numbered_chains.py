"""The audit trail's chains are numbered without a gap; no row changes without its entry; a refresh says from where.

Revision ID: 0014
"""

from storage.migrations import script

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# An entry of format 1 was vouched for without its number. The first of format 2 in its chain fixes those before it.
NUMBERS = """
ALTER TABLE audit_entries ADD chain bigint, ADD number bigint, ADD format smallint;
UPDATE audit_entries e SET chain = n.chain, number = n.number, format = 1
FROM (SELECT id, coalesce(unit_id, 0) AS chain,
             row_number() OVER (PARTITION BY coalesce(unit_id, 0) ORDER BY id) AS number
      FROM audit_entries) AS n
WHERE n.id = e.id;
ALTER TABLE audit_entries ALTER chain SET NOT NULL, ALTER number SET NOT NULL, ALTER format SET NOT NULL,
    ADD CONSTRAINT audit_entries_numbered UNIQUE (chain, number);
CREATE INDEX audit_entries_version ON audit_entries (beneficiary_id, version) WHERE version IS NOT NULL;
CREATE INDEX audit_entries_roots ON audit_entries (id) WHERE action = 'AUDIT_SEALED';
COMMENT ON TABLE audit_entries IS
    'Every act, refusal, sign-in, unmasking and export; it refers to nothing, and stays. A chain is a unit''s,
0 the agency''s, -1 that of its monthly runs. The MAC of format 1, before 0014, leaves out chain and number';

ALTER TABLE audit_seals RENAME unit_id TO chain;
COMMENT ON TABLE audit_seals IS 'A chain''s entries of a day and its head after them';

CREATE TABLE audit_chains (
    chain  bigint PRIMARY KEY,
    newest bigint NOT NULL
);
COMMENT ON TABLE audit_chains IS 'The newest number of each chain; the row is locked until the entry is committed';
INSERT INTO audit_chains SELECT chain, max(number) FROM audit_entries GROUP BY chain;

DROP FUNCTION claim_audit_entries;
CREATE FUNCTION claim_audit_entries(chains bigint[], counts integer[], OUT chain bigint, OUT number bigint,
                                    OUT id bigint, OUT opens timestamptz)
    RETURNS SETOF record LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(x'61756469'::int);  -- no day closes under it
    IF caller_role() = 'UNIT' AND chains <> ARRAY[caller_unit()] THEN
        RAISE EXCEPTION 'not this account''s chain' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN QUERY
        WITH taken AS (  -- in the order of the chains, so that no two wait for each other
            INSERT INTO audit_chains AS c (chain, newest)
            SELECT a.chain, a.count FROM unnest(chains, counts) AS a (chain, count) ORDER BY a.chain
            ON CONFLICT ON CONSTRAINT audit_chains_pkey DO UPDATE SET newest = c.newest + EXCLUDED.newest
            RETURNING c.chain, c.newest)
        SELECT t.chain, n, nextval('audit_entries_id_seq'), (SELECT k.opens FROM audit_clock k)
        FROM taken t JOIN unnest(chains, counts) AS a (chain, count) USING (chain),
             generate_series(t.newest - a.count + 1, t.newest) AS n;
END $$;
COMMENT ON FUNCTION claim_audit_entries IS
    'The next numbers of chains, with ids, and the first instant that entries may bear; held until the commit';
REVOKE ALL ON FUNCTION claim_audit_entries FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_audit_entries TO renzheng_app, renzheng_batch;

-- A number that is taken is written, or nothing is: a gap is always a removed entry.
CREATE FUNCTION claimed_numbers_are_written() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE
    before bigint := CASE TG_OP WHEN 'UPDATE' THEN OLD.newest ELSE 0 END;
BEGIN
    IF (SELECT count(*) FROM audit_entries e
        WHERE e.chain = NEW.chain AND e.number > before AND e.number <= NEW.newest) <> NEW.newest - before THEN
        RAISE EXCEPTION 'a number of the audit trail was taken and not written'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER claimed_numbers_are_written AFTER INSERT OR UPDATE ON audit_chains
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claimed_numbers_are_written();

-- The clock may be a rehearsal's, which is ahead: what the commands and the upkeep go by moves the bound along.
ALTER TABLE audit_clock ADD latest timestamptz NOT NULL DEFAULT '2000-01-01';
CREATE FUNCTION expect_audit_instants(until timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        UPDATE audit_clock SET latest = until WHERE latest < until;
    END;
COMMENT ON FUNCTION expect_audit_instants IS 'The service''s clock: until then the API may date what it tells';
REVOKE ALL ON FUNCTION expect_audit_instants FROM PUBLIC;
GRANT EXECUTE ON FUNCTION expect_audit_instants TO renzheng_batch;

CREATE OR REPLACE FUNCTION closed_days_take_no_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(x'61756469'::int);
    IF EXISTS (SELECT FROM added WHERE at < (SELECT opens FROM audit_clock)) THEN
        RAISE EXCEPTION 'a closed day takes no more entries' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT FROM added a LEFT JOIN audit_chains c USING (chain) WHERE (a.number <= c.newest) IS NOT TRUE) THEN
        RAISE EXCEPTION 'the numbers of an audit chain are taken one by one'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION latest_audit_instant() RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT greatest(latest, now() + interval '2 days') FROM audit_clock;
    END;
COMMENT ON FUNCTION latest_audit_instant IS 'Before it the API dates what it tells; a rehearsal may be ahead';
REVOKE ALL ON FUNCTION latest_audit_instant FROM PUBLIC;
GRANT EXECUTE ON FUNCTION latest_audit_instant TO renzheng_app;

DROP POLICY telling ON audit_entries;
CREATE POLICY telling ON audit_entries FOR INSERT TO renzheng_app WITH CHECK (
    account_id IS NOT DISTINCT FROM (SELECT caller_account())
    AND account_id IS NOT DISTINCT FROM account_of_session(session_id)
    AND role IS NOT DISTINCT FROM (SELECT caller_role())
    AND chain = coalesce(unit_id, 0) AND format = 2
    AND ((SELECT caller_role()) IS DISTINCT FROM 'UNIT' OR unit_id = (SELECT caller_unit()))
    AND at < (SELECT latest_audit_instant()));

GRANT SELECT ON audit_chains TO renzheng_batch;
GRANT SELECT (chain, number, format) ON audit_entries TO renzheng_app;
"""

# Of a person's row each version has its entry; of what hangs on it any entry that comes with a version.
CHANGES = """
CREATE FUNCTION row_change_is_recorded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF NEW.version <= OLD.version OR NOT EXISTS (
        SELECT FROM audit_entries e
        WHERE e.beneficiary_id = NEW.id AND e.version = NEW.version AND e.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'no change of a person''s row without its version''s entry in the audit trail'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER row_change_is_recorded AFTER UPDATE ON beneficiaries DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NOT pg_has_role('renzheng_batch', 'MEMBER')) EXECUTE FUNCTION row_change_is_recorded();

CREATE FUNCTION change_comes_with_a_version() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM audit_entries e
        WHERE e.beneficiary_id = NEW.beneficiary_id AND e.xmin = pg_current_xact_id()::xid
          AND e.version = (SELECT version FROM beneficiaries WHERE id = NEW.beneficiary_id)) THEN
        RAISE EXCEPTION 'no act without its entry in the audit trail'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER suspension_is_recorded AFTER INSERT OR UPDATE ON suspensions DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NOT pg_has_role('renzheng_batch', 'MEMBER')) EXECUTE FUNCTION change_comes_with_a_version();
CREATE CONSTRAINT TRIGGER period_is_recorded AFTER INSERT OR UPDATE ON certification_periods
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NOT pg_has_role('renzheng_batch', 'MEMBER')) EXECUTE FUNCTION change_comes_with_a_version();

CREATE OR REPLACE FUNCTION act_is_recorded() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE
    told boolean;
BEGIN
    IF TG_NARGS = 0 THEN  -- by the version, which has an index: a person may have many entries
        told := EXISTS (
            SELECT FROM audit_entries e
            WHERE e.beneficiary_id = NEW.beneficiary_id AND e.version = (to_jsonb(NEW) ->> 'version')::int
              AND e.xmin = pg_current_xact_id()::xid);
    ELSE
        told := EXISTS (
            SELECT FROM audit_entries e
            WHERE e.beneficiary_id = NEW.beneficiary_id AND e.action = ANY (TG_ARGV)
              AND e.xmin = pg_current_xact_id()::xid);
    END IF;
    IF NOT told THEN
        RAISE EXCEPTION 'no act without its entry in the audit trail'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

REFRESH = """
DROP FUNCTION refresh_session;
CREATE FUNCTION refresh_session(token bytea, following bytea, at timestamptz, idle interval, address text)
    RETURNS TABLE (presented text, id uuid, ends_at timestamptz, account_id bigint, username text, role text,
                   unit_id bigint, district text, moved boolean)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    held refresh_tokens;
    session sessions;
BEGIN
    SELECT * INTO held FROM refresh_tokens t WHERE t.digest = token FOR UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT * INTO session FROM sessions s WHERE s.id = held.session_id FOR UPDATE;
    moved := false;
    IF held.used_at IS NOT NULL THEN
        presented := 'REUSED';
        UPDATE sessions s SET ended_at = at, ended_because = 'REFRESH_TOKEN_REUSED'
        WHERE s.id = session.id AND s.ended_at IS NULL;
    ELSIF session.ended_at IS NOT NULL OR held.expires_at <= at THEN
        presented := 'ENDED';
    ELSE
        presented := 'RENEWED';
        moved := session.address IS DISTINCT FROM refresh_session.address;
        UPDATE sessions s SET address = refresh_session.address WHERE s.id = session.id AND refresh_session.moved;
        UPDATE refresh_tokens t SET used_at = at WHERE t.digest = token;
        INSERT INTO refresh_tokens (digest, session_id, issued_at, expires_at)
        VALUES (following, session.id, at, least(at + idle, session.ends_at));
    END IF;
    RETURN QUERY SELECT refresh_session.presented, session.id, session.ends_at, a.id, a.username, a.role, a.unit_id,
                        a.district, refresh_session.moved
                 FROM accounts a WHERE a.id = session.account_id;
END $$;
COMMENT ON FUNCTION refresh_session IS
    'Use up a refresh token; one that was used before ends its session. `moved`: it comes from another address';

DROP FUNCTION begin_outside_session;
CREATE FUNCTION begin_outside_session(
    account bigint, at timestamptz, until timestamptz, address text, token bytea)
    RETURNS TABLE (id uuid, ends_at timestamptz, begun boolean)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        INSERT INTO sessions AS s (account_id, began_at, ends_at, address, outside_token)
        VALUES (account, at, until, begin_outside_session.address, token)
        ON CONFLICT (outside_token) DO UPDATE SET outside_token = EXCLUDED.outside_token
        RETURNING s.id, s.ends_at, old.id IS NULL;
    END;
REVOKE ALL ON FUNCTION refresh_session, begin_outside_session FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refresh_session, begin_outside_session TO renzheng_app;
"""


def upgrade() -> None:
    for statements in (NUMBERS, CHANGES, REFRESH):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
