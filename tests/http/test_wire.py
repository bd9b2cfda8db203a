"""A real server, spoken to byte by byte: what is no HTTP, what has no end, what two readers would read differently."""

from __future__ import annotations

import asyncio
import json
import socket
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from tests.commands.service import Service, started
from web.hardening import wire

HOST = b"Host: renzheng\r\n"
POST = b"POST /graphql HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
CHUNK = b"10000\r\n" + b" " * 65536 + b"\r\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with started(tmp_path_factory.mktemp("wire") / "data", "--empty") as service:
        service.await_ready()
        yield service


def said(served: Service, *sent: bytes) -> bytes:
    """Everything that comes back until the server closes; what it does not read any more need not be sent."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as connection:
        answer = b""
        try:
            for part in sent:
                connection.sendall(part)
            while part := connection.recv(65536):
                answer += part
        except ConnectionError:
            pass
        return answer


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "BAD_REQUEST"),
        (b"GET\r\n\r\n", 400, "BAD_REQUEST"),
        (b"NOTHING / HTTP/1.1\r\n" + HOST + b"\r\n", 400, "BAD_REQUEST"),
        (b"GET /\xff HTTP/1.1\r\n" + HOST + b"\r\n", 400, "BAD_REQUEST"),
        (b"GET / HTTP/9.9\r\n" + HOST + b"\r\n", 400, "BAD_REQUEST"),
        (b"GET / HTTP/1.1\r\nX Y: z\r\n\r\n", 400, "BAD_REQUEST"),
        (b"GET / HTTP/1.1\r\nX: \x00\r\n\r\n", 400, "BAD_REQUEST"),
        (POST + b"Content-Length: -1\r\n\r\n", 400, "BAD_REQUEST"),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "BAD_REQUEST"),
        (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "BAD_REQUEST"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nnot a length\r\n", 400, "BAD_REQUEST"),
        (POST + b"Content-Length: 99999999999999999\r\n\r\n", 413, "BODY_TOO_LARGE"),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n" + CHUNK * 17, 413, "BODY_TOO_LARGE"),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 17_000 + b"\r\n\r\n", 431, "HEADERS_TOO_LARGE"),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 400_000, 431, "HEADERS_TOO_LARGE"),
        (b"GET /" + b"a" * 400_000, 414, "ADDRESS_TOO_LONG"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414, "ADDRESS_TOO_LONG"),
        (b"GET /graphql?query=" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414, "ADDRESS_TOO_LONG"),
        (b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 414, "ADDRESS_TOO_LONG"),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: y\r\n" * 70_000, 431, "HEADERS_TOO_LARGE"),
    ],
    ids=range(20),
)
def test_a_hostile_request_is_refused_in_json_and_the_connection_closed(
    served: Service, sent: bytes, status: int, code: str
) -> None:
    head, _, content = said(served, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    lines = head.lower().split(b"\r\n")
    assert b"content-type: application/json; charset=utf-8" in lines
    assert b"cache-control: no-store" in lines
    assert b"connection: close" in lines
    assert not any(line.startswith(b"server:") for line in lines)
    assert json.loads(content)["errors"][0]["extensions"] == {"code": code}


def test_a_head_without_end_is_not_kept(served: Service) -> None:
    """It is cut off long before a gigabyte of it has come."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as connection:
        taken = 0
        try:
            while taken < 1000:  # megabytes
                connection.sendall(b"a" * 1_000_000)
                taken += 1
        except ConnectionError:
            pass
    assert taken < 100


def test_requests_in_a_row_on_one_connection_are_each_answered(served: Service) -> None:
    """What is counted of a head begins anew with each."""
    one = b"GET /healthz HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 10_000 + b"\r\n"
    answer = said(served, *[one + b"\r\n"] * 12, one + b"Connection: close\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 13


@asynccontextmanager
async def impatient(monkeypatch: pytest.MonkeyPatch, answer: str) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    """A connection to a server that waits for no head; it answers before it has read a body."""
    monkeypatch.setattr(wire, "HEAD_WITHIN", 0.05)
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(PlainTextResponse(answer), http=wire.Wire, lifespan="off", log_level="error")
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    reader, writer = await asyncio.open_connection(*listening.getsockname())
    yield reader, writer
    writer.close()
    server.should_exit = True
    await serving


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nX: y"])
async def test_a_head_that_does_not_come_is_given_up(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    """Connections that are held open and say nothing would be all that there are."""
    async with impatient(monkeypatch, "never") as (reader, writer):
        writer.write(sent)
        answer = await reader.read()
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert answer.endswith(b'"extensions": {"code": "REQUEST_TIMEOUT"}}]}')


async def test_what_comes_behind_an_early_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a body that nobody wants any more: byte after byte of it would hold the connection for ever."""
    async with impatient(monkeypatch, "early") as (reader, writer):
        writer.write(b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 40\r\n\r\nab")
        assert (await reader.readuntil(b"early")).startswith(b"HTTP/1.1 200 ")
        writer.write(b"c")
        assert (await asyncio.wait_for(reader.read(), 3)).startswith(b"HTTP/1.1 408 ")


def test_the_service_goes_on_afterwards(served: Service) -> None:
    """And nothing of it was the server's own mistake."""
    assert served.get("/healthz") == (200, {"status": "alive"})
    assert "Traceback" not in served.said()
    assert '"event":"failed"' not in served.said()
