"""Live events: told in the transaction of an act, followed from a number on without loss or repetition."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from itertools import accumulate

from resolvers.context import Context
from storage import events
from storage.database import Connection
from storage.events import Event, Held, Topic
from storage.seats import SeatKind

SUBSCRIPTIONS_MOST = 40
"""Of an account, over all of its sockets."""
_BURST = 0.2  # seconds: what follows so soon comes in one
_EVENTS_MOST = 100
_PEOPLE_MOST = 500


class NotKept(Exception):
    """What followed the number that was named is not kept any more, or has never been."""


async def roster_changed(context: Context, transaction: Connection, unit_id: int, people: Sequence[int]) -> None:
    """Rows of the unit have changed; told last in the transaction, because the unit's next act waits from here on."""
    if people:
        await events.tell_roster(transaction, unit_id, sorted(people), context.now)


async def newest(context: Context, unit_ids: Sequence[int]) -> list[int]:
    """The number of each unit's newest event."""
    async with context.reading() as connection:
        found = await events.held(connection, unit_ids)
    return [found[id].newest if id in found else 0 for id in unit_ids]


async def follow(context: Context, topic: Topic, unit_id: int, after: int | None) -> AsyncGenerator[list[Event], None]:
    """What happens in the unit, as it happens and in the order of the commits, from behind that number on, or now.

    Each time all that has happened meanwhile, so that nothing piles up for a reader who is slow: it keeps a position
    only. Raises NotKept.
    """
    assert context.live is not None
    async with context.live.seat(context.viewer.session, SeatKind.SUBSCRIPTION, SUBSCRIPTIONS_MOST):
        with context.live.announcements.bell(f"unit {unit_id}") as bell:
            position = await _begin(context, unit_id, after)
            while True:
                bell.clear()
                if happened := await _behind(context, topic, unit_id, position):
                    position = happened[-1].number
                    yield happened
                else:
                    await bell.wait()
                    await asyncio.sleep(_BURST)


async def _begin(context: Context, unit_id: int, after: int | None) -> int:
    async with context.reading() as connection:
        held = (await events.held(connection, [unit_id])).get(unit_id, Held(None, 0))
    if after is not None and not held.goes_on_after(after):
        raise NotKept
    return held.newest if after is None else after


async def _behind(context: Context, topic: Topic, unit_id: int, position: int) -> list[Event]:
    """As many of the next events as name no more people than one answer should show."""
    async with context.reading() as connection:
        found = await events.after(connection, unit_id, topic, position, _EVENTS_MOST)
    named = accumulate(len(event.people) for event in found)
    return [
        event
        for place, (event, people) in enumerate(zip(found, named, strict=True))
        if not place or people <= _PEOPLE_MOST
    ]
