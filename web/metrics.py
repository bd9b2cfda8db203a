"""`/metrics`: what is measured, for Prometheus; and who may read it."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from ipaddress import ip_address

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from schema.messages import say
from storage.database import Database
from web import log, measured
from web.hardening.accept import JSON
from web.hardening.answers import answer
from web.hardening.sockets import bearer

_EVERY = 1.0  # seconds
_FORWARDED = (
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-real-ip",
    "true-client-ip",
    "cf-connecting-ip",
)


def page(token: str | None) -> Callable[[Request], Awaitable[Response]]:
    """For whoever has the token; where none is set, for this machine alone: our load is nobody else's concern."""

    async def metrics(request: Request) -> Response:
        if token is not None and not _has(token, request):
            challenge = {"WWW-Authenticate": "Bearer"}
            return answer(401, "UNAUTHENTICATED", say("metrics.UNAUTHENTICATED"), JSON, challenge)
        if token is None and not _is_from_here(request):
            said = say("metrics.FORBIDDEN")
            return answer(403, "FORBIDDEN", said, JSON)
        return Response(measured.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return metrics


async def watch(database: Database) -> None:
    """Look at this worker's pool once a second, and tell the others what it has counted; a last time at the end."""
    try:
        while True:
            measured.pool(*database.connections())
            try:
                measured.share()
            except OSError as error:  # the disk is full, say: the next time may do better
                log.failure(error)
            await asyncio.sleep(_EVERY)
    finally:
        measured.share()


def _has(token: str, request: Request) -> bool:
    sent = bearer(request.headers.get("authorization")) or ""
    return hmac.compare_digest(sent.encode(), token.encode())


def _is_from_here(request: Request) -> bool:
    """Not through a proxy either, for whose clients this machine would be where they come from."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
