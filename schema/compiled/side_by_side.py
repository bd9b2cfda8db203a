"""Coroutines run side by side within one task, as `asyncio.gather` runs them in a task each.

A page has a coroutine for each of its lists, and most wait once, for what a loader brings for all of them: a task for
each costs more than what it does. So each is stepped here, as a task would step it, whenever what it waits for is
there. A coroutine that asks for its task, to cancel it, is not for this: resolvers of reads have none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from functools import partial
from typing import Any, TypeAlias

Running: TypeAlias = "Coroutine[Any, Any, None]"


async def side_by_side(coroutines: Sequence[Running]) -> list[BaseException]:
    """Run all of them to their ends; what those have raised that have failed.

    Where this is cancelled, each is cancelled where it waits, and all have ended when the cancel goes on.
    """
    return await _Course().run(coroutines)


class _Course:
    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._failures: list[BaseException] = []
        self._waiting: dict[Running, asyncio.Future[Any]] = {}
        """What each waits for."""
        self._ready: list[Running] = []
        self._struck: set[Running] = set()
        """What is to be cancelled at its next step, for what it waits for was there already."""
        self._bell: asyncio.Future[None] | None = None
        """Rung when one is ready, where all of them wait."""

    async def run(self, coroutines: Sequence[Running]) -> list[BaseException]:
        cancelled: asyncio.CancelledError | None = None
        for coroutine in coroutines:
            self._step(coroutine)
        while self._waiting:
            try:
                await self._some_ready()
            except asyncio.CancelledError as error:
                cancelled = error
                self._cancel()
            ready, self._ready = self._ready, []
            for coroutine in ready:
                del self._waiting[coroutine]
                self._step(coroutine)
        if cancelled is not None:
            raise cancelled
        return self._failures

    def _step(self, coroutine: Running) -> None:
        """Go on until it waits again, or ends."""
        try:
            awaited = self._resumed(coroutine)
        except StopIteration:
            return
        except (Exception, asyncio.CancelledError) as error:
            self._failures.append(error)
            return
        if awaited is None:  # it only lets others go first
            awaited = _Turn(loop=self._loop)
            self._loop.call_soon(awaited.over)
        awaited._asyncio_future_blocking = False  # as a task says that it has seen it
        self._waiting[coroutine] = awaited
        awaited.add_done_callback(partial(self._is_ready, coroutine))

    def _resumed(self, coroutine: Running) -> Any:
        """What it waits for next."""
        if coroutine not in self._struck:
            return coroutine.send(None)
        self._struck.discard(coroutine)
        return coroutine.throw(asyncio.CancelledError())

    async def _some_ready(self) -> None:
        if not self._ready:
            self._bell = self._loop.create_future()
            try:
                await self._bell
            finally:
                self._bell = None

    def _is_ready(self, coroutine: Running, _: asyncio.Future[Any]) -> None:
        self._ready.append(coroutine)
        if self._bell is not None and not self._bell.done():
            self._bell.set_result(None)

    def _cancel(self) -> None:
        for coroutine, awaited in list(self._waiting.items()):
            if not awaited.cancel() or isinstance(awaited, _Turn):
                self._struck.add(coroutine)


class _Turn(asyncio.Future[None]):
    """Over when the others have had theirs; whoever waits for it does not look at it."""

    def over(self) -> None:
        if not self.done():
            self.set_result(None)
