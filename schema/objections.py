"""Objections to verdicts in the API. Notice 三(四)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.month import Month
from domain.objection import ObjectionKind, ObjectionStatus, Outcome
from domain.objection import Proof as ProofValue
from domain.standing import Standing
from domain.verdict import Fact
from domain.vocabulary import Lane, ProofKind, Role
from resolvers import objections, roster
from schema import ids, messages
from schema.connections import Connection, Listing, Places, Window, connection
from schema.context import Info
from schema.histories import Verdict, entry
from schema.ids import Kind
from schema.node import Node
from schema.reinstatements import Document, Reinstatement
from storage.histories import month_number
from storage.objections import Chosen
from storage.objections import Objection as Case
from storage.quarantines import EarlierRuling as Ruling

if TYPE_CHECKING:
    from schema.beneficiaries import Beneficiary


@strawberry.type(description="A proof of an objection.")
class Proof:
    id: strawberry.ID = strawberry.field(description="Its own id: its place in the case.")
    kind: ProofKind = strawberry.field(description="In whose sight the person was.")
    document: Document = strawberry.field(description="The document.")

    @classmethod
    def of(cls, info: Info, case_id: int, place: int, proof: ProofValue) -> Proof:
        paper, of_this_case = proof.document, ids.part("Document", case_id, place, text="of an objection")
        document = Document(id=of_this_case, name=info.context.words(paper.name) or "", sha256=paper.sha256)
        return cls(id=ids.part("Proof", case_id, place), kind=proof.kind, document=document)


@strawberry.type(description="A record found false of this person: its kind and month.")
class FalseRecord:
    id: strawberry.ID = strawberry.field(description="Its own id: its place in the ruling.")
    kind: str = strawberry.field(description="The kind of evidence, such as death_certificate.")
    label: str = strawberry.field(description="The kind in words.")
    month: Month = strawberry.field(description="The month that it tells of.")

    @classmethod
    def of(cls, case_id: int, place: int, fact: Fact) -> FalseRecord:
        month = Month.of(fact.occurred_on)
        id = ids.part("FalseRecord", case_id, place)
        return cls(id=id, kind=fact.kind, label=messages.kind(fact.kind), month=month)


@strawberry.type(
    description="A verdict or a termination said to be wrong: a case for the agency (联系社保经办机构). Notice 三(四)."
)
class Objection(Node):
    case: strawberry.Private[Case]
    standing: strawberry.Private[Standing | None] = None

    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(ids.encode(Kind.OBJECTION, self.case.id))

    async def _row(self, info: Info) -> Standing:
        found = self.standing or await info.context.beneficiaries.load(self.case.beneficiary_id)
        assert found is not None  # whoever sees the case sees the person
        return found

    @strawberry.field(description="Whose verdict or termination it is about.")
    async def beneficiary(self, info: Info) -> Annotated[Beneficiary, strawberry.lazy("schema.beneficiaries")]:
        from schema.beneficiaries import Beneficiary

        return Beneficiary(await self._row(info))

    @strawberry.field(
        description="Whether it is about the termination of the benefit (待遇终止), which DATA_WRONG withdraws."
    )
    def about_termination(self) -> bool:
        return self.case.terminated_version is not None

    @strawberry.field(description="The verdict; null where it is about the termination.")
    async def verdict(self, info: Info) -> Verdict | None:
        if self.case.verdict_month is None:
            return None
        row = await self._row(info)
        found = await entry(info, row, roster.verdicts, month_number(self.case.verdict_month))
        assert found is not None  # a case is about one
        return Verdict(row, found)

    @strawberry.field(description="What is wrong, as the objector says.")
    def kind(self) -> ObjectionKind:
        return self.case.kind

    @strawberry.field(description="How fast it is answered.")
    def lane(self) -> Lane:
        return self.case.lane

    @strawberry.field(description="How it stands.")
    def status(self) -> ObjectionStatus:
        return self.case.status

    @strawberry.field(description="Why.")
    def statement(self, info: Info) -> str:
        return info.context.words(self.case.statement) or ""

    @strawberry.field(description="The objector's proofs, and what the agency has seen itself.")
    def proofs(self, info: Info) -> list[Proof]:
        return [Proof.of(info, self.case.id, place, proof) for place, proof in enumerate(self.case.proofs)]

    @strawberry.field(description="经办人 of the unit that reported it; null where the person did.")
    def handler_name(self) -> str | None:
        return self.case.handler.name if self.case.handler else None

    @strawberry.field(description="Who reported it: the UNIT, or the PERSON.")
    def reported_as(self) -> Role:
        return self.case.reported_as

    @strawberry.field(description="When it was reported.")
    def reported_at(self, info: Info) -> datetime:
        return self.case.reported_at.astimezone(info.context.now.tzinfo)

    @strawberry.field(description="When it is to be decided.")
    def due_at(self, info: Info) -> datetime:
        return self.case.due_at.astimezone(info.context.now.tzinfo)

    @strawberry.field(description="Whether it should have been decided by now, or was decided too late.")
    def overdue(self, info: Info) -> bool:
        return self.case.overdue(info.context.now)

    @strawberry.field(description="The officer's account that answers for it; null until somebody takes it.")
    def owner(self) -> str | None:
        return self.case.owner

    @strawberry.field(description="What the agency found.")
    def outcome(self) -> Outcome | None:
        return self.case.outcome

    @strawberry.field(description="Why, for the objector to read.")
    def reason(self, info: Info) -> str | None:
        return messages.ruling(info.context.words(self.case.reason), self.case.decided_with_month)

    @strawberry.field(description="The person's case about another month whose ruling has decided this one as well.")
    async def decided_with(self, info: Info) -> Objection | None:
        if self.case.decided_with is None:
            return None
        found = await info.context.objections.load(self.case.decided_with)
        return Objection(case=found) if found else None

    @strawberry.field(description="When it was decided.")
    def decided_at(self, info: Info) -> datetime | None:
        at = self.case.decided_at
        return None if at is None else at.astimezone(info.context.now.tzinfo)

    @strawberry.field(description="What was found false: no later verdict of the person rests on it.")
    async def false_records(self, info: Info) -> list[FalseRecord]:
        found = await info.context.quarantined.load(self.case.id)
        return [FalseRecord.of(self.case.id, place, fact) for place, fact in enumerate(found)]

    @strawberry.field(description="The case of reinstatement and back pay that the decision opened.")
    async def reinstatement(self, info: Info) -> Reinstatement | None:
        if self.case.reinstatement_id is None:
            return None
        found = await info.context.cases.load(self.case.reinstatement_id)
        return Reinstatement(case=found) if found else None

    @strawberry.field(
        description="The ruling on another case that found the record behind this verdict false already; null where"
        " none has. This case can be decided at once, and its hours go on."
    )
    async def earlier_ruling(self, info: Info) -> EarlierRuling | None:
        found = await info.context.earlier_rulings.load(self.case.id)
        return EarlierRuling(case_id=self.case.id, ruling=found) if found else None


@strawberry.type(description="A ruling that found a record of the person false: of another month or another benefit.")
class EarlierRuling:
    case_id: strawberry.Private[int]
    ruling: strawberry.Private[Ruling]

    @strawberry.field(description="Its own id: the case's.")
    def id(self) -> strawberry.ID:
        return ids.part("EarlierRuling", self.case_id)

    @strawberry.field(description="The kind of the record, such as death_certificate.")
    def kind(self) -> str:
        return self.ruling.record.kind

    @strawberry.field(description="The kind in words.")
    def label(self) -> str:
        return messages.kind(self.ruling.record.kind)

    @strawberry.field(description="The month that it tells of.")
    def month(self) -> Month:
        return Month.of(self.ruling.record.occurred_on)

    @strawberry.field(description="When it was found false.")
    def decided_on(self) -> date:
        return self.ruling.decided_on

    @strawberry.field(description="The district whose officer did, to be asked about the proofs.")
    def district(self) -> str:
        return self.ruling.district

    @strawberry.field(description="The case in which; null where it is another district's.")
    async def objection(self, info: Info) -> Objection | None:
        found = await info.context.objections.load(self.ruling.objection_id)
        return Objection(case=found) if found else None


async def objections_page(info: Info, chosen: Chosen, window: Window) -> Connection[Objection]:
    """In the order in which they are due."""
    cases = Listing[Case](
        lambda part: objections.page(info.context, chosen, part),
        lambda case: case.id,
        lambda: objections.total(info.context, chosen),
    )
    return await connection(Places(info, "objections"), window, cases, lambda case: Objection(case=case))
