"""Monthly runs at a lower price: a draft is written for looking at, and can be made again at any time.

Revision ID: 0037
"""

from storage.migrations import script

revision = "0037"
down_revision = "0036"
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

# The same rule. An expression without a query is worked out at once; with one in it, it is a statement a row.
PERIODS = """
CREATE OR REPLACE FUNCTION period_only_ends_earlier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.in_force <@ OLD.in_force AND (isempty(NEW.in_force) OR lower(NEW.in_force) = lower(OLD.in_force)) THEN
        RETURN NEW;
    END IF;
    IF lower(NEW.in_force) <> NEW.start_month OR NOT EXISTS (
            SELECT FROM termination_withdrawals w
            WHERE w.beneficiary_id = NEW.beneficiary_id AND w.version > NEW.version
              AND w.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'a period in force can only end earlier'
            USING ERRCODE = 'integrity_constraint_violation',
                  DETAIL = 'but for what a termination had ended, when that is withdrawn';
    END IF;
    RETURN NEW;
END $$;
"""


def upgrade() -> None:
    for statements in (DRAFTS, PERIODS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
