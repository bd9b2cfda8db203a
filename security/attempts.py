"""How often signing in may fail, and under which keys it is counted: nobody's name or address is among them."""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from security.keys import Secret


@dataclass(frozen=True, slots=True)
class Limit:
    most: int
    """Failures within the span; after that many it is refused until the span ends."""
    span: timedelta


@dataclass(frozen=True, slots=True)
class Counter:
    key: bytes
    """An HMAC-SHA256 under a key of its own, so that a copy of the database names nobody."""
    limit: Limit


PAIR = Limit(5, timedelta(minutes=15))
"""One account from one address: a clerk who has mistyped knows by then to ask for a new password."""
ACCOUNT = Limit(50, timedelta(hours=1))
"""One account from anywhere: 1,200 guesses a day lead nowhere, and whoever makes them locks nobody out for the day."""
ADDRESS = Limit(50, timedelta(minutes=15))
"""One address: an office behind one has many accounts, whoever tries all of them has many more."""


def counters(secret: Secret, username: str, address: str) -> Sequence[Counter]:
    """What an attempt counts against, the pair first. An unknown username is counted like any other."""
    key, where = secret.derived("throttle"), network(address)
    named = {"pair": ((username, where), PAIR), "account": ((username,), ACCOUNT), "address": ((where,), ADDRESS)}
    return [
        Counter(hmac.digest(key, "\0".join((kind, *of)).encode(), "sha256"), limit)
        for kind, (of, limit) in named.items()
    ]


def network(address: str) -> str:
    """The address, or of IPv6 the /64: one subscriber has all of it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 64), strict=False))
