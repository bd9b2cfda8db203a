"""What happens, for those who follow it: events in the order of their commits, announcements, seats.

Revision ID: 0013
"""

from storage.migrations import script

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

EVENTS = """
CREATE TABLE event_heads (
    unit_id bigint PRIMARY KEY,
    number  bigint NOT NULL
);
COMMENT ON TABLE event_heads IS 'The number of a unit''s newest event; unit 0 is the agency';

CREATE TABLE events (
    unit_id bigint NOT NULL,
    number  bigint NOT NULL,
    topic   text NOT NULL CHECK (topic IN ('ROSTER', 'VERDICTS', 'RUN')),
    people  bigint[],
    month   date,
    run     text,
    state   text,
    done    integer,
    total   integer,
    at      timestamptz NOT NULL,
    PRIMARY KEY (unit_id, number),
    CHECK ((topic = 'ROSTER') = (people IS NOT NULL)),
    CHECK ((topic <> 'ROSTER') = (month IS NOT NULL)),
    CHECK ((topic = 'RUN') = (unit_id = 0)),
    CHECK ((topic = 'RUN') = (run IS NOT NULL AND state IS NOT NULL AND done IS NOT NULL))
);
COMMENT ON TABLE events IS 'What subscribers are told, kept some days: whose row changed, never what it holds';
CREATE INDEX events_at ON events (at);

CREATE FUNCTION number_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
BEGIN
    -- The head is held until the act commits: a later number is given only once every earlier one can be read.
    INSERT INTO event_heads AS h (unit_id, number) VALUES (NEW.unit_id, 1)
    ON CONFLICT (unit_id) DO UPDATE SET number = h.number + 1 RETURNING number INTO NEW.number;
    PERFORM pg_notify('renzheng', 'unit ' || NEW.unit_id);
    RETURN NEW;
END $$;
CREATE TRIGGER number_event BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION number_event();
"""

SESSIONS = """
CREATE FUNCTION announce_session_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('renzheng', 'account ' || NEW.account_id);
    RETURN NULL;
END $$;
CREATE TRIGGER announce_session_ended AFTER UPDATE ON sessions
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION announce_session_ended();
"""

# The machine's time: a lease is about processes, which a rehearsal's clock does not move.
SEATS = """
CREATE UNLOGGED TABLE seats (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id bigint NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('SOCKET', 'SUBSCRIPTION')),
    kept_until timestamptz NOT NULL
);
COMMENT ON TABLE seats IS 'What an account holds open, on every worker; a worker that dies keeps none of its seats';
CREATE INDEX seats_account ON seats (account_id, kind);

CREATE FUNCTION take_seat(wanted text, most integer, kept interval) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE
    taken uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(x'73656174'::int, hashint8(caller_account()));
    INSERT INTO seats (account_id, kind, kept_until)
    SELECT caller_account(), wanted, now() + kept
    WHERE most > (SELECT count(*) FROM seats s
                  WHERE s.account_id = caller_account() AND s.kind = wanted AND s.kept_until > now())
    RETURNING id INTO taken;
    RETURN taken;
END $$;
COMMENT ON FUNCTION take_seat IS 'A seat of the caller''s account, NULL where it has as many already';

CREATE FUNCTION keep_seats(held uuid[], kept interval) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        UPDATE seats SET kept_until = now() + kept WHERE id = ANY (held);
        DELETE FROM seats WHERE kept_until < now();
    END;
CREATE FUNCTION leave_seat(held uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public
    BEGIN ATOMIC
        DELETE FROM seats WHERE id = held;
    END;
REVOKE ALL ON FUNCTION take_seat, keep_seats, leave_seat FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_seat, keep_seats, leave_seat TO renzheng_app;
ALTER TABLE seats ENABLE ROW LEVEL SECURITY;
"""

GRANTS = """
GRANT SELECT ON events, event_heads TO renzheng_app, renzheng_batch;
GRANT INSERT (unit_id, topic, people, at) ON events TO renzheng_app;
GRANT INSERT (unit_id, topic, month, run, state, done, total, at), DELETE ON events TO renzheng_batch;

ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE event_heads ENABLE ROW LEVEL SECURITY;
CREATE POLICY batch ON events TO renzheng_batch USING (true);
CREATE POLICY batch ON event_heads FOR SELECT TO renzheng_batch USING (true);
DO $$
DECLARE
    held text;
BEGIN
    FOREACH held IN ARRAY ARRAY['events', 'event_heads'] LOOP
        EXECUTE format($policy$
            CREATE POLICY own ON %I FOR SELECT TO renzheng_app USING (
                unit_id = 0 AND (SELECT caller_role()) IN ('OFFICER', 'AUDITOR', 'SERVICE')
                OR unit_id <> 0 AND (SELECT caller_role()) IN ('UNIT', 'OFFICER', 'AUDITOR')
                   AND EXISTS (SELECT FROM units u WHERE u.id = unit_id))
            $policy$, held);
    END LOOP;
END $$;
CREATE POLICY telling ON events FOR INSERT TO renzheng_app WITH CHECK (
    topic = 'ROSTER' AND (SELECT caller_role()) IN ('UNIT', 'OFFICER')
    AND EXISTS (SELECT FROM units u WHERE u.id = unit_id));
"""


def upgrade() -> None:
    for statements in (EVENTS, SESSIONS, SEATS, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
