"""Pages after the Relay specification: keyset cursors, so that no row is skipped or repeated under writes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import strawberry

from schema import ids
from schema.context import Info
from schema.errors import bad_input

T = TypeVar("T")


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there are more edges after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there are more edges before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first edge.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last edge.")


def page_info(cursors: list[str], *, more_before: bool, more_after: bool) -> PageInfo:
    return PageInfo(
        has_next_page=more_after,
        has_previous_page=more_before,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )


def page_size(info: Info, name: str, asked: int | None) -> int:
    """How many edges; the policy says how many unless asked, and how many at most."""
    policy = info.context.policy
    if asked is None:
        return policy.roster_page
    if not 0 <= asked <= policy.page_limit:
        raise bad_input(f"{name} must lie between 0 and {policy.page_limit}")
    return asked


async def forward(
    info: Info,
    kind: str,
    first: int | None,
    after: str | None,
    fetch: Callable[[int | None, int], Awaitable[Sequence[T]]],
    key: Callable[[T], int],
) -> tuple[list[tuple[str, T]], PageInfo]:
    """A page of a list that goes by one number, each item with its cursor.

    `fetch` takes the number to go on after and how many are wanted: one more than shown tells that there are more.
    """
    return await forward_by(
        info,
        (kind, 1),
        first,
        after,
        lambda start, limit: fetch(start[0] if start else None, limit),
        lambda i: (key(i),),
    )


async def forward_by(
    info: Info,
    kind: tuple[str, int],
    first: int | None,
    after: str | None,
    fetch: Callable[[list[int] | None, int], Awaitable[Sequence[T]]],
    key: Callable[[T], tuple[int, ...]],
) -> tuple[list[tuple[str, T]], PageInfo]:
    """The same of a list that goes by as many numbers as its kind says."""
    limit = page_size(info, "first", first)
    start = position(*kind, "after", after)
    found = await fetch(start, limit + 1)
    shown = [(cursor(kind[0], *key(item)), item) for item in found[:limit]]
    where = page_info([text for text, _ in shown], more_before=start is not None, more_after=len(found) > limit)
    return shown, where


def cursor(kind: str, *numbers: int) -> str:
    return ids.pack(kind, *numbers)


def position(kind: str, length: int, name: str, text: str | None) -> list[int] | None:
    """The numbers of a cursor of that list."""
    if text is None:
        return None
    found, *numbers = ids.unpack(text) or ("",)
    if found != kind or len(numbers) != length:
        raise bad_input(f"{name} is not a cursor of this list")
    return [int(number) for number in numbers]
