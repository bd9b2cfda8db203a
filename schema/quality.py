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
from resolvers.quality import Group
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
        return Beneficiary(standing=found)

    @strawberry.field(description="The first wrong verdict.")
    async def verdict(self, info: Info) -> Verdict:
        row = await info.context.beneficiaries.load(self.mistake.beneficiary_id)
        assert row is not None
        found = await entry(info, row, roster.verdicts, month_number(self.mistake.months[0]))
        assert found is not None  # it was published
        return Verdict(beneficiary=row, verdict=found.value)

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

    def part(self, kind: str, *key: str) -> strawberry.ID:
        return ids.part(kind, month_number(self.first), month_number(self.last), text=" ".join((self.by, *key)))


@strawberry.type(description="Verdicts against what humans found, of one month, unit, source or class.")
class VerdictQuality:
    asked: strawberry.Private[Asked]
    group: strawberry.Private[Group]

    @strawberry.field(description="Its own id: that of what was asked, and the key.")
    def id(self) -> strawberry.ID:
        return self.asked.part("VerdictQuality", self.group.key)

    @strawberry.field(description="The month, the unit's number, the source, or the class; empty where there was none.")
    async def key(self, info: Info) -> str:
        if self.group.unit_id is None:
            return self.group.key
        found = await info.context.units.load(self.group.unit_id)
        return found.si_number if found else ""

    @strawberry.field(description="The unit, where it is asked by unit.")
    async def unit(self, info: Info) -> Annotated[Unit, strawberry.lazy("schema.units")] | None:
        from schema.units import Unit

        found = None if self.group.unit_id is None else await info.context.units.load(self.group.unit_id)
        return Unit(unit=found) if found else None

    @strawberry.field(description="DISQUALIFIED, and a human found the person alive; counted once a record.")
    def false_disqualified(self) -> VerdictMistakes:
        return self._of(MistakeKind.FALSE_DISQUALIFIED)

    @strawberry.field(description="QUALIFIED for months after a death that a human found.")
    def missed_deaths(self) -> VerdictMistakes:
        return self._of(MistakeKind.MISSED_DEATH)

    def _of(self, kind: MistakeKind) -> VerdictMistakes:
        id = self.asked.part("VerdictMistakes", self.group.key, kind)
        return VerdictMistakes(id=id, found=self.group.of(kind))


async def quality_page(info: Info, asked: Asked, window: Window) -> Connection[VerdictQuality]:
    """In the order of the months, of the units' ids, or of the names of sources and classes."""
    if not asked.first <= asked.last < asked.first + _MONTHS_MOST:
        raise bad_input("input.through", months=_MONTHS_MOST)
    size(info, window)  # or a page that is none would be refused after all the work
    groups = _at_hand(await quality.measured(info.context, *asked), lambda group: group.number)
    places = Places(info, "quality", asked.part("VerdictQuality"))
    return await connection(places, window, groups, lambda group: VerdictQuality(asked=asked, group=group))


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
