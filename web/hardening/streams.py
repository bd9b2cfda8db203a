"""Server-sent events: a stream ends with the token and the session of whoever asked for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from datetime import datetime
from typing import Any

from graphql import GraphQLError
from strawberry.types import ExecutionResult

from resolvers import presence
from resolvers.errors import Unauthenticated
from schema.context import RequestContext


async def while_present(
    results: Any, context: RequestContext, token: str | None, clock: Callable[[], datetime]
) -> AsyncGenerator[Any, None]:
    """The results, and at last an error where the caller's token or session has ended before them."""
    if context.caller is None or token is None:
        async for result in results:  # a refusal, or what is anybody's
            yield result
        return
    ended = asyncio.ensure_future(presence.until_ended(context, token, clock))
    try:
        async with aclosing(results):
            while (following := await _unless(ended, results)) is not None:
                yield following
        if ended.done():
            yield _refusal(ended)
    finally:
        await _cancelled(ended)


async def _unless(ended: asyncio.Future[Any], results: Any) -> Any:
    """The next result; None where there is none, or the caller has ended first."""
    following = asyncio.ensure_future(anext(results, None))
    try:
        await asyncio.wait({following, ended}, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:
        await _cancelled(following)
        raise
    if not following.done():
        await _cancelled(following)
        return None
    return following.result()


def _refusal(ended: asyncio.Future[Any]) -> ExecutionResult:
    """Also of a caller whom nobody could check: that error is masked like any other."""
    why = ended.exception() or Unauthenticated()
    return ExecutionResult(data=None, errors=[GraphQLError("", original_error=why)])  # type: ignore[arg-type]


async def _cancelled(future: asyncio.Future[Any]) -> None:
    future.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await future
