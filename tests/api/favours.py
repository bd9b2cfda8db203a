"""What the tests of compliance reviews ask, and the pages that units pass."""

from __future__ import annotations

from typing import Any

from resolvers import signals
from tests.api.scenes import Person
from tests.world import HANDLER, OFFICER, SCHOOL, World

REVIEW = """
fragment Review on ComplianceReview {
  id kind status month unit { siNumber } beneficiary { id } certification { method result } facts { name value }
  openedAt outcome reason decidedBy decidedAt answerBy answerAgain
}
"""
LIST = (
    """
query($kind: ComplianceReviewKind, $status: ComplianceReviewStatus, $answerAgain: AnswerAgainStatus, $first: Int,
      $after: String) {
  complianceReviews(kind: $kind, status: $status, answerAgain: $answerAgain, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { ...Review } } } }
"""
    + REVIEW
)
DECIDE = (
    """
mutation($i: DecideComplianceReviewInput!) { decideComplianceReview(input: $i) {
  review { ...Review } userErrors { code message path } } }
"""
    + REVIEW
)


async def reviews(world: World, *, as_: str = OFFICER, **chosen: Any) -> list[Any]:
    """The queue, whose count is that of the list."""
    page = (await world.ask(LIST, {"first": 200, **chosen}, as_=as_))["complianceReviews"]
    assert page["totalCount"] == len(page["edges"])
    return [edge["node"] for edge in page["edges"]]


async def found(world: World, *, as_: str = OFFICER) -> dict[str, int]:
    """Look for signals; how many reviews of each kind there are now."""
    await signals.run(world.context())
    kinds = [review["kind"] for review in await reviews(world, as_=as_)]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


async def decide(world: World, review: Any, outcome: str, *, as_: str = OFFICER, **other: Any) -> Any:
    given = {"reviewId": review["id"], "outcome": outcome, "reason": "已入户核实", **other}
    return (await world.ask(DECIDE, {"i": given}, as_=as_))["decideComplianceReview"]


async def passed(world: World, people: list[Person], *, as_: str = SCHOOL, **other: Any) -> Any:
    """The payload of a batch pass of these people."""
    given = {"page": [{"beneficiaryId": person.node} for person in people], "handler": HANDLER, **other}
    return await world.act("batchPass", given, as_=as_)
