"""ID numbers as the database may hold them: sealed, and found again by a keyed digest."""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

from security.ciphers import NONCE_LENGTH, Aead, Cipher
from security.keys import KEY_LENGTH, Secret

_KEY_ID_LENGTH = 4  # bytes


class Purpose(StrEnum):
    ID_NUMBER = "ID_NUMBER"
    LOOKUP = "LOOKUP"


class WrappedKey(NamedTuple):
    """A key as it lies in the database. One of each purpose is current; a key for look-ups has no cipher."""

    id: int
    purpose: str
    cipher: str | None
    wrapped: bytes
    current: bool


class UnknownKey(Exception):
    """Sealed under a key that is not held."""


class PersonalData:
    """The keys of this moment. They change while a service runs: whoever is about to use them holds the newest."""

    def __init__(self, secret: Secret, cipher: Cipher = Cipher.AES_GCM_SIV) -> None:
        self._secret = secret
        self._cipher = cipher  # of new keys
        self._sealing = 0
        self._ciphers: dict[int, Aead] = {}
        self._lookups: dict[int, hmac.HMAC] = {}  # the current one first; each has its key hashed, and is copied

    def hold(self, rows: Iterable[Iterable[Any]]) -> None:
        """Take the keys of the database, each with the values of WrappedKey; raises WrongSecret.

        What is held already is not unwrapped again, and what a former key sealed opens as long as this process lives.
        """
        keys = sorted((WrappedKey(*row) for row in rows), key=lambda key: not key.current)
        sealing = [key for key in keys if key.purpose == Purpose.ID_NUMBER]
        lookups = [key for key in keys if key.purpose == Purpose.LOOKUP]
        self._sealing = sealing[0].id
        self._ciphers |= {key.id: self._under(key) for key in sealing if key.id not in self._ciphers}
        self._lookups = {key.id: self._lookups.get(key.id) or _keyed(self._unwrapped(key)) for key in lookups}

    def seal(self, text: str, bound_to: bytes) -> bytes:
        """The text under the current key: key id, nonce, ciphertext and tag; it opens beside `bound_to` only."""
        nonce = os.urandom(NONCE_LENGTH)
        return self.sealing + nonce + self._ciphers[self._sealing].encrypt(nonce, text.encode(), bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> str:
        """The text again; raises UnknownKey, and InvalidTag where it is damaged or was sealed beside something else."""
        key_id, rest = int.from_bytes(sealed[:_KEY_ID_LENGTH]), sealed[_KEY_ID_LENGTH:]
        if key_id not in self._ciphers:
            raise UnknownKey
        return self._ciphers[key_id].decrypt(rest[:NONCE_LENGTH], rest[NONCE_LENGTH:], bound_to).decode()

    @property
    def sealing(self) -> bytes:
        """How everything begins that the current key has sealed."""
        return self._sealing.to_bytes(_KEY_ID_LENGTH)

    def digests(self, number: str) -> list[bytes]:
        """HMAC-SHA256 of an ID number under every key for look-ups, the current one first: two during a rotation."""
        return [_digest(key, number) for key in self._lookups.values()]

    def digest(self, number: str) -> bytes:
        """By which a person is found, 32 bytes; without the key nobody can try numbers against it."""
        return _digest(next(iter(self._lookups.values())), number)

    def sealed(self, number: str) -> tuple[bytes, bytes]:
        """An ID number as a person's row holds it: the digest, and the number sealed beside it."""
        digest = self.digest(number)
        return digest, self.seal(number, digest)

    @property
    def rotates_lookups(self) -> bool:
        """Whether some people are still found by a former key."""
        return len(self._lookups) > 1

    def new_key(self, purpose: str) -> tuple[str | None, bytes]:
        """The cipher of a new key and the key itself, wrapped."""
        cipher = self._cipher if purpose == Purpose.ID_NUMBER else None
        return cipher, self._secret.wrap(cipher.new_key() if cipher else os.urandom(KEY_LENGTH), purpose)

    def wrapped_anew(self, key: WrappedKey) -> bytes:
        """The key under the current secret, be it wrapped under that or the former one."""
        return self._secret.wrap(self._unwrapped(key), key.purpose)

    def _under(self, key: WrappedKey) -> Aead:
        assert key.cipher is not None
        return Cipher(key.cipher).under(self._unwrapped(key))

    def _unwrapped(self, key: WrappedKey) -> bytes:
        return self._secret.unwrap(key.wrapped, key.purpose)


def _keyed(key: bytes) -> hmac.HMAC:
    return hmac.new(key, digestmod="sha256")


def _digest(key: hmac.HMAC, number: str) -> bytes:
    begun = key.copy()
    begun.update(number.encode())
    return begun.digest()
