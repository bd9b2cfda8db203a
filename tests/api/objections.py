"""What the tests of objections begin with: people declared dead, and the documents that ask."""

from __future__ import annotations

from typing import Any

from tests.api.money import CHIEF
from tests.api.scenes import Person, account, judged
from tests.world import HANDLER, OFFICER, SCHOOL, World, id_number

PERSON = "zhang-san"
SEEN: dict[str, Any] = {"kind": "WINDOW_VISIT", "document": {"name": "窗口到场记录.pdf", "sha256": "c" * 64}}
PAPER: dict[str, Any] = {"kind": "DOCUMENT", "document": {"name": "户口簿.jpg", "sha256": "d" * 64}}
STATEMENT = "本人健在，死亡记录有误"

OBJECTION = """
fragment Complaint on Objection {
  id kind lane status statement owner outcome reason overdue reportedAs handlerName reportedAt dueAt decidedAt
  verdict { month conclusion } beneficiary { id } proofs { kind document { name sha256 } }
  falseRecords { kind label month } reinstatement { id status months amount }
}
"""
ANSWER = (
    """
fragment Ruled on ObjectionPayload {
  objection { ...Complaint } reinstatement { id status months amount submittedBy } alsoDecided { id }
  missing { code message path } userErrors { code message path beneficiaryId }
}
"""
    + OBJECTION
)
LIST = (
    """
query($status: ObjectionStatus, $lane: ObjectionLane, $overdue: Boolean, $first: Int, $after: String) {
  objections(status: $status, lane: $lane, overdue: $overdue, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ...Complaint } } } }
"""
    + OBJECTION
)


async def mutation(world: World, name: str, given: dict[str, Any], as_: str) -> Any:
    kind = name[0].upper() + name[1:]
    document = f"mutation($i: {kind}Input!) {{ {name}(input: $i) {{ ...Ruled }} }} {ANSWER}"
    return (await world.ask(document, {"i": given}, as_=as_))[name]


async def report(world: World, person: Person, *, as_: str = SCHOOL, **other: Any) -> Any:
    """The payload of a report; a unit's says who handles it."""
    given = {"beneficiaryId": person.node, "kind": "DECLARED_DEAD", "statement": STATEMENT, "proofs": [SEEN]}
    handler = {} if as_ == PERSON else {"handler": HANDLER}
    return await mutation(world, "reportVerdictError", {**given, **handler, **other}, as_)


async def reported(world: World, person: Person, **other: Any) -> Any:
    """The objection that a report makes."""
    payload = await report(world, person, **other)
    assert payload["userErrors"] == []
    return payload["objection"]


async def take(world: World, case: Any, *, as_: str = OFFICER, **other: Any) -> Any:
    return await mutation(world, "takeObjection", {"objectionId": case["id"], **other}, as_)


async def decide(world: World, case: Any, outcome: str = "DATA_WRONG", *, as_: str = OFFICER, **other: Any) -> Any:
    given = {"objectionId": case["id"], "outcome": outcome, "reason": "经核实本人健在", **other}
    return await mutation(world, "decideObjection", given, as_)


async def listed(world: World, *, as_: str = OFFICER, **chosen: Any) -> Any:
    return (await world.ask(LIST, chosen, as_=as_))["objections"]


async def declared_dead(world: World, *more: str) -> list[Person]:
    """DISQUALIFIED for May 2019 by a cremation record, the others as given; two officers, the first one's account."""
    people = await judged(world, "DISQUALIFIED", *more)
    await world.officers(OFFICER, CHIEF)
    await account(world, PERSON, "PERSON", id_number=id_number(people[0].serial))
    return people
