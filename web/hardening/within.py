"""So many seconds and no more, as `asyncio.timeout` has it, with one timer for all requests that run at a time.

Nearly nothing takes that long, and a timer for each request costs several times what this does.
"""

from __future__ import annotations

import asyncio
import time
from types import TracebackType


class Within:
    """The same limit for everything that is run under it, each by `with within.limit():`, in a task."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._running: dict[Limit, float] = {}
        """Each with the moment at which it is over: in that order, for all have as long."""
        self._timer: asyncio.TimerHandle | None = None

    def limit(self) -> Limit:
        return Limit(self)

    def begin(self, limit: Limit) -> None:
        self._running[limit] = time.monotonic() + self._seconds
        if self._timer is None:
            self._wait(self._seconds)

    def end(self, limit: Limit) -> None:
        self._running.pop(limit, None)

    def _wait(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._look)

    def _look(self) -> None:
        """Cut off what is over, and look again when the next one will be."""
        self._timer, now = None, time.monotonic()
        for limit, ends in list(self._running.items()):
            if ends > now:
                self._wait(ends - now)
                return
            self.end(limit)
            limit.cut_off()


class Limit:
    """Of one: within it a cancel comes when its time is over, and leaves it as a TimeoutError."""

    __slots__ = ("_cancelling", "_task", "_within", "expired")

    def __init__(self, within: Within) -> None:
        self._within = within
        self.expired = False

    def __enter__(self) -> Limit:
        task = asyncio.current_task()
        assert task is not None
        self._task, self._cancelling = task, task.cancelling()
        self._within.begin(self)
        return self

    def cut_off(self) -> None:
        self.expired = True
        self._task.cancel()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.expired:
            self._within.end(self)
        elif self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error
