"""`overrideVerdict`: the unit states what it knows. Notice 三(二)."""

import pytest

from tests.api.scenes import Person, acts, enrolled, judged, period, periods, qualified, reviews, seen
from tests.world import World, node_id

DECEASED = {"survivalStatus": "DECEASED", "occurredOn": "2019-06-10"}
NORMAL = {"survivalStatus": "NORMAL"}


async def failed_in_june(world: World) -> Person:
    """A QUALIFIED retiree who was failed on 20 June 2019."""
    [person] = await qualified(world)
    await world.at("2019-06-20").act("overrideVerdict", {"beneficiaryId": person.node, **DECEASED})
    return person


@pytest.mark.parametrize("status", ["DECEASED", "MISSING", "IMPRISONED"])
async def test_a_fail_ends_the_period_with_its_month(world: World, status: str) -> None:
    """DECEASED, MISSING or IMPRISONED fail, and a FAIL ends the running period in the month of the act (rules 2.5)."""
    [person] = await qualified(world)
    answer = await world.at("2019-06-20").act(
        "overrideVerdict",
        {"beneficiaryId": person.node, "survivalStatus": status, "occurredOn": "2019-06-10", "reason": "家属告知"},
    )
    assert answer["userErrors"] == []
    assert answer["renewed"] == 0
    [row] = answer["beneficiaries"]
    assert acts(row) == [("OVERRIDE", status, "FAIL")]
    assert row["certifications"]["edges"][0]["node"]["reason"] == "家属告知"
    assert period(row) == "2019-05..2019-06 VERDICT"
    assert periods(row) == ["2019-05..2020-05 VERDICT", "2019-01..2020-01 ENROLMENT"]
    assert row["paidThrough"] == "2019-06"
    assert row["verdict"]["answered"] is True
    assert row["version"] == 3
    assert row["confirmBy"] == "2020-01-31"
    assert await world.person(person.id) == row


async def test_a_fail_in_june_leaves_june_paying_and_reads_suspended_from_july(world: World) -> None:
    """`paymentStatus` says how it stands in the current month (rules 4)."""
    person = await failed_in_june(world)
    june = await world.at("2019-06-30").person(person.id)
    july = await world.at("2019-07-01").person(person.id)
    assert (june["paymentStatus"], june["paidThrough"]) == ("PAYING", "2019-06")
    assert (july["paymentStatus"], july["paidThrough"], period(july)) == ("SUSPENDED", "2019-06", None)


async def test_the_day_of_a_fail_is_kept(world: World) -> None:
    """FAIL with the day it happened (rules 4)."""
    person = await failed_in_june(world)
    [edge] = (await world.person(person.id))["certifications"]["edges"]
    document = "query($id: ID!) { node(id: $id) { ... on Certification { occurredOn verdictMonth } } }"
    found = await world.ask(document, {"id": edge["node"]["id"]})
    assert found["node"] == {"occurredOn": "2019-06-10", "verdictMonth": "2019-05"}


async def test_a_fail_withdrawn_in_its_month_never_suspends(world: World) -> None:
    """A FAIL withdrawn by a PASS in the same month simply stands corrected: no reinstatement is needed (rules 4)."""
    person = await failed_in_june(world)
    answer = await world.at("2019-06-30").act("overrideVerdict", {"beneficiaryId": person.node, **NORMAL})
    assert (answer["userErrors"], answer["renewed"]) == ([], 1)
    row = await world.at("2019-07-01").person(person.id)
    assert row["paymentStatus"] == "PAYING"
    assert row["paidThrough"] == "2020-06"
    assert period(row) == "2019-06..2020-06 OVERRIDE"
    assert acts(row) == [("OVERRIDE", "NORMAL", "PASS"), ("OVERRIDE", "DECEASED", "FAIL")]


async def test_a_pass_after_the_suspension_began_opens_a_period_and_holds_payment(world: World) -> None:
    """A later PASS opens a new period but payment stays held until a reinstatement (rules 5.4)."""
    person = await failed_in_june(world)
    answer = await world.at("2019-07-01").act("overrideVerdict", {"beneficiaryId": person.node, **NORMAL})
    assert (answer["userErrors"], answer["renewed"]) == ([], 1)
    [row] = answer["beneficiaries"]
    assert row["paymentStatus"] == "SUSPENDED"
    assert row["paidThrough"] == "2019-06"
    assert period(row) == "2019-07..2020-07 OVERRIDE"
    assert (await world.at("2020-07-31").person(person.id))["paymentStatus"] == "SUSPENDED"


async def test_a_second_fail_does_not_move_the_first_ones_suspension(world: World) -> None:
    """The suspension counts from the first FAIL."""
    person = await failed_in_june(world)
    answer = await world.at("2019-08-02").act("overrideVerdict", {"beneficiaryId": person.node, **DECEASED})
    assert answer["userErrors"] == []
    row = await world.person(person.id)
    assert (row["paymentStatus"], row["paidThrough"], period(row)) == ("SUSPENDED", "2019-06", None)
    assert len(acts(row)) == 2


async def test_no_verdict_renews_a_suspended_benefit(world: World) -> None:
    """A machine never undoes a human's FAIL; the unit sees the contradiction (rules 2.5)."""
    person = await failed_in_june(world)
    await seen(world.at("2019-06-26"), (person, "transport", "rail_travel", "2019-06-25"))
    published = await world.at("2019-07-04").publish("2019-06")
    assert published.renewed == 0
    row = await world.person(person.id)
    assert (row["verdict"]["month"], row["verdict"]["conclusion"]) == ("2019-06", "QUALIFIED")
    assert row["verdict"]["answered"] is False
    assert (row["paymentStatus"], row["paidThrough"], period(row)) == ("SUSPENDED", "2019-06", None)


async def test_a_pending_person_is_passed_without_a_reason(world: World) -> None:
    """A reason is required against DISQUALIFIED only (rules 4)."""
    [person] = await judged(world, "PENDING")
    assert (await world.person(person.id))["answerBy"] == "2019-06-30"
    answer = await world.act("overrideVerdict", {"beneficiaryId": person.node, **NORMAL})
    assert (answer["userErrors"], answer["renewed"]) == ([], 1)
    [row] = answer["beneficiaries"]
    assert acts(row) == [("OVERRIDE", "NORMAL", "PASS")]
    assert period(row) == "2019-06..2020-06 OVERRIDE"
    assert (row["verdict"]["answered"], row["answerBy"]) == (True, None)
    assert (row["verdict"]["conclusion"], row["confirmBy"]) == ("PENDING", "2020-06-30")
    assert await reviews(world) == []


async def test_a_pass_against_disqualified_opens_an_agency_review(world: World) -> None:
    """PASS, renews, opens an agency review when it was DISQUALIFIED (rules 4)."""
    [person] = await judged(world, "DISQUALIFIED")
    answer = await world.act(
        "overrideVerdict", {"beneficiaryId": person.node, **NORMAL, "reason": "本人到单位，记录有误"}
    )
    assert answer["userErrors"] == []
    [row] = answer["beneficiaries"]
    assert period(row) == "2019-06..2020-06 OVERRIDE"
    assert row["certifications"]["edges"][0]["node"]["reason"] == "本人到单位，记录有误"
    assert row["answerBy"] is None
    assert await reviews(world) == [person.id]


async def test_a_fail_that_agrees_with_disqualified_opens_no_review(world: World) -> None:
    """Only a PASS against DISQUALIFIED is for the agency to look at (rules 4)."""
    [person] = await judged(world, "DISQUALIFIED")
    await world.at("2019-06-20").act("overrideVerdict", {"beneficiaryId": person.node, **DECEASED})
    row = await world.person(person.id)
    assert (row["answerBy"], row["verdict"]["answered"]) == (None, True)
    assert await reviews(world) == []


async def test_a_loss_record_answered_with_pass_makes_the_next_verdict_pending(world: World) -> None:
    """A loss record that the unit has answered with PASS makes PENDING until the agency decides (rules 3.3)."""
    [person] = await judged(world, "DISQUALIFIED")
    await world.act("overrideVerdict", {"beneficiaryId": person.node, **NORMAL, "reason": "本人健在"})
    await world.at("2019-07-04").publish("2019-06")
    row = await world.person(person.id)
    assert (row["verdict"]["month"], row["verdict"]["conclusion"]) == ("2019-06", "PENDING")
    assert "已由单位认定“通过”" in row["verdict"]["description"]
    assert (row["verdict"]["answered"], row["answerBy"]) == (False, "2019-07-31")


async def test_a_loss_record_that_came_after_the_answer_disqualifies(world: World) -> None:
    """The unit has answered what it could know, not what came in later (rules 3.3)."""
    [person] = await judged(world, "DISQUALIFIED")
    await world.act("overrideVerdict", {"beneficiaryId": person.node, **NORMAL, "reason": "本人健在"})
    await seen(world.at("2019-06-25"), (person, "health", "death_certificate", "2019-05-01"))
    await world.at("2019-07-04").publish("2019-06")
    assert (await world.person(person.id))["verdict"]["conclusion"] == "DISQUALIFIED"


async def test_somebody_without_any_verdict_can_be_passed_and_failed(world: World) -> None:
    """An override stands against the data, or in its place (rules 4)."""
    await world.units()
    passed, gone = await enrolled(world, 2)
    for person, statement in ((passed, NORMAL), (gone, DECEASED)):
        answer = await world.at("2019-06-20").act("overrideVerdict", {"beneficiaryId": person.node, **statement})
        assert answer["userErrors"] == []
    assert period(await world.person(passed.id)) == "2019-06..2020-06 OVERRIDE"
    assert period(await world.person(gone.id)) == "2019-01..2019-06 ENROLMENT"


async def test_contact_edits_are_saved_with_a_fail_too(world: World) -> None:
    """Contact edits saved with it, complete for any submission (附7)."""
    [person] = await qualified(world, phone="")
    answer = await world.at("2019-06-20").act(
        "overrideVerdict", {"beneficiaryId": person.node, **DECEASED, "contact": {"phone": "13900001111"}}
    )
    assert answer["userErrors"] == []
    assert (await world.person(person.id))["phone"] == "13900001111"


async def test_a_day_sent_with_normal_is_not_recorded(world: World) -> None:
    """NORMAL has no day on which it happened."""
    await world.units()
    person = await world.enrol(1)
    given = {"beneficiaryId": node_id(person), "survivalStatus": "NORMAL", "occurredOn": "2099-01-01"}
    assert (await world.act("overrideVerdict", given))["userErrors"] == []
    assert await world.owner.fetchval("SELECT occurred_on FROM certifications") is None
