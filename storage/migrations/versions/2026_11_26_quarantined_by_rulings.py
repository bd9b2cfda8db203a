"""Which records rulings found false of whom, on all of the person's benefits, for who measures the verdicts.

Revision ID: 0030
"""

from storage.migrations import script

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

RULED = """
CREATE FUNCTION quarantined_by_rulings()
    RETURNS TABLE (beneficiary_id bigint, kind text, occurred_on date, decided_on date)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT b.id, q.kind, q.occurred_on, o.decided_on
        FROM quarantines q JOIN objections o ON o.id = q.objection_id
        JOIN beneficiaries b ON b.person_id = q.person_id JOIN units u ON u.id = b.unit_id
        WHERE caller_sees_all() OR caller_role() = 'OFFICER' AND u.district = caller_district();
    END;
COMMENT ON FUNCTION quarantined_by_rulings IS
    'Kind and day of what was found false, and when, for each benefit that the caller measures';
REVOKE ALL ON FUNCTION quarantined_by_rulings FROM PUBLIC;
GRANT EXECUTE ON FUNCTION quarantined_by_rulings TO renzheng_app;
"""


def upgrade() -> None:
    script.execute(RULED)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
