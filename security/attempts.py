"""How often signing in may fail, and under which keys it is counted: nobody's name or address is among them."""

from __future__ import annotations

import hmac
import ipaddress
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
KNOWN_FOR = timedelta(days=30)
"""How long a network is known after a success there: what others do elsewhere does not close it for the account."""
ADDRESS = Limit(50, timedelta(minutes=15))
"""One address: an office behind one has many accounts, whoever tries all of them has many more."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an attempt counts against, and under which key it is kept that the account has come from that network."""

    pair: Counter
    account: Counter
    address: Counter
    known: bytes

    @property
    def counters(self) -> tuple[Counter, Counter, Counter]:
        """In the order in which every attempt takes them."""
        return self.pair, self.account, self.address


def attempt(secret: Secret, username: str, address: str) -> Attempt:
    """Of that name from that address. An unknown username is counted like any other."""
    key, where = secret.derived("throttle"), network(address)

    def made(*of: str) -> bytes:
        return hmac.digest(key, "\0".join(of).encode(), "sha256")

    return Attempt(
        Counter(made("pair", username, where), PAIR),
        Counter(made("account", username), ACCOUNT),
        Counter(made("address", where), ADDRESS),
        made("known", username, where),
    )


def network(address: str) -> str:
    """The address, or of IPv6 the /56: that much, and not seldom more than a /64, one subscriber has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed), 56), strict=False))
