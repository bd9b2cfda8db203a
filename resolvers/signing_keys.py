"""The keys that sign access tokens: made, rotated, and known to every worker."""

from __future__ import annotations

from datetime import timedelta

from domain.audit import AuditAction, Told, Values
from resolvers import audit
from resolvers.context import Context
from security.keys import Secret
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
    """Wrap every key under the current secret."""
    for key in await signing_keys.verifying(transaction, context.now):
        anew = context.gate.secret.wrapped_anew(key.wrapped, _purpose(key.kid))
        await signing_keys.rewrap(transaction, key.kid, anew)


async def refresh(context: Context, older_than: timedelta = REGULARLY) -> bool:
    """Know the keys that the database holds, where they were read longer ago than that; whether they were read."""
    tokens, now = context.gate.tokens, context.gate.real_time()
    if tokens.read_at is not None and now - tokens.read_at < older_than:
        return False
    async with context.database.reading() as connection:
        held = await signing_keys.verifying(connection, context.now)
    tokens.know([_unwrapped(context.gate.secret, key, signs=key is held[-1]) for key in held], now)
    return True


def _made(secret: Secret) -> KeyRow:
    key = SigningKey.made()
    assert key.private is not None
    return KeyRow(key.kid, key.public, secret.wrap(key.private, _purpose(key.kid)))


def _unwrapped(secret: Secret, key: KeyRow, *, signs: bool) -> SigningKey:
    return SigningKey(key.kid, key.public, secret.unwrap(key.wrapped, _purpose(key.kid)) if signs else None)


def _purpose(kid: str) -> str:
    return f"signing {kid}"
