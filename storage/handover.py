"""Connections that go from hand to hand: what one request has done with, the next one takes, and nothing is reset.

asyncpg's pool makes and ends them. Giving one back to it and taking it again costs more than a small statement, and
does nothing for sessions in which nothing stays behind. Only a connection whose use ended well is handed on; after
any failure the pool has it back, which waits for what is being cancelled, and ends what is broken.
"""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Lent: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
"""Without the pool's wrapping, through which each call would go: it is put on again when the pool has it back."""


class Hands:
    """At most `size` connections, each in use by one at a time. Who comes when all are in use waits in a queue."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record], size: int) -> None:
        self._pool = pool
        self._size = size
        self._held = 0
        """Taken from the pool, or being taken: in use and idle."""
        self._wrapped: dict[Lent, PoolConnectionProxy[asyncpg.Record]] = {}
        self._idle: list[Lent] = []
        self._waiting: deque[asyncio.Future[Lent | None]] = deque()
        self._returning: set[asyncio.Task[None]] = set()
        self._closing = False

    def use(self) -> Use:
        return Use(self)

    async def take(self) -> Lent:
        while True:
            while self._idle:
                if _is_of_use(found := self._idle.pop()):
                    return found
                self._return(found)
            if self._held < self._size:
                return await self._from_the_pool()
            if (given := await self._given()) is not None:
                return given

    def give(self, connection: Lent) -> None:
        """Its use has ended well."""
        if self._closing or not _is_of_use(connection):
            self._return(connection)
        elif not self._told(connection):
            self._idle.append(connection)

    async def give_up(self, connection: Lent) -> None:
        """Something went wrong with it. The pool has it back even where whoever waits for that is cut off."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:  # thrown away after the loop has ended, and every connection with it
            return
        await asyncio.shield(self._return(connection))

    def connections(self) -> tuple[int, int]:
        """How many are in use, and how many are idle."""
        return self._held - len(self._idle), len(self._idle)

    async def close(self) -> None:
        """Give everything back, as soon as it is no longer in use."""
        self._closing = True
        while self._idle:
            self._return(self._idle.pop())
        await self._pool.close()

    async def _from_the_pool(self) -> Lent:
        self._held += 1
        try:
            wrapped = await self._pool.acquire()
        except BaseException:
            self._one_less()
            raise
        lent: Lent = wrapped._con  # type: ignore[attr-defined]
        self._wrapped[lent] = wrapped
        return lent

    async def _given(self) -> Lent | None:
        """What somebody hands on; None where there is a place for another connection."""
        waiting: asyncio.Future[Lent | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            return await waiting
        except asyncio.CancelledError:
            if not waiting.cancelled() and waiting.done():  # it came, and nobody is there any more
                self._pass_on(waiting.result())
            raise

    def _pass_on(self, given: Lent | None) -> None:
        if given is None:
            self._told(None)
        else:
            self.give(given)

    def _told(self, given: Lent | None) -> bool:
        """Whether somebody waited for it, and has it now."""
        while self._waiting:
            if not (waiting := self._waiting.popleft()).done():
                waiting.set_result(given)
                return True
        return False

    def _return(self, connection: Lent) -> asyncio.Task[None]:
        task = asyncio.create_task(self._returned(connection))
        self._returning.add(task)
        task.add_done_callback(self._returning.discard)
        return task

    async def _returned(self, connection: Lent) -> None:
        try:
            await self._pool.release(self._wrapped.pop(connection))
        finally:
            self._one_less()

    def _one_less(self) -> None:
        self._held -= 1
        self._told(None)


def _is_of_use(connection: Lent) -> bool:
    """Whether it lives, and no transaction was left open."""
    return not (connection.is_closed() or connection.is_in_transaction())


class Use:
    """One use of a connection."""

    __slots__ = ("_connection", "_hands")

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    async def __aenter__(self) -> Lent:
        self._connection = await self._hands.take()
        return self._connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._hands.give(self._connection)
        else:
            await self._hands.give_up(self._connection)
