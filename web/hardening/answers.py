"""Answers that are no data: every one is JSON with `extensions.code`, whatever the path and the status."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from schema import languages
from schema.messages import say
from web import measured
from web.hardening.accept import GRAPHQL, JSON, of_an_error

_STATUS = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403, "DOCUMENT_NOT_TRUSTED": 403, "LIMIT_BUDGET": 429, "INTERNAL": 500}
"""Of a request that was refused as a whole, by the code of its error; any other is the client's mistake: 400."""
_CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    406: "NOT_ACCEPTABLE",
    408: "REQUEST_TIMEOUT",
    413: "BODY_TOO_LARGE",
    414: "ADDRESS_TOO_LONG",
    415: "UNSUPPORTED_MEDIA_TYPE",
    431: "HEADERS_TOO_LARGE",
    500: "INTERNAL",
}
"""Of an answer outside GraphQL, by its status."""
_BY_STATUS = {404: "http.NOT_FOUND", 405: "http.METHOD_NOT_ALLOWED"}


async def refused(request: Request, error: Exception) -> Response:
    """For Starlette: what was raised on the way, as an answer."""
    assert isinstance(error, HTTPException)
    return answer(error.status_code, code(error.status_code), _words(error), of_an_error(request), error.headers)


async def nowhere(scope: Scope, receive: Receive, send: Send) -> None:
    """For Starlette: a path that is none of ours, whether it is asked for an answer or for a socket."""
    if scope["type"] == "http":
        raise HTTPException(404)
    await WebSocket(scope, receive, send).send_denial_response(answer(404, code(404), say("http.NOT_FOUND"), JSON))


def code(status: int) -> str:
    """Of an answer outside GraphQL."""
    return _CODES.get(status, "BAD_REQUEST")


def answer(status: int, code: str, message: str, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    """One error."""
    said = languages.headers() | dict(headers or {})
    return Response(body(code, message), status, said, f"{media_type}; charset=utf-8")


def _words(error: HTTPException) -> str:
    """Ours; of what others raised, which is only the name of the status, as much as that says."""
    unsaid = error.detail == HTTPStatus(error.status_code).phrase
    return say(_BY_STATUS.get(error.status_code, "http.BAD_REQUEST")) if unsaid else error.detail


def body(code: str, message: str) -> bytes:
    measured.error(code)
    return json.dumps({"errors": [{"message": message, "extensions": {"code": code}}]}, ensure_ascii=False).encode()


def status(result: Mapping[str, Any], media_type: str) -> int:
    """Of an answer of GraphQL. Whoever speaks the newer type is told by the status that nothing ran."""
    if "data" in result:
        return 200
    found = _STATUS.get(_first_code(result), 400)
    return found if media_type == GRAPHQL or found >= 500 else 200


def headers(result: Mapping[str, Any], status: int) -> dict[str, str]:
    """What else a refusal says outside its body: how to sign in, or when to try again."""
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": "Bearer"}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return {"Retry-After": str(result["errors"][0]["extensions"]["retryAfter"])}
    return {}


def _first_code(result: Mapping[str, Any]) -> str:
    found: str = result["errors"][0]["extensions"]["code"]
    return found
