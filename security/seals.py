"""What makes tampering with the audit trail show: a MAC an entry, a chain a unit, a root a day."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TypeAlias
from uuid import UUID

from security.keys import KEY_LENGTH, Secret

BEGINNING = bytes(32)
"""What stands before the first link of a chain."""
PURPOSE = "audit"
_FINGERPRINT_DIGITS = 16

Field: TypeAlias = str | int | bytes | date | UUID | list[int] | None


class Sealer:
    """Vouches for entries, seals and days, under keys that the database's owner does not have.

    The newest key makes new MACs; every one of them checks its own.
    """

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._keys: dict[int, bytes] = {}

    def hold(self, wrapped: Mapping[int, bytes]) -> None:
        """Take the keys as they lie in the database; raises WrongSecret."""
        self._keys = {id: self._secret.unwrap(key, PURPOSE) for id, key in wrapped.items()}

    def new_key(self) -> bytes:
        """A random key as it may lie in the database."""
        return self._secret.wrap(secrets.token_bytes(KEY_LENGTH), PURPOSE)

    def wrapped_anew(self) -> dict[int, bytes]:
        """The keys under the current secret: every MAC stays as it is."""
        return {id: self._secret.wrap(key, PURPOSE) for id, key in self._keys.items()}

    @property
    def key_id(self) -> int:
        return max(self._keys)

    def mac(self, *fields: Field) -> bytes:
        return _mac(self._keys[self.key_id], fields)

    def fits(self, mac: bytes, key_id: int, *fields: Field) -> bool:
        """Whether the MAC is that of the fields under that key."""
        key = self._keys.get(key_id)
        return key is not None and hmac.compare_digest(mac, _mac(key, fields))

    def fingerprint(self, of: str, text: str) -> str:
        """16 hexadecimal digits: the same for the same text as long as the key is, and telling nothing of it.

        `of` says what the text is, and another kind has other fingerprints.
        """
        return self.mac("fingerprint", of, text).hex()[:_FINGERPRINT_DIGITS]


def link(previous: bytes, mac: bytes, id: int) -> bytes:
    """The head of a chain with one more entry."""
    return hashlib.sha256(previous + mac + id.to_bytes(8)).digest()


def root(previous: bytes, day: date, heads: Iterable[tuple[int, bytes]]) -> bytes:
    """The root of a day: over that of the day before, and the head of every chain in the order of the chains."""
    whole = hashlib.sha256(previous + _written(["day", day]))
    for chain, head in heads:
        whole.update(chain.to_bytes(8, signed=True) + head)
    return whole.digest()


def _mac(key: bytes, fields: Iterable[Field]) -> bytes:
    return hmac.digest(key, _written(list(fields)), "sha256")


def _written(fields: list[Field]) -> bytes:
    """Without ambiguity: a JSON array, in which every field keeps its place and its bounds."""
    return _JSON.encode(fields).encode()


def _text(field: object) -> str:
    match field:
        case datetime():
            return field.astimezone(UTC).isoformat(timespec="microseconds")
        case bytes():
            return field.hex()
        case _:
            return str(field)


_JSON = json.JSONEncoder(default=_text, separators=(",", ":"))
