"""The load of a benchmark: a process that keeps N connections busy with requests made before, and counts."""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

import uvloop


@dataclass
class Driven:
    """Requests, how many a second, and milliseconds that they took."""

    requests: int
    rate: float
    p50: float
    p99: float


def drive(port: int, requests: list[bytes], connections: int, seconds: float) -> Driven:
    """Drive a service from another process; raises where an answer is not 200 or has errors."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_driven, (port, requests, connections, seconds))


def _driven(port: int, requests: list[bytes], connections: int, seconds: float) -> Driven:
    return uvloop.run(_drive(port, requests, connections, seconds))


async def _drive(port: int, requests: list[bytes], connections: int, seconds: float) -> Driven:
    loop = asyncio.get_running_loop()
    until = time.perf_counter() + seconds
    began = time.perf_counter()
    share = max(1, len(requests) // connections)
    clients = [
        _Client(requests[number * share % len(requests) :] + requests[: number * share % len(requests)], until)
        for number in range(connections)
    ]
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)  # type: ignore[misc]
    taken = [one for client in clients for one in await asyncio.wait_for(client.done, seconds + 20)]
    took = time.perf_counter() - began
    quantiles = statistics.quantiles(taken, n=100)
    return Driven(len(taken), len(taken) / took, quantiles[49] * 1000, quantiles[98] * 1000)


@dataclass
class _Client(asyncio.Protocol):
    """One connection: the next request goes when the answer to the last one is whole."""

    requests: list[bytes]
    until: float
    taken: list[float] = field(default_factory=list)
    _received: bytes = b""
    _wanted: int = 0

    def __post_init__(self) -> None:
        self.done: asyncio.Future[list[float]] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._wanted and (end := self._received.find(b"\r\n\r\n")) > 0:
            head = self._received[:end].lower()
            self._wanted = end + 4 + int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
        if self._wanted and len(self._received) >= self._wanted:
            self._whole()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(ConnectionError("the service closed a connection"))

    def _next(self) -> None:
        self._began = time.perf_counter()
        self._transport.write(self.requests[len(self.taken) % len(self.requests)])

    def _whole(self) -> None:
        if not self._received.startswith(b"HTTP/1.1 200") or b'"errors"' in self._received:
            self.done.set_exception(RuntimeError(self._received[:600].decode(errors="replace")))
            return
        now = time.perf_counter()
        self.taken.append(now - self._began)
        self._received, self._wanted = b"", 0
        if now < self.until:
            self._next()
        else:
            self.done.set_result(self.taken)
            self._transport.close()
