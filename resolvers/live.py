"""What goes on in one worker beyond a request: what it hears announced, and the seats that its accounts hold."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import structlog

from storage import seats
from storage.announcements import Announcements
from storage.database import Database
from storage.seats import SeatKind

_KEEP_EVERY = seats.KEPT.total_seconds() / 3


class NoSeat(Exception):
    """The account holds as many open as it may."""


class Live:
    """One for each worker, over its pool."""

    def __init__(self, database: Callable[[], Database]) -> None:
        self.announcements = Announcements(database)
        self._database = database
        self._held: set[UUID] = set()
        self._keeping: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def seat(self, session: UUID | None, kind: SeatKind, most: int) -> AsyncIterator[None]:
        """Hold a seat of the session's account; raises NoSeat where it has as many already, on whatever worker."""
        async with self._database().begin(session) as transaction:
            seat = await seats.take(transaction, kind, most)
        if seat is None:
            raise NoSeat
        self._held.add(seat)
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep())
        try:
            yield
        finally:
            self._held.discard(seat)
            await self._leave(seat)

    async def stop(self, *, within: float = 1.0) -> None:
        """Before the pool is closed, which ends what has not ended in so many seconds."""
        await self.announcements.stop(within=within)
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.wait([self._keeping], timeout=within)
            self._keeping = None

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_KEEP_EVERY)
            try:
                async with self._database().reading() as connection:
                    await seats.keep(connection, list(self._held))
            except Exception as error:  # the next time may do better
                structlog.get_logger().warning("seats not kept", error=type(error).__qualname__)

    async def _leave(self, seat: UUID) -> None:
        """A seat that cannot be given back now runs out by itself."""
        with contextlib.suppress(Exception):
            async with self._database().reading() as connection:
                await seats.leave(connection, seat)
