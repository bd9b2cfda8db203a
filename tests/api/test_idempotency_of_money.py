"""`idempotencyKey` of cases and settlements: the first answer to the letter, whatever has happened since."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.money import (
    CHIEF,
    DEATH,
    SETTLEMENT,
    approved,
    asked,
    codes,
    ended,
    named,
    overpaid,
    passed_on_10_september,
    stated,
    suspended,
    withdraw,
)
from tests.api.scenes import Person, account, saved
from tests.world import DOCUMENT, HANDLER, OFFICER, SCHOOL, World

WHOLE = """
reinstatement { id status months amount resumesFrom statement handlerName submittedBy submittedAt
  reviewedBy reviewedAt reason documents { name sha256 } lines { month amount paidWith } %s }
userErrors { code message path beneficiaryId }
"""
ROW = "beneficiary { id version paymentStatus paidThrough certificationPeriod { endMonth } }"
REQUEST, REVIEW, WITHDRAW = "requestReinstatement", "reviewReinstatement", "withdrawReinstatement"
SETTLE = "settleOverpayment"


async def sent(world: World, act: str, given: dict[str, Any], *, as_: str = SCHOOL, row: str = "") -> Any:
    """The payload with all that it says."""
    shown = WHOLE % row if act != SETTLE else "overpayment { ...Owed } userErrors { code message path beneficiaryId }"
    kind = act[0].upper() + act[1:]
    document = f"mutation($i: {kind}Input!) {{ {act}(input: $i) {{ {shown} }} }} {SETTLEMENT if act == SETTLE else ''}"
    return (await world.ask(document, {"i": given}, as_=as_))[act]


def request_of(person: Person, **other: Any) -> dict[str, Any]:
    papers = {"statement": "本人健在，申请恢复", "documents": [DOCUMENT], "handler": HANDLER}
    return {"beneficiaryId": person.node, **papers, "idempotencyKey": "k-1", **other}


async def test_a_request_is_made_once_and_answered_alike_after_everything(world: World) -> None:
    """A month passes, the case is approved and paid: the replay still says SUBMITTED, with the months of then."""
    person = await passed_on_10_september(world)
    world.at("2019-11-06")
    first = await sent(world, REQUEST, request_of(person))
    assert (codes(first), first["reinstatement"]["amount"]) == ([], "15000.00")
    await world.payroll("2019-11")
    assert await sent(world, REQUEST, request_of(person)) == first
    await approved(world, first["reinstatement"], "2019-11-09")
    await world.raised(person.serial, "2019-07", "3100.00")
    before = await saved(world)
    again = await sent(world, REQUEST, request_of(person))
    assert again == first
    assert (again["reinstatement"]["status"], again["reinstatement"]["reviewedBy"]) == ("SUBMITTED", None)
    assert await saved(world) == before


async def test_a_review_is_answered_alike_after_the_money_has_gone_out(world: World) -> None:
    """The lines of the first answer had no payroll yet."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-11-05")
    given = {"reinstatementId": case["id"], "approve": True, "reason": "材料齐全", "idempotencyKey": "k-1"}
    first = await sent(world, REVIEW, given, as_=OFFICER)
    assert (codes(first), first["reinstatement"]["status"]) == ([], "APPROVED")
    await world.payroll("2019-11")
    world.at("2019-11-11")
    before = await saved(world)
    assert await sent(world, REVIEW, given, as_=OFFICER) == first
    await ended(world, person, "2019-08-15")
    assert await sent(world, REVIEW, given, as_=OFFICER) == first
    assert (await saved(world))["reinstatements"] == before["reinstatements"]


async def test_a_withdrawal_is_answered_alike_after_a_second_case(world: World) -> None:
    """What was withdrawn stays what it was."""
    person = await suspended(world)
    case = await asked(world, person)
    given = {"reinstatementId": case["id"], "idempotencyKey": "k-1"}
    first = await sent(world, WITHDRAW, given)
    assert (codes(first), first["reinstatement"]["status"]) == ([], "WITHDRAWN")
    second = await asked(world, person)
    await world.review(second["id"])
    assert await sent(world, WITHDRAW, given) == first
    without = await withdraw(world, case["id"])
    assert named(without) == [("ALREADY_REVIEWED", "input.reinstatementId")]


async def test_a_settlement_is_recorded_once_and_answered_alike(world: World) -> None:
    """An instalment sent twice is one instalment; the rest of the first answer is replayed after the next one."""
    [person] = await overpaid(world)
    given = {"beneficiaryId": person.node, "kind": "INSTALMENT", "amount": "1000.00", "idempotencyKey": "k-1"}
    first = await sent(world, SETTLE, given, as_=OFFICER)
    assert first["overpayment"]["outstanding"] == "8000.00"
    await sent(world, SETTLE, {**given, "idempotencyKey": "k-2"}, as_=OFFICER)
    again = await sent(world, SETTLE, given, as_=OFFICER)
    assert again == first
    assert len(again["overpayment"]["settlements"]) == 1
    assert (await world.money(person.id))["overpayment"]["settled"] == "2000.00"
    world.at("2019-06-21")
    assert await sent(world, SETTLE, given, as_=OFFICER) == first


async def test_the_same_amount_written_otherwise_is_the_same_input(world: World) -> None:
    """1000, 1000.0 and 1000.00 are one amount."""
    [person] = await overpaid(world)
    given = {"beneficiaryId": person.node, "kind": "INSTALMENT", "amount": "1000", "idempotencyKey": "k-1"}
    first = await sent(world, SETTLE, given, as_=OFFICER)
    assert codes(first) == []
    for amount in ("1000.0", "1000.00"):
        assert await sent(world, SETTLE, {**given, "amount": amount}, as_=OFFICER) == first


async def test_the_person_of_a_replayed_case_is_the_one_of_the_first_answer(world: World) -> None:
    """The answer is kept as the rows stood, not as ids to read again (docs/decisions/0008): to the letter."""
    person = await suspended(world)
    first = await sent(world, REQUEST, request_of(person), row=ROW)
    case = first["reinstatement"]
    decide = {"reinstatementId": case["id"], "approve": True, "idempotencyKey": "k-1"}
    decided = await sent(world, REVIEW, decide, as_=OFFICER, row=ROW)
    assert decided["reinstatement"]["beneficiary"]["paidThrough"] == "2020-07"
    assert await sent(world, REQUEST, request_of(person), row=ROW) == first
    await stated(world, person, {**DEATH, "occurredOn": "2019-07-12"}, "2019-07-13")
    assert await sent(world, REVIEW, decide, as_=OFFICER, row=ROW) == decided


async def test_the_money_of_a_replayed_row_is_that_of_the_first_answer(world: World) -> None:
    """A row's edges always belong to its version (docs/decisions/0008): stops and entitlement like its histories."""
    person = await suspended(world, passed=False)
    document = """mutation($i: OverrideVerdictInput!) { overrideVerdict(input: $i) { beneficiaries {
        version stops { basis } reinstatement { status } entitlement(month: "2019-08") { basis paid } } } }"""
    row = {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "handler": HANDLER, "idempotencyKey": "k-1"}
    first = await world.ask(document, {"i": row})
    [shown] = first["overrideVerdict"]["beneficiaries"]
    assert (shown["reinstatement"], shown["entitlement"]["basis"]) == (None, "SUSPENDED")
    await approved(world, await asked(world, person))
    await ended(world, person, "2019-07-10")
    assert await world.ask(document, {"i": row}) == first


async def test_a_refusal_is_replayed_where_the_act_would_now_succeed(world: World) -> None:
    """Refusals of all four, words and all."""
    person = await suspended(world, passed=False)
    refused = await sent(world, REQUEST, request_of(person))
    assert codes(refused) == ["PASS_REQUIRED_FIRST"]
    pay = {"beneficiaryId": person.node, "kind": "INSTALMENT", "amount": "1.00", "idempotencyKey": "k-1"}
    nothing = await sent(world, SETTLE, pay, as_=OFFICER)
    assert codes(nothing) == ["NOTHING_OWED"]

    await stated(world, person, on="2019-07-11")
    assert await sent(world, REQUEST, request_of(person)) == refused
    case = await asked(world, person)
    await stated(world, person, {**DEATH, "occurredOn": "2019-07-11"}, "2019-07-11")
    decide = {"reinstatementId": case["id"], "approve": True, "idempotencyKey": "k-2"}
    not_yet = await sent(world, REVIEW, decide, as_=OFFICER)
    assert codes(not_yet) == ["PASS_REQUIRED_FIRST"]
    await stated(world, person, on="2019-07-12")
    assert await sent(world, REVIEW, decide, as_=OFFICER) == not_yet
    assert await sent(world, SETTLE, pay, as_=OFFICER) == nothing
    await approved(world, case)


@pytest.mark.parametrize(
    "other",
    [
        {"statement": "另一说明"},
        {"documents": [{**DOCUMENT, "name": "另一份.pdf"}]},
        {"documents": [{**DOCUMENT, "sha256": "c" * 64}]},
        {"documents": [DOCUMENT, {"name": "又一份.pdf", "sha256": "c" * 64}]},
        {"handler": {"name": "王经办", "contact": HANDLER["contact"]}},
    ],
    ids=["statement", "document's name", "document's sum", "one more document", "handler"],
)
async def test_another_request_under_the_key_is_refused(world: World, other: dict[str, Any]) -> None:
    """Another input under the key is IDEMPOTENCY_KEY_REUSED, and nothing is saved."""
    person = await suspended(world)
    first = await sent(world, REQUEST, request_of(person))
    before = await saved(world)
    answer = await sent(world, REQUEST, request_of(person, **other))
    assert named(answer) == [("IDEMPOTENCY_KEY_REUSED", "input.idempotencyKey")]
    assert answer["reinstatement"] is None
    assert await saved(world) == before
    assert await sent(world, REQUEST, request_of(person)) == first


async def test_a_key_of_one_act_is_not_a_key_of_another(world: World) -> None:
    """Request, withdrawal, review and settlement do not answer for each other, nor for an act of certification."""
    person = await suspended(world)
    case = (await sent(world, REQUEST, request_of(person)))["reinstatement"]
    taken = {"reinstatementId": case["id"], "idempotencyKey": "k-1"}
    assert codes(await sent(world, WITHDRAW, taken)) == ["IDEMPOTENCY_KEY_REUSED"]
    confirm = {"beneficiaryId": person.node, "idempotencyKey": "k-1"}
    assert codes(await world.act("confirmCertification", confirm)) == ["IDEMPOTENCY_KEY_REUSED"]
    await sent(world, REVIEW, {**taken, "approve": False, "reason": "材料不足"}, as_=OFFICER)
    for other in ({"approve": True, "reason": "材料不足"}, {"approve": False, "reason": "另一理由"}):
        assert codes(await sent(world, REVIEW, {**taken, **other}, as_=OFFICER)) == ["IDEMPOTENCY_KEY_REUSED"]
    pay = {"beneficiaryId": person.node, "kind": "INSTALMENT", "amount": "1.00", "idempotencyKey": "k-1"}
    assert codes(await sent(world, SETTLE, pay, as_=OFFICER)) == ["IDEMPOTENCY_KEY_REUSED"]


async def test_a_key_is_the_accounts_own(world: World) -> None:
    """Two officers, two operators of a unit: each has its keys."""
    person = await suspended(world)
    second = await account(world, f"{SCHOOL}/2", "UNIT", unit_si_number=SCHOOL)
    first = await sent(world, REQUEST, request_of(person))
    assert codes(await sent(world, REQUEST, request_of(person), as_=second)) == ["REINSTATEMENT_OPEN"]
    decide = {"reinstatementId": first["reinstatement"]["id"], "approve": True, "idempotencyKey": "k-1"}
    assert codes(await sent(world, REVIEW, decide, as_=OFFICER)) == []
    assert codes(await sent(world, REVIEW, decide, as_=CHIEF)) == ["ALREADY_REVIEWED"]


async def test_twins_at_the_same_moment_are_carried_out_once(world: World) -> None:
    """Two tabs send it at once: one case, one instalment, one answer."""
    person = await suspended(world)
    answers = await asyncio.gather(*(sent(world, REQUEST, request_of(person)) for _ in range(6)))
    assert all(answer == answers[0] for answer in answers)
    assert await world.owner.fetchval("SELECT count(*) FROM reinstatements") == 1
    await ended(world, person, "2019-04-10")
    await world.payroll("2019-07")
    world.at("2019-07-12")
    given = {"reinstatementId": answers[0]["reinstatement"]["id"], "approve": False, "reason": "待遇已终止"}
    twins = (sent(world, REVIEW, {**given, "idempotencyKey": "k-2"}, as_=OFFICER) for _ in range(6))
    decided = await asyncio.gather(*twins)
    assert all(answer == decided[0] for answer in decided)
    assert decided[0]["reinstatement"]["status"] == "REJECTED"
