"""Losses, what was paid in them, and how that is settled.

Revision ID: 0005
"""

from storage.migrations import script

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SCHEMA = """
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
GRANT SELECT ON losses, overpaid_months TO renzheng_app;
GRANT SELECT, INSERT ON settlements, settlement_months TO renzheng_app;
"""


def upgrade() -> None:
    for statements in (SCHEMA, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
