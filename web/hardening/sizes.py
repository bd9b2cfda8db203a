"""How much a request may bring: a body, headers and an address are refused before all of them were read."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.messages import say
from web.hardening import limits
from web.hardening.answers import refused
from web.hardening.body import CLOSING, too_large
from web.hardening.sockets import bearer

BODY_MOST = 1_000_000  # bytes, of whoever sends a token; who that is, and what they may send, is found out later
HEADERS_MOST = 16_000  # bytes, all of them
ADDRESS_MOST = 8_000  # bytes of a query string


class Sizes:
    """Counts as the request comes in, so that a body in chunks, which names no length, is bounded too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = _most(scope)
        if (too_much := _too_much(scope, most)) is not None:
            await (await refused(Request(scope), too_much))(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise too_large(most)
            return message

        await self._app(scope, counted, send)


def _most(scope: Scope) -> int:
    """Bytes of a body: signing in needs few."""
    return BODY_MOST if bearer(Headers(scope=scope).get("authorization")) else limits.of(None).body


def _too_much(scope: Scope, most: int) -> HTTPException | None:
    """Why a request is refused for its head alone."""
    if len(scope["query_string"]) > ADDRESS_MOST:
        return HTTPException(414, say("http.ADDRESS_TOO_LONG", limit=ADDRESS_MOST), CLOSING)
    if sum(len(name) + len(value) for name, value in scope["headers"]) > HEADERS_MOST:
        return HTTPException(431, say("http.HEADERS_TOO_LARGE", limit=HEADERS_MOST), CLOSING)
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return too_large(most) if any(not _fits(value, most) for value in lengths) else None


def _fits(length: bytes, most: int) -> bool:
    return length.isdigit() and len(length) < 18 and int(length) <= most
