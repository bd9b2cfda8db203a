"""How long somebody who is connected may stay: no longer than the token, and not beyond the session."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from resolvers import callers, sessions
from resolvers.context import Context

EVERY = 2.0
"""Seconds between two looks at a token. That a session has ended is announced."""


class Ended(StrEnum):
    TOKEN = "the token has expired"
    SESSION = "the session has ended"


async def until_ended(context: Context, token: str, clock: Callable[[], datetime], every: float = EVERY) -> Ended:
    """Wait until the caller's token or session has ended; which of them.

    The token is read as if it came with a request: what it is good for then, it is good for here.
    """
    assert context.live is not None
    with context.live.announcements.bell(f"account {context.viewer.account_id}") as bell:
        bell.set()
        while True:
            now = replace(context, now=clock())
            if bell.is_set():
                bell.clear()
                if not await sessions.is_alive(now):
                    return Ended.SESSION
            if await callers.of(now, token) is None:
                return Ended.TOKEN
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(every):  # wait_for would swallow a cancel that comes with the bell
                    await bell.wait()
