"""The ASGI application: the endpoint, the health checks, and what every request passes through."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.policy import PolicyBook
from resolvers import keyring, signing_keys
from resolvers.context import Context
from resolvers.live import Live
from schema.messages import say
from security.gate import Gate
from storage import migrate
from storage.database import Database
from web import graphiql, log, measured, metrics
from web.clock import Clock
from web.doorway import Doorway
from web.endpoint import Endpoint
from web.hardening.accept import JSON
from web.hardening.answers import answer, nowhere, refused
from web.hardening.headers import Headers
from web.hardening.openness import CLOSED, Openness
from web.hardening.origins import Origins
from web.hardening.sizes import Sizes
from web.hardening.sockets import SocketBounds
from web.languages import Languages

KEYS = "/.well-known/jwks.json"
METRICS = "/metrics"
KNOWN = ("/", "/graphql", "/healthz", "/readyz", METRICS, KEYS)


def application(
    connect: Callable[[], Awaitable[Database]],
    book: PolicyBook,
    clock: Clock,
    gate: Gate,
    openness: Openness = CLOSED,
    *,
    request_seconds: float = 20.0,
    sockets: SocketBounds = SocketBounds(),  # noqa: B008  it cannot be changed
    metrics_token: str | None = None,
) -> Starlette:
    """The service over a database that is connected when the application starts."""
    held: list[Database] = []
    live = Live(lambda: held[0])

    def context() -> Context:
        return Context(held[0], book, clock.now(), gate)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        held.append(await connect())
        await keyring.load(context())
        watching = asyncio.create_task(metrics.watch(held[0]))
        try:
            yield
        finally:
            watching.cancel()
            await live.stop()
            await held.pop().close()

    endpoint = Endpoint(lambda: held[0], book, clock, gate, live, openness, sockets, request_seconds)
    served = Starlette(
        routes=[
            Route("/", lambda _: RedirectResponse("/graphql")),
            Route("/graphql", endpoint),
            WebSocketRoute("/graphql", endpoint),
            *graphiql.routes(),
            Route("/healthz", _alive),
            Route("/readyz", _ready(lambda: held[0])),
            Route(KEYS, _keys(context)),
            Route(METRICS, metrics.page(metrics_token)),
        ],
        middleware=_layers(openness, endpoint),
        exception_handlers={HTTPException: refused},
        lifespan=lifespan,
    )
    served.router.redirect_slashes = False  # a redirect would repeat the Host that a client sent
    served.router.default = nowhere
    return served


def _layers(openness: Openness, endpoint: Endpoint) -> list[Middleware]:
    """What every request passes through, from the outside in."""
    origins = [Middleware(Origins, origins=openness.origins)] if openness.origins else []
    within = [Middleware(Headers), Middleware(Languages), Middleware(Log), *origins, Middleware(Sizes)]
    return [Middleware(Doorway, endpoint=endpoint), *within]


def _keys(context: Callable[[], Context]) -> Callable[[Request], Awaitable[Response]]:
    async def keys(_: Request) -> Response:
        """The public keys under which access tokens are signed, for whoever checks them elsewhere."""
        asked = context()
        await signing_keys.refresh(asked)
        return JSONResponse(asked.gate.tokens.jwks(), headers={"Cache-Control": "max-age=60"})

    return keys


async def _alive(_: Request) -> Response:
    return JSONResponse({"status": "alive"})


def _ready(database: Callable[[], Database]) -> Callable[[Request], Awaitable[Response]]:
    async def ready(_: Request) -> Response:
        """Whether the database answers and has the newest schema."""
        try:
            async with database().reading() as connection:
                current = await migrate.is_current(connection)
        except Exception as error:  # whatever it is, the service is not ready
            return JSONResponse({"status": "no database", "incident": log.failure(error)}, 503)
        if not current:
            return JSONResponse({"status": "not migrated; run: migrate"}, 503)
        return JSONResponse({"status": "ready"})

    return ready


class Log:
    """One line a request: method, path, status and time. Neither the query string nor a body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500
        measured.now("requests_in_flight", 1)

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            incident = log.failure(error, path=_known(scope["path"]))
            said = say("request.INTERNAL", incident=incident)
            await answer(500, "INTERNAL", said, JSON)(scope, receive, watched)
        finally:
            measured.now("requests_in_flight", -1)
            log.request(scope["method"], _known(scope["path"]), status, time.perf_counter() - began)

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One line when it ends. What goes wrong is logged here: the server's own log would quote it."""
        began = time.perf_counter()
        measured.now("sockets_open", 1)
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            log.failure(error, path=_known(scope["path"]))
            with suppress(Exception):  # it may be closed already
                await send({"type": "websocket.close", "code": 1011})
        finally:
            measured.now("sockets_open", -1)
            took = round((time.perf_counter() - began) * 1000, 1)
            log.logger().info("socket", path=_known(scope["path"]), ms=took)


def _known(path: str) -> str:
    """A path of ours; whatever else a client asks for may hold anything."""
    if path.startswith("/graphiql/"):
        return "/graphiql/"
    return path if path in KNOWN else "(other)"
