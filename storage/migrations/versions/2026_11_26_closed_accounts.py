"""An account can be closed: no session begins, whoever vouches for it.

Revision ID: 0024
"""

from storage.migrations import script

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ACCOUNTS = """
ALTER TABLE accounts ADD closed_at timestamptz;

DROP FUNCTION credentials;
CREATE FUNCTION credentials(name text)
    RETURNS TABLE (id bigint, username text, role text, unit_id bigint, district text, password_hash text,
                   closed boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT a.id, a.username, a.role, a.unit_id, a.district, a.password_hash, a.closed_at IS NOT NULL
        FROM accounts a WHERE a.username = name;
    END;

-- Both wait for whoever closes the account at this moment, who then ends what has begun before.
CREATE OR REPLACE FUNCTION begin_session(account bigint, password text, at timestamptz, until timestamptz, address text)
    RETURNS uuid
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        INSERT INTO sessions (account_id, began_at, ends_at, address)
        SELECT a.id, at, until, begin_session.address
        FROM (SELECT id FROM accounts
              WHERE id = account AND password_hash = password AND closed_at IS NULL FOR SHARE) AS a
        RETURNING id;
    END;
COMMENT ON FUNCTION begin_session IS 'NULL where the password is another one by now, or the account closed';

CREATE OR REPLACE FUNCTION begin_outside_session(
    account bigint, at timestamptz, until timestamptz, address text, token bytea)
    RETURNS TABLE (id uuid, ends_at timestamptz, begun boolean)
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        INSERT INTO sessions AS s (account_id, began_at, ends_at, address, outside_token)
        SELECT a.id, at, until, begin_outside_session.address, token
        FROM (SELECT accounts.id FROM accounts
              WHERE accounts.id = account AND accounts.closed_at IS NULL FOR SHARE) AS a
        ON CONFLICT (outside_token) DO UPDATE SET outside_token = EXCLUDED.outside_token
        RETURNING s.id, s.ends_at, old.id IS NULL;
    END;
COMMENT ON FUNCTION begin_outside_session IS 'Nothing where the account is closed';

REVOKE ALL ON FUNCTION credentials FROM PUBLIC;
GRANT EXECUTE ON FUNCTION credentials TO renzheng_app, renzheng_batch;
GRANT UPDATE (closed_at) ON accounts TO renzheng_batch;
"""


def upgrade() -> None:
    script.execute(ACCOUNTS)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
