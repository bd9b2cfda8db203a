"""A real server, asked for a socket in ways that are none: each is answered as every other refusal is."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator

import pytest

from tests.commands.service import Service, started
from tests.http.test_wire import said

UPGRADE = b"Host: renzheng\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
VERSION = b"Sec-WebSocket-Version: 13\r\n"
GET = b"GET /graphql HTTP/1.1\r\n" + UPGRADE
WHOLE = UPGRADE + KEY + VERSION


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with started(tmp_path_factory.mktemp("handshakes") / "data", "--empty", "--no-work") as service:
        service.await_ready()
        yield service


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (GET + VERSION + b"\r\n", 400, "BAD_REQUEST"),
        (GET + VERSION + b"Sec-WebSocket-Key: 370202194501010011\r\n\r\n", 400, "BAD_REQUEST"),
        (GET + VERSION + KEY + KEY + b"\r\n", 400, "BAD_REQUEST"),
        (GET + KEY + b"\r\n", 400, "BAD_REQUEST"),
        (GET + KEY + b"Sec-WebSocket-Version: 8\r\n\r\n", 400, "BAD_REQUEST"),
        (b"POST /graphql HTTP/1.1\r\n" + WHOLE + b"Content-Length: 3\r\n\r\nabc", 400, "BAD_REQUEST"),
        (b"GET /nowhere HTTP/1.1\r\n" + WHOLE + b"\r\n", 404, "NOT_FOUND"),
        (b"GET / HTTP/1.1\r\n" + WHOLE + b"\r\n", 404, "NOT_FOUND"),
        (b"GET /healthz HTTP/1.1\r\n" + WHOLE + b"\r\n", 404, "NOT_FOUND"),
        (b"GET /graphql?a=" + b"a" * 9_000 + b" HTTP/1.1\r\n" + WHOLE + b"\r\n", 414, "ADDRESS_TOO_LONG"),
        (GET + KEY + VERSION + b"X: " + b"a" * 9_000 + b"\r\n\r\n", 431, "HEADERS_TOO_LARGE"),
        (GET + KEY + VERSION + b"X: y\r\n" * 200 + b"\r\n", 431, "HEADERS_TOO_LARGE"),
        (b"GET /graphql HTTP/1.1\r\nOrigin: https://evil.example\r\n" + WHOLE + b"\r\n", 403, "FORBIDDEN"),
    ],
    ids=range(13),
)
def test_what_is_no_handshake_is_refused_in_json(served: Service, sent: bytes, status: int, code: str) -> None:
    """Guarded, kept nowhere, closed at once; and nothing of what was sent is said back."""
    head, _, content = said(served, sent).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    lines = head.lower().split(b"\r\n")
    assert b"content-type: application/json; charset=utf-8" in lines
    assert b"connection: close" in lines
    for guard in (b"cache-control: no-store", b"x-content-type-options: nosniff", b"x-frame-options: deny"):
        assert guard in lines
    assert not any(line.startswith(b"server:") for line in lines)
    [error] = json.loads(content)["errors"]
    assert error["extensions"] == {"code": code}
    assert "370202194501010011" not in error["message"]


def test_it_says_which_version_there_is(served: Service) -> None:
    """RFC 6455, 4.2.2: a client of another version may try again with this one."""
    answer = said(served, GET + KEY + b"Sec-WebSocket-Version: 8\r\n\r\n")
    assert b"sec-websocket-version: 13" in answer.lower().split(b"\r\n")


def test_the_service_goes_on_afterwards(served: Service) -> None:
    """None of it was the server's own mistake, and a good handshake is one."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as connection:
        connection.sendall(GET + KEY + VERSION + b"\r\n")
        assert connection.recv(32) == b"HTTP/1.1 101 Switching Protocols"
    assert "Traceback" not in served.said()
    assert '"event":"failed"' not in served.said()
