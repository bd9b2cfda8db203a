"""Lends a pool's connections: one that came back well goes to whoever waits, without a task or a round trip."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Lent: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"


class Lender:
    """`kept` are connections in which nothing stays behind. Others, and after a failure, the pool resets each time."""

    def __init__(self, pool: Pool, size: int, *, kept: bool) -> None:
        self._pool = pool
        self.keeps = kept
        self._left = size
        """How many connections may still be taken from the pool."""
        self._free: list[Lent] = []
        self._waiting: deque[asyncio.Future[Lent | None]] = deque()

    def lend(self) -> Loan:
        return Loan(self)

    def holds(self, pid: int) -> bool:
        """Whether a connection to that process of PostgreSQL is free and open."""
        return any(_is_open(one) and one.get_server_pid() == pid for one in self._free)

    def connections(self) -> tuple[int, int]:
        """How many are lent, and how many are idle."""
        idle = self._pool.get_idle_size() + len(self._free)
        return self._pool.get_size() - idle, idle

    async def close(self, within: float) -> None:
        """Wait for what is lent, and close every connection; after so many seconds, however it is used."""
        self.keeps = False
        try:
            async with asyncio.timeout(within):
                while self._free:
                    await self._pool.release(self._free.pop())
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    async def take(self) -> Lent:
        while True:
            while self._free:
                connection = self._free.pop()
                if _is_open(connection):
                    return connection
                await self.give_up(connection)
            if self._left:
                return await self._taken()
            if (handed := await self._handed()) is not None:
                return handed

    def give(self, connection: Lent) -> None:
        """It came back as it was lent."""
        if not self._wake(connection):
            self._free.append(connection)

    async def give_up(self, connection: Lent) -> None:
        """Something failed in it: the pool finds out what is left of it, and opens another where it must."""
        try:
            await self._pool.release(connection)
        finally:
            self._one_more()

    async def _taken(self) -> Lent:
        self._left -= 1
        try:
            return await self._pool.acquire()
        except BaseException:
            self._one_more()
            raise

    async def _handed(self) -> Lent | None:
        """What somebody gives back; None where it is to be taken from the pool."""
        waiting: asyncio.Future[Lent | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            return await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():  # it came, and nobody is there any more
                handed = waiting.result()
                self.give(handed) if handed is not None else self._wake(None)
            raise

    def _one_more(self) -> None:
        self._left += 1
        self._wake(None)

    def _wake(self, connection: Lent | None) -> bool:
        """The one who has waited longest, if anybody does."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(connection)
                return True
        return False


def _is_open(connection: Lent) -> bool:
    """A connection that PostgreSQL has ended is back in the pool by itself, and answers nothing here."""
    try:
        return not connection.is_closed()
    except asyncpg.InterfaceError:
        return False


class Loan:
    """A connection for as long as the block runs."""

    __slots__ = ("_connection", "_lender")

    def __init__(self, lender: Lender) -> None:
        self._lender = lender

    async def __aenter__(self) -> Lent:
        self._connection = await self._lender.take()
        return self._connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self._lender.keeps:
            self._lender.give(self._connection)
        else:
            await self._lender.give_up(self._connection)
