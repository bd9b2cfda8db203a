"""Pages after the Relay specification: keyset cursors, so that no row is skipped or repeated under writes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import cached_property
from typing import Annotated, Generic, NamedTuple, Protocol, TypeVar

import strawberry

from schema.context import Info
from schema.errors import bad_input
from storage.parts import Part

T = TypeVar("T")
N = TypeVar("N")

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


class Placed(Protocol):
    """An edge, by the list that it is in and where it stands there."""

    @property
    def places(self) -> Places: ...
    @property
    def place(self) -> tuple[int, ...]: ...


def cursor_of(self: Placed) -> str:
    """Made when somebody asks for it: most lists are read without."""
    return self.places.cursor(*self.place)


@strawberry.type(description="Where a page lies in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there are more edges after this page.")
    has_previous_page: bool = strawberry.field(description="Whether there are more edges before this page.")
    edges: strawberry.Private[Sequence[Placed]]

    def __init__(self, edges: Sequence[Placed], more_before: bool, more_after: bool) -> None:
        self.edges, self.has_previous_page, self.has_next_page = edges, more_before, more_after

    @strawberry.field(description="The cursor of the first edge.")
    def start_cursor(self) -> str | None:
        return cursor_of(self.edges[0]) if self.edges else None

    @strawberry.field(description="The cursor of the last edge.")
    def end_cursor(self) -> str | None:
        return cursor_of(self.edges[-1]) if self.edges else None


@strawberry.type(description="An item of a list.")
class Edge(Generic[N]):
    places: strawberry.Private[Places]
    place: strawberry.Private[tuple[int, ...]]
    cursor: str = strawberry.field(description="Where it stands.", resolver=cursor_of)
    node: N = strawberry.field(description="The item.")

    def __init__(self, places: Places, place: tuple[int, ...], node: N) -> None:
        self.places, self.place, self.node = places, place, node


@strawberry.type(name="Connection", description="A page of a list that nobody counts.")
class Uncounted(Generic[N]):
    edges: list[Edge[N]] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")

    def __init__(self, edges: list[Edge[N]], page_info: PageInfo) -> None:
        self.edges, self.page_info = edges, page_info


@strawberry.type(description="A page of a list, and how many the whole list has.")
class Connection(Generic[N]):
    count: strawberry.Private[Callable[[], Awaitable[int]]]
    edges: list[Edge[N]] = strawberry.field(description="The page.")
    page_info: PageInfo = strawberry.field(description="Where the page lies.")

    @strawberry.field(description="How many the whole list has.")
    async def total_count(self) -> int:
        return await self.count()


def size(info: Info, window: Window) -> int:
    """How many edges of a list; the policy says how many unless asked, and how many at most."""
    if window.first is not None and window.last is not None:
        raise bad_input("input.first_or_last")
    name, asked = ("last", window.last) if window.backwards else ("first", window.first)
    return page_size(info, name, asked)


def page_size(info: Info, name: str, asked: int | None) -> int:
    policy = info.context.policy
    if asked is None:
        return policy.roster_page
    if not 0 <= asked <= policy.page_limit:
        raise bad_input("input.between", name=name, least=0, most=policy.page_limit)
    return asked


class Places:
    """The cursors of one list, as one account is given them: of use nowhere else, and altered ones are none."""

    def __init__(self, info: Info, *which: str | int) -> None:
        self.info = info
        self._which = which

    @cached_property
    def cursor(self) -> Callable[..., str]:
        """Makes the cursor of a place from its numbers."""
        return self.info.context.gate.cursors.of(self._of)

    @property
    def _of(self) -> str:
        return ":".join(map(str, (self.info.context.viewer.account_id, *self._which)))

    def position(self, name: str, text: str | None) -> list[int] | None:
        """The numbers of a cursor that was sent; None where none was."""
        if text is None:
            return None
        found = self.info.context.gate.cursors.read(self._of, text)
        if found is None:
            self.info.context.missed.cursors += 1
            raise bad_input("input.cursor", name=name)
        return found


class Listing(NamedTuple, Generic[T]):
    """A list that goes by one number: a part of it, what an item's number is, and how many there are in all."""

    part: Callable[[Part], Awaitable[Sequence[T]]]
    number: Callable[[T], int]
    total: Callable[[], Awaitable[int]]


async def connection(places: Places, window: Window, of: Listing[T], node: Callable[[T], N]) -> Connection[N]:
    """A page of the list, each item as a node."""
    page = await uncounted(places, window, of.part, of.number, node)
    return Connection(count=of.total, edges=page.edges, page_info=page.page_info)


async def uncounted(
    places: Places,
    window: Window,
    fetch: Callable[[Part], Awaitable[Sequence[T]]],
    number: Callable[[T], int],
    node: Callable[[T], N],
) -> Uncounted[N]:
    """A page of a list that goes by one number."""
    part = one_more(places, window)
    found = await fetch(part)
    return shown(part, found, [Edge(places, (number(item),), node(item)) for item in found[: part.limit - 1]])


def one_more(places: Places, window: Window) -> Part:
    """What is fetched for a page: one more than it shows, which tells that there are more."""
    after, before = _number(places, "after", window.after), _number(places, "before", window.before)
    return Part(size(places.info, window) + 1, after, before, window.backwards)


def shown(part: Part, found: Sequence[object], edges: list[Edge[N]]) -> Uncounted[N]:
    """The page, of what was fetched for it, and its edges in that order."""
    more = len(found) == part.limit
    if part.backwards:
        edges.reverse()
        return Uncounted(edges, PageInfo(edges, more, part.before is not None))
    return Uncounted(edges, PageInfo(edges, part.after is not None, more))


def _number(places: Places, name: str, text: str | None) -> int | None:
    if text is None:
        return None
    found = places.position(name, text)
    return found[0] if found else None


def resume_token(info: Info, unit_id: int, number: int) -> str:
    """A place in the events of a unit, from which the account that is given it can go on."""
    return Places(info, _EVENTS, unit_id).cursor(number)


def resumed(info: Info, unit_id: int, text: str | None) -> int | None:
    """The number that a resume token of this unit stands for."""
    return _number(Places(info, _EVENTS, unit_id), "after", text)
