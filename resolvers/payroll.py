"""Freeze a month's payroll, or show what freezing would do. Rules 5.1."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import structlog
from asyncpg import LockNotAvailableError

from domain.audit import AuditAction, Told, Values
from domain.month import Month
from resolvers import audit, runs
from resolvers.batch import policy_of
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.runs import Shown
from storage import batches, ledger, payroll, payroll_entries, publication
from storage.database import Connection
from storage.events import RunKind
from storage.payroll import Difference, Totals
from storage.payroll_entries import UnderWay

SHOWN = 20


@dataclass(frozen=True, slots=True)
class FrozenPayroll:
    """A frozen payroll in figures."""

    month: Month
    totals: Totals
    earlier: bool = False
    """It had been frozen before; nothing was done."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What freezing would do, as things stand."""

    month: Month
    totals: Totals
    differences: dict[str, tuple[int, Decimal]]
    """By kind: how many people differ from the month before, and by how much together."""
    people: list[Difference]
    unanswered: list[tuple[str, int]]
    """Units that owe answers, and how many."""
    not_before: str | None
    """Why it cannot be frozen today, if it cannot."""


class _Undone(Exception):
    """A preview has seen enough; what it wrote is rolled back."""


async def freeze(context: Context, month: Month, progress: Shown = lambda done, all: None) -> FrozenPayroll:
    """Freeze the month for everybody, from the payroll day on and after the verdicts of the month before.

    The entries are written beside the ledger, part by part; what a run has left that ended early is gone on with. Of
    one moment is the payroll that they join the ledger with. Freezing it again changes nothing.
    """
    async with (
        runs.told(context, RunKind.PAYROLL, month) as run,
        batches.turn(context.database, batches.FREEZING),
    ):
        under_way = await _begin(context, month)
        if isinstance(under_way, FrozenPayroll):
            return under_way
        run.begin()
        for first, last in under_way.parts():
            async with _at_one_moment(context) as (transaction, _):
                if done := await _done(transaction, month):
                    return done
                await under_way.write(transaction, first, last)
            run.also(progress)(last, under_way.last)
        async with _at_one_moment(context) as (transaction, at):
            return await _done(transaction, month) or await _join(context, transaction, under_way, at)


@asynccontextmanager
async def _at_one_moment(context: Context) -> AsyncIterator[tuple[Connection, datetime]]:
    """A transaction that keeps other batches out, and its instant."""
    async with context.begin(at_one_moment=True) as transaction:
        yield transaction, await batches.enter(transaction, context.now)


async def _begin(context: Context, month: Month) -> UnderWay | FrozenPayroll:
    async with _at_one_moment(context) as (transaction, _):
        if done := await _done(transaction, month):
            return done
        if reason := await _too_early(context, transaction, month):
            raise Refused(reason)
        async with _waiting_for_no_backup(transaction, month, f"payroll {month}"):
            under_way = await payroll_entries.begin(transaction, month)
    if under_way.found:
        structlog.get_logger().info("payroll goes on", month=str(month), entries=under_way.found)
    return under_way


async def _done(transaction: Connection, month: Month) -> FrozenPayroll | None:
    """The payroll, where it is frozen: by an earlier run, or by one that did not wait for its turn.

    Refused out of turn: a month before it comes first, or a later one has overtaken it.
    """
    if await _is_frozen(transaction, month):
        return FrozenPayroll(month, await payroll.totals(transaction, month), earlier=True)
    if reason := await _out_of_turn(transaction, month):
        raise Refused(reason)
    return None


async def _join(context: Context, transaction: Connection, under_way: UnderWay, at: datetime) -> FrozenPayroll:
    month = under_way.month
    if reason := await _half_published(transaction):
        raise Refused(reason)
    async with _waiting_for_no_backup(transaction, month, f"payroll {month}"):
        await payroll.freeze(transaction, under_way, context.today, at)
    totals = await payroll.totals(transaction, month)
    await audit.record(context, transaction, Told(AuditAction.PAYROLL_FROZEN, facts=_figures(month, totals)))
    return FrozenPayroll(month, totals)


@asynccontextmanager
async def _waiting_for_no_backup(transaction: Connection, month: Month, command: str) -> AsyncIterator[None]:
    """A backup reads every table until it ends, and this holds up all other batches: whoever waits in vain comes again.

    What was written of the month stays.
    """
    await transaction.execute("SET LOCAL lock_timeout = '5s'")
    try:
        yield
    except LockNotAvailableError:
        raise Refused(
            f"a backup or a report reads the entries of {month}; once it has ended, run again: {command}"
        ) from None


def _figures(month: Month, totals: Totals) -> Values:
    """By reason and by kind of line: how many, and how much together."""
    sums = (*totals.entries.items(), *totals.lines.items())
    return {"month": str(month), **{str(name): f"{number}, {amount} yuan" for name, (number, amount) in sums}}


async def preview(
    context: Context, month: Month, *, limit: int | None = SHOWN, progress: Shown = lambda done, all: None
) -> Preview:
    """Freeze the month, look at it and undo it all; allowed before the payroll day. `limit` bounds `people`."""
    shown: Preview | None = None
    try:
        async with _at_one_moment(context) as (transaction, at):
            shown = await _looked_at(context, transaction, at, month, limit, progress)
            raise _Undone
    except _Undone:
        assert shown is not None
        if limit is None:
            facts: Values = {"what": "preview", "month": str(month), "people": len(shown.people)}
            async with context.begin() as transaction:
                await audit.record(context, transaction, Told(AuditAction.EXPORTED, facts=facts))
        return shown


async def _looked_at(
    context: Context, transaction: Connection, at: datetime, month: Month, limit: int | None, progress: Shown
) -> Preview:
    too_early = await _too_early(context, transaction, month)
    if await _is_frozen(transaction, month):
        raise Refused(f"the payroll of {month} is frozen; see it with: export payroll {month}")
    if reason := await _out_of_turn(transaction, month):
        raise Refused(reason)
    if month > context.month + 1:
        raise Refused(f"{month} lies too far ahead; the next month at most can be previewed")
    async with _waiting_for_no_backup(transaction, month, f"payroll {month} --preview"):
        under_way = await payroll_entries.begin(transaction, month)
        for first, last in under_way.parts():
            await under_way.write(transaction, first, last)
            progress(last, under_way.last)
        await payroll.freeze(transaction, under_way, max(context.today, month.first_day), at)
    return Preview(
        month,
        await payroll.totals(transaction, month),
        await payroll.differences(transaction, month),
        await payroll.different(transaction, month, limit),
        await payroll.unanswered(transaction),
        too_early,
    )


async def _is_frozen(transaction: Connection, month: Month) -> bool:
    return (await ledger.frozen(transaction)).holds(month)


async def _too_early(context: Context, transaction: Connection, month: Month) -> str | None:
    opens: date = month.day(policy_of(context, month).payroll_day)
    if context.today < opens:
        return f"the payroll of {month} is frozen from {opens} on; today is {context.today}"
    if not await publication.is_published(transaction, month - 1):
        return f"the verdicts of {month - 1} are not published; run: publish {month - 1}"
    return await _half_published(transaction)


async def _half_published(transaction: Connection) -> str | None:
    """A payroll has all verdicts of a month, however old, or none of them."""
    month = await publication.unfinished(transaction)
    return None if month is None else f"the publication of {month} is not finished; run: publish {month}"


async def _out_of_turn(transaction: Connection, month: Month) -> str | None:
    """Months are frozen one after another, so that each settles what the one before it left."""
    held = await ledger.frozen(transaction)
    if held.first is None or held.last is None or month == held.last + 1:
        return None
    if month < held.first:
        return f"the ledger begins with {held.first}; earlier months cannot be frozen any more"
    return f"the payroll of {held.last + 1} comes first; run: payroll {held.last + 1}"
