"""One-time codes, the second factor of an OFFICER: asked for at sign-in, enrolled in person."""

from __future__ import annotations

from domain.access import Viewer
from domain.audit import AuditAction, Told
from domain.refusal import ErrorCode, Refusal
from domain.text import is_blank
from resolvers import audit
from resolvers.context import Context
from resolvers.errors import Refused
from security import totp
from storage import accounts, second_factors, sessions
from storage.database import Connection
from storage.sessions import Ending


async def refusal(context: Context, viewer: Viewer, code: str | None) -> Refusal | None:
    """What is missing or wrong; None where the role needs no code, or this one is right. It is used up then."""
    if not viewer.needs_second_factor:
        return None
    secret = await _secret(context, viewer.account_id)
    if secret is None:
        return Refusal(ErrorCode.SECOND_FACTOR_NOT_ENROLLED, ("input",))
    if code is None or is_blank(code):
        return Refusal(ErrorCode.SECOND_FACTOR_REQUIRED, ("input", "code"))
    step = totp.step_of(secret, code, context.gate.real_time())
    if step is None or not await _used(context, viewer.account_id, step):
        return Refusal(ErrorCode.BAD_SECOND_FACTOR, ("input", "code"))
    return None


async def enrol(context: Context, username: str, secret: str) -> str:
    """Share the secret with the account's phone in place of any former one; what the phone has to read."""
    viewer = await _officer(context, username)
    wrapped = context.gate.secret.wrap(secret.encode(), _purpose(viewer.account_id))
    async with context.begin() as transaction:
        await second_factors.enrol(transaction, viewer.account_id, wrapped, context.now)
        await sessions.end_all(transaction, [viewer.account_id], Ending.SECOND_FACTOR_CHANGED, context.now)
        told = Told(AuditAction.SECOND_FACTOR_ENROLLED, facts={"account": viewer.account_id})
        await audit.record(context, transaction, told)
    return totp.uri(secret, username)


async def rewrap(context: Context, transaction: Connection) -> None:
    """Wrap every account's secret under the current one."""
    for account_id, wrapped in (await second_factors.all_wrapped(transaction)).items():
        anew = context.gate.secret.wrapped_anew(wrapped, _purpose(account_id))
        await second_factors.rewrap(transaction, account_id, anew)


async def shares(context: Context, username: str, secret: str) -> bool:
    """Whether the account was enrolled with that secret."""
    viewer = await _officer(context, username)
    return await _secret(context, viewer.account_id) == secret


async def _officer(context: Context, username: str) -> Viewer:
    async with context.reading() as connection:
        account = await accounts.credentials(connection, username)
    if account is None:
        raise Refused("no account has that username")
    if not account.viewer.needs_second_factor:
        raise Refused("only an OFFICER signs in with a second factor")
    return account.viewer


async def _secret(context: Context, account_id: int) -> str | None:
    async with context.reading() as connection:
        wrapped = await second_factors.wrapped_secret(connection, account_id)
    return None if wrapped is None else context.gate.secret.unwrap(wrapped, _purpose(account_id)).decode()


async def _used(context: Context, account_id: int, step: int) -> bool:
    async with context.reading() as connection:
        return await second_factors.use_step(connection, account_id, step)


def _purpose(account_id: int) -> str:
    return f"second factor of account {account_id}"
