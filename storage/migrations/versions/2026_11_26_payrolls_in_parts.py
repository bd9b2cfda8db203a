"""A month's entries are written in parts beside the ledger, and join it whole.

Revision ID: 0039
"""

from storage.migrations import script

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

UNDER_WAY = """
DROP FUNCTION open_ledger;

CREATE TABLE payrolls_under_way (
    month     date PRIMARY KEY CHECK (extract(day FROM month) = 1),
    statement text NOT NULL,
    since     timestamptz NOT NULL
);
COMMENT ON TABLE payrolls_under_way IS
    'A month whose entries are being written beside the ledger: by which statement, and since which instant of the
batches; what was announced later may not be in them yet';
GRANT SELECT ON payrolls_under_way TO renzheng_batch;
ALTER TABLE payrolls_under_way ENABLE ROW LEVEL SECURITY;
CREATE POLICY batch ON payrolls_under_way FOR SELECT TO renzheng_batch USING (true);

-- A rate that ends without another in its place is found by when it ended.
CREATE INDEX benefit_rates_superseded ON benefit_rates (upper(known)) WHERE NOT upper_inf(known);
"""

# The table is the month's partition to be: with the ledger's key, its checks and, while it is written, its guard.
OPENING = """
CREATE FUNCTION open_payroll(of date, computed_by text, OUT entries text, OUT since timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF extract(day FROM of) <> 1 THEN
        RAISE EXCEPTION 'a month is named by its first day' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF EXISTS (SELECT FROM payrolls p WHERE p.month = of) THEN
        RAISE EXCEPTION 'a frozen month is not opened again' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    entries := format('public.payments_%s', to_char(of, 'YYYY_MM'));
    SELECT u.since INTO since FROM payrolls_under_way u WHERE u.month = of AND u.statement = computed_by;
    IF FOUND THEN
        RETURN;
    END IF;
    DELETE FROM payrolls_under_way u WHERE u.month = of;
    IF FOUND THEN  -- of an older release, which may have computed otherwise
        EXECUTE format('DROP TABLE %s', entries);
    END IF;
    EXECUTE format('CREATE TABLE %s (LIKE public.payments INCLUDING CONSTRAINTS INCLUDING INDEXES,
                    CONSTRAINT of_one_payroll CHECK (month = %L::date AND payroll = %2$L::date))', entries, of);
    EXECUTE format('CREATE TRIGGER payments_fit_their_rates AFTER INSERT ON %s REFERENCING NEW TABLE AS added
                    FOR EACH STATEMENT EXECUTE FUNCTION payments_fit_their_rates()', entries);
    EXECUTE format('GRANT SELECT, INSERT, DELETE, MAINTAIN ON %s TO renzheng_batch', entries);
    INSERT INTO payrolls_under_way SELECT of, computed_by, c.last FROM batch_clock c
    RETURNING payrolls_under_way.since INTO since;
END $$;
COMMENT ON FUNCTION open_payroll IS
    'Where the entries of a month are written until they join the ledger, and since when; what is there goes on';
REVOKE ALL ON FUNCTION open_payroll FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_payroll TO renzheng_batch;
"""

# What the guard of the entries has looked at still stands if the person's row is of the same version, and for those
# whose rates have changed since is looked at once more.
CLOSING = """
CREATE FUNCTION close_payroll(of date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE
    entries text := format('public.payments_%s', to_char(of, 'YYYY_MM'));
    opened timestamptz;
    wrong bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM payrolls p WHERE p.month = of AND p.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'a month joins the ledger with its payroll' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    DELETE FROM payrolls_under_way u WHERE u.month = of RETURNING u.since INTO opened;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no entries of this month are under way' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    EXECUTE format('SELECT count(*) FROM %s e
                    FULL JOIN (SELECT id, version FROM beneficiaries WHERE benefit_from <= $1) AS b
                           ON b.id = e.beneficiary_id
                    WHERE e.version IS DISTINCT FROM b.version', entries) INTO wrong USING of;
    IF wrong > 0 THEN
        RAISE EXCEPTION 'a payroll is of everybody who draws, as their rows stand'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    EXECUTE format('SELECT count(*) FROM %s e
                    JOIN (SELECT beneficiary_id FROM benefit_rates WHERE lower(known) > $2
                          UNION
                          SELECT beneficiary_id FROM benefit_rates WHERE NOT upper_inf(known) AND upper(known) > $2
                         ) AS changed USING (beneficiary_id)
                    WHERE e.status = ''PAID'' AND e.amount IS DISTINCT FROM (
                        SELECT r.monthly_amount FROM benefit_rates r
                        WHERE r.beneficiary_id = e.beneficiary_id AND upper_inf(r.known) AND r.from_month <= $1
                        ORDER BY r.from_month DESC LIMIT 1)', entries) INTO wrong USING of, opened;
    IF wrong > 0 THEN
        RAISE EXCEPTION 'a month is paid at its own rate' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    EXECUTE format('REVOKE ALL ON %s FROM renzheng_batch', entries);
    EXECUTE format('GRANT MAINTAIN ON %s TO renzheng_batch', entries);
    EXECUTE format('DROP TRIGGER payments_fit_their_rates ON %s', entries);
    -- Nobody who reads the ledger has to wait, and no row is looked at: the check says that it is of the month.
    EXECUTE format('ALTER TABLE public.payments ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
                   entries, of, (of + interval '1 month')::date);
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT of_one_payroll', entries);
END $$;
COMMENT ON FUNCTION close_payroll IS
    'What was written beside the ledger becomes its month, whole and as everybody''s row stands, with its payroll';
REVOKE ALL ON FUNCTION close_payroll FROM PUBLIC;
GRANT EXECUTE ON FUNCTION close_payroll TO renzheng_batch;
"""

# By the version it is seen whether an entry is still what the row says. The audit trail holds the API to it.
VERSIONS = """
CREATE FUNCTION what_pays_changes_with_its_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a row says of its period and its end changes with its version'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER what_pays_changes_with_its_version
    BEFORE UPDATE OF period_start, period_end, terminated_from ON beneficiaries FOR EACH ROW
    WHEN (NEW.version <= OLD.version AND current_user = 'renzheng_batch'
          AND (NEW.period_start, NEW.period_end, NEW.terminated_from)
              IS DISTINCT FROM (OLD.period_start, OLD.period_end, OLD.terminated_from))
    EXECUTE FUNCTION what_pays_changes_with_its_version();
"""


def upgrade() -> None:
    for statements in (UNDER_WAY, OPENING, CLOSING, VERSIONS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
