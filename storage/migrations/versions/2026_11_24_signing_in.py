"""Signing in: keys that sign, refresh tokens, counted attempts, second factors.

Revision ID: 0008
"""

from storage.migrations import script

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEYS = """
CREATE TABLE signing_keys (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kid            text NOT NULL UNIQUE,
    public         bytea NOT NULL CHECK (octet_length(public) = 32),
    wrapped        bytea NOT NULL,
    made_at        timestamptz NOT NULL,
    verifies_until timestamptz
);
COMMENT ON TABLE signing_keys IS 'Ed25519; the private half is wrapped under SECRET_KEY, which is nowhere in here';
CREATE UNIQUE INDEX signing_keys_one_signs ON signing_keys ((verifies_until IS NULL)) WHERE verifies_until IS NULL;
"""

SESSIONS = """
ALTER TABLE sessions ADD ends_at timestamptz NOT NULL DEFAULT 'infinity', ADD outside_token bytea UNIQUE;
ALTER TABLE sessions ALTER ends_at DROP DEFAULT;

CREATE TABLE refresh_tokens (
    digest     bytea PRIMARY KEY CHECK (octet_length(digest) = 32),
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    issued_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);
COMMENT ON TABLE refresh_tokens IS 'SHA-256 of each; a used one stays until it would have expired, to be recognised';
CREATE INDEX refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX refresh_tokens_expired ON refresh_tokens (expires_at);

DROP FUNCTION begin_session;
CREATE FUNCTION begin_session(account bigint, password text, at timestamptz, until timestamptz, address text)
    RETURNS uuid
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        INSERT INTO sessions (account_id, began_at, ends_at, address)
        SELECT a.id, at, until, begin_session.address
        FROM (SELECT id FROM accounts WHERE id = account AND password_hash = password FOR SHARE) AS a
        RETURNING id;
    END;
COMMENT ON FUNCTION begin_session IS 'NULL where the password is another one by now: its change ends what began before';

CREATE FUNCTION begin_outside_session(
    account bigint, at timestamptz, until timestamptz, address text, token bytea)
    RETURNS TABLE (id uuid, begun boolean)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        INSERT INTO sessions AS s (account_id, began_at, ends_at, address, outside_token)
        VALUES (account, at, until, begin_outside_session.address, token)
        ON CONFLICT (outside_token) DO UPDATE SET outside_token = EXCLUDED.outside_token
        RETURNING s.id, old.id IS NULL;
    END;

CREATE FUNCTION hand_out_refresh_token(session uuid, token bytea, at timestamptz, until timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        INSERT INTO refresh_tokens (digest, session_id, issued_at, expires_at) VALUES (token, session, at, until);
    END;

CREATE FUNCTION refresh_session(token bytea, following bytea, at timestamptz, idle interval)
    RETURNS TABLE (presented text, id uuid, ends_at timestamptz, account_id bigint, username text, role text,
                   unit_id bigint, district text)
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
    IF held.used_at IS NOT NULL THEN
        presented := 'REUSED';
        UPDATE sessions s SET ended_at = at, ended_because = 'REFRESH_TOKEN_REUSED'
        WHERE s.id = session.id AND s.ended_at IS NULL;
    ELSIF session.ended_at IS NOT NULL OR held.expires_at <= at THEN
        presented := 'ENDED';
    ELSE
        presented := 'RENEWED';
        UPDATE refresh_tokens t SET used_at = at WHERE t.digest = token;
        INSERT INTO refresh_tokens (digest, session_id, issued_at, expires_at)
        VALUES (following, session.id, at, least(at + idle, session.ends_at));
    END IF;
    RETURN QUERY SELECT refresh_session.presented, session.id, session.ends_at, a.id, a.username, a.role, a.unit_id,
                        a.district
                 FROM accounts a WHERE a.id = session.account_id;
END $$;
COMMENT ON FUNCTION refresh_session IS 'Use up a refresh token; one that was used before ends its session';

CREATE FUNCTION end_own_sessions(session uuid, because text, at timestamptz) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        WITH ended AS (
            UPDATE sessions s SET ended_at = at, ended_because = because
            WHERE s.account_id = caller_account() AND s.ended_at IS NULL
              AND s.id = coalesce(end_own_sessions.session, s.id)
            RETURNING s.id)
        SELECT count(*) FROM ended;
    END;
COMMENT ON FUNCTION end_own_sessions IS 'Of the account that was entered: one session, or with NULL all of them';
"""

ATTEMPTS = """
CREATE TABLE sign_in_attempts (
    key     bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    tries   integer NOT NULL CHECK (tries >= 0),
    ends_at timestamptz NOT NULL
) WITH (fillfactor = 70);
COMMENT ON TABLE sign_in_attempts IS
    'Failures and attempts under way in a span that began with the first; keys are HMACs of account and address';
CREATE INDEX sign_in_attempts_ended ON sign_in_attempts (ends_at);

CREATE FUNCTION admit_attempt(keys bytea[], most integer[], spans interval[], at timestamptz) RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    closed_until timestamptz;
BEGIN
    -- Every attempt takes its rows in the same order, so that no two wait for each other.
    INSERT INTO sign_in_attempts AS a (key, tries, ends_at)
    SELECT n.key, 0, at + n.span FROM unnest(keys, spans) WITH ORDINALITY AS n (key, span, place) ORDER BY n.place
    ON CONFLICT (key) DO UPDATE SET
        tries = CASE WHEN a.ends_at > at THEN a.tries ELSE 0 END,
        ends_at = CASE WHEN a.ends_at > at THEN a.ends_at ELSE EXCLUDED.ends_at END;
    SELECT max(a.ends_at) INTO closed_until
    FROM unnest(keys, most) AS n (key, most) JOIN sign_in_attempts a USING (key) WHERE a.tries >= n.most;
    IF closed_until IS NULL THEN
        UPDATE sign_in_attempts SET tries = tries + 1 WHERE key = ANY (keys);
    END IF;
    RETURN closed_until;
END $$;
COMMENT ON FUNCTION admit_attempt IS 'Count an attempt under each key, or say until when one of them admits none';

CREATE FUNCTION give_back_attempt(keys bytea[], cleared bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        UPDATE sign_in_attempts SET tries = CASE key WHEN cleared THEN 0 ELSE greatest(tries - 1, 0) END
        WHERE key = ANY (keys);
    END;
"""

SECOND_FACTORS = """
CREATE TABLE second_factors (
    account_id  bigint PRIMARY KEY REFERENCES accounts,
    wrapped     bytea NOT NULL,
    enrolled_at timestamptz NOT NULL,
    last_step   bigint
);
COMMENT ON TABLE second_factors IS 'TOTP secrets, wrapped; last_step: the half minute whose code was used last';

CREATE FUNCTION second_factor_of(account bigint) RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT wrapped FROM second_factors WHERE account_id = account;
    END;
CREATE FUNCTION use_second_factor(account bigint, step bigint) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        WITH used AS (
            UPDATE second_factors SET last_step = step
            WHERE account_id = account AND (last_step IS NULL OR last_step < step) RETURNING true)
        SELECT EXISTS (SELECT FROM used);
    END;
"""

PASSWORDS = """
CREATE FUNCTION outgrow_password(account bigint, held text, stronger text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        UPDATE accounts SET password_hash = stronger WHERE id = account AND password_hash = held;
    END;
COMMENT ON FUNCTION outgrow_password IS 'The same password hashed with greater parameters';
"""

GRANTS = """
GRANT SELECT ON signing_keys TO renzheng_app;
REVOKE ALL ON FUNCTION begin_session, begin_outside_session, hand_out_refresh_token, refresh_session,
    end_own_sessions, admit_attempt, give_back_attempt, second_factor_of, use_second_factor, outgrow_password
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION begin_session, begin_outside_session, hand_out_refresh_token, refresh_session,
    end_own_sessions, admit_attempt, give_back_attempt, second_factor_of, use_second_factor, outgrow_password
    TO renzheng_app;

GRANT EXECUTE ON FUNCTION begin_session TO renzheng_batch;
GRANT SELECT, INSERT ON signing_keys, second_factors TO renzheng_batch;
GRANT UPDATE (verifies_until, wrapped) ON signing_keys TO renzheng_batch;
GRANT UPDATE (wrapped, enrolled_at, last_step) ON second_factors TO renzheng_batch;
GRANT EXECUTE ON FUNCTION second_factor_of TO renzheng_batch;
GRANT SELECT, DELETE ON refresh_tokens, sign_in_attempts, sessions TO renzheng_batch;

ALTER TABLE refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE second_factors ENABLE ROW LEVEL SECURITY;
ALTER TABLE sign_in_attempts ENABLE ROW LEVEL SECURITY;
CREATE POLICY batch ON refresh_tokens TO renzheng_batch USING (true);
CREATE POLICY batch ON second_factors TO renzheng_batch USING (true);
CREATE POLICY batch ON sign_in_attempts TO renzheng_batch USING (true);
"""


def upgrade() -> None:
    for statements in (KEYS, SESSIONS, ATTEMPTS, SECOND_FACTORS, PASSWORDS, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
