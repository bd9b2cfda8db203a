"""What has to be done from time to time: forget what is over, look for favours, seal the days that have ended."""

from __future__ import annotations

from resolvers import audit, sealing, signals
from resolvers.context import Context
from resolvers.sealing import Sealed
from storage import allowances, appearances, events, idempotency, sessions, throttle


async def run(context: Context) -> Sealed:
    """All of it; to be run at least daily, and as often as one likes. What was sealed."""
    async with context.begin() as transaction:
        await idempotency.purge(transaction, context.now)
        await sessions.purge(transaction, context.now)
        await throttle.purge(transaction, context.now)
        await allowances.purge(transaction)
        await appearances.purge(transaction, context.now)
        await events.purge(transaction, context.now)
        await audit.expect(context, transaction)
    await signals.run(context)
    return await sealing.seal(context)
