"""Cases of reinstatement and back pay (待遇恢复, 补发) in the API."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.month import Month
from domain.reinstatement import ReinstatementStatus
from domain.standing import Standing
from resolvers import reinstatements
from resolvers.reinstatements import CaseInFull, ClaimedMonth
from schema import ids
from schema.connections import Connection, Listing, Places, Window, connection
from schema.context import Info
from schema.ids import Kind
from schema.node import Node
from storage.histories import Moment, month_number
from storage.reinstatements import Case

if TYPE_CHECKING:
    from schema.beneficiaries import Beneficiary


@strawberry.type(description="A piece of proof; the file itself stays with the unit.")
class Document:
    id: strawberry.ID = strawberry.field(description="Its own id: its place in the case.")
    name: str = strawberry.field(description="Its name.")
    sha256: str = strawberry.field(description="Its SHA-256: 64 hexadecimal digits.")


@strawberry.type(description="A month that a case pays back.")
class ReinstatementLine:
    id: strawberry.ID = strawberry.field(description="Its own id: the case's month.")
    month: Month = strawberry.field(description="The withheld month.")
    amount: Decimal = strawberry.field(description="Yuan, at the month's own rate.")
    paid_with: Month | None = strawberry.field(description="The payroll with which it went out; null before.")

    @classmethod
    def of(cls, case_id: int, claimed: ClaimedMonth) -> ReinstatementLine:
        id = ids.part("ReinstatementLine", case_id, month_number(claimed.month))
        return cls(id=id, month=claimed.month, amount=claimed.amount, paid_with=claimed.paid_with)


@strawberry.type(
    description="A case: payment starts again, and the missed months are paid (待遇恢复, 补发). Notice 三(三)."
)
class Reinstatement(Node):
    case: strawberry.Private[Case]
    full: strawberry.Private[CaseInFull | None] = None
    standing: strawberry.Private[Standing | None] = None

    async def _in_full(self, info: Info) -> CaseInFull:
        if self.full is not None:
            return self.full
        known = await info.context.known(None).load(Moment.latest(self.case.beneficiary_id))
        assert known is not None  # whoever has a case is enrolled
        return reinstatements.in_full(info.context, self.case, known)

    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(ids.encode(Kind.REINSTATEMENT, self.case.id))

    @strawberry.field(description="Whose payment it is about.")
    async def beneficiary(self, info: Info) -> Annotated[Beneficiary, strawberry.lazy("schema.beneficiaries")]:
        from schema.beneficiaries import Beneficiary

        found = self.standing or await info.context.beneficiaries.load(self.case.beneficiary_id)
        assert found is not None  # whoever sees the case sees the person
        return Beneficiary(found)

    @strawberry.field(description="How it stands.")
    def status(self) -> ReinstatementStatus:
        return self.case.status

    @strawberry.field(
        description="The months of back pay: as they would be if approved now, were approved, or had been asked for."
    )
    async def months(self, info: Info) -> list[Month]:
        return [line.month for line in (await self._in_full(info)).months]

    @strawberry.field(description="Back pay in yuan: the months together.")
    async def amount(self, info: Info) -> Decimal:
        return (await self._in_full(info)).amount

    @strawberry.field(description="Back pay month by month, each at its own rate.")
    async def lines(self, info: Info) -> list[ReinstatementLine]:
        return [ReinstatementLine.of(self.case.id, line) for line in (await self._in_full(info)).months]

    @strawberry.field(description="The first month paid again, once approved; null where nothing was held.")
    def resumes_from(self) -> Month | None:
        return self.case.resumes_from

    @strawberry.field(description="Why it is asked for.")
    def statement(self, info: Info) -> str:
        return info.context.words(self.case.statement) or ""

    @strawberry.field(description="The proofs.")
    def documents(self, info: Info) -> list[Document]:
        return [
            Document(
                id=ids.part("Document", self.case.id, place), name=info.context.words(d.name) or "", sha256=d.sha256
            )
            for place, d in enumerate(self.case.documents)
        ]

    @strawberry.field(description="经办人: who answers for it.")
    def handler_name(self) -> str:
        return self.case.handler.name

    @strawberry.field(description="The account that submitted it.")
    def submitted_by(self) -> str:
        return self.case.submitted_by

    @strawberry.field(description="When it was submitted.")
    def submitted_at(self, info: Info) -> datetime:
        return self.case.submitted_at.astimezone(info.context.now.tzinfo)

    @strawberry.field(description="The account that reviewed or withdrew it.")
    def reviewed_by(self) -> str | None:
        return self.case.reviewed_by

    @strawberry.field(description="When it was reviewed or withdrawn.")
    def reviewed_at(self, info: Info) -> datetime | None:
        at = self.case.reviewed_at
        return None if at is None else at.astimezone(info.context.now.tzinfo)

    @strawberry.field(description="The reviewer's reason.")
    def reason(self, info: Info) -> str | None:
        return info.context.words(self.case.reason)


async def reinstatements_page(
    info: Info, status: ReinstatementStatus | None, beneficiary_id: int | None, window: Window
) -> Connection[Reinstatement]:
    """In the order in which they were submitted."""
    cases = Listing[Case](
        lambda part: reinstatements.page(info.context, status, beneficiary_id, part),
        lambda case: case.id,
        lambda: reinstatements.total(info.context, status, beneficiary_id),
    )
    return await connection(Places(info, "reinstatements"), window, cases, lambda case: Reinstatement(case=case))
