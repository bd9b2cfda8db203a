"""`/graphql`: GraphQL over HTTP, over sockets and as server-sent events, and GraphiQL for a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, cast

import orjson
from cross_web import AsyncHTTPRequestAdapter
from cross_web import HTTPException as Refused
from graphql import GraphQLError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.http.streaming import AsyncTextStream, HTTPStreamTransport
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types import ExecutionResult, SubscriptionExecutionResult
from strawberry.types.graphql import OperationType

from domain.policy import PolicyBook
from resolvers import callers
from resolvers.audit import Missed
from resolvers.live import Live
from schema import languages
from schema.build import build
from schema.context import RequestContext
from schema.documents import Reading
from schema.messages import say
from security.gate import Gate
from storage.database import Database
from web import graphiql
from web.clock import Clock
from web.hardening import accept, answers, body
from web.hardening.bounds import Bounds, longest
from web.hardening.budget import Budgets
from web.hardening.deadline import Deadline
from web.hardening.documents import ByHash, Library
from web.hardening.errors import of_the_whole, presented
from web.hardening.openness import Introspection, Openness
from web.hardening.operation import NamedOperation
from web.hardening.short_way import Admitting, ShortWay
from web.hardening.sockets import Adapter, Handler, SocketBounds, bearer
from web.hardening.spending import Spending
from web.hardening.streams import while_present
from web.hardening.within import Within

BEGUN = "renzheng.begun"
"""In the scope of a request: what was begun before it came through all layers."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The short way was tried: who asks, and that the time ran out where it did."""

    context: RequestContext
    found: ExecutionResult | None


class Endpoint(GraphQL[RequestContext, None]):
    """The schema over HTTP. Each request reads the clock and the bearer token once."""

    websocket_adapter_class = Adapter
    graphql_transport_ws_handler_class = Handler

    def __init__(
        self,
        database: Callable[[], Database],
        book: PolicyBook,
        clock: Clock,
        gate: Gate,
        live: Live,
        openness: Openness,
        sockets: SocketBounds,
        request_seconds: float,
    ) -> None:
        budgets, library, within = Budgets(gate.secret), Library(openness.documents), Within(request_seconds)
        self.budgets = budgets
        self.short_way = ShortWay(library, budgets, within)
        schema = build(
            partial(ByHash, library),
            NamedOperation,
            partial(Bounds, budgets),
            reading=partial(Reading, longest),
            spending=(
                partial(Spending, budgets),
                partial(Admitting, self.short_way),
                partial(Deadline, within),
            ),
        )
        super().__init__(
            schema,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=timedelta(seconds=sockets.init_within),
            allowed_origins=openness.origins,
        )
        self._database = database
        self._book = book
        self._gate = gate
        self._live = live
        self._openness = openness
        self.clock = clock
        self.bounds = sockets

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> RequestContext:
        context = self._context(request.client.host if request.client else None)
        if isinstance(request, WebSocket):
            return context  # who it is, connection_init says
        if token := bearer(request.headers.get("authorization")):
            context.caller = await callers.of(context, token)
            context.token_ended = context.caller is None
        request.state.context = context
        return context

    def _context(self, address: str | None) -> RequestContext:
        return RequestContext(
            self._database(),
            self._book,
            self.clock.now(),
            self._gate,
            address=address,
            live=self._live,
            clock=self.clock.now,
            open_to_introspection=self._openness.introspection is Introspection.EVERYBODY,
        )

    def for_operation(self, context: RequestContext) -> RequestContext:
        """The context of one operation on a socket."""
        return replace(context, now=self.clock.now(), missed=Missed())

    async def reject_websocket(self, request: WebSocket) -> WebSocket:
        """Of a page of another site: refused as anything else is."""
        await request.send_denial_response(answers.answer(403, "FORBIDDEN", say("http.foreign_page"), accept.JSON))
        return request

    async def run(self, request: Any, *given: Any, **also: Any) -> Any:
        """What Strawberry refuses by itself goes the way of all refusals."""
        if isinstance(request, Request) and request.method == "POST":
            return await self._posted(request)
        return await self._long_way(request, *given, **also)

    async def _posted(self, request: Request) -> Response:
        """A read that is known is answered here and now; the rest is Strawberry's."""
        given = await self.get_sub_response(request)
        begun: Begun | None = request.scope.get(BEGUN)
        context = begun.context if begun else await self.get_context(request, given)
        request.state.context = context
        try:
            asked = await body.read(request, context, self.budgets)
        except GraphQLError as spent:
            return self.create_response(await self.process_result(request, ExecutionResult(None, [spent])), given)
        found = begun.found if begun else None
        if begun is None and given.media_type != accept.STREAM:
            found = await self.short_way.answer(context, asked)
        if found is None:
            answer: Response = await self._long_way(request, context)
            return answer
        request.state.came_short = not found.errors
        return self.create_response(await self.process_result(request, found), given)

    async def at_once(self, scope: Scope, token: str, sent: bytes) -> bytes | None:
        """The answer to a read that goes the short way; None for everything else, which goes through all layers.

        They go on from here: what has run is not run as often again.
        """
        try:
            context = self._context(scope["client"][0] if scope["client"] else None)
            context.caller = await callers.of(context, token)
            asked = body.small(sent, context) if context.caller else None
        except Exception:
            return None  # they meet the same, and know what to say
        if asked is None:
            return None
        found = await self.short_way.answer(context, asked)
        if found is None or found.errors:
            scope[BEGUN] = Begun(context, found)
            return None
        return self.encode_json({"data": found.data, "extensions": found.extensions})

    async def _long_way(self, request: Any, *given: Any, **also: Any) -> Any:
        try:
            return await super().run(request, *given, **also)
        except Refused as refused:
            raise HTTPException(refused.status_code) from None

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """Bears the media type of the answer, which is chosen before anything is done."""
        assert isinstance(request, Request)
        if request.method not in ("GET", "POST"):
            raise HTTPException(405, say("http.METHOD_NOT_ALLOWED"), {"Allow": "GET, POST"})
        given = await super().get_sub_response(request)
        given.media_type = accept.chosen(request)
        given.headers.update(languages.headers())
        return given

    def should_render_graphql_ide(self, request: Any) -> bool:
        return accept.chosen(request._request) == accept.PAGE

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        sent: Request = request._request  # type: ignore[attr-defined]
        asked = await body.read(sent, sent.state.context, self.budgets)
        return replace(asked, protocol="sse") if accept.chosen(sent) == accept.STREAM else asked

    def _stream_result(
        self, request: Request, result: SubscriptionExecutionResult, transport: HTTPStreamTransport
    ) -> AsyncTextStream:
        token = bearer(request.headers.get("authorization"))
        present = while_present(result, request.state.context, token, self.clock.now)
        return super()._stream_result(request, cast("SubscriptionExecutionResult", present), transport)

    async def execute_single(self, *request: Any, **parts: Any) -> ExecutionResult:
        """A GET changes nothing, so that no link and no image of another page can."""
        try:
            return await super().execute_single(*request, **parts)
        except Refused as refused:
            if isinstance(wrong := refused.__cause__, InvalidOperationTypeError):
                if wrong.operation_type is OperationType.SUBSCRIPTION:
                    raise HTTPException(400, say("http.no_stream", wanted=accept.STREAM)) from None
                raise HTTPException(405, say("http.query_only"), {"Allow": "POST"}) from None
            raise

    async def process_result(self, request: Request, result: ExecutionResult) -> GraphQLHTTPResponse:
        whole = of_the_whole(result)
        result.errors = [presented(error) for error in result.errors] if result.errors else None
        answer = await super().process_result(request, result)
        if whole:
            del answer["data"]  # nothing ran
        return answer

    def create_response(self, response_data: Any, sub_response: Response) -> Response:
        media_type = sub_response.media_type or accept.JSON
        response = super().create_response(response_data, sub_response)
        response.status_code = answers.status(response_data, media_type)
        response.headers["Content-Type"] = f"{media_type}; charset=utf-8"
        response.headers.update(answers.headers(response_data, response.status_code))
        return response

    def decode_json(self, data: str | bytes) -> object:
        """Of a message on a socket; what is no JSON raises ValueError."""
        return body.strict(data)

    def encode_json(self, data: object) -> bytes:
        """UTF-8, so that Chinese can be read in it; half a surrogate pair, which cannot be that, is escaped."""
        try:
            return orjson.dumps(data)
        except orjson.JSONEncodeError:
            return json.dumps(data).encode()

    async def render_graphql_ide(self, request: Request) -> Response:
        return graphiql.page()
