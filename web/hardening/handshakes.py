"""The handshake of a socket, as the websockets library reads it: what it refuses, it refuses in JSON as well."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.datastructures import Headers
from websockets.http11 import Response
from websockets.server import ServerProtocol
from websockets.typing import StatusLike

from schema import languages
from schema.messages import say
from web.hardening import answers
from web.hardening.accept import JSON
from web.hardening.headers import EVERYWHERE

VERSION = "13"
_SAID = {400: "handshake.none", 414: "handshake.address_too_long", 431: "handshake.headers_too_large"}
"""By the status. The library's own words quote what was sent."""


class Handshake(ServerProtocol):
    def reject(self, status: StatusLike, text: str) -> Response:
        """The answer to whoever gets no socket."""
        refused = HTTPStatus(status)
        content = answers.body(answers.code(refused), say(_SAID.get(refused, "http.BAD_REQUEST"), version=VERSION))
        headers = Headers(EVERYWHERE | languages.headers())
        headers.update(
            {
                "Content-Type": f"{JSON}; charset=utf-8",
                "Content-Length": str(len(content)),
                "Connection": "close",
                "Sec-WebSocket-Version": VERSION,
            }
        )
        return Response(refused.value, refused.phrase, headers, content)


class Sockets(WebSocketsSansIOProtocol):
    """uvicorn's own protocol over such handshakes; one that cannot be read is answered too, and never waited for."""

    def __init__(self, config: Config, *given: Any, **named: Any) -> None:
        super().__init__(config, *given, **named)
        self.conn = Handshake(max_size=config.ws_max_size, logger=self.conn.logger)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.handshake_exc is not None and not self.close_sent:
            self._refuse()

    def _refuse(self) -> None:
        """The library has an answer to what is too long, and none to what is no request of its kind."""
        answered = b"".join(self.conn.data_to_send()) or self.conn.reject(HTTPStatus.BAD_REQUEST, "").serialize()
        self.close_sent = self.handshake_complete = True
        self.transport.write(answered)
        self.transport.close()
