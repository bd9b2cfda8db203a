"""The quality of verdicts in the API: machine against human, with the cases behind each number. Notice 三(四)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import strawberry

from domain.month import Month
from domain.quality import Dimension, Mistake, MistakeKind, stood
from domain.vocabulary import Role
from resolvers import quality, roster
from schema import ids
from schema.connections import After, Before, Connection, First, Last, Listing, Places, Window, connection, size
from schema.context import Info
from schema.errors import bad_input
from schema.histories import Verdict, entry
from schema.ids import Kind
from schema.node import Node
from storage.histories import month_number
from storage.parts import Part

if TYPE_CHECKING:
    from schema.beneficiaries import Beneficiary
    from schema.units import Unit

T = TypeVar("T")
MEASURERS = (Role.OFFICER, Role.AUDITOR, Role.SERVICE)
_MONTHS_MOST = 36
_MONTHS_ALL = 2**16
"""More than the number of any month."""


@strawberry.type(description="A person judged wrongly: from the first wrong verdict to the human who found it.")
class VerdictMistake(Node):
    mistake: strawberry.Private[Mistake]

    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        first = month_number(self.mistake.months[0])
        return strawberry.ID(ids.encode(Kind.VERDICT_MISTAKE, self.mistake.beneficiary_id, first))

    @strawberry.field(description="Who was judged.")
    async def beneficiary(self, info: Info) -> Annotated[Beneficiary, strawberry.lazy("schema.beneficiaries")]:
        from schema.beneficiaries import Beneficiary

        found = await info.context.beneficiaries.load(self.mistake.beneficiary_id)
        assert found is not None  # whoever sees the mistake sees the person
        return Beneficiary(found)

    @strawberry.field(description="The first wrong verdict.")
    async def verdict(self, info: Info) -> Verdict:
        row = await info.context.beneficiaries.load(self.mistake.beneficiary_id)
        assert row is not None
        found = await entry(info, row, roster.verdicts, month_number(self.mistake.months[0]))
        assert found is not None  # it was published
        return Verdict(row, found)

    @strawberry.field(description="The months of the wrong verdicts.")
    def months(self) -> list[Month]:
        return list(self.mistake.months)

    @strawberry.field(description="The day on which the first of them was published.")
    def since(self) -> date:
        return self.mistake.since

    @strawberry.field(description="The day on which a human, or for a missed death a later verdict, put it right.")
    def until(self) -> date:
        return self.mistake.until

    @strawberry.field(description="How many days it stood.")
    def days(self) -> int:
        return self.mistake.days


@strawberry.type(description="Mistakes of one kind: how many, how long they stood, and which.")
class VerdictMistakes:
    id: strawberry.ID = strawberry.field(description="Its own id: that of what was asked, and their kind.")
    found: strawberry.Private[list[Mistake]]

    @strawberry.field(description="How many.")
    def count(self) -> int:
        return len(self.found)

    @strawberry.field(description="How many days they stood, all together.")
    def days(self) -> int:
        return stood(self.found).total

    @strawberry.field(description="Half of them stood no longer than so many days.")
    def median_days(self) -> float:
        return stood(self.found).median

    @strawberry.field(description="The longest stood so many days.")
    def longest_days(self) -> int:
        return stood(self.found).longest

    @strawberry.field(description="Which, in the order of their people.")
    async def cases(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[VerdictMistake]:
        places, window = Places(info, "mistakes", self.id), Window(first, after, last, before)
        return await connection(places, window, _at_hand(self.found, _number), lambda one: VerdictMistake(mistake=one))


class Asked(NamedTuple):
    """What was to be measured."""

    first: Month
    last: Month
    by: Dimension

    @classmethod
    def of(cls, packed: int) -> Asked | None:
        """What stands in an id; None where nobody can have asked that."""
        months, by = divmod(packed, len(Dimension))
        first, last = (divmod(number - 1, 12) for number in divmod(months, _MONTHS_ALL))
        if not all(1 <= year <= 9999 for year, _ in (first, last)):
            return None
        asked = cls(Month(first[0], first[1] + 1), Month(last[0], last[1] + 1), list(Dimension)[by])
        return asked if asked.is_bounded else None

    @property
    def packed(self) -> int:
        months = month_number(self.first) * _MONTHS_ALL + month_number(self.last)
        return months * len(Dimension) + list(Dimension).index(self.by)

    @property
    def is_bounded(self) -> bool:
        return self.first <= self.last < self.first + _MONTHS_MOST

    def part(self, kind: str, *key: str) -> strawberry.ID:
        return ids.part(kind, month_number(self.first), month_number(self.last), text=" ".join((self.by, *key)))


@strawberry.type(description="Verdicts against what humans found, of one month, unit, source or class.")
class VerdictQuality(Node):
    asked: strawberry.Private[Asked]
    number: strawberry.Private[int]

    @classmethod
    def with_id(cls, packed: int, number: int) -> VerdictQuality | None:
        """Measured when it is looked at, and not before."""
        asked = Asked.of(packed)
        return cls(asked=asked, number=number) if asked and quality.key_of(asked.by, number) is not None else None

    @strawberry.field(description="The global id: what was asked, and of which month, unit, source or class.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(ids.encode(Kind.VERDICT_QUALITY, self.asked.packed, self.number))

    @strawberry.field(description="The month, the unit's number, the source, or the class; empty where there was none.")
    async def key(self, info: Info) -> str:
        if self.asked.by is not Dimension.UNIT:
            return quality.key_of(self.asked.by, self.number) or ""
        found = await info.context.units.load(self.number)
        return found.si_number if found else ""

    @strawberry.field(description="The unit, where it is asked by unit.")
    async def unit(self, info: Info) -> Annotated[Unit, strawberry.lazy("schema.units")] | None:
        from schema.units import Unit

        found = await info.context.units.load(self.number) if self.asked.by is Dimension.UNIT else None
        return Unit(unit=found) if found else None

    @strawberry.field(description="DISQUALIFIED, and a human found the person alive; counted once a record.")
    async def false_disqualified(self, info: Info) -> VerdictMistakes:
        return await self._of(info, MistakeKind.FALSE_DISQUALIFIED)

    @strawberry.field(description="QUALIFIED for months after a death that a human found.")
    async def missed_deaths(self, info: Info) -> VerdictMistakes:
        return await self._of(info, MistakeKind.MISSED_DEATH)

    async def _of(self, info: Info, kind: MistakeKind) -> VerdictMistakes:
        group = await info.context.measured(*self.asked).load(self.number)
        return VerdictMistakes(id=self.asked.part("VerdictMistakes", group.key, kind), found=group.of(kind))


async def quality_page(info: Info, asked: Asked, window: Window) -> Connection[VerdictQuality]:
    """In the order of the months, of the units' ids, or of the names of sources and classes."""
    if not asked.is_bounded:
        raise bad_input("input.through", months=_MONTHS_MOST)
    size(info, window)  # or a page that is none would be refused after all the work
    found = await quality.measured(info.context, *asked)
    for group in found:
        info.context.measured(*asked).prime(group.number, group)
    groups = _at_hand(found, lambda group: group.number)
    places = Places(info, "quality", asked.part("VerdictQuality"))
    return await connection(places, window, groups, lambda group: VerdictQuality(asked=asked, number=group.number))


def _at_hand(items: Sequence[T], number: Callable[[T], int]) -> Listing[T]:
    """A list that was worked out as a whole."""

    async def part(of: Part) -> list[T]:
        return of.of(items, number)

    async def count() -> int:
        return len(items)

    return Listing(part, number, count)


def _number(mistake: Mistake) -> int:
    """Where it stands among others: by its person, and then by its first month."""
    return mistake.beneficiary_id * _MONTHS_ALL + month_number(mistake.months[0])
