"""What a request asks: its body or its query string, read strictly."""

from __future__ import annotations

import asyncio
import json
import math
from collections import Counter
from functools import lru_cache
from typing import Any, NoReturn

from mimeparse import MimeTypeParseException, parse_mime_type
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from strawberry.http import GraphQLRequestData

from schema.messages import say
from web.hardening.accept import JSON

WITHIN = 10  # seconds for a body to come
_LONGEST_TYPE = 200  # characters of a Content-Type
_TEXTS = ("query", "operationName", "documentId")
_OBJECTS = ("variables", "extensions")


async def read(request: Request) -> GraphQLRequestData:
    """The parameters of GraphQL over HTTP; refused (400, 408, 413, 415) where they are not what they should be.

    A `documentId` becomes what Apollo's clients send, `extensions.persistedQuery`: there is one way in for hashes.
    """
    given = _of_the_address(request) if request.method == "GET" else await _of_the_body(request)
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


async def _of_the_body(request: Request) -> dict[str, Any]:
    _require_json(request.headers.getlist("content-type"))
    try:
        async with asyncio.timeout(WITHIN):
            sent = await request.body()
    except TimeoutError:
        raise HTTPException(408, say("http.body_late"), {"Connection": "close"}) from None
    except ClientDisconnect:
        raise HTTPException(400, say("http.body_broke_off")) from None
    try:
        given = parsed(sent.decode(), say("http.body"))
    except UnicodeDecodeError:
        raise HTTPException(400, say("http.body_not_utf8")) from None
    if not isinstance(given, dict):
        raise HTTPException(400, say("http.body_no_object"))
    return given


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


def parsed(text: str, name: str) -> Any:
    """Strict JSON: no NaN, no key twice. What Python cannot hold is the client's mistake as well."""
    try:
        return strict(text)
    except RecursionError:
        raise HTTPException(400, say("http.too_deep", name=name)) from None
    except ValueError:
        raise HTTPException(400, say("http.no_json", name=name)) from None


def strict(text: str | bytes) -> Any:
    """What JSON says, and nothing beside it; raises ValueError or RecursionError."""
    return json.loads(text, parse_constant=_none, parse_float=_finite, object_pairs_hook=_each_key_once)


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
