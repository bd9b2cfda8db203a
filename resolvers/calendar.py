"""The month's calendar: what is due is done, once, by whichever worker comes first. Notice 一(四), rules 3.1, 5.1."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TypeAlias

from domain.month import Month, months
from resolvers import audit, batch, payroll
from resolvers.context import Context
from resolvers.errors import Refused
from storage import assessment, calendar, publication
from storage.database import Connection

Step: TypeAlias = tuple[str, Month, Callable[[], Awaitable[str]]]
"""The command that it stands for, its month, and the work, which says what was done."""


class Calendar:
    """What one worker has said already: a refusal is said once, and what it is about tried again."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    async def run(self, context: Context) -> list[str]:
        """Do what is due; a line for each thing that was done, or cannot be done now."""
        async with context.begin() as turn:
            if not await calendar.is_mine(turn):
                return []  # another worker is at it
            return await self._steps(context, turn)

    async def _steps(self, context: Context, turn: Connection) -> list[str]:
        lines = []
        for name, month, step in [*await _publishing(context, turn), *await _freezing(context, turn)]:
            try:
                lines.append(await step())
            except Refused as refusal:
                lines += await self._refused(context, name, month, refusal)
                break  # what comes after waits for it
        return lines

    async def _refused(self, context: Context, name: str, month: Month, refusal: Refused) -> list[str]:
        line = f"{name} waits: {refusal}"
        if line in self._said:
            return []
        self._said.add(line)
        await audit.refused_command(context, name, {"month": str(month)})
        return [line]


def newest_due(context: Context) -> Month:
    """The newest month whose publication day has come."""
    over = context.month - 1
    return over if context.today >= context.month.day(context.policy.publication_day) else over - 1


async def _publishing(context: Context, connection: Connection) -> list[Step]:
    """What an earlier run left unfinished; then that month, where it is not published and somebody is to be judged."""
    newest, unfinished = newest_due(context), await publication.unfinished(connection)
    due = [] if unfinished is None else [unfinished]
    if newest != unfinished and not await publication.is_published(connection, newest):
        due += [newest] if await calendar.somebody_draws(connection, newest) else []
    return [("publish", month, partial(_publish, context, month)) for month in due]


async def _publish(context: Context, month: Month) -> str:
    async with context.reading() as connection:
        begun = await publication.unfinished(connection) == month
        assessed = begun or await assessment.is_assessed(connection, month)
    if not assessed:
        await batch.assess(context, month)
    done = await batch.publish(context, month)
    return f"{month}: {done.people} verdicts published, {done.renewed} periods renewed"


async def _freezing(context: Context, connection: Connection) -> list[Step]:
    """The months to be frozen, in their order; none before somebody has begun the ledger."""
    last = await calendar.last_frozen(connection)
    due = context.month if context.today >= context.month.day(context.policy.payroll_day) else context.month - 1
    return [] if last is None else [("payroll", m, partial(_freeze, context, m)) for m in months(last + 1, due)]


async def _freeze(context: Context, month: Month) -> str:
    frozen = await payroll.freeze(context, month)
    people = sum(number for number, _ in frozen.totals.entries.values())
    return f"{month}: payroll of {people} people frozen"
