"""How good the verdicts were: mistakes that humans found, counted by month, unit, source or class. Notice 三(四)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from domain.month import Month
from domain.quality import Dimension, Known, Mistake, MistakeKind, mistakes
from domain.vocabulary import EvidenceClass, Source
from resolvers.context import Context
from storage import lives, quality
from storage.database import Connection
from storage.lives import Held

CHUNK = 2000
_NAMED: dict[Dimension, list[str]] = {
    Dimension.SOURCE: ["", *sorted(Source)],
    Dimension.CLASS: ["", *sorted(EvidenceClass)],
}


@dataclass(frozen=True, slots=True)
class Group:
    """What has the same month, unit, source or class; `key` is its value, "" where a verdict rests on no record."""

    key: str
    unit_id: int | None
    number: int
    """By which groups are in order; the same whatever else is found."""
    found: tuple[Mistake, ...]

    def of(self, kind: MistakeKind) -> list[Mistake]:
        """Its mistakes of one kind, in the order of their people."""
        return sorted((one for one in self.found if one.kind is kind), key=lambda m: (m.beneficiary_id, m.months))


async def measured(context: Context, first: Month, last: Month, by: Dimension) -> list[Group]:
    """Every mistake whose first wrong verdict is of these months, grouped."""
    async with context.snapshot() as connection:
        found = await _found(context, connection, first, last)
        keys = await _keys(context, connection, found, by)
    groups: dict[str, list[Mistake]] = defaultdict(list)
    for mistake, key in zip(found, keys, strict=True):
        groups[key].append(mistake)
    made = [Group(key, _unit(by, key), _number(by, key), tuple(found)) for key, found in groups.items()]
    return sorted(made, key=lambda group: group.number)


async def by_number(context: Context, first: Month, last: Month, by: Dimension, numbers: Sequence[int]) -> list[Group]:
    """The groups of these numbers; one in which nothing was found is empty."""
    found = {group.number: group for group in await measured(context, first, last, by)}
    return [found.get(number) or _empty(by, number) for number in numbers]


async def of_people(context: Context, ids: Sequence[int]) -> list[list[Mistake]]:
    """Every mistake about each person."""
    async with context.snapshot() as connection:
        found = await _of(connection, ids)
    return [[mistake for mistake in found if mistake.beneficiary_id == id] for id in ids]


def _unit(by: Dimension, key: str) -> int | None:
    return int(key) if by is Dimension.UNIT else None


def _empty(by: Dimension, number: int) -> Group:
    key = key_of(by, number)
    assert key is not None  # an id of another is none
    return Group(key, _unit(by, key), number, ())


def key_of(by: Dimension, number: int) -> str | None:
    """The key of a group by its number; None where there is no such."""
    match by:
        case Dimension.MONTH:
            year, month = divmod(number - 1, 12)
            return str(Month(year, month + 1)) if 1 <= year <= 9999 else None
        case Dimension.UNIT:
            return str(number)
        case Dimension.SOURCE | Dimension.CLASS:
            named = _NAMED[by]
            return named[number] if 0 <= number < len(named) else None


def _number(by: Dimension, key: str) -> int:
    """In the order of months, of units, and of the names of sources and classes; first what has no record."""
    match by:
        case Dimension.MONTH:
            month = Month.parse(key)
            return 12 * month.year + month.month
        case Dimension.UNIT:
            return int(key)
        case Dimension.SOURCE | Dimension.CLASS:
            return _NAMED[by].index(key)


async def _found(context: Context, connection: Connection, first: Month, last: Month) -> list[Mistake]:
    ids = await quality.candidates(connection, context.scope, first, last)
    found: list[Mistake] = []
    for start in range(0, len(ids), CHUNK):
        found += await _of(connection, ids[start : start + CHUNK])
    return [mistake for mistake in found if first <= mistake.months[0] <= last]


async def _of(connection: Connection, ids: Sequence[int]) -> list[Mistake]:
    ruled = await quality.ruled_wrong(connection, ids)
    groundless = await quality.without_ground(connection, ids)
    false = await quality.quarantined(connection, ids)

    def known(held: Held) -> Known:
        id, facts = held.standing.id, sorted(held.facts, key=lambda fact: fact.version)
        said = ruled.get(id, {}), frozenset(groundless.get(id, ())), false.get(id, {})
        return Known(id, held.standing.unit_id, facts, *said)

    return [mistake for held in await lives.of(connection, ids) for mistake in mistakes(known(held))]


async def _keys(context: Context, connection: Connection, found: Sequence[Mistake], by: Dimension) -> list[str]:
    match by:
        case Dimension.MONTH:
            return [str(mistake.months[0]) for mistake in found]
        case Dimension.UNIT:
            return [str(mistake.unit_id) for mistake in found]
        case Dimension.CLASS:
            return [_class(context, mistake) for mistake in found]
        case Dimension.SOURCE:
            sources = await quality.sources(connection, found)
            records = [(one.beneficiary_id, one.evidence) for one in found]
            return [sources.get((id, e.kind, e.occurred_on), "") if e else "" for id, e in records]


def _class(context: Context, mistake: Mistake) -> str:
    """By the policy of the month in which it was judged."""
    classes = context.book.of(mistake.months[0]).evidence_class
    return classes[mistake.evidence.kind] if mistake.evidence else ""
