"""Draws are numbered, so that their list can be read in parts.

Revision ID: 0021
"""

from storage.migrations import script

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    script.execute("ALTER TABLE recheck_draws ADD COLUMN number bigint NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE")


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
