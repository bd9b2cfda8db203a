"""graphql-transport-ws: what a client may send and when, who may connect and for how long, and how much at once.

Strawberry's handler does the protocol; what is here is refused before it gets there, or ends what it has begun.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, aclosing, suppress
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError
from starlette.websockets import WebSocketDisconnect, WebSocketState
from strawberry.asgi import ASGIWebSocketAdapter
from strawberry.http.exceptions import NonJsonMessageReceived, NonTextMessageReceived, WebSocketDisconnected
from strawberry.subscriptions.protocols.graphql_transport_ws.handlers import BaseGraphQLTransportWSHandler, Operation
from strawberry.types.execution import PreExecutionError

from resolvers import callers, presence, sessions
from resolvers.live import NoSeat
from resolvers.presence import Ended
from schema import languages
from schema.context import RequestContext
from schema.messages import say
from storage.seats import SeatKind
from web import log, measured
from web.hardening import limits
from web.hardening.body import by_hash, marks, points
from web.hardening.errors import presented, raised

LARGEST_MESSAGE = 1_048_576  # bytes; the server closes with 1009 what is longer
LARGEST_BEFORE_INIT = 4_000  # characters: a token and a language


@dataclass(frozen=True, slots=True)
class SocketBounds:
    """What a connection may be and do."""

    init_within: float = 10.0
    """Seconds until connection_init has to be there."""
    token_read_every: float = presence.EVERY
    operations: int = 20
    """At once on one socket."""
    sockets: int = 10
    """Of one account, on every worker together."""


@dataclass(frozen=True, slots=True)
class Close:
    """Why a socket is closed. A client that connects again by itself does so after 4403, 4500 and 1013 only."""

    code: int
    key: str

    @property
    def reason(self) -> str:
        """In 123 bytes at most."""
        return say(self.key)


MALFORMED = 4400
UNAUTHENTICATED = Close(4401, "socket.unauthorized")
EXPIRED = Close(4403, "socket.expired")
TOO_MANY = Close(4429, "socket.too_many")
UNCHECKED = Close(1013, "socket.unchecked")
SPENT = Close(1013, "socket.spent")
TOO_LARGE = Close(1009, "socket.too_large")

_OPTIONAL_OBJECT = (dict, type(None))
_OPTIONAL_TEXT = (str, type(None))


def malformed(message: Mapping[str, Any]) -> str | None:
    """What is wrong with the shape of a message; None for one that Strawberry's handler can take."""
    payload = message.get("payload")
    match message.get("type"):
        case "connection_init" | "ping" | "pong":
            return None if isinstance(payload, _OPTIONAL_OBJECT) else say("http.must_be_object", name="payload")
        case "complete":
            return None if _is_id(message) else say("socket.id")
        case "subscribe":
            return _malformed_operation(payload) if _is_id(message) else say("socket.id")
        case _:
            return say("socket.type")


def _is_id(message: Mapping[str, Any]) -> bool:
    return isinstance(message.get("id"), str) and message["id"] != ""


def _malformed_operation(payload: object) -> str | None:
    if not isinstance(payload, dict):
        return say("http.must_be_object", name="payload")
    if not isinstance(payload.get("query"), str) and not _is_by_hash(payload):
        return say("http.must_be_string", name="query")
    if not isinstance(payload.get("operationName"), _OPTIONAL_TEXT):
        return say("http.must_be_string", name="operationName")
    wrong = [name for name in ("variables", "extensions") if not isinstance(payload.get(name), _OPTIONAL_OBJECT)]
    return say("http.must_be_object", name=wrong[0]) if wrong else None


def _is_by_hash(payload: Mapping[str, Any]) -> bool:
    extensions = payload.get("extensions")
    named = isinstance(extensions, dict) and "persistedQuery" in extensions
    return payload.get("query") is None and (named or isinstance(payload.get("documentId"), str))


class Adapter(ASGIWebSocketAdapter):
    """Messages are JSON objects in text frames, both ways; whatever else comes is the client's mistake."""

    too_much: Callable[[str], Awaitable[Close | None]]
    """Why a message is not even read; of the socket's handler."""

    async def iter_json(self, *, ignore_parsing_errors: bool = False) -> AsyncGenerator[object, None]:
        with suppress(WebSocketDisconnect):
            while self.ws.application_state is not WebSocketState.DISCONNECTED:
                text = await self._text()
                if (refused := await self.too_much(text)) is not None:
                    await self.close(refused.code, refused.reason)
                    return
                yield self._object(text)

    async def _text(self) -> str:
        try:
            return await self.ws.receive_text()
        except KeyError as error:  # a binary frame
            raise NonTextMessageReceived from error

    def _object(self, text: str) -> dict[str, Any]:
        try:
            message = self.view.decode_json(text)
        except (ValueError, RecursionError) as error:  # a number too long to be read, or nested too deep, as well
            raise NonJsonMessageReceived from error
        if not isinstance(message, dict):
            raise NonJsonMessageReceived
        return message

    async def send_json(self, message: Mapping[str, object]) -> None:
        if self.ws.application_state is WebSocketState.DISCONNECTED:
            raise WebSocketDisconnected
        try:
            await self.ws.send_text(self.view.encode_json_string(message))
        except WebSocketDisconnect as gone:
            raise WebSocketDisconnected from gone

    async def close(self, code: int, reason: str) -> None:
        if self.ws.application_state is not WebSocketState.DISCONNECTED:
            with suppress(WebSocketDisconnect):
                await self.ws.close(code, reason)


class RunningOperation(Operation[RequestContext, None]):
    """One with the extensions that it came with."""

    __slots__ = ["extensions"]

    def __init__(self, handler: Handler, id: str, payload: Mapping[str, Any]) -> None:
        super().__init__(
            handler, id, payload.get("query") or "", payload.get("variables"), payload.get("operationName")
        )
        self.extensions = by_hash(payload.get("extensions"), payload.get("documentId"))


class Handler(BaseGraphQLTransportWSHandler[RequestContext, None]):
    """One socket."""

    view: Any
    websocket: Any

    def __init__(self, *parts: Any, **named: Any) -> None:
        super().__init__(*parts, **named)
        self._bounds: SocketBounds = self.view.bounds
        self.websocket.too_much = self._too_much
        self._seat = AsyncExitStack()
        self._watching: asyncio.Task[None] | None = None

    async def handle_message(self, message: Any) -> None:
        if (reason := malformed(message)) is not None:
            await self.handle_invalid_message(reason)
        else:
            await super().handle_message(message)

    async def _too_much(self, text: str) -> Close | None:
        """Why a message is not read: until somebody has signed in it is short, then as over HTTP."""
        if not self.connection_acknowledged:
            return TOO_LARGE if len(text) > LARGEST_BEFORE_INIT else None
        allowed = limits.of(self.context.caller)
        if len(text) > allowed.body or marks(text) > allowed.marks:
            return TOO_LARGE
        try:
            await self.view.budgets.spend(self.context, points(len(text)))
        except GraphQLError:
            return SPENT
        return None

    async def handle_connection_init(self, message: Any) -> None:
        payload = message.get("payload") or {}
        if isinstance(wanted := payload.get("Accept-Language"), str):
            languages.speak(languages.preferred(wanted))
        if not self.connection_init_received and (refused := await self._refused(payload)) is not None:
            await self.websocket.close(refused.code, refused.reason)
            return
        await super().handle_connection_init({"type": "connection_init", "payload": payload})

    async def handle_ping(self, message: Any) -> None:
        payload = message.get("payload")
        await self.send_message({"type": "pong"} if payload is None else {"type": "pong", "payload": payload})

    async def handle_subscribe(self, message: Any) -> None:
        if not self.connection_acknowledged:
            await self.websocket.close(UNAUTHENTICATED.code, UNAUTHENTICATED.reason)
        elif message["id"] in self.operations:
            await self.websocket.close(4409, say("socket.id_taken", id=message["id"][:80])[:100])
        elif len(self.operations) >= self._bounds.operations:
            error = GraphQLError(
                say("request.TOO_MANY_SUBSCRIPTIONS.socket", limit=self._bounds.operations),
                extensions={"code": "TOO_MANY_SUBSCRIPTIONS"},
            )
            await self.send_message({"id": message["id"], "type": "error", "payload": [error.formatted]})
        else:
            operation = RunningOperation(self, message["id"], message["payload"])
            self.operations[operation.id] = operation
            operation.task = asyncio.create_task(self.run_operation(operation))
            operation.task.add_done_callback(self._task_done)

    async def run_operation(self, operation: Any) -> None:
        """With a context of its own: another moment than the socket's, and nothing remembered of other operations."""
        try:
            results = await self.schema.stream(
                operation.query,
                variable_values=operation.variables,
                context_value=self.view.for_operation(self.context),
                operation_name=operation.operation_name,
                operation_extensions=operation.extensions,
            )
            async with aclosing(results):
                await self._send_result_stream(operation, results)
            await operation.send_operation_message({"id": operation.id, "type": "complete"})
        except WebSocketDisconnected:
            return
        except Exception as unexpected:
            with suppress(WebSocketDisconnected):
                await operation.send_initial_errors([presented(raised(unexpected))])

    async def _send_result_stream(self, operation: Any, result_source: Any) -> None:
        """A refusal is said when the operation has ended, because that is when it is recorded."""
        refused: list[GraphQLError] = []
        async for result in result_source:
            errors = [presented(error) for error in result.errors or ()]
            if isinstance(result, PreExecutionError):
                refused = errors
            else:
                result.errors = errors or None
                await operation.send_next(result)
                measured.event("socket")
        if refused:
            await operation.send_initial_errors(refused)

    async def handle_task_exception(self, error: Exception) -> None:
        if not isinstance(error, WebSocketDisconnected):
            log.failure(error)

    async def shutdown(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        await super().shutdown()
        await self._seat.aclose()

    async def _refused(self, payload: Mapping[str, Any]) -> Close | None:
        """Why this client may not connect; where it may, it has a seat and is watched from now on."""
        token = bearer(
            payload["Authorization"] if "Authorization" in payload else self.websocket.ws.headers.get("authorization")
        )
        self.context.caller = await callers.of(self.context, token) if token else None
        if token is None or self.context.caller is None or not await sessions.is_alive(self.context):
            return UNAUTHENTICATED
        assert self.context.live is not None
        seat = self.context.live.seat(self.context.caller.session, SeatKind.SOCKET, self._bounds.sockets)
        try:
            await self._seat.enter_async_context(seat)
        except NoSeat:
            return TOO_MANY
        self._watching = asyncio.create_task(self._watch(token))
        return None

    async def _watch(self, token: str) -> None:
        """Close the socket when its token or session ends, and where nobody can tell whether it has."""
        close = UNCHECKED
        try:
            ended = await presence.until_ended(self.context, token, self.view.clock.now, self._bounds.token_read_every)
            close = EXPIRED if ended is Ended.TOKEN else UNAUTHENTICATED
        except Exception as error:
            log.failure(error)
        await self.websocket.close(close.code, close.reason)


def bearer(text: object) -> str | None:
    """The token of `Bearer …`; None for anything else."""
    scheme, _, token = text.partition(" ") if isinstance(text, str) else ("", "", "")
    return token.strip() or None if scheme.lower() == "bearer" else None
