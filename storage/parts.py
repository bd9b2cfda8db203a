"""A part of a list that goes by one number: as SQL, or of a list that is at hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

T = TypeVar("T")


class Part(NamedTuple):
    """Entries behind `after` and ahead of `before`: the first `limit` of them, or the last, these from the end on."""

    limit: int
    after: int | None = None
    before: int | None = None
    backwards: bool = False

    @property
    def values(self) -> tuple[int | None, int | None, int]:
        """What `stretch` takes, in its order."""
        return self.after, self.before, self.limit

    def stretch(self, column: str, place: int, *, newest_first: bool = False, bound: str = "{}") -> str:
        """The condition, order and limit; its three values stand from `$place` on.

        `bound` makes of a value what the column holds, so that an index of the column gives the order.
        """
        behind, ahead = ("<", ">") if newest_first else (">", "<")
        return f"""(${place}::bigint IS NULL OR {column} {behind} {bound.format(f"${place}")})
                   AND (${place + 1}::bigint IS NULL OR {column} {ahead} {bound.format(f"${place + 1}")})
                   ORDER BY {column} {self.order(newest_first)} LIMIT ${place + 2}"""

    def order(self, newest_first: bool) -> str:
        return "DESC" if newest_first != self.backwards else "ASC"

    def of(self, items: Sequence[T], number: Callable[[T], int]) -> list[T]:
        """Its items of a list in the order of their numbers."""
        behind = [item for item in items if self.after is None or number(item) > self.after]
        found = [item for item in behind if self.before is None or number(item) < self.before]
        return (found[::-1] if self.backwards else found)[: self.limit]
