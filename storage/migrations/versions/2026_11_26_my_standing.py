"""What a person is told: what was seen of them, and whom to ask.

Revision ID: 0020
"""

from storage.migrations import script

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE agency_contacts (
    district text PRIMARY KEY,
    phone    text NOT NULL,
    address  text NOT NULL,
    hours    text NOT NULL
);
COMMENT ON TABLE agency_contacts IS 'Where the agency of a district is asked; public';
GRANT SELECT ON agency_contacts TO renzheng_app, renzheng_batch;
GRANT INSERT ON agency_contacts TO renzheng_batch;
GRANT UPDATE (phone, address, hours) ON agency_contacts TO renzheng_batch;
"""

SEEN = """
CREATE FUNCTION seen_of_caller(kinds text[], since date) RETURNS TABLE (kind text, month date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT DISTINCT e.kind, date_trunc('month', e.occurred_on)::date FROM evidence e
        WHERE e.person_id = caller_person() AND e.kind = ANY (kinds) AND e.occurred_on >= since
          AND NOT EXISTS (SELECT FROM evidence_found_wrong w WHERE w.evidence_id = e.id);
    END;
COMMENT ON FUNCTION seen_of_caller IS 'Kinds and months of the records about the PERSON who has entered';
REVOKE ALL ON FUNCTION seen_of_caller FROM PUBLIC;
GRANT EXECUTE ON FUNCTION seen_of_caller TO renzheng_app;
"""


def upgrade() -> None:
    for statements in (TABLES, SEEN):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
