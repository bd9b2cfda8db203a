"""A witness of the trail between two seals: a line to keep outside the database, against which it can be held later."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.sealing import NEXT, midnight
from security.seals import BEGINNING
from storage import seals
from storage.database import Connection
from storage.seals import Day

_WRITTEN = re.compile(r"(none|\d{4}-\d\d-\d\d)/(\d{1,18})/([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Witness:
    """The trail as it stood: the newest sealed day, the newest entry, and a digest over the root and what no seal held.

    Of every chain it holds what was newest then: none of these entries can be altered or removed unseen.
    """

    through: date | None
    entry: int
    digest: bytes

    def __str__(self) -> str:
        return f"{self.through or 'none'}/{self.entry}/{self.digest.hex()}"

    @classmethod
    def read(cls, text: str) -> Witness | None:
        """As it was written; None for anything else."""
        if (found := _WRITTEN.fullmatch(text)) is None:
            return None
        through, entry, digest = found.groups()
        try:
            day = None if through == "none" else date.fromisoformat(through)
        except ValueError:
            return None
        return cls(day, int(entry), bytes.fromhex(digest))


async def take(context: Context) -> Witness:
    """Of this moment. Who is writing entries is waited for, so that none below the newest comes later."""
    async with context.begin() as transaction:
        await seals.alone(transaction)
        await seals.still(transaction)
        last, newest = await seals.last(transaction), await seals.newest(transaction)
        digest = await _digest(context, transaction, last, newest)
    return Witness(last.day if last else None, newest, digest)


async def hold(context: Context, connection: Connection, witness: Witness, days: Sequence[Day]) -> None:
    """Refused, where what the witness saw is not there as it was."""
    day = next((one for one in days if one.day == witness.through), None)
    found = await _digest(context, connection, day, witness.entry)
    if (day is None) != (witness.through is None) or found != witness.digest:
        raise Refused(f"up to entry {witness.entry} the trail is not the one that was witnessed: entries are missing")


async def _digest(context: Context, connection: Connection, day: Day | None, newest: int) -> bytes:
    since = midnight(context, day.day + NEXT) if day else None
    return hashlib.sha256((day.root if day else BEGINNING) + await seals.digest(connection, since, newest)).digest()
