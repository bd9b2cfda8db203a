"""What callers may still spend is not kept through a crash: a lease waits for no disk.

Revision ID: 0040
"""

from storage.migrations import script

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

ALLOWANCES = """
ALTER TABLE allowances SET UNLOGGED;
COMMENT ON TABLE allowances IS
    'Points left to spend when last looked at, full again after a crash; keys are HMACs of an account or an address';
"""


def upgrade() -> None:
    script.execute(ALLOWANCES)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
