"""Where a request comes from: what a trusted proxy says, as far as that is an address."""

from __future__ import annotations

from ipaddress import ip_address

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_SAYING = frozenset({b"x-forwarded-for", b"x-forwarded-proto"})


class Forwarded:
    """X-Forwarded-For of the proxies that are trusted; where it holds anything but an IP address, the peer's own."""

    def __init__(self, app: ASGIApp, trusted: str) -> None:
        self._app = app
        self._told = ProxyHeadersMiddleware(self._checked, trusted)  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not any(name in _SAYING for name, _ in scope.get("headers", ())):
            await self._app(scope, receive, send)
            return
        await self._told({**scope, "renzheng.peer": scope.get("client")}, receive, send)  # type: ignore[arg-type]

    async def _checked(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if client != scope["renzheng.peer"] and client and not _is_address(client[0]):
            scope["client"] = scope["renzheng.peer"]
        await self._app(scope, receive, send)


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False
