"""The service as its users run it: `serve` in a process of its own, with authentication, limits and metrics."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil

from bench import people
from bench.cluster import Cluster, environment
from bench.machine import running_on
from domain.access import Viewer
from domain.vocabulary import Role
from resolvers import keyring
from storage.database import Record

ROOT = Path(__file__).parents[1]
_WITHIN = 120.0  # seconds for a start on a busy machine
_OUTLASTS = timedelta(days=1)
"""Tokens are issued as of then, so that they hold for the whole benchmark; each is verified as any other."""


@dataclass(frozen=True, slots=True)
class Server:
    """Something that answers GraphQL over HTTP."""

    port: int
    process: psutil.Process


@dataclass(frozen=True, slots=True)
class Accounts:
    """Who asks: (number of the unit, token) of every account of units, (id, token) of persons."""

    units: list[tuple[str, str]]
    persons: list[tuple[int, str]]


@contextmanager
def served(dsn: str, cores: Iterable[int], workers: int = 1) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, str(ROOT / "server.py"), "serve", "--no-work", "--port", str(port)]
    with started([*command, "--workers", str(workers)], port, "/readyz", cores, environment(dsn)) as server:
        yield server


@contextmanager
def started(
    command: list[str], port: int, path: str, cores: Iterable[int], environment: dict[str, str]
) -> Iterator[Server]:
    """A server on these cores, as soon as it answers; SystemExit with its last words where it does not."""
    with tempfile.TemporaryFile() as said:
        with running_on(cores):
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=said, stderr=said)
        try:
            _await(process, port, path)
            yield Server(port, psutil.Process(process.pid))
        except _Ended:
            said.seek(0)
            words = said.read().decode(errors="replace")[-2000:]
            raise SystemExit(f"bench: {' '.join(command)} did not start:\n{words}") from None
        finally:
            process.terminate()
            process.wait()


class _Ended(Exception):
    """A server does not answer."""


def _await(process: subprocess.Popen[bytes], port: int, path: str) -> None:
    until = time.monotonic() + _WITHIN
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", path)
            if connection.getresponse().status < 500:
                return
        time.sleep(0.1)
    raise _Ended


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


async def accounts(cluster: Cluster, name: str) -> Accounts:
    """A token of every account. The accounts share the load, so that nobody's budget is spent."""
    async with cluster.context(name) as context:
        await keyring.load(context)
        async with context.database.reading() as connection:
            rows = await connection.fetch(_SESSIONS)
        at = people.NOW + _OUTLASTS
        tokens = [(row, context.gate.tokens.issue(_viewer(row), at).text) for row in rows]
    units = [(row["si_number"], token) for row, token in tokens if row["role"] == Role.UNIT]
    return Accounts(units, [(row["person_id"], token) for row, token in tokens if row["role"] == Role.PERSON])


async def viewers(cluster: Cluster, name: str) -> dict[str, Viewer]:
    """An account of each unit, by its number."""
    async with cluster.owner(name) as owner:
        rows = await owner.fetch(_SESSIONS)
    return {row["si_number"]: _viewer(row) for row in rows if row["role"] == Role.UNIT}


_SESSIONS = """
SELECT a.id, a.username, a.role, a.unit_id, a.district, a.person_id, s.id AS session, u.si_number
FROM accounts a JOIN sessions s ON s.account_id = a.id LEFT JOIN units u ON u.id = a.unit_id ORDER BY a.id
"""


def _viewer(row: Record) -> Viewer:
    return Viewer(row["id"], row["username"], Role(row["role"]), row["unit_id"], row["district"], row["session"])
