"""What is looked for among a month's acts: signals of favours, and a random sample of the passes. Notice 四(四)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from domain.audit import AuditAction, Told, Values
from domain.compliance import drawn, sample_size
from domain.month import Month
from domain.policy import Policy, PolicyError
from resolvers import audit
from resolvers.context import Context
from storage import rechecks, signals
from storage.database import Connection
from storage.parts import Part
from storage.rechecks import Draw

_SEED_BYTES = 16


async def run(context: Context) -> None:
    """Look through this month and the one before; whatever was found before is not found again."""
    for month in (context.month - 1, context.month):
        try:
            policy = context.book.of(month)
        except PolicyError:
            continue  # before the first rules
        await find(context, month, policy)
        if month < context.month:
            await draw(context, month, policy)


async def find(context: Context, month: Month, policy: Policy) -> None:
    """Open the reviews that signals ask for."""
    async with context.begin() as transaction:
        found = await signals.find(transaction, month, policy, context.now, ended=month < context.month)
        if any(found.values()):
            facts: Values = {"month": str(month), **{kind.lower(): number for kind, number in found.items()}}
            await audit.record(context, transaction, Told(AuditAction.SIGNALS_FOUND, facts=facts))


async def draw(context: Context, month: Month, policy: Policy) -> None:
    """Draw a sample of every district whose passes of the month have not been drawn from."""
    async with context.begin() as transaction:
        await rechecks.one_at_a_time(transaction)
        for district in await rechecks.districts(transaction, month):
            await _draw(context, transaction, month, district, policy)


async def _draw(context: Context, transaction: Connection, month: Month, district: str, policy: Policy) -> None:
    people = await rechecks.population(transaction, month, district)
    if not people:
        return
    size = sample_size(len(people), policy.recheck_margin, policy.recheck_confidence)
    seed = secrets.token_hex(_SEED_BYTES)
    made = Draw(month, district, seed, policy.recheck_margin, policy.recheck_confidence, len(people), size, context.now)
    await rechecks.record(transaction, made, [(id, people[id]) for id in drawn(seed, people, size)])
    facts: Values = {"month": str(month), "district": district, "seed": seed, "population": len(people), "size": size}
    await audit.record(context, transaction, Told(AuditAction.RECHECK_DRAWN, facts=facts))


async def draws(context: Context, month: Month, part: Part) -> list[Draw]:
    async with context.reading() as connection:
        return await rechecks.listed(connection, month, part)


async def by_number(context: Context, numbers: Sequence[int]) -> list[Draw | None]:
    async with context.reading() as connection:
        found = await rechecks.by_number(connection, numbers)
    return [found.get(number) for number in numbers]


async def count_draws(context: Context, month: Month) -> int:
    async with context.reading() as connection:
        return await rechecks.total(connection, month)


async def holds(context: Context, made: Draw) -> bool:
    """Whether the seed draws from the history exactly those whom the reviews name."""
    async with context.snapshot() as connection:
        people = await rechecks.population(
            connection, made.month, made.district, windows=made.windows, rulings=made.rulings
        )
        found = await rechecks.reviewed(connection, made)
    again = drawn(made.seed, people, sample_size(len(people), made.margin, made.confidence))
    return len(people) == made.population and found == {id: people[id] for id in again}
