"""`updateContact` (信息维护). Notice 四(三)."""

import pytest

from tests.api.scenes import acts, enrolled, judged, period, qualified, seen
from tests.world import World

COUNTED = "联系信息已保存，并计为一次认证确认。"
EDIT = {"contact": {"phone": "13900001111"}}


async def test_for_a_qualified_person_with_complete_contact_it_is_a_confirmation(world: World) -> None:
    """For a QUALIFIED verdict with complete contact it counts as a confirmation (rules 4)."""
    [person] = await qualified(world)
    answer = await world.act("updateContact", {"beneficiaryId": person.node, **EDIT})
    assert (answer["userErrors"], answer["renewed"], answer["notice"]) == ([], 1, COUNTED)
    row = await world.person(person.id)
    assert row["phone"] == "13900001111"
    assert acts(row) == [("CONTACT_UPDATE", "NORMAL", "PASS")]
    assert period(row) == "2019-06..2020-06 CONTACT_UPDATE"
    assert (row["paidThrough"], row["confirmBy"], row["version"]) == ("2020-06", "2020-06-30", 3)
    assert row["verdict"]["answered"] is True


async def test_the_edit_itself_may_complete_the_contact(world: World) -> None:
    """What counts is the contact data as saved."""
    [person] = await qualified(world, phone="")
    answer = await world.act("updateContact", {"beneficiaryId": person.node, **EDIT})
    assert (answer["renewed"], answer["notice"]) == (1, COUNTED)


async def test_incomplete_contact_is_saved_renews_nothing_and_says_so(world: World) -> None:
    """Else it renews nothing and says so (rules 4)."""
    [person] = await qualified(world, phone="", household_address="")
    before = await world.person(person.id)
    answer = await world.act("updateContact", {"beneficiaryId": person.node, **EDIT})
    assert (answer["userErrors"], answer["renewed"]) == ([], 0)
    assert "不计为认证确认" in answer["notice"]
    row = await world.person(person.id)
    changed = {"phone": "13900001111", "version": 3}
    assert row == {**before, **changed}
    assert (row["contactComplete"], acts(row)) == (False, [])


@pytest.mark.parametrize("conclusion", ["PENDING", "DISQUALIFIED", "CONFLICT"])
async def test_no_other_verdict_is_confirmed_by_it(world: World, conclusion: str) -> None:
    """A contact update of somebody the data does not call QUALIFIED is saved and answers nothing (rules 4)."""
    [person] = await judged(world, conclusion)
    before = await world.person(person.id)
    answer = await world.act("updateContact", {"beneficiaryId": person.node, **EDIT})
    assert (answer["userErrors"], answer["renewed"]) == ([], 0)
    assert "不计为认证确认" in answer["notice"]
    assert await world.person(person.id) == {**before, "phone": "13900001111", "version": 3}
    assert before["answerBy"] == "2019-06-30"


async def test_without_any_verdict_it_is_saved_only(world: World) -> None:
    """A new beneficiary has no verdict to confirm."""
    await world.units()
    [person] = await enrolled(world)
    answer = await world.act("updateContact", {"beneficiaryId": person.node, **EDIT})
    assert (answer["userErrors"], answer["renewed"]) == ([], 0)
    assert "不计为认证确认" in answer["notice"]


async def test_a_second_update_in_the_month_is_recorded_and_renews_nothing(world: World) -> None:
    """It still counts as a confirmation; the period is already this month's (rules 2.3)."""
    [person] = await qualified(world)
    await world.act("updateContact", {"beneficiaryId": person.node, **EDIT})
    answer = await world.act("updateContact", {"beneficiaryId": person.node, **EDIT})
    assert (answer["renewed"], answer["notice"]) == (0, COUNTED)
    assert len(acts(answer["beneficiaries"][0])) == 2


async def test_what_is_left_out_stays_as_it_is(world: World) -> None:
    """Contact data to save; what is left out stays."""
    [person] = await qualified(world)
    residence = {"residenceAddress": "青岛市崂山区海尔路60号", "phone": None}
    await world.act("updateContact", {"beneficiaryId": person.node, "contact": residence})
    row = await world.person(person.id)
    assert row["phone"] == "13812345678"
    assert row["householdAddress"] == "青岛市市南区香港中路1号"
    assert row["residenceAddress"] == "青岛市崂山区海尔路60号"


async def test_after_a_suspension_it_pays_nobody(world: World) -> None:
    """Payment then waits for the reinstatement like after any other PASS (rules 2.5, 5.4)."""
    [person] = await qualified(world)
    gone = {"survivalStatus": "MISSING", "occurredOn": "2019-06-10"}
    await world.at("2019-06-20").act("overrideVerdict", {"beneficiaryId": person.node, **gone})
    await seen(world, (person, "transport", "rail_travel", "2019-06-19"))
    await world.at("2019-07-04").publish("2019-06")
    await world.at("2019-07-05").act("updateContact", {"beneficiaryId": person.node, **EDIT})
    row = await world.person(person.id)
    assert (row["paymentStatus"], row["paidThrough"]) == ("SUSPENDED", "2019-06")
