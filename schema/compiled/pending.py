"""Asynchronous fields: resolved side by side, so that loaders gather what they ask for into single statements."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, NoReturn, TypeAlias

from schema.compiled.side_by_side import side_by_side
from schema.compiled.stopped import Stopped, together, took_too_long
from schema.loading import Gathering, Loading

Later: TypeAlias = "list[tuple[Coroutine[Any, Any, Any] | Loading[Any], dict[str, Any], str, Complete]]"
"""What is not there yet: what the resolver gave, the object and key it is for, and what completes its value."""

Complete: TypeAlias = Callable[[Any, Later], Any]


async def finished(later: Later) -> None:
    """Wait for all of it. Whatever fails, everything has ended before the first failure is raised."""
    running = _running(later)
    if len(running) == 1:
        await running[0]
    elif failures := await side_by_side(running):
        raise together(failures)


def _running(later: Later) -> list[Coroutine[Any, Any, None]]:
    running: list[Coroutine[Any, Any, None]] = []
    loading: dict[Gathering, Later] = {}
    for waiting in later:
        value = waiting[0]
        if isinstance(value, Loading):
            loading.setdefault(value.loader, []).append(waiting)
        else:
            running.append(_one(value, waiting))
    return [*running, *(_gathered(loader, those) for loader, those in loading.items())]


async def _one(coroutine: Coroutine[Any, Any, Any], waiting: Any) -> None:
    try:
        value = await coroutine
    except Exception as error:
        _raise(error, [waiting])
    await _filled([waiting], [value])


async def _gathered(loader: Gathering, waiting: Later) -> None:
    """All that one loader brings them, by one question."""
    loadings: list[Any] = [one[0] for one in waiting]
    try:
        brought = await loader.all([one.key for one in loadings])
    except Exception as error:
        _raise(error, waiting)
    await _filled(waiting, (one.made(found) for one, found in zip(loadings, brought, strict=True)))


def _raise(error: Exception, waiting: Later) -> NoReturn:
    if took_too_long(error):
        raise Stopped([(answer, key, error) for _, answer, key, _ in waiting]) from error
    raise error


async def _filled(waiting: Later, values: Iterable[Any]) -> None:
    """Each value in its place, and whatever these wait for in turn."""
    later: Later = []
    try:
        for (_, answer, key, complete), value in zip(waiting, values, strict=True):
            answer[key] = complete(value, later)
    except BaseException:
        _given_up(later)
        raise
    if later:
        await finished(later)


def completed(complete: Complete, value: Any, later: Later) -> Any:
    """The value as the answer has it; where that fails, nothing that it began stays behind."""
    try:
        return complete(value, later)
    except BaseException:
        _given_up(later)
        raise


def _given_up(later: Later) -> None:
    for value, *_ in later:
        if isinstance(value, Coroutine):
            value.close()
