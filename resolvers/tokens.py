"""Access tokens: signed, short, and saying who the account is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import jwt

from domain.access import Viewer
from domain.vocabulary import Role

LIFE = timedelta(hours=8)  # a clerk's working day
_ALGORITHM = "HS256"
_ISSUER = "renzheng"


@dataclass(frozen=True, slots=True)
class AccessToken:
    text: str
    expires_at: datetime


class Tokens:
    """Issue and read tokens under one secret of at least 32 bytes."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def issue(self, viewer: Viewer, now: datetime) -> AccessToken:
        expires_at = now + LIFE
        claims = {
            "iss": _ISSUER,
            "sub": str(viewer.account_id),
            "exp": int(expires_at.timestamp()),
            "username": viewer.username,
            "role": viewer.role,
            "unit": viewer.unit_id,
            "district": viewer.district,
            "sid": str(viewer.session),
        }
        return AccessToken(jwt.encode(claims, self._secret, _ALGORITHM), expires_at)

    def read(self, text: str, now: datetime) -> Viewer | None:
        """Whose token this is; None when it is forged, foreign or expired at `now`."""
        try:
            claims = jwt.decode(
                text,
                self._secret,
                [_ALGORITHM],
                issuer=_ISSUER,
                # The service's clock decides, which in a rehearsal is not the machine's.
                options={"require": ["exp", "sub", "iss"], "verify_exp": False, "verify_iat": False},
            )
            if claims["exp"] <= now.timestamp():
                return None
            return Viewer(
                int(claims["sub"]),
                claims["username"],
                Role(claims["role"]),
                claims["unit"],
                claims["district"],
                UUID(claims["sid"]),
            )
        except (jwt.InvalidTokenError, KeyError, ValueError, TypeError):
            return None
