"""A beneficiary and the roster (人员名单) in the API."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.contact import Contact
from domain.month import Month
from domain.standing import Standing
from domain.vocabulary import Category, PaymentStatus
from resolvers import entitlement, look_ups, roster
from resolvers.look_ups import LookUp
from schema import ids
from schema.compliance import AnswerAgain
from schema.connections import (
    After,
    Before,
    First,
    Last,
    PageInfo,
    Places,
    Uncounted,
    Window,
    cursor_of,
    size,
)
from schema.context import Info
from schema.errors import bad_input
from schema.histories import Certification, CertificationPeriod, Verdict, certifications_of, periods_of, verdicts_of
from schema.ids import Kind
from schema.loading import Loading
from schema.node import Node
from schema.objections import Objection
from schema.overpayments import Overpayment
from schema.payments import Entitlement, Payment, PaymentStop
from schema.reinstatements import Reinstatement
from schema.warnings import Warning
from storage.histories import Moment
from storage.roster import Position, RosterFilter, Slice
from storage.units import Unit as StoredUnit

if TYPE_CHECKING:
    from schema.units import Unit

_LAST_YEAR = 2200
_encoded = ids.encoder(Kind.BENEFICIARY)


@strawberry.type(description="One person drawing one benefit through one unit (离退休人员, 遗属).")
class Beneficiary(Node):
    standing: strawberry.Private[Standing]
    through: strawberry.Private[StoredUnit | None]
    """The unit that it is drawn through, where it came with the row."""

    def __init__(self, standing: Standing, through: StoredUnit | None = None) -> None:
        self.standing, self.through = standing, through

    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        return _encoded(self.standing.id)

    # The one way back up: clients that hold a person by its id ask for the unit.
    @strawberry.field(description="The unit (参保单位) through which the benefit is drawn.")
    async def unit(self, info: Info) -> Annotated[Unit, strawberry.lazy("schema.units")]:
        from schema.units import Unit

        found = self.through or await info.context.units.load(self.standing.unit_id)
        assert found is not None  # whoever sees the row sees its unit
        return Unit(unit=found)

    @strawberry.field(description="Retiree or survivor.")
    def category(self) -> Category:
        return self.standing.category

    @strawberry.field(description="The name, as the unit reported it.")
    def name(self) -> str:
        return self.standing.name

    @strawberry.field(description="The ID number, masked: 3702**********1234.")
    def id_number(self) -> str:
        return self.standing.id_number_masked

    @strawberry.field(description="联系电话, masked outside the person's own unit: 138****5678.")
    def phone(self, info: Info) -> str | None:
        return self._contact(info).phone

    @strawberry.field(description="户口所在地, masked outside the person's own unit.")
    def household_address(self, info: Info) -> str | None:
        return self._contact(info).household_address

    @strawberry.field(description="居住地, masked outside the person's own unit.")
    def residence_address(self, info: Info) -> str | None:
        return self._contact(info).residence_address

    def _contact(self, info: Info) -> Contact:
        known = info.context.viewer.knows(self.standing.unit_id)
        return self.standing.contact if known else self.standing.contact.masked()

    @strawberry.field(description="Whether phone and both addresses are there; without them nothing can be submitted.")
    def contact_complete(self) -> bool:
        return self.standing.contact.complete

    @strawberry.field(description="Changes with every change of the row; an act on an older one is refused as stale.")
    def version(self) -> int:
        return self.standing.version

    @strawberry.field(description="The latest published verdict.")
    def verdict(self) -> Verdict | None:
        verdict = self.standing.verdict
        return Verdict(self.standing, verdict) if verdict else None

    @strawberry.field(graphql_type=Uncounted[Verdict], description="Published verdicts, newest first.")
    def verdicts(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Loading[Uncounted[Verdict]]:
        return verdicts_of(info, self.standing, (first, after, last, before))

    @strawberry.field(description="The period (认证服务期) that covers this month; null when lapsed or ended.")
    def certification_period(self, info: Info) -> CertificationPeriod | None:
        period = self.standing.period_covering(info.context.month)
        return CertificationPeriod(self.standing.id, period) if period else None

    @strawberry.field(
        graphql_type=Uncounted[CertificationPeriod], description="Every period, newest first, as it was opened."
    )
    def certification_periods(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Loading[Uncounted[CertificationPeriod]]:
        return periods_of(info, self.standing, (first, after, last, before))

    @strawberry.field(graphql_type=Uncounted[Certification], description="Recorded acts, newest first.")
    def certifications(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Loading[Uncounted[Certification]]:
        return certifications_of(info, self.standing, (first, after, last, before))

    @strawberry.field(description="How payment stands in the current month.")
    def payment_status(self, info: Info) -> PaymentStatus:
        return self.standing.payment_status(info.context.month)

    @strawberry.field(
        description="The last month payable by a period as things stand; what a case pays back is beside it."
    )
    def paid_through(self) -> Month | None:
        return self.standing.paid_through

    @strawberry.field(description="The day by which an unanswered DISQUALIFIED or PENDING verdict must be answered.")
    def answer_by(self) -> date | None:
        ended = self.standing.terminated_from is not None
        return self.standing.verdict.answer_by if self.standing.verdict and not ended else None

    @strawberry.field(
        description="The day by which the unit must confirm the person once more; no payment stops by it."
    )
    def confirm_by(self, info: Info) -> date | None:
        ended = self.standing.terminated_from is not None
        return None if ended else self.standing.confirm_by(info.context.policy)

    @strawberry.field(
        description="Whether a month was, is or would be paid, and why: rule, clause, facts, and what would change it."
    )
    async def entitlement(
        self,
        info: Info,
        month: Annotated[Month, strawberry.argument(description="Any month, past or future.")],
        as_of: Annotated[
            date | None, strawberry.argument(description="As was known at the end of this day; now unless given.")
        ] = None,
    ) -> Entitlement:
        if as_of is not None and as_of > info.context.today:
            raise bad_input("input.as_of")
        if month.year > _LAST_YEAR:
            raise bad_input("input.month", year=_LAST_YEAR)
        known = await info.context.known(as_of).load(self._moment)
        explained = entitlement.explain(info.context, self.standing.id, known, month, as_of)
        return Entitlement(explained=explained, as_of=as_of)

    @property
    def _moment(self) -> Moment:
        return Moment(self.standing.id, self.standing.version)

    @strawberry.field(description="The ledger month by month, oldest first: all of it unless bounded.")
    async def payments(
        self,
        info: Info,
        from_: Annotated[Month | None, strawberry.argument(name="from", description="The first month.")] = None,
        through: Annotated[Month | None, strawberry.argument(description="The last month.")] = None,
    ) -> list[Payment]:
        found = await info.context.payments(from_, through).load(self.standing.id)
        return [Payment(beneficiary_id=self.standing.id, payment=one) for one in found]

    @strawberry.field(description="Every stop of payment, oldest first, with its reason, clause, act and first month.")
    async def stops(self, info: Info) -> list[PaymentStop]:
        known = await info.context.known(None).load(self._moment)
        assert known is not None  # who is seen is enrolled
        found = entitlement.stops_of(known, info.context.month)
        return [PaymentStop(beneficiary_id=self.standing.id, dated=stop) for stop in found]

    @strawberry.field(description="The open case of reinstatement and back pay.")
    async def reinstatement(self, info: Info) -> Reinstatement | None:
        case = await info.context.open_cases.load(self.standing.id)
        return Reinstatement(case=case) if case else None

    @strawberry.field(
        description="What the agency asks the unit to state anew, because a PASS had no ground; payment goes on."
        " An edited contact or a batch pass does not answer it."
        " For the unit, and for who looks at it. Notice 四(四)."
    )
    async def answer_again(self, info: Info) -> AnswerAgain | None:
        asked = await info.context.asked_of.load(self.standing.id)
        id = ids.part("AnswerAgain", self.standing.id)
        if asked is None:
            return None
        return AnswerAgain(id=id, answer_by=asked.answer_by, reason=info.context.words(asked.reason) or "")

    @strawberry.field(description="Objections to the person's verdicts (大数据认证结果有误), newest first.")
    async def objections(self, info: Info) -> list[Objection]:
        found = await info.context.objections_of.load(self.standing.id)
        return [Objection(case=case, standing=self.standing) for case in found]

    @strawberry.field(description="What the person, or the unit about them, was warned of: the newest 20.")
    async def warnings(self, info: Info) -> list[Warning]:
        return [Warning(warned=one) for one in await info.context.warnings.load(self.standing.id)]

    @strawberry.field(description="What was paid for months in which nothing was owed; null where there is none.")
    async def overpayment(self, info: Info) -> Overpayment | None:
        found = await info.context.overpayments.load(self.standing.id)
        return Overpayment(held=found) if found else None


@strawberry.type(description="A row of the roster.")
class BeneficiaryEdge:
    places: strawberry.Private[Places]
    place: strawberry.Private[tuple[int, ...]]
    cursor: str = strawberry.field(description="Where the row stands.", resolver=cursor_of)
    node: Beneficiary = strawberry.field(description="The person.")

    def __init__(self, places: Places, place: tuple[int, ...], node: Beneficiary) -> None:
        self.places, self.place, self.node = places, place, node


@strawberry.type(description="A page of the roster: DISQUALIFIED, PENDING, QUALIFIED, then those without a verdict.")
class BeneficiaryConnection:
    chosen: strawberry.Private[RosterFilter]
    edges: list[BeneficiaryEdge] = strawberry.field(description="The rows.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")

    @strawberry.field(description="How many rows the whole list has.")
    async def total_count(self, info: Info) -> int:
        return await roster.total(info.context, self.chosen)


async def roster_page(info: Info, chosen: RosterFilter, window: Window) -> BeneficiaryConnection:
    places = Places(info, "roster", chosen.unit_id)
    chosen = await _with_number(info, chosen)
    page = await roster.page(info.context, chosen, _slice(info, places, window))
    edges = [BeneficiaryEdge(places, row.position, Beneficiary(row.standing)) for row in page.rows]
    return BeneficiaryConnection(
        chosen=chosen,
        edges=edges,
        page_info=PageInfo(edges, page.more_before, page.more_after),
    )


async def _with_number(info: Info, chosen: RosterFilter) -> RosterFilter:
    """The filter with whoever has the ID number that was typed; once for the page and its count."""
    if (number := look_ups.number_in(info.context, chosen.search)) is None:
        return chosen
    found = await info.context.by_number(LookUp(number, chosen.unit_id))
    return replace(chosen, people=[row.id for row in found])


def _slice(info: Info, places: Places, window: Window) -> Slice:
    after, before = (_position(places, name, getattr(window, name)) for name in ("after", "before"))
    return Slice(size(info, window), after, before, window.backwards)


def _position(places: Places, name: str, text: str | None) -> Position | None:
    numbers = places.position(name, text)
    if numbers is None:
        return None
    rank, id = numbers
    return rank, id
