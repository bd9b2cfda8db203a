"""Warnings: each fact once, the message that goes out about it, and the inbox of a demo.

Revision ID: 0019
"""

from storage.migrations import script

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE messages (
    id             uuid PRIMARY KEY,
    unit_id        bigint NOT NULL REFERENCES units,
    beneficiary_id bigint REFERENCES beneficiaries,
    kind           text NOT NULL CHECK (kind IN ('WINDOW_ENTERED', 'LAPSED', 'SUSPENDED', 'REINSTATED',
                                                 'ANSWER_OVERDUE')),
    month          date NOT NULL CHECK (extract(day FROM month) = 1),
    status         text CHECK (status IN ('NORMAL', 'DECEASED', 'MISSING', 'IMPRISONED')),
    people         integer NOT NULL CHECK (people > 0),
    made_at        timestamptz NOT NULL,
    state          text NOT NULL DEFAULT 'WAITING' CHECK (state IN ('WAITING', 'SENT', 'GIVEN_UP', 'WITHDRAWN')),
    channel        text CHECK (channel IN ('SMTP', 'WEBHOOK', 'INBOX')),
    attempts       integer NOT NULL DEFAULT 0,
    next_at        timestamptz NOT NULL,
    last_error     text,
    closed_at      timestamptz,
    CHECK ((state = 'WAITING') = (closed_at IS NULL)),
    CHECK (state <> 'SENT' OR channel IS NOT NULL)
);
COMMENT ON TABLE messages IS 'What goes out to a person, or to a unit (no beneficiary_id); receivers know it by its id';
CREATE INDEX messages_waiting ON messages (next_at) WHERE state = 'WAITING';

CREATE TABLE warnings (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    beneficiary_id bigint NOT NULL REFERENCES beneficiaries,
    kind           text NOT NULL,
    month          date NOT NULL CHECK (extract(day FROM month) = 1),
    fact           bigint NOT NULL,
    status         text,
    warned_on      date NOT NULL,
    at             timestamptz NOT NULL,
    message_id     uuid NOT NULL REFERENCES messages,
    CONSTRAINT nobody_is_warned_twice UNIQUE (beneficiary_id, kind, month, fact)
);
COMMENT ON TABLE warnings IS
    'Who was warned of what: of a month, and of a suspension (fact: its version) or a case (fact: its id)';
CREATE INDEX warnings_message ON warnings (message_id);

CREATE TABLE inbox (
    message_id uuid PRIMARY KEY REFERENCES messages,
    recipient  text NOT NULL,
    text       text NOT NULL,
    at         timestamptz NOT NULL
);
COMMENT ON TABLE inbox IS 'Where the messages of a demo arrive';
"""

GUARDS = """
CREATE FUNCTION message_is_closed_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'WAITING' OR NEW.attempts < OLD.attempts
       OR (NEW.id, NEW.unit_id, NEW.beneficiary_id, NEW.kind, NEW.month, NEW.status, NEW.people, NEW.made_at)
          IS DISTINCT FROM (OLD.id, OLD.unit_id, OLD.beneficiary_id, OLD.kind, OLD.month, OLD.status, OLD.people,
                            OLD.made_at) THEN
        RAISE EXCEPTION 'a message goes out as it was written, once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER message_is_closed_once BEFORE UPDATE ON messages
    FOR EACH ROW EXECUTE FUNCTION message_is_closed_once();
"""

GRANTS = """
GRANT SELECT ON warnings, messages TO renzheng_app;
GRANT SELECT, INSERT ON warnings, messages, inbox TO renzheng_batch;
GRANT UPDATE (state, channel, attempts, next_at, last_error, closed_at) ON messages TO renzheng_batch;
ALTER TABLE warnings ENABLE ROW LEVEL SECURITY;
ALTER TABLE messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE inbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY batch ON warnings TO renzheng_batch USING (true);
CREATE POLICY batch ON messages TO renzheng_batch USING (true);
CREATE POLICY batch ON inbox TO renzheng_batch USING (true);
CREATE POLICY own ON warnings FOR SELECT TO renzheng_app USING (
    EXISTS (SELECT FROM beneficiaries b WHERE b.id = warnings.beneficiary_id));
CREATE POLICY own ON messages FOR SELECT TO renzheng_app USING (
    CASE WHEN beneficiary_id IS NOT NULL THEN EXISTS (SELECT FROM beneficiaries b WHERE b.id = messages.beneficiary_id)
         ELSE EXISTS (SELECT FROM units u WHERE u.id = messages.unit_id) END);
"""


def upgrade() -> None:
    for statements in (TABLES, GUARDS, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
