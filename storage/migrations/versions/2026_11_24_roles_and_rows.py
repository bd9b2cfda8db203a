"""Who may see and write which row: the API's role under row-level security, the commands' role, sessions.

Revision ID: 0006
"""

from storage.migrations import script

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROLE = """
DO $$
BEGIN
    CREATE ROLE renzheng_batch NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- the cluster knows it from another database
END $$;
GRANT renzheng_batch TO CURRENT_USER WITH SET TRUE;
"""

SESSIONS = """
CREATE TABLE sessions (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id    bigint NOT NULL REFERENCES accounts,
    began_at      timestamptz NOT NULL,
    address       text,
    ended_at      timestamptz,
    ended_because text,
    CHECK ((ended_at IS NULL) = (ended_because IS NULL))
);
CREATE INDEX sessions_account ON sessions (account_id);
COMMENT ON TABLE sessions IS 'Who is signed in; the id is not to be guessed: whoever names it is the account';

CREATE FUNCTION caller_account() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('renzheng.account', true), '')::bigint;
CREATE FUNCTION caller_role() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('renzheng.role', true), '');
CREATE FUNCTION caller_unit() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('renzheng.unit', true), '')::bigint;
CREATE FUNCTION caller_district() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('renzheng.district', true), '');
CREATE FUNCTION caller_person() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('renzheng.person', true), '')::bigint;
CREATE FUNCTION caller_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE
    RETURN coalesce(caller_role() IN ('AUDITOR', 'SERVICE'), false);

CREATE FUNCTION enter(session uuid) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE
    caller record;
BEGIN
    SELECT a.id, a.role, a.unit_id, a.district, a.person_id INTO caller
    FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.id = session AND s.ended_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the session has ended' USING ERRCODE = 'invalid_authorization_specification';
    END IF;
    PERFORM set_config('renzheng.account', caller.id::text, true),
            set_config('renzheng.role', caller.role, true),
            set_config('renzheng.unit', coalesce(caller.unit_id::text, ''), true),
            set_config('renzheng.district', coalesce(caller.district, ''), true),
            set_config('renzheng.person', CASE caller.role WHEN 'PERSON' THEN caller.person_id::text ELSE '' END, true);
    RETURN true;
END $$;
COMMENT ON FUNCTION enter IS 'Be the account of a session until the transaction ends; refused once the session has';

CREATE FUNCTION begin_session(account_id bigint, began_at timestamptz, address text) RETURNS uuid
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        INSERT INTO sessions (account_id, began_at, address)
        VALUES (begin_session.account_id, begin_session.began_at, begin_session.address) RETURNING id;
    END;
CREATE FUNCTION credentials(name text)
    RETURNS TABLE (id bigint, username text, role text, unit_id bigint, district text, password_hash text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT a.id, a.username, a.role, a.unit_id, a.district, a.password_hash FROM accounts a WHERE a.username = name;
    END;
CREATE FUNCTION username_of(account_id bigint) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT username FROM accounts WHERE id = account_id;
    END;
CREATE FUNCTION unit_of_account(account_id bigint) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT unit_id FROM accounts WHERE id = account_id;
    END;
REVOKE ALL ON FUNCTION enter, begin_session, credentials, username_of, unit_of_account FROM PUBLIC;
"""

ACCOUNTS = """
ALTER TABLE accounts
    DROP CONSTRAINT accounts_check1,
    ADD CONSTRAINT account_of_a_person_names_one CHECK (role <> 'PERSON' OR person_id IS NOT NULL),
    ADD COLUMN duty text GENERATED ALWAYS AS (
        CASE role WHEN 'UNIT' THEN 'certifies' WHEN 'WINDOW' THEN 'certifies' WHEN 'OFFICER' THEN 'decides'
                  WHEN 'AUDITOR' THEN 'watches' WHEN 'SERVICE' THEN 'runs' END) STORED,
    ADD CONSTRAINT nobody_holds_incompatible_roles EXCLUDE USING gist (person_id WITH =, duty WITH <>);
COMMENT ON TABLE accounts IS 'Who may sign in; person_id is whose account it is, where that is known';

CREATE FUNCTION role_is_for_good() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an account keeps its role: what it has done was done in it'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER role_is_for_good BEFORE UPDATE ON accounts
    FOR EACH ROW WHEN (NEW.role <> OLD.role) EXECUTE FUNCTION role_is_for_good();
"""

GRANTS = """
GRANT USAGE ON SCHEMA public TO renzheng_batch;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO renzheng_batch;
GRANT INSERT ON units, persons, accounts, sessions, beneficiaries, benefit_rates, evidence, evidence_found_wrong,
    publications, verdicts, certifications, compliance_reviews, terminations, certification_periods, suspensions,
    reinstatements, reinstatement_months, payrolls, payments, payment_lines, settlements, settlement_months
    TO renzheng_batch;
GRANT UPDATE (name, district) ON units TO renzheng_batch;
GRANT UPDATE (role, unit_id, district, person_id, password_hash) ON accounts TO renzheng_batch;
GRANT UPDATE (ended_at, ended_because) ON sessions TO renzheng_batch;
GRANT UPDATE (phone, household_address, residence_address, version, confirmed_in, verdict_month, conclusion,
    verdict_rule, loss_kind, loss_on, activity_kind, activity_on, verdict_published_on, verdict_assessed_at,
    verdict_answered, period_start, period_end, period_method, paid_through, suspended_from, held_through,
    terminated_from) ON beneficiaries TO renzheng_batch;
GRANT UPDATE (known) ON benefit_rates TO renzheng_batch;
GRANT UPDATE (held) ON suspensions TO renzheng_batch;
GRANT UPDATE (status, reviewed_by, reviewed_on, reviewed_at, reason, lifted_from, resumes_from, approved_version)
    ON reinstatements TO renzheng_batch;
GRANT UPDATE (last) ON batch_clock TO renzheng_batch;
GRANT UPDATE (in_force) ON certification_periods TO renzheng_batch;
GRANT INSERT, UPDATE, DELETE ON assessments, draft_verdicts, idempotency_keys TO renzheng_batch;
GRANT EXECUTE ON FUNCTION open_ledger, begin_session, credentials, username_of, unit_of_account TO renzheng_batch;

REVOKE ALL ON ALL TABLES IN SCHEMA public FROM renzheng_app;
REVOKE ALL ON FUNCTION open_ledger FROM renzheng_app;
GRANT SELECT ON units, persons, beneficiaries, benefit_rates, rates_held, publications, verdicts, certifications,
    compliance_reviews, terminations, certification_periods, suspensions, reinstatements, reinstatement_months,
    payrolls, payments, payment_lines, losses, overpaid_months, settlements, settlement_months, idempotency_keys,
    alembic_version TO renzheng_app;
GRANT SELECT (id, username, role, unit_id, district, person_id) ON accounts TO renzheng_app;
GRANT INSERT ON certifications, compliance_reviews, terminations, certification_periods, suspensions,
    reinstatements, reinstatement_months, settlements, settlement_months TO renzheng_app;
GRANT UPDATE (phone, household_address, residence_address, version, confirmed_in, verdict_answered, period_start,
    period_end, period_method, paid_through, suspended_from, held_through, terminated_from)
    ON beneficiaries TO renzheng_app;
GRANT UPDATE (in_force) ON certification_periods TO renzheng_app;
GRANT UPDATE (held) ON suspensions TO renzheng_app;
GRANT UPDATE (status, reviewed_by, reviewed_on, reviewed_at, reason, lifted_from, resumes_from, approved_version)
    ON reinstatements TO renzheng_app;
GRANT INSERT, UPDATE, DELETE ON idempotency_keys TO renzheng_app;
GRANT EXECUTE ON FUNCTION enter, begin_session, credentials, username_of, unit_of_account TO renzheng_app;
"""

POLICIES = """
DO $$
DECLARE
    own text := 'EXISTS (SELECT FROM beneficiaries b WHERE b.id = %1$I.beneficiary_id)';
    held text;
BEGIN
    FOREACH held IN ARRAY ARRAY[
        'units', 'persons', 'accounts', 'beneficiaries', 'sessions', 'idempotency_keys', 'evidence',
        'evidence_found_wrong', 'draft_verdicts', 'benefit_rates', 'verdicts', 'certifications', 'compliance_reviews',
        'terminations', 'certification_periods', 'suspensions', 'reinstatements', 'reinstatement_months', 'payments',
        'payment_lines', 'settlements', 'settlement_months']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', held);
        EXECUTE format('CREATE POLICY batch ON %I TO renzheng_batch USING (true)', held);
    END LOOP;
    FOREACH held IN ARRAY ARRAY[
        'benefit_rates', 'verdicts', 'certifications', 'terminations', 'certification_periods', 'suspensions',
        'reinstatements', 'reinstatement_months', 'payments', 'payment_lines', 'settlements', 'settlement_months']
    LOOP
        EXECUTE format('CREATE POLICY own ON %1$I FOR SELECT TO renzheng_app USING (' || own || ')', held);
    END LOOP;
    FOREACH held IN ARRAY ARRAY[
        'certifications', 'compliance_reviews', 'terminations', 'certification_periods', 'suspensions']
    LOOP
        EXECUTE format('CREATE POLICY certifying ON %1$I FOR INSERT TO renzheng_app WITH CHECK ('
                       '(SELECT caller_role()) = ''UNIT'' AND ' || own || ')', held);
    END LOOP;
    FOREACH held IN ARRAY ARRAY['reinstatement_months', 'settlements', 'settlement_months']
    LOOP
        EXECUTE format('CREATE POLICY deciding ON %1$I FOR INSERT TO renzheng_app WITH CHECK ('
                       '(SELECT caller_role()) = ''OFFICER'' AND ' || own || ')', held);
    END LOOP;
END $$;

CREATE POLICY own ON units FOR SELECT TO renzheng_app USING (
    id = (SELECT caller_unit()) OR (SELECT caller_sees_all()) OR district = (SELECT caller_district())
    OR (SELECT caller_person()) IS NOT NULL AND draws_through(id));
CREATE POLICY own ON beneficiaries FOR SELECT TO renzheng_app USING (
    unit_id = (SELECT caller_unit()) OR (SELECT caller_sees_all()) OR person_id = (SELECT caller_person())
    OR (SELECT caller_district()) IS NOT NULL
       AND EXISTS (SELECT FROM units u WHERE u.id = unit_id AND u.district = (SELECT caller_district())));
CREATE POLICY acting ON beneficiaries FOR UPDATE TO renzheng_app USING (
    unit_id = (SELECT caller_unit())
    OR (SELECT caller_role()) = 'OFFICER'
       AND EXISTS (SELECT FROM units u WHERE u.id = unit_id AND u.district = (SELECT caller_district())));
CREATE POLICY own ON persons FOR SELECT TO renzheng_app USING (
    EXISTS (SELECT FROM beneficiaries b WHERE b.person_id = persons.id));
CREATE POLICY own ON accounts FOR SELECT TO renzheng_app USING (id = (SELECT caller_account()));
CREATE POLICY own ON idempotency_keys TO renzheng_app USING (account_id = (SELECT caller_account()));
CREATE POLICY reviewed ON compliance_reviews FOR SELECT TO renzheng_app USING (
    (SELECT caller_role()) IN ('OFFICER', 'AUDITOR')
    AND EXISTS (SELECT FROM beneficiaries b WHERE b.id = beneficiary_id));
CREATE POLICY submitting ON reinstatements FOR INSERT TO renzheng_app WITH CHECK (
    (SELECT caller_role()) IN ('UNIT', 'OFFICER') AND submitted_by = (SELECT caller_account())
    AND EXISTS (SELECT FROM beneficiaries b WHERE b.id = beneficiary_id));
CREATE POLICY closing ON reinstatements FOR UPDATE TO renzheng_app USING (
    (SELECT caller_role()) IN ('UNIT', 'OFFICER') AND EXISTS (SELECT FROM beneficiaries b WHERE b.id = beneficiary_id))
    WITH CHECK (reviewed_by = (SELECT caller_account()));
CREATE POLICY ending ON certification_periods FOR UPDATE TO renzheng_app USING (
    (SELECT caller_role()) = 'UNIT' AND EXISTS (SELECT FROM beneficiaries b WHERE b.id = beneficiary_id));
CREATE POLICY ending ON suspensions FOR UPDATE TO renzheng_app USING (
    (SELECT caller_role()) IN ('UNIT', 'OFFICER')
    AND EXISTS (SELECT FROM beneficiaries b WHERE b.id = beneficiary_id));
"""

PERSON_UNITS = """
CREATE FUNCTION draws_through(unit bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT EXISTS (SELECT FROM beneficiaries WHERE unit_id = unit AND person_id = caller_person());
    END;
"""


def upgrade() -> None:
    for statements in (ROLE, SESSIONS, ACCOUNTS, PERSON_UNITS, GRANTS, POLICIES):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
