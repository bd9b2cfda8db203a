"""Reads: the service, its peers and pgbench on the same rows, in interleaved rounds."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from bench import bare, layouts, loads, node, pgbench
from bench.asking import compare, questions
from bench.cluster import Cluster, gate, login
from bench.layouts import Layout
from bench.operations import MERCURIUS, OPERATIONS, POSTGRAPHILE, SERVICE, Operation
from bench.people import Shape
from bench.rounds import Contender, Course, Round, interleaved
from bench.service import Accounts, Server, accounts, served

PGBENCH = "pgbench"
BARE = "the statement alone, out of Python"
_WARM = 500
"""Requests that a peer has answered before it is measured. The service answers each once: it knows all tokens then."""


@dataclass(frozen=True, slots=True)
class Field:
    """Who runs, over which database."""

    dsn: str
    shape: Shape
    servers: Mapping[str, Server]
    bare: Server
    accounts: Accounts


@dataclass(frozen=True, slots=True)
class Read:
    """The rounds of one operation, and what of it was compared."""

    rounds: dict[str, list[Round]]
    compared: int
    """Answers that were the same from all."""


def measured(
    cluster: Cluster, name: str, shape: Shape, course: Course, seconds: float, only: Sequence[str], *, peers: bool
) -> Iterator[tuple[str, Read]]:
    """Every read that is asked for, by its name, as soon as it is there."""
    chosen = [operation for operation in OPERATIONS if operation.name in only]
    if not chosen:
        return
    if peers:
        node.install()
        asyncio.run(_with_layouts(cluster, name))
    with _started(cluster, name, shape, course, peers) as field:
        for operation in chosen:
            yield operation.name, _read(field, operation, course, seconds)


async def _with_layouts(cluster: Cluster, name: str) -> None:
    print("bench: making the peers' tables", file=sys.stderr, flush=True)
    async with cluster.owner(name) as owner:
        await layouts.make(owner)


@contextmanager
def _started(cluster: Cluster, name: str, shape: Shape, course: Course, peers: bool) -> Iterator[Field]:
    """All servers, on the same core: only the one that is asked does anything."""
    dsn, cores = cluster.dsn(name), course.cores.servers
    with ExitStack() as stack:
        servers = {SERVICE: stack.enter_context(served(dsn, cores))}
        asking = asyncio.run(accounts(cluster, name))
        tokens = [token for _, token in asking.units]
        bare_server = stack.enter_context(bare.served(login(gate()).at(dsn), tokens, cores))
        for layout in Layout if peers else ():
            for kind, names in (("PostGraphile", POSTGRAPHILE), ("Mercurius", MERCURIUS)):
                servers[names[layout]] = stack.enter_context(node.peer(kind, layout, dsn, cores))
        yield Field(dsn, shape, servers, bare_server, asking)


def _read(field: Field, operation: Operation, course: Course, seconds: float) -> Read:
    asked = {name: questions(operation, name, server, field.accounts) for name, server in field.servers.items()}
    compared = compare(field.servers, asked)
    contenders = {
        name: _contender(server, [question.request() for question in asked[name]], seconds, name == SERVICE)
        for name, server in field.servers.items()
    }
    if operation.name == "roster":
        script = pgbench.roster(field.shape.units)
        run = partial(pgbench.run, field.dsn, script, course.cores.servers, seconds=seconds)
        contenders[PGBENCH] = Contender(run, None)
        contenders[BARE] = _contender(field.bare, [one.request() for one in asked[SERVICE]], seconds, False)
    return Read(interleaved(course, operation.title, contenders), compared)


def _contender(server: Server, requests: list[bytes], seconds: float, ours: bool) -> Contender:
    size = loads.tried(server.port, requests if ours else requests[:_WARM])
    return Contender(partial(loads.loaded, server.port, requests, seconds, size), server.process)


def alone(
    cluster: Cluster, name: str, course: Course, seconds: float, only: Sequence[str], workers: int = 1
) -> dict[str, list[Round]]:
    """The service's rounds of each read that is asked for, with so many processes."""
    asking = asyncio.run(accounts(cluster, name))
    found = {}
    with served(cluster.dsn(name), course.cores.servers, workers) as server:
        for operation in (operation for operation in OPERATIONS if operation.name in only):
            requests = [question.request() for question in questions(operation, SERVICE, server, asking)]
            contender = _contender(server, requests, seconds, True)
            found[operation.name] = interleaved(course, operation.title, {SERVICE: contender})[SERVICE]
    return found
