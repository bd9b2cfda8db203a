"""The headers of every answer: nothing is kept, guessed, framed or sent on."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.hardening.accept import STREAM

EVERYWHERE = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Unless an answer says otherwise: GraphiQL's page and files have their own."""
_ANSWERS = ("http.response.start", "websocket.http.response.start")
"""Of requests, and of sockets that were refused."""
_RAW = [(name.lower().encode(), value.encode()) for name, value in EVERYWHERE.items()]
_A_YEAR = "max-age=31536000"


class Headers:
    """Adds what an answer does not say itself; over https, that the next request comes over https too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def complete(message: Message) -> None:
            if message["type"] in _ANSWERS:
                headers = MutableHeaders(scope=message)
                there = {name for name, _ in headers.raw}
                headers.raw.extend(pair for pair in _RAW if pair[0] not in there)
                if headers.get("Content-Type", "").startswith(STREAM):
                    headers["Cache-Control"] = "no-store"  # what carries streams says another word
                if scope["scheme"] in ("https", "wss"):
                    headers.setdefault("Strict-Transport-Security", _A_YEAR)
            await send(message)

        await self._app(scope, receive, complete)
