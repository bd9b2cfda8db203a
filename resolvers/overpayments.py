"""Overpayments: list what is to recover, record how it is settled. Rules 5.7."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from pydantic import TypeAdapter

from domain import overpayment
from domain.audit import AuditAction, Told, attempt
from domain.money import ZERO
from domain.month import Month
from domain.overpayment import Settlement
from domain.refusal import ErrorCode, Refusal
from domain.standing import Standing
from resolvers import audit
from resolvers.context import Context
from resolvers.once import once
from storage import accounts, overpayments, standings
from storage.database import Connection
from storage.overpayments import Overpayment
from storage.parts import Part


@dataclass(frozen=True, slots=True)
class SettlementOutcome:
    """The overpayment as it now stands, or why nothing was saved."""

    overpayment: Overpayment | None = None
    standing: Standing | None = None
    """The person's row beside it."""
    refusals: tuple[Refusal, ...] = ()


_FORM = TypeAdapter(SettlementOutcome)


async def settle(
    context: Context, reference: str, beneficiary_id: int | None, settlement: Settlement, key: str | None
) -> SettlementOutcome:
    """Record what was paid back, waived or given back; the ledger stays as it is."""
    return await once(
        context,
        key,
        {"act": "settleOverpayment", "of": reference, **asdict(settlement)},
        attempt("settleOverpayment", None, [beneficiary_id]),
        lambda transaction: _settle(context, transaction, reference, beneficiary_id, settlement),
        _FORM,
        lambda refusal: SettlementOutcome(refusals=(refusal,)),
    )


async def _settle(
    context: Context, transaction: Connection, reference: str, beneficiary_id: int | None, settlement: Settlement
) -> SettlementOutcome:
    row = await standings.lock(transaction, beneficiary_id) if beneficiary_id is not None else None
    if row is None or beneficiary_id is None:
        return SettlementOutcome(refusals=(Refusal(ErrorCode.NOT_FOUND, ("input", "beneficiaryId"), reference),))
    held = (await overpayments.of(transaction, [beneficiary_id])).get(beneficiary_id, Overpayment(beneficiary_id))
    open_months = held.to_settle(settlement.kind)
    outstanding, own = sum(open_months.values(), ZERO), await accounts.is_about_caller(transaction, beneficiary_id)
    refusals = overpayment.obstacles(settlement, outstanding, reference, provisional=held.provisional, own=own)
    if refused := tuple(refusals):
        return SettlementOutcome(refusals=refused)
    parts = overpayment.allocated(settlement.amount, open_months)
    await overpayments.settle(
        transaction, beneficiary_id, settlement, parts, context.viewer.account_id, context.today, context.now
    )
    after = (await overpayments.of(transaction, [beneficiary_id]))[beneficiary_id]
    await audit.record(context, transaction, _told(row, settlement, parts, held, after))
    return SettlementOutcome(after, row)


def _told(
    row: Standing, settlement: Settlement, parts: Mapping[Month, Decimal], before: Overpayment, after: Overpayment
) -> Told:
    return Told(
        AuditAction.SETTLED,
        row.unit_id,
        row.id,
        before={"outstanding": str(before.outstanding)},
        after={"outstanding": str(after.outstanding)},
        facts={"kind": settlement.kind, "amount": str(settlement.amount), "months": [str(month) for month in parts]},
    )


async def page(context: Context, outstanding: bool, part: Part) -> list[Overpayment]:
    async with context.reading() as connection:
        ids = await overpayments.listed(connection, context.scope, outstanding, part)
        found = await overpayments.of(connection, ids)
    return [found[id] for id in ids]


async def total(context: Context, outstanding: bool) -> int:
    async with context.reading() as connection:
        return await overpayments.total(connection, context.scope, outstanding)


async def of(context: Context, ids: Sequence[int]) -> list[Overpayment | None]:
    """The overpayment of each of the people, whom the account was shown to see."""
    async with context.reading() as connection:
        found = await overpayments.of(connection, ids)
    return [found.get(id) for id in ids]
