"""The doorway: a request with a head that came through every layer before is answered without passing them again.

What layers decide (the language, the media type, which headers an answer bears, whether a page of another site may
ask) hangs on the head of a request alone. So the head of the answer is remembered by it, once a read came by the short
way through everything. Who asks, what for, and whether they may is looked at each time. Whatever is not as it should be
goes through all layers, from its beginning.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Coroutine, Generator, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, cast

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
        if came.body is None:
            await self._app(scope, came.again, send)
            return
        measured.now("requests_in_flight", 1)
        try:
            with speaking(known.language):
                answer = await self._endpoint.at_once(scope, asking.token, came.body)
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
    """A small body, as far as it is here: nobody is waited for in the doorway.

    It is told again to whoever begins from nothing, who goes on waiting where it is not whole yet.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Message] = []
        self._begun: _Begun | None = None
        self.body: bytes | None = None
        """None where it is not whole, or too long."""
        self._read()

    def _read(self) -> None:
        parts, length = [], 0
        while length <= FREE:
            begun = _Begun(self._receive())
            if begun.message is None:
                self._begun = begun
                return
            self._messages.append(begun.message)
            parts.append(begun.message.get("body", b""))
            length += len(parts[-1])
            if begun.message["type"] != "http.request":
                return
            if not begun.message.get("more_body", False):
                self.body = b"".join(parts) if length <= FREE else None
                return

    async def again(self) -> Message:
        if self._messages:
            return self._messages.pop(0)
        if self._begun is not None:
            begun, self._begun = self._begun, None
            return await begun
        return await self._receive()


class _Begun:
    """A coroutine that was begun: its message where that is here at once, else to be awaited."""

    def __init__(self, coroutine: Awaitable[Message]) -> None:
        self._coroutine = cast("Coroutine[Any, Any, Message]", coroutine)
        self.message: Message | None = None
        try:
            self._waits_for = self._coroutine.send(None)
        except StopIteration as here:
            self.message = here.value

    def __await__(self) -> Generator[Any, Any, Message]:
        """Go on where it waits."""
        while True:
            try:
                given = yield self._waits_for
            except BaseException as error:
                go_on = partial(self._coroutine.throw, error)
            else:
                go_on = partial(self._coroutine.send, given)
            try:
                self._waits_for = go_on()
            except StopIteration as here:
                return cast("Message", here.value)
