"""What a request asks: its body or its query string, read strictly, and once."""

from __future__ import annotations

import asyncio
import json
import math
from collections import Counter
from functools import lru_cache
from typing import Any, NoReturn

import orjson
from mimeparse import MimeTypeParseException, parse_mime_type
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from strawberry.http import GraphQLRequestData

from schema.context import RequestContext
from schema.messages import say
from web.hardening import limits
from web.hardening.accept import JSON
from web.hardening.budget import Budgets

WITHIN = 10  # seconds for a body to come
CLOSING = {"Connection": "close"}
FREE = 10_000  # bytes: more than any screen asks with
_BYTES = 1_000  # of what is longer, for one point
_MARKS = "[{,"
_LONGEST_TYPE = 200  # characters of a Content-Type
_TEXTS = ("query", "operationName", "documentId")
_OBJECTS = ("variables", "extensions")


async def read(request: Request, context: RequestContext, budgets: Budgets) -> GraphQLRequestData:
    """The parameters of GraphQL over HTTP; refused (400, 401, 408, 413, 415) where they are not what they should be.

    They are kept with the request, for whoever asks again. Raises LIMIT_BUDGET for a long body that nobody can pay for.
    """
    if not hasattr(request.state, "asked"):
        of_the_address = request.method == "GET"
        given = _of_the_address(request) if of_the_address else await _of_the_body(request, context, budgets)
        request.state.asked = _asked(given)
    found: GraphQLRequestData = request.state.asked
    return found


def marks(text: str) -> int:
    """At least as many as the lists, objects and values that reading the JSON would make; counting is cheap."""
    return sum(map(text.count, _MARKS))


def points(length: int) -> int:
    """What reading so many bytes costs."""
    return length // _BYTES if length > FREE else 0


def too_large(most: int) -> HTTPException:
    return HTTPException(413, say("http.BODY_TOO_LARGE", limit=most), CLOSING)


def _asked(given: dict[str, Any]) -> GraphQLRequestData:
    """A `documentId` becomes what Apollo's clients send, `extensions.persistedQuery`: one way in for hashes."""
    for name in _TEXTS:
        if not isinstance(given.get(name), str | None):
            raise HTTPException(400, say("http.must_be_string", name=name))
    for name in _OBJECTS:
        if not isinstance(given.get(name), dict | None):
            raise HTTPException(400, say("http.must_be_object", name=name))
    extensions = by_hash(given.get("extensions"), given.get("documentId"))
    if not given.get("query") and "persistedQuery" not in (extensions or {}):
        raise HTTPException(400, say("document.missing"))
    return GraphQLRequestData(given.get("query"), given.get("variables"), given.get("operationName"), extensions)


def by_hash(extensions: dict[str, Any] | None, document_id: str | None) -> dict[str, Any] | None:
    """The extensions with the `documentId` among them, as Apollo's clients name a document."""
    if document_id is None:
        return extensions
    return (extensions or {}) | {"persistedQuery": {"version": 1, "sha256Hash": document_id}}


def _of_the_address(request: Request) -> dict[str, Any]:
    items = request.query_params.multi_items()
    if any(times > 1 for times in Counter(name for name, _ in items).values()):
        raise HTTPException(400, say("http.parameter_twice"))
    given: dict[str, Any] = dict(items)
    for name in _OBJECTS:
        if name in given:
            given[name] = parsed(given[name], name) if given[name] else None
    return given


async def _of_the_body(request: Request, context: RequestContext, budgets: Budgets) -> dict[str, Any]:
    _require_json(request.headers.getlist("content-type"))
    _require_few_bytes(int(request.headers.get("content-length", 0)), context)
    sent = await _sent(request)
    _require_few_bytes(len(sent), context)
    text = _text(sent, context)
    await budgets.spend(context, points(len(sent)))
    return _object(text)


def small(sent: bytes, context: RequestContext) -> GraphQLRequestData:
    """The parameters of a body that costs nothing, of at most FREE bytes; refused like those of any other."""
    return _asked(_object(_text(sent, context)))


def _text(sent: bytes, context: RequestContext) -> str:
    try:
        text = sent.decode()
    except UnicodeDecodeError:
        raise HTTPException(400, say("http.body_not_utf8")) from None
    if marks(text) > (most := limits.of(context.caller).marks):
        raise _for(context, HTTPException(413, say("http.too_many_values", limit=most)))
    return text


def _object(text: str) -> dict[str, Any]:
    given = parsed(text)
    if not isinstance(given, dict):
        raise HTTPException(400, say("http.body_no_object"))
    return given


async def _sent(request: Request) -> bytes:
    try:
        async with asyncio.timeout(WITHIN):
            return await request.body()
    except TimeoutError:
        raise HTTPException(408, say("http.body_late"), CLOSING) from None
    except ClientDisconnect:
        raise HTTPException(400, say("http.body_broke_off")) from None


def _require_few_bytes(length: int, context: RequestContext) -> None:
    if length > (most := limits.of(context.caller).body):
        raise _for(context, too_large(most))


def _for(context: RequestContext, refused: HTTPException) -> HTTPException:
    """Too much for whoever is not signed in is no news to an app whose token has ended: that it has is."""
    if context.token_ended:
        return HTTPException(401, say("request.UNAUTHENTICATED"), CLOSING | {"WWW-Authenticate": "Bearer"})
    return refused


def _require_json(headers: list[str]) -> None:
    """A form, which a browser sends for any page, can send neither this type nor anything that runs."""
    if len(headers) != 1 or not _is_json(headers[0][:_LONGEST_TYPE]):
        raise HTTPException(415, say("http.UNSUPPORTED_MEDIA_TYPE", wanted=JSON), {"Accept": JSON})


@lru_cache(maxsize=500)
def _is_json(header: str) -> bool:
    try:
        kind, subtype, parameters = parse_mime_type(header)
    except (ValueError, MimeTypeParseException):
        return False
    charset = parameters.get("charset", "utf-8").lower()
    return f"{kind}/{subtype}".lower() == JSON and charset in ("utf-8", "utf8")


def parsed(text: str, name: str | None = None) -> Any:
    """Strict JSON: no NaN, no key twice. What Python cannot hold is the client's mistake as well.

    `name` is that of a parameter; without one it is the body.
    """
    try:
        return strict(text)
    except RecursionError:
        raise HTTPException(400, say("http.too_deep", name=name or say("http.body"))) from None
    except ValueError:
        raise HTTPException(400, say("http.no_json", name=name or say("http.body"))) from None


def strict(text: str | bytes) -> Any:
    """What JSON says, and nothing beside it; raises ValueError or RecursionError."""
    found = _as_written(text.encode(errors="surrogatepass") if isinstance(text, str) else text)
    if found is not None:
        return found
    return json.loads(text, parse_constant=_none, parse_float=_finite, object_pairs_hook=_each_key_once)


def _as_written(text: bytes) -> Any:
    """What a quick reader finds, where writing that again gives the very text: then nothing was lost, no key twice."""
    try:
        found = orjson.loads(text)
        return found if orjson.dumps(found) == text else None
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None


def _none(_: str) -> NoReturn:
    raise ValueError


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _none(text)


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError
    return found
