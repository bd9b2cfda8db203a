"""Counting calls: what the tests of bounded work assert, never a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def heard(calls: list[Any], function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, whose every call leaves its arguments in the list."""

    def hearing(*arguments: Any, **named: Any) -> Any:
        calls.append(arguments)
        return function(*arguments, **named)

    return hearing
