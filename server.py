"""The one entry point: commands, and what they are composed of."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
from starlette.applications import Starlette

from commands import accounts, demonstration, export, keys, load, monthly
from commands.serve import SUPERVISOR, announce, listen, serve
from domain.month import Month
from domain.policy import PolicyBook, PolicyError
from domain.vocabulary import Source
from resolvers import keyring, signing_keys
from resolvers.context import Context
from resolvers.errors import Refused
from security.gate import Gate
from security.keys import Secret, WrongSecret
from security.outside import Outside
from settings import Settings, SettingsError
from storage import idempotency, migrate, replica, sessions, throttle
from storage.database import Database, Login
from storage.embedded import AlreadyServedError, EmbeddedPostgres, EmbeddedPostgresError
from storage.programs import end_with
from web import log
from web.app import application as web_application
from web.clock import Clock

REFUSALS = (Refused, SettingsError, EmbeddedPostgresError, PolicyError, migrate.TooOld, replica.NotEmpty, WrongSecret)
"""What a command is refused for: each says in one line why, and what to do."""


def application() -> Starlette:
    """The ASGI application of one worker, from the environment."""
    if supervisor := os.environ.get(SUPERVISOR):
        end_with(int(supervisor), signal.SIGTERM)
    settings = Settings.read()
    log.configure()
    dsn = settings.database_url
    if dsn is None:
        raise SettingsError("DATABASE_URL is not set; start the service with: server.py serve")
    clock = Clock(settings.offset())
    return web_application(lambda: Database.for_callers(dsn), PolicyBook.read(), clock, gate(settings))


def gate(settings: Settings) -> Gate:
    """What this process holds of secrets, and by what it tells who somebody is."""
    secret, provider = Secret(settings.secret(), settings.former_secret_key), settings.provider()
    return Gate(secret, settings.cipher, outside=Outside(provider) if provider else None)


def login(settings: Settings) -> Login:
    """As whom the API logs in."""
    return Login.of(Secret(settings.secret()).derived("login"))


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
        context = Context(held, book, Clock(settings.offset()).now(), held_here)
        await signing_keys.ensure(context)
        await keyring.load(context)
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
        serve(arguments, listening, settings, login(settings).at(dsn))


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
        async with context.begin() as transaction:
            await idempotency.purge(transaction, context.now)
            await sessions.purge(transaction, context.now)
            await throttle.purge(transaction, context.now)
        await signing_keys.refresh(context)  # so that a wrong SECRET_KEY is told before anything is served
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
            await arguments.run(context, arguments)

    with database(settings) as dsn:
        asyncio.run(run(dsn))


async def _migrated(_: Context, __: argparse.Namespace) -> None:
    print("the database has the newest schema")


def _month(text: str) -> Month:
    try:
        return Month.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def parser() -> argparse.ArgumentParser:
    environment = "\n".join(
        f"  {name.upper():<19}{field.description}"
        for name, field in Settings.model_fields.items()
        if name != "clock_offset"
    )
    top = argparse.ArgumentParser(
        prog="server.py",
        description="Renzheng (认证): certify month by month who may still draw a benefit.",
        epilog=f"environment, or .env:\n{environment}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    serving = commands.add_parser("serve", help="serve the API (the default); an embedded database gets demo data")
    serving.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serving.add_argument("--port", type=_port, default=8000, help="port to listen on (default: %(default)s)")
    serving.add_argument("--workers", type=int, default=1, help="processes (default: %(default)s)")
    serving.add_argument("--empty", action="store_true", help="no demo data")

    commands.add_parser("migrate", help="bring the database to the newest schema").set_defaults(run=_migrated)

    importing = commands.add_parser("import", help="load CSV files: all rows of a file, or none")
    importing.add_argument(
        "kind", choices=["units", "accounts", "beneficiaries", "rates", "evidence"], help="what they hold"
    )
    importing.add_argument("files", nargs="+", type=Path, metavar="FILE", help="UTF-8 with a header row")
    importing.add_argument("--rejects", type=Path, metavar="FILE", help="load the good rows, write the bad ones here")
    importing.set_defaults(run=load.load)

    assessing = commands.add_parser("assess", help="conclude a month's verdicts from the evidence")
    assessing.add_argument("month", type=_month, metavar="MONTH", help="YYYY-MM, after its end")
    assessing.set_defaults(run=monthly.assess)

    publishing = commands.add_parser("publish", help="publish an assessed month, from the 4th of the next on")
    publishing.add_argument("month", type=_month, metavar="MONTH", help="YYYY-MM")
    publishing.add_argument("--release", action="store_true", help="publish what the brake holds")
    publishing.set_defaults(run=monthly.publish)

    paying = commands.add_parser("payroll", help="freeze a month's payroll, from its 8th on")
    paying.add_argument(
        "month", type=_month, metavar="MONTH", help="YYYY-MM; the first is free, then one after another"
    )
    paying.add_argument("--preview", action="store_true", help="show what freezing would do, and write nothing")
    paying.add_argument("--list", type=Path, metavar="FILE", help="with --preview: everybody who differs, as CSV")
    paying.set_defaults(run=monthly.payroll)

    exporting = commands.add_parser("export", help="write a file for other programs")
    what = exporting.add_subparsers(dest="what", metavar="WHAT", required=True)
    exported = what.add_parser("payroll", help="a frozen payroll, with its control total in the last row")
    exported.add_argument("month", type=_month, metavar="MONTH", help="YYYY-MM")
    exported.add_argument("--format", choices=list(export.FORMATS), default="csv", help="default: %(default)s")
    exported.add_argument("--out", type=Path, metavar="FILE", help=".csv or .xlsx (default: payroll-MONTH.FORMAT)")
    exported.set_defaults(run=export.payroll)

    wrong = commands.add_parser("found-wrong", help="mark a record of evidence as wrong: it counts no more")
    wrong.add_argument("source", choices=[source.value for source in Source], help="who sent it")
    wrong.add_argument("reference", help="the sender's own id of the record")
    wrong.add_argument("--reason", required=True, help="why; kept with the record")
    wrong.set_defaults(run=monthly.found_wrong)

    rotating = commands.add_parser(
        "rotate-keys",
        help="seal every ID number under a new key; also after a change of SECRET_KEY",
        description="Seal every ID number under a new key while services run on, and wrap all keys under SECRET_KEY."
        " Run again, it goes on with what was interrupted. To change SECRET_KEY: start every service with the new one"
        " and with FORMER_SECRET_KEY, run this, then start them without FORMER_SECRET_KEY.",
    )
    rotating.add_argument(
        "--lookup", action="store_true", help="find people by a new key as well; imports are refused until it has ended"
    )
    rotating.set_defaults(run=keys.rotate)
    revoking = commands.add_parser("revoke", help="end every session of an account at once")
    revoking.add_argument("username", metavar="USERNAME", help="as it signs in")
    revoking.add_argument("--reason", required=True, help="why; kept with the sessions")
    revoking.set_defaults(run=accounts.revoke)

    enrolling = commands.add_parser("second-factor", help="enrol an officer's authenticator app, in person")
    enrolling.add_argument("username", metavar="USERNAME", help="an OFFICER; a former app is of no use any more")
    enrolling.add_argument("--code", action="store_true", help="show the current code of one of the demo's officers")
    enrolling.set_defaults(run=accounts.second_factor)

    rotating = commands.add_parser("rotate-signing-key", help="sign access tokens with a new key")
    rotating.add_argument("--at-once", action="store_true", help="trust the former one no more: it may have leaked")
    rotating.set_defaults(run=accounts.rotate_signing_key)

    verifying = commands.add_parser("verify-standings", help="check that every row equals its history")
    verifying.set_defaults(run=monthly.verify_standings)
    return top


def main(argv: Sequence[str]) -> int:
    arguments = parser().parse_args(argv or ["serve"])
    log.configure()
    try:
        settings = Settings.read()
        if arguments.command == "serve":
            _serve(settings, arguments)
        else:
            _run(settings, arguments)
    except REFUSALS as error:
        print(f"renzheng: {error}", file=sys.stderr)
        return 1
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
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
        case asyncpg.PostgresError():
            return f"the database refused ({name})"
        case _:
            return f"cannot reach the database, or a file or port ({name})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
