"""`/graphql`: GraphQL over HTTP, over sockets and as server-sent events, and GraphiQL for a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.http.streaming import AsyncTextStream, HTTPStreamTransport
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult, SubscriptionExecutionResult

from domain.policy import PolicyBook
from resolvers import callers
from resolvers.live import Live
from schema.build import build
from schema.context import RequestContext
from security.gate import Gate
from storage.database import Database
from web import graphiql
from web.clock import Clock
from web.hardening.errors import presented
from web.hardening.operations import NamedOperation
from web.hardening.sockets import Adapter, Bounds, Handler, bearer
from web.hardening.streams import while_present


class Endpoint(GraphQL[RequestContext, None]):
    """The schema over HTTP. Each request reads the clock and the bearer token once."""

    websocket_adapter_class = Adapter
    graphql_transport_ws_handler_class = Handler

    def __init__(
        self, database: Callable[[], Database], book: PolicyBook, clock: Clock, gate: Gate, live: Live, bounds: Bounds
    ) -> None:
        super().__init__(
            build(NamedOperation),
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=timedelta(seconds=bounds.init_within),
            allowed_origins=bounds.allowed_origins,
        )
        self._database = database
        self._book = book
        self._gate = gate
        self._live = live
        self.clock = clock
        self.bounds = bounds

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> RequestContext:
        address = request.client.host if request.client else None
        given = (self._database(), self._book, self.clock.now(), self._gate)
        context = RequestContext(*given, address=address, live=self._live, clock=self.clock.now)
        if isinstance(request, WebSocket):
            return context  # who it is, connection_init says
        if token := bearer(request.headers.get("authorization")):
            context.caller = await callers.of(context, token)
        request.state.context = context
        return context

    def for_operation(self, context: RequestContext) -> RequestContext:
        """The context of one operation on a socket."""
        return replace(context, now=self.clock.now(), not_found=0, _loaders={})

    def _stream_result(
        self, request: Request, result: SubscriptionExecutionResult, transport: HTTPStreamTransport
    ) -> AsyncTextStream:
        token = bearer(request.headers.get("authorization"))
        present = while_present(result, request.state.context, token, self.clock.now)
        return super()._stream_result(request, cast("SubscriptionExecutionResult", present), transport)

    async def execute_single(self, *request: Any, **parts: Any) -> ExecutionResult:
        """An operation name that the document does not have is refused without saying it back."""
        try:
            return await super().execute_single(*request, **parts)
        except Exception as refused:
            if isinstance(refused.__cause__, CannotGetOperationTypeError):
                raise HTTPException(400, "The document has no operation of that name.") from None
            raise

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        result.errors = [presented(error) for error in result.errors] if result.errors else None
        return await super().process_result(request, result)

    def parse_json(self, data: str | bytes) -> Any:
        """A body is an object; whatever else it holds is the client's mistake."""
        try:
            parsed = self.decode_json(data)
        except (ValueError, RecursionError):
            raise HTTPException(400, "The request is not JSON.") from None
        if isinstance(data, bytes) and not isinstance(parsed, dict):
            raise HTTPException(400, "The body must be a JSON object with a query.")
        return parsed

    def encode_json(self, data: object) -> bytes:
        """UTF-8, so that Chinese can be read in it; half a surrogate pair, which cannot be that, is escaped."""
        try:
            return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        except UnicodeEncodeError:
            return json.dumps(data).encode()

    async def render_graphql_ide(self, request: Request) -> Response:
        return graphiql.page()
