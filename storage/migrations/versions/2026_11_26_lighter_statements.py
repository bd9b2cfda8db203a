"""The same rules at a lower price: rows are looked up plainly, or once a statement, and open verdicts have an index.

Revision ID: 0033
"""

from storage.migrations import script

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

# A look-up by key in place of EXISTS, which PostgreSQL plans and starts twice, once as a look-up and once as a hash of
# everybody, each time with all conditions of the rows that it leads to. Who sees everybody needs none. The district of
# a row stays an EXISTS: an officer's lists go over whole districts.
POLICIES = r"""
DO $$
DECLARE
    one record;
    found text := '\(EXISTS \( SELECT\s+FROM beneficiaries b\s+WHERE (\(b.id = \w+\.beneficiary_id\))\)\)';
    plain text := '(SELECT true FROM beneficiaries b WHERE \1)';
BEGIN
    FOR one IN
        SELECT tablename, policyname, cmd, regexp_replace(coalesce(qual, with_check), found, plain) AS rule,
               qual IS NULL AS adds
        FROM pg_policies WHERE schemaname = 'public' AND coalesce(qual, with_check) ~ found
    LOOP
        EXECUTE format('ALTER POLICY %I ON %I ', one.policyname, one.tablename)
             || CASE WHEN one.adds THEN 'WITH CHECK (' ELSE 'USING (' END
             || CASE one.cmd WHEN 'SELECT' THEN '(SELECT caller_sees_all()) OR ' ELSE '' END || one.rule || ')';
    END LOOP;
END $$;
"""

# Once a statement in place of once a row, like payments: nobody but the owner deletes people, publications or cycles.
REFERENCES = """
ALTER TABLE draft_verdicts DROP CONSTRAINT draft_verdicts_month_fkey,
    DROP CONSTRAINT draft_verdicts_beneficiary_id_fkey;
COMMENT ON TABLE draft_verdicts IS
    'A month before its publication: replaced by every assessment, seen by no unit, checked when it is published';

ALTER TABLE verdicts DROP CONSTRAINT verdicts_month_fkey, DROP CONSTRAINT verdicts_beneficiary_id_fkey;
COMMENT ON TABLE verdicts IS
    'Published verdicts: written once, with their publication; that both it and the person are there a trigger checks';
CREATE OR REPLACE FUNCTION verdicts_come_with_their_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT month FROM added) AS a JOIN publications p USING (month)
        WHERE p.xmin <> pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'a published month takes no more verdicts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT month FROM added EXCEPT SELECT month FROM publications) THEN
        RAISE EXCEPTION 'a verdict comes with its publication' USING ERRCODE = 'foreign_key_violation';
    END IF;
    -- OFFSET 0: one look-up a row, however many people there are.
    IF EXISTS (SELECT FROM added a
               WHERE NOT EXISTS (SELECT FROM beneficiaries b WHERE b.id = a.beneficiary_id OFFSET 0)) THEN
        RAISE EXCEPTION 'a verdict is somebody''s' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

ALTER TABLE certification_periods DROP CONSTRAINT certification_periods_beneficiary_id_category_fkey,
    DROP CONSTRAINT certification_periods_category_cycle_months_fkey;
ALTER TABLE beneficiaries DROP CONSTRAINT beneficiaries_id_category_key;
CREATE FUNCTION periods_are_somebodys() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF EXISTS (SELECT FROM added a
               WHERE NOT EXISTS (SELECT FROM beneficiaries b
                                 WHERE b.id = a.beneficiary_id AND b.category = a.category OFFSET 0)) THEN
        RAISE EXCEPTION 'a period is somebody''s, and of their category' USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (SELECT FROM added a
               WHERE NOT EXISTS (SELECT FROM cycle_lengths c
                                 WHERE c.category = a.category AND c.months = a.cycle_months)) THEN
        RAISE EXCEPTION 'a period has a cycle that the policy held' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER periods_are_somebodys AFTER INSERT ON certification_periods
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION periods_are_somebodys();
"""

INDEXES = """
CREATE INDEX verdicts_open ON verdicts (beneficiary_id, month, version) WHERE conclusion <> 'QUALIFIED';
"""


def upgrade() -> None:
    for statements in (POLICIES, REFERENCES, INDEXES):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
