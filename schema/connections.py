"""Pages after the Relay specification: keyset cursors, so that no row is skipped or repeated under writes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import strawberry

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


class Places:
    """The cursors of one list, as one account is given them: of use nowhere else, and altered ones are none."""

    def __init__(self, info: Info, *which: str | int) -> None:
        self._cursors = info.context.gate.cursors
        self._of = ":".join(map(str, (info.context.viewer.account_id, *which)))

    def cursor(self, *numbers: int) -> str:
        return self._cursors.made(self._of, numbers)

    def position(self, name: str, text: str | None) -> list[int] | None:
        """The numbers of a cursor that was sent; None where none was."""
        if text is None:
            return None
        found = self._cursors.read(self._of, text)
        if found is None:
            raise bad_input(f"{name} is not a cursor of this list; leave it out to begin at its start")
        return found


async def forward(
    info: Info,
    places: Places,
    first: int | None,
    after: str | None,
    fetch: Callable[[int | None, int], Awaitable[Sequence[T]]],
    key: Callable[[T], int],
) -> tuple[list[tuple[str, T]], PageInfo]:
    """A page of a list that goes by one number, each item with its cursor.

    `fetch` takes the number to go on after and how many are wanted: one more than shown tells that there are more.
    """
    limit = page_size(info, "first", first)
    start = places.position("after", after)
    found = await fetch(start[0] if start else None, limit + 1)
    shown = [(places.cursor(key(item)), item) for item in found[:limit]]
    where = page_info([text for text, _ in shown], more_before=start is not None, more_after=len(found) > limit)
    return shown, where
