"""Asynchronous fields: resolved side by side, so that loaders gather what they ask for into single statements."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, TypeAlias

from schema.compiled.side_by_side import side_by_side
from schema.compiled.stopped import Stopped, together, took_too_long

Later: TypeAlias = "list[tuple[Coroutine[Any, Any, Any], dict[str, Any], str, Complete]]"
"""What is not there yet: the resolver's coroutine, the object and key it is for, and what completes its value."""

Complete: TypeAlias = Callable[[Any, Later], Any]


async def finished(later: Later) -> None:
    """Wait for all of it. Whatever fails, everything has ended before the first failure is raised."""
    if len(later) == 1:
        await _one(*later[0])
        return
    if failures := await side_by_side([_one(*waiting) for waiting in later]):
        raise together(failures)


async def _one(coroutine: Coroutine[Any, Any, Any], answer: dict[str, Any], key: str, complete: Complete) -> None:
    try:
        value = await coroutine
    except Exception as error:
        if took_too_long(error):
            raise Stopped([(answer, key, error)]) from error
        raise
    later: Later = []
    answer[key] = completed(complete, value, later)
    if later:
        await finished(later)


def completed(complete: Complete, value: Any, later: Later) -> Any:
    """The value as the answer has it; where that fails, nothing that it began stays behind."""
    try:
        return complete(value, later)
    except BaseException:
        for coroutine, *_ in later:
            coroutine.close()
        raise
