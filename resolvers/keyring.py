"""The keys that lie in the database, as it has them at the moment of their use: they rotate while services run."""

from __future__ import annotations

from resolvers import audit, signing_keys
from resolvers.context import Context
from resolvers.errors import Refused
from security.personal import PersonalData
from storage import keys
from storage.database import Connection, Reader


async def fresh(personal: PersonalData, connection: Reader) -> PersonalData:
    """The same with the keys of this moment; raises WrongSecret."""
    personal.hold(await keys.held(connection))
    return personal


async def settled(personal: PersonalData, transaction: Connection) -> PersonalData:
    """The same for an import: the keys stay until the transaction ends, and everybody is found by the current one."""
    await keys.hold_off_rotation(transaction)
    await fresh(personal, transaction)
    if personal.rotates_lookups:
        raise Refused("the key for look-ups is being rotated; import again when that has ended, or end it: rotate-keys")
    return personal


async def begin(context: Context) -> None:
    """Make the keys that the database lacks, and load all; those for personal data came with the migrations."""
    await signing_keys.ensure(context)
    await audit.ensure_key(context)
    await load(context)


async def load(context: Context) -> None:
    """What a process needs before it can do anything; raises WrongSecret."""
    async with context.database.reading() as connection:
        await fresh(context.gate.personal, connection)
        await audit.hold(context.gate.sealer, connection)
    await signing_keys.refresh(context)
