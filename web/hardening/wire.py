"""HTTP itself, as uvicorn reads it: a head without end is cut off, and what is no HTTP is answered in JSON too."""

from __future__ import annotations

from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from web.hardening.accept import JSON
from web.hardening.answers import body

HEAD_MOST = 64_000  # bytes of request line and headers together, however they come


class Wire(HttpToolsProtocol):
    """uvicorn's own protocol; it keeps no more of a head than will be looked at."""

    _head = 0
    """Bytes that came while a head was being read."""
    _reading_head = True

    def data_received(self, data: bytes) -> None:
        self._head += len(data) if self._reading_head else 0
        super().data_received(data)
        if self._reading_head and self._head > HEAD_MOST and not self.transport.is_closing():
            self._refuse(431, "HEADERS_TOO_LARGE", f"The headers have more than {HEAD_MOST} bytes.")

    def on_headers_complete(self) -> None:
        self._reading_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._reading_head, self._head = True, 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(400, "BAD_REQUEST", "That is no HTTP request.")

    def _refuse(self, status: int, code: str, message: str) -> None:
        content = body(code, message)
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {JSON}; charset=utf-8\r\n"
            f"Content-Length: {len(content)}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
            "Connection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + content)
        self.transport.close()
