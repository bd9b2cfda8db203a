"""What makes a cursor good for one list and one account alone, and opaque: a short MAC, and the place under it."""

from __future__ import annotations

import base64
import hmac
from binascii import b2a_base64
from collections.abc import Callable
from hashlib import blake2b

from security.keys import Secret

_LENGTH = 9  # bytes of the MAC: nobody tries 2^72, and it needs no padding of its own
_LARGEST = 2**62  # well within a bigint, its successor included
_LONGEST = 100  # characters
_MOST = 3  # numbers of a place
_FORMS = [b":".join([b"%d"] * length) for length in range(_MOST + 1)]
"""How a place of so many numbers is written."""
_PLACE = 64  # bytes at most: two numbers of nineteen digits have 39


class Cursors:
    """Makes and reads cursors, under one key for all workers; with another SECRET_KEY lists begin anew.

    The MAC is BLAKE2b with a key, over the list and the place; the place goes under a stream that only this list has:
    it is no secret, but nobody is to read it, and build on it.
    """

    def __init__(self, secret: Secret) -> None:
        self._key = secret.derived("cursors")

    def of(self, list_: str) -> Callable[..., str]:
        """Makes the cursors of a list, from the numbers of a place; `list_` names it and the account."""
        begun = blake2b(f"{list_}:".encode(), key=self._key, digest_size=_LENGTH, person=b"place")
        veils = _Veils(self._stream(list_))

        def made(*numbers: int) -> str:  # twenty times a page: what it does stands here in full
            place = _FORMS[len(numbers)] % numbers
            length = len(place)
            told = begun.copy()
            told.update(place)
            veiled = (int.from_bytes(place) ^ veils[length]).to_bytes(length)
            return b2a_base64(told.digest() + veiled, newline=False).translate(_SAFE).decode()

        return made

    def made(self, of: str, numbers: tuple[int, ...]) -> str:
        """The cursor of a place in a list."""
        return self.of(of)(*numbers)

    def read(self, of: str, text: str) -> list[int] | None:
        """The place; None where this list has never shown that cursor to this account."""
        if not text.isascii() or len(text) > _LONGEST:
            return None
        try:
            sent = base64.b64decode(text, altchars=b"-_", validate=True)
            veiled = sent[_LENGTH:]
            seen = int.from_bytes(veiled) ^ _Veils(self._stream(of))[len(veiled)]
            place = seen.to_bytes(len(veiled)).decode("ascii").split(":")
        except ValueError:
            return None
        if len(place) > _MOST or not all(number.isdigit() and int(number) <= _LARGEST for number in place):
            return None
        numbers = [int(number) for number in place]
        return numbers if hmac.compare_digest(self.made(of, tuple(numbers)), text) else None

    def _stream(self, list_: str) -> int:
        return int.from_bytes(blake2b(list_.encode(), key=self._key, digest_size=_PLACE, person=b"veil").digest())


class _Veils(dict[int, int]):
    """What turns a place of so many bytes into what nobody else reads, and back again: the beginning of a stream."""

    def __init__(self, stream: int) -> None:
        super().__init__()
        self._stream = stream

    def __missing__(self, length: int) -> int:
        self[length] = veil = self._stream >> 8 * (_PLACE - length)
        return veil


_SAFE = bytes.maketrans(b"+/", b"-_")
