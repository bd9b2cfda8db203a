"""Which language a request is answered in: its Accept-Language decides before anything is said."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from schema.languages import preferred, speaking


class Languages:
    """Of a socket, what the handshake says; its connection_init may name another."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        with speaking(preferred(",".join(Headers(scope=scope).getlist("accept-language")))):
            await self._app(scope, receive, send)
