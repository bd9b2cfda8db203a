"""Draws say whether windows' passes were among those drawn from, so that the earlier ones still hold.

Revision ID: 0029
"""

from storage.migrations import script

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    script.execute("ALTER TABLE recheck_draws ADD COLUMN windows boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
