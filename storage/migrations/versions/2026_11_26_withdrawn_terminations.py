"""A termination that was a mistake is withdrawn by a ruling, and from then on counts as a FAIL of its own day.

Revision ID: 0032
"""

from storage.migrations import script

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TERMINATIONS = """
ALTER TABLE terminations
    ADD COLUMN place integer NOT NULL DEFAULT 1,
    DROP CONSTRAINT terminations_pkey,
    ADD PRIMARY KEY (beneficiary_id, place),
    ADD UNIQUE (beneficiary_id, version);

CREATE TABLE termination_withdrawals (
    beneficiary_id     bigint NOT NULL,
    terminated_version integer NOT NULL,
    version            integer NOT NULL CHECK (version > terminated_version),
    objection_id       bigint NOT NULL UNIQUE REFERENCES objections,
    account_id         bigint NOT NULL REFERENCES accounts,
    withdrawn_on       date NOT NULL,
    at                 timestamptz NOT NULL,
    PRIMARY KEY (beneficiary_id, terminated_version),
    UNIQUE (beneficiary_id, version),
    FOREIGN KEY (beneficiary_id, terminated_version) REFERENCES terminations (beneficiary_id, version)
);
COMMENT ON TABLE termination_withdrawals IS
    'Terminations of living people, each taken back once, by a ruling; the termination itself stays as it was';

CREATE FUNCTION termination_is_the_next() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    NEW.place := 1 + (SELECT count(*) FROM termination_withdrawals w WHERE w.beneficiary_id = NEW.beneficiary_id);
    RETURN NEW;
END $$;
COMMENT ON FUNCTION termination_is_the_next IS
    'A benefit ends once, and once more after each withdrawal: of two at the same place the primary key lets in one';
CREATE TRIGGER termination_is_the_next BEFORE INSERT ON terminations
    FOR EACH ROW EXECUTE FUNCTION termination_is_the_next();

CREATE FUNCTION withdrawal_comes_with_its_ruling() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM objections o JOIN terminations t
            ON t.beneficiary_id = o.beneficiary_id AND t.version = o.terminated_version
        WHERE o.id = NEW.objection_id AND o.beneficiary_id = NEW.beneficiary_id
          AND o.terminated_version = NEW.terminated_version AND t.cause <> 'IMPRISONED'
          AND o.outcome = 'DATA_WRONG' AND o.taken_by = NEW.account_id AND o.decided_on = NEW.withdrawn_on
          AND o.xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'only the ruling that a death was none withdraws the termination that it is about'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER withdrawal_comes_with_its_ruling AFTER INSERT ON termination_withdrawals
    FOR EACH ROW EXECUTE FUNCTION withdrawal_comes_with_its_ruling();
CREATE CONSTRAINT TRIGGER withdrawal_is_recorded AFTER INSERT ON termination_withdrawals DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NOT pg_has_role('renzheng_batch', 'MEMBER')) EXECUTE FUNCTION act_is_recorded();
"""

# An objection is about a verdict, or about a termination.
OBJECTIONS = """
ALTER TABLE objections
    ALTER COLUMN verdict_month DROP NOT NULL,
    ADD COLUMN terminated_version integer,
    ADD FOREIGN KEY (beneficiary_id, terminated_version) REFERENCES terminations (beneficiary_id, version),
    ADD CONSTRAINT objection_is_about_one_thing CHECK (num_nonnulls(verdict_month, terminated_version) = 1),
    ADD CONSTRAINT a_termination_declares_dead CHECK (terminated_version IS NULL OR kind = 'DECLARED_DEAD');
CREATE UNIQUE INDEX objections_one_open_end ON objections (beneficiary_id, terminated_version) WHERE outcome IS NULL;
COMMENT ON TABLE objections IS
    'Verdicts and terminations said to be wrong; who has taken a case decides it, DECLARED_DEAD first. Notice 三(四)';
"""

VIEWS = """
CREATE VIEW standing_terminations WITH (security_invoker = true) AS
    SELECT * FROM terminations t
    WHERE NOT EXISTS (SELECT FROM termination_withdrawals w
                      WHERE w.beneficiary_id = t.beneficiary_id AND w.terminated_version = t.version);
COMMENT ON VIEW standing_terminations IS 'Terminations that were not withdrawn: one a person at most';

CREATE VIEW fails WITH (security_invoker = true) AS
    SELECT beneficiary_id, version, survival_status, occurred_on, acted_on, at
    FROM certifications WHERE result = 'FAIL'
    UNION ALL
    SELECT w.beneficiary_id, w.version, t.cause, t.occurred_on, t.acted_on, t.at
    FROM termination_withdrawals w
    JOIN terminations t ON t.beneficiary_id = w.beneficiary_id AND t.version = w.terminated_version;
COMMENT ON VIEW fails IS 'Every FAIL, and every withdrawal of a termination, which leaves a FAIL of the day of that';

CREATE OR REPLACE VIEW losses WITH (security_invoker = true) AS
SELECT f.beneficiary_id, f.version, f.from_month, p.until_month,
       p.until_month IS NOT NULL OR t.beneficiary_id IS NOT NULL AS established
FROM (SELECT *, (date_trunc('month', occurred_on) + interval '1 month')::date AS from_month,
             date_trunc('month', acted_on)::date AS told_in
      FROM fails) AS f
CROSS JOIN LATERAL (
    SELECT date_trunc('month', min(acted_on))::date AS until_month FROM certifications p
    WHERE p.beneficiary_id = f.beneficiary_id AND p.version > f.version AND p.result = 'PASS') AS p
LEFT JOIN standing_terminations t ON t.beneficiary_id = f.beneficiary_id
WHERE CASE WHEN f.survival_status = 'IMPRISONED'
           THEN p.until_month IS NULL OR p.until_month > f.told_in AND p.until_month > f.from_month
           ELSE p.until_month IS NULL AND t.beneficiary_id IS NULL END
UNION ALL
SELECT t.beneficiary_id, t.version, (date_trunc('month', t.occurred_on) + interval '1 month')::date, NULL, true
FROM standing_terminations t;

CREATE OR REPLACE VIEW acts_to_warn_of WITH (security_invoker = true) AS
    SELECT b.id, b.person_id, b.unit_id, 'SUSPENDED' AS kind, lower(s.held) AS month, s.version::bigint AS fact,
           f.survival_status AS status, f.acted_on AS done_on, f.at AS done_at
    FROM suspensions s
    JOIN fails f USING (beneficiary_id, version)
    JOIN beneficiaries b ON b.id = s.beneficiary_id
    WHERE upper_inf(s.held) AND b.terminated_from IS NULL
    UNION ALL
    SELECT b.id, b.person_id, b.unit_id, 'REINSTATED',
           (date_trunc('month', r.reviewed_on) + interval '1 month')::date, r.id, NULL, r.reviewed_on, r.reviewed_at
    FROM reinstatements r JOIN beneficiaries b ON b.id = r.beneficiary_id
    WHERE r.status = 'APPROVED' AND b.terminated_from IS NULL
      AND (b.suspended_from > date_trunc('month', r.reviewed_on) + interval '1 month') IS NOT FALSE;

CREATE OR REPLACE FUNCTION recorded_dead(person bigint, losses text[], seen text[]) RETURNS boolean
    LANGUAGE sql STABLE COST 1000 SET search_path = pg_catalog, public
    BEGIN ATOMIC
        SELECT EXISTS (SELECT FROM beneficiaries o JOIN standing_terminations t ON t.beneficiary_id = o.id
                       WHERE o.person_id = person AND t.cause = 'DECEASED')
            OR EXISTS (SELECT FROM beneficiaries o CROSS JOIN LATERAL (
                           SELECT c.survival_status FROM certifications c WHERE c.beneficiary_id = o.id
                           ORDER BY c.version DESC LIMIT 1) AS last
                       WHERE o.person_id = person AND last.survival_status = 'DECEASED')
            OR EXISTS (SELECT FROM counting_evidence e
                       WHERE e.person_id = person AND e.kind = ANY (losses)
                         AND NOT EXISTS (SELECT FROM counting_evidence s
                                         WHERE s.person_id = person AND s.kind = ANY (seen)
                                           AND s.occurred_on > e.occurred_on)
                         AND NOT EXISTS (SELECT FROM certifications c JOIN beneficiaries o ON o.id = c.beneficiary_id
                                         WHERE o.person_id = person AND c.answers_losses_through >= e.received_at));
    END;
"""

# What held of FAILs and terminations holds of a withdrawn termination as of a FAIL.
SUSPENSIONS = """
ALTER TABLE suspensions DROP CONSTRAINT suspensions_beneficiary_id_version_fkey;
COMMENT ON TABLE suspensions IS 'Months in which a FAIL, or a withdrawn termination, holds payment back: until an'
    ' approved case ends them, empty where withdrawn; notice 三(二)';

CREATE OR REPLACE FUNCTION suspension_begins_by_a_fail() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM added a
        WHERE NOT EXISTS (
            SELECT FROM fails f
            WHERE f.beneficiary_id = a.beneficiary_id AND f.version = a.version AND upper_inf(a.held)
              AND lower(a.held) = (date_trunc('month', f.acted_on) + interval '1 month')::date)) THEN
        RAISE EXCEPTION 'a suspension begins in the month after its FAIL'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

PERIODS = """
CREATE OR REPLACE FUNCTION period_only_ends_earlier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NOT NEW.in_force <@ OLD.in_force
        OR NOT isempty(NEW.in_force) AND lower(NEW.in_force) <> lower(OLD.in_force))
       AND (lower(NEW.in_force) <> NEW.start_month OR NOT EXISTS (
            SELECT FROM termination_withdrawals w
            WHERE w.beneficiary_id = NEW.beneficiary_id AND w.version > NEW.version
              AND w.xmin = pg_current_xact_id()::xid)) THEN
        RAISE EXCEPTION 'a period in force can only end earlier'
            USING ERRCODE = 'integrity_constraint_violation',
                  DETAIL = 'but for what a termination had ended, when that is withdrawn';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION period_ends_by_a_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM changed c
        CROSS JOIN LATERAL (
            SELECT min(first_month_ended) AS ended FROM (
                SELECT p.start_month AS first_month_ended FROM certification_periods p
                WHERE p.beneficiary_id = c.beneficiary_id AND p.version > c.version
                UNION ALL
                SELECT (date_trunc('month', f.acted_on) + interval '1 month')::date FROM fails f
                WHERE f.beneficiary_id = c.beneficiary_id AND f.version > c.version
                UNION ALL
                SELECT (date_trunc('month', t.occurred_on) + interval '1 month')::date FROM standing_terminations t
                WHERE t.beneficiary_id = c.beneficiary_id
                UNION ALL
                SELECT (c.end_month + interval '1 month')::date) AS facts) AS first
        WHERE CASE WHEN isempty(c.in_force) THEN ended > c.start_month ELSE ended <> upper(c.in_force) END) THEN
        RAISE EXCEPTION 'a period in force ends by a later period, a FAIL or a termination only'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""

LEDGER = """
CREATE OR REPLACE FUNCTION payments_fit_their_rates() RETURNS trigger LANGUAGE plpgsql
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
       OR EXISTS (SELECT FROM added a JOIN standing_terminations t USING (beneficiary_id)
                  WHERE a.status = 'PAID' AND a.month > t.occurred_on) THEN
        RAISE EXCEPTION 'nobody is paid while suspended, or after the end'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION lines_fit_their_months() RETURNS trigger LANGUAGE plpgsql
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
        WHERE NOT EXISTS (SELECT FROM standing_terminations t
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
"""

GRANTS = """
GRANT SELECT ON termination_withdrawals, standing_terminations, fails TO renzheng_app, renzheng_batch;
GRANT INSERT ON termination_withdrawals TO renzheng_app;
ALTER TABLE termination_withdrawals ENABLE ROW LEVEL SECURITY;
CREATE POLICY batch ON termination_withdrawals TO renzheng_batch USING (true);
CREATE POLICY own ON termination_withdrawals FOR SELECT TO renzheng_app USING (
    EXISTS (SELECT FROM beneficiaries b WHERE b.id = beneficiary_id));
CREATE POLICY ruling ON termination_withdrawals FOR INSERT TO renzheng_app WITH CHECK (
    (SELECT caller_role()) = 'OFFICER' AND account_id = (SELECT caller_account())
    AND EXISTS (SELECT FROM objections o WHERE o.id = objection_id AND o.taken_by = (SELECT caller_account())));

-- A withdrawal leaves what a FAIL of the termination's day would have left, and does nothing else.
CREATE POLICY withdrawing ON suspensions FOR INSERT TO renzheng_app WITH CHECK (
    (SELECT caller_role()) = 'OFFICER'
    AND EXISTS (SELECT FROM termination_withdrawals w WHERE w.beneficiary_id = suspensions.beneficiary_id
                AND w.version = suspensions.version AND w.account_id = (SELECT caller_account())));
CREATE POLICY withdrawing ON certification_periods FOR UPDATE TO renzheng_app USING (
    (SELECT caller_role()) = 'OFFICER'
    AND EXISTS (SELECT FROM termination_withdrawals w WHERE w.beneficiary_id = certification_periods.beneficiary_id
                AND w.version > certification_periods.version AND w.account_id = (SELECT caller_account())));
"""


def upgrade() -> None:
    for statements in (TERMINATIONS, OBJECTIONS, VIEWS, SUSPENSIONS, PERIODS, LEDGER, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
