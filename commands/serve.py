"""`serve`: the API."""

from __future__ import annotations

import os
import signal
import socket
from argparse import Namespace

import uvicorn
from uvicorn.supervisors import Multiprocess

from demo import DEMO_PASSWORD, DEMO_SECOND_FACTOR, UNITS
from resolvers.errors import Refused
from settings import Settings

APPLICATION = "server:application"
SUPERVISOR = "RENZHENG_SUPERVISOR"
"""The process that started the workers. They end with it: an orphan would keep the port."""


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


def serve(arguments: Namespace, listening: socket.socket, settings: Settings, dsn: str, *, demo: bool = False) -> None:
    """Serve until a signal; workers read the same settings from the environment. `demo`: of the embedded database."""
    os.environ |= {
        "DATABASE_URL": dsn,
        "SECRET_KEY": settings.secret(),
        "CLOCK_OFFSET": str(settings.offset().total_seconds()),
        "REHEARSAL": "1",
        "DEMO_FACE_CHECK": "1" if demo and settings.database_url is None else "0",
    }
    os.environ.pop("CLOCK", None)
    config = uvicorn.Config(
        APPLICATION,
        factory=True,
        workers=arguments.workers,
        access_log=False,  # the application logs its own lines, without query strings
        log_level="warning",
        server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_graceful_shutdown=10,
        timeout_worker_healthcheck=60,  # on a busy machine a worker starts for longer than the default of 5 seconds
    )
    if arguments.workers == 1:
        uvicorn.Server(config).run(sockets=[listening])
    else:
        os.environ[SUPERVISOR] = str(os.getpid())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what a starting worker inherits; the supervisor sets its own
        Multiprocess(config, sockets=[listening]).run()
