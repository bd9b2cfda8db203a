"""In which media type a client wants its answer: a real reading of Accept."""

from __future__ import annotations

from functools import lru_cache

from mimeparse import MimeTypeParseException, best_match, quality
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


@lru_cache(maxsize=500)
def _best(accept: str, also: tuple[str, ...]) -> str:
    """The best of what is offered; of equals the newer type, if the client has named it, else plain JSON.

    A stream goes to whoever names it: no range of types means an answer without end (RFC 9110, 12.5.1).
    """
    if len(accept) > _LONGEST:
        return ""
    wanted = ",".join(part for part in accept.lower().split(",") if part.strip())  # an empty one means nothing: 5.6.1
    if not wanted:
        return JSON
    offered = [one for one in also if one != STREAM or STREAM in wanted]
    last = (JSON, GRAPHQL) if GRAPHQL in wanted else (GRAPHQL, JSON)
    try:
        found: str = best_match([*offered, *last], wanted)
        return found or (JSON if _means_the_stream_only(wanted) else "")
    except MimeTypeParseException:
        return ""


def _means_the_stream_only(wanted: str) -> bool:
    """Of what we have `text/*` means a stream alone, which goes to nobody who does not name it: it is disregarded."""
    return STREAM not in wanted and JSON not in wanted and quality(STREAM, wanted) > 0
