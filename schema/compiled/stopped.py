"""What the database has stopped because it took too long: it is told of once more, and not waited for once more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn, TypeAlias

from graphql import GraphQLResolveInfo
from graphql.execution.middleware import MiddlewareManager

TIME_OUTS = ("57014", "55P03")
"""PostgreSQL's codes of a statement that was cancelled, and of one that has waited too long for a lock."""

Path: TypeAlias = "tuple[str | int, ...]"
Place: TypeAlias = "tuple[dict[str, Any], str, Exception]"
"""A field by the object of the answer that it is in and its key there, and what it ended with."""


class Stopped(Exception):
    """Fields whose statements took too long; whatever else was asked beside them has ended."""

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__()
        self.places = places
        self.paths: dict[Path, Exception] = {}
        """The fields by their place in the whole answer, once that was looked through."""

    def within(self, data: dict[str, Any]) -> Stopped:
        """The same, its places known in that answer: it holds everything that came."""
        self.paths = dict(_paths(data, (), self.places))
        return self


def took_too_long(error: Exception) -> bool:
    return getattr(error, "sqlstate", None) in TIME_OUTS


def together(failures: Sequence[BaseException]) -> BaseException:
    """All that took too long; where nothing did, the first failure."""
    stopped = [failure for failure in failures if isinstance(failure, Stopped)]
    return Stopped([place for one in stopped for place in one.places]) if stopped else failures[0]


def retelling(failed: Mapping[Path, Exception]) -> MiddlewareManager:
    """For the ordinary executor: these fields end as they have ended, and are not asked again."""

    def field(asked: Callable[..., Any], of: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        error = failed.get(tuple(info.path.as_list()))
        return asked(of, info, **arguments) if error is None else _again(error)

    return MiddlewareManager(field)


async def _again(error: Exception) -> NoReturn:
    raise error


def _paths(value: Any, path: Path, places: Sequence[Place]) -> Iterator[tuple[Path, Exception]]:
    if isinstance(value, dict):
        yield from (((*path, key), error) for answer, key, error in places if answer is value)
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from _paths(child, (*path, key), places)
