"""The load of a benchmark: a process that keeps N connections busy with requests made before, and counts."""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import uvloop

_LONGEST = 600.0  # seconds for each request once


REFUSED = (b'"errors"', b'"userErrors":[{')


@dataclass
class Driven:
    """Requests, how many a second, milliseconds that they took, and bytes of an answer."""

    requests: int
    rate: float
    p50: float
    p99: float
    size: float


def drive(port: int, requests: list[bytes], connections: int, seconds: float | None = None) -> Driven:
    """Drive a service from another process, for so long, or with each request once.

    Raises where an answer is not 200, or has errors.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        driven = pool.apply(_driven, (port, requests, connections, seconds))
        pool.close()
        pool.join()  # so that its processor time is known here
        return driven


def _driven(port: int, requests: list[bytes], connections: int, seconds: float | None) -> Driven:
    return uvloop.run(_drive(port, requests, connections, seconds))


async def _drive(port: int, requests: list[bytes], connections: int, seconds: float | None) -> Driven:
    loop = asyncio.get_running_loop()
    coming = itertools.cycle(requests) if seconds else iter(requests)
    began = time.perf_counter()
    clients = [_Client(coming, began + (seconds or _LONGEST)) for _ in range(min(connections, len(requests)))]
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.wait_for(asyncio.gather(*(client.done for client in clients)), (seconds or _LONGEST) + 20)
    took = time.perf_counter() - began
    taken = [one for client in clients for one in client.taken]
    quantiles = statistics.quantiles(taken, n=100)
    size = sum(client.size for client in clients) / len(taken)
    return Driven(len(taken), len(taken) / took, quantiles[49] * 1000, quantiles[98] * 1000, size)


@dataclass
class _Client(asyncio.Protocol):
    """One connection: the next request goes when the answer to the last one is whole."""

    coming: Iterator[bytes]
    until: float
    taken: list[float] = field(default_factory=list)
    size: int = 0
    _received: bytes = b""
    _wanted: int = 0

    def __post_init__(self) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

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
        """The next request, as long as there is time and one is left."""
        self._began = time.perf_counter()
        request = next(self.coming, None) if self._began < self.until else None
        if request is None:
            self.done.set_result(None)
            self._transport.close()
        else:
            self._transport.write(request)

    def _whole(self) -> None:
        if not self._received.startswith(b"HTTP/1.1 200") or any(sign in self._received for sign in REFUSED):
            self.done.set_exception(RuntimeError(self._received[:600].decode(errors="replace")))
            self._transport.close()
            return
        self.taken.append(time.perf_counter() - self._began)
        self.size += len(self._received)
        self._received, self._wanted = b"", 0
        self._next()
