"""The certification loop: units, people, evidence, verdicts, acts and periods.

Revision ID: 0001
"""

from storage.migrations import script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROLE = """
DO $$
BEGIN
    CREATE ROLE renzheng_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;  -- the cluster knows it from another database
END $$;
GRANT renzheng_app TO CURRENT_USER WITH SET TRUE;
"""

TABLES = """
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE cycle_lengths (
    category text NOT NULL CHECK (category IN ('RETIREE', 'SURVIVOR')),
    months   integer NOT NULL CHECK (months > 0),
    PRIMARY KEY (category, months)
);
COMMENT ON TABLE cycle_lengths IS 'Every cycle that the policy ever held, written by migrate. Notice 三(一)';

CREATE TABLE units (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    si_number text NOT NULL UNIQUE,
    name      text NOT NULL,
    district  text NOT NULL
);

CREATE TABLE persons (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id_number text NOT NULL UNIQUE
);
COMMENT ON TABLE persons IS 'The only place of an ID number; whoever draws two benefits is one person with two rows';

CREATE TABLE accounts (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username      text NOT NULL UNIQUE,
    role          text NOT NULL CHECK (role IN ('UNIT', 'PERSON', 'WINDOW', 'OFFICER', 'AUDITOR', 'SERVICE')),
    unit_id       bigint REFERENCES units,
    district      text,
    person_id     bigint REFERENCES persons,
    password_hash text NOT NULL,
    CHECK ((role = 'UNIT') = (unit_id IS NOT NULL)),
    CHECK ((role = 'PERSON') = (person_id IS NOT NULL)),
    CHECK ((role IN ('OFFICER', 'WINDOW')) = (district IS NOT NULL))
);

CREATE TABLE beneficiaries (
    id                   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id              bigint NOT NULL REFERENCES units,
    category             text NOT NULL CHECK (category IN ('RETIREE', 'SURVIVOR')),
    person_id            bigint NOT NULL REFERENCES persons,
    name                 text NOT NULL,
    id_number_masked     text NOT NULL,
    phone                text,
    household_address    text,
    residence_address    text,
    benefit_from         date NOT NULL,
    version              integer NOT NULL DEFAULT 1,
    confirmed_in         date NOT NULL,
    verdict_month        date,
    conclusion           text CHECK (conclusion IN ('DISQUALIFIED', 'PENDING', 'QUALIFIED')),
    verdict_rule         text,
    loss_kind            text,
    loss_on              date,
    activity_kind        text,
    activity_on          date,
    verdict_published_on date,
    verdict_assessed_at  timestamptz,
    verdict_answered     boolean,
    period_start         date,
    period_end           date,
    period_method        text,
    paid_through         date,
    suspended_from       date,
    terminated_from      date,
    contact_complete     boolean NOT NULL GENERATED ALWAYS AS (
        phone IS NOT NULL AND household_address IS NOT NULL AND residence_address IS NOT NULL) STORED,
    roster_rank          smallint NOT NULL GENERATED ALWAYS AS (
        CASE WHEN terminated_from IS NOT NULL THEN 4
             WHEN conclusion = 'DISQUALIFIED' THEN 0
             WHEN conclusion = 'PENDING' THEN 1
             WHEN conclusion = 'QUALIFIED' THEN 2
             ELSE 3 END) STORED,
    UNIQUE (unit_id, category, person_id),
    UNIQUE (id, category),
    CHECK ((verdict_month IS NULL) = (conclusion IS NULL) AND (conclusion IS NULL) = (verdict_answered IS NULL)),
    CHECK ((period_start IS NULL) = (period_end IS NULL) AND period_start <= period_end),
    CHECK (extract(day FROM benefit_from) = 1 AND extract(day FROM confirmed_in) = 1
           AND extract(day FROM verdict_month) = 1),
    CHECK (extract(day FROM period_start) = 1 AND extract(day FROM period_end) = 1),
    CHECK (extract(day FROM paid_through) = 1 AND extract(day FROM suspended_from) = 1
           AND extract(day FROM terminated_from) = 1)
) WITH (fillfactor = 85);
COMMENT ON TABLE beneficiaries IS 'One person drawing one benefit through one unit, with the current standing';
CREATE INDEX beneficiaries_roster ON beneficiaries (unit_id, category, roster_rank, id);
CREATE INDEX beneficiaries_person ON beneficiaries (person_id);

CREATE TABLE benefit_rates (
    beneficiary_id bigint NOT NULL REFERENCES beneficiaries,
    months         daterange NOT NULL,
    monthly_amount numeric(12, 2) NOT NULL CHECK (monthly_amount >= 0),
    PRIMARY KEY (beneficiary_id, months WITHOUT OVERLAPS),
    CHECK (extract(day FROM lower(months)) = 1 AND extract(day FROM upper(months)) = 1)
);

CREATE TABLE evidence (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id   bigint NOT NULL REFERENCES persons,
    source      text NOT NULL CHECK (source IN ('human_resources', 'medical_insurance', 'health', 'transport',
                                                'justice', 'banks')),
    kind        text NOT NULL,
    occurred_on date NOT NULL,
    reference   text NOT NULL,
    received_at timestamptz NOT NULL,
    UNIQUE (source, reference)
);
CREATE INDEX evidence_person ON evidence (person_id);

CREATE TABLE evidence_found_wrong (
    evidence_id bigint PRIMARY KEY REFERENCES evidence,
    reason      text NOT NULL,
    at          timestamptz NOT NULL
);
COMMENT ON TABLE evidence_found_wrong IS 'Records that the agency has found wrong: they count no more. Notice 三(四)';

CREATE TABLE batch_clock (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    last     timestamptz NOT NULL
);
COMMENT ON TABLE batch_clock IS 'The instant of the last import of evidence, assessment or publication';
INSERT INTO batch_clock (last) VALUES ('2000-01-01');

CREATE TABLE assessments (
    month       date PRIMARY KEY CHECK (extract(day FROM month) = 1),
    assessed_at timestamptz NOT NULL
);
CREATE TABLE draft_verdicts (
    month          date NOT NULL REFERENCES assessments ON DELETE CASCADE,
    beneficiary_id bigint NOT NULL REFERENCES beneficiaries,
    conclusion     text NOT NULL,
    rule           text NOT NULL,
    loss_kind      text,
    loss_on        date,
    activity_kind  text,
    activity_on    date,
    PRIMARY KEY (month, beneficiary_id)
);
COMMENT ON TABLE draft_verdicts IS 'A month before its publication: replaced by every assessment, seen by no unit';

CREATE TABLE publications (
    month        date PRIMARY KEY CHECK (extract(day FROM month) = 1),
    published_on date NOT NULL,
    assessed_at  timestamptz NOT NULL,
    at           timestamptz NOT NULL
);
CREATE TABLE verdicts (
    beneficiary_id bigint NOT NULL REFERENCES beneficiaries,
    month          date NOT NULL REFERENCES publications,
    version        integer NOT NULL,
    conclusion     text NOT NULL CHECK (conclusion IN ('DISQUALIFIED', 'PENDING', 'QUALIFIED')),
    rule           text NOT NULL,
    loss_kind      text,
    loss_on        date,
    activity_kind  text,
    activity_on    date,
    PRIMARY KEY (beneficiary_id, month)
);
COMMENT ON TABLE verdicts IS 'Published verdicts: written once, with their publication';

CREATE TABLE certifications (
    id                     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    beneficiary_id         bigint NOT NULL REFERENCES beneficiaries,
    version                integer NOT NULL,
    method                 text NOT NULL CHECK (method IN ('CONFIRM', 'OVERRIDE', 'BATCH_PASS', 'CONTACT_UPDATE',
                                                           'SELF', 'SERVICE_WINDOW')),
    result                 text NOT NULL CHECK (result IN ('PASS', 'FAIL')),
    survival_status        text NOT NULL CHECK (survival_status IN ('NORMAL', 'DECEASED', 'MISSING', 'IMPRISONED')),
    occurred_on            date,
    reason                 text,
    verdict_month          date,
    answers_losses_through timestamptz,
    handler_name           text NOT NULL CHECK (btrim(handler_name) <> ''),
    handler_contact        text NOT NULL CHECK (btrim(handler_contact) <> ''),
    account_id             bigint NOT NULL REFERENCES accounts,
    acted_on               date NOT NULL,
    at                     timestamptz NOT NULL,
    UNIQUE (beneficiary_id, version),
    FOREIGN KEY (beneficiary_id, verdict_month) REFERENCES verdicts (beneficiary_id, month),
    CHECK ((survival_status = 'NORMAL') = (result = 'PASS')),
    CHECK (result = 'PASS' OR occurred_on IS NOT NULL)
);
COMMENT ON TABLE certifications IS 'Recorded acts: who, when, how, on which verdict, with what result; written once';
CREATE INDEX certifications_answering_losses ON certifications (beneficiary_id, answers_losses_through)
    WHERE answers_losses_through IS NOT NULL;

CREATE TABLE compliance_reviews (
    beneficiary_id bigint NOT NULL,
    version        integer NOT NULL,
    opened_at      timestamptz NOT NULL,
    PRIMARY KEY (beneficiary_id, version),
    FOREIGN KEY (beneficiary_id, version) REFERENCES certifications (beneficiary_id, version)
);
COMMENT ON TABLE compliance_reviews IS 'A PASS against DISQUALIFIED, for the agency to look at. Notice 三(二), 四(四)';

CREATE TABLE terminations (
    beneficiary_id  bigint PRIMARY KEY REFERENCES beneficiaries,
    version         integer NOT NULL,
    cause           text NOT NULL CHECK (cause IN ('DECEASED', 'MISSING', 'IMPRISONED')),
    occurred_on     date NOT NULL,
    handler_name    text NOT NULL CHECK (btrim(handler_name) <> ''),
    handler_contact text NOT NULL CHECK (btrim(handler_contact) <> ''),
    account_id      bigint NOT NULL REFERENCES accounts,
    acted_on        date NOT NULL,
    at              timestamptz NOT NULL
);

CREATE TABLE certification_periods (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    beneficiary_id bigint NOT NULL,
    category       text NOT NULL,
    version        integer NOT NULL,
    start_month    date NOT NULL CHECK (extract(day FROM start_month) = 1),
    end_month      date NOT NULL,
    cycle_months   integer NOT NULL,
    method         text NOT NULL CHECK (method IN ('CONFIRM', 'OVERRIDE', 'BATCH_PASS', 'CONTACT_UPDATE', 'SELF',
                                                   'SERVICE_WINDOW', 'VERDICT', 'ENROLMENT')),
    in_force       daterange NOT NULL,
    at             timestamptz NOT NULL,
    UNIQUE (beneficiary_id, version),
    FOREIGN KEY (beneficiary_id, category) REFERENCES beneficiaries (id, category),
    FOREIGN KEY (category, cycle_months) REFERENCES cycle_lengths (category, months),
    CONSTRAINT period_has_its_cycle CHECK (end_month = (start_month + make_interval(months => cycle_months))::date),
    CONSTRAINT period_in_force_in_whole_months CHECK (
        extract(day FROM lower(in_force)) = 1 AND extract(day FROM upper(in_force)) = 1),
    CONSTRAINT period_in_force_within CHECK (
        in_force <@ daterange(start_month, (end_month + interval '1 month')::date)),
    CONSTRAINT periods_in_force_never_overlap EXCLUDE USING gist (beneficiary_id WITH =, in_force WITH &&)
        DEFERRABLE
);
COMMENT ON TABLE certification_periods IS
    'Periods as they were opened (start_month to end_month) and what of them is in force; notice 三(一)';

CREATE FUNCTION period_only_ends_earlier() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.in_force <@ OLD.in_force
       OR NOT isempty(NEW.in_force) AND lower(NEW.in_force) <> lower(OLD.in_force) THEN
        RAISE EXCEPTION 'a period in force can only end earlier'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER period_only_ends_earlier BEFORE UPDATE ON certification_periods
    FOR EACH ROW EXECUTE FUNCTION period_only_ends_earlier();

CREATE FUNCTION period_ends_by_a_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM changed c
        WHERE NOT EXISTS (
            SELECT FROM (
                SELECT p.start_month AS first_month_ended FROM certification_periods p
                WHERE p.beneficiary_id = c.beneficiary_id AND p.version > c.version
                UNION ALL
                SELECT (date_trunc('month', f.acted_on) + interval '1 month')::date FROM certifications f
                WHERE f.beneficiary_id = c.beneficiary_id AND f.version > c.version AND f.result = 'FAIL'
                UNION ALL
                SELECT (date_trunc('month', t.occurred_on) + interval '1 month')::date FROM terminations t
                WHERE t.beneficiary_id = c.beneficiary_id) AS facts
            WHERE CASE WHEN isempty(c.in_force) THEN first_month_ended <= c.start_month
                       ELSE first_month_ended = upper(c.in_force) END)) THEN
        RAISE EXCEPTION 'a period in force ends by a later period, a FAIL or a termination only'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER period_ends_by_a_fact AFTER UPDATE ON certification_periods
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION period_ends_by_a_fact();

CREATE FUNCTION verdicts_come_with_their_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT month FROM added) AS a JOIN publications p USING (month)
        WHERE p.xmin <> pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'a published month takes no more verdicts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER verdicts_come_with_their_publication AFTER INSERT ON verdicts
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION verdicts_come_with_their_publication();

CREATE TABLE idempotency_keys (
    account_id bigint NOT NULL REFERENCES accounts,
    key        text NOT NULL,
    digest     bytea NOT NULL,
    answer     text,
    at         timestamptz NOT NULL,
    PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_keys_at ON idempotency_keys (at);
"""

GRANTS = """
GRANT USAGE ON SCHEMA public TO renzheng_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO renzheng_app;
GRANT INSERT ON units, persons, accounts, beneficiaries, benefit_rates, evidence, evidence_found_wrong, publications,
    verdicts, certifications, compliance_reviews, terminations, certification_periods TO renzheng_app;
GRANT UPDATE (name, district) ON units TO renzheng_app;
GRANT UPDATE (role, unit_id, district, person_id, password_hash) ON accounts TO renzheng_app;
GRANT UPDATE (phone, household_address, residence_address, version, confirmed_in, verdict_month, conclusion,
    verdict_rule, loss_kind, loss_on, activity_kind, activity_on, verdict_published_on, verdict_assessed_at,
    verdict_answered, period_start, period_end, period_method, paid_through, suspended_from, terminated_from)
    ON beneficiaries TO renzheng_app;
GRANT UPDATE (last) ON batch_clock TO renzheng_app;
GRANT UPDATE (in_force) ON certification_periods TO renzheng_app;
GRANT INSERT, UPDATE, DELETE ON assessments, draft_verdicts, idempotency_keys TO renzheng_app;
"""


def upgrade() -> None:
    for statements in (ROLE, TABLES, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
