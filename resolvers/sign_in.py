"""Signing in with a unit's social insurance number (or another username) and password. Notice 附3."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.access import Viewer
from domain.refusal import ErrorCode, Refusal
from resolvers import audit
from resolvers.context import Context
from resolvers.tokens import AccessToken
from storage import accounts, sessions

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class SignedIn:
    viewer: Viewer
    token: AccessToken


async def sign_in(context: Context, username: str, password: str) -> SignedIn | Refusal:
    """A token for who the account is; an unknown name and a wrong password are told apart by nothing."""
    if not _readable(username) or not _readable(password) or "\0" in username:
        return await _refused(context, None)
    async with context.reading() as connection:
        account = await accounts.credentials(connection, username)
    if not await context.passwords.verify(account.password_hash if account else None, password):
        return await _refused(context, account.viewer if account else None)
    assert account is not None
    viewer = await signed_in(context, account.viewer)
    context.caller = viewer  # the rest of the answer is already theirs
    return SignedIn(viewer, context.tokens.issue(viewer, context.now))


async def signed_in(context: Context, viewer: Viewer) -> Viewer:
    """The account in a session of its own."""
    async with context.begin() as transaction:
        session = await sessions.begin(transaction, viewer.account_id, context.now, context.address)
        entered = replace(viewer, session=session)
        await audit.signed_in(context, transaction, entered)
    return entered


async def _refused(context: Context, tried: Viewer | None) -> Refusal:
    async with context.begin() as transaction:
        await audit.sign_in_refused(context, transaction, tried)
    return Refusal(ErrorCode.BAD_CREDENTIALS, ("input",))


def _readable(text: str) -> bool:
    """Whether it is no longer than a name or password is, and UTF-8 can write it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return len(text) <= _LONGEST
