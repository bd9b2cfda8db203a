"""Rotate the keys for personal data while services run: nothing is unreadable at any moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from domain.audit import AuditAction, Told, Values
from resolvers import audit, keyring, second_factors, signing_keys
from resolvers.context import Context
from security.personal import PersonalData, Purpose, WrappedKey
from storage import audit as trail
from storage import keys, persons
from storage.database import Connection
from storage.persons import Kept

CHUNK = 2000  # people a transaction

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Rotated:
    """How many ID numbers were sealed anew, and the purposes whose former keys are gone."""

    people: int
    purposes: frozenset[str]
    resumed: bool
    """It had been interrupted before."""


async def rotate(context: Context, *, lookup: bool, progress: Progress = lambda done, everything: None) -> Rotated:
    """Seal every ID number under a new key, and with `lookup` find it by a new one; go on with what was interrupted."""
    async with context.begin() as transaction:
        resumed = await _begin(context, transaction, lookup=lookup)
        purposes = {key["purpose"] for key in await keys.held(transaction) if not key["current"]}
        everything = await persons.count(transaction)
    after, done = 0, 0
    while sealed := await _seal_chunk(context, after):
        after, done = sealed[-1].id, done + len(sealed)
        progress(done, everything)
    async with context.begin() as transaction:
        await keys.forget_former(transaction)
        facts: Values = {"people": done, "purposes": sorted(purposes)}
        await audit.record(context, transaction, Told(AuditAction.KEYS_ROTATED, facts=facts))
    return Rotated(done, frozenset(purposes), resumed)


async def _begin(context: Context, transaction: Connection, *, lookup: bool) -> bool:
    """Wrap every key under the current secret and make the new ones; True where a rotation is under way already."""
    await keys.hold_off_imports(transaction)
    held = [WrappedKey(*row) for row in await keys.held(transaction)]
    for key in held:
        await keys.rewrap(transaction, key.id, context.gate.personal.wrapped_anew(key))
    await trail.rewrap(transaction, context.gate.sealer.wrapped_anew())
    await signing_keys.rewrap(context, transaction)
    await second_factors.rewrap(context, transaction)
    if not all(key.current for key in held):
        return True
    for purpose in (Purpose.ID_NUMBER, Purpose.LOOKUP) if lookup else (Purpose.ID_NUMBER,):
        await keys.replace(transaction, purpose, *context.gate.personal.new_key(purpose), context.now)
    return False


async def _seal_chunk(context: Context, after: int) -> list[Kept]:
    """Seal the next people after that id who are not yet under the current key."""
    async with context.begin() as transaction:
        personal = await keyring.fresh(context.gate.personal, transaction)
        due = await persons.sealed_otherwise(transaction, personal.sealing, after, CHUNK)
        sealed = [_sealed(personal, one) for one in due]
        await persons.seal_anew(transaction, sealed)
    return sealed


def _sealed(personal: PersonalData, one: Kept) -> Kept:
    return Kept(one.id, *personal.sealed(personal.open(one.sealed, one.digest)))
