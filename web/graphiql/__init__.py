"""GraphiQL as this service itself serves it: every script, style and font comes from here."""

import os
from functools import cache
from http import HTTPStatus
from pathlib import Path, PurePath

from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

HERE = Path(__file__).parent
MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript", ".txt": "text/plain"}
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    # The password leaves by a script's request only: a plain form submission could put it into an address.
    "form-action 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Vary": "Accept"}
"""Besides those of every answer."""


class Assets(StaticFiles):
    """The scripts and styles of the page, and nothing else that lies beside them."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        if PurePath(path).suffix not in MEDIA_TYPES:
            return "", None
        return super().lookup_path(path)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        file = PurePath(full_path)
        # A vendor folder's name carries its version, so what it holds never changes. Our own files do.
        versioned = "vendor" in file.relative_to(HERE.resolve()).parts
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if versioned else "no-cache"
        # StaticFiles asks the machine for the type of a file, and Windows often calls scripts plain text.
        if response.status_code == HTTPStatus.OK:
            response.headers["Content-Type"] = f"{MEDIA_TYPES[file.suffix]}; charset=utf-8"
        return response


def routes() -> list[BaseRoute]:
    """What the page loads, under `/graphiql`. The page itself is `page()`."""
    return [Mount("/graphiql", app=Assets(directory=HERE), name="graphiql")]


def page() -> HTMLResponse:
    """GraphiQL, for a browser that opens `/graphql`."""
    return HTMLResponse(_html(), headers=PAGE_HEADERS)


@cache
def _html() -> str:
    return (HERE / "page.html").read_text(encoding="utf-8")
