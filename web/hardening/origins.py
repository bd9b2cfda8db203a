"""Which pages of other origins may call the API from a browser: those of ALLOWED_ORIGINS, by default none."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from schema.messages import say
from web.hardening.accept import JSON
from web.hardening.answers import answer

_REMEMBERED = 600  # seconds for which a browser need not ask again


class Origins(CORSMiddleware):
    """No credentials of a browser's own are taken: an account is known by its token alone."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Authorization", "Content-Type"),
            max_age=_REMEMBERED,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        given = super().preflight_response(request_headers)
        if given.status_code < 400:
            return given
        return answer(403, "FORBIDDEN", say("http.foreign_page"), JSON)
