"""The one entry point: commands, and what they are composed of."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

import asyncpg
from starlette.types import ASGIApp

from commands import audit, demonstration, work
from commands.parser import parser
from commands.serve import announce, listen, serve, upkeep_beside
from domain.policy import PolicyBook, PolicyError
from resolvers import audit as audit_trail
from resolvers import keyring
from resolvers.context import Context
from resolvers.errors import Refused
from security.face_checks import FaceChecks, StandIn
from security.gate import Gate
from security.keys import Secret, WrongSecret
from security.outside import Outside
from settings import Settings, SettingsError
from storage import migrate, replica
from storage.database import TROUBLE, Database, Login
from storage.embedded import AlreadyServedError, EmbeddedPostgres, EmbeddedPostgresError
from storage.programs import end_with
from web import log
from web.app import application as web_application
from web.clock import Clock
from web.forwarded import Forwarded
from web.hardening.sockets import SocketBounds

REFUSALS = (Refused, SettingsError, EmbeddedPostgresError, PolicyError, migrate.TooOld, replica.NotEmpty, WrongSecret)
"""What a command is refused for: each says in one line why, and what to do."""
_LESS_OFTEN = (200_000, 10, 10)
"""Python looks for cycles among the youngest objects after so many; a page makes thousands, and none in a cycle."""


def application() -> ASGIApp:
    """The ASGI application of one worker, from the environment."""
    _end_with_supervisor()
    settings = Settings.read()
    log.configure()
    dsn = settings.database_url
    if dsn is None:
        raise SettingsError("DATABASE_URL is not set; start the service with: server.py serve")
    clock = Clock(settings.offset())
    served = web_application(
        lambda: Database.for_callers(dsn, patience=settings.patience()),
        PolicyBook.read(),
        clock,
        gate(settings),
        settings.openness(),
        request_seconds=settings.request_timeout,
        sockets=SocketBounds(init_within=settings.socket_init_timeout),
        metrics_token=settings.metrics_token,
    )
    gc.collect()
    gc.freeze()  # the schema lives as long as the worker: looking through it for garbage makes requests wait
    gc.set_threshold(*_LESS_OFTEN)
    return Forwarded(served, settings.forwarded_allow_ips)


def _end_with_supervisor() -> None:
    """A process that `serve` has started does not outlive it."""
    if supervisor := os.environ.get(work.SUPERVISOR):
        end_with(int(supervisor), signal.SIGTERM)


def gate(settings: Settings) -> Gate:
    """What this process holds of secrets, and by what it tells who somebody is."""
    provider, held = settings.provider(), secret(settings)
    outside = Outside(provider) if provider else None
    return Gate(held, settings.cipher, outside=outside, face_checks=face_checks(settings, held))


def face_checks(settings: Settings, held: Secret) -> FaceChecks | None:
    """What reads attestations of faces: the given provider's, or in the demo its stand-in's."""
    if provider := settings.face_check():
        return FaceChecks(provider)
    return StandIn(held).checks() if settings.demo_face_check else None


def login(settings: Settings) -> Login:
    """As whom the API logs in."""
    return Login.of(secret(settings).derived("login"))


def secret(settings: Settings) -> Secret:
    """What opens the keys that lie in the database."""
    return Secret(settings.secret(), settings.former_secret_key)


@contextmanager
def database(settings: Settings, *, alone: bool = False) -> Iterator[str]:
    """The address of the database: the given one, or an embedded one that runs as long as it is needed.

    While the embedded one is served, commands use the running server; only `alone` refuses.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    postgres = EmbeddedPostgres(settings.data_dir / "postgres")
    try:
        dsn = postgres.start()
    except AlreadyServedError as running:
        if alone or running.dsn is None:
            raise
        yield running.dsn
        return
    try:
        yield dsn
    finally:
        postgres.stop()


@asynccontextmanager
async def opened(settings: Settings, dsn: str) -> AsyncIterator[Context]:
    """The migrated database with everything that a use case is given."""
    book, held_here = PolicyBook.read(), gate(settings)
    await migrate.upgrade(dsn, book, login(settings), held_here.personal)
    held = await Database.for_batches(dsn)
    try:
        now = Clock(settings.offset()).now()
        context = Context(held, book, now, held_here, operator=audit.operator())
        await keyring.begin(context)
        yield context
    finally:
        await held.close()


def _serve(settings: Settings, arguments: argparse.Namespace) -> None:
    ended = _on_signals()
    wanted = settings.database_url is None and not arguments.empty
    with listen(arguments) as listening, database(settings, alone=True) as dsn:
        demo = asyncio.run(_prepare(settings, dsn, with_demo=wanted))
        ended()
        announce(arguments, demo=demo)
        with upkeep_beside(arguments, settings, dsn):
            serve(arguments, listening, settings, login(settings).at(dsn), demo=demo and settings.database_url is None)


def _on_signals() -> Callable[[], None]:
    """End in order on SIGINT and SIGTERM, so that PostgreSQL is stopped; the function returned ends if one came.

    Python drops what a signal raises inside a destructor or a weak reference's callback: a start has many.
    """
    came: list[int] = []

    def end() -> None:
        if came:
            raise KeyboardInterrupt if came[0] == signal.SIGINT else SystemExit(128 + came[0])

    def handle(number: int, _: object) -> None:
        came.append(number)
        end()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handle)
    return end


async def _prepare(settings: Settings, dsn: str, *, with_demo: bool) -> bool:
    """Migrate, and where wanted fill an empty database with the demo; whether the demo is there."""
    if with_demo and await replica.is_empty(dsn):
        print("Making the demo data; this takes some seconds.", flush=True)
        async with replica.filled_then_swapped(dsn) as filling, opened(settings, filling) as context:
            await _demonstrate(context, login(settings).at(filling))
    async with opened(settings, dsn) as context:
        return await demonstration.is_there(context)


async def _demonstrate(context: Context, address: str) -> None:
    callers = await Database.for_callers(address)
    try:
        await demonstration.fill(context, callers)
    finally:
        await callers.close()


def _run(settings: Settings, arguments: argparse.Namespace) -> None:
    async def run(dsn: str) -> None:
        async with opened(settings, dsn) as context:
            try:
                await arguments.run(context, arguments)
            except Refused:
                named = audit.named(arguments)
                await audit_trail.refused_command(context, arguments.command, audit.about(arguments), **named)
                raise

    with database(settings) as dsn:
        asyncio.run(run(dsn))


def main(argv: Sequence[str]) -> int:
    arguments = parser().parse_args(argv or ["serve"])
    log.configure()
    try:
        settings = Settings.read()
        if arguments.command == "serve":
            _serve(settings, arguments)
        else:
            _end_with_supervisor()
            _run(settings, arguments)
    except REFUSALS as error:
        print(f"renzheng: {error}", file=sys.stderr)
        return 1
    except TROUBLE as error:
        incident = log.failure(error)
        print(f"renzheng: {_said(error)} (details in the log under {incident})", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _said(error: Exception) -> str:
    """A failure's kind; its words may quote a row."""
    name = type(error).__name__
    match error:
        case asyncpg.InsufficientPrivilegeError():
            return f"the user of DATABASE_URL must own the database and have CREATEROLE ({name})"
        case asyncpg.PostgresConnectionError():
            return f"the database ended the session; run the same command again ({name})"
        case asyncpg.PostgresError():
            return f"the database refused ({name})"
        case _:
            return f"cannot reach the database, or a file or port ({name})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
