"""Reading."""

from __future__ import annotations

import asyncio
from typing import Annotated

import strawberry

from domain.reinstatement import ReinstatementStatus
from domain.standing import Standing
from resolvers import roster, sessions, trail
from schema import ids
from schema.audit import Actions, AuditEntryConnection, From, Through, audit_page
from schema.beneficiaries import Beneficiary
from schema.context import Info
from schema.errors import bad_input
from schema.histories import After, Certification, First, Verdict, entry
from schema.ids import Key, Kind
from schema.my_standing import MyStanding
from schema.node import Node
from schema.overpayments import OverpaymentConnection, overpayments_page
from schema.payloads import Viewer
from schema.reinstatements import Reinstatement, ReinstatementConnection, reinstatements_page
from schema.units import Search, Unit, UnitConnection, units_page
from schema.warnings import WarningConnection, warnings_page


@strawberry.type(description="Everything that can be read.")
class Query:
    @strawberry.field(description="The object with this id, null where there is none that the account may see.")
    async def node(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
    ) -> Node | None:
        return await _found(info, id)

    @strawberry.field(description="The objects with these ids, null in the place of each that is not there.")
    async def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="Global ids, 200 at most.")],
    ) -> list[Node | None]:
        limit = info.context.policy.page_limit
        if len(ids) > limit:
            raise bad_input(f"at most {limit} ids at once")
        return list(await asyncio.gather(*(_found(info, id) for id in ids)))

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
        info.context.not_found += found is None and si_number is not None
        return Unit(unit=found) if found else None

    @strawberry.field(description="The units that the account may see.")
    async def units(
        self, info: Info, first: First = None, after: After = None, search: Search = None
    ) -> UnitConnection:
        return await units_page(info, first, after, search)

    @strawberry.field(description="What a PERSON draws: one row for each benefit.")
    async def benefits(self, info: Info) -> list[Beneficiary]:
        return [Beneficiary(standing=row) for row in await roster.benefits(info.context)]

    @strawberry.field(description="How the PERSON who asks stands, in one query.")
    async def my_standing(self) -> MyStanding:
        return MyStanding()

    @strawberry.field(description="Whoever stands at the window or comes to the agency, found by the whole ID number.")
    async def beneficiaries_by_id_number(
        self, info: Info, id_number: Annotated[str, strawberry.argument(description="身份证号, all of it.")]
    ) -> list[Beneficiary]:
        found = await roster.by_id_number(info.context, id_number)
        info.context.not_found += not found
        return [Beneficiary(standing=row) for row in found]

    @strawberry.field(description="Cases of reinstatement and back pay (待遇恢复, 补发) that the account may see.")
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
    ) -> ReinstatementConnection:
        of = None if beneficiary_id is None else ids.beneficiary(beneficiary_id) or 0
        return await reinstatements_page(info, status, of, first, after)

    @strawberry.field(description="What was paid for months in which nothing was owed, and is to recover.")
    async def overpayments(
        self,
        info: Info,
        outstanding: Annotated[
            bool, strawberry.argument(description="Only where something is still to recover.")
        ] = True,
        first: First = None,
        after: After = None,
    ) -> OverpaymentConnection:
        return await overpayments_page(info, outstanding, first, after)

    @strawberry.field(description="What the people of a UNIT, and the unit about them, were warned of; newest first.")
    async def warnings(self, info: Info, first: First = None, after: After = None) -> WarningConnection:
        return await warnings_page(info, first, after)

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
    ) -> AuditEntryConnection:
        unit = None if unit_id is None else ids.of_kind(Kind.UNIT, unit_id) or 0
        person = None if beneficiary_id is None else ids.beneficiary(beneficiary_id) or 0
        asked = trail.chosen(info.context, unit, person, action, (from_, through))
        return await audit_page(info, asked, first, after)


async def _found(info: Info, id: str) -> Node | None:
    found = await _node(info, id)
    info.context.not_found += found is None
    return found


async def _node(info: Info, id: str) -> Node | None:
    key = ids.decode(id) or ids.NOWHERE
    if key.kind is Kind.UNIT:
        found = await info.context.units.load(key.id)
        return Unit(unit=found) if found else None
    if key.kind is Kind.REINSTATEMENT:
        case = await info.context.cases.load(key.id)
        return Reinstatement(case=case) if case else None
    standing = await info.context.beneficiaries.load(key.id)
    if standing is None:
        return None
    return Beneficiary(standing=standing) if key.kind is Kind.BENEFICIARY else await _of_history(info, standing, key)


async def _of_history(info: Info, standing: Standing, key: Key) -> Node | None:
    assert key.position is not None  # an id of these kinds has one
    if key.kind is Kind.VERDICT:
        verdict = await entry(info, standing, roster.verdicts, key.position)
        return Verdict(beneficiary=standing, verdict=verdict.value) if verdict else None
    act = await entry(info, standing, roster.certifications, key.position)
    return Certification(beneficiary=standing, position=act.position, record=act.value) if act else None
