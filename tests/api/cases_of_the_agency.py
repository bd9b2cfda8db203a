"""Objections and reviews that are refused for one reason each: how the world stands, and what is sent."""

from __future__ import annotations

from typing import Any

from schema import ids
from schema.ids import Kind
from tests.api.favours import reviews
from tests.api.money import CHIEF, PASS, stated
from tests.api.objections import PAPER, PERSON, STATEMENT, decide, declared_dead, reported, take
from tests.api.refusals import Case
from tests.api.scenes import account, judged, seen
from tests.world import HANDLER, OFFICER, World, id_number, node_id

REPORT, TAKE, DECIDE = "reportVerdictError", "takeObjection", "decideObjection"
REVIEW = "decideComplianceReview"
HERSELF = "officer-herself"


async def report(world: World, **other: Any) -> dict[str, Any]:
    """A report that nothing stands in the way of, but for what is given."""
    [person] = await declared_dead(world)
    whole = {"beneficiaryId": person.node, "kind": "DECLARED_DEAD", "statement": STATEMENT, "handler": HANDLER}
    return {**whole, **other}


async def unknown(world: World) -> dict[str, Any]:
    return await report(world, beneficiaryId=node_id(10**9))


async def blank_statement(world: World) -> dict[str, Any]:
    return await report(world, statement=" ")


async def alive(world: World) -> dict[str, Any]:
    _, other = await declared_dead(world, "QUALIFIED")
    given = {"beneficiaryId": other.node, "kind": "DECLARED_DEAD", "statement": STATEMENT}
    return {**given, "handler": HANDLER}


async def open_already(world: World) -> dict[str, Any]:
    [person] = await declared_dead(world)
    await reported(world, person)
    return {"beneficiaryId": person.node, "statement": STATEMENT, "handler": HANDLER}


async def no_case(world: World) -> dict[str, Any]:
    await world.officers()
    return {"objectionId": ids.encode(Kind.OBJECTION, 10**9)}


async def decided(world: World) -> dict[str, Any]:
    [person] = await declared_dead(world)
    case = await reported(world, person)
    await decide(world, case)
    return {"objectionId": case["id"]}


async def own(world: World) -> dict[str, Any]:
    [person] = await declared_dead(world)
    await account(world, HERSELF, "OFFICER", district="市南区", id_number=id_number(person.serial))
    return {"objectionId": (await reported(world, person, as_=PERSON))["id"]}


async def ruling(world: World, **other: Any) -> dict[str, Any]:
    """A ruling that nothing stands in the way of, but for what is given."""
    [person] = await declared_dead(world)
    case = await reported(world, person)
    return {"objectionId": case["id"], "outcome": "DATA_WRONG", "reason": "经核实", **other}


async def of_another(world: World) -> dict[str, Any]:
    given = await ruling(world)
    await take(world, {"id": given["objectionId"]}, as_=CHIEF)
    return given


async def blank_reason(world: World) -> dict[str, Any]:
    return await ruling(world, reason="")


async def only_a_paper(world: World) -> dict[str, Any]:
    [person] = await declared_dead(world)
    case = await reported(world, person, proofs=[PAPER])
    return {"objectionId": case["id"], "outcome": "DATA_WRONG", "reason": "经核实"}


async def not_a_record(world: World) -> dict[str, Any]:
    days = ("2019-05-02", "2019-05-03")
    return await ruling(world, falseRecords=[{"kind": "cremation", "occurredOn": day} for day in days])


async def left_out(world: World) -> dict[str, Any]:
    [person] = await declared_dead(world)
    await seen(world, (person, "health", "outpatient_card", "2019-05-10"))
    case = await reported(world, person)
    record = {"kind": "outpatient_card", "occurredOn": "2019-05-10"}
    return {"objectionId": case["id"], "outcome": "DATA_WRONG", "reason": "经核实", "falseRecords": [record]}


async def records_of_a_right_verdict(world: World) -> dict[str, Any]:
    record = {"kind": "cremation", "occurredOn": "2019-05-02"}
    return await ruling(world, outcome="VERDICT_RIGHT", falseRecords=[record])


async def review(world: World, **other: Any) -> dict[str, Any]:
    """A decision of a review that nothing stands in the way of, but for what is given."""
    [person] = await judged(world, "DISQUALIFIED")
    await world.officers()
    await account(world, HERSELF, "OFFICER", district="市南区", id_number=id_number(person.serial))
    await stated(world, person, {**PASS, "reason": "本人到场"})
    [found] = await reviews(world)
    return {"reviewId": found["id"], "outcome": "IN_ORDER", "reason": "已核实", **other}


async def no_review(world: World) -> dict[str, Any]:
    return await review(world, reviewId="x")


async def blank_finding(world: World) -> dict[str, Any]:
    return await review(world, reason=" ")


async def own_ruling(world: World) -> dict[str, Any]:
    """The review of the PASS that the officer's own ruling has given."""
    [person] = await declared_dead(world)
    await decide(world, await reported(world, person))
    [found] = await reviews(world)
    return {"reviewId": found["id"], "outcome": "IN_ORDER", "reason": "已核实"}


CASES: list[Case] = [
    Case("NOT_FOUND", REPORT, "beneficiaryId", unknown),
    Case("REASON_REQUIRED", REPORT, "statement", blank_statement, None),
    Case("NOT_DECLARED_DEAD", REPORT, "kind", alive),
    Case("OBJECTION_OPEN", REPORT, "beneficiaryId", open_already),
    Case("NOT_FOUND", TAKE, "objectionId", no_case, None, OFFICER),
    Case("ALREADY_DECIDED", TAKE, "objectionId", decided, None, OFFICER),
    Case("OWN_CASE", TAKE, "objectionId", own, None, HERSELF),
    Case("NOT_THE_OWNER", DECIDE, "objectionId", of_another, None, OFFICER),
    Case("REASON_REQUIRED", DECIDE, "reason", blank_reason, None, OFFICER),
    Case("PROOF_REQUIRED", DECIDE, "proofs", only_a_paper, None, OFFICER),
    Case("INVALID_RECORD", DECIDE, "falseRecords.1", not_a_record, None, OFFICER),
    Case("INVALID_RECORD", DECIDE, "falseRecords", left_out, None, OFFICER),
    Case("INVALID_RECORD", DECIDE, "falseRecords", records_of_a_right_verdict, None, OFFICER),
    Case("NOT_FOUND", REVIEW, "reviewId", no_review, None, OFFICER),
    Case("REASON_REQUIRED", REVIEW, "reason", blank_finding, None, OFFICER),
    Case("OWN_CASE", REVIEW, "reviewId", review, None, HERSELF),
    Case("REVIEWER_IS_SUBMITTER", REVIEW, "reviewId", own_ruling, None, OFFICER),
]
