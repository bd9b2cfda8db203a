"""The pool of connections, as whom it is used, and the ways to use one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from types import TracebackType
from typing import Any, Protocol, Self, TypeAlias, TypeVar
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from storage.handover import Hands

T = TypeVar("T")

Record: TypeAlias = asyncpg.Record
Connection: TypeAlias = "asyncpg.Connection[Record] | PoolConnectionProxy[Record]"


TROUBLE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What is raised where the database refuses, or the way to it fails; a time-out is an OSError. The last where a session
ends in the very moment in which it is used."""


class Reader(Protocol):
    """What reads: a connection, or one that enters a session with each statement."""

    async def fetch(self, query: str, /, *values: Any) -> list[Record]: ...

    async def fetchrow(self, query: str, /, *values: Any) -> Record | None: ...

    async def fetchval(self, query: str, /, *values: Any) -> Any: ...


CALLERS = "renzheng_app"
"""The role of the API: it sees the rows of the session that is entered, and can write acts, never the ledger."""
BATCHES = "renzheng_batch"
"""The role of the commands: it sees every row; it may add history, never change or delete it."""


class SessionEnded(Exception):
    """The session that was to be entered has ended."""


PREFIX = "renzheng_login_"

_PLANNED_ONCE = {"plan_cache_mode": "force_generic_plan", "jit": "off"}
"""The API's statements are few, and each is an index range whatever its values; planning one anew, with the conditions
of row-level security in it, takes several times as long as running it."""


_FOUND_GONE = {"tcp_keepalives_idle": "60", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "6"}
"""In seconds, and how often. The session of a machine that vanished in a run holds its turn, and the tables that it has
locked, until PostgreSQL finds it gone: within two minutes, not two hours."""


class RowsUnprotected(Exception):
    """The user of the API's pool would see everybody's rows."""


@dataclass(frozen=True, slots=True)
class Login:
    """As whom the API logs in: a role that owns nothing and is a member of `CALLERS`."""

    name: str
    password: str

    @classmethod
    def of(cls, key: bytes) -> Login:
        """The login that belongs to a key of 32 bytes: the same key, the same role."""
        return cls(f"{PREFIX}{key[:8].hex()}", key[8:].hex())

    def at(self, dsn: str) -> str:
        """The address of the same database for this login."""
        parts = urlsplit(dsn)
        place = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{quote(self.name)}:{quote(self.password)}@{place}"))


@dataclass(frozen=True, slots=True)
class Patience:
    """How long PostgreSQL goes on for a caller of the API, in seconds, before it stops a statement or a session."""

    statement: float = 10.0
    lock: float = 5.0
    """Waiting for somebody else's act to end."""
    idle: float = 15.0
    """A transaction in which nothing happens holds its locks."""

    def settings(self) -> dict[str, str]:
        return {
            "statement_timeout": f"{round(self.statement * 1000)}ms",
            "lock_timeout": f"{round(self.lock * 1000)}ms",
            "idle_in_transaction_session_timeout": f"{round(self.idle * 1000)}ms",
        }


class _CallerSession(asyncpg.Connection):
    def get_reset_query(self) -> str:
        """Nothing is to be forgotten, and no round trip is made for it: what is entered ends with its transaction."""
        return ""


class _BatchSession(asyncpg.Connection):
    def get_reset_query(self) -> str:
        """What a session forgets before it is used again: the role as well."""
        return f"{super().get_reset_query()}\nRESET ROLE;"


class Database:
    """A pool whose every session runs as one of the two roles."""

    def __init__(self, pool: asyncpg.Pool[Record], hands: Hands | None = None) -> None:
        self._pool = pool
        self._hands = hands

    @classmethod
    async def for_callers(cls, dsn: str, *, size: int = 10, patience: Patience | None = None) -> Self:
        """The API's pool; the address is that of its login. Who has entered no session sees nobody's rows.

        Raises RowsUnprotected for a user whom row-level security does not bind.
        """
        pool = await _pool(dsn, size, _CallerSession, **_PLANNED_ONCE, **(patience or Patience()).settings())
        made = cls(pool, Hands(pool, size))
        async with made.connection() as connection:
            bound = await connection.fetchval("SELECT row_security_active('beneficiaries')")
        if not bound:
            await made.close()
            raise RowsUnprotected("the API does not run as the owner of the database: start it with: server.py serve")
        return made

    @classmethod
    async def for_batches(cls, dsn: str, *, size: int = 10) -> Database:
        """The commands' pool; the address is that of the database's owner."""
        return cls(await _pool(dsn, size, _BatchSession, role=BATCHES, **_FOUND_GONE))

    async def close(self, *, within: float = 3.0) -> None:
        """Wait so many seconds for what is lent, then cut it off."""
        try:
            async with asyncio.timeout(within):
                await (self._hands or self._pool).close()
        except TimeoutError:
            self._pool.terminate()

    def connections(self) -> tuple[int, int]:
        """How many are in use, and how many are idle."""
        if self._hands is not None:
            return self._hands.connections()
        idle = self._pool.get_idle_size()
        return self._pool.get_size() - idle, idle

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        """A connection as nobody in particular."""
        return self._hands.use() if self._hands is not None else self._pool.acquire()

    def reading(self, session: UUID | None = None) -> AbstractAsyncContextManager[Reader]:
        """For one statement, or for several that need not agree; each enters the session by itself."""
        return self.connection() if session is None else _Reading(self.connection(), session)

    @asynccontextmanager
    async def begin(self, session: UUID | None = None, *, at_one_moment: bool = False) -> AsyncIterator[Connection]:
        """A transaction in the session: committed at the end, undone by any exception.

        At one moment: all of its statements and their triggers see what was committed when the first of them began.
        """
        async with (
            self.connection() as connection,
            connection.transaction(isolation="repeatable_read" if at_one_moment else "read_committed"),
        ):
            await _enter(connection, session)
            yield connection

    @asynccontextmanager
    async def snapshot(self, session: UUID | None = None) -> AsyncIterator[Connection]:
        """A transaction in the session that reads the database as it is at one moment, and writes nothing."""
        async with (
            self.connection() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            await _enter(connection, session)
            yield connection


async def _enter(connection: Connection, session: UUID | None) -> None:
    if session is not None:
        try:
            await connection.fetchval("SELECT enter($1)", session)
        except asyncpg.InvalidAuthorizationSpecificationError:
            raise SessionEnded from None


async def _pool(dsn: str, size: int, kind: type[asyncpg.Connection[Record]], **settings: str) -> asyncpg.Pool[Record]:
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        connection_class=kind,
        server_settings={"application_name": "renzheng", "timezone": "Asia/Shanghai", **settings},
    )


class Entered:
    """Reads as the account of a session: entering it and the statement are one round trip, and nothing stays behind."""

    def __init__(self, connection: Connection, session: UUID) -> None:
        self._connection = connection
        self._session = session

    async def fetch(self, query: str, /, *values: Any) -> list[Record]:
        return await self._asked(self._connection.fetch, query, values)

    async def fetchrow(self, query: str, /, *values: Any) -> Record | None:
        return await self._asked(self._connection.fetchrow, query, values)

    async def fetchval(self, query: str, /, *values: Any) -> Any:
        return await self._asked(self._connection.fetchval, query, values)

    async def _asked(self, ask: Callable[..., Awaitable[T]], query: str, values: tuple[Any, ...]) -> T:
        try:
            return await ask(entering(query, len(values) + 1), *values, self._session)
        except asyncpg.InvalidAuthorizationSpecificationError:
            raise SessionEnded from None


class _Reading:
    """A connection for reads, each of which enters the session."""

    __slots__ = ("_session", "_use")

    def __init__(self, use: AbstractAsyncContextManager[Connection], session: UUID) -> None:
        self._use = use
        self._session = session

    async def __aenter__(self) -> Entered:
        return Entered(await self._use.__aenter__(), self._session)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        return await self._use.__aexit__(kind, error, trace)


@lru_cache(maxsize=1000)
def entering(query: str, place: int) -> str:
    """The statement, run after the session in the value of that place was entered.

    An OFFSET is computed before the first row is asked for, whatever the plan below it; it depends on the entering.
    """
    return f"SELECT * FROM ({query}) AS asked OFFSET CASE WHEN enter(${place}) THEN 0 END"
