"""X-Forwarded-For is believed of a trusted proxy, and only as far as it holds an address."""

from __future__ import annotations

import pytest
from starlette.types import Message, Receive, Scope, Send

from web.forwarded import Forwarded

CASES = [
    ("127.0.0.1", "203.0.113.9", "203.0.113.9"),
    ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
    ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
    ("127.0.0.1", "unknown", "127.0.0.1"),
    ("127.0.0.1", "' OR 1=1 --", "127.0.0.1"),
    ("127.0.0.1", "13812345678", "127.0.0.1"),
    ("127.0.0.1", "", "127.0.0.1"),
    ("198.51.100.7", "203.0.113.9", "198.51.100.7"),
]


@pytest.mark.parametrize(("peer", "header", "expected"), CASES)
async def test_an_address_is_taken_and_nothing_else(peer: str, header: str, expected: str) -> None:
    """What is none leaves the peer's own; of a peer that is no proxy nothing is taken."""
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["client"][0])

    async def receive() -> Message:
        raise AssertionError

    async def send(_: Message) -> None:
        raise AssertionError

    scope = {"type": "http", "client": (peer, 50000), "headers": [(b"x-forwarded-for", header.encode())]}
    await Forwarded(app, "127.0.0.1")(scope, receive, send)
    assert seen == [expected]
