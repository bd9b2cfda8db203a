"""Reading the audit trail: an AUDITOR all of it, a UNIT its own chain, as the database shows it to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.audit import AuditAction
from resolvers.context import Context
from resolvers.sealing import NEXT, midnight
from storage import trail
from storage.parts import Part
from storage.trail import Chosen, Recorded

_EARLIEST, _LATEST = date(2000, 1, 1), date(9000, 1, 1)
"""Nothing was recorded before; PostgreSQL and Python differ about days far beyond either."""


def chosen(
    context: Context,
    unit_id: int | None,
    beneficiary_id: int | None,
    actions: Sequence[AuditAction] | None,
    days: tuple[date | None, date | None],
) -> Chosen:
    """What is asked for; the days are the first and the last."""
    first, last = (day and min(max(day, _EARLIEST), _LATEST) for day in days)
    return Chosen(
        context.scope.unit_id if unit_id is None else unit_id,
        beneficiary_id,
        actions,
        midnight(context, first) if first else None,
        midnight(context, last + NEXT) if last else None,
    )


async def page(context: Context, asked: Chosen, part: Part) -> list[Recorded]:
    async with context.reading() as connection:
        return await trail.listed(connection, asked, part)


async def by_id(context: Context, ids: Sequence[int]) -> list[Recorded | None]:
    async with context.reading() as connection:
        found = await trail.by_id(connection, ids)
    return [found.get(id) for id in ids]
