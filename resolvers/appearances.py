"""Whoever certifies themselves by a face check, or is certified at a window: evidence and a PASS. Notice 一(三)."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeAlias

from pydantic import TypeAdapter

from domain.appearance import Appearance, appear
from domain.audit import AuditAction, Told, act_of, attempt
from domain.certification import Decision
from domain.refusal import ErrorCode, Refusal
from domain.standing import Standing
from domain.submission import Handler
from resolvers import audit, events, keyring
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.once import once
from security import face_checks
from security.face_checks import CHALLENGE_LIFE, Attestation, FaceChecks
from storage import accounts, acts, appearances, persons, standings
from storage.database import Connection

_ATTESTATION = ("input", "attestation")


@dataclass(frozen=True, slots=True)
class Challenged:
    """A nonce for a face check, for whom the provider signs and until when it is of use; or why there is none."""

    nonce: str | None = None
    expires_at: datetime | None = None
    audience: str | None = None
    issuer: str | None = None
    refusals: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Appeared:
    """The row as it now stands, or why nothing was saved."""

    standing: Standing | None = None
    renewed: bool = False
    """Whether a service period was opened anew."""
    withdrawn: bool = False
    """Whether a FAIL stood: payment may wait for a reinstatement."""
    refusals: tuple[Refusal, ...] = ()


CarryOut: TypeAlias = Callable[[Connection], Awaitable[Appeared]]
_FORM = TypeAdapter(Appeared)


async def challenge(context: Context, reference: str, beneficiary_id: int | None) -> Challenged:
    """A nonce for the caller's own benefit, in place of any former one; its digest is kept."""
    nonce, until = face_checks.new_nonce(), context.now + CHALLENGE_LIFE
    async with context.begin() as transaction:
        found = await standings.by_id(transaction, [beneficiary_id or 0])
        if refusal := _unchallenged(context, reference, bool(found)):
            tried = attempt("certificationChallenge", context.viewer.unit_id, [beneficiary_id])
            await audit.record(context, transaction, tried.refused([refusal]))
            return Challenged(refusals=(refusal,))
        kept = appearances.Nonce(face_checks.digest(nonce), context.viewer.account_id, min(found))
        await appearances.issue(transaction, kept, context.now, until)
    checks = _checks(context)
    return Challenged(nonce, until, checks.audience, checks.issuer)


def _unchallenged(context: Context, reference: str, found: bool) -> Refusal | None:
    if context.gate.face_checks is None:
        return Refusal(ErrorCode.FACE_CHECK_UNAVAILABLE, ("input",), reference)
    return None if found else Refusal(ErrorCode.NOT_FOUND, ("input", "beneficiaryId"), reference)


async def certify_self(context: Context, appearance: Appearance, attestation: str, key: str | None) -> Appeared:
    """Certify the caller by an attestation of the face-check provider; each is of use once."""
    said = {"act": "certifySelf", "attestation": attestation, **asdict(appearance)}
    checks = context.gate.face_checks
    read = await checks.read(attestation, context.gate.real_time()) if checks else ErrorCode.FACE_CHECK_UNAVAILABLE

    async def carry_out(transaction: Connection) -> Appeared:
        row = await standings.hold(transaction, appearance.id or 0)
        if isinstance(read, ErrorCode):
            return _refused(Refusal(read, _ATTESTATION, appearance.reference))
        if row is not None and (code := await _unfit(context, transaction, row, read)):
            return _refused(Refusal(code, _ATTESTATION, appearance.reference))
        return await _appear(context, transaction, appearance, row, None, face_checks.digest(read.nonce))

    return await _once(context, appearance, "certifySelf", said, key, carry_out)


async def certify_at_window(context: Context, appearance: Appearance, key: str | None) -> Appeared:
    """Certify whom a window clerk of the district has seen, or has a paper about."""
    said = {"act": "certifyAtWindow", **asdict(appearance)}

    async def carry_out(transaction: Connection) -> Appeared:
        row = await standings.hold(transaction, appearance.id or 0)
        return await _appear(context, transaction, appearance, row, appearance.handler, None)

    return await _once(context, appearance, "certifyAtWindow", said, key, carry_out)


async def _once(
    context: Context, appearance: Appearance, act: str, said: dict[str, Any], key: str | None, carry_out: CarryOut
) -> Appeared:
    tried = attempt(act, context.viewer.unit_id, [appearance.id])
    return await once(context, key, said, tried, carry_out, _FORM, _refused)


async def _unfit(context: Context, transaction: Connection, row: Standing, read: Attestation) -> ErrorCode | None:
    """Why the attestation is not one for this person now. The row is held: of two at once, one uses the nonce up."""
    held = await appearances.challenge(transaction, face_checks.digest(read.nonce), row.id)
    if held is None:
        return ErrorCode.UNKNOWN_CHALLENGE
    if held.used:
        return ErrorCode.CHALLENGE_USED
    if held.expires_at <= context.now:
        return ErrorCode.CHALLENGE_EXPIRED
    found = await persons.behind(transaction, row.id)
    assert found is not None  # the row is there
    personal = await keyring.fresh(context.gate.personal, transaction)
    number = personal.open(found[0].sealed, found[0].digest)
    return None if _checks(context).is_of(read, number) else ErrorCode.ATTESTATION_OF_ANOTHER


def _checks(context: Context) -> FaceChecks:
    assert context.gate.face_checks is not None  # or nothing was read by it
    return context.gate.face_checks


async def _appear(
    context: Context,
    transaction: Connection,
    appearance: Appearance,
    row: Standing | None,
    handler: Handler | None,
    challenge: bytes | None,
) -> Appeared:
    at_window = appearance.presence is not None
    own = at_window and await accounts.is_about_caller(transaction, appearance.id)
    decided = appear(appearance, row, policy=context.policy, today=context.today, own=own)
    if not isinstance(decided, Decision) or row is None:
        return Appeared(refusals=tuple(decided) if isinstance(decided, list) else ())
    actor = acts.Actor(context.viewer.account_id, handler, context.today, context.now)
    await acts.record(transaction, [decided], actor)
    reference = f"renzheng:{uuid.uuid4()}"
    await appearances.record(transaction, appearance, decided.standing.version, reference, challenge)
    await audit.record(context, transaction, _told(context, appearance, row, decided, reference))
    await events.roster_changed(context, transaction, row.unit_id, [row.id])
    return Appeared(decided.standing, decided.opened is not None, row.suspended_from is not None)


def _told(context: Context, appearance: Appearance, before: Standing, decided: Decision, reference: str) -> Told:
    action = AuditAction.CERTIFIED_SELF if appearance.presence is None else AuditAction.CERTIFIED_AT_WINDOW
    seen = {"evidence": appearance.kind, "reference": reference}
    return act_of(action, before, decided, context.gate.sealer.fingerprint, **seen)


async def number_of(context: Context, username: str) -> str:
    """The ID number of a PERSON, for the demo's stand-in."""
    async with context.reading() as connection:
        kept = await persons.of_account(connection, username)
        if kept is None:
            raise Refused("there is no PERSON with this username")
        personal = await keyring.fresh(context.gate.personal, connection)
    return personal.open(kept.sealed, kept.digest)


def _refused(refusal: Refusal) -> Appeared:
    return Appeared(refusals=(refusal,))
