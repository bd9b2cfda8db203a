"""Money in the API: the ledger, why a month is paid or not, and every stop."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import strawberry

from domain.entitlement import Basis, Change, Lever
from domain.money import ZERO
from domain.month import Month
from domain.payroll import LedgerStatus, Line, LineKind
from resolvers.entitlement import DatedStop, Explained, Ground, GroundKind, kind_of
from schema import ids, messages
from storage.histories import month_number
from storage.ledger import Payment as StoredPayment


@strawberry.type(description="What a payroll paid out for an earlier month.")
class PaymentLine:
    id: strawberry.ID = strawberry.field(description="Its own id: the person's earlier month in that payroll.")
    kind: LineKind = strawberry.field(description="Back pay (补发), or an adjustment of a month paid too little.")
    month: Month = strawberry.field(description="The earlier month.")
    amount: Decimal = strawberry.field(description="Yuan.")

    @classmethod
    def of(cls, beneficiary_id: int, line: Line) -> PaymentLine:
        id = ids.part("PaymentLine", beneficiary_id, *map(month_number, (line.payroll, line.month)), text=line.kind)
        return cls(id=id, kind=line.kind, month=line.month, amount=line.amount)


@strawberry.type(description="A month in the ledger, as its payroll was frozen; it is never rewritten.")
class Payment:
    beneficiary_id: strawberry.Private[int]
    payment: strawberry.Private[StoredPayment]

    @strawberry.field(description="Its own id: the person's month.")
    def id(self) -> strawberry.ID:
        return ids.part("Payment", self.beneficiary_id, month_number(self.payment.entry.month))

    @strawberry.field(description="The month.")
    def month(self) -> Month:
        return self.payment.entry.month

    @strawberry.field(description="Paid or withheld.")
    def status(self) -> LedgerStatus:
        return self.payment.entry.status

    @strawberry.field(description="The month's own amount in yuan, 0.00 when withheld; lines come on top of it.")
    def amount(self) -> Decimal:
        return self.payment.entry.amount

    @strawberry.field(description="The rule by which it was paid or withheld.")
    def basis(self) -> Basis:
        return self.payment.entry.basis

    @strawberry.field(description="Why it was paid or withheld, in words.")
    def reason(self) -> str | None:
        entry = self.payment.entry
        return messages.basis(entry.basis, entry.since, entry.through)

    @strawberry.field(description="The withheld months whose back pay (补发) went out with this payroll.")
    def back_pay_for(self) -> list[Month]:
        return [line.month for line in self.payment.lines if line.kind is LineKind.BACK_PAY]

    @strawberry.field(description="All that this payroll paid for earlier months.")
    def lines(self) -> list[PaymentLine]:
        return [PaymentLine.of(self.beneficiary_id, line) for line in self.payment.lines]

    @strawberry.field(description="Amount and lines together: what went out with this payroll.")
    def total(self) -> Decimal:
        return self.payment.entry.amount + sum((line.amount for line in self.payment.lines), ZERO)

    @strawberry.field(description="Of a withheld month: the payroll with which its back pay went out, null before.")
    def healed_with(self) -> Month | None:
        return self.payment.healed_with


@strawberry.type(description="A fact that an answer rests on.")
class EntitlementFact:
    kind: GroundKind = strawberry.field(description="What it is.")
    text: str = strawberry.field(description="What it says.")
    id: strawberry.ID = strawberry.field(
        description="The global id of the act, verdict or case; of anything else an id of its own, which is no node's."
    )

    @classmethod
    def of(cls, beneficiary_id: int, kind: GroundKind, ground: Ground) -> EntitlementFact:
        key, text = ids.of_ground(beneficiary_id, ground), messages.ground(kind, ground)
        own = ids.part("EntitlementFact", beneficiary_id, text=f"{kind} {text}")
        return cls(kind=kind, text=text, id=own if key is None else strawberry.ID(key))


@strawberry.type(description="Something that would change the answer.")
class EntitlementChange:
    id: strawberry.ID = strawberry.field(description="Its own id.")
    lever: Lever = strawberry.field(description="What it is, for programs.")
    text: str = strawberry.field(description="What it is, and by when, for people.")
    by: date | None = strawberry.field(description="The last day on which it still does; null where any day does.")

    not_before: date | None = strawberry.field(description="The first day on which it does, where that lies ahead.")

    @classmethod
    def of(cls, explained: Explained, change: Change) -> EntitlementChange:
        text = messages.change(change)
        place = (explained.beneficiary_id, month_number(explained.month))
        id = ids.part("EntitlementChange", *place, text=f"{change.lever} {change.by} {text}")
        return cls(id=id, lever=change.lever, text=text, by=change.by, not_before=change.not_before)


@strawberry.type(description="Whether a month was, is or would be paid, and why.")
class Entitlement:
    explained: strawberry.Private[Explained]
    as_of: strawberry.Private[date | None]

    @strawberry.field(description="Its own id: the person's month, as of that day.")
    def id(self) -> strawberry.ID:
        day = self.as_of.toordinal() if self.as_of else 0
        return ids.part("Entitlement", self.explained.beneficiary_id, month_number(self.explained.month), day)

    @strawberry.field(description="The month asked about.")
    def month(self) -> Month:
        return self.explained.month

    @strawberry.field(description="Whether the rules grant it, as things stand or stood.")
    def payable(self) -> bool:
        return self.explained.ruling.basis.payable

    @strawberry.field(description="The rule, for programs.")
    def basis(self) -> Basis:
        return self.explained.ruling.basis

    @strawberry.field(description="The rule, in words.")
    def reason(self) -> str:
        ruling = self.explained.ruling
        return messages.basis(ruling.basis, ruling.since, ruling.through)

    @strawberry.field(description="The clause of the notice.")
    def clause(self) -> str:
        return self.explained.ruling.basis.clause

    @strawberry.field(description="Whether money has gone out for it, by its own payroll or as back pay.")
    def paid(self) -> bool:
        return self.explained.paid

    @strawberry.field(description="The month's own rate in yuan where it is payable.")
    def amount(self) -> Decimal | None:
        return self.explained.amount

    @strawberry.field(description="What the answer rests on: period, verdict, act, case, rate, ledger.")
    def facts(self) -> list[EntitlementFact]:
        return [EntitlementFact.of(self.explained.beneficiary_id, *ground) for ground in self.explained.grounds]

    @strawberry.field(description="What would change the answer, and by when.")
    def changes(self) -> list[EntitlementChange]:
        return [EntitlementChange.of(self.explained, change) for change in self.explained.changes]


@strawberry.type(description="A run of months without payment: lapsed (停发), suspended (暂停) or terminated (终止).")
class PaymentStop:
    beneficiary_id: strawberry.Private[int]
    dated: strawberry.Private[DatedStop]

    @strawberry.field(description="Its own id: the person's first month without payment.")
    def id(self) -> strawberry.ID:
        return ids.part("PaymentStop", self.beneficiary_id, month_number(self.dated.stop.first))

    @strawberry.field(description="LAPSED, SUSPENDED or TERMINATED.")
    def basis(self) -> Basis:
        return self.dated.stop.basis

    @strawberry.field(description="The first month without payment.")
    def first_month(self) -> Month:
        return self.dated.stop.first

    @strawberry.field(description="The last one; null while it lasts.")
    def last_month(self) -> Month | None:
        return self.dated.stop.last

    @strawberry.field(description="Why, in words.")
    def reason(self) -> str:
        return messages.basis(self.dated.stop.basis, self.dated.stop.first, None)

    @strawberry.field(description="The clause of the notice.")
    def clause(self) -> str:
        return self.dated.stop.basis.clause

    @strawberry.field(description="The act behind it: a FAIL, the termination or its withdrawal; a lapse has none.")
    def act(self) -> EntitlementFact | None:
        if self.dated.cause is None:
            return None
        return EntitlementFact.of(self.beneficiary_id, kind_of(self.dated.cause), self.dated.cause)
