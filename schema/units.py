"""Units (参保单位) in the API."""

from __future__ import annotations

from typing import Annotated

import strawberry

from domain.text import problem
from domain.vocabulary import Category, Conclusion
from resolvers import roster
from schema import ids
from schema.beneficiaries import BeneficiaryConnection, roster_page
from schema.connections import After, Before, Connection, First, Last, Listing, Places, Window, connection, resume_token
from schema.context import Info
from schema.errors import bad_input
from schema.ids import Kind
from schema.node import Node
from storage.roster import Attention, RosterFilter
from storage.units import Unit as StoredUnit

Search = Annotated[
    str | None, strawberry.argument(description="A part of the name (Chinese included), or a whole number.")
]
RosterSearch = Annotated[
    str | None,
    strawberry.argument(
        description="A part of the name (Chinese included); for a UNIT or OFFICER also a whole ID number (身份证号),"
        " and each such search is recorded, whoever it finds."
    ),
]


@strawberry.type(description="The counts of a roster, by the very predicate that the list uses.")
class UnitSummary:
    id: strawberry.ID = strawberry.field(description="Its own id: the unit's, of both categories or one.")
    total: int = strawberry.field(description="Everybody on the roster.")
    disqualified: int = strawberry.field(description="丧失资格.")
    pending: int = strawberry.field(description="待核实.")
    qualified: int = strawberry.field(description="具备资格.")
    unanswered: int = strawberry.field(description="DISQUALIFIED or PENDING, and the unit has not acted on it.")
    overdue: int = strawberry.field(
        description="Unanswered, and the day to answer this or an earlier verdict by has passed."
    )
    lapsing_soon: int = strawberry.field(description="Paid now, and the period ends within the warning window.")
    lapsed: int = strawberry.field(description="Not paid, because the period ran out (停发).")
    suspended: int = strawberry.field(description="Not paid, because of a FAIL (暂停).")
    contact_incomplete: int = strawberry.field(description="Without a phone or one of the addresses.")
    confirmation_overdue: int = strawberry.field(description="Not confirmed within the yearly duty.")
    answer_again: int = strawberry.field(
        description="Passed without ground, as the agency found, and not stated anew yet (须重新提报)."
    )


@strawberry.type(description="An organ or public institution (参保单位) and the people who draw through it.")
class Unit(Node):
    unit: strawberry.Private[StoredUnit]

    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(ids.encode(Kind.UNIT, self.unit.id))

    @strawberry.field(description="单位社保编号, its username too.")
    def si_number(self) -> str:
        return self.unit.si_number

    @strawberry.field(description="The unit's name.")
    def name(self) -> str:
        return self.unit.name

    @strawberry.field(description="The district whose agency is in charge.")
    def district(self) -> str:
        return self.unit.district

    @strawberry.field(description="The roster: 20 rows a page unless asked, worst first, retirees unless asked.")
    async def beneficiaries(
        self,
        info: Info,
        category: Annotated[
            Category, strawberry.argument(description="Retirees, or 供养亲属 when switched.")
        ] = Category.RETIREE,
        conclusion: Annotated[
            list[Conclusion] | None, strawberry.argument(description="Only rows with one of these.")
        ] = None,
        attention: Annotated[
            Attention | None, strawberry.argument(description="Only rows that want a look for this reason.")
        ] = None,
        search: RosterSearch = None,
        include_terminated: Annotated[
            bool, strawberry.argument(description="Show those whose benefit was terminated as well, last.")
        ] = False,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> BeneficiaryConnection:
        chosen = RosterFilter(self.unit.id, category, conclusion, search_text(search), attention, include_terminated)
        return await roster_page(info, chosen, Window(first, after, last, before))

    @strawberry.field(
        description="Where the unit's events stand now. Ask for it first, read the roster with the next request, and"
        " subscribe `after` it: so no change in between is missed."
    )
    async def resume_token(self, info: Info) -> str:
        return resume_token(info, self.unit.id, await info.context.newest_events.load(self.unit.id))

    @strawberry.field(description="The roster in numbers.")
    async def summary(
        self,
        info: Info,
        category: Annotated[
            Category | None, strawberry.argument(description="Of one category only; both unless given.")
        ] = None,
    ) -> UnitSummary:
        counted = await roster.summary(info.context, self.unit.id, category)
        return UnitSummary(
            id=ids.part("UnitSummary", self.unit.id, text=category or ""),
            total=counted.total,
            disqualified=counted.disqualified,
            pending=counted.pending,
            qualified=counted.qualified,
            **{kind.lower(): number for kind, number in counted.attention.items()},
        )


async def units_page(info: Info, window: Window, search: str | None) -> Connection[Unit]:
    wanted = search_text(search)
    units = Listing[StoredUnit](
        lambda part: roster.units_page(info.context, wanted, part),
        lambda unit: unit.id,
        lambda: roster.count_units(info.context, wanted),
    )
    return await connection(Places(info, "units"), window, units, lambda unit: Unit(unit=unit))


def search_text(text: str | None) -> str | None:
    """What to search for; None for nothing."""
    if text is None or not text.strip():
        return None
    if problem(text, 100):
        raise bad_input("input.search")
    return text.strip()
