"""Challenges for face checks, and the evidence that a certification in person leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.appearance import Appearance
from storage.database import Connection

KEPT = timedelta(days=1)
"""How long an expired challenge is told apart from one that never was."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """Until when a nonce is of use, and whether it was used."""

    expires_at: datetime
    used: bool


@dataclass(frozen=True, slots=True)
class Nonce:
    """The digest of a nonce, whose it is and for which benefit."""

    digest: bytes
    account_id: int
    beneficiary_id: int


async def issue(connection: Connection, nonce: Nonce, at: datetime, until: datetime) -> None:
    """Keep a challenge; the account's former one for this benefit is of use no more."""
    await connection.execute(
        "DELETE FROM face_check_challenges WHERE account_id = $1 AND beneficiary_id = $2 AND used_at IS NULL",
        nonce.account_id,
        nonce.beneficiary_id,
    )
    await connection.execute(
        """INSERT INTO face_check_challenges (digest, account_id, beneficiary_id, issued_at, expires_at)
           VALUES ($1, $2, $3, $4, $5)""",
        nonce.digest,
        nonce.account_id,
        nonce.beneficiary_id,
        at,
        until,
    )


async def challenge(connection: Connection, digest: bytes, beneficiary_id: int) -> Challenge | None:
    """The caller's own challenge for that benefit."""
    row = await connection.fetchrow(
        """SELECT expires_at, used_at IS NOT NULL AS used FROM face_check_challenges
           WHERE digest = $1 AND beneficiary_id = $2""",
        digest,
        beneficiary_id,
    )
    return Challenge(row["expires_at"], row["used"]) if row else None


async def record(
    connection: Connection, appearance: Appearance, version: int, reference: str, challenge: bytes | None
) -> None:
    """The evidence of an act that made that version; a challenge is used up by it."""
    document = appearance.document
    await connection.execute(
        "SELECT record_appearance($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        appearance.id,
        version,
        appearance.kind,
        reference,
        appearance.presence,
        challenge,
        document.name.strip() if document else None,
        document.sha256.lower() if document else None,
        appearance.note,
    )


async def purge(connection: Connection, at: datetime) -> None:
    """Forget challenges that expired long ago; a used one stays known by what it was used for."""
    await connection.execute("DELETE FROM face_check_challenges WHERE expires_at < $1", at - KEPT)
