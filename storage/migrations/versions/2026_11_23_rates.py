"""Rates: what a month is worth, and what was held to be true when.

Revision ID: 0002
"""

from storage.migrations import script

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SCHEMA = """
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

GRANTS = """
GRANT SELECT ON benefit_rates, rates_held TO renzheng_app;
GRANT INSERT ON benefit_rates TO renzheng_app;
GRANT UPDATE (known) ON benefit_rates TO renzheng_app;
"""


def upgrade() -> None:
    for statements in (SCHEMA, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
