"""Signing in with a unit's social insurance number (or another username) and password. Notice 附3."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from domain.access import Viewer
from domain.audit import Means
from domain.refusal import ErrorCode, Refusal
from resolvers import audit, second_factors
from resolvers.context import Context
from resolvers.sessions import SignedIn, begun
from security import attempts
from security.attempts import Attempt
from storage import accounts, throttle
from storage.accounts import Account

_LONGEST = 200
_BAD = Refusal(ErrorCode.BAD_CREDENTIALS, ("input",))


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody typed; the code is the second factor's."""

    username: str
    password: str
    code: str | None = None


async def sign_in(context: Context, typed: Credentials) -> SignedIn | Refusal:
    """A session for whoever the credentials are of; an unknown name and a wrong password are told apart by nothing."""
    context.caller = None
    viewer, answer = await _tried(context, typed)
    await _concluded(context, typed, viewer, answer)
    return answer


async def _concluded(context: Context, typed: Credentials, viewer: Viewer | None, answer: SignedIn | Refusal) -> None:
    """What became of every attempt, and of whose account, where there is one of that name."""
    if isinstance(answer, SignedIn):
        context.caller = answer.viewer  # the rest of the answer is already theirs
    else:
        await audit.sign_in_refused(context, viewer, answer, typed.username)


async def _tried(context: Context, typed: Credentials) -> tuple[Viewer | None, SignedIn | Refusal]:
    """Whose account it is, where there is one of that name, and the answer."""
    if not _possible(typed.username) or not _possible(typed.password):
        return None, _BAD
    counted = attempts.attempt(context.gate.secret, typed.username, context.address or "")
    closed_until, account = await _admitted(context, typed.username, counted)
    viewer = account.viewer if account else None
    if closed_until is not None:
        return viewer, _too_many(closed_until - context.now)
    fits = await context.gate.passwords.verify(account.password_hash if account else None, typed.password)
    if account is None or account.closed or not fits:
        return viewer, _BAD
    return viewer, await _proven(context, account, typed, counted)


async def _admitted(context: Context, username: str, counted: Attempt) -> tuple[datetime | None, Account | None]:
    """Until when no attempt is admitted, or None: then this one is counted. And the account, where there is one."""
    keys, most, spans = zip(
        *((counter.key, counter.limit.most, counter.limit.span) for counter in counted.counters), strict=True
    )
    async with context.reading() as connection:
        closed_until = await throttle.admit(
            connection, keys, most, spans, context.now, known=counted.known, apart=counted.account.key
        )
        return closed_until, await accounts.credentials(connection, username)


async def _proven(context: Context, account: Account, typed: Credentials, counted: Attempt) -> SignedIn | Refusal:
    """The password is right; whether the second factor is, and the password still."""
    refused = await second_factors.refusal(context, account.viewer, typed.code)
    if refused is not None and refused.code is ErrorCode.BAD_SECOND_FACTOR:
        return refused
    keys, until = [counter.key for counter in counted.counters], context.now + attempts.KNOWN_FOR
    async with context.reading() as connection:
        if refused is not None:
            await throttle.give_back(connection, keys)
            return refused
        await throttle.succeeded(connection, keys, cleared=counted.pair.key, known=counted.known, until=until)
    factors = Means.PASSWORD_AND_SECOND_FACTOR if account.viewer.needs_second_factor else Means.PASSWORD
    return await begun(context, await _strengthened(context, account, typed.password), factors) or _BAD


async def _strengthened(context: Context, account: Account, password: str) -> Account:
    """Hash the password anew where the parameters have grown: only now is it known."""
    if not context.gate.passwords.is_outgrown(account.password_hash):
        return account
    stronger = await context.gate.passwords.hash(password)
    async with context.reading() as connection:
        await accounts.outgrow(connection, account, stronger)
    return replace(account, password_hash=stronger)


def _too_many(wait: timedelta) -> Refusal:
    minutes = ceil(wait / timedelta(minutes=1))
    return Refusal(ErrorCode.TOO_MANY_ATTEMPTS, ("input",), facts={"minutes": minutes})


def _possible(typed: str) -> bool:
    """Whether any account could have it: not endless, and nothing that cannot be kept."""
    try:
        return len(typed) <= _LONGEST and b"\0" not in typed.encode()
    except UnicodeEncodeError:
        return False
