"""What `/metrics` says of sockets and streams, of one worker and of two together."""

from __future__ import annotations

import asyncio
import os
import signal
import urllib.request
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest

from tests.commands.service import Service, group_of, started
from tests.http.test_metrics import Numbers, more, read
from tests.sockets.test_sse import streamed
from tests.sockets.wire import connected, opened
from tests.world import SCHOOL, World

BEAT = "subscription { heartbeat(count: 1) }"


async def numbers(address: str) -> Numbers:
    async with httpx2.AsyncClient() as http:
        return read((await http.get(f"http://{address}/metrics")).text)


async def test_sockets_streams_and_what_they_are_told_are_counted(world: World, address: str) -> None:
    """Open while they are open; each result of a subscription; an operation on a socket is one as any other."""
    before = await numbers(address)
    async with connected(world, address) as wire:
        await wire.subscribe("b", BEAT)
        assert "heartbeat" in (await wire.of("b"))["data"]
        assert (await wire.message())["type"] == "complete"
        async with streamed(address, "subscription { heartbeat(count: 2) }", await world.token(SCHOOL)) as stream:
            await stream.event()
            during = await numbers(address)
            assert (await stream.event())[0] == "next"
            assert (await stream.event())[0] == "complete"
    assert (during["renzheng_sockets_open",], during["renzheng_streams_open",]) == (1, 1)
    while (after := await numbers(address))["renzheng_sockets_open",]:
        await asyncio.sleep(0.01)  # the server hears of the end a moment later
    assert more(before, after, "renzheng_events_total", "socket") == 1
    assert more(before, after, "renzheng_events_total", "stream") == 2
    assert more(before, after, "renzheng_operations_total", "subscription") == 2
    assert after["renzheng_streams_open",] == 0


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with started(tmp_path_factory.mktemp("measured") / "data", "--empty", "--workers", 2, "--no-work") as served:
        served.await_ready()
        yield served


def told(service: Service) -> Numbers:
    """By whichever worker takes the connection."""
    with urllib.request.urlopen(f"http://127.0.0.1:{service.port}/metrics") as answer:
        return read(answer.read().decode())


async def test_each_worker_tells_of_all(service: Service) -> None:
    """Requests that both have answered, and sockets that both hold; those of one that is killed are open no more."""
    before = await asyncio.to_thread(told, service)
    for _ in range(20):
        await asyncio.to_thread(service.ask, "{ __typename }")
    async with AsyncExitStack() as held:
        for _ in range(8):
            await held.enter_async_context(opened(f"127.0.0.1:{service.port}"))
        while (await asyncio.to_thread(told, service))["renzheng_sockets_open",] < 8:
            await asyncio.sleep(0.05)
        seen = [await asyncio.to_thread(told, service) for _ in range(6)]
        assert {one["renzheng_sockets_open",] for one in seen} == {8}
        assert {more(before, one, "renzheng_operations_total", "query") for one in seen} == {20}
        os.kill(_worker(service), signal.SIGKILL)
        while (left := (await asyncio.to_thread(told, service))["renzheng_sockets_open",]) == 8:
            await asyncio.sleep(0.05)
        assert left < 8
    assert more(before, await asyncio.to_thread(told, service), "renzheng_operations_total", "query") == 20


def _worker(service: Service) -> int:
    """One of the processes that answer."""
    titles = {pid: Path(f"/proc/{pid}/cmdline").read_bytes() for pid in group_of(service.process.pid)}
    return next(pid for pid, title in titles.items() if b"spawn_main" in title)
