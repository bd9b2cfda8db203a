"""Money follows the period: bitemporal rates, suspensions, the ledger, reinstatement cases, settlements.

Revision ID: 0002
"""

from storage.migrations import script

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RATES = """
ALTER TABLE benefit_rates RENAME TO benefit_rates_before;
ALTER TABLE benefit_rates_before RENAME CONSTRAINT benefit_rates_pkey TO benefit_rates_before_pkey;
CREATE TABLE benefit_rates (
    beneficiary_id bigint NOT NULL REFERENCES beneficiaries,
    from_month     date NOT NULL CHECK (extract(day FROM from_month) = 1 AND isfinite(from_month)),
    known          tstzrange NOT NULL CHECK (
        NOT lower_inf(known) AND isfinite(lower(known)) AND (upper_inf(known) OR isfinite(upper(known)))),
    monthly_amount numeric(12, 2) NOT NULL CHECK (monthly_amount >= 0),
    CONSTRAINT benefit_rates_pkey PRIMARY KEY (beneficiary_id, from_month, known WITHOUT OVERLAPS)
);
COMMENT ON TABLE benefit_rates IS
    'The amount from a month on, until a later from_month begins; known says from when to when it was held to be true';
INSERT INTO benefit_rates
SELECT r.beneficiary_id, lower(r.months), tstzrange(p.at, NULL), r.monthly_amount
FROM benefit_rates_before r LEFT JOIN certification_periods p ON p.beneficiary_id = r.beneficiary_id AND p.version = 1;
DROP TABLE benefit_rates_before;
CREATE UNIQUE INDEX benefit_rates_held ON benefit_rates (beneficiary_id, from_month) WHERE upper_inf(known);
CREATE INDEX benefit_rates_announced ON benefit_rates (lower(known));

CREATE VIEW rates_held WITH (security_invoker = true) AS
SELECT beneficiary_id, from_month, monthly_amount,
       lead(from_month, 1, 'infinity') OVER (PARTITION BY beneficiary_id ORDER BY from_month) AS until_month
FROM benefit_rates WHERE upper_inf(known);
COMMENT ON VIEW rates_held IS 'The rates as known now: each from from_month to before until_month';

CREATE FUNCTION rate_is_only_superseded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT upper_inf(OLD.known) OR upper_inf(NEW.known) OR lower(NEW.known) <> lower(OLD.known)
       OR upper(NEW.known) < (SELECT last FROM batch_clock) THEN
        RAISE EXCEPTION 'what was held to be true ends once, when something else is announced'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rate_is_only_superseded BEFORE UPDATE ON benefit_rates
    FOR EACH ROW EXECUTE FUNCTION rate_is_only_superseded();

CREATE FUNCTION rates_are_announced_now() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added WHERE NOT upper_inf(known) OR lower(known) < (SELECT last FROM batch_clock)) THEN
        RAISE EXCEPTION 'what was held to be true earlier is not made up afterwards'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER rates_are_announced_now AFTER INSERT ON benefit_rates
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION rates_are_announced_now();
"""

CASES = """
CREATE TABLE reinstatements (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    beneficiary_id   bigint NOT NULL REFERENCES beneficiaries,
    status           text NOT NULL DEFAULT 'SUBMITTED'
                     CHECK (status IN ('SUBMITTED', 'APPROVED', 'REJECTED', 'WITHDRAWN')),
    statement        text NOT NULL CHECK (btrim(statement) <> ''),
    document_names   text[] NOT NULL,
    document_sha256  text[] NOT NULL,
    claimed          date[] NOT NULL,
    handler_name     text NOT NULL CHECK (btrim(handler_name) <> ''),
    handler_contact  text NOT NULL CHECK (btrim(handler_contact) <> ''),
    submitted_by     bigint NOT NULL REFERENCES accounts,
    submitted_on     date NOT NULL,
    submitted_at     timestamptz NOT NULL,
    reviewed_by      bigint REFERENCES accounts,
    reviewed_on      date,
    reviewed_at      timestamptz,
    reason           text,
    lifted_from      date CHECK (extract(day FROM lifted_from) = 1 AND isfinite(lifted_from)),
    resumes_from     date CHECK (resumes_from = lifted_from),
    approved_version integer,
    UNIQUE (id, beneficiary_id, status),
    UNIQUE (beneficiary_id, approved_version),
    CONSTRAINT case_has_documents CHECK (
        cardinality(document_names) > 0 AND cardinality(document_names) = cardinality(document_sha256)),
    CONSTRAINT case_is_reviewed_whole CHECK ((status = 'SUBMITTED') = (reviewed_by IS NULL)
        AND (reviewed_by IS NULL) = (reviewed_on IS NULL) AND (reviewed_on IS NULL) = (reviewed_at IS NULL)),
    CONSTRAINT case_is_reviewed_by_another CHECK (
        status NOT IN ('APPROVED', 'REJECTED') OR reviewed_by <> submitted_by),
    CONSTRAINT case_is_rejected_with_a_reason CHECK (status <> 'REJECTED' OR btrim(coalesce(reason, '')) <> ''),
    CONSTRAINT case_is_reviewed_after_it_was_submitted CHECK (reviewed_on >= submitted_on),
    CHECK ((status = 'APPROVED') = (approved_version IS NOT NULL)),
    CHECK (lifted_from IS NULL OR status = 'APPROVED'),
    CHECK (resumes_from IS NULL OR lifted_from IS NOT NULL)
);
COMMENT ON TABLE reinstatements IS 'Cases of reinstatement and back pay; notice 三(三)';
CREATE UNIQUE INDEX reinstatements_one_open ON reinstatements (beneficiary_id) WHERE status = 'SUBMITTED';
CREATE INDEX reinstatements_beneficiary ON reinstatements (beneficiary_id);
CREATE INDEX reinstatements_queue ON reinstatements (status, id);

CREATE FUNCTION case_begins_submitted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status <> 'SUBMITTED' THEN
        RAISE EXCEPTION 'a case begins with its submission' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_begins_submitted BEFORE INSERT ON reinstatements
    FOR EACH ROW EXECUTE FUNCTION case_begins_submitted();

CREATE FUNCTION case_closes_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status <> 'SUBMITTED' OR NEW.status = 'SUBMITTED' THEN
        RAISE EXCEPTION 'a case is approved, rejected or withdrawn once'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.status <> 'WITHDRAWN' AND NOT EXISTS (
        SELECT FROM accounts a JOIN units u ON u.district = a.district JOIN beneficiaries b ON b.unit_id = u.id
        WHERE a.id = NEW.reviewed_by AND a.role = 'OFFICER' AND b.id = NEW.beneficiary_id) THEN
        RAISE EXCEPTION 'a case is reviewed by an officer of the district'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER case_closes_once BEFORE UPDATE ON reinstatements FOR EACH ROW EXECUTE FUNCTION case_closes_once();

CREATE TABLE reinstatement_months (
    beneficiary_id   bigint NOT NULL,
    month            date NOT NULL CHECK (extract(day FROM month) = 1 AND isfinite(month)),
    reinstatement_id bigint NOT NULL,
    status           text NOT NULL DEFAULT 'APPROVED' CHECK (status = 'APPROVED'),
    PRIMARY KEY (beneficiary_id, month),
    FOREIGN KEY (reinstatement_id, beneficiary_id, status) REFERENCES reinstatements (id, beneficiary_id, status)
);
COMMENT ON TABLE reinstatement_months IS 'The months that approved cases pay back: each of a person once, ever';
CREATE INDEX reinstatement_months_case ON reinstatement_months (reinstatement_id);

CREATE FUNCTION approved_months_come_with_the_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added a JOIN reinstatements r ON r.id = a.reinstatement_id
        WHERE r.xmin <> pg_current_xact_id()::xid OR a.month > r.reviewed_on) THEN
        RAISE EXCEPTION 'an approved case takes no more months, and none after its own'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER approved_months_come_with_the_approval AFTER INSERT ON reinstatement_months
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION approved_months_come_with_the_approval();

CREATE TABLE suspensions (
    beneficiary_id bigint NOT NULL REFERENCES beneficiaries,
    version        integer NOT NULL,
    held           daterange NOT NULL CHECK (extract(day FROM lower(held)) = 1 AND extract(day FROM upper(held)) = 1),
    PRIMARY KEY (beneficiary_id, version),
    FOREIGN KEY (beneficiary_id, version) REFERENCES certifications (beneficiary_id, version),
    CONSTRAINT suspensions_never_overlap EXCLUDE USING gist (beneficiary_id WITH =, held WITH &&)
);
COMMENT ON TABLE suspensions IS
    'Months in which a FAIL holds payment back: until an approved case ends them, empty where withdrawn; notice 三(二)';
INSERT INTO suspensions
SELECT b.id, f.version, daterange(b.suspended_from, NULL)
FROM beneficiaries b
CROSS JOIN LATERAL (
    SELECT min(c.version) AS version FROM certifications c
    WHERE c.beneficiary_id = b.id AND c.result = 'FAIL'
      AND date_trunc('month', c.acted_on) + interval '1 month' = b.suspended_from
      AND NOT EXISTS (
          SELECT FROM certifications p
          WHERE p.beneficiary_id = b.id AND p.version > c.version AND p.result = 'PASS'
            AND date_trunc('month', p.acted_on) = date_trunc('month', c.acted_on))) AS f
WHERE b.suspended_from IS NOT NULL;

CREATE FUNCTION suspension_begins_by_a_fail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added a JOIN certifications f USING (beneficiary_id, version)
        WHERE f.result <> 'FAIL' OR NOT upper_inf(a.held)
           OR lower(a.held) <> (date_trunc('month', f.acted_on) + interval '1 month')::date) THEN
        RAISE EXCEPTION 'a suspension begins in the month after its FAIL'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER suspension_begins_by_a_fail AFTER INSERT ON suspensions
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION suspension_begins_by_a_fail();

CREATE FUNCTION suspension_ends_by_a_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM before o JOIN changed c USING (beneficiary_id, version)
        WHERE NOT upper_inf(o.held)
           OR CASE WHEN isempty(c.held)
                   THEN NOT EXISTS (
                       SELECT FROM certifications p
                       WHERE p.beneficiary_id = c.beneficiary_id AND p.version > c.version AND p.result = 'PASS'
                         AND p.acted_on < lower(o.held))
                   ELSE lower(c.held) <> lower(o.held) OR NOT EXISTS (
                       SELECT FROM reinstatements r
                       WHERE r.beneficiary_id = c.beneficiary_id AND r.approved_version > c.version
                         AND r.lifted_from = upper(c.held)
                         AND r.lifted_from = (date_trunc('month', r.reviewed_on) + interval '1 month')::date)
                   END) THEN
        RAISE EXCEPTION 'a suspension ends with the month of an approved case, or is withdrawn before it began'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER suspension_ends_by_a_fact AFTER UPDATE ON suspensions
    REFERENCING OLD TABLE AS before NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION suspension_ends_by_a_fact();

ALTER TABLE beneficiaries ADD held_through date CHECK (extract(day FROM held_through) = 1);
"""

LEDGER = """
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

OVERPAYMENTS = """
CREATE VIEW losses WITH (security_invoker = true) AS
SELECT f.beneficiary_id, f.version, f.from_month, p.until_month,
       p.until_month IS NOT NULL OR t.beneficiary_id IS NOT NULL AS established
FROM (SELECT *, (date_trunc('month', occurred_on) + interval '1 month')::date AS from_month,
             date_trunc('month', acted_on)::date AS told_in
      FROM certifications WHERE result = 'FAIL') AS f
CROSS JOIN LATERAL (
    SELECT date_trunc('month', min(acted_on))::date AS until_month FROM certifications p
    WHERE p.beneficiary_id = f.beneficiary_id AND p.version > f.version AND p.result = 'PASS') AS p
LEFT JOIN terminations t ON t.beneficiary_id = f.beneficiary_id
WHERE CASE WHEN f.survival_status = 'IMPRISONED'
           THEN p.until_month IS NULL OR p.until_month > f.told_in AND p.until_month > f.from_month
           ELSE p.until_month IS NULL AND t.beneficiary_id IS NULL END
UNION ALL
SELECT t.beneficiary_id, t.version, (date_trunc('month', t.occurred_on) + interval '1 month')::date, NULL, true
FROM terminations t;
COMMENT ON VIEW losses IS
    'From from_month to before until_month nothing was owed, as things stand: domain.stops as SQL; rules 5.5, 5.7';
CREATE INDEX certifications_failed ON certifications (beneficiary_id) WHERE result = 'FAIL';

CREATE VIEW overpaid_months WITH (security_invoker = true) AS
SELECT lost.beneficiary_id, lost.month, lost.established, paid.amount
FROM (SELECT l.beneficiary_id, p.month, bool_or(l.established) AS established
      FROM losses l JOIN payments p
        ON p.beneficiary_id = l.beneficiary_id AND p.month >= l.from_month
           AND (l.until_month IS NULL OR p.month < l.until_month)
      GROUP BY l.beneficiary_id, p.month) AS lost
CROSS JOIN LATERAL (
    SELECT (SELECT p.amount FROM payments p WHERE p.beneficiary_id = lost.beneficiary_id AND p.month = lost.month)
           + (SELECT coalesce(sum(n.amount), 0) FROM payment_lines n
              WHERE n.beneficiary_id = lost.beneficiary_id AND n.month = lost.month) AS amount) AS paid
WHERE paid.amount > 0;
COMMENT ON VIEW overpaid_months IS 'What was paid for months in which nothing was owed; rules 5.7';

CREATE TABLE settlements (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    beneficiary_id bigint NOT NULL REFERENCES beneficiaries,
    kind           text NOT NULL CHECK (kind IN ('PAID_BACK', 'INSTALMENT', 'WAIVED')),
    amount         numeric(12, 2) NOT NULL CHECK (amount > 0),
    reason         text,
    account_id     bigint NOT NULL REFERENCES accounts,
    settled_on     date NOT NULL,
    at             timestamptz NOT NULL,
    UNIQUE (id, beneficiary_id),
    CONSTRAINT waived_with_a_reason CHECK (kind <> 'WAIVED' OR btrim(coalesce(reason, '')) <> '')
);
COMMENT ON TABLE settlements IS 'What of an overpayment was paid back or waived; rules 5.7';
CREATE INDEX settlements_beneficiary ON settlements (beneficiary_id);

CREATE TABLE settlement_months (
    settlement_id  bigint NOT NULL REFERENCES settlements,
    beneficiary_id bigint NOT NULL,
    month          date NOT NULL CHECK (extract(day FROM month) = 1),
    amount         numeric(12, 2) NOT NULL CHECK (amount > 0),
    PRIMARY KEY (settlement_id, month),
    FOREIGN KEY (settlement_id, beneficiary_id) REFERENCES settlements (id, beneficiary_id)
);
COMMENT ON TABLE settlement_months IS 'The overpaid months that a settlement settles: a waiver of one settles no other';
CREATE INDEX settlement_months_beneficiary ON settlement_months (beneficiary_id, month);

CREATE FUNCTION settlements_stay_within_the_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM beneficiaries b WHERE b.id IN (SELECT beneficiary_id FROM added)
    ORDER BY b.id FOR NO KEY UPDATE;  -- one settlement after another
    IF EXISTS (
        SELECT FROM added a
        LEFT JOIN overpaid_months o ON o.beneficiary_id = a.beneficiary_id AND o.month = a.month
        WHERE (SELECT sum(s.amount) FROM settlement_months s
               WHERE s.beneficiary_id = a.beneficiary_id AND s.month = a.month) > coalesce(o.amount, 0))
       OR EXISTS (
        SELECT FROM settlements t WHERE t.id IN (SELECT settlement_id FROM added)
          AND t.amount <> (SELECT sum(s.amount) FROM settlement_months s WHERE s.settlement_id = t.id)) THEN
        RAISE EXCEPTION 'a settlement settles overpaid months, in all what it says, and none beyond what was overpaid'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION waivers_settle_what_is_established() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added a JOIN settlements t ON t.id = a.settlement_id
        JOIN overpaid_months o ON o.beneficiary_id = a.beneficiary_id AND o.month = a.month
        WHERE t.kind = 'WAIVED' AND NOT o.established) THEN
        RAISE EXCEPTION 'what only a FAIL says is not waived: it may turn out to be owed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER waivers_settle_what_is_established AFTER INSERT ON settlement_months
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION waivers_settle_what_is_established();
CREATE TRIGGER settlements_stay_within_the_claim AFTER INSERT ON settlement_months
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION settlements_stay_within_the_claim();

CREATE FUNCTION settlement_has_months() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM settlement_months WHERE settlement_id = NEW.id) THEN
        RAISE EXCEPTION 'a settlement names the months that it settles'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER settlement_has_months AFTER INSERT ON settlements DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION settlement_has_months();
"""

GRANTS = """
GRANT SELECT ON benefit_rates, rates_held, reinstatements, reinstatement_months, suspensions, payrolls, payments,
    payment_lines, losses, overpaid_months, settlements, settlement_months TO renzheng_app;
GRANT INSERT ON benefit_rates, reinstatements, reinstatement_months, suspensions, payrolls, payments, payment_lines,
    settlements, settlement_months TO renzheng_app;
GRANT UPDATE (known) ON benefit_rates TO renzheng_app;
GRANT UPDATE (held) ON suspensions TO renzheng_app;
GRANT UPDATE (status, reviewed_by, reviewed_on, reviewed_at, reason, lifted_from, resumes_from,
    approved_version)
    ON reinstatements TO renzheng_app;
GRANT UPDATE (held_through) ON beneficiaries TO renzheng_app;
GRANT EXECUTE ON FUNCTION open_ledger TO renzheng_app;
"""


def upgrade() -> None:
    for statements in (RATES, CASES, LEDGER, OVERPAYMENTS, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
