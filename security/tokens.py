"""Access tokens: signed with Ed25519, short, and saying who the account is and in which session."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.algorithms import OKPAlgorithm

from domain.access import Viewer
from domain.vocabulary import Role
from security.seen import Seen
from security.spelling import is_canonical

LIFE = timedelta(minutes=15)
"""A token that leaks is of use for no longer, and its session can be ended at once all the same."""
ISSUER = AUDIENCE = "renzheng"
_ALGORITHM = "EdDSA"
_REQUIRED = ["iss", "aud", "sub", "sid", "iat", "exp"]


class UnknownKey(Exception):
    """The token names a key that is not known here: a new one perhaps."""


class NoKeySigns(Exception):
    """No key is known that fits: `rotate-signing-key` makes one."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A pair of keys under its name, 32 bytes each, as RFC 8032 writes them. A retired one needs no private half."""

    kid: str
    public: bytes
    private: bytes | None = None

    @classmethod
    def made(cls) -> SigningKey:
        return cls.of(secrets.token_hex(8), Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def of(cls, kid: str, private: bytes) -> SigningKey:
        """The pair that a private half makes."""
        return cls(kid, Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw(), private)


class Tokens:
    """Issue and read tokens under the keys that are known: the newest signs, all of them verify."""

    def __init__(self) -> None:
        self._keys: list[SigningKey] = []
        self._public: dict[str, Ed25519PublicKey] = {}
        self._seen = Seen()
        self.read_at: datetime | None = None
        """When the keys were read, in real time."""

    def know(self, keys: Sequence[SigningKey], at: datetime) -> None:
        """From now on these keys, the newest last. A token under any other is refused."""
        self.read_at = at
        if list(keys) != self._keys:
            self._keys = list(keys)
            self._public = {key.kid: Ed25519PublicKey.from_public_bytes(key.public) for key in keys}
            self._seen.forget()

    def issue(self, viewer: Viewer, now: datetime, until: datetime | None = None) -> AccessToken:
        """A token for that session of the account, which ends with the session, at `until`."""
        if not self._keys:
            raise NoKeySigns
        key = self._keys[-1]
        assert key.private is not None
        expires_at = min(now + LIFE, until or now + LIFE).replace(microsecond=0)  # a claim has whole seconds
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(viewer.account_id),
            "sid": str(viewer.session),
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
            "username": viewer.username,
            "role": viewer.role,
            "unit": viewer.unit_id,
            "district": viewer.district,
        }
        private = Ed25519PrivateKey.from_private_bytes(key.private)
        return AccessToken(jwt.encode(claims, private, _ALGORITHM, {"kid": key.kid}), expires_at)

    def read(self, text: str, now: datetime) -> Viewer | None:
        """Whose token this is; None when it is forged, foreign or expired at `now`. May raise UnknownKey."""
        seen = self._seen.viewer(text, now)
        if seen is not None:
            return seen
        try:
            claims = self._verified(text)
            viewer, ends_at = _viewer(claims), datetime.fromtimestamp(claims["exp"], UTC)
        except (jwt.InvalidTokenError, KeyError, ValueError, TypeError, OverflowError, RecursionError):
            return None
        if ends_at <= now:
            return None
        self._seen.remember(text, viewer, ends_at)
        return viewer

    def is_forged(self, text: str) -> bool:
        """Whether none of the known keys has signed it for this service; one that is over was signed."""
        try:
            self._verified(text)
        except (UnknownKey, jwt.InvalidTokenError, KeyError, ValueError, TypeError, OverflowError, RecursionError):
            return True
        return False

    def jwks(self) -> dict[str, Any]:
        """The public keys as a JSON Web Key Set. RFC 7517, RFC 8037."""
        named = {"use": "sig", "alg": _ALGORITHM}
        return {
            "keys": [
                {**OKPAlgorithm.to_jwk(public, as_dict=True), **named, "kid": kid}
                for kid, public in self._public.items()
            ]
        }

    def _verified(self, text: str) -> dict[str, Any]:
        kid = jwt.get_unverified_header(text).get("kid")
        if kid not in self._public:
            raise UnknownKey
        if not is_canonical(text):
            raise jwt.DecodeError
        return jwt.decode(
            text,
            self._public[kid],
            [_ALGORITHM],
            issuer=ISSUER,
            audience=AUDIENCE,
            # The service's clock decides, which in a rehearsal is not the machine's.
            options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
        )


def _viewer(claims: dict[str, Any]) -> Viewer:
    account, session = int(claims["sub"]), UUID(claims["sid"])
    return Viewer(account, claims["username"], Role(claims["role"]), claims["unit"], claims["district"], session)
