"""A demand that a unit does not answer in time is warned of, and listed; the person is not told that a PASS was doubted.

Revision ID: 0031
"""

from storage.migrations import script

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

AGAIN = """
ALTER TABLE messages DROP CONSTRAINT messages_kind_check;
ALTER TABLE messages ADD CONSTRAINT messages_kind_check CHECK (kind IN (
    'WINDOW_ENTERED', 'LAPSED', 'SUSPENDED', 'REINSTATED', 'ANSWER_OVERDUE', 'ANSWER_AGAIN_OVERDUE'));
CREATE INDEX compliance_reviews_asked_again ON compliance_reviews (answer_by) WHERE answer_by IS NOT NULL;
DROP POLICY own ON warnings;
CREATE POLICY own ON warnings FOR SELECT TO renzheng_app USING (
    EXISTS (SELECT FROM beneficiaries b WHERE b.id = warnings.beneficiary_id)
    AND (kind <> 'ANSWER_AGAIN_OVERDUE' OR (SELECT caller_role()) NOT IN ('PERSON', 'WINDOW')));
"""


def upgrade() -> None:
    for statements in (AGAIN,):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
