"""`serve`: the API."""

from __future__ import annotations

import os
from argparse import Namespace

import uvicorn

from demo import DEMO_PASSWORD, UNITS
from settings import Settings

APPLICATION = "server:application"


def announce(arguments: Namespace, *, demo: bool) -> None:
    """The address, and what to try first."""
    print(f"\nRenzheng serves http://{arguments.host}:{arguments.port}/graphql (in a browser: GraphiQL)")
    if demo:
        print(f"\nDemo accounts, all with the password {DEMO_PASSWORD}:")
        for unit in UNITS:
            print(f"  {unit.si_number}   {unit.name}, {unit.people} people")
        print("  officer-shinan, auditor, service   the agency's")
        print("\nTry first: sign in as the school, look at its roster, confirm somebody who is QUALIFIED.")
    print("Ctrl-C stops it.\n", flush=True)


def serve(arguments: Namespace, settings: Settings, dsn: str) -> None:
    """Serve until a signal; workers read the same settings from the environment."""
    announce(arguments, demo=settings.database_url is None and not arguments.empty)
    os.environ |= {
        "DATABASE_URL": dsn,
        "SECRET_KEY": settings.secret(),
        "CLOCK_OFFSET": str(settings.offset().total_seconds()),
        "REHEARSAL": "1",
    }
    os.environ.pop("CLOCK", None)
    uvicorn.run(
        APPLICATION,
        factory=True,
        host=arguments.host,
        port=arguments.port,
        workers=arguments.workers,
        access_log=False,  # the application logs its own lines, without query strings
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=10,
    )
