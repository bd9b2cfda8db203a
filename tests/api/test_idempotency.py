"""`idempotencyKey`: the same key and input from the same account replay the first answer, for seven days."""

import asyncio
from typing import Any

import pytest

from tests.api.refusals import answered, refused
from tests.api.scenes import account, acts, judged, qualified, saved
from tests.world import BUREAU, SCHOOL, World

REPLAYED = "mutation($input: ConfirmCertificationInput!) { confirmCertification(input: $input) %s }"


async def test_a_repeated_act_is_done_once_and_answered_alike(world: World) -> None:
    """The same key from the same account replays the first answer."""
    [person] = await qualified(world)
    given = {"beneficiaryId": person.node, "idempotencyKey": "k-1"}
    first = await world.act("confirmCertification", given)
    before = await saved(world)
    assert await world.act("confirmCertification", given) == first
    assert first["renewed"] == 1
    assert await saved(world) == before


async def test_without_a_key_a_repeated_act_is_a_second_act(world: World) -> None:
    """The key is what makes a repetition one."""
    [person] = await qualified(world)
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    assert len(acts(await world.person(person.id))) == 2


async def test_the_first_answer_is_replayed_to_the_letter_after_another_act(world: World) -> None:
    """What is replayed is the answer that was given, not the row as it stands by now: its histories included."""
    [person] = await qualified(world)
    given = {"beneficiaryId": person.node, "idempotencyKey": "k-1"}
    first = await world.act("confirmCertification", given)
    fail = {"survivalStatus": "DECEASED", "occurredOn": "2019-06-10", "contact": {"phone": "13900001111"}}
    await world.at("2019-06-11").act("overrideVerdict", {"beneficiaryId": person.node, **fail})
    again = await world.act("confirmCertification", given)
    assert again == first
    assert (await world.person(person.id))["paidThrough"] == "2019-06"


async def test_the_replayed_row_is_the_one_of_the_first_answer(world: World) -> None:
    """The standing of the first answer: version, contact, period, what is paid."""
    [person] = await qualified(world)
    given: dict[str, Any] = {"beneficiaryId": person.node, "idempotencyKey": "k-1"}
    first = await answered(world, "confirmCertification", given)
    await world.act("terminateBenefit", {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-03-01"})
    assert await answered(world, "confirmCertification", given) == first
    assert first["beneficiaries"] == [{"id": person.node, "version": 3}]
    document = REPLAYED % "{ beneficiaries { version paidThrough paymentStatus certificationPeriod { endMonth } } }"
    given |= {"handler": {"name": "李经办", "contact": "0532-85911234"}}
    [row] = (await world.ask(document, {"input": given}))["confirmCertification"]["beneficiaries"]
    period = {"endMonth": "2020-06"}
    assert row == {"version": 3, "paidThrough": "2020-06", "paymentStatus": "PAYING", "certificationPeriod": period}


async def test_a_refusal_is_replayed_too(world: World) -> None:
    """The first answer may be a refusal: it is given again even where the act would now succeed."""
    [person] = await judged(world, "PENDING")
    given = {"beneficiaryId": person.node, "idempotencyKey": "k-1"}
    first = await refused(world, "confirmCertification", given)
    assert [error["code"] for error in first["userErrors"]] == ["VERDICT_NOT_QUALIFIED"]
    await world.evidence(person.serial, "rail_travel", "2019-06-01")
    await world.at("2019-07-04").publish("2019-06")
    clock = world.at("2019-06-08")
    assert await refused(clock, "confirmCertification", given) == first
    assert (await world.act("confirmCertification", {"beneficiaryId": person.node}))["userErrors"] == []


async def test_a_stale_rows_new_state_is_replayed_as_it_was(world: World) -> None:
    """The refusal of a stale row with the row as it then stood."""
    [person] = await qualified(world)
    given = {"beneficiaryId": person.node, "version": 1, "idempotencyKey": "k-1"}
    first = await refused(world, "confirmCertification", given)
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    again = await refused(world, "confirmCertification", given)
    assert again == first
    assert again["beneficiaries"] == [{"id": person.node, "version": 2}]


@pytest.mark.parametrize(
    "other",
    [
        {"version": 2},
        {"contact": {"phone": "13900001111"}},
        {"handler": {"name": "王经办", "contact": "0532-85911234"}},
        {"handler": {"name": "李经办", "contact": "0532-85911235"}},
    ],
    ids=["version", "contact", "handler", "handler's contact"],
)
async def test_the_same_key_with_another_input_is_refused(world: World, other: dict[str, Any]) -> None:
    """Another input under the key is IDEMPOTENCY_KEY_REUSED, and nothing is saved."""
    [person] = await qualified(world)
    given = {"beneficiaryId": person.node, "idempotencyKey": "k-1"}
    first = await world.act("confirmCertification", given)
    payload = await refused(world, "confirmCertification", {**given, **other})
    named = [(error["code"], error["path"], error["beneficiaryId"]) for error in payload["userErrors"]]
    assert named == [("IDEMPOTENCY_KEY_REUSED", ["input", "idempotencyKey"], None)]
    assert await world.act("confirmCertification", given) == first


async def test_the_same_key_for_another_act_is_refused(world: World) -> None:
    """The same words under another mutation are another input."""
    [person] = await qualified(world)
    given = {"beneficiaryId": person.node, "idempotencyKey": "k-1"}
    await world.act("confirmCertification", given)
    for mutation, rest in (("updateContact", {"contact": {}}), ("overrideVerdict", {"survivalStatus": "NORMAL"})):
        payload = await refused(world, mutation, {**given, **rest})
        assert [error["code"] for error in payload["userErrors"]] == ["IDEMPOTENCY_KEY_REUSED"]


async def test_the_order_of_the_acknowledged_rows_is_no_other_input(world: World) -> None:
    """A set of ids has no order."""
    first, second = await judged(world, "DISQUALIFIED", "DISQUALIFIED")
    rows = {"page": [{"beneficiaryId": first.node}, {"beneficiaryId": second.node}], "reason": "已核实"}
    given = {**rows, "acknowledgedDisqualified": [first.node, second.node], "idempotencyKey": "k-1"}
    answer = await world.act("batchPass", given)
    given["acknowledgedDisqualified"] = [second.node, first.node]
    assert await world.act("batchPass", given) == answer


async def test_the_same_key_of_another_account_is_another_key(world: World) -> None:
    """Keys are unique per account: of another unit, and of another operator of the same unit."""
    [ours] = await qualified(world)
    await world.units(BUREAU)
    theirs = await world.enrol(50, unit=BUREAU)
    second = await account(world, f"{SCHOOL}/2", "UNIT", unit_si_number=SCHOOL)
    confirm = {"beneficiaryId": ours.node, "idempotencyKey": "k-1"}
    assert (await world.act("confirmCertification", confirm))["renewed"] == 1
    update = {"beneficiaryId": (await world.person(theirs, as_=BUREAU))["id"], "contact": {"phone": "13900001111"}}
    answer = await world.act("updateContact", {**update, "idempotencyKey": "k-1"}, as_=BUREAU)
    assert answer["userErrors"] == []
    answer = await world.act("confirmCertification", confirm, as_=second)
    assert (answer["userErrors"], answer["beneficiaries"][0]["version"]) == ([], 4)


async def test_twins_at_the_same_moment_run_once(world: World) -> None:
    """Concurrent twins run once; all are given the answer of the one that did."""
    people = await qualified(world, 3)
    page = {"page": [{"beneficiaryId": person.node} for person in people], "idempotencyKey": "k-1"}
    answers = await asyncio.gather(*(world.act("batchPass", page) for _ in range(8)))
    assert all(answer == answers[0] for answer in answers)
    assert answers[0]["renewed"] == 3
    for person in people:
        row = await world.person(person.id)
        assert (row["version"], acts(row)) == (3, [("BATCH_PASS", "NORMAL", "PASS")])


async def test_different_inputs_racing_for_a_key_leave_one_winner(world: World) -> None:
    """Whichever comes first takes the key; the others are told."""
    people = await qualified(world, 8)
    inputs = [{"beneficiaryId": person.node, "idempotencyKey": "k-1"} for person in people]
    answers = await asyncio.gather(*(world.act("confirmCertification", given) for given in inputs))
    codes = sorted(error["code"] for answer in answers for error in answer["userErrors"])
    assert codes == ["IDEMPOTENCY_KEY_REUSED"] * 7
    assert await world.owner.fetchval("SELECT count(*) FROM certifications") == 1


async def test_after_seven_days_a_key_is_free_again(world: World) -> None:
    """Kept 7 days: at the last moment replayed, after it a new act."""
    [person] = await qualified(world)
    given = {"beneficiaryId": person.node, "idempotencyKey": "k-1"}
    first = await world.at("2019-06-10").act("confirmCertification", given)
    assert await world.at("2019-06-17").act("confirmCertification", given) == first
    again = await world.at("2019-06-17", hour=10).act("confirmCertification", given)
    assert [row["version"] for row in again["beneficiaries"]] == [4]
    other = {**given, "contact": {"phone": "13900001111"}}
    assert (await world.at("2019-06-25").act("confirmCertification", other))["userErrors"] == []


async def test_a_key_is_at_most_200_characters(world: World) -> None:
    """A key longer than that is refused, one of that length serves."""
    [person] = await qualified(world)
    given = {"beneficiaryId": person.node, "idempotencyKey": "k" * 201}
    payload = await refused(world, "confirmCertification", given)
    assert [(error["code"], error["path"]) for error in payload["userErrors"]] == [
        ("INVALID_TEXT", ["input", "idempotencyKey"])
    ]
    answer = await world.act("confirmCertification", {**given, "idempotencyKey": "认" * 200})
    assert answer["userErrors"] == []
