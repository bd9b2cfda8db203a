"""A month that was begun and never frozen is dropped when a later one begins the ledger.

Revision ID: 0041
"""

from storage.migrations import script

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

# Months are frozen one after another: what is older than a payroll, and not frozen, cannot be frozen any more.
OVERTAKEN = """
CREATE FUNCTION what_is_overtaken_is_dropped() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE
    overtaken date;
BEGIN
    FOR overtaken IN DELETE FROM payrolls_under_way u WHERE u.month < NEW.month RETURNING u.month LOOP
        EXECUTE format('DROP TABLE public.payments_%s', to_char(overtaken, 'YYYY_MM'));
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER what_is_overtaken_is_dropped AFTER INSERT ON payrolls
    FOR EACH ROW EXECUTE FUNCTION what_is_overtaken_is_dropped();
"""


def upgrade() -> None:
    script.execute(OVERTAKEN)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
