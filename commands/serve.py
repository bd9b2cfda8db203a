"""`serve`: the API."""

from __future__ import annotations

import os
import signal
import socket
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import uvicorn
from uvicorn.supervisors import Multiprocess

from commands import beside
from commands.work import SUPERVISOR
from demo import DEMO_PASSWORD, DEMO_SECOND_FACTOR, UNITS
from resolvers.errors import Refused
from settings import Settings
from web.hardening.handshakes import Sockets
from web.hardening.openness import Introspection
from web.hardening.sockets import LARGEST_MESSAGE
from web.hardening.wire import Wire
from web.measured import SHARED

APPLICATION = "server:application"
SERVER = Path(__file__).parents[1] / "server.py"


def announce(arguments: Namespace, *, demo: bool) -> None:
    """The address, and what to try first."""
    host = f"[{arguments.host}]" if ":" in arguments.host else arguments.host
    print(f"\nRenzheng serves http://{host}:{arguments.port}/graphql (in a browser: GraphiQL)")
    if demo:
        print(f"\nDemo accounts, all with the password {DEMO_PASSWORD}:")
        for unit in UNITS:
            print(f"  {unit.si_number}   {unit.name}, {unit.people} people")
        print("  officer-shinan, auditor, service   the agency's")
        print("  window-shinan   a service window, which certifies people in person")
        print("  person-1        somebody who can certify themselves")
        print(f"\nAn officer signs in with a code as well: put {DEMO_SECOND_FACTOR} into an authenticator app,")
        print("or get one with: python3 run.py second-factor officer-shinan --code")
        print(
            "\nThe demo's face check takes everybody at their word: as person-1 ask for a certificationChallenge, then"
        )
        print("python3 run.py attest-face person-1 NONCE   prints the attestation for certifySelf")
        print("\nTry first: sign in as the school, look at its roster, confirm somebody who is QUALIFIED.")
    print("Ctrl-C stops it.\n", flush=True)


def listen(arguments: Namespace) -> socket.socket:
    """The port, taken before anything else is done; Refused where it is not free."""
    family = socket.AF_INET6 if ":" in arguments.host else socket.AF_INET
    try:
        taken = socket.create_server((arguments.host, arguments.port), family=family, backlog=2048)
    except OSError as error:
        where = f"{arguments.host}:{arguments.port}"
        why = str(error.strerror).split(" (")[0]
        raise Refused(f"cannot listen on {where}: {why}; choose another with --host or --port") from None
    taken.set_inheritable(True)
    return taken


def serve(arguments: Namespace, listening: socket.socket, settings: Settings, dsn: str, *, demo: bool) -> None:
    """Serve until a signal; workers read the same settings from the environment. `demo`: of the embedded database."""
    opened = settings.introspection or (Introspection.EVERYBODY if demo else Introspection.ROLES)
    os.environ |= {**environment(settings, dsn), "INTROSPECTION": opened, "DEMO_FACE_CHECK": "1" if demo else "0"}
    os.environ.pop("CLOCK", None)
    config = uvicorn.Config(
        APPLICATION,
        factory=True,
        workers=arguments.workers,
        access_log=False,  # the application logs its own lines, without query strings
        log_level="warning",
        server_header=False,
        http=Wire,
        proxy_headers=False,  # the application reads them, and takes addresses only
        timeout_graceful_shutdown=10,
        ws=Sockets,
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,  # a compressor for every socket costs more memory than the messages are long
        timeout_worker_healthcheck=60,  # on a busy machine a worker starts for longer than the default of 5 seconds
    )
    if arguments.workers == 1:
        uvicorn.Server(config).run(sockets=[listening])
        return
    os.environ[SUPERVISOR] = str(os.getpid())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what a starting worker inherits; the supervisor sets its own
    with TemporaryDirectory(prefix="renzheng-metrics-", ignore_cleanup_errors=True) as shared:
        os.environ[SHARED] = shared
        Multiprocess(config, sockets=[listening]).run()


def environment(settings: Settings, dsn: str) -> dict[str, str]:
    """The same settings for a process of its own: over that database, with the same secret and the same clock."""
    return {
        "DATABASE_URL": dsn,
        "SECRET_KEY": settings.secret(),
        "CLOCK_OFFSET": str(settings.offset().total_seconds()),
        "REHEARSAL": "1",
    }


@contextmanager
def upkeep_beside(arguments: Namespace, settings: Settings, dsn: str) -> Iterator[None]:
    """`work` as a process of its own, which ends with this one however that ends, and is started again when it dies.

    It runs as the database's owner.
    """
    if arguments.no_work:
        yield
        return
    inherited = {name: value for name, value in os.environ.items() if name != "CLOCK"}
    given = inherited | environment(settings, dsn) | {SUPERVISOR: str(os.getpid())}
    with beside.kept("work", [sys.executable, str(SERVER), "work"], given):
        yield
