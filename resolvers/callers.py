"""Who sends a request: the account of its bearer token, our own or an outside provider's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import structlog

from domain.access import Viewer
from domain.audit import Means
from domain.refusal import ErrorCode, Refusal
from domain.text import problem
from resolvers import audit, signing_keys
from resolvers.context import Context
from security import refresh
from security.outside import Outside, Outsider, Unreachable
from security.spelling import signed
from security.tokens import UnknownKey
from storage import accounts, sessions
from storage.accounts import Account


async def of(context: Context, token: str) -> Viewer | None:
    """The account, in the session of its token; None where the token is none, or has ended."""
    viewer = await _whose(context, token)
    if viewer is None:
        await _told_where_forged(context, token)
    return viewer


async def _told_where_forged(context: Context, token: str) -> None:
    """A token that nobody has signed is recorded once, and some a minute at most: anybody can make them up."""
    gate, outside = context.gate, context.gate.outside
    if not gate.forged.is_new(token):
        return
    is_theirs = outside is not None and outside.is_named_by(token)
    forged = await outside.is_forged(token) if outside and is_theirs else gate.tokens.is_forged(token)
    if forged and (left_out := gate.forgeries.admit(gate.real_time())) is not None:
        await audit.forged_token(context, left_out)


async def _whose(context: Context, token: str) -> Viewer | None:
    outside = context.gate.outside
    if outside is not None and outside.is_named_by(token):
        return await _from_outside(context, outside, token)
    await signing_keys.refresh(context)
    try:
        return context.gate.tokens.read(token, context.now)
    except UnknownKey:
        return await _under_a_new_key(context, token)


async def _under_a_new_key(context: Context, token: str) -> Viewer | None:
    """Another worker may have learnt of a new key first."""
    await signing_keys.refresh(context, signing_keys.AT_MOST)
    try:
        return context.gate.tokens.read(token, context.now)
    except UnknownKey:
        return None


async def _from_outside(context: Context, outside: Outside, token: str) -> Viewer | None:
    """The account of that name, in the session that the token stands for."""
    now = context.gate.real_time()
    seen = outside.seen.viewer(token, now)
    if seen is not None:
        return seen
    outsider = await _read(context, outside, token)
    if outsider is None:
        return None
    account = await _account(context, outsider)
    if account is None or account.closed or (account.viewer.needs_second_factor and not outsider.second_factor):
        await _refused(context, outside, token, account, outsider.username)
        return None
    begun = await _in_session(context, account.viewer, token, outsider)
    if begun is None:
        return None
    entered, left = begun
    if left <= timedelta(0):
        await audit.ended_session(context, entered)
        return None
    outside.seen.remember(token, entered, context.gate.real_time() + left)
    return entered


async def _refused(context: Context, outside: Outside, token: str, account: Account | None, username: str) -> None:
    """The provider vouches for somebody whom nobody knows here, or not far enough: recorded once a token."""
    if outside.refused.is_new(signed(token)):
        unknown = account is None or account.closed
        code = ErrorCode.BAD_CREDENTIALS if unknown else ErrorCode.SECOND_FACTOR_REQUIRED
        await audit.sign_in_refused(context, account.viewer if account else None, Refusal(code, ()), username)


async def _read(context: Context, outside: Outside, token: str) -> Outsider | None:
    try:
        return await outside.read(token, context.gate.real_time())
    except Unreachable:
        structlog.get_logger().warning("outside provider unreachable")
        return None


async def _account(context: Context, outsider: Outsider) -> Account | None:
    """Whose name the provider gave."""
    if problem(outsider.username):
        return None
    async with context.reading() as connection:
        return await accounts.credentials(connection, outsider.username)


async def _in_session(
    context: Context, viewer: Viewer, token: str, outsider: Outsider
) -> tuple[Viewer, timedelta] | None:
    """The account in the token's session, and how long that lasts: no longer than one of our own, whatever the token.

    Revoking works as for our own tokens: the session ends, and with it what the token is good for, however it is
    spelled: what finds the session is what the signature covers.
    """
    until = context.now + (outsider.ends_at - context.gate.real_time())
    until, digest = min(until, refresh.session_ends_at(viewer.role, context.now)), refresh.digest(signed(token))
    async with context.begin() as transaction:
        begun = await sessions.begin_outside(
            transaction, viewer.account_id, context.now, until, context.address, digest
        )
        if begun is None:
            return None  # it was closed a moment ago
        session, ends_at, is_new = begun
        entered = replace(viewer, session=session)
        if is_new:
            await audit.signed_in(context, transaction, entered, Means.OUTSIDE_PROVIDER)
    return entered, ends_at - context.now
