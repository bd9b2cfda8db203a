"""Every act and refusal leaves exactly its entry."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.scenes import judged, qualified
from tests.audit.trail import Shown, entries, newest, suspended, the_entry
from tests.world import DOCUMENT, OFFICER, SCHOOL, World, node_id

KEYED = {"idempotencyKey": "k-1"}


async def test_an_act_is_recorded_with_what_it_changed(world: World) -> None:
    """Who, on whom, before and after; nothing of it names the person."""
    [person] = await qualified(world)
    since = await newest(world)
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    assert await the_entry(world, since) == Shown(
        "CONFIRM",
        SCHOOL,
        1,
        person.id,
        3,
        {
            "before": {"answered": False, "confirmed_in": "2019-01", "paid_through": "2020-05",
                       "period": "2019-05..2020-05 VERDICT", "version": 2},
            "after": {"answered": True, "confirmed_in": "2019-06", "paid_through": "2020-06",
                      "period": "2019-06..2020-06 CONFIRM", "version": 3},
            "facts": {"method": "CONFIRM", "occurred_on": None, "result": "PASS", "survival_status": "NORMAL",
                      "verdict_month": "2019-05"},
        },
    )  # fmt: skip


async def test_a_page_leaves_an_entry_for_each_person(world: World) -> None:
    people = await qualified(world, 5)
    since = await newest(world)
    await world.act("batchPass", {"page": [{"beneficiaryId": person.node} for person in people]})
    found = await entries(world, since)
    assert [(one.action, one.beneficiary_id) for one in found] == [("BATCH_PASS", person.id) for person in people]


@pytest.mark.parametrize(
    ("mutation", "given", "action"),
    [
        ("overrideVerdict", {"survivalStatus": "DECEASED", "occurredOn": "2019-06-03"}, "OVERRIDE"),
        ("updateContact", {"contact": {"phone": "13900001111"}}, "UPDATE_CONTACT"),
        ("terminateBenefit", {"cause": "DECEASED", "occurredOn": "2019-06-03"}, "TERMINATE"),
    ],
)
async def test_each_act_has_a_name_of_its_own(world: World, mutation: str, given: dict[str, Any], action: str) -> None:
    [person] = await qualified(world)
    since = await newest(world)
    await world.act(mutation, {"beneficiaryId": person.node, **given})
    entry = await the_entry(world, since)
    assert (entry.action, entry.beneficiary_id, entry.version) == (action, person.id, 3)


async def test_contact_data_appear_masked_and_a_hidden_change_shows(world: World) -> None:
    """Two phones that look alike masked have different fingerprints; neither is in the trail."""
    [person] = await judged(world, "PENDING")
    since = await newest(world)
    await world.act("updateContact", {"beneficiaryId": person.node, "contact": {"phone": "13899995678"}})
    body = (await the_entry(world, since)).body
    before, after = body["before"]["phone"], body["after"]["phone"]
    assert before.startswith("138****5678 #") and after.startswith("138****5678 #") and before != after
    held = await world.owner.fetchval("SELECT string_agg(body, '') FROM audit_entries")
    assert "13812345678" not in held and "13899995678" not in held and "张三" not in held


async def test_a_refused_act_is_recorded_and_nothing_else_saved(world: World) -> None:
    """The refusal is committed although the act is not."""
    [person] = await judged(world, "DISQUALIFIED")
    since = await newest(world)
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    assert await the_entry(world, since) == Shown(
        "REFUSED",
        SCHOOL,
        1,
        person.id,
        None,
        {"codes": ["VERDICT_NOT_QUALIFIED"], "facts": {"act": "confirmCertification"}},
    )


async def test_a_refused_page_is_one_entry_that_names_the_people(world: World) -> None:
    people = await judged(world, "DISQUALIFIED", "DISQUALIFIED")
    since = await newest(world)
    await world.act("batchPass", {"page": [{"beneficiaryId": person.node} for person in people]})
    entry = await the_entry(world, since)
    assert (entry.action, entry.beneficiary_id) == ("REFUSED", None)
    assert entry.body["facts"] == {"act": "batchPass", "rows": 2, "people": [str(person.id) for person in people]}


async def test_a_refusal_of_too_many_rows_names_no_more_than_a_page(world: World) -> None:
    """Whoever sends more ids than a page has does not fill the trail with them."""
    await qualified(world)
    since = await newest(world)
    await world.act("batchPass", {"page": [{"beneficiaryId": node_id(id)} for id in range(1, 501)]})
    entry = await the_entry(world, since)
    assert entry.body["codes"] == ["TOO_MANY_ROWS"]
    assert (entry.body["facts"]["rows"], len(entry.body["facts"]["people"])) == (500, 200)


async def test_an_answer_given_again_is_no_act(world: World) -> None:
    """Under an idempotency key the first answer comes back; a key for something else is refused, and that recorded."""
    first, second = await qualified(world, 2)
    await world.act("confirmCertification", {"beneficiaryId": first.node, **KEYED})
    since = await newest(world)
    await world.act("confirmCertification", {"beneficiaryId": first.node, **KEYED})
    assert await entries(world, since) == []
    await world.act("confirmCertification", {"beneficiaryId": second.node, **KEYED})
    assert (await the_entry(world, since)).body["codes"] == ["IDEMPOTENCY_KEY_REUSED"]


async def test_a_case_is_recorded_at_each_of_its_steps(world: World) -> None:
    """Requested, withdrawn, requested, rejected, requested and approved; who reviewed is the officer."""
    person = await suspended(world)
    since = await newest(world)
    withdraw = "mutation($i: WithdrawReinstatementInput!) { withdrawReinstatement(input: $i) { userErrors { code } } }"
    for end in ("withdraw", "reject", "approve"):
        case = (await world.request(person.id))["reinstatement"]["id"]
        if end == "withdraw":
            await world.ask(withdraw, {"i": {"reinstatementId": case}})
        else:
            await world.review(case, approve=end == "approve", **({"reason": "材料不全"} if end == "reject" else {}))
    found = await entries(world, since)
    assert [(one.action.removeprefix("REINSTATEMENT_"), one.username, one.unit_id) for one in found] == [
        ("REQUESTED", SCHOOL, 1),
        ("WITHDRAWN", SCHOOL, 1),
        ("REQUESTED", SCHOOL, 1),
        ("REJECTED", OFFICER, 1),
        ("REQUESTED", SCHOOL, 1),
        ("APPROVED", OFFICER, 1),
    ]
    assert {one.beneficiary_id for one in found} == {person.id}
    assert found[-1].body == {
        "before": {"held_through": None, "paid_through": "2019-06", "suspended_from": "2019-07", "version": 5},
        "after": {"held_through": "2019-07", "paid_through": "2020-07", "suspended_from": None, "version": 6},
        "facts": {"case": 3, "months": ["2019-07"]},
    }
    assert not any(word in str(found) for word in ("材料不全", "本人", DOCUMENT["name"]))


async def test_a_settlement_is_recorded_with_what_is_left(world: World) -> None:
    [person] = await qualified(world)
    await world.officers()
    await world.payroll("2019-06")
    end = {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-05-20"}
    await world.at("2019-06-20").act("terminateBenefit", end)
    since = await newest(world)
    document = "mutation($i: SettleOverpaymentInput!) { settleOverpayment(input: $i) { userErrors { code } } }"
    given = {"beneficiaryId": person.node, "kind": "INSTALMENT", "amount": "1000.00"}
    await world.ask(document, {"i": given}, as_=OFFICER)
    entry = await the_entry(world, since)
    assert (entry.action, entry.username, entry.unit_id) == ("SETTLED", OFFICER, 1)
    assert (entry.body["before"], entry.body["after"]) == ({"outstanding": "3000.00"}, {"outstanding": "2000.00"})
    assert entry.body["facts"] == {"kind": "INSTALMENT", "amount": "1000.00", "months": ["2019-06"]}
    since = await newest(world)
    await world.ask(document, {"i": {**given, "amount": "9000.00"}}, as_=OFFICER)
    refused = await the_entry(world, since)
    assert (refused.action, refused.unit_id, refused.body["codes"]) == ("REFUSED", None, ["INVALID_AMOUNT"])


async def test_an_undone_act_leaves_no_entry(world: World) -> None:
    """The entry lives and dies with the transaction of its act."""
    people = await qualified(world, 2)
    since = await newest(world)
    await world.owner.execute("ALTER TABLE certifications ADD CONSTRAINT nobody CHECK (false) NOT VALID")
    try:
        given = {"handler": {"name": "李经办", "contact": "0532-85911234"}, "beneficiaryId": people[0].node}
        document = "mutation($i: ConfirmCertificationInput!) { confirmCertification(input: $i) { renewed } }"
        [error] = await world.errors(document, {"i": given})
        assert error["extensions"]["code"] == "INTERNAL"
    finally:
        await world.owner.execute("ALTER TABLE certifications DROP CONSTRAINT nobody")
    assert await entries(world, since) == []
