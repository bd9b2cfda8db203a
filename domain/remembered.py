"""What is made of a few values again and again: made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(dict[K, V]):
    """What was made of a value; made where it is not there yet. One that holds as many as it may begins anew."""

    def __init__(self, made: Callable[[K], V], *, most: int = 10_000) -> None:
        super().__init__()
        self._made = made
        self._most = most

    def __missing__(self, value: K) -> V:
        if len(self) >= self._most:
            self.clear()
        self[value] = found = self._made(value)
        return found
