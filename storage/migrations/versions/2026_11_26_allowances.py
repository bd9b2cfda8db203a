"""Allowances: what each caller may spend on requests, counted over every worker.

Revision ID: 0011
"""

from storage.migrations import script

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ALLOWANCES = """
CREATE TABLE allowances (
    key       bytea PRIMARY KEY CHECK (octet_length(key) = 32),
    points    double precision NOT NULL CHECK (points >= 0),
    filled_at timestamptz NOT NULL
) WITH (fillfactor = 70);
COMMENT ON TABLE allowances IS
    'Points left to spend when they were last looked at; keys are HMACs of an account or an address';
CREATE INDEX allowances_filled ON allowances (filled_at);

CREATE FUNCTION lease_points(
    key bytea, wanted bigint, capacity bigint, refill bigint, OUT granted bigint, OUT remaining bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    held double precision;
BEGIN
    IF wanted < 0 OR capacity < 0 OR refill < 0 THEN
        RAISE EXCEPTION 'points are given out, never taken in' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- By the one clock of the database, read once the row is locked: it never runs back between two workers.
    INSERT INTO allowances AS a (key, points, filled_at) VALUES (lease_points.key, capacity, clock_timestamp())
    ON CONFLICT ON CONSTRAINT allowances_pkey DO UPDATE SET
        points = least(
            capacity, a.points + refill * extract(epoch FROM greatest(clock_timestamp() - a.filled_at, '0'))),
        filled_at = greatest(a.filled_at, clock_timestamp())
    RETURNING a.points INTO held;
    granted := least(wanted, floor(held)::bigint);
    remaining := floor(held)::bigint - granted;
    UPDATE allowances a SET points = held - granted WHERE a.key = lease_points.key;
END $$;
COMMENT ON FUNCTION lease_points IS 'Take points out of a bucket, as many as there are, up to what is wanted';
"""

GRANTS = """
REVOKE ALL ON FUNCTION lease_points FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lease_points TO renzheng_app;
GRANT SELECT, DELETE ON allowances TO renzheng_batch;
ALTER TABLE allowances ENABLE ROW LEVEL SECURITY;
CREATE POLICY batch ON allowances TO renzheng_batch USING (true);
"""


def upgrade() -> None:
    for statements in (ALLOWANCES, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
