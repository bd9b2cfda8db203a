"""Monthly runs at a lower price: a draft is written for looking at, and can be made again at any time.

Revision ID: 0037
"""

from storage.migrations import script

revision = "0037"
down_revision = "0035"
branch_labels = None
depends_on = None

# After a crash the draft is empty, and a publication concludes once more in any case. One row a person comes from the
# assessment, which groups by them; nothing looks a draft up by its person. So neither the log nor an index is kept.
DRAFTS = """
ALTER TABLE draft_verdicts DROP CONSTRAINT draft_verdicts_pkey;
ALTER TABLE draft_verdicts SET UNLOGGED;
COMMENT ON TABLE draft_verdicts IS
    'A month before its publication: replaced by every assessment, seen by no unit, gone after a crash';
"""


def upgrade() -> None:
    script.execute(DRAFTS)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
