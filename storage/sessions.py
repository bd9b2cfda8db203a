"""Sessions: how they begin, are refreshed and end. An ended one is refused by the very statement that would use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.access import Viewer
from domain.vocabulary import Role
from storage.accounts import Account
from storage.database import Connection, Reader

KEPT = timedelta(days=90)
"""How long one can still ask who was signed in, from where and until when."""


class Ending(StrEnum):
    """Why a session ended, where it was not an operator, who gives a reason in words."""

    SIGNED_OUT = "SIGNED_OUT"
    SIGNED_OUT_EVERYWHERE = "SIGNED_OUT_EVERYWHERE"
    ACCOUNT_CHANGED = "ACCOUNT_CHANGED"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    SECOND_FACTOR_CHANGED = "SECOND_FACTOR_CHANGED"
    KEY_GIVEN_UP = "KEY_GIVEN_UP"


class Presented(StrEnum):
    """What became of a refresh token that was presented."""

    RENEWED = "RENEWED"
    ENDED = "ENDED"
    REUSED = "REUSED"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """Whose session it is, until when it may be refreshed, and whether it has moved to another address."""

    presented: Presented
    viewer: Viewer
    ends_at: datetime
    moved: bool


async def begin(
    connection: Reader, account: Account, at: datetime, ends_at: datetime, address: str | None = None
) -> UUID | None:
    """A new session of the account, whose id is a secret of its tokens.

    None where the password is another by now, or the account closed.
    """
    found: UUID | None = await connection.fetchval(
        "SELECT begin_session($1, $2, $3, $4, $5)",
        account.viewer.account_id,
        account.password_hash,
        at,
        ends_at,
        address,
    )
    return found


async def begin_outside(
    connection: Reader, account_id: int, at: datetime, ends_at: datetime, address: str | None, token: bytes
) -> tuple[UUID, datetime, bool] | None:
    """The one session of an outside provider's token, given as a digest; when it ends, and whether it begins now.

    None where the account is closed.
    """
    row = await connection.fetchrow(
        "SELECT * FROM begin_outside_session($1, $2, $3, $4, $5)", account_id, at, ends_at, address, token
    )
    return (row["id"], row["ends_at"], row["begun"]) if row else None


async def hand_out(connection: Reader, session: UUID, token: bytes, at: datetime, expires_at: datetime) -> None:
    """Keep the digest of a session's first refresh token."""
    await connection.fetchval("SELECT hand_out_refresh_token($1, $2, $3, $4)", session, token, at, expires_at)


async def refresh(
    connection: Reader, presented: bytes, following: bytes, at: datetime, idle: timedelta, address: str | None
) -> Refreshed | None:
    """Use up a refresh token and keep the one that follows, both given as digests; None where nobody has such a one.

    One that was used before ends its session: somebody else has it. Of two presented at once one is the first.
    """
    row = await connection.fetchrow(
        "SELECT * FROM refresh_session($1, $2, $3, $4, $5)", presented, following, at, idle, address
    )
    if row is None:
        return None
    viewer = Viewer(row["account_id"], row["username"], Role(row["role"]), row["unit_id"], row["district"], row["id"])
    return Refreshed(Presented(row["presented"]), viewer, row["ends_at"], row["moved"])


async def check(connection: Reader) -> None:
    """Enter the session, and ask nothing more."""
    await connection.fetchval("SELECT true")


async def end_own(connection: Connection, session: UUID | None, because: str, at: datetime) -> int:
    """End that session of the account whose transaction it is, or without one all of its sessions; how many."""
    ended: int = await connection.fetchval("SELECT end_own_sessions($1, $2, $3)", session, because, at)
    return ended


async def end_all(connection: Connection, account_ids: Sequence[int], because: str, at: datetime) -> int:
    """End every session of these accounts; how many there were."""
    ended = await connection.fetch(
        """UPDATE sessions SET ended_at = $2, ended_because = $3 WHERE account_id = ANY($1) AND ended_at IS NULL
           RETURNING id""",
        list(account_ids),
        at,
        because,
    )
    return len(ended)


async def end_everybodys(connection: Connection, because: str, at: datetime) -> int:
    """End every session that there is; how many there were."""
    done = await connection.execute(
        "UPDATE sessions SET ended_at = $1, ended_because = $2 WHERE ended_at IS NULL", at, because
    )
    return int(done.split()[-1])


async def purge(connection: Connection, at: datetime) -> None:
    """Forget refresh tokens that cannot be used any more, and sessions that ended long ago with what they left."""
    await connection.execute("DELETE FROM refresh_tokens WHERE expires_at <= $1", at)
    await connection.execute("DELETE FROM sessions WHERE least(ended_at, ends_at) < $1", at - KEPT)


async def enter(connection: Connection, session: UUID) -> None:
    """Be the account of the session until the transaction ends."""
    await connection.execute("SELECT enter($1)", session)
