"""The roster as a client reads it: pages, filters, counts."""

from __future__ import annotations

from typing import Any

from tests.api.scenes import Person
from tests.world import SCHOOL, World

ROSTER = """
query Roster($category: BeneficiaryCategory! = RETIREE, $conclusion: [Conclusion!], $attention: RosterAttention,
             $search: String, $includeTerminated: Boolean! = false,
             $first: Int, $after: String, $last: Int, $before: String) {
  unit {
    beneficiaries(category: $category, conclusion: $conclusion, attention: $attention, search: $search,
                  includeTerminated: $includeTerminated, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      edges { cursor node { id name verdict { conclusion } } }
    }
  }
}
"""
SUMMARY = """
query($category: BeneficiaryCategory) { unit { summary(category: $category) {
  total disqualified pending qualified unanswered lapsingSoon lapsed suspended contactIncomplete confirmationOverdue
} } }
"""


async def roster(world: World, *, as_: str = SCHOOL, **chosen: Any) -> Any:
    """A page of the unit's own roster."""
    return (await world.ask(ROSTER, chosen, as_=as_))["unit"]["beneficiaries"]


async def summary(world: World, category: str | None = None) -> dict[str, int]:
    given = {} if category is None else {"category": category}
    counted: dict[str, int] = (await world.ask(SUMMARY, given))["unit"]["summary"]
    return counted


def shown(page: Any) -> list[str]:
    """The ids of a page."""
    return [edge["node"]["id"] for edge in page["edges"]]


def nodes(*people: Person) -> list[str]:
    return [person.node for person in people]


def joined(pages: list[list[str]]) -> list[str]:
    return [id for page in pages for id in page]


async def walked(world: World, *, backwards: bool = False, **chosen: Any) -> list[list[str]]:
    """Every page of a list in reading order, from the first on or from the last back."""
    size, towards, end, more = (
        ("last", "before", "startCursor", "hasPreviousPage")
        if backwards
        else ("first", "after", "endCursor", "hasNextPage")
    )
    found: list[list[str]] = []
    given = {size: 20, **chosen}
    for _ in range(20):
        page = await roster(world, **given)
        found.append(shown(page))
        if not page["pageInfo"][more]:
            return found[::-1] if backwards else found
        given[towards] = page["pageInfo"][end]
    raise AssertionError("the pages do not end")
