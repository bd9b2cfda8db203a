"""Server-sent events: a stream ends with the token and the session of whoever asked for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from datetime import datetime
from typing import Any

from strawberry.types import ExecutionResult

from resolvers import presence
from resolvers.errors import Unauthenticated
from schema.context import RequestContext
from web import measured
from web.hardening.errors import raised


async def while_present(
    results: Any, context: RequestContext, token: str | None, clock: Callable[[], datetime]
) -> AsyncGenerator[Any, None]:
    """The results, and at last an error where the caller's token or session has ended, or something was raised."""
    signed_in = context.caller is not None and token is not None
    measured.now("streams_open", 1)
    ended = asyncio.ensure_future(presence.until_ended(context, token or "", clock) if signed_in else _never())
    try:
        async with aclosing(results):
            while (following := await _unless(ended, results)) is not None:
                measured.event("stream")
                yield following
        if ended.done():
            await ended
            raise Unauthenticated
    except Exception as error:
        yield ExecutionResult(data=None, errors=[raised(error)])
    finally:
        measured.now("streams_open", -1)
        await _cancelled(ended)


async def _never() -> None:
    """Who is nobody has nothing that could end."""
    await asyncio.Event().wait()


async def _unless(ended: asyncio.Future[Any], results: Any) -> Any:
    """The next result; None where there is none, or the caller has ended first."""
    following = asyncio.ensure_future(anext(results, None))
    try:
        await asyncio.wait({following, ended}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        if not following.done():
            await _cancelled(following)
    return None if following.cancelled() else following.result()


async def _cancelled(future: asyncio.Future[Any]) -> None:
    future.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await future
