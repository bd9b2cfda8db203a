"""What is held of an objector, with whether it still counts: a ruling leaves no record behind it that declares dead.

Revision ID: 0027
"""

from storage.migrations import script

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

KNOWN = """
DROP FUNCTION records_known_of(bigint);
CREATE FUNCTION records_known_of(id bigint, OUT kind text, OUT occurred_on date, OUT counts boolean)
    RETURNS SETOF record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT e.kind, e.occurred_on, bool_or(EXISTS (SELECT FROM counting_evidence c WHERE c.id = e.id))
        FROM objections o JOIN beneficiaries b ON b.id = o.beneficiary_id JOIN units u ON u.id = b.unit_id
        JOIN evidence e ON e.person_id = b.person_id
        WHERE o.id = records_known_of.id AND caller_role() = 'OFFICER' AND u.district = caller_district()
        GROUP BY e.kind, e.occurred_on;
    END;
COMMENT ON FUNCTION records_known_of IS
    'Kinds and days of what is held of an objector, and whether it counts, for the officer who rules';
REVOKE ALL ON FUNCTION records_known_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION records_known_of TO renzheng_app;
"""


def upgrade() -> None:
    script.execute(KNOWN)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
