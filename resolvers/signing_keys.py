"""The keys that sign access tokens: made, rotated, and known to every worker."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import structlog

from domain.audit import AuditAction, Told, Values
from resolvers import audit
from resolvers.context import Context
from security.keys import Secret, WrongSecret
from security.tokens import LIFE, SigningKey
from storage import sessions, signing_keys
from storage.database import Connection
from storage.sessions import Ending
from storage.signing_keys import KeyRow

REGULARLY = timedelta(minutes=1)
"""How old a worker's knowledge may be: a key that was given up is trusted nowhere for longer."""
AT_MOST = timedelta(seconds=5)
"""How soon a worker looks again: whoever makes up names of keys does not keep the database busy."""
_GRACE = timedelta(minutes=1)  # for a worker that signs with the former key until it has looked again


async def ensure(context: Context) -> None:
    """Make the first key, where there is none."""
    async with context.begin() as transaction:
        await signing_keys.add_first(transaction, _made(context.gate.secret), context.now)


async def rotate(context: Context, *, at_once: bool = False) -> tuple[str, int]:
    """A new key signs from now on; the name of it, and how many sessions were ended.

    The former verifies until the last of its tokens has ended.

    `at_once` it verifies no more, for somebody else may have it, and every session ends: a worker that goes by the
    former key for another minute finds that a token made with it is of no session.
    """
    made = _made(context.gate.secret)
    until = context.now if at_once else context.now + LIFE + _GRACE
    async with context.begin() as transaction:
        await signing_keys.replace(transaction, made, context.now, until)
        ended = await sessions.end_everybodys(transaction, Ending.KEY_GIVEN_UP, context.now) if at_once else 0
        facts: Values = {"keys": "signing", "kid": made.kid, "at_once": at_once, "sessions": ended}
        await audit.record(context, transaction, Told(AuditAction.KEYS_ROTATED, facts=facts))
    return made.kid, ended


async def rewrap(context: Context, transaction: Connection) -> None:
    """Wrap every key under the current secret; one that does not fit is left as it is, and out of use."""
    for key in await signing_keys.verifying(transaction, context.now):
        if (fits := _genuine(context.gate.secret, key)) is not None and fits.private is not None:
            await signing_keys.rewrap(transaction, key.kid, context.gate.secret.wrap(fits.private, _purpose(key.kid)))


async def refresh(context: Context, older_than: timedelta = REGULARLY) -> bool:
    """Know the keys that the database holds, where they were read longer ago than that; whether they were read."""
    tokens, now = context.gate.tokens, context.gate.real_time()
    if tokens.read_at is not None and now - tokens.read_at < older_than:
        return False
    async with context.database.reading() as connection:
        held = await signing_keys.verifying(connection, context.now)
    genuine = [key for row in held if (key := _genuine(context.gate.secret, row))]
    tokens.know([replace(key, private=None) for key in genuine[:-1]] + genuine[-1:], now)
    return True


def _made(secret: Secret) -> KeyRow:
    key = SigningKey.made()
    assert key.private is not None
    return KeyRow(key.kid, key.public, secret.wrap(key.private, _purpose(key.kid)))


def _genuine(secret: Secret, row: KeyRow) -> SigningKey | None:
    """The pair, where SECRET_KEY vouches for it: the private half was wrapped by it, and makes the public one.

    Whoever writes in the database without it may put any key there; such a row is left out, and everybody goes on.
    """
    with suppress(WrongSecret):
        key = SigningKey.of(row.kid, secret.unwrap(row.wrapped, _purpose(row.kid)))
        if key.public == row.public:
            return key
    structlog.get_logger().error("signing key left out", kid=row.kid)
    return None


def _purpose(kid: str) -> str:
    return f"signing {kid}"
