"""Acts about money that are refused for one reason each: how the world stands, and what is sent."""

from datetime import timedelta
from typing import Any

from tests.api.money import CHIEF, DEATH, PASS, asked, ended, overpaid, settle, stated, suspended, withdraw
from tests.api.refusals import Case
from tests.api.scenes import account, qualified, unit_of
from tests.world import BUREAU, DOCUMENT, HANDLER, OFFICER, SCHOOL, World, node_id

REQUEST, REVIEW = "requestReinstatement", "reviewReinstatement"
WITHDRAW, SETTLE = "withdrawReinstatement", "settleOverpayment"
OTHER = {"name": "村委会证明.pdf", "sha256": "b" * 64}


async def founded(world: World, **other: Any) -> dict[str, Any]:
    """A request that nothing stands in the way of, but for what is given."""
    person = await suspended(world)
    papers = {"statement": "本人健在，申请恢复", "documents": [DOCUMENT], "handler": HANDLER}
    return {"beneficiaryId": person.node, **papers, **other}


async def open_case(world: World, **other: Any) -> dict[str, Any]:
    """A review, by another officer than the one who submitted the case."""
    case = await asked(world, await suspended(world), as_=CHIEF)
    return {"reinstatementId": case["id"], "approve": True, **other}


async def debt(world: World, kind: str, amount: str, **other: Any) -> dict[str, Any]:
    """A settlement of 9000.00."""
    [person] = await overpaid(world)
    return {"beneficiaryId": person.node, "kind": kind, "amount": amount, **other}


async def unknown(world: World) -> dict[str, Any]:
    return {**await founded(world), "beneficiaryId": node_id(10**9)}


async def of_a_unit(world: World) -> dict[str, Any]:
    return {**await founded(world), "beneficiaryId": await unit_of(world, SCHOOL)}


async def foreign(world: World) -> dict[str, Any]:
    given = await founded(world)
    await world.units(BUREAU)
    return {**given, "beneficiaryId": node_id(await world.enrol(50, unit=BUREAU))}


async def blank_statement(world: World) -> dict[str, Any]:
    return await founded(world, statement=" \u3000\n")


async def long_statement(world: World) -> dict[str, Any]:
    return await founded(world, statement="因" * 501)


async def unprintable_statement(world: World) -> dict[str, Any]:
    return await founded(world, statement="本人\u0000健在")


async def no_document(world: World) -> dict[str, Any]:
    return await founded(world, documents=[])


async def too_many_documents(world: World) -> dict[str, Any]:
    return await founded(world, documents=[{"name": f"{n}.pdf", "sha256": f"{n:064x}"} for n in range(21)])


async def nameless_document(world: World) -> dict[str, Any]:
    return await founded(world, documents=[{**DOCUMENT, "name": "\u3000"}])


async def long_name(world: World) -> dict[str, Any]:
    return await founded(world, documents=[DOCUMENT, {**OTHER, "name": "名" * 201}])


async def short_sum(world: World) -> dict[str, Any]:
    return await founded(world, documents=[DOCUMENT, {**OTHER, "sha256": "b" * 63}])


async def no_sum(world: World) -> dict[str, Any]:
    return await founded(world, documents=[{**OTHER, "sha256": "g" * 64}])


async def wide_sum(world: World) -> dict[str, Any]:
    return await founded(world, documents=[{**OTHER, "sha256": "\uff11" * 64}])


async def the_same_document_twice(world: World) -> dict[str, Any]:
    return await founded(world, documents=[OTHER, DOCUMENT, {"name": "又一份.pdf", "sha256": "B" * 64}])


async def nameless_handler(world: World) -> dict[str, Any]:
    return await founded(world, handler={"name": "  ", "contact": "0532-85911234"})


async def unreachable_handler(world: World) -> dict[str, Any]:
    return await founded(world, handler={"name": "李经办", "contact": ""})


async def long_handler(world: World) -> dict[str, Any]:
    return await founded(world, handler={"name": "李" * 101, "contact": "0532-85911234"})


async def second_case(world: World) -> dict[str, Any]:
    given = await founded(world)
    await world.ask(
        "mutation($i: RequestReinstatementInput!) { requestReinstatement(input: $i) { userErrors { code } } }",
        {"i": given},
    )
    return given


async def still_failed(world: World) -> dict[str, Any]:
    person = await suspended(world, passed=False)
    return {"beneficiaryId": person.node, "statement": "本人健在", "documents": [DOCUMENT], "handler": HANDLER}


async def lapsed_and_not_passed(world: World) -> dict[str, Any]:
    await world.units()
    id = await world.at("2019-06-05").enrol(certified_in="2019-06")
    await world.payroll("2020-06", "2020-07")
    papers = {"statement": "本人健在", "documents": [DOCUMENT], "handler": HANDLER}
    return {"beneficiaryId": node_id(id), **papers}


async def nothing_missed(world: World) -> dict[str, Any]:
    [person] = await qualified(world)
    return {"beneficiaryId": person.node, "statement": "本人健在", "documents": [DOCUMENT], "handler": HANDLER}


async def terminated(world: World) -> dict[str, Any]:
    person = await suspended(world)
    await ended(world, person, "2019-06-09")
    return {"beneficiaryId": person.node, "statement": "本人健在", "documents": [DOCUMENT], "handler": HANDLER}


async def empty_key(world: World) -> dict[str, Any]:
    return await founded(world, idempotencyKey="")


async def reused_key(world: World) -> dict[str, Any]:
    person = await suspended(world)
    await asked(world, person, idempotencyKey="k-1")
    papers = {"statement": "另一说明", "documents": [DOCUMENT], "handler": HANDLER}
    return {"beneficiaryId": person.node, **papers, "idempotencyKey": "k-1"}


async def no_case(world: World) -> dict[str, Any]:
    person = await suspended(world)
    return {"reinstatementId": person.node, "approve": True}


async def case_of_another_district(world: World) -> dict[str, Any]:
    given = await open_case(world)
    await account(world, "officer-chengyang", "OFFICER", district="城阳区")
    return given


async def reviewed(world: World) -> dict[str, Any]:
    given = await open_case(world)
    await world.review(given["reinstatementId"])
    return {**given, "approve": False, "reason": "材料不足"}


async def withdrawn(world: World) -> dict[str, Any]:
    given = await open_case(world)
    await withdraw(world, given["reinstatementId"], as_=CHIEF)
    return given


async def to_review_yesterday(world: World) -> dict[str, Any]:
    given = await open_case(world)
    world.clock.instant -= timedelta(days=1)
    return given


async def to_withdraw_yesterday(world: World) -> dict[str, Any]:
    case = await asked(world, await suspended(world))
    world.clock.instant -= timedelta(days=1)
    return {"reinstatementId": case["id"]}


async def own_case(world: World) -> dict[str, Any]:
    case = await asked(world, await suspended(world), as_=OFFICER)
    return {"reinstatementId": case["id"], "approve": True}


async def own_case_to_reject(world: World) -> dict[str, Any]:
    return {**await own_case(world), "approve": False, "reason": "本人撤回"}


async def rejected_without_reason(world: World) -> dict[str, Any]:
    return await open_case(world, approve=False, reason=" \u3000")


async def long_reason(world: World) -> dict[str, Any]:
    return await open_case(world, reason="因" * 501)


async def failed_since(world: World) -> dict[str, Any]:
    person = await suspended(world)
    case = await asked(world, person)
    await stated(world, person, {**DEATH, "occurredOn": "2019-07-09"})
    return {"reinstatementId": case["id"], "approve": True}


async def terminated_since(world: World) -> dict[str, Any]:
    person = await suspended(world)
    case = await asked(world, person)
    await ended(world, person, "2019-04-09")
    return {"reinstatementId": case["id"], "approve": True}


async def to_withdraw(world: World) -> dict[str, Any]:
    person = await suspended(world)
    case = await asked(world, person)
    await world.review(case["id"])
    return {"reinstatementId": case["id"]}


async def no_case_to_withdraw(world: World) -> dict[str, Any]:
    await suspended(world)
    return {"reinstatementId": "x"}


async def nobody(world: World) -> dict[str, Any]:
    return {**await debt(world, "INSTALMENT", "100.00"), "beneficiaryId": node_id(10**9)}


async def nothing_owed(world: World) -> dict[str, Any]:
    person = await suspended(world)
    await stated(world, person, PASS)
    return {"beneficiaryId": person.node, "kind": "INSTALMENT", "amount": "100.00"}


async def paid_back_already(world: World) -> dict[str, Any]:
    [person] = await overpaid(world)
    await settle(world, person, "PAID_BACK", "9000.00")
    return {"beneficiaryId": person.node, "kind": "INSTALMENT", "amount": "0.01"}


async def above_the_rest(world: World) -> dict[str, Any]:
    return await debt(world, "INSTALMENT", "9000.01")


async def nothing_at_all(world: World) -> dict[str, Any]:
    return await debt(world, "INSTALMENT", "0.00")


async def not_all_of_it(world: World) -> dict[str, Any]:
    return await debt(world, "PAID_BACK", "8999.99")


async def waived_without_reason(world: World) -> dict[str, Any]:
    return await debt(world, "WAIVED", "9000.00", reason="  ")


async def unprintable_reason(world: World) -> dict[str, Any]:
    return await debt(world, "WAIVED", "9000.00", reason="家庭\u0007困难")


ROW = "beneficiaryId"
CASES = [
    Case("NOT_FOUND", REQUEST, ROW, unknown),
    Case("NOT_FOUND", REQUEST, ROW, of_a_unit),
    Case("NOT_FOUND", REQUEST, ROW, foreign),
    Case("REASON_REQUIRED", REQUEST, "statement", blank_statement),
    Case("INVALID_TEXT", REQUEST, "statement", long_statement),
    Case("INVALID_TEXT", REQUEST, "statement", unprintable_statement),
    Case("DOCUMENT_REQUIRED", REQUEST, "documents", no_document),
    Case("TOO_MANY_ROWS", REQUEST, "documents", too_many_documents),
    Case("INVALID_DOCUMENT", REQUEST, "documents.0.name", nameless_document),
    Case("INVALID_DOCUMENT", REQUEST, "documents.1.name", long_name),
    Case("INVALID_DOCUMENT", REQUEST, "documents.1.sha256", short_sum),
    Case("INVALID_DOCUMENT", REQUEST, "documents.0.sha256", no_sum),
    Case("INVALID_DOCUMENT", REQUEST, "documents.0.sha256", wide_sum),
    Case("DUPLICATE_ROW", REQUEST, "documents.2.sha256", the_same_document_twice),
    Case("HANDLER_REQUIRED", REQUEST, "handler.name", nameless_handler, None),
    Case("HANDLER_REQUIRED", REQUEST, "handler.contact", unreachable_handler, None),
    Case("INVALID_TEXT", REQUEST, "handler.name", long_handler, None),
    Case("REINSTATEMENT_OPEN", REQUEST, ROW, second_case),
    Case("PASS_REQUIRED_FIRST", REQUEST, ROW, still_failed),
    Case("PASS_REQUIRED_FIRST", REQUEST, ROW, lapsed_and_not_passed),
    Case("NOTHING_TO_REINSTATE", REQUEST, ROW, nothing_missed),
    Case("ALREADY_TERMINATED", REQUEST, ROW, terminated),
    Case("INVALID_TEXT", REQUEST, "idempotencyKey", empty_key, None),
    Case("IDEMPOTENCY_KEY_REUSED", REQUEST, "idempotencyKey", reused_key, None),
    Case("NOT_FOUND", REVIEW, "reinstatementId", no_case, None, OFFICER),
    Case("NOT_FOUND", REVIEW, "reinstatementId", case_of_another_district, None, "officer-chengyang"),
    Case("ALREADY_REVIEWED", REVIEW, "reinstatementId", reviewed, None, OFFICER),
    Case("ALREADY_REVIEWED", REVIEW, "reinstatementId", withdrawn, None, OFFICER),
    Case("CLOCK_BEHIND", REVIEW, "reinstatementId", to_review_yesterday, None, OFFICER),
    Case("REVIEWER_IS_SUBMITTER", REVIEW, "reinstatementId", own_case, None, OFFICER),
    Case("REVIEWER_IS_SUBMITTER", REVIEW, "reinstatementId", own_case_to_reject, None, OFFICER),
    Case("REASON_REQUIRED", REVIEW, "reason", rejected_without_reason, None, OFFICER),
    Case("INVALID_TEXT", REVIEW, "reason", long_reason, None, OFFICER),
    Case("PASS_REQUIRED_FIRST", REVIEW, "reinstatementId", failed_since, None, OFFICER),
    Case("ALREADY_TERMINATED", REVIEW, "reinstatementId", terminated_since, None, OFFICER),
    Case("NOT_FOUND", WITHDRAW, "reinstatementId", no_case_to_withdraw, None),
    Case("ALREADY_REVIEWED", WITHDRAW, "reinstatementId", to_withdraw, None),
    Case("CLOCK_BEHIND", WITHDRAW, "reinstatementId", to_withdraw_yesterday, None),
    Case("NOT_FOUND", SETTLE, ROW, nobody, ROW, OFFICER),
    Case("NOTHING_OWED", SETTLE, ROW, nothing_owed, ROW, OFFICER),
    Case("NOTHING_OWED", SETTLE, ROW, paid_back_already, ROW, OFFICER),
    Case("INVALID_AMOUNT", SETTLE, "amount", above_the_rest, ROW, OFFICER),
    Case("INVALID_AMOUNT", SETTLE, "amount", nothing_at_all, ROW, OFFICER),
    Case("INVALID_AMOUNT", SETTLE, "amount", not_all_of_it, ROW, OFFICER),
    Case("REASON_REQUIRED", SETTLE, "reason", waived_without_reason, ROW, OFFICER),
    Case("INVALID_TEXT", SETTLE, "reason", unprintable_reason, ROW, OFFICER),
]
"""Refused with the act's one obstacle. REVIEWER_IS_SUBMITTER: an officer may request, and then may not review."""
