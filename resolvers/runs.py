"""How far a monthly run is, told while it goes on: once a second at most, beside the transaction of the run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TypeAlias

import structlog

from domain.month import Month
from resolvers.context import Context
from storage import events
from storage.events import Run, RunKind, RunState

EVERY = 1.0  # seconds

Shown: TypeAlias = Callable[[int, int], None]
"""Takes the id of the person up to whom a run has come, and that of the last of all."""


@dataclass
class Progress:
    """What a run says of itself. One that never begins, because it is refused or was done before, is not told."""

    run: Run
    begun: asyncio.Event

    def begin(self) -> None:
        self.begun.set()

    def advance(self, done: int, total: int) -> None:
        self.run = replace(self.run, done=done, total=total)

    def also(self, shown: Shown) -> Shown:
        """What is shown at the terminal is told as well."""

        def advance(done: int, total: int) -> None:
            self.advance(done, total)
            shown(done, total)

        return advance


@asynccontextmanager
async def told(context: Context, kind: RunKind, month: Month) -> AsyncIterator[Progress]:
    """Tell of the run inside: that it goes on, and then that it has finished or failed.

    These are transactions of their own. Those who watch see a run before it commits, and one that is undone.
    """
    progress = Progress(Run(kind, month), asyncio.Event())
    telling = asyncio.create_task(_tell_while(context, progress))
    state = RunState.FAILED
    try:
        yield progress
        state = RunState.FINISHED
    finally:
        telling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await telling
        if progress.begun.is_set():
            await _tell(context, replace(progress.run, state=state))


async def _tell_while(context: Context, progress: Progress) -> None:
    await progress.begun.wait()
    said = None
    while True:
        if progress.run != said:
            said = progress.run
            await _tell(context, said)
        await asyncio.sleep(EVERY)


async def _tell(context: Context, run: Run) -> None:
    """A run goes on, and stands, whether or not somebody can be told of it."""
    try:
        async with context.begin() as transaction:
            await events.tell_run(transaction, run, context.now)
    except Exception as error:
        structlog.get_logger().warning("run not told", error=type(error).__qualname__)
