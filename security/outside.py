"""Tokens of an outside OpenID provider: verified under its published keys, read for who was signed in and how."""

from __future__ import annotations

import asyncio
import json
import urllib.request
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.client import HTTPException
from typing import Any

import jwt
from jwt import PyJWKClient
from jwt.types import Options

from security.seen import Once, Seen
from security.spelling import is_canonical

ALGORITHMS = [
    "EdDSA", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512",
]  # fmt: skip
"""Asymmetric ones only: with a shared secret whoever verifies could also sign."""
_LEEWAY = timedelta(seconds=30)  # by which the provider's clock may be off
_TIMEOUT = 5  # seconds for the provider to answer
_OPTIONS: Options = {
    "require": ["iss", "aud", "exp"],
    "verify_exp": False,  # the caller says what time it is
    "verify_nbf": False,
    "verify_iat": False,
}
_IDENTITY = ("id", "id_token")
"""Kinds (`typ`) of tokens that say to a client who somebody is, and are nobody's key to a service."""
_AT_ONCE = 2  # tokens that are verified at the same time, so that a provider that hangs holds up nothing else


class Unreachable(Exception):
    """The provider does not answer."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose tokens are taken: the settings of OpenID Connect."""

    issuer: str
    audience: str
    jwks_url: str | None = None
    """Where its keys are; None: its discovery document says so."""
    username_claim: str = "preferred_username"
    second_factor: frozenset[str] = frozenset({"mfa", "otp"})
    """The values of `amr` (RFC 8176) that mean two factors; `hwk`, a key alone, is one."""


@dataclass(frozen=True, slots=True)
class Outsider:
    """Who was signed in elsewhere, until when in real time, and whether with a second factor."""

    username: str
    second_factor: bool
    ends_at: datetime


class Outside:
    """Reads the tokens of one provider. It goes by the real time: so does the provider."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self.seen = Seen()
        self.refused = Once()

    def is_named_by(self, text: str) -> bool:
        """Whether the token says that it is the provider's; nothing of it is verified yet."""
        try:
            claims = jwt.decode(text, options={"verify_signature": False})
        except (jwt.InvalidTokenError, RecursionError):
            return False
        return claims.get("iss") == self._provider.issuer

    async def read(self, text: str, now: datetime) -> Outsider | None:
        """Who the token is for; None when it is forged, for somebody else's service, or not valid at `now`.

        Raises Unreachable where the provider's keys cannot be had.
        """
        async with self._turns:
            claims = await asyncio.to_thread(self._verified, text)
        return self._outsider(claims, now) if claims is not None else None

    async def is_forged(self, text: str) -> bool:
        """Whether the provider has not signed it, for this service; where it cannot be asked nobody can tell."""
        async with self._turns:
            try:
                return await asyncio.to_thread(self._verified, text) is None
            except Unreachable:
                return False

    def _verified(self, text: str) -> dict[str, Any] | None:
        if not is_canonical(text):
            return None
        try:
            return jwt.decode(
                text,
                self._keys.get_signing_key_from_jwt(text),
                ALGORITHMS,
                issuer=self._provider.issuer,
                audience=self._provider.audience,
                options=_OPTIONS,
            )
        except (jwt.PyJWKClientConnectionError, OSError, HTTPException) as error:
            raise Unreachable from error
        except (jwt.PyJWTError, ValueError, KeyError, RecursionError):
            return None

    def _is_for_us(self, claims: dict[str, Any]) -> bool:
        """An access token, and of several audiences one that was given to this service (`azp`).

        OpenID Connect Core 2 and 3.1.3.7.
        """
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        foreign = several and claims.get("azp", self._provider.audience) != self._provider.audience
        return not foreign and str(claims.get("typ", "")).casefold() not in _IDENTITY

    def _outsider(self, claims: dict[str, Any], now: datetime) -> Outsider | None:
        username, amr = claims.get(self._provider.username_claim), claims.get("amr")
        try:
            begins_at, ends_at = _instant(claims.get("nbf", 0)), _instant(claims["exp"])
        except (TypeError, ValueError, OverflowError, OSError):
            return None
        if not self._is_for_us(claims) or not isinstance(username, str) or not begins_at - _LEEWAY <= now < ends_at:
            return None
        methods = {method for method in amr if isinstance(method, str)} if isinstance(amr, list) else set()
        return Outsider(username, bool(methods & self._provider.second_factor), ends_at)

    @cached_property
    def _keys(self) -> PyJWKClient:
        """The provider's keys: kept for five minutes, and asked for again when a new one appears."""
        return PyJWKClient(self._provider.jwks_url or self._discovered(), timeout=_TIMEOUT)

    def _discovered(self) -> str:
        """Where the discovery document says that the keys are. OpenID Connect Discovery 1.0."""
        address = f"{self._provider.issuer.rstrip('/')}/.well-known/openid-configuration"
        with urllib.request.urlopen(address, timeout=_TIMEOUT) as response:
            document = json.load(response)
        if not isinstance(document, dict) or document.get("issuer") != self._provider.issuer:
            raise ValueError("the discovery document is another issuer's")
        return str(document["jwks_uri"])


def _instant(seconds: Any) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
