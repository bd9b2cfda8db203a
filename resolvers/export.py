"""Export a frozen payroll, with a control total that the file must add up to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from domain.month import Month
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
    """The month's payroll as it was frozen."""
    async with context.snapshot() as connection:
        held = await ledger.frozen(connection)
        if held.first is not None and month < held.first:
            raise Refused(f"the ledger begins with {held.first}")
        if not held.holds(month):
            raise Refused(f"the payroll of {month} is not frozen; run: payroll {month}")
        yield Exported(await export.control(connection, month), export.rows(connection, month))
