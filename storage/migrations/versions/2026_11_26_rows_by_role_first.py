"""Whether somebody has just certified is asked of a PERSON and a WINDOW alone, not for each row that a unit changes.

Revision ID: 0023
"""

from storage.migrations import script

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

POLICY = """
ALTER POLICY appearing ON beneficiaries USING (
    (SELECT caller_role()) IN ('PERSON', 'WINDOW')
    AND (person_id = (SELECT caller_person())
         OR (SELECT caller_role()) = 'WINDOW'
            AND EXISTS (SELECT FROM units u WHERE u.id = unit_id AND u.district = (SELECT caller_district())))
    AND certified_just_now(id));
"""


def upgrade() -> None:
    script.execute(POLICY)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
