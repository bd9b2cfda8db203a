"""Export a frozen payroll, with a control total that the file must add up to, or the roster as it stands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from domain.audit import AuditAction, Told, Value
from domain.month import Month
from resolvers import audit
from resolvers.context import Context
from resolvers.errors import Refused
from storage import export, ledger, units
from storage.export import Control, ExportRow, RosterRow


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
        await _recorded(context, what="payroll", month=str(month), people=control.people, total=str(control.total))
        yield Exported(control, export.rows(connection, month))


@dataclass(frozen=True, slots=True)
class ExportedRoster:
    """The rows, to be read once, and how many they are."""

    people: int
    rows: AsyncIterator[RosterRow]


@asynccontextmanager
async def roster(context: Context, si_number: str | None) -> AsyncIterator[ExportedRoster]:
    """Everybody who draws through the unit, or through any; recorded before anybody has a row of it."""
    async with context.snapshot() as connection:
        unit = None if si_number is None else await units.by_si_number(connection, si_number)
        if si_number is not None and unit is None:
            raise Refused("there is no unit of this number")
        people = await export.people(connection, unit.id if unit else None)
        await _recorded(context, unit.id if unit else None, what="roster", people=people)
        yield ExportedRoster(people, export.roster(connection, unit.id if unit else None))


async def _recorded(context: Context, unit_id: int | None = None, **facts: Value) -> None:
    async with context.begin() as transaction:
        await audit.record(context, transaction, Told(AuditAction.EXPORTED, unit_id, facts=facts))
