"""A deadline over a whole exchange: the timeout of a socket is one of each read, and begins anew with every byte."""

from __future__ import annotations

import smtplib
import socket
import threading
import urllib.request
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import Any, Self


class Deadline:
    """Shuts the connections that were opened under it once its seconds are over, and says so by TimeoutError."""

    def __init__(self, seconds: float) -> None:
        self._opened: list[socket.socket] = []
        self._over = False
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            for twin in self._opened:
                twin.close()
            self._opened.clear()
        if self._over:
            raise TimeoutError

    def connection(self, *where: Any, **how: Any) -> socket.socket:
        """As `socket.create_connection`. A twin is kept: TLS takes the socket itself over, while it still greets."""
        opened = socket.create_connection(*where, **how)
        with self._lock:
            if self._over:
                opened.close()
                raise TimeoutError
            self._opened.append(opened.dup())
        return opened

    def _end(self) -> None:
        with self._lock:
            self._over = True
            for twin in self._opened:
                with suppress(OSError):  # the other side has gone already
                    twin.shutdown(socket.SHUT_RDWR)


def timed_handlers(deadline: Deadline) -> tuple[urllib.request.BaseHandler, ...]:
    """What opens http and https under the deadline, also by way of a proxy."""

    def timed(of: type[HTTPConnection]) -> Any:
        def made(host: str, **how: Any) -> HTTPConnection:
            connection = of(host, **how)
            connection._create_connection = deadline.connection  # type: ignore[attr-defined]
            return connection

        return made

    class Plain(urllib.request.HTTPHandler):
        def http_open(self, req: urllib.request.Request) -> HTTPResponse:
            return self.do_open(timed(HTTPConnection), req)

    class Encrypted(urllib.request.HTTPSHandler):
        def https_open(self, req: urllib.request.Request) -> HTTPResponse:
            return self.do_open(timed(HTTPSConnection), req)

    return Plain(), Encrypted()


def timed_mail(deadline: Deadline, *, encrypted: bool) -> Any:
    """The class of a mail server's client that connects under the deadline."""

    class Plain(smtplib.SMTP):
        def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
            return deadline.connection((host, port), timeout, self.source_address)

    class Encrypted(smtplib.SMTP_SSL, Plain):
        """Wraps what `Plain` opens."""

    return Encrypted if encrypted else Plain
