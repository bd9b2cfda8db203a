"""Refresh tokens: opaque, of use once, kept as digests only; and how long a session may be refreshed."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from domain.vocabulary import Role

_LENGTH = 32  # random bytes
IDLE = timedelta(hours=12)
"""Whoever has not come back by then signs in again: a night at a shared desk is longer."""
_WORKING_DAY = timedelta(hours=12)
"""Desks are shared: nobody stays signed in for the next shift."""
_LONGEST = {Role.PERSON: timedelta(days=30)}
"""A person's own phone is nobody's desk, and who certifies once a year should not have to sign in for each look."""


def made() -> str:
    return secrets.token_urlsafe(_LENGTH)


def digest(text: str) -> bytes:
    """What is kept of a token: SHA-256, for its 256 random bits cannot be guessed."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def expires_at(now: datetime, session_ends_at: datetime) -> datetime:
    """Until when a token that is handed out now can be used: no longer than the session may be refreshed."""
    return min(now + IDLE, session_ends_at)


def session_ends_at(role: Role, now: datetime) -> datetime:
    """Until when a session that begins now may be refreshed."""
    return now + _LONGEST.get(role, _WORKING_DAY)
