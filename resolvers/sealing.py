"""Seal the audit trail, day after day."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from domain.audit import AuditAction, Told, Values
from resolvers import audit
from resolvers.context import Context
from resolvers.errors import Refused
from security.seals import BEGINNING, Sealer, link, root
from storage import batches, seals
from storage.audit import Entry
from storage.database import Connection
from storage.seals import Day, Seal

NEXT = timedelta(days=1)


@dataclass(slots=True)
class Chain:
    """A chain's entries of one day, by their ids, and where it stands before and after them."""

    previous: bytes
    head: bytes
    entries: list[int] = field(default_factory=list)

    @classmethod
    def after(cls, head: bytes) -> Chain:
        return cls(head, head)

    def add(self, entry: Entry) -> None:
        self.head = link(self.head, entry.mac, entry.id)
        self.entries.append(entry.id)


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many days were sealed, and the newest of all."""

    days: int
    newest: Day | None


async def seal(context: Context) -> Sealed:
    """Seal every day that is over, each in a transaction of its own: what is sealed stays so whatever comes.

    No day is closed under a batch: one that sees one moment only would not see it.
    """
    async with context.begin() as transaction:
        await batches.enter(transaction, context.now)
        await seals.close(transaction, midnight(context, context.today))
    days = 0
    while await _seal_next(context):
        days += 1
    return Sealed(days, await _told(context, days))


async def _told(context: Context, days: int) -> Day | None:
    """Tell the newest root, where that has not been done; the newest sealed day."""
    async with context.begin() as transaction:
        await seals.alone(transaction)
        newest, told = await seals.last(transaction), await _newest_told(context, transaction)
        if newest is not None and (told is None or told.through < newest.day):
            facts: Values = {"days": days, "through": str(newest.day), "root": newest.root.hex()}
            await audit.record(context, transaction, Told(AuditAction.AUDIT_SEALED, facts=facts))
    return newest


class Root(NamedTuple):
    """A day's root, as an entry tells it: everything up to that day is sealed, once and for all."""

    through: date
    root: bytes

    @classmethod
    def told_by(cls, entry: Entry) -> Root:
        facts = json.loads(entry.body)["facts"]
        return cls(date.fromisoformat(facts["through"]), bytes.fromhex(facts["root"]))


async def _newest_told(context: Context, transaction: Connection) -> Root | None:
    for entry in await seals.of_sealing(transaction, most=1):
        if not context.gate.sealer.fits(entry.mac, entry.key_id, *entry.vouched()):
            raise Refused(f"entry {entry.id} tells a root and was altered; nothing is sealed: run verify-audit")
        return Root.told_by(entry)
    return None


async def _seal_next(context: Context) -> bool:
    """Seal the first day that is over and not sealed; False where there is none."""
    async with context.begin() as transaction:
        await seals.alone(transaction)
        last = await seals.last(transaction)
        day = last.day + NEXT if last else await _first_day(context, transaction)
        if day is None or day >= context.today:
            return False
        await _never_again(context, transaction, day)
        bounds = midnight(context, day), midnight(context, day + NEXT)
        heads = await seals.heads(transaction, *bounds)
        chains = await chains_of(seals.entries(transaction, *bounds), heads)
        made = list(_seals(context.gate.sealer, day, chains))
        await seals.keep(transaction, _day(context.gate.sealer, day, last.root if last else BEGINNING, made), made)
        return True


async def _never_again(context: Context, transaction: Connection, day: date) -> None:
    """What was sealed is not sealed anew: whoever removed the seals may have changed what they held."""
    told = await _newest_told(context, transaction)
    if told is not None and day <= told.through:
        raise Refused(f"{day}: the day was sealed, and its seals were removed; they are not made anew: restore them")


async def _first_day(context: Context, connection: Connection) -> date | None:
    first = await seals.first_instant(connection)
    return first.astimezone(context.now.tzinfo).date() if first else None


def midnight(context: Context, day: date) -> datetime:
    return datetime.combine(day, time.min, context.now.tzinfo)


async def chains_of(entries: AsyncIterator[Entry], heads: Mapping[int, bytes]) -> dict[int, Chain]:
    """By chain, going on from where each stood."""
    chains: dict[int, Chain] = {}
    async for entry in entries:
        if entry.chain not in chains:
            chains[entry.chain] = Chain.after(heads.get(entry.chain, BEGINNING))
        chains[entry.chain].add(entry)
    return chains


def _seals(sealer: Sealer, day: date, chains: Mapping[int, Chain]) -> Iterator[Seal]:
    for id, chain in sorted(chains.items()):
        made = Seal(id, day, chain.entries, chain.previous, chain.head, sealer.key_id, b"")
        yield made._replace(mac=sealer.mac(*made.vouched()))


def _day(sealer: Sealer, day: date, previous: bytes, made: list[Seal]) -> Day:
    new = Day(day, previous, root(previous, day, ((s.chain, s.head) for s in made)), sealer.key_id, b"")
    return new._replace(mac=sealer.mac(*new.vouched()))
