"""Attestations of a face-check provider: signed, short-lived, for one nonce and one person under a pseudonym."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.client import HTTPException
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt import PyJWK, PyJWKClient, PyJWKSet
from jwt.algorithms import OKPAlgorithm
from jwt.types import Options

from domain.refusal import ErrorCode
from security.keys import Secret

ALGORITHM = "EdDSA"
AUDIENCE = "renzheng"
LONGEST = timedelta(minutes=5)
"""A face is seen now or it is not: an attestation that lives longer is none."""
CHALLENGE_LIFE = timedelta(minutes=10)
"""For somebody who is old, holds the phone and is told to blink."""
_LEEWAY = timedelta(seconds=30)  # by which the provider's clock may be off
_TIMEOUT = 5  # seconds for the provider's keys
_LONGEST_TEXT = 4000  # characters
_NONCE_LENGTH = 32  # random bytes
_OPTIONS: Options = {
    "require": ["iss", "aud", "sub", "nonce", "iat", "exp", "amr", "liveness"],
    "verify_exp": False,  # the caller says what time it is
    "verify_nbf": False,
    "verify_iat": False,
}


class Keys(Protocol):
    """Where the public key is that a token names."""

    def get_signing_key_from_jwt(self, token: str) -> PyJWK: ...


@dataclass(frozen=True, slots=True)
class Provider:
    """Whose attestations are taken. `subject_key` is shared with it: by it an ID number becomes a pseudonym."""

    issuer: str
    audience: str
    jwks_url: str
    subject_key: bytes


@dataclass(frozen=True, slots=True)
class Attestation:
    """That the face of the person behind a pseudonym was seen alive, for a nonce."""

    subject: str
    nonce: str


class FaceChecks:
    """Reads the attestations of one provider. It goes by the real time: so does the provider."""

    def __init__(self, provider: Provider, keys: Keys | None = None) -> None:
        self._provider = provider
        self._given = keys

    @property
    def issuer(self) -> str:
        return self._provider.issuer

    @property
    def audience(self) -> str:
        return self._provider.audience

    def subject_of(self, id_number: str) -> str:
        """The pseudonym of a person: HMAC-SHA256 of the ID number under the shared key, in hexadecimal digits."""
        return hmac.new(self._provider.subject_key, id_number.encode(), hashlib.sha256).hexdigest()

    def is_of(self, attestation: Attestation, id_number: str) -> bool:
        """Whether the face that was seen is this person's."""
        return hmac.compare_digest(attestation.subject.encode(), self.subject_of(id_number).encode())

    async def read(self, text: str, now: datetime) -> Attestation | ErrorCode:
        """What it says; or why it is no attestation at `now`."""
        claims = await asyncio.to_thread(self._verified, text)
        return claims if isinstance(claims, ErrorCode) else _read(claims, now)

    def _verified(self, text: str) -> dict[str, Any] | ErrorCode:
        """The claims under the provider's signature, which is looked at before any of them is believed."""
        if len(text) > _LONGEST_TEXT:
            return ErrorCode.INVALID_ATTESTATION
        try:
            key = self._keys.get_signing_key_from_jwt(text)
            return jwt.decode(
                text,
                key,
                [ALGORITHM],
                issuer=self._provider.issuer,
                audience=self._provider.audience,
                options=_OPTIONS,
            )
        except (jwt.InvalidIssuerError, jwt.InvalidAudienceError):
            return ErrorCode.ATTESTATION_NOT_FOR_US
        except (jwt.PyJWKClientConnectionError, OSError, HTTPException):
            return ErrorCode.FACE_CHECK_UNAVAILABLE
        except (jwt.PyJWTError, ValueError, KeyError, TypeError, RecursionError):
            return ErrorCode.INVALID_ATTESTATION

    @cached_property
    def _keys(self) -> Keys:
        """The provider's keys: kept for five minutes, and asked for again when a new one appears."""
        if self._given is not None:
            return self._given
        place = urlsplit(self._provider.jwks_url)
        if place.scheme == "file":
            return _KeyFile(Path(unquote(place.path)))
        return PyJWKClient(self._provider.jwks_url, timeout=_TIMEOUT)


class _KeyFile:
    """A JSON Web Key Set on this machine, read for every attestation: a new key needs no restart."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get_signing_key_from_jwt(self, token: str) -> PyJWK:
        kid = jwt.get_unverified_header(token).get("kid")
        try:
            keys = PyJWKSet.from_dict(json.loads(self._path.read_bytes())).keys
        except (jwt.PyJWTError, ValueError) as error:
            raise OSError("FACE_CHECK_JWKS does not lead to a JSON Web Key Set") from error
        for key in keys:
            if key.key_id == kid:
                return key
        raise jwt.PyJWKClientError("the provider has no such key")


def _read(claims: dict[str, Any], now: datetime) -> Attestation | ErrorCode:
    subject, nonce = claims["sub"], claims["nonce"]  # PyJWT refuses a subject that is no text
    try:
        began, ends = (datetime.fromtimestamp(claims[name], UTC) for name in ("iat", "exp"))
    except (TypeError, ValueError, OverflowError, OSError):
        return ErrorCode.INVALID_ATTESTATION
    if not isinstance(nonce, str) or ends - began > LONGEST:
        return ErrorCode.INVALID_ATTESTATION
    if not began - _LEEWAY <= now < ends:
        return ErrorCode.ATTESTATION_EXPIRED
    methods = claims["amr"]
    if claims["liveness"] is not True or not isinstance(methods, list) or "face" not in methods:
        return ErrorCode.ATTESTATION_TOO_WEAK
    return Attestation(subject, nonce)


def new_nonce() -> str:
    return secrets.token_urlsafe(_NONCE_LENGTH)


def digest(nonce: str) -> bytes:
    """What is kept of a nonce: SHA-256, for its 256 random bits cannot be guessed."""
    return hashlib.sha256(nonce.encode(errors="surrogatepass")).digest()


class StandIn:
    """A provider for the demo, which takes everybody at their word. Its keys are derived from SECRET_KEY."""

    issuer = "https://face-check.demo.invalid"
    _kid = "demo"

    def __init__(self, secret: Secret) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(secret.derived("demo face check"))
        self._subject_key = secret.derived("demo face check subjects")

    def checks(self) -> FaceChecks:
        """What reads its attestations."""
        return FaceChecks(Provider(self.issuer, AUDIENCE, "", self._subject_key), self)

    def get_signing_key_from_jwt(self, token: str) -> PyJWK:
        if jwt.get_unverified_header(token).get("kid") != self._kid:
            raise jwt.PyJWKClientError("the stand-in has one key")
        return PyJWK({**OKPAlgorithm.to_jwk(self._private.public_key(), as_dict=True), "alg": ALGORITHM})

    def attest(self, id_number: str, nonce: str, now: datetime) -> str:
        """Signed: this person was seen alive now."""
        claims = {
            "iss": self.issuer,
            "aud": AUDIENCE,
            "sub": self.checks().subject_of(id_number),
            "nonce": nonce,
            "iat": int(now.timestamp()),
            "exp": int((now + LONGEST).timestamp()),
            "amr": ["face"],
            "liveness": True,
        }
        return jwt.encode(claims, self._private, ALGORITHM, {"kid": self._kid})
