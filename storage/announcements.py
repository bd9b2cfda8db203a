"""What the database announces (NOTIFY), heard on one connection of this process by all who wait for a topic.

An announcement names a topic, `unit 12` or `account 7`, and nothing else: whoever waits reads what happened as itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from storage.database import TROUBLE, Connection, Database

CHANNEL = "renzheng"
ALIVE_EVERY = 30.0
"""Seconds of silence after which the connection is asked whether it is still there."""
_ANSWERS_WITHIN = 10.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0


class Announcements:
    """Rings the bells of a topic. The connection is made for the first who waits, and made again when it is lost.

    Nothing is lost with it: after each connecting every bell rings, and whoever waits looks for itself.
    """

    def __init__(self, database: Callable[[], Database]) -> None:
        self._database = database
        self._bells: dict[str, set[asyncio.Event]] = {}
        self._listening: asyncio.Task[None] | None = None
        self._pause = _FIRST_PAUSE
        self._stopped = False

    @contextmanager
    def bell(self, topic: str) -> Iterator[asyncio.Event]:
        """Set whenever something of the topic was announced, and sometimes when nothing was."""
        bell = asyncio.Event()
        self._bells.setdefault(topic, set()).add(bell)
        if self._listening is None and not self._stopped:
            self._listening = asyncio.create_task(self._listen())
        try:
            yield bell
        finally:
            self._bells[topic].discard(bell)
            if not self._bells[topic]:
                del self._bells[topic]

    async def stop(self, *, within: float = 1.0) -> None:
        """Before the pool is closed, which ends what has not ended in so many seconds. Nobody listens after it."""
        self._stopped = True
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening], timeout=within)
            self._listening = None

    async def _listen(self) -> None:
        while True:
            try:
                async with self._database().connection() as connection:
                    await self._until_lost(connection)
            except TROUBLE as error:
                structlog.get_logger().warning("not listening", error=type(error).__qualname__)
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    async def _until_lost(self, connection: Connection) -> None:
        lost = asyncio.Event()
        connection.add_termination_listener(lambda _: lost.set())
        await connection.add_listener(CHANNEL, self._heard)
        self._pause = _FIRST_PAUSE
        try:
            for topic in list(self._bells):
                self._ring(topic)
            while not lost.is_set():
                await _answers_or_is_lost(connection, lost)
        finally:
            if not connection.is_closed():
                await connection.remove_listener(CHANNEL, self._heard)

    def _heard(self, _: object, process: int, channel: str, topic: object) -> None:
        self._ring(str(topic))

    def _ring(self, topic: str) -> None:
        for bell in self._bells.get(topic, ()):
            bell.set()


async def _answers_or_is_lost(connection: Connection, lost: asyncio.Event) -> None:
    """A connection that died silently does not answer; TimeoutError then."""
    try:
        async with asyncio.timeout(ALIVE_EVERY):
            await lost.wait()
    except TimeoutError:
        await connection.fetchval("SELECT 1", timeout=_ANSWERS_WITHIN)
