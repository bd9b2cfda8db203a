"""What makes a cursor good for one list and one account alone, and opaque: a short MAC, and the place under it."""

from __future__ import annotations

import base64
import hmac
from hashlib import shake_256

from security.keys import Secret

_LENGTH = 9  # bytes of the MAC: nobody tries 2^72, and with it a cursor needs no padding
_LARGEST = 2**62  # well within a bigint, its successor included
_LONGEST = 100  # characters


class Cursors:
    """Makes and reads cursors, under one key for all workers; with another SECRET_KEY lists begin anew."""

    def __init__(self, secret: Secret) -> None:
        self._key = secret.derived("cursors")

    def made(self, of: str, numbers: tuple[int, ...]) -> str:
        """The cursor of a place in a list; `of` names the list and the account."""
        place = ":".join(map(str, numbers))
        mac = hmac.digest(self._key, f"{of}:{place}".encode(), "sha256")
        return base64.urlsafe_b64encode(mac[:_LENGTH] + self._veiled(mac[:_LENGTH], place.encode())).decode()

    def read(self, of: str, text: str) -> list[int] | None:
        """The place; None where this list has never shown that cursor to this account."""
        if not text.isascii() or len(text) > _LONGEST:
            return None
        try:
            sent = base64.b64decode(text, altchars=b"-_", validate=True)
            place = self._veiled(sent[:_LENGTH], sent[_LENGTH:]).decode("ascii").split(":")
        except ValueError:
            return None
        if not all(number.isdigit() and int(number) <= _LARGEST for number in place):
            return None
        numbers = [int(number) for number in place]
        return numbers if hmac.compare_digest(self.made(of, tuple(numbers)), text) else None

    def _veiled(self, mac: bytes, place: bytes) -> bytes:
        """The place as nobody else reads it, or back again: under a stream that no other MAC has."""
        stream = shake_256(self._key + b"veil" + mac).digest(len(place))
        return bytes(one ^ other for one, other in zip(place, stream, strict=True))
