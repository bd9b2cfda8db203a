"""The same rows at a lower price: entering a session is one statement.

Revision ID: 0036
"""

from storage.migrations import script

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

ENTERING = """
CREATE FUNCTION session_has_ended() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the session has ended' USING ERRCODE = 'invalid_authorization_specification';
END $$;
REVOKE ALL ON FUNCTION session_has_ended FROM PUBLIC;

CREATE OR REPLACE FUNCTION enter(session uuid) RETURNS boolean LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT coalesce(
            (SELECT set_config('renzheng.account', a.id::text, true) IS NOT NULL
                AND set_config('renzheng.role', a.role, true) IS NOT NULL
                AND set_config('renzheng.unit', coalesce(a.unit_id::text, ''), true) IS NOT NULL
                AND set_config('renzheng.district', coalesce(a.district, ''), true) IS NOT NULL
                AND set_config('renzheng.person', CASE a.role WHEN 'PERSON' THEN a.person_id::text ELSE '' END, true)
                    IS NOT NULL
             FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.id = session AND s.ended_at IS NULL),
            session_has_ended());
    END;
"""

def upgrade() -> None:
    script.execute(ENTERING)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
