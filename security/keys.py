"""Keys under the one secret: what is derived from it, and how other keys are kept wrapped by it."""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_LENGTH = 32  # bytes
_NONCE_LENGTH = 12  # bytes
_SALT = b"renzheng"


class WrongSecret(Exception):
    """A key was wrapped under another secret."""


class Secret:
    """SECRET_KEY, and while it is being changed the former one: both open what was wrapped, the current one wraps."""

    def __init__(self, current: str, former: str | None = None) -> None:
        self._current = current
        self._former = former

    def derived(self, purpose: str, length: int = KEY_LENGTH) -> bytes:
        """A key for that purpose alone; another purpose's key tells nothing of it."""
        return _derived(self._current, purpose, length)

    def wrap(self, key: bytes, purpose: str) -> bytes:
        """The key as it may lie in a database: nonce and ciphertext, bound to its purpose."""
        nonce = os.urandom(_NONCE_LENGTH)
        return nonce + AESGCMSIV(self.derived("wrapping")).encrypt(nonce, key, purpose.encode())

    def wrapped_anew(self, wrapped: bytes, purpose: str) -> bytes:
        """The same key wrapped under the current secret."""
        return self.wrap(self.unwrap(wrapped, purpose), purpose)

    def unwrap(self, wrapped: bytes, purpose: str) -> bytes:
        """The key again; raises WrongSecret where neither secret has wrapped it for this purpose."""
        nonce, ciphertext = wrapped[:_NONCE_LENGTH], wrapped[_NONCE_LENGTH:]
        for secret in filter(None, (self._current, self._former)):
            try:
                return AESGCMSIV(_derived(secret, "wrapping", KEY_LENGTH)).decrypt(nonce, ciphertext, purpose.encode())
            except (InvalidTag, ValueError):
                continue
        raise WrongSecret(f"SECRET_KEY does not open the key for {purpose}: it was wrapped under another one")


def _derived(secret: str, purpose: str, length: int) -> bytes:
    return HKDF(SHA256(), length, _SALT, purpose.encode()).derive(secret.encode())
