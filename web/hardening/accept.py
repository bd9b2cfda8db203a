"""In which media type a client wants its answer: a real reading of Accept."""

from __future__ import annotations

from mimeparse import MimeTypeParseException, best_match
from starlette.exceptions import HTTPException
from starlette.requests import Request

from schema.messages import say

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
PAGE = "text/html"
STREAM = "text/event-stream"
_LONGEST = 1000  # characters of the header: reading one takes time that grows with its square
_ASKS = ("query", "documentId", "extensions")


def chosen(request: Request) -> str:
    """The media type of the answer: GraphiQL is offered to whoever asks nothing. Refused (406) where none is wanted."""
    asks_nothing = request.method == "GET" and not any(name in request.query_params for name in _ASKS)
    found = _best(",".join(request.headers.getlist("accept")), (STREAM, PAGE) if asks_nothing else (STREAM,))
    if not found:
        raise HTTPException(406, say("http.NOT_ACCEPTABLE", newer=GRAPHQL, plain=JSON))
    return found


def of_an_error(request: Request) -> str:
    """The same where an answer is due whatever is wanted."""
    return _best(",".join(request.headers.getlist("accept")), ()) or JSON


def _best(accept: str, also: tuple[str, ...]) -> str:
    """The best of what is offered; of equals the newer type, if the client has named it, else plain JSON."""
    wanted = accept.lower()
    if not wanted.strip():
        return JSON
    if len(wanted) > _LONGEST:
        return ""
    last = (JSON, GRAPHQL) if GRAPHQL in wanted else (GRAPHQL, JSON)
    try:
        found: str = best_match([*also, *last], wanted)
    except MimeTypeParseException:
        return ""
    return found
