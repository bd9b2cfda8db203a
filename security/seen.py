"""Tokens that were verified already, so that one is verified once and not with every request."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from datetime import datetime, timedelta

from domain.access import Viewer

MOST = 10_000  # tokens; a worker then holds some megabytes, and forgets the one that was used longest ago


class Seen:
    """Whose a token is, until it ends. Tokens are held as digests: nothing in memory can be sent as one."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._held: OrderedDict[bytes, tuple[Viewer, datetime]] = OrderedDict()

    def viewer(self, text: str, now: datetime) -> Viewer | None:
        """Whose token it is, where it was verified and has not ended at `now`."""
        digest = _digest(text)
        viewer, ends_at = self._held.get(digest, (None, now))
        if ends_at <= now:
            self._held.pop(digest, None)
            return None
        self._held.move_to_end(digest)
        return viewer

    def remember(self, text: str, viewer: Viewer, ends_at: datetime) -> None:
        self._held[_digest(text)] = (viewer, ends_at)
        if len(self._held) > self._most:
            self._held.popitem(last=False)

    def forget(self) -> None:
        """Every one: the keys have changed."""
        self._held.clear()


class Once:
    """What was met already, as far as that is remembered: the newest, so many of them, as digests."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._met: OrderedDict[bytes, None] = OrderedDict()

    def is_new(self, text: str) -> bool:
        """Whether it is met for the first time; from now on it is not."""
        digest = _digest(text)
        if digest in self._met:
            return False
        self._met[digest] = None
        if len(self._met) > self._most:
            self._met.popitem(last=False)
        return True


class Few:
    """At most so many within a span; how many were left out is said with the next."""

    def __init__(self, most: int = 10, span: timedelta = timedelta(minutes=1)) -> None:
        self._most = most
        self._span = span
        self._began: datetime | None = None
        self._admitted = 0
        self._left_out = 0

    def admit(self, now: datetime) -> int | None:
        """How many were left out before this one; None where this one is as well."""
        if self._began is None or now - self._began >= self._span:
            self._began, self._admitted = now, 0
        if self._admitted == self._most:
            self._left_out += 1
            return None
        self._admitted += 1
        left_out, self._left_out = self._left_out, 0
        return left_out


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()
