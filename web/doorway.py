"""The doorway: a request with a head that came through every layer before is answered without passing them again.

What layers decide (the language, the media type, which headers an answer bears, whether a page of another site may
ask) hangs on the head of a request alone. So the head of the answer is remembered by it, once a read came by the short
way through everything. Who asks, what for, and whether they may is looked at each time. Whatever is not as it should be
goes through all layers, from its beginning.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schema.languages import Language, speaking, spoken
from web import log, measured
from web.endpoint import Endpoint
from web.hardening.body import FREE
from web.hardening.sizes import HEADERS_MOST
from web.hardening.sockets import bearer

PATH = "/graphql"
_REMEMBERED = 500  # heads: an app sends one, whoever uses it
_OF_THE_REQUEST = frozenset({b"authorization", b"content-length"})
"""Headers that are read anew."""
_OF_NO_MATTER = frozenset({b"traceparent", b"tracestate", b"user-agent", b"x-forwarded-for", b"x-request-id"})
"""Headers that no layer within reads, and that differ from request to request or from person to person."""

Pairs: TypeAlias = "list[tuple[bytes, bytes]]"


@dataclass(frozen=True, slots=True)
class Asking:
    """The head of a request: what is remembered by it, and what is read anew."""

    head: tuple[object, ...]
    token: str
    length: int

    @classmethod
    def of(cls, scope: Scope) -> Asking | None:
        """None for what always goes through all layers."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] != "POST" or scope["query_string"]:
            return None
        head, own, size = [], {}, 0
        for pair in scope["headers"]:
            name, value = pair
            size += len(name) + len(value)
            if name in _OF_THE_REQUEST:
                if name in own:
                    return None
                own[name] = value.decode("latin-1")
            elif name not in _OF_NO_MATTER:
                head.append(pair)
        token, length = bearer(own.get(b"authorization")), own.get(b"content-length", "")
        if token is None or size > HEADERS_MOST or not length.isdigit() or len(length) > len(str(FREE)):
            return None
        return cls((scope["scheme"], *head), token, int(length))


@dataclass(frozen=True, slots=True)
class Known:
    """What was answered to a head, but for the length: in which language, under which headers."""

    language: Language
    headers: Pairs


class Doorway:
    """The outermost layer."""

    def __init__(self, app: ASGIApp, endpoint: Endpoint) -> None:
        self._app = app
        self._endpoint = endpoint
        self._known: dict[tuple[object, ...], Known] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asking = Asking.of(scope)
        if asking is None or asking.length > FREE:
            await self._app(scope, receive, send)
        elif (known := self._known.get(asking.head)) is None:
            await self._app(scope, receive, self._remembering(scope, asking, send))
        else:
            await self._answered(scope, asking, known, receive, send)

    async def _answered(self, scope: Scope, asking: Asking, known: Known, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        came = _Came(receive)
        measured.now("requests_in_flight", 1)
        try:
            with speaking(known.language):
                answer = await self._endpoint.at_once(scope, asking.token, came)
        finally:
            measured.now("requests_in_flight", -1)
        if answer is None:
            await self._app(scope, came.again, send)
            return
        headers = [*known.headers, (b"content-length", b"%d" % len(answer))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": answer})
        log.request("POST", PATH, 200, time.perf_counter() - began)

    def _remembering(self, scope: Scope, asking: Asking, send: Send) -> Send:
        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and scope.get("state", {}).get("came_short"):
                self._remember(asking, message["headers"])
            await send(message)

        return watched

    def _remember(self, asking: Asking, headers: Iterable[tuple[bytes, bytes]]) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[asking.head] = Known(spoken(), [pair for pair in headers if pair[0] != b"content-length"])


class _Came:
    """What came of a request, so that it can be told again to whoever begins from nothing."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._first: Message | None = None

    async def __call__(self) -> Message:
        self._first = await self._receive()
        return self._first

    async def again(self) -> Message:
        first, self._first = self._first, None
        return await self._receive() if first is None else first
