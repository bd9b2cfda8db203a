"""Overpayments to recover, in the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.month import Month
from domain.overpayment import SettlementKind
from domain.standing import Standing
from resolvers import overpayments
from schema import ids
from schema.connections import Connection, Listing, Places, Window, connection
from schema.context import Info
from schema.ids import Kind
from schema.node import Node
from storage.histories import month_number
from storage.overpayments import OverpaidMonth as StoredMonth
from storage.overpayments import Overpayment as StoredOverpayment
from storage.overpayments import SettlementRecord

if TYPE_CHECKING:
    from schema.beneficiaries import Beneficiary


@strawberry.type(description="A month that was paid although nothing was owed.")
class OverpaidMonth:
    id: strawberry.ID = strawberry.field(description="Its own id: the person's month.")
    month: Month = strawberry.field(description="The month.")
    amount: Decimal = strawberry.field(description="All that was paid for it, in yuan.")
    established: bool = strawberry.field(
        description="False as long as only a FAIL that still stands says that nothing was owed."
    )

    settled: Decimal = strawberry.field(description="What of it was paid back or waived, less what was given back.")

    @classmethod
    def of(cls, beneficiary_id: int, month: StoredMonth) -> OverpaidMonth:
        return cls(
            id=ids.part("OverpaidMonth", beneficiary_id, month_number(month.month)),
            month=month.month,
            amount=month.amount,
            established=month.established,
            settled=month.settled,
        )


@strawberry.type(description="A part of an overpayment that was settled.")
class Settlement:
    id: strawberry.ID = strawberry.field(description="Its own id.")
    kind: SettlementKind = strawberry.field(description="How.")
    amount: Decimal = strawberry.field(description="Yuan.")
    reason: str | None = strawberry.field(description="Why, where it was waived.")
    settled_on: date = strawberry.field(description="When it was recorded.")
    settled_by: str = strawberry.field(description="The officer's account.")

    @classmethod
    def of(cls, info: Info, beneficiary_id: int, place: int, record: SettlementRecord) -> Settlement:
        of = record.settlement
        return cls(
            id=ids.part("Settlement", beneficiary_id, place),
            kind=of.kind,
            amount=of.amount,
            reason=info.context.words(of.reason),
            settled_on=record.settled_on,
            settled_by=record.settled_by,
        )


@strawberry.type(description="What was paid to a person for months in which, as is known now, nothing was owed.")
class Overpayment(Node):
    held: strawberry.Private[StoredOverpayment]
    standing: strawberry.Private[Standing | None] = None

    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(ids.encode(Kind.OVERPAYMENT, self.held.beneficiary_id))

    @strawberry.field(description="To whom it was paid.")
    async def beneficiary(self, info: Info) -> Annotated[Beneficiary, strawberry.lazy("schema.beneficiaries")]:
        from schema.beneficiaries import Beneficiary

        found = self.standing or await info.context.beneficiaries.load(self.held.beneficiary_id)
        assert found is not None  # whoever sees the overpayment sees the person
        return Beneficiary(found)

    @strawberry.field(description="Month by month.")
    def months(self) -> list[OverpaidMonth]:
        return [OverpaidMonth.of(self.held.beneficiary_id, month) for month in self.held.months]

    @strawberry.field(description="The months together, in yuan.")
    def amount(self) -> Decimal:
        return self.held.amount

    @strawberry.field(description="What was paid back or waived.")
    def settled(self) -> Decimal:
        return self.held.settled

    @strawberry.field(description="What is still to recover.")
    def outstanding(self) -> Decimal:
        return self.held.outstanding

    @strawberry.field(description="What was collected for months that turned out to be owed, and is to be given back.")
    def refund_due(self) -> Decimal:
        return self.held.refund_due

    @strawberry.field(description="How it was settled, oldest first.")
    def settlements(self, info: Info) -> list[Settlement]:
        id = self.held.beneficiary_id
        return [Settlement.of(info, id, place, record) for place, record in enumerate(self.held.settlements)]


async def overpayments_page(info: Info, outstanding: bool, window: Window) -> Connection[Overpayment]:
    """One a person."""
    held = Listing[StoredOverpayment](
        lambda part: overpayments.page(info.context, outstanding, part),
        lambda one: one.beneficiary_id,
        lambda: overpayments.total(info.context, outstanding),
    )
    return await connection(Places(info, "overpayments"), window, held, lambda one: Overpayment(held=one))
