"""Export a frozen payroll, with a control total that the file must add up to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from domain.audit import AuditAction, Told, Values
from domain.month import Month
from resolvers import audit
from resolvers.context import Context
from resolvers.errors import Refused
from storage import export, ledger
from storage.export import Control, ExportRow


@dataclass(frozen=True, slots=True)
class Exported:
    """The rows, to be read once, and what they must add up to."""

    control: Control
    rows: AsyncIterator[ExportRow]


@asynccontextmanager
async def frozen_payroll(context: Context, month: Month) -> AsyncIterator[Exported]:
    """The month's payroll as it was frozen; recorded before anybody has a row of it."""
    async with context.snapshot() as connection:
        held = await ledger.frozen(connection)
        if held.first is not None and month < held.first:
            raise Refused(f"the ledger begins with {held.first}")
        if not held.holds(month):
            raise Refused(f"the payroll of {month} is not frozen; run: payroll {month}")
        control = await export.control(connection, month)
        await _recorded(context, month, control)
        yield Exported(control, export.rows(connection, month))


async def _recorded(context: Context, month: Month, control: Control) -> None:
    facts: Values = {"what": "payroll", "month": str(month), "people": control.people, "total": str(control.total)}
    async with context.begin() as transaction:
        await audit.record(context, transaction, Told(AuditAction.EXPORTED, facts=facts))
