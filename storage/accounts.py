"""Accounts: who may sign in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.access import Viewer
from domain.vocabulary import Role
from storage.database import Connection, Reader, Record


@dataclass(frozen=True, slots=True)
class Account:
    viewer: Viewer
    password_hash: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account as a file gives it, with its password hashed and its person's ID number sealed."""

    username: str
    role: Role
    unit_si_number: str | None
    district: str | None
    id_number_digest: bytes | None
    id_number_sealed: bytes | None
    password_hash: str


async def credentials(connection: Reader, username: str) -> Account | None:
    """What signing in compares with; nobody is entered yet."""
    row = await connection.fetchrow("SELECT * FROM credentials($1)", username)
    return Account(_viewer(row), row["password_hash"], row["closed"]) if row else None


async def password_hashes(connection: Reader, usernames: Sequence[str]) -> dict[str, str]:
    rows = await connection.fetch(
        "SELECT username, password_hash FROM accounts WHERE username = ANY($1)", list(usernames)
    )
    return {row["username"]: row["password_hash"] for row in rows}


@dataclass(frozen=True, slots=True)
class Holder:
    """An account that is there, and by which digest its holder is found, where that is known."""

    username: str
    role: Role
    digest: bytes | None


async def holders(connection: Reader, usernames: Sequence[str], digests: Sequence[bytes]) -> list[Holder]:
    """The accounts of these names, and those of the persons with these ID numbers."""
    rows = await connection.fetch(
        """SELECT a.username, a.role, p.id_number_digest AS digest
           FROM accounts a LEFT JOIN persons p ON p.id = a.person_id
           WHERE a.username = ANY($1) OR p.id_number_digest = ANY($2)""",
        list(usernames),
        list(digests),
    )
    return [Holder(row["username"], Role(row["role"]), row["digest"]) for row in rows]


async def unknown_units(connection: Reader, si_numbers: Sequence[str]) -> set[str]:
    rows = await connection.fetch(
        "SELECT n FROM unnest($1::text[]) AS n WHERE NOT EXISTS (SELECT FROM units WHERE si_number = n)",
        list(si_numbers),
    )
    return {row["n"] for row in rows}


@dataclass(frozen=True, slots=True)
class Saved:
    """An account that was added or changed, where it belongs now and where before, and what else is another."""

    id: int
    role: Role
    unit_id: int | None
    district: str | None
    unit_before: int | None
    district_before: str | None
    is_new: bool
    password: bool
    holder: bool


async def save(connection: Connection, rows: Sequence[AccountRow]) -> list[Saved]:
    """Insert what is new and update what differs: these, in two statements."""
    await connection.execute(
        """INSERT INTO persons (id_number_digest, id_number_sealed)
           SELECT DISTINCT ON (digest) * FROM unnest($1::bytea[], $2::bytea[]) AS n (digest, sealed)
           WHERE digest IS NOT NULL ON CONFLICT DO NOTHING""",
        [row.id_number_digest for row in rows],
        [row.id_number_sealed for row in rows],
    )
    saved = await connection.fetch(
        """INSERT INTO accounts AS a (username, role, unit_id, district, person_id, password_hash)
           SELECT n.username, n.role, u.id, n.district, p.id, n.hash
           FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::text[])
                AS n (username, role, si_number, district, id_number_digest, hash)
           LEFT JOIN units u USING (si_number) LEFT JOIN persons p USING (id_number_digest)
           ON CONFLICT (username) DO UPDATE SET role = EXCLUDED.role, unit_id = EXCLUDED.unit_id,
               district = EXCLUDED.district, person_id = EXCLUDED.person_id, password_hash = EXCLUDED.password_hash
           WHERE (a.role, a.unit_id, a.district, a.person_id, a.password_hash) IS DISTINCT FROM
                 (EXCLUDED.role, EXCLUDED.unit_id, EXCLUDED.district, EXCLUDED.person_id, EXCLUDED.password_hash)
           RETURNING a.id, a.role, a.unit_id, a.district, old.unit_id AS unit_before, old.district AS district_before,
                     old.id IS NULL AS is_new, a.password_hash IS DISTINCT FROM old.password_hash AS password,
                     a.person_id IS DISTINCT FROM old.person_id AS holder""",
        [row.username for row in rows],
        [row.role for row in rows],
        [row.unit_si_number for row in rows],
        [row.district for row in rows],
        [row.id_number_digest for row in rows],
        [row.password_hash for row in rows],
    )
    return [Saved(**{**row, "role": Role(row["role"])}) for row in saved]


async def close(connection: Connection, account_id: int, at: datetime | None) -> bool:
    """Close the account, or with None open it; False where it was so before."""
    done: int | None = await connection.fetchval(
        """UPDATE accounts SET closed_at = $2::timestamptz
           WHERE id = $1 AND (closed_at IS NULL) = ($2::timestamptz IS NOT NULL) RETURNING id""",
        account_id,
        at,
    )
    return done is not None


async def outgrow(connection: Reader, account: Account, stronger: str) -> None:
    """Keep a stronger hash of the same password, unless another one was set meanwhile."""
    await connection.fetchval(
        "SELECT outgrow_password($1, $2, $3)", account.viewer.account_id, account.password_hash, stronger
    )


def _viewer(row: Record) -> Viewer:
    return Viewer(row["id"], row["username"], Role(row["role"]), row["unit_id"], row["district"])


async def is_about_caller(connection: Reader, beneficiary_id: int | None) -> bool:
    """Whether the row is that of whoever the account belongs to, as far as that is known."""
    found: bool = await connection.fetchval("SELECT is_about_caller($1)", beneficiary_id)
    return found
