"""The application within the tests' own process: its clock, its pool, and a client."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx2
from starlette.applications import Starlette

from storage.database import Database
from tests.words import of_the_catalogue
from web.clock import SHANGHAI, Clock


class SetClock(Clock):
    """A clock that stands still at what a test sets."""

    def __init__(self) -> None:
        super().__init__()
        self.instant = datetime(2019, 6, 5, 9, 0, tzinfo=SHANGHAI)

    def now(self) -> datetime:
        return self.instant

    def advance(self, **by: float) -> None:
        self.instant += timedelta(**by)


def client(app: Starlette, address: str = "127.0.0.1") -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, client=(address, 50000))
    hooks = {"response": [of_the_catalogue]}
    return httpx2.AsyncClient(transport=transport, base_url="http://renzheng.test", event_hooks=hooks)


@dataclass
class Borrowed:
    """A pool that the application may use and not close."""

    database: Database

    async def connect(self) -> Database:
        return _Kept(self.database._pool, self.database._hands)


class _Kept(Database):
    async def close(self, *, within: float = 3.0) -> None:
        """The tests close it."""
