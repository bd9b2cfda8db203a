"""Pages after the Relay specification: keyset cursors, so that no row is skipped or repeated under writes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Annotated, NamedTuple, TypeVar

import strawberry

from schema.context import Info
from schema.errors import bad_input
from storage.parts import Part

T = TypeVar("T")

First = Annotated[int | None, strawberry.argument(description="How many, 20 unless given, 200 at most.")]
After = Annotated[str | None, strawberry.argument(description="Go on after this cursor.")]
Last = Annotated[int | None, strawberry.argument(description="How many, from the end.")]
Before = Annotated[str | None, strawberry.argument(description="Only rows before this cursor.")]


class Window(NamedTuple):
    """What of a list is asked for, as Relay's four arguments say it."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    @property
    def backwards(self) -> bool:
        return self.last is not None


_EVENTS = "events"


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


def size(info: Info, window: Window) -> int:
    """How many edges of a list; the policy says how many unless asked, and how many at most."""
    if window.first is not None and window.last is not None:
        raise bad_input("give first or last, not both")
    name, asked = ("last", window.last) if window.backwards else ("first", window.first)
    return page_size(info, name, asked)


def page_size(info: Info, name: str, asked: int | None) -> int:
    policy = info.context.policy
    if asked is None:
        return policy.roster_page
    if not 0 <= asked <= policy.page_limit:
        raise bad_input(f"{name} must lie between 0 and {policy.page_limit}")
    return asked


class Places:
    """The cursors of one list, as one account is given them: of use nowhere else, and altered ones are none."""

    def __init__(self, info: Info, *which: str | int) -> None:
        self.info = info
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
            self.info.context.missed.cursors += 1
            raise bad_input(f"{name} is not a cursor of this list; leave it out to begin at its start")
        return found


async def page(
    places: Places,
    window: Window,
    fetch: Callable[[Part], Awaitable[Sequence[T]]],
    key: Callable[[T], int],
) -> tuple[list[tuple[str, T]], PageInfo]:
    """A page of a list that goes by one number, each item with its cursor.

    One more is fetched than shown: it tells that there are more.
    """
    part = _part(places, window)
    found = await fetch(replace(part, limit=part.limit + 1))
    shown = [(places.cursor(key(item)), item) for item in found[: part.limit]]
    if part.backwards:
        shown.reverse()
    more, cursors = len(found) > part.limit, [text for text, _ in shown]
    if part.backwards:
        return shown, page_info(cursors, more_before=more, more_after=part.before is not None)
    return shown, page_info(cursors, more_before=part.after is not None, more_after=more)


def _part(places: Places, window: Window) -> Part:
    after, before = _number(places, "after", window.after), _number(places, "before", window.before)
    return Part(size(places.info, window), after, before, window.backwards)


def _number(places: Places, name: str, text: str | None) -> int | None:
    found = places.position(name, text)
    return found[0] if found else None


def resume_token(info: Info, unit_id: int, number: int) -> str:
    """A place in the events of a unit, from which the account that is given it can go on."""
    return Places(info, _EVENTS, unit_id).cursor(number)


def resumed(info: Info, unit_id: int, text: str | None) -> int | None:
    """The number that a resume token of this unit stands for."""
    return _number(Places(info, _EVENTS, unit_id), "after", text)
