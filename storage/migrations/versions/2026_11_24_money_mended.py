"""Back pay from before the ledger counts as paid; refunds; batches lock their clock and gather statistics.

Revision ID: 0010
"""

from storage.migrations import script

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OVERPAID = """
CREATE OR REPLACE VIEW overpaid_months WITH (security_invoker = true) AS
SELECT lost.beneficiary_id, lost.month, lost.established, paid.amount
FROM (SELECT l.beneficiary_id, out.month, bool_or(l.established) AS established
      FROM losses l
      JOIN (SELECT beneficiary_id, month FROM payments
            UNION ALL
            SELECT beneficiary_id, month FROM payment_lines WHERE kind = 'BACK_PAY') AS out
        ON out.beneficiary_id = l.beneficiary_id AND out.month >= l.from_month
           AND (l.until_month IS NULL OR out.month < l.until_month)
      GROUP BY l.beneficiary_id, out.month) AS lost
CROSS JOIN LATERAL (
    SELECT (SELECT coalesce(sum(p.amount), 0) FROM payments p
            WHERE p.beneficiary_id = lost.beneficiary_id AND p.month = lost.month)
           + (SELECT coalesce(sum(n.amount), 0) FROM payment_lines n
              WHERE n.beneficiary_id = lost.beneficiary_id AND n.month = lost.month) AS amount) AS paid
WHERE paid.amount > 0;
COMMENT ON VIEW overpaid_months IS
    'What was paid for months in which nothing was owed, with their own payroll or as back pay; rules 5.7';
"""

REFUNDS = """
ALTER TABLE settlements
    DROP CONSTRAINT settlements_kind_check,
    ADD CHECK (kind IN ('PAID_BACK', 'INSTALMENT', 'WAIVED', 'REFUNDED'));
COMMENT ON TABLE settlements IS
    'What of an overpayment was paid back or waived, and what of that was given back; rules 5.7';

CREATE VIEW settled_months WITH (security_invoker = true) AS
SELECT m.beneficiary_id, m.month,
       sum(CASE s.kind WHEN 'REFUNDED' THEN -m.amount ELSE m.amount END) AS amount,
       sum(CASE s.kind WHEN 'REFUNDED' THEN -m.amount WHEN 'WAIVED' THEN 0 ELSE m.amount END) AS kept
FROM settlement_months m JOIN settlements s ON s.id = m.settlement_id
GROUP BY m.beneficiary_id, m.month;
COMMENT ON VIEW settled_months IS 'What is settled of each month, and what of it was collected and is kept';

CREATE VIEW refunds_due WITH (security_invoker = true) AS
SELECT s.beneficiary_id, s.month, s.kept AS amount FROM settled_months s
WHERE s.kept > 0 AND NOT EXISTS (SELECT FROM overpaid_months o
                                 WHERE o.beneficiary_id = s.beneficiary_id AND o.month = s.month OFFSET 0);
COMMENT ON VIEW refunds_due IS 'What was collected for months that turned out to be owed, and is kept';
GRANT SELECT ON settled_months, refunds_due TO renzheng_app, renzheng_batch;

CREATE OR REPLACE FUNCTION settlements_stay_within_the_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM beneficiaries b WHERE b.id IN (SELECT beneficiary_id FROM added)
    ORDER BY b.id FOR NO KEY UPDATE;  -- one settlement after another
    IF EXISTS (
        SELECT FROM added a JOIN settlements t ON t.id = a.settlement_id
        CROSS JOIN LATERAL (
            SELECT * FROM settled_months s WHERE s.beneficiary_id = a.beneficiary_id AND s.month = a.month) AS s
        LEFT JOIN LATERAL (
            SELECT * FROM overpaid_months o WHERE o.beneficiary_id = a.beneficiary_id AND o.month = a.month) AS o
            ON true
        WHERE CASE t.kind WHEN 'REFUNDED' THEN s.kept < 0 OR o.month IS NOT NULL
                          ELSE s.amount > coalesce(o.amount, 0) END)
       OR EXISTS (
        SELECT FROM settlements t WHERE t.id IN (SELECT settlement_id FROM added)
          AND t.amount <> (SELECT sum(s.amount) FROM settlement_months s WHERE s.settlement_id = t.id)) THEN
        RAISE EXCEPTION 'a settlement settles overpaid months, in all what it says, and none beyond what was overpaid'
            USING ERRCODE = 'integrity_constraint_violation',
                  DETAIL = 'a refund gives back what was collected for months that were owed after all';
    END IF;
    RETURN NULL;
END $$;
"""

MAINTENANCE = """
GRANT MAINTAIN ON batch_clock, units, persons, beneficiaries, benefit_rates, certification_periods, evidence,
    draft_verdicts, verdicts, payments, payment_lines TO renzheng_batch;  -- LOCK TABLE and ANALYZE

CREATE OR REPLACE FUNCTION open_ledger(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE
    partition text := format('public.payments_%s', to_char(month, 'YYYY_MM'));
BEGIN
    IF extract(day FROM month) <> 1 THEN
        RAISE EXCEPTION 'a month is named by its first day' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF to_regclass(partition) IS NULL THEN
        -- Made apart and attached: that way nobody who reads the ledger has to wait.
        EXECUTE format('CREATE TABLE %s (LIKE public.payments INCLUDING CONSTRAINTS)', partition);
        EXECUTE format('ALTER TABLE public.payments ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
                       partition, month, (month + interval '1 month')::date);
        EXECUTE format('GRANT MAINTAIN ON %s TO renzheng_batch', partition);
    END IF;
END $$;
ANALYZE units, persons, beneficiaries, benefit_rates, certification_periods, evidence, verdicts, payments,
    payment_lines;
"""


def upgrade() -> None:
    for statements in (OVERPAID, REFUNDS, MAINTENANCE):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
