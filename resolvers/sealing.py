"""Seal the audit trail, day after day."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from domain.audit import AuditAction, Told, Values
from resolvers import audit
from resolvers.context import Context
from security.seals import BEGINNING, Sealer, link, root
from storage import batches, seals
from storage.audit import Entry
from storage.database import Connection
from storage.seals import AGENCY, Day, Seal

NEXT = timedelta(days=1)


@dataclass(slots=True)
class Chain:
    """A unit's entries of one day, by their ids, and where its chain stands before and after them."""

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
    async with context.begin() as transaction:
        newest = await seals.last(transaction)
        if days and newest:
            facts: Values = {"days": days, "through": str(newest.day), "root": newest.root.hex()}
            await audit.record(context, transaction, Told(AuditAction.AUDIT_SEALED, facts=facts))
    return Sealed(days, newest)


async def _seal_next(context: Context) -> bool:
    """Seal the first day that is over and not sealed; False where there is none."""
    async with context.begin() as transaction:
        await seals.alone(transaction)
        last = await seals.last(transaction)
        day = last.day + NEXT if last else await _first_day(context, transaction)
        if day is None or day >= context.today:
            return False
        bounds = midnight(context, day), midnight(context, day + NEXT)
        heads = await seals.heads(transaction, *bounds)
        chains = await chains_of(seals.entries(transaction, *bounds), heads)
        made = list(_seals(context.gate.sealer, day, chains))
        await seals.keep(transaction, _day(context.gate.sealer, day, last.root if last else BEGINNING, made), made)
        return True


async def _first_day(context: Context, connection: Connection) -> date | None:
    first = await seals.first_instant(connection)
    return first.astimezone(context.now.tzinfo).date() if first else None


def midnight(context: Context, day: date) -> datetime:
    return datetime.combine(day, time.min, context.now.tzinfo)


async def chains_of(entries: AsyncIterator[Entry], heads: Mapping[int, bytes]) -> dict[int, Chain]:
    """By unit, going on from where each chain stood."""
    chains: dict[int, Chain] = {}
    async for entry in entries:
        unit = entry.unit_id or AGENCY
        if unit not in chains:
            chains[unit] = Chain.after(heads.get(unit, BEGINNING))
        chains[unit].add(entry)
    return chains


def _seals(sealer: Sealer, day: date, chains: Mapping[int, Chain]) -> Iterator[Seal]:
    for unit, chain in sorted(chains.items()):
        made = Seal(unit, day, chain.entries, chain.previous, chain.head, sealer.key_id, b"")
        yield made._replace(mac=sealer.mac(*made.vouched()))


def _day(sealer: Sealer, day: date, previous: bytes, made: list[Seal]) -> Day:
    new = Day(day, previous, root(previous, day, ((s.unit_id, s.head) for s in made)), sealer.key_id, b"")
    return new._replace(mac=sealer.mac(*new.vouched()))
