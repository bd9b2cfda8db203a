"""A client on a real socket, and a real server in front of the service of a test."""

from __future__ import annotations

import asyncio
import base64
import json
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from domain.contact import Contact
from domain.submission import Act
from tests.world import SCHOOL, World
from web.hardening.handshakes import Sockets
from web.hardening.sockets import LARGEST_MESSAGE

PROTOCOL = "graphql-transport-ws"
PATIENCE = 20.0  # seconds until something that has to come is given up
ROSTER = """subscription Roster($after: String, $unit: String) {
  rosterChanged(after: $after, siNumber: $unit) {
    resumeToken unit { siNumber } beneficiaries { name version phone } } }"""
NAMES = "subscription Names($after: String) { rosterChanged(after: $after) { resumeToken beneficiaries { name } } }"
VERDICTS = """subscription Published($after: String) {
  verdictsPublished(after: $after) { month unit { siNumber } resumeToken } }"""
RUNS = "subscription Runs($after: String) { runProgress(after: $after) { kind month done total state resumeToken } }"


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are the test run's."""
        yield


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    """The application behind a real server, as `serve` sets it up; its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_level="warning",
        ws=Sockets,
        ws_max_size=LARGEST_MESSAGE,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=1,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        yield f"127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


@dataclass
class Wire:
    """One socket, message by message."""

    connection: ClientConnection

    async def send(self, message: object) -> None:
        await self.connection.send(message if isinstance(message, str | bytes) else json.dumps(message))

    async def subscribe(self, id: str, document: str, **variables: object) -> None:
        await self.send({"id": id, "type": "subscribe", "payload": {"query": document, "variables": variables}})

    async def message(self) -> Any:
        """The next one."""
        return json.loads(await asyncio.wait_for(self.connection.recv(), PATIENCE))

    async def of(self, id: str) -> Any:
        """The payload of the operation's next result."""
        message = await self.message()
        assert (message["type"], message["id"]) == ("next", id), message
        message["payload"].pop("extensions", None)  # what it cost
        return message["payload"]

    async def error(self, id: str) -> Any:
        """The one error that ends an operation."""
        message = await self.message()
        assert (message["type"], message["id"]) == ("error", id), message
        [error] = message["payload"]
        return error

    async def is_quiet(self) -> bool:
        """Whether what was sent before a ping is answered by nothing but the pong."""
        await self.send({"type": "ping"})
        message: dict[str, Any] = await self.message()
        return message == {"type": "pong"}

    async def closed(self) -> tuple[int, str]:
        """With which code and reason the server closes, whatever it says before."""
        try:
            while True:
                await asyncio.wait_for(self.connection.recv(), PATIENCE)
        except ConnectionClosed:
            assert self.connection.close_code is not None
            return self.connection.close_code, self.connection.close_reason or ""


async def changed(world: World, *people: int, phone: str = "13987654321", as_: str = SCHOOL) -> None:
    """An act of the unit, one for each of the people: another phone."""
    for id in people:
        outcome = await world.submit(Act.UPDATE_CONTACT, id, contact=Contact(phone=phone), as_=as_)
        assert outcome.refusals == ()


@asynccontextmanager
async def opened(
    address: str, headers: dict[str, str] | None = None, protocols: Sequence[str] = (PROTOCOL,)
) -> AsyncIterator[Wire]:
    """A socket on which nothing was said yet."""
    wanted = [Subprotocol(name) for name in protocols]
    async with connect(f"ws://{address}/graphql", subprotocols=wanted, additional_headers=headers or {}) as connection:
        yield Wire(connection)


@asynccontextmanager
async def connected(world: World, address: str, as_: str = SCHOOL) -> AsyncIterator[Wire]:
    """A socket of somebody in a new session."""
    async with opened(address) as wire:
        await wire.send({"type": "connection_init", "payload": await world.token(as_)})
        assert await wire.message() == {"type": "connection_ack"}
        yield wire


def forged(unit_id: int, number: int) -> str:
    """A resume token that nobody was given."""
    return base64.urlsafe_b64encode(f"events:{unit_id}:{number}".encode()).decode()


async def sealed(world: World, number: int, unit_id: int = 1, as_: str = SCHOOL) -> str:
    """A resume token as the account might have been given it."""
    account = (await world.viewer(as_)).account_id
    return world.gate.cursors.made(f"{account}:events:{unit_id}", (number,))


async def place(world: World, token: str) -> int:
    """The number that a resume token of the school stands for."""
    account = (await world.viewer(SCHOOL)).account_id
    [number] = world.gate.cursors.read(f"{account}:events:1", token) or []
    return number


async def token_now(world: World, as_: str = SCHOOL) -> str:
    """Where the events of the account's unit stand."""
    found: str = (await world.ask("{ unit { resumeToken } }", as_=as_))["unit"]["resumeToken"]
    return found


async def change(wire: Wire, id: str = "r") -> Any:
    """The next change of the roster."""
    return (await wire.of(id))["data"]["rosterChanged"]


async def numbers(reader: Any, unit_id: int = 1) -> list[int]:
    """Of the unit's events, as far as the reader sees them."""
    rows = await reader.fetch("SELECT number FROM events WHERE unit_id = $1 ORDER BY 1", unit_id)
    return [row["number"] for row in rows]
