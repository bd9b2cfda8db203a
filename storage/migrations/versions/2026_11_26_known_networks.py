"""A network from which an account has signed in goes on, whatever others do to the account elsewhere.

Revision ID: 0025
"""

from storage.migrations import script

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

ATTEMPTS = """
COMMENT ON TABLE sign_in_attempts IS
    'Failures and attempts under way in a span that began with the first; keys are HMACs of account and address.
A row without tries may be a mark: from that network the account has signed in, until then it is known';

DROP FUNCTION admit_attempt;
CREATE FUNCTION admit_attempt(keys bytea[], most integer[], spans interval[], at timestamptz, known bytea, apart bytea)
    RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    closed_until timestamptz;
    is_known boolean := EXISTS (SELECT FROM sign_in_attempts a WHERE a.key = known AND a.ends_at > at);
BEGIN
    -- Every attempt takes its rows in the same order, so that no two wait for each other.
    INSERT INTO sign_in_attempts AS a (key, tries, ends_at)
    SELECT n.key, 0, at + n.span FROM unnest(keys, spans) WITH ORDINALITY AS n (key, span, place) ORDER BY n.place
    ON CONFLICT (key) DO UPDATE SET
        tries = CASE WHEN a.ends_at > at THEN a.tries ELSE 0 END,
        ends_at = CASE WHEN a.ends_at > at THEN a.ends_at ELSE EXCLUDED.ends_at END;
    SELECT max(a.ends_at) INTO closed_until
    FROM unnest(keys, most) AS n (key, most) JOIN sign_in_attempts a USING (key)
    WHERE a.tries >= n.most AND NOT (is_known AND key = apart);
    IF closed_until IS NULL THEN
        UPDATE sign_in_attempts SET tries = tries + 1 WHERE key = ANY (keys);
    END IF;
    RETURN closed_until;
END $$;
COMMENT ON FUNCTION admit_attempt IS
    'Count an attempt under each key, or say until when one admits none; `apart` does not close a known network';

DROP FUNCTION give_back_attempt;
CREATE FUNCTION give_back_attempt(keys bytea[], cleared bytea, known bytea, until timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        UPDATE sign_in_attempts SET tries = CASE key WHEN cleared THEN 0 ELSE greatest(tries - 1, 0) END
        WHERE key = ANY (keys);
        INSERT INTO sign_in_attempts AS a (key, tries, ends_at) SELECT known, 0, until WHERE known IS NOT NULL
        ON CONFLICT (key) DO UPDATE SET ends_at = EXCLUDED.ends_at;
    END;
COMMENT ON FUNCTION give_back_attempt IS 'It was no failure; where it was a success, the network is known from now on';

REVOKE ALL ON FUNCTION admit_attempt, give_back_attempt FROM PUBLIC;
GRANT EXECUTE ON FUNCTION admit_attempt, give_back_attempt TO renzheng_app;
"""


def upgrade() -> None:
    script.execute(ATTEMPTS)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
