"""`/graphql`: GraphQL over HTTP, and GraphiQL for a browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.http import GraphQLHTTPResponse
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionResult

from domain.policy import PolicyBook
from resolvers import callers
from schema.build import build
from schema.context import RequestContext
from security.gate import Gate
from storage.database import Database
from web import graphiql
from web.clock import Clock
from web.hardening.errors import presented


class Endpoint(GraphQL[RequestContext, None]):
    """The schema over HTTP. Each request reads the clock and the bearer token once."""

    def __init__(self, database: Callable[[], Database], book: PolicyBook, clock: Clock, gate: Gate) -> None:
        super().__init__(build(), subscription_protocols=())
        self._database = database
        self._book = book
        self._clock = clock
        self._gate = gate

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> RequestContext:
        address = request.client.host if request.client else None
        context = RequestContext(self._database(), self._book, self._clock.now(), self._gate, address=address)
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            context.caller = await callers.of(context, token.strip())
        return context

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
            return orjson.dumps(data)
        except orjson.JSONEncodeError:
            return json.dumps(data).encode()

    async def render_graphql_ide(self, request: Request) -> Response:
        return graphiql.page()
