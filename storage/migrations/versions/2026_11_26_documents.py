"""Documents that were persisted: what may be asked for by its hash.

Revision ID: 0012
"""

from storage.migrations import script

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

DOCUMENTS = """
CREATE TABLE persisted_documents (
    hash         text PRIMARY KEY CHECK (hash ~ '^([0-9a-f]{40}|[0-9a-f]{64})$'),
    text         text NOT NULL CHECK (length(text) <= 100000),
    persisted_at timestamptz NOT NULL,
    CHECK (length(hash) = 40 OR hash = encode(sha256(convert_to(text, 'UTF8')), 'hex'))
);
COMMENT ON TABLE persisted_documents IS 'GraphQL documents by the SHA-256 or SHA-1 of their text; written once';
"""

GRANTS = """
GRANT SELECT ON persisted_documents TO renzheng_app, renzheng_batch;
GRANT INSERT ON persisted_documents TO renzheng_batch;
ALTER TABLE persisted_documents ENABLE ROW LEVEL SECURITY;
CREATE POLICY callers ON persisted_documents FOR SELECT TO renzheng_app USING (true);  -- signing in is one of them
CREATE POLICY batch ON persisted_documents TO renzheng_batch USING (true);
"""


def upgrade() -> None:
    for statements in (DOCUMENTS, GRANTS):
        script.execute(statements)


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
