"""A month is published in parts, each committed: what is due is kept until it is written down, and nothing is left out.

Revision ID: 0038
"""

from storage.migrations import script

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

# How far it is stands on the publication's own row; what is counted in parts was not counted before there were any.
PUBLICATIONS = """
ALTER TABLE publications
    ADD finished_at timestamptz,
    ADD through bigint NOT NULL DEFAULT 0,
    ADD people integer DEFAULT 0,
    ADD renewed integer DEFAULT 0;
UPDATE publications SET finished_at = at, people = NULL, renewed = NULL;
CREATE UNIQUE INDEX publications_one_at_a_time ON publications ((finished_at IS NULL)) WHERE finished_at IS NULL;
COMMENT ON TABLE publications IS
    'When a month''s publication began, how far by the ids of people it is, and when it was finished';
GRANT UPDATE (finished_at, through, people, renewed) ON publications TO renzheng_batch;

-- Where that is a later day than the one on which the publication began.
ALTER TABLE verdicts ADD published_on date;
DROP INDEX verdicts_open;
CREATE INDEX verdicts_open ON verdicts (beneficiary_id, month, version) INCLUDE (published_on)
    WHERE conclusion <> 'QUALIFIED';
"""

DUE = """
CREATE TABLE verdicts_due (
    beneficiary_id bigint PRIMARY KEY,
    conclusion     text NOT NULL,
    rule           text NOT NULL,
    loss_kind      text,
    loss_on        date,
    activity_kind  text,
    activity_on    date,
    version        integer NOT NULL
);
COMMENT ON TABLE verdicts_due IS
    'What is concluded for the unfinished publication, of which version of the row: of everybody whose verdict is not'
    ' written down yet';
GRANT SELECT, INSERT, DELETE, MAINTAIN ON verdicts_due TO renzheng_batch;
GRANT UPDATE (conclusion, rule, loss_kind, loss_on, activity_kind, activity_on) ON verdicts_due TO renzheng_batch;
ALTER TABLE verdicts_due ENABLE ROW LEVEL SECURITY;
CREATE POLICY batch ON verdicts_due TO renzheng_batch USING (true);
"""

# Once a statement. OFFSET 0: one look-up a row, however many people there are.
GUARDS = """
CREATE FUNCTION publication_only_goes_on() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF OLD.finished_at IS NOT NULL OR NEW.through < OLD.through
       OR (NEW.month, NEW.published_on, NEW.assessed_at, NEW.at)
          IS DISTINCT FROM (OLD.month, OLD.published_on, OLD.assessed_at, OLD.at) THEN
        RAISE EXCEPTION 'a publication goes on until it is finished, and then it stands'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.finished_at IS NOT NULL AND EXISTS (SELECT FROM verdicts_due) THEN
        RAISE EXCEPTION 'a publication is finished when no verdict is due any more'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publication_only_goes_on BEFORE UPDATE ON publications
    FOR EACH ROW EXECUTE FUNCTION publication_only_goes_on();

CREATE FUNCTION what_is_due_comes_with_its_publication() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM publications WHERE finished_at IS NULL AND through = 0
                                              AND xmin = pg_current_xact_id()::xid) THEN
        RAISE EXCEPTION 'what is due is written when a publication begins'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER what_is_due_comes_with_its_publication AFTER INSERT ON verdicts_due
    FOR EACH STATEMENT EXECUTE FUNCTION what_is_due_comes_with_its_publication();

CREATE FUNCTION what_is_due_is_written_down() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE
    going_on date := (SELECT month FROM publications WHERE finished_at IS NULL);
BEGIN
    IF EXISTS (SELECT FROM removed r
               WHERE NOT EXISTS (SELECT FROM verdicts v
                                 WHERE v.beneficiary_id = r.beneficiary_id AND v.month = going_on OFFSET 0)
                 AND NOT EXISTS (SELECT FROM beneficiaries b
                                 WHERE b.id = r.beneficiary_id AND b.terminated_from IS NOT NULL OFFSET 0)) THEN
        RAISE EXCEPTION 'what is due stays until the verdict is written down or the benefit has ended'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER what_is_due_is_written_down AFTER DELETE ON verdicts_due
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION what_is_due_is_written_down();

COMMENT ON TABLE verdicts IS
    'Published verdicts: written once, while their month is being published, as was concluded for that';
CREATE OR REPLACE FUNCTION verdicts_come_with_their_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT month FROM added) AS a JOIN publications p USING (month)
               WHERE p.finished_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a published month takes no more verdicts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF EXISTS (SELECT month FROM added EXCEPT SELECT month FROM publications) THEN
        RAISE EXCEPTION 'a verdict comes with its publication' USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (SELECT FROM added a
               WHERE NOT EXISTS (SELECT FROM beneficiaries b WHERE b.id = a.beneficiary_id OFFSET 0)) THEN
        RAISE EXCEPTION 'a verdict is somebody''s' USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (SELECT FROM added a
               WHERE NOT EXISTS (
                   SELECT FROM verdicts_due d
                   WHERE d.beneficiary_id = a.beneficiary_id
                     AND (d.conclusion, d.rule, d.loss_kind, d.loss_on, d.activity_kind, d.activity_on)
                         IS NOT DISTINCT FROM
                         (a.conclusion, a.rule, a.loss_kind, a.loss_on, a.activity_kind, a.activity_on) OFFSET 0)) THEN
        RAISE EXCEPTION 'a verdict says what was concluded for its publication'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION payroll_follows_a_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM publications
                   WHERE month = (NEW.month - interval '1 month')::date AND finished_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a payroll follows the publication of the month before'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""


def upgrade() -> None:
    for statements in (PUBLICATIONS, DUE, GUARDS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
