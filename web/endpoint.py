"""`/graphql`: GraphQL over HTTP, and GraphiQL for a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any

from cross_web import AsyncHTTPRequestAdapter
from cross_web import HTTPException as Refused
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse, GraphQLRequestData
from strawberry.schema.exceptions import InvalidOperationTypeError
from strawberry.types import ExecutionResult

from domain.policy import PolicyBook
from resolvers import callers
from schema.build import build
from schema.context import RequestContext
from schema.documents import Reading
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
from web.hardening.spending import Spending


class Endpoint(GraphQL[RequestContext, None]):
    """The schema over HTTP. Each request reads the clock and the bearer token once."""

    def __init__(
        self,
        database: Callable[[], Database],
        book: PolicyBook,
        clock: Clock,
        gate: Gate,
        openness: Openness,
        request_seconds: float,
    ) -> None:
        budgets = Budgets(gate.secret)
        schema = build(
            partial(ByHash, Library(openness.documents)),
            NamedOperation,
            partial(Bounds, budgets),
            reading=partial(Reading, longest),
            spending=(partial(Spending, budgets), partial(Deadline, request_seconds)),
        )
        super().__init__(schema, subscription_protocols=(), allowed_origins=openness.origins)
        self._database = database
        self._book = book
        self._clock = clock
        self._gate = gate
        self._openness = openness

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> RequestContext:
        address = request.client.host if request.client else None
        context = RequestContext(
            self._database(),
            self._book,
            self._clock.now(),
            self._gate,
            address=address,
            open_to_introspection=self._openness.introspection is Introspection.EVERYBODY,
        )
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            context.caller = await callers.of(context, token.strip())
            context.token_ended = context.caller is None
        return context

    async def run(self, request: Any, *given: Any, **also: Any) -> Any:
        """What Strawberry refuses by itself goes the way of all refusals."""
        try:
            return await super().run(request, *given, **also)
        except Refused as refused:
            raise HTTPException(refused.status_code, refused.reason) from None

    async def get_sub_response(self, request: Request | WebSocket) -> Response:
        """Bears the media type of the answer, which is chosen before anything is done."""
        assert isinstance(request, Request)
        if request.method not in ("GET", "POST"):
            raise HTTPException(405, "GraphQL is asked by GET or POST.", {"Allow": "GET, POST"})
        given = await super().get_sub_response(request)
        given.media_type = accept.chosen(request)
        return given

    def should_render_graphql_ide(self, request: Any) -> bool:
        return accept.chosen(request._request) == accept.PAGE

    async def parse_http_body(self, request: AsyncHTTPRequestAdapter) -> GraphQLRequestData:
        return await body.read(request._request)  # type: ignore[attr-defined]

    async def execute_single(self, *request: Any, **parts: Any) -> ExecutionResult:
        """A GET changes nothing, so that no link and no image of another page can."""
        try:
            return await super().execute_single(*request, **parts)
        except Refused as refused:
            if isinstance(refused.__cause__, InvalidOperationTypeError):
                raise HTTPException(405, "Only a query may be sent so: POST it.", {"Allow": "POST"}) from None
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
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    def encode_json(self, data: object) -> bytes:
        """UTF-8, so that Chinese can be read in it; half a surrogate pair, which cannot be that, is escaped."""
        try:
            return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        except UnicodeEncodeError:
            return json.dumps(data).encode()

    async def render_graphql_ide(self, request: Request) -> Response:
        return graphiql.page()
