"""People as they are known: by the digest of an ID number, with the number sealed beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.contact import Contact
from storage.database import Connection, Reader, Record


@dataclass(frozen=True, slots=True)
class Kept:
    """A person's ID number as the row holds it."""

    id: int
    digest: bytes
    sealed: bytes


async def known_by(connection: Connection, digests: Sequence[bytes]) -> int | None:
    """The id of the person with one of the digests, which are all of one ID number."""
    found: int | None = await connection.fetchval(
        "SELECT id FROM persons WHERE id_number_digest = ANY($1::bytea[])", list(digests)
    )
    return found


async def behind(connection: Connection, beneficiary_id: int) -> tuple[Kept, Contact, int] | None:
    """Who draws a benefit, with the contact data and the id of the unit."""
    row = await connection.fetchrow(
        """SELECT p.*, b.unit_id, b.phone, b.household_address, b.residence_address
           FROM beneficiaries b JOIN persons p ON p.id = b.person_id WHERE b.id = $1""",
        beneficiary_id,
    )
    if row is None:
        return None
    return _kept(row), Contact(row["phone"], row["household_address"], row["residence_address"]), row["unit_id"]


async def of_account(connection: Reader, username: str) -> Kept | None:
    """Who signs in as a PERSON under that name."""
    row = await connection.fetchrow(
        "SELECT p.* FROM accounts a JOIN persons p ON p.id = a.person_id WHERE a.username = $1 AND a.role = 'PERSON'",
        username,
    )
    return _kept(row) if row else None


async def count(connection: Connection) -> int:
    found: int = await connection.fetchval("SELECT count(*) FROM persons")
    return found


async def sealed_otherwise(connection: Connection, sealing: bytes, after: int, limit: int) -> list[Kept]:
    """The next people after an id whose number does not begin as the current key seals; locked."""
    rows = await connection.fetch(
        """SELECT * FROM persons WHERE id > $2 AND substr(id_number_sealed, 1, length($1::bytea)) <> $1
           ORDER BY id LIMIT $3 FOR NO KEY UPDATE""",
        sealing,
        after,
        limit,
    )
    return [_kept(row) for row in rows]


async def seal_anew(connection: Connection, people: Sequence[Kept]) -> None:
    await connection.execute(
        """UPDATE persons p SET id_number_digest = n.digest, id_number_sealed = n.sealed
           FROM unnest($1::bigint[], $2::bytea[], $3::bytea[]) AS n (id, digest, sealed) WHERE p.id = n.id""",
        [one.id for one in people],
        [one.digest for one in people],
        [one.sealed for one in people],
    )


def _kept(row: Record) -> Kept:
    return Kept(row["id"], row["id_number_digest"], row["id_number_sealed"])
