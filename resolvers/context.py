"""What every use case is given: the database, the policy, who asks and what time it is."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from domain.access import Scope, Viewer
from domain.month import Month
from domain.policy import Policy, PolicyBook
from resolvers.errors import Unauthenticated
from resolvers.live import Live
from security.gate import Gate
from storage.database import Connection, Database, Reader


@dataclass
class Context:
    """One request, or one run of a command. The clock was read once, for `now` (Asia/Shanghai)."""

    database: Database
    book: PolicyBook
    now: datetime
    gate: Gate
    caller: Viewer | None = None
    address: str | None = None
    """Where a request comes from."""
    operator: str | None = None
    """Who runs a command: the user's name on that machine."""
    live: Live | None = None
    """What goes on in a worker beyond a request; a command has none."""

    @property
    def viewer(self) -> Viewer:
        if self.caller is None:
            raise Unauthenticated
        return self.caller

    @property
    def scope(self) -> Scope:
        return self.viewer.scope

    @property
    def today(self) -> date:
        return self.now.date()

    @cached_property
    def month(self) -> Month:
        return Month.of(self.now)

    @cached_property
    def policy(self) -> Policy:
        return self.book.on(self.today)

    def reading(self) -> AbstractAsyncContextManager[Reader]:
        """For reads that need not agree, as the caller."""
        return self.database.reading(self._session)

    def begin(self, *, at_one_moment: bool = False) -> AbstractAsyncContextManager[Connection]:
        """A transaction, as the caller; at one moment, where it decides about everybody."""
        return self.database.begin(self._session, at_one_moment=at_one_moment)

    def snapshot(self) -> AbstractAsyncContextManager[Connection]:
        """For reads that must agree, as the caller."""
        return self.database.snapshot(self._session)

    @property
    def _session(self) -> UUID | None:
        return self.caller.session if self.caller else None
