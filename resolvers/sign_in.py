"""Signing in with a unit's social insurance number (or another username) and password. Notice 附3."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.access import Viewer
from domain.refusal import ErrorCode, Refusal
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
    refusal = Refusal(ErrorCode.BAD_CREDENTIALS, ("input",))
    if len(username) > _LONGEST or len(password) > _LONGEST or "\0" in username:
        return refusal
    try:
        username.encode()
        password.encode()
    except UnicodeEncodeError:
        return refusal
    async with context.reading() as connection:
        account = await accounts.credentials(connection, username)
    if not await context.passwords.verify(account.password_hash if account else None, password):
        return refusal
    assert account is not None
    viewer = await signed_in(context, account.viewer)
    context.caller = viewer  # the rest of the answer is already theirs
    return SignedIn(viewer, context.tokens.issue(viewer, context.now))


async def signed_in(context: Context, viewer: Viewer) -> Viewer:
    """The account in a session of its own."""
    async with context.begin() as transaction:
        return replace(viewer, session=await sessions.begin(transaction, viewer.account_id, context.now))
