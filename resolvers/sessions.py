"""Sessions: begun by signing in, kept up by refreshing, ended at once on every worker."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from domain.access import Viewer
from domain.audit import AuditAction, Means, Told, Value, Values
from domain.contact import numbers_masked
from domain.refusal import ErrorCode, Refusal
from resolvers import audit, signing_keys
from resolvers.context import Context
from resolvers.errors import Refused
from security import refresh
from security.tokens import AccessToken
from storage import accounts, sessions
from storage.accounts import Account
from storage.database import Connection, SessionEnded
from storage.sessions import Ending, Presented


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, with a token to act by and one to get the next by."""

    viewer: Viewer
    access: AccessToken
    refresh_token: str
    refresh_expires_at: datetime


async def entered(context: Context, account: Account, means: Means = Means.PASSWORD) -> Viewer | None:
    """The account in a new session of its own; None where it was closed or its password changed meanwhile."""
    ends_at = refresh.session_ends_at(account.viewer.role, context.now)
    async with context.begin() as transaction:
        session = await sessions.begin(transaction, account, context.now, ends_at, context.address)
        if session is None:
            return None
        viewer = replace(account.viewer, session=session)
        await audit.signed_in(context, transaction, viewer, means)
    return viewer


async def begun(context: Context, account: Account, means: Means) -> SignedIn | None:
    """A new session of the account, with its first tokens; None where its password was changed meanwhile."""
    viewer = await entered(context, account, means)
    if viewer is None or viewer.session is None:
        return None
    ends_at, token = refresh.session_ends_at(viewer.role, context.now), refresh.made()
    async with context.begin() as transaction:
        expires_at = refresh.expires_at(context.now, ends_at)
        await sessions.hand_out(transaction, viewer.session, refresh.digest(token), context.now, expires_at)
    return await _signed_in(context, viewer, token, ends_at)


async def refreshed(context: Context, token: str) -> SignedIn | Refusal:
    """The next tokens of a session. A refresh token is of use once: presented again, it ends the session."""
    context.caller = None
    following = refresh.made()
    async with context.begin() as transaction:
        found = await sessions.refresh(
            transaction,
            refresh.digest(token),
            refresh.digest(following),
            context.now,
            refresh.IDLE,
            context.address,
        )
        if found is not None and found.moved:
            await audit.signed_in(context, transaction, found.viewer, Means.REFRESH_FROM_ANOTHER_ADDRESS)
        if found is not None and found.presented is Presented.REUSED:
            told = Told(
                AuditAction.SESSION_ENDED, found.viewer.unit_id, facts=_of(found.viewer, "REFRESH_TOKEN_REUSED")
            )
            await audit.record(context, transaction, told)
    if found is None or found.presented is not Presented.RENEWED:
        refusal = Refusal(ErrorCode.BAD_REFRESH_TOKEN, ("input", "refreshToken"))
        await audit.sign_in_refused(context, found.viewer if found else None, refusal)
        return refusal
    context.caller = found.viewer  # the rest of the answer is already theirs
    return await _signed_in(context, found.viewer, following, found.ends_at.astimezone(context.now.tzinfo))


async def caller(context: Context) -> Viewer:
    """Who is signed in, also where nothing else is asked of the database, which alone knows that nobody is any more."""
    async with context.reading() as connection:
        await sessions.check(connection)
    return context.viewer


async def is_alive(context: Context) -> bool:
    """Whether the caller's session has not ended."""
    try:
        await caller(context)
    except SessionEnded:
        return False
    return True


async def sign_out(context: Context, *, everywhere: bool = False) -> int:
    """End the caller's session, or all that the account has; how many."""
    session = None if everywhere else context.viewer.session
    because = Ending.SIGNED_OUT_EVERYWHERE if everywhere else Ending.SIGNED_OUT
    async with context.begin() as transaction:
        ended = await sessions.end_own(transaction, session, because, context.now)
        told = Told(AuditAction.SIGNED_OUT, context.viewer.unit_id, facts={"sessions": ended, "because": because})
        await audit.record(context, transaction, told)
    return ended


async def close(context: Context, username: str) -> int:
    """Let nobody sign in to the account any more, and end its sessions; how many there were."""
    async with context.begin() as transaction:
        viewer = (await _named(transaction, username)).viewer
        if not await accounts.close(transaction, viewer.account_id, context.now):
            raise Refused("the account is closed already")
        ended = await sessions.end_all(transaction, [viewer.account_id], Ending.ACCOUNT_CLOSED, context.now)
        facts: Values = {"account": viewer.account_id, "sessions": ended}
        await audit.record(context, transaction, Told(AuditAction.ACCOUNT_CLOSED, viewer.unit_id, facts=facts))
    return ended


async def reopen(context: Context, username: str) -> None:
    """Let the account be signed in to again; the sessions of before stay ended."""
    async with context.begin() as transaction:
        viewer = (await _named(transaction, username)).viewer
        if not await accounts.close(transaction, viewer.account_id, None):
            raise Refused("the account is not closed")
        told = Told(AuditAction.ACCOUNT_OPENED, viewer.unit_id, facts={"account": viewer.account_id})
        await audit.record(context, transaction, told)


async def _named(transaction: Connection, username: str) -> Account:
    account = await accounts.credentials(transaction, username)
    if account is None:
        raise Refused("no account has that username")
    return account


async def revoke(context: Context, username: str, reason: str) -> int:
    """End every session of an account, for a reason in words; how many."""
    async with context.begin() as transaction:
        account = await _named(transaction, username)
        ended = await sessions.end_all(transaction, [account.viewer.account_id], reason, context.now)
        facts = {**_of(account.viewer, numbers_masked(reason)), "sessions": ended}
        await audit.record(context, transaction, Told(AuditAction.SESSION_ENDED, account.viewer.unit_id, facts=facts))
    return ended


def _of(viewer: Viewer, because: str) -> dict[str, Value]:
    return {"account": viewer.account_id, "because": because}


async def _signed_in(context: Context, viewer: Viewer, token: str, ends_at: datetime) -> SignedIn:
    await signing_keys.refresh(context, signing_keys.AT_MOST)
    access = context.gate.tokens.issue(viewer, context.now, ends_at)
    return SignedIn(viewer, access, token, refresh.expires_at(context.now, ends_at))
