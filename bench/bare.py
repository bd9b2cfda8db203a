"""How far Python reaches here: uvicorn, one statement under row-level security, its rows as JSON, and nothing else.

No GraphQL, no rights, no limits, and a token is looked up as it stands: whatever answers the roster out of Python, with
the same driver and server, is slower than this.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg
import jwt
import orjson
from starlette.types import Receive, Scope, Send

from bench.pgbench import ROSTER
from bench.service import ROOT, Server, free_port, started
from storage.database import entering

CONNECTIONS = 10  # as many as the service has
_ASKED = entering(ROSTER.format(unit="$1::bigint"), 2)
_HEAD = [(b"content-type", b"application/json")]


@contextmanager
def served(dsn: str, tokens: Sequence[str], cores: Iterable[int]) -> Iterator[Server]:
    """`dsn`: of the API's login; `tokens`: of those who will ask."""
    port = free_port()
    command = ["uvicorn", "bench.bare:application", "--factory", "--port", str(port), "--no-access-log"]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({token: _claimed(token) for token in tokens}, file)
        file.flush()
        told = {**os.environ, "BARE_DSN": dsn, "BARE_TOKENS": file.name}
        quiet = [*command, "--log-level", "warning", "--app-dir", str(ROOT)]
        with started([sys.executable, "-m", *quiet], port, "/", cores, told) as server:
            yield server


def _claimed(token: str) -> tuple[int, str]:
    """The unit, and the session."""
    claims = jwt.decode(token, options={"verify_signature": False})
    return claims["unit"], claims["sid"]


def application() -> Bare:
    held = json.loads(Path(os.environ["BARE_TOKENS"]).read_text())
    return Bare(
        os.environ["BARE_DSN"], {f"Bearer {token}".encode(): (unit, sid) for token, (unit, sid) in held.items()}
    )


class Bare:
    def __init__(self, dsn: str, known: dict[bytes, tuple[int, str]]) -> None:
        self._dsn = dsn
        self._known = known
        self._idle: list[asyncpg.Connection[asyncpg.Record]] = []
        self._enough = asyncio.Semaphore(CONNECTIONS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "lifespan":
            async with self.connected():
                await receive()
                await send({"type": "lifespan.startup.complete"})
                await receive()
            await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        unit, session = self._known.get(dict(scope["headers"]).get(b"authorization", b""), (0, None))
        message = await receive()
        if session is None:
            await send({"type": "http.response.start", "status": 401, "headers": []})
            await send({"type": "http.response.body"})
            return
        orjson.loads(message["body"])
        answer = orjson.dumps([tuple(row) for row in await self._rows(unit, session)])
        await send({"type": "http.response.start", "status": 200, "headers": [*_HEAD, _length(answer)]})
        await send({"type": "http.response.body", "body": answer})

    async def _rows(self, unit: int, session: str) -> list[asyncpg.Record]:
        async with self._enough:
            connection = self._idle.pop()
            try:
                return await connection.fetch(_ASKED, unit, session)
            finally:
                self._idle.append(connection)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[None]:
        """With connections, as long as it lasts."""
        planned_once = {"plan_cache_mode": "force_generic_plan", "jit": "off"}
        self._idle = [await asyncpg.connect(self._dsn, server_settings=planned_once) for _ in range(CONNECTIONS)]
        try:
            yield
        finally:
            for connection in self._idle:
                await connection.close()


def _length(answer: bytes) -> tuple[bytes, bytes]:
    return b"content-length", b"%d" % len(answer)
