"""A case of reinstatement and back pay (待遇恢复, 补发) from its request to its end. Notice 三(三); rules 5.6."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.api.money import (
    CHIEF,
    DEATH,
    PASS,
    asked,
    codes,
    ended,
    named,
    passed_on_10_september,
    stated,
    suspended,
    withdraw,
)
from tests.api.scenes import account, saved
from tests.audit.trail import entries, newest
from tests.world import DOCUMENT, HANDLER, OFFICER, SCHOOL, World, id_number, node_id

CASE_OF = """
query($id: ID!) { node(id: $id) { ... on Reinstatement {
  id status months amount resumesFrom statement handlerName submittedBy submittedAt reviewedBy reviewedAt reason
  documents { name sha256 } lines { month amount paidWith } beneficiary { id reinstatement { id } } } } }
"""


async def case_of(world: World, case: Any, *, as_: str = SCHOOL) -> Any:
    return (await world.ask(CASE_OF, {"id": case["id"]}, as_=as_))["node"]


async def test_a_request_makes_a_case_that_says_everything(world: World) -> None:
    """It needs at least one document, a submitter and a reason; what was typed is kept, trimmed (rules 5.6)."""
    person = await passed_on_10_september(world)
    documents = [DOCUMENT, {"name": " 户籍证明.jpg ", "sha256": "AB" * 32}]
    case = await asked(world, person, "2019-10-12", statement="  本人健在，申请恢复\n ", documents=documents)
    assert await case_of(world, case) == {
        "id": case["id"],
        "status": "SUBMITTED",
        "months": ["2019-07", "2019-08", "2019-09", "2019-10"],
        "amount": "12000.00",
        "resumesFrom": None,
        "statement": "本人健在，申请恢复",
        "handlerName": HANDLER["name"],
        "submittedBy": SCHOOL,
        "submittedAt": "2019-10-12T09:00:00+08:00",
        "reviewedBy": None,
        "reviewedAt": None,
        "reason": None,
        "documents": [DOCUMENT, {"name": "户籍证明.jpg", "sha256": "ab" * 32}],
        "lines": [
            {"month": "2019-07", "amount": "3000.00", "paidWith": None},
            {"month": "2019-08", "amount": "3000.00", "paidWith": None},
            {"month": "2019-09", "amount": "3000.00", "paidWith": None},
            {"month": "2019-10", "amount": "3000.00", "paidWith": None},
        ],
        "beneficiary": {"id": person.node, "reinstatement": {"id": case["id"]}},
    }


async def test_a_request_by_itself_changes_neither_payment_nor_version(world: World) -> None:
    """Payment stays held until a case is approved (rules 5.4)."""
    person = await passed_on_10_september(world)
    before = await world.person(person.id)
    await asked(world, person, "2019-10-12")
    after = await world.person(person.id)
    assert after == before
    assert (after["paymentStatus"], after["paidThrough"]) == ("SUSPENDED", "2019-06")


async def test_requested_withdrawn_rejected_and_at_last_approved(world: World) -> None:
    """SUBMITTED → APPROVED | REJECTED (reason) | WITHDRAWN; after each but an approval a new case may be opened."""
    person = await passed_on_10_september(world)
    first = await asked(world, person, "2019-10-12")
    taken_back = await withdraw(world.at("2019-10-13"), first["id"])
    assert taken_back["userErrors"] == []
    assert (taken_back["reinstatement"]["status"], taken_back["reinstatement"]["reviewedBy"]) == ("WITHDRAWN", SCHOOL)
    assert (await world.money(person.id))["reinstatement"] is None

    second = await asked(world, person, "2019-10-14")
    answer = await world.at("2019-10-15").review(second["id"], approve=False, reason=" 材料不清晰 ")
    rejected = answer["reinstatement"]
    assert (rejected["status"], rejected["reviewedBy"], rejected["reason"]) == ("REJECTED", OFFICER, "材料不清晰")
    assert (rejected["months"], rejected["resumesFrom"]) == (["2019-07", "2019-08", "2019-09", "2019-10"], None)
    assert (await world.person(person.id))["paymentStatus"] == "SUSPENDED"

    third = await asked(world, person, "2019-10-16")
    answer = await world.at("2019-10-20").review(third["id"], reason="材料齐全")
    approved = answer["reinstatement"]
    assert (approved["status"], approved["resumesFrom"], approved["reason"]) == ("APPROVED", "2019-11", "材料齐全")
    assert (await world.person(person.id))["paidThrough"] == "2020-09"
    assert len({first["id"], second["id"], third["id"]}) == 3
    assert [(await case_of(world, c))["status"] for c in (first, second)] == ["WITHDRAWN", "REJECTED"]
    assert (await case_of(world, third))["reviewedAt"] == "2019-10-20T09:00:00+08:00"


@pytest.mark.parametrize("end", ["APPROVED", "REJECTED", "WITHDRAWN"])
async def test_a_case_that_is_closed_is_closed_for_good(world: World, end: str) -> None:
    """Neither reviewed nor withdrawn again, whatever its end."""
    case = await asked(world, await suspended(world))
    if end == "WITHDRAWN":
        await withdraw(world, case["id"])
    else:
        await world.review(case["id"], approve=end == "APPROVED", reason="材料不足")
    before = await saved(world)
    for answer in (
        await withdraw(world, case["id"]),
        await world.review(case["id"], as_=CHIEF),
        await world.review(case["id"], approve=False, reason="材料不足", as_=CHIEF),
    ):
        assert named(answer) == [("ALREADY_REVIEWED", "input.reinstatementId")]
        assert answer["reinstatement"] is None
    assert await saved(world) == before
    assert (await case_of(world, case))["status"] == end


async def test_of_two_reviewers_at_the_same_moment_one_decides(world: World) -> None:
    """A case closes once; the other is told."""
    case = await asked(world, await suspended(world))
    answers = await asyncio.gather(
        *(world.review(case["id"], as_=as_) for as_ in (OFFICER, CHIEF)),
        world.review(case["id"], approve=False, reason="材料不足", as_=CHIEF),
        withdraw(world, case["id"]),
    )
    assert sorted(code for answer in answers for code in codes(answer)) == ["ALREADY_REVIEWED"] * 3
    won = next(answer for answer in answers if not answer["userErrors"])
    assert (await case_of(world, case))["status"] == won["reinstatement"]["status"]


async def test_of_two_requests_at_the_same_moment_one_is_opened(world: World) -> None:
    """One open case per beneficiary (rules 5.6)."""
    person = await suspended(world)
    answers = await asyncio.gather(*(world.request(person.id, as_=as_) for as_ in (SCHOOL, OFFICER, CHIEF)))
    assert sorted(code for answer in answers for code in codes(answer)) == ["REINSTATEMENT_OPEN"] * 2
    assert await world.owner.fetchval("SELECT count(*) FROM reinstatements") == 1


async def test_a_second_case_waits_for_the_end_of_the_first(world: World) -> None:
    """One open case per beneficiary, whoever submits the second."""
    person = await suspended(world)
    first = await asked(world, person)
    for who in (SCHOOL, OFFICER):
        assert named(await world.request(person.id, as_=who)) == [("REINSTATEMENT_OPEN", "input.beneficiaryId")]
    await withdraw(world, first["id"])
    assert codes(await world.request(person.id, as_=OFFICER)) == []


async def test_an_officer_may_request_and_then_another_reviews(world: World) -> None:
    """A submitter and a different reviewer (rules 5.6): the submitter may neither approve nor reject."""
    person = await suspended(world)
    case = await asked(world, person, as_=OFFICER)
    assert case["submittedBy"] == OFFICER
    before = await saved(world)
    for verdict in ({"approve": True}, {"approve": False, "reason": "材料不足"}):
        answer = await world.review(case["id"], **verdict, as_=OFFICER)
        assert named(answer) == [("REVIEWER_IS_SUBMITTER", "input.reinstatementId")]
    assert await saved(world) == before
    answer = await world.review(case["id"], as_=CHIEF)
    assert (answer["reinstatement"]["status"], answer["reinstatement"]["reviewedBy"]) == ("APPROVED", CHIEF)


async def test_no_officer_reviews_the_reinstatement_of_their_own_benefit(world: World) -> None:
    """Whoever submitted it: neither approved nor rejected by whom it pays."""
    person = await suspended(world)
    whose = {"district": "市南区", "id_number": id_number(person.serial)}
    await account(world, "officer-herself", "OFFICER", **whose)
    case = await asked(world, person)
    before, since = await saved(world), await newest(world)
    for verdict in ({"approve": True}, {"approve": False, "reason": "材料不足"}):
        answer = await world.review(case["id"], **verdict, as_="officer-herself")
        assert named(answer) == [("OWN_CASE", "input.reinstatementId")]
    assert await saved(world) == before
    told = await entries(world, since)
    assert [(one.action, one.username, one.body["codes"]) for one in told] == [
        ("REFUSED", "officer-herself", ["OWN_CASE"])
    ] * 2
    assert codes(await world.review(case["id"], as_=CHIEF)) == []


async def test_an_officer_withdraws_what_that_officer_submitted(world: World) -> None:
    """And what another submitted is rejected, not withdrawn."""
    person = await suspended(world)
    case = await asked(world, person, as_=CHIEF)
    document = "mutation($i: WithdrawReinstatementInput!) { withdrawReinstatement(input: $i) { userErrors { code } } }"
    [error] = await world.errors(document, {"i": {"reinstatementId": case["id"]}}, as_=OFFICER)
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert (await case_of(world, case))["status"] == "SUBMITTED"
    answer = await withdraw(world, case["id"], as_=CHIEF)
    assert (answer["reinstatement"]["status"], answer["reinstatement"]["reviewedBy"]) == ("WITHDRAWN", CHIEF)


async def test_after_a_new_fail_a_case_cannot_be_approved_and_is_not_lost(world: World) -> None:
    """A PASS given since (rules 4): rejected or, after another PASS, approved."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-10-12")
    await stated(world, person, {**DEATH, "occurredOn": "2019-10-13"}, "2019-10-14")
    assert named(await world.review(case["id"])) == [("PASS_REQUIRED_FIRST", "input.reinstatementId")]
    assert (await case_of(world, case))["status"] == "SUBMITTED"
    await stated(world, person, PASS, "2019-10-21")
    answer = await world.at("2019-10-22").review(case["id"])
    assert answer["reinstatement"]["months"] == ["2019-07", "2019-08", "2019-09", "2019-10"]


async def test_after_a_termination_an_open_case_pays_what_was_withheld_before_the_event(world: World) -> None:
    """None missed (rules 5.5): died on 2019-10-13, alive in the withheld months; nothing resumes."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-10-12")
    await ended(world.at("2019-10-14"), person, "2019-10-13")
    answer = (await world.review(case["id"]))["reinstatement"]
    assert (answer["status"], answer["resumesFrom"]) == ("APPROVED", None)
    assert answer["months"] == ["2019-07", "2019-08", "2019-09", "2019-10"]
    assert named(await world.request(person.id)) == [("ALREADY_TERMINATED", "input.beneficiaryId")]
    await world.payroll("2019-11")
    november = (await world.money(person.id))["payments"][-1]
    assert (november["status"], november["backPayFor"], november["total"]) == ("WITHHELD", answer["months"], "12000.00")


async def test_after_a_termination_before_the_withheld_months_there_is_nothing_to_pay(world: World) -> None:
    """TERMINATED before them: what was withheld was not owed."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-10-12")
    await ended(world.at("2019-10-14"), person, "2019-06-13")
    assert named(await world.review(case["id"])) == [("ALREADY_TERMINATED", "input.reinstatementId")]
    answer = await world.review(case["id"], approve=False, reason="待遇已终止")
    assert answer["reinstatement"]["status"] == "REJECTED"


async def test_up_to_twenty_documents_are_kept_in_their_order(world: World) -> None:
    """Twenty are enough, and none is lost."""
    person = await suspended(world)
    documents = [{"name": "名" * 200, "sha256": f"{n:064x}"} for n in range(20)]
    case = await asked(world, person, documents=documents, statement="因" * 500)
    assert (await case_of(world, case))["documents"] == documents


async def test_a_suspended_person_needs_the_pass_first_and_then_the_case(world: World) -> None:
    """SUSPENDED and a PASS given since (rules 4): in that order."""
    person = await suspended(world, passed=False)
    assert named(await world.request(person.id)) == [("PASS_REQUIRED_FIRST", "input.beneficiaryId")]
    await stated(world, person, PASS, "2019-07-11")
    assert (await asked(world, person))["months"] == ["2019-07"]


async def test_a_fail_of_this_month_is_no_case_yet(world: World) -> None:
    """A FAIL withdrawn by a PASS in the same month simply stands corrected: no reinstatement is needed (rules 4)."""
    person = await suspended(world, passed=False)
    await stated(world, person, PASS, "2019-07-11")
    case = await asked(world, person)
    await world.review(case["id"])
    await stated(world, person, {**DEATH, "occurredOn": "2019-08-01"}, "2019-08-05")
    await stated(world, person, PASS, "2019-08-06")
    assert codes(await world.request(person.id)) == ["NOTHING_TO_REINSTATE"]
    assert (await world.at("2019-09-01").person(person.id))["paymentStatus"] == "PAYING"


async def test_somebody_who_missed_no_month_has_no_case(world: World) -> None:
    """Nothing to claim, nothing to reinstate."""
    await world.units()
    id = await world.at("2019-06-05").enrol(certified_in="2019-06")
    await world.payroll("2019-06", "2019-07")
    assert codes(await world.request(id)) == ["NOTHING_TO_REINSTATE"]
    assert (await world.ask("query($id: ID!) { reinstatements(beneficiaryId: $id) { totalCount } }",
                            {"id": node_id(id)}))["reinstatements"]["totalCount"] == 0  # fmt: skip


async def test_an_approval_makes_a_newer_version_whatever_contact_data_were_saved_before(world: World) -> None:
    """Or whoever saw the row before it would not be told that it has changed."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-10-12")
    for phone in ("13900001111", "13900002222"):
        payload = await world.act("updateContact", {"beneficiaryId": person.node, "contact": {"phone": phone}})
    seen = payload["beneficiaries"][0]["version"]
    assert codes(await world.review(case["id"], as_=CHIEF)) == []
    assert (await world.person(person.id))["version"] == seen + 1
