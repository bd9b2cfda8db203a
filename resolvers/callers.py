"""Who sends a request: the account of its bearer token, our own or an outside provider's."""

from __future__ import annotations

from dataclasses import replace

import structlog

from domain.access import Viewer
from domain.text import problem
from resolvers import audit, signing_keys
from resolvers.context import Context
from security import refresh
from security.outside import Outside, Outsider, Unreachable
from security.tokens import UnknownKey
from storage import accounts, sessions


async def of(context: Context, token: str) -> Viewer | None:
    """The account, in the session of its token; None where the token is none, or has ended."""
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
    viewer = await _account(context, outsider) if outsider is not None else None
    if outsider is None or viewer is None:
        return None
    entered = await _in_session(context, viewer, token, outsider)
    outside.seen.remember(token, entered, outsider.ends_at)
    return entered


async def _read(context: Context, outside: Outside, token: str) -> Outsider | None:
    try:
        return await outside.read(token, context.gate.real_time())
    except Unreachable:
        structlog.get_logger().warning("outside provider unreachable")
        return None


async def _account(context: Context, outsider: Outsider) -> Viewer | None:
    """Whose name the provider gave, where it was proven as far as the account's role needs."""
    if problem(outsider.username):
        return None
    async with context.reading() as connection:
        account = await accounts.credentials(connection, outsider.username)
    if account is None or (account.viewer.needs_second_factor and not outsider.second_factor):
        return None
    return account.viewer


async def _in_session(context: Context, viewer: Viewer, token: str, outsider: Outsider) -> Viewer:
    """Revoking works as for our own tokens: the session ends, and with it what the token is good for."""
    ends_at = context.now + (outsider.ends_at - context.gate.real_time())
    digest = refresh.digest(token)
    async with context.begin() as transaction:
        session, is_new = await sessions.begin_outside(
            transaction, viewer.account_id, context.now, ends_at, context.address, digest
        )
        entered = replace(viewer, session=session)
        if is_new:
            await audit.signed_in(context, transaction, entered)
    return entered
