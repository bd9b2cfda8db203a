"""HTTP itself, as uvicorn reads it: a head without end is cut off, and what is no HTTP is answered in JSON too."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from schema import languages
from schema.messages import say
from web.hardening import answers
from web.hardening.accept import JSON
from web.hardening.headers import EVERYWHERE

HEAD_MOST = 64_000  # bytes of request line and headers together, however they come
ADDRESS_MOST = 16_000  # bytes of the whole address; of its query string see Sizes
HEAD_WITHIN = 10  # seconds for them, from their first byte or the opening of the connection


class Wire(HttpToolsProtocol):
    """uvicorn's own protocol; it keeps no more of a head than will be looked at, and waits for none forever."""

    _head = 0
    """Bytes that came while a head was being read."""
    _late: asyncio.TimerHandle | None = None
    """What gives up a head that is being read, or bytes behind an answer that did not wait for them."""
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
        super().data_received(data)
        if (self._reading_head and self._head) or self._is_answered():
            self._await_head()  # most heads come whole, and have no clock of their own
        if self._reading_head and self._head > HEAD_MOST:
            self._refuse(431, say("http.HEADERS_TOO_LARGE", limit=HEAD_MOST))

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > ADDRESS_MOST:
            self._refuse(414, say("http.ADDRESS_TOO_LONG", limit=ADDRESS_MOST))

    def on_headers_complete(self) -> None:
        self._await_no_more()
        self._reading_head = False
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._reading_head, self._head = True, 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(400, say("http.no_http"))

    def _is_answered(self) -> bool:
        """Whether what comes belongs to a request that was answered before it was whole: nobody waits for the rest."""
        return not self._reading_head and self.cycle is not None and self.cycle.response_complete

    def _await_head(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(HEAD_WITHIN, self._refuse, 408, say("http.headers_late"))

    def _await_no_more(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: int, message: str) -> None:
        """The first refusal is the answer; whatever of the request comes behind it is not looked at."""
        if self.transport.is_closing():
            return
        content = answers.body(answers.code(status), message)
        headers = {"Content-Type": f"{JSON}; charset=utf-8", "Content-Length": str(len(content))}
        headers |= EVERYWHERE | languages.headers()
        lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n{''.join(lines)}Connection: close\r\n\r\n"
        self.transport.write(head.encode() + content)
        self.transport.close()
