"""The same rows at a lower price: no policy leads on to another table's, and entering a session is one statement.

Revision ID: 0036
"""

from storage.migrations import script

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

ENTERING = """
CREATE FUNCTION session_has_ended() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the session has ended' USING ERRCODE = 'invalid_authorization_specification';
END $$;
REVOKE ALL ON FUNCTION session_has_ended FROM PUBLIC;

CREATE OR REPLACE FUNCTION enter(session uuid) RETURNS boolean LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT coalesce(
            (SELECT set_config('renzheng.account', a.id::text, true) IS NOT NULL
                AND set_config('renzheng.role', a.role, true) IS NOT NULL
                AND set_config('renzheng.unit', coalesce(a.unit_id::text, ''), true) IS NOT NULL
                AND set_config('renzheng.district', coalesce(a.district, ''), true) IS NOT NULL
                AND set_config('renzheng.person', CASE a.role WHEN 'PERSON' THEN a.person_id::text ELSE '' END, true)
                    IS NOT NULL
             FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.id = session AND s.ended_at IS NULL),
            session_has_ended());
    END;
"""

# A policy that asks another table under a policy is planned with all of that one's conditions, for each place at which
# a statement names the table, and PostgreSQL starts each of them even where none is run. The units of a district are
# written down as one value, which is fetched once a statement, and only by those whose rows are a district's; to find
# a unit in it is a binary search. ARRAY makes of it one value in memory, which no row has to fetch anew.
DISTRICTS = """
CREATE TABLE districts (name text PRIMARY KEY, units int8multirange NOT NULL);
ALTER TABLE districts ALTER units SET STORAGE EXTERNAL;
COMMENT ON TABLE districts IS 'The ids of each district''s units, written anew whenever the units change';
GRANT SELECT ON districts TO renzheng_batch;

CREATE FUNCTION districts_are_of_their_units() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    LOCK TABLE districts IN SHARE ROW EXCLUSIVE MODE;  -- whoever waits here sees the other's units
    DELETE FROM districts;
    INSERT INTO districts SELECT district, range_agg(int8range(id, id, '[]')) FROM units GROUP BY district;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION districts_are_of_their_units FROM PUBLIC;
CREATE TRIGGER districts_are_of_their_units AFTER INSERT OR DELETE OR TRUNCATE OR UPDATE OF district ON units
    FOR EACH STATEMENT EXECUTE FUNCTION districts_are_of_their_units();
INSERT INTO districts SELECT district, range_agg(int8range(id, id, '[]')) FROM units GROUP BY district;

CREATE FUNCTION units_in_callers_district() RETURNS int8multirange LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT (ARRAY[units])[1] FROM districts WHERE name = (SELECT caller_district());
    END;
COMMENT ON FUNCTION units_in_callers_district IS 'The ids of all units of the district that the caller has, or NULL';
REVOKE ALL ON FUNCTION units_in_callers_district FROM PUBLIC;
GRANT EXECUTE ON FUNCTION units_in_callers_district TO renzheng_app;
"""

POLICIES = """
ALTER POLICY own ON beneficiaries USING (
    unit_id = (SELECT caller_unit()) OR (SELECT caller_sees_all()) OR person_id = (SELECT caller_person())
    OR unit_id <@ (SELECT units_in_callers_district()));
ALTER POLICY acting ON beneficiaries USING (
    unit_id = (SELECT caller_unit())
    OR (SELECT caller_role()) = 'OFFICER' AND unit_id <@ (SELECT units_in_callers_district()));
ALTER POLICY appearing ON beneficiaries USING (
    (SELECT caller_role()) IN ('PERSON', 'WINDOW')
    AND (person_id = (SELECT caller_person())
         OR (SELECT caller_role()) = 'WINDOW' AND unit_id <@ (SELECT units_in_callers_district()))
    AND certified_just_now(id));
ALTER POLICY reviewed ON compliance_reviews USING (
    (SELECT caller_sees_all())
    OR (SELECT caller_role()) = 'OFFICER' AND unit_id <@ (SELECT units_in_callers_district())
    OR (SELECT caller_role()) = 'UNIT' AND unit_id = (SELECT caller_unit()) AND answer_by IS NOT NULL);
"""

# EXISTS stops at the one row there is; OFFSET 0 keeps PostgreSQL from planning a hash of everybody beside the look-up.
LOOK_UPS = r"""
DO $$
DECLARE
    one record;
    rewritten int := 0;
    found text := '\( SELECT true\s+FROM beneficiaries b\s+WHERE (\(b.id = \w+\.beneficiary_id\))\)';
    lighter text := 'EXISTS (SELECT FROM beneficiaries b WHERE \1 OFFSET 0)';
BEGIN
    FOR one IN
        SELECT tablename, policyname, regexp_replace(qual, found, lighter) AS rule
        FROM pg_policies WHERE schemaname = 'public' AND cmd = 'SELECT' AND qual ~ found
    LOOP
        EXECUTE format('ALTER POLICY %I ON %I USING (%s)', one.policyname, one.tablename, one.rule);
        rewritten := rewritten + 1;
    END LOOP;
    IF rewritten = 0 THEN
        RAISE EXCEPTION 'no policy looks people up as it did; this PostgreSQL writes them in another way';
    END IF;
END $$;
"""

DEMANDS = """
CREATE INDEX compliance_reviews_demands ON compliance_reviews (unit_id) WHERE answer_by IS NOT NULL;
"""


def upgrade() -> None:
    for statements in (ENTERING, DISTRICTS, POLICIES, LOOK_UPS, DEMANDS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
