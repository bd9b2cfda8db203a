"""Reading."""

from __future__ import annotations

import asyncio
from typing import Annotated

import strawberry

from domain.compliance import AnswerAgainStatus, ReviewKind, ReviewStatus
from domain.month import Month
from domain.objection import ObjectionStatus
from domain.quality import Dimension
from domain.reinstatement import ReinstatementStatus
from domain.vocabulary import Lane
from resolvers import look_ups, roster, sessions, trail
from resolvers.look_ups import LookUp
from schema import ids
from schema.audit import Actions, AuditEntry, From, Through, audit_page
from schema.beneficiaries import Beneficiary
from schema.compliance import ComplianceReview, RecheckDraw, draws_page, reviews_page
from schema.connections import After, Before, Connection, First, Last, Uncounted, Window, page_size
from schema.context import Info
from schema.errors import bad_input
from schema.ids import Kind
from schema.my_standing import MyStanding
from schema.node import Node
from schema.objections import Objection, objections_page
from schema.overpayments import Overpayment, overpayments_page
from schema.payloads import Viewer
from schema.quality import Asked, VerdictQuality, quality_page
from schema.reached import found, reached
from schema.reinstatements import Reinstatement, reinstatements_page
from schema.units import Search, Unit, units_page
from schema.warnings import Warning, warnings_page
from storage.compliance import Chosen as Reviews
from storage.objections import Chosen


@strawberry.type(description="Everything that can be read.")
class Query:
    @strawberry.field(description="The object with this id, null where there is none that the account may see.")
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
    ) -> Node | None:
        return await found(info, 0, id)

    @strawberry.field(description="The objects with these ids, null in the place of each that is not there.")
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="Global ids, 200 at most.")],
    ) -> list[Node | None]:
        limit = info.context.policy.page_limit
        if len(ids) > limit:
            raise bad_input("input.too_many_ids", limit=limit)
        return list(await asyncio.gather(*(found(info, *one) for one in enumerate(ids))))

    @strawberry.field(description="Who am I, and on which date the server thinks it is.")
    async def viewer(self, info: Info) -> Viewer:
        return Viewer(account=await sessions.caller(info.context))

    @strawberry.field(description="A unit by its number; a UNIT's own when left out.")
    async def unit(
        self,
        info: Info,
        si_number: Annotated[str | None, strawberry.argument(description="单位社保编号.")] = None,
    ) -> Unit | None:
        found = await roster.unit(info.context, si_number)
        if found is None and si_number is not None:
            info.context.miss_number("siNumber", si_number)
        return Unit(unit=found) if found else None

    @strawberry.field(description="The units that the account may see.")
    async def units(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        search: Search = None,
    ) -> Connection[Unit]:
        return await units_page(info, Window(first, after, last, before), search)

    @strawberry.field(description="What a PERSON draws: one row for each benefit.")
    async def benefits(self, info: Info, first: First = None) -> list[Beneficiary]:
        limit = page_size(info, "first", first)
        return [Beneficiary(row, unit) for row, unit in (await roster.benefits(info.context))[:limit]]

    @strawberry.field(description="How the PERSON who asks stands, in one query.")
    async def my_standing(self) -> MyStanding:
        return MyStanding()

    @strawberry.field(
        description="Whoever stands at the window or comes to the agency, found by the whole ID number; recorded."
    )
    async def beneficiaries_by_id_number(
        self,
        info: Info,
        id_number: Annotated[str, strawberry.argument(description="身份证号, all of it.")],
        first: First = None,
    ) -> list[Beneficiary]:
        limit = page_size(info, "first", first)
        number = look_ups.number_in(info.context, id_number)
        if number is None:
            info.context.miss_number("idNumber", id_number)
        found = await info.context.by_number(LookUp(number)) if number else []
        return [Beneficiary(row) for row in found[:limit]]

    @strawberry.field(description="Cases of reinstatement and back pay (待遇恢复, 补发), as they were submitted.")
    async def reinstatements(
        self,
        info: Info,
        status: Annotated[
            ReinstatementStatus | None, strawberry.argument(description="Only those that stand so.")
        ] = None,
        beneficiary_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only those of this person.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Reinstatement]:
        of = await _bound(info, Kind.BENEFICIARY, beneficiary_id)
        return await reinstatements_page(info, status, of, Window(first, after, last, before))

    @strawberry.field(
        description="Objections to verdicts that the account may see, in the order in which they are due."
    )
    async def objections(
        self,
        info: Info,
        status: Annotated[ObjectionStatus | None, strawberry.argument(description="Only those that stand so.")] = None,
        lane: Annotated[Lane | None, strawberry.argument(description="Only those of this lane.")] = None,
        overdue: Annotated[
            bool | None, strawberry.argument(description="Only those that are, or were decided, too late; or in time.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Objection]:
        return await objections_page(info, Chosen(status, lane, overdue), Window(first, after, last, before))

    @strawberry.field(
        description="What the agency looks at (杜绝人情认证), in the order in which it was opened. Notice 四(四)."
    )
    async def compliance_reviews(
        self,
        info: Info,
        kind: Annotated[ReviewKind | None, strawberry.argument(description="Only those of this kind.")] = None,
        status: Annotated[ReviewStatus | None, strawberry.argument(description="Only those that stand so.")] = None,
        answer_again: Annotated[
            AnswerAgainStatus | None,
            strawberry.argument(description="Only those whose unit is to answer anew, and how far that has come."),
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ComplianceReview]:
        chosen = Reviews(kind, status, answer_again)
        return await reviews_page(info, chosen, Window(first, after, last, before))

    @strawberry.field(
        description="A month's random draws of passes to be checked again, one a district. Notice 四(四)."
    )
    async def recheck_draws(
        self,
        info: Info,
        month: Annotated[Month, strawberry.argument(description="The month of the passes.")],
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[RecheckDraw]:
        return await draws_page(info, month, Window(first, after, last, before))

    @strawberry.field(
        description="Machine against human: false DISQUALIFIED and missed deaths whose first wrong verdict is of these"
        " months. Notice 三(四)."
    )
    async def verdict_quality(
        self,
        info: Info,
        from_: Annotated[Month, strawberry.argument(name="from", description="The first month.")],
        through: Annotated[Month, strawberry.argument(description="The last month.")],
        by: Annotated[Dimension, strawberry.argument(description="By what they are counted.")] = Dimension.MONTH,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[VerdictQuality]:
        return await quality_page(info, Asked(from_, through, by), Window(first, after, last, before))

    @strawberry.field(
        description="What was paid for months in which nothing was owed, and is to recover: one a person."
    )
    async def overpayments(
        self,
        info: Info,
        outstanding: Annotated[
            bool, strawberry.argument(description="Only where something is still to recover.")
        ] = True,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Overpayment]:
        return await overpayments_page(info, outstanding, Window(first, after, last, before))

    @strawberry.field(description="What the people of a UNIT, and the unit about them, were warned of; newest first.")
    async def warnings(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Uncounted[Warning]:
        return await warnings_page(info, Window(first, after, last, before))

    @strawberry.field(description="What was done and refused, newest first: an AUDITOR's, and of a UNIT's own people.")
    async def audit_trail(
        self,
        info: Info,
        unit_id: Annotated[strawberry.ID | None, strawberry.argument(description="Only of this unit.")] = None,
        beneficiary_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only about this person.")
        ] = None,
        action: Actions = None,
        from_: From = None,
        through: Through = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Uncounted[AuditEntry]:
        unit = await _bound(info, Kind.UNIT, unit_id)
        person = await _bound(info, Kind.BENEFICIARY, beneficiary_id)
        asked = trail.chosen(info.context, unit, person, action, (from_, through))
        return await audit_page(info, asked, Window(first, after, last, before))


async def _bound(info: Info, kind: Kind, id: str | None) -> int | None:
    """The id by which a list is bound; 0, which nothing has, where it leads nowhere or is of another kind."""
    if id is None:
        return None
    key = ids.decode(id)
    if key is None or key.kind is not kind or await reached(info, key) is None:
        info.context.miss(key)
        return 0
    return key.id
