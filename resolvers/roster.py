"""Reading: units, rosters and histories, within what the account may see."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from domain.period import Period
from domain.standing import Standing
from domain.text import problem
from domain.verdict import Verdict
from domain.vocabulary import Category
from resolvers.context import Context
from storage import histories, roster, standings, units
from storage.database import Reader
from storage.histories import CertificationRecord, Item, Moment
from storage.parts import Part
from storage.roster import Page, RosterFilter, Slice, Summary
from storage.units import Unit

T = TypeVar("T")


async def unit(context: Context, si_number: str | None) -> Unit | None:
    """The named unit where the account may see it; its own when none is named."""
    viewer = context.viewer
    if si_number is not None and problem(si_number):
        return None
    async with context.reading() as connection:
        if si_number is not None:
            return await units.by_si_number(connection, si_number)
        return None if viewer.unit_id is None else await units.of(connection, viewer.unit_id)


async def units_by_id(context: Context, ids: Sequence[int]) -> list[Unit | None]:
    async with context.reading() as connection:
        found = await units.by_id(connection, ids)
    return [found.get(id) for id in ids]


async def units_page(context: Context, search: str | None, part: Part) -> list[Unit]:
    async with context.reading() as connection:
        return await units.listed(connection, context.scope, search, part)


async def count_units(context: Context, search: str | None) -> int:
    async with context.reading() as connection:
        return await units.total(connection, context.scope, search)


async def page(context: Context, chosen: RosterFilter, part: Slice) -> Page:
    """A page of a unit that the account was shown to see."""
    async with context.reading() as connection:
        return await roster.page(connection, chosen, part, context.month, context.policy)


async def total(context: Context, chosen: RosterFilter) -> int:
    async with context.reading() as connection:
        return await roster.total(connection, chosen, context.month, context.policy)


async def summary(context: Context, unit_id: int, category: Category | None) -> Summary:
    async with context.reading() as connection:
        return await roster.summary(connection, unit_id, category, context.month, context.policy)


async def beneficiaries_by_id(context: Context, ids: Sequence[int]) -> list[Standing | None]:
    """A row that is not the account's looks exactly like one that does not exist."""
    async with context.reading() as connection:
        found = await standings.by_id(connection, ids)
    return [found.get(id) for id in ids]


async def benefits(context: Context) -> list[tuple[Standing, Unit]]:
    """The caller's own rows, as a PERSON, each with its unit."""
    async with context.reading() as connection:
        return await standings.of_caller(connection)


History = Callable[[Reader, Sequence[Moment], Part], Awaitable[list[list[Item[T]]]]]

verdicts: History[Verdict] = histories.verdicts
periods: History[Period] = histories.periods
certifications: History[CertificationRecord] = histories.certifications


async def history(context: Context, source: History[T], moments: Sequence[Moment], part: Part) -> list[list[Item[T]]]:
    """A page of history for each of the people, in one statement."""
    async with context.reading() as connection:
        return await source(connection, moments, part)
