"""From which departments records came, for who measures the verdicts.

Revision ID: 0017
"""

from storage.migrations import script

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

SOURCES = """
CREATE FUNCTION sources_of(ids bigint[], kinds text[], days date[])
    RETURNS TABLE (beneficiary_id bigint, kind text, occurred_on date, source text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT n.id, n.kind, n.day, min(e.source)
        FROM unnest(ids, kinds, days) AS n (id, kind, day)
        JOIN beneficiaries b ON b.id = n.id JOIN units u ON u.id = b.unit_id
        JOIN evidence e ON e.person_id = b.person_id AND e.kind = n.kind AND e.occurred_on = n.day
        WHERE caller_sees_all() OR caller_role() = 'OFFICER' AND u.district = caller_district()
        GROUP BY n.id, n.kind, n.day;
    END;
COMMENT ON FUNCTION sources_of IS 'The department behind a record that a verdict names, and nothing else of it';
REVOKE ALL ON FUNCTION sources_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION sources_of TO renzheng_app;

DROP POLICY reviewed ON compliance_reviews;
CREATE POLICY reviewed ON compliance_reviews FOR SELECT TO renzheng_app USING (
    (SELECT caller_role()) IN ('OFFICER', 'AUDITOR', 'SERVICE') AND EXISTS (SELECT FROM units u WHERE u.id = unit_id)
    OR (SELECT caller_role()) = 'UNIT' AND unit_id = (SELECT caller_unit()) AND answer_by IS NOT NULL);
"""


def upgrade() -> None:
    script.execute(SOURCES)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
