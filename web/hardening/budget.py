"""What each caller may spend over time, on all workers together: a worker leases points and spends them locally."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from math import ceil

from graphql import GraphQLError

from resolvers.context import Context
from schema.messages import say
from security.attempts import network
from security.keys import Secret
from storage import allowances
from web.hardening import limits
from web.hardening.limits import Limits

SHARE = 20
"""A worker leases a twentieth of the budget at a time: so often, at most, a request waits for the database."""
LAPSES = 600.0
"""Seconds after which a lease is over: what was not spent of it is lost, and comes back with the refill."""
PATIENCE = 1.0
"""Seconds at most before the database is asked again for somebody who had too little: a flood costs it nothing."""
_REMEMBERED = 10_000
"""Callers of one worker; whoever is forgotten loses what was leased."""


@dataclass(slots=True)
class _Purse:
    points: int = 0
    """Leased, and not spent."""
    left: int = 0
    """In the database, when it was last asked."""
    lapses_at: float = 0.0
    asks_at: float = 0.0
    leasing: asyncio.Lock = field(default_factory=asyncio.Lock)


class Budgets:
    """The purses of one worker. Points are taken from the database before they are spent, never after."""

    def __init__(self, secret: Secret, clock: Callable[[], float] = time.monotonic) -> None:
        self._key = secret.derived("allowances")
        self._clock = clock
        self._name = lru_cache(_REMEMBERED)(lambda who: hmac.digest(self._key, who.encode(), "sha256"))
        self._purses: OrderedDict[bytes, _Purse] = OrderedDict()

    async def spend(self, context: Context, points: int) -> None:
        """Raises a GraphQLError with LIMIT_BUDGET where the caller does not have so many."""
        key, allowed = self._payer(context), limits.of(context.caller)
        purse = self._purse(key)
        if purse.points < points:
            async with purse.leasing:  # or each of many requests at once would take a share of its own
                while purse.points < points and purse.asks_at <= self._clock():
                    await self._lease(context, key, purse, points, allowed)
        if purse.points < points:
            raise _exhausted(points, purse, allowed)
        purse.points -= points

    def pay_back(self, context: Context, points: int) -> None:
        """Of what was not done."""
        self._purse(self._payer(context)).points += points

    def remaining(self, context: Context) -> int:
        """As far as this worker knows; another may have spent meanwhile, and time fills up."""
        purse = self._purse(self._payer(context))
        return purse.points + purse.left

    def _payer(self, context: Context) -> bytes:
        """The account, or the network address of whoever is not signed in: neither is kept as such."""
        account = context.caller.account_id if context.caller else None
        return self._name(
            f"account\0{account}" if account is not None else f"address\0{network(context.address or '')}"
        )

    def _purse(self, key: bytes) -> _Purse:
        purse = self._purses.setdefault(key, _Purse())
        self._purses.move_to_end(key)
        if len(self._purses) > _REMEMBERED:
            self._purses.popitem(last=False)
        if purse.lapses_at <= self._clock():
            purse.points = 0
        return purse

    async def _lease(self, context: Context, key: bytes, purse: _Purse, points: int, allowed: Limits) -> None:
        missing = points - purse.points
        async with context.database.reading() as connection:
            granted, left = await allowances.lease(
                connection, key, max(missing, allowed.budget // SHARE), allowed.budget, allowed.refill
            )
        purse.points, purse.left = purse.points + granted, left
        purse.lapses_at = self._clock() + LAPSES
        if granted < missing:
            purse.asks_at = self._clock() + min(PATIENCE, (missing - granted) / allowed.refill)


def _exhausted(points: int, purse: _Purse, allowed: Limits) -> GraphQLError:
    wait = ceil((points - purse.points) / allowed.refill)
    message = say("request.LIMIT_BUDGET", seconds=wait)
    extensions = {"code": "LIMIT_BUDGET", "retryAfter": wait, "limit": allowed.budget, "requested": points}
    return GraphQLError(message, extensions=extensions)
