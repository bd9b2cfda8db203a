"""HTTP itself, as uvicorn reads it: a head without end is cut off, and what is no HTTP is answered in JSON too."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from schema.languages import spoken
from schema.messages import say
from web.hardening.accept import JSON
from web.hardening.answers import body

HEAD_MOST = 64_000  # bytes of request line and headers together, however they come
HEAD_WITHIN = 10  # seconds for them, from their first byte or the opening of the connection


class Wire(HttpToolsProtocol):
    """uvicorn's own protocol; it keeps no more of a head than will be looked at, and waits for none forever."""

    _head = 0
    """Bytes that came while a head was being read."""
    _late: asyncio.TimerHandle | None = None
    """What gives the head up that is being read."""
    _reading_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._await_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._reading_head:
            self._head += len(data)
            self._await_head()
        super().data_received(data)
        if self._reading_head and self._head > HEAD_MOST and not self.transport.is_closing():
            self._refuse(431, "HEADERS_TOO_LARGE", say("http.HEADERS_TOO_LARGE", limit=HEAD_MOST))

    def on_headers_complete(self) -> None:
        self._await_no_more()
        self._reading_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._reading_head, self._head = True, 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(400, "BAD_REQUEST", say("http.no_http"))

    def _await_head(self) -> None:
        if self._late is None:
            late = (408, "REQUEST_TIMEOUT", say("http.headers_late"))
            self._late = self.loop.call_later(HEAD_WITHIN, self._refuse, *late)

    def _await_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: int, code: str, message: str) -> None:
        content = body(code, message)
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {JSON}; charset=utf-8\r\n"
            f"Content-Length: {len(content)}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
            f"Content-Language: {spoken()}\r\nConnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + content)
        self.transport.close()
