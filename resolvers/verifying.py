"""Check that the audit trail is whole: nothing altered, nothing removed, nothing put in between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from resolvers import witness
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.sealing import NEXT, Chain, Root, chains_of, midnight
from resolvers.witness import Witness
from security.seals import BEGINNING, root
from storage import seals, unrecorded
from storage.audit import AGENCY, RUNS, Entry
from storage.database import Connection
from storage.seals import Day, Seal

Progress = Callable[[int, int], None]
"""How many of how many entries are done."""

_REPORTED = 1000  # entries


@dataclass(frozen=True, slots=True)
class Verified:
    """What was walked: entries in all, sealed days, the newest root, and what no seal holds yet."""

    entries: int
    days: int
    root: bytes | None
    unsealed: int
    unsealed_since: date | None


async def verify(context: Context, expected: bytes | Witness | None, progress: Progress) -> Verified:
    """Walk the whole trail in order; Refused names the first entry, seal or day that does not fit.

    `expected` is a root or a witness that was kept outside: without it nobody can tell that the newest days, or the
    newest entries of what leaves no row, were removed.
    """
    async with context.database.snapshot() as connection:
        walk = _Walk(context, connection, progress, await seals.total(connection))
        days = await seals.days(connection)
        await walk.before(days)
        for day in days:
            await walk.day(day)
        sealed = walk.done
        since = await walk.unsealed(days)
        await walk.numbers()
        await walk.acts()
        await walk.roots(days)
        if isinstance(expected, Witness):
            await witness.hold(context, connection, expected, days)
        elif expected is not None and expected not in {day.root for day in days}:
            raise Refused("no sealed day has the root that was kept: days are missing, or the trail was replaced")
        await walk.overdue(days, since)
        return Verified(walk.done, len(days), days[-1].root if days else None, walk.done - sealed, since)


@dataclass(slots=True)
class _Walk:
    """The trail, told again from its beginning: where each chain and the roots have come to."""

    context: Context
    connection: Connection
    progress: Progress
    total: int
    done: int = 0
    heads: dict[int, bytes] = field(default_factory=dict)
    last: Day | None = None

    async def day(self, day: Day) -> None:
        """A sealed day: its entries, its seals, its root."""
        self._follows(day)
        since, until = midnight(self.context, day.day), midnight(self.context, day.day + NEXT)
        chains = await chains_of(self._genuine(since, until), self.heads)
        found = await seals.of(self.connection, day.day)
        for chain in sorted(chains.keys() | found.keys()):
            self._sealed(day.day, chain, found.get(chain), chains.get(chain))
        heads = [(chain, one.head) for chain, one in found.items()]
        if day.root != root(day.previous, day.day, heads):
            raise Refused(f"{day.day}: the root does not fit: a seal is missing, and its entries with it")
        self.heads.update(heads)
        self.last = day

    async def before(self, days: list[Day]) -> None:
        """Nothing lies before the first sealed day."""
        first = await seals.first_instant(self.connection)
        if days and first and first < (begins := midnight(self.context, days[0].day)):
            [entry, *_] = [entry async for entry in seals.entries(self.connection, None, begins)]
            raise Refused(f"{_named(entry, self._on(entry))} lies before the first sealed day, {days[0].day}")

    async def unsealed(self, days: list[Day]) -> date | None:
        """The entries of the days that nobody has sealed yet; the first of these days."""
        since = midnight(self.context, days[-1].day + NEXT) if days else None
        first: date | None = None
        async for entry in self._genuine(since, None):
            first = min(first, self._on(entry)) if first else self._on(entry)
        return first

    async def numbers(self) -> None:
        """No number of a chain was left out: an entry that went before its day was sealed is missed as well."""
        if gap := await seals.first_gap(self.connection):
            follows = f"entry {gap.before} follows on it" if gap.before else "nothing follows on it"
            raise Refused(f"number {gap.number} of {_chain_of(gap.chain)} is missing; {follows}")

    async def acts(self) -> None:
        """Every act that left a row has its entry: the newest of a chain cannot go and the act stay."""
        since = await seals.first_instant(self.connection)
        if since is not None and (one := await unrecorded.first(self.connection, since)):
            on = f" of {one.at.astimezone(self.context.now.tzinfo).date()}" if one.at else ""
            raise Refused(
                f"the {one.kind}{on} ({one.what}) has no entry: it was removed, or the service never did this"
            )

    async def roots(self, days: list[Day]) -> None:
        """Every root that an entry tells is that of its day; these entries were found genuine before."""
        held = {day.day: day.root for day in days}
        for entry in reversed(await seals.of_sealing(self.connection)):
            told = Root.told_by(entry)
            if held.get(told.through) != told.root:
                said = "is not the root of that day" if told.through in held else "and the day is missing"
                raise Refused(f"{told.through}: its root, told by {_named(entry, self._on(entry))}, {said}")

    async def overdue(self, days: list[Day], since: date | None) -> None:
        """What is over is sealed by the next day; where people and accounts are, there is a trail."""
        first = days[-1].day + NEXT if days else since
        if first is not None and first < self.context.today - NEXT:
            raise Refused(f"{first} is not sealed: run seal-audit; if that was done, its seals were removed")
        if first is None and await seals.is_used(self.connection):
            raise Refused("the trail is empty, beside a database that was used: it was removed")

    async def _genuine(self, since: datetime | None, until: datetime | None) -> AsyncIterator[Entry]:
        async for entry in seals.entries(self.connection, since, until):
            if not self.context.gate.sealer.fits(entry.mac, entry.key_id, *entry.vouched()):
                raise Refused(f"{_named(entry, self._on(entry))} was altered, or never written by the service")
            self.done += 1
            if self.done % _REPORTED == 0:
                self.progress(self.done, self.total)
            yield entry

    def _on(self, entry: Entry) -> date:
        return entry.at.astimezone(self.context.now.tzinfo).date()

    def _follows(self, day: Day) -> None:
        if not self.context.gate.sealer.fits(day.mac, day.key_id, *day.vouched()):
            raise Refused(f"{day.day}: the day's root was altered, or never sealed by the service")
        if self.last is not None and day.day != (missing := self.last.day + NEXT):
            raise Refused(f"{missing}: the day is missing")
        if day.previous != (self.last.root if self.last else BEGINNING):
            raise Refused(f"{day.day}: the day does not go on from the one before it: days are missing")

    def _sealed(self, day: date, id: int, sealed: Seal | None, chain: Chain | None) -> None:
        """A chain's entries of a day against its seal."""
        whose = f"{day}: the seal of {_chain_of(id)}"
        if sealed is None:
            raise Refused(f"{whose} is missing")
        if not self.context.gate.sealer.fits(sealed.mac, sealed.key_id, *sealed.vouched()):
            raise Refused(f"{whose} was altered, or never made by the service")
        found = set(chain.entries) if chain else set()
        if differing := found.symmetric_difference(sealed.entries):
            first = min(differing)
            said = "was added after the day was sealed" if first in found else "is missing"
            raise Refused(f"entry {first} ({_chain_of(id)}, {day}) {said}")
        assert chain is not None  # a seal holds an entry or more
        if sealed.previous != chain.previous:
            raise Refused(f"{whose} does not go on from the one before it")
        if sealed.head != chain.head:
            raise Refused(f"{whose} does not fit its entries")


def _named(entry: Entry, on: date) -> str:
    return f"entry {entry.id} ({_chain_of(entry.chain)}, {on})"


def _chain_of(chain: int) -> str:
    return {AGENCY: "the agency", RUNS: "the agency's runs"}.get(chain, f"unit {chain}")
