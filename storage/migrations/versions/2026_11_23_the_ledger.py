"""The ledger: payrolls, payments by month, and what goes out for earlier months.

Revision ID: 0004
"""

from storage.migrations import script

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCHEMA = """
CREATE TABLE payrolls (
    month     date PRIMARY KEY CHECK (extract(day FROM month) = 1),
    frozen_on date NOT NULL CHECK (frozen_on >= month),
    frozen_at timestamptz NOT NULL
);
COMMENT ON TABLE payrolls IS 'Frozen months, without a gap';

CREATE TABLE payments (
    beneficiary_id bigint NOT NULL,
    month          date NOT NULL CHECK (extract(day FROM month) = 1),
    payroll        date NOT NULL,
    version        integer NOT NULL,
    status         text NOT NULL CHECK (status IN ('PAID', 'WITHHELD')),
    amount         numeric(12, 2) NOT NULL,
    basis          text NOT NULL CHECK (basis IN ('COVERED', 'LAPSED', 'SUSPENDED', 'TERMINATED', 'LATE_ENROLMENT')),
    since          date,
    through        date,
    PRIMARY KEY (beneficiary_id, month),
    CHECK (CASE status WHEN 'PAID' THEN basis = 'COVERED' AND amount >= 0 ELSE amount = 0 END),
    CHECK (payroll = month OR payroll > month AND basis = 'LATE_ENROLMENT')
) PARTITION BY RANGE (month);
COMMENT ON TABLE payments IS
    'The ledger: every person and month once, as a payroll wrote it down from the row of that version; never rewritten';

CREATE TABLE payment_lines (
    payroll          date NOT NULL,
    beneficiary_id   bigint NOT NULL,
    month            date NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('BACK_PAY', 'ADJUSTMENT')),
    amount           numeric(12, 2) NOT NULL CHECK (amount > 0 OR kind = 'BACK_PAY' AND amount = 0),
    reinstatement_id bigint,
    PRIMARY KEY (beneficiary_id, month, payroll),
    CHECK (month < payroll),
    CHECK ((kind = 'BACK_PAY') = (reinstatement_id IS NOT NULL))
);
COMMENT ON TABLE payment_lines IS
    'What a payroll paid out for earlier months; that payroll and person are there is checked once a statement';
CREATE UNIQUE INDEX payment_lines_back_pay_once ON payment_lines (beneficiary_id, month) WHERE kind = 'BACK_PAY';
CREATE INDEX payment_lines_payroll ON payment_lines (payroll, beneficiary_id);

CREATE FUNCTION payrolls_have_no_gap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payrolls WHERE month <> NEW.month)
       AND NEW.month <> (SELECT max(month) + interval '1 month' FROM payrolls WHERE month <> NEW.month) THEN
        RAISE EXCEPTION 'payrolls are frozen month after month' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payrolls_have_no_gap AFTER INSERT ON payrolls FOR EACH ROW EXECUTE FUNCTION payrolls_have_no_gap();

CREATE FUNCTION payroll_follows_a_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM publications WHERE month = (NEW.month - interval '1 month')::date) THEN
        RAISE EXCEPTION 'a payroll follows the publication of the month before'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
-- Deferred: a preview, which is undone, may look ahead of the publication.
CREATE CONSTRAINT TRIGGER payroll_follows_a_publication AFTER INSERT ON payrolls DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION payroll_follows_a_publication();

CREATE FUNCTION payments_come_with_their_payroll() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT payroll FROM added) AS a LEFT JOIN payrolls p ON p.month = a.payroll
        WHERE p.month IS NULL OR p.xmin <> pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'a frozen payroll takes no more payments' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- OFFSET 0: one look-up a row, never a scan of all beneficiaries for every chunk of a payroll.
    IF EXISTS (SELECT FROM added a
               WHERE NOT EXISTS (SELECT FROM beneficiaries b WHERE b.id = a.beneficiary_id OFFSET 0)) THEN
        RAISE EXCEPTION 'a payment is somebody''s' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_come_with_their_payroll AFTER INSERT ON payments
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments_come_with_their_payroll();
CREATE TRIGGER lines_come_with_their_payroll AFTER INSERT ON payment_lines
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments_come_with_their_payroll();

CREATE FUNCTION payments_fit_their_rates() RETURNS trigger LANGUAGE plpgsql
    SET enable_sort = off SET enable_seqscan = off AS $$  -- look-ups by the index, a row each
BEGIN
    IF EXISTS (
        SELECT FROM added a
        WHERE a.status = 'PAID' AND a.amount IS DISTINCT FROM (
            SELECT r.monthly_amount FROM benefit_rates r
            WHERE r.beneficiary_id = a.beneficiary_id AND upper_inf(r.known) AND r.from_month <= a.month
            ORDER BY r.from_month DESC LIMIT 1)) THEN
        RAISE EXCEPTION 'a month is paid at its own rate' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT FROM added a JOIN suspensions s ON s.beneficiary_id = a.beneficiary_id AND s.held @> a.month
               WHERE a.status = 'PAID')
       OR EXISTS (SELECT FROM added a JOIN terminations t USING (beneficiary_id)
                  WHERE a.status = 'PAID' AND a.month > t.occurred_on) THEN
        RAISE EXCEPTION 'nobody is paid while suspended, or after the end'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_fit_their_rates AFTER INSERT ON payments
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION payments_fit_their_rates();

CREATE FUNCTION lines_fit_their_months() RETURNS trigger LANGUAGE plpgsql
    SET enable_sort = off SET enable_seqscan = off AS $$  -- look-ups by the index, a row each
BEGIN
    IF EXISTS (
        SELECT FROM added a LEFT JOIN payments p USING (beneficiary_id, month)
        WHERE CASE a.kind
              WHEN 'BACK_PAY' THEN p.status = 'PAID'
                  OR p.status IS NULL AND a.month >= (SELECT min(month) FROM payrolls)
                  OR NOT EXISTS (
                      SELECT FROM reinstatement_months c JOIN reinstatements r ON r.id = c.reinstatement_id
                      WHERE c.beneficiary_id = a.beneficiary_id AND c.month = a.month
                        AND c.reinstatement_id = a.reinstatement_id AND r.reviewed_on < a.payroll)
              ELSE p.status IS DISTINCT FROM 'PAID' AND NOT EXISTS (
                  SELECT FROM payment_lines b
                  WHERE b.beneficiary_id = a.beneficiary_id AND b.month = a.month AND b.kind = 'BACK_PAY')
              END) THEN
        RAISE EXCEPTION 'back pay heals a withheld month of an approved case, an adjustment adds to a paid one'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT FROM added a JOIN suspensions s ON s.beneficiary_id = a.beneficiary_id AND s.held @> a.payroll
        WHERE NOT EXISTS (SELECT FROM terminations t
                          WHERE t.beneficiary_id = a.beneficiary_id AND t.occurred_on < a.payroll)) THEN
        RAISE EXCEPTION 'nothing goes out while a suspension holds' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (
        SELECT FROM (
            SELECT a.beneficiary_id, a.month, coalesce((
                       SELECT p.amount FROM payments p
                       WHERE p.beneficiary_id = a.beneficiary_id AND p.month = a.month), 0)
                   + (SELECT sum(n.amount) FROM payment_lines n
                      WHERE n.beneficiary_id = a.beneficiary_id AND n.month = a.month) AS amount
            FROM added a OFFSET 0) AS paid
        WHERE paid.amount IS DISTINCT FROM (
            SELECT r.monthly_amount FROM benefit_rates r
            WHERE r.beneficiary_id = paid.beneficiary_id AND upper_inf(r.known) AND r.from_month <= paid.month
            ORDER BY r.from_month DESC LIMIT 1)) THEN
        RAISE EXCEPTION 'a line brings its month to its own rate' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lines_fit_their_months AFTER INSERT ON payment_lines
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION lines_fit_their_months();

CREATE FUNCTION open_ledger(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF extract(day FROM month) <> 1 THEN
        RAISE EXCEPTION 'a month is named by its first day' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass(format('public.payments_%s', to_char(month, 'YYYY_MM'))) IS NULL THEN
        -- Made apart and attached: that way nobody who reads the ledger has to wait.
        EXECUTE format('CREATE TABLE public.payments_%s (LIKE public.payments INCLUDING CONSTRAINTS)',
                       to_char(month, 'YYYY_MM'));
        EXECUTE format('ALTER TABLE public.payments ATTACH PARTITION public.payments_%s FOR VALUES FROM (%L) TO (%L)',
                       to_char(month, 'YYYY_MM'), month, (month + interval '1 month')::date);
    END IF;
END $$;
COMMENT ON FUNCTION open_ledger IS 'Makes the month''s partition of payments, where it is missing';
REVOKE ALL ON FUNCTION open_ledger FROM PUBLIC;
"""

GRANTS = """
GRANT SELECT, INSERT ON payrolls, payments, payment_lines TO renzheng_app;
GRANT EXECUTE ON FUNCTION open_ledger TO renzheng_app;
"""


def upgrade() -> None:
    for statements in (SCHEMA, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
