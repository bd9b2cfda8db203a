"""Personal data: ID numbers lie sealed beside the digest by which they are found, under keys of their own.

Revision ID: 0007
"""

from typing import Any

from alembic import op

from storage.migrations import script

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_CHUNK = 5000  # people

KEYS = """
CREATE TABLE data_keys (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    purpose text NOT NULL CHECK (purpose IN ('ID_NUMBER', 'LOOKUP')),
    cipher  text CHECK (cipher IN ('AES_GCM_SIV', 'SM4_GCM')),
    wrapped bytea NOT NULL,
    current boolean NOT NULL,
    made_at timestamptz NOT NULL,
    CHECK ((purpose = 'LOOKUP') = (cipher IS NULL))
);
COMMENT ON TABLE data_keys IS
    'The keys of persons.id_number_*, each wrapped under SECRET_KEY; former ones are there while keys rotate';
CREATE UNIQUE INDEX data_keys_current ON data_keys (purpose) WHERE current;

ALTER TABLE persons ADD COLUMN id_number_digest bytea, ADD COLUMN id_number_sealed bytea;
"""

# CLUSTER writes the table anew: a dropped column would stay in the file, and in what the updates left behind.
SEALED = """
ALTER TABLE persons
    DROP COLUMN id_number,
    ALTER COLUMN id_number_digest SET NOT NULL,
    ALTER COLUMN id_number_sealed SET NOT NULL,
    ADD UNIQUE (id_number_digest),
    ADD CHECK (octet_length(id_number_digest) = 32);
CLUSTER persons USING persons_pkey;
ALTER TABLE persons SET WITHOUT CLUSTER;
COMMENT ON TABLE persons IS
    'The only place of an ID number: the HMAC-SHA256 it is found by, and bound to it key id, nonce, ciphertext, tag';
"""

GRANTS = """
GRANT SELECT ON data_keys TO renzheng_app;
GRANT SELECT, INSERT, DELETE ON data_keys TO renzheng_batch;
GRANT UPDATE (wrapped, current) ON data_keys TO renzheng_batch;
GRANT UPDATE (id_number_digest, id_number_sealed) ON persons TO renzheng_batch;
"""


def upgrade() -> None:
    script.execute(KEYS)
    config = op.get_context().config
    assert config is not None
    script.run(_seal_everybody, config.attributes["personal"])
    for statements in (SEALED, GRANTS):
        script.execute(statements)


async def _seal_everybody(driver: Any, personal: Any) -> None:
    """Make the first keys, and seal under them who is known."""
    for purpose in ("ID_NUMBER", "LOOKUP"):
        await driver.execute(
            "INSERT INTO data_keys (purpose, cipher, wrapped, current, made_at) VALUES ($1, $2, $3, true, now())",
            purpose,
            *personal.new_key(purpose),
        )
    personal.hold(await driver.fetch("SELECT id, purpose, cipher, wrapped, current FROM data_keys"))
    after = 0
    while people := await driver.fetch(
        "SELECT id, id_number FROM persons WHERE id > $1 ORDER BY id LIMIT $2", after, _CHUNK
    ):
        after = people[-1]["id"]
        digests, sealed = zip(*(personal.sealed(person["id_number"]) for person in people), strict=True)
        await driver.execute(
            """UPDATE persons p SET id_number_digest = n.digest, id_number_sealed = n.sealed
               FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS n (id, digest, sealed) WHERE p.id = n.id""",
            [person["id"] for person in people],
            digests,
            sealed,
        )


def downgrade() -> None:
    raise NotImplementedError("history is never migrated away; restore a backup")
