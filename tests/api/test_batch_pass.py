"""`batchPass` (本页批量通过): a page as the handler saw it. Notice 附9."""

from typing import Any

from tests.api.scenes import Person, acts, judged, period, qualified, reviews, saved
from tests.world import World


def page(*people: Person, version: int | None = None) -> list[dict[str, Any]]:
    seen = {} if version is None else {"version": version}
    return [{"beneficiaryId": person.node, **seen} for person in people]


async def test_every_row_of_the_page_is_normal_and_passes(world: World) -> None:
    """Every row NORMAL and PASS, QUALIFIED and PENDING alike (rules 4)."""
    good, pending = await judged(world, "QUALIFIED", "PENDING")
    answer = await world.act("batchPass", {"page": page(good, pending, version=2)})
    assert (answer["userErrors"], answer["renewed"]) == ([], 2)
    assert [row["id"] for row in answer["beneficiaries"]] == [good.node, pending.node]
    for row in answer["beneficiaries"]:
        assert acts(row) == [("BATCH_PASS", "NORMAL", "PASS")]
        assert period(row) == "2019-06..2020-06 BATCH_PASS"
        assert (row["paidThrough"], row["version"], row["verdict"]["answered"]) == ("2020-06", 3, True)
        assert (row["answerBy"], row["confirmBy"]) == (None, "2020-06-30")
    assert await reviews(world) == []


async def test_acknowledged_disqualified_rows_pass_with_a_reason_and_a_review(world: World) -> None:
    """Rows that are DISQUALIFIED must be named in the request as acknowledged, with a reason (rules 4)."""
    good, lost = await judged(world, "QUALIFIED", "DISQUALIFIED")
    answer = await world.act(
        "batchPass",
        {"page": page(good, lost), "acknowledgedDisqualified": [lost.node], "reason": "本人到场核实"},
    )
    assert (answer["userErrors"], answer["renewed"]) == ([], 2)
    reasons = [row["certifications"]["edges"][0]["node"]["reason"] for row in answer["beneficiaries"]]
    assert reasons == [None, "本人到场核实"]
    assert await reviews(world) == [lost.id]


async def test_one_row_that_is_not_acknowledged_saves_nothing_and_is_named(world: World) -> None:
    """Else nothing is saved and the answer names them (rules 4)."""
    good, first, second = await judged(world, "QUALIFIED", "DISQUALIFIED", "DISQUALIFIED")
    before = await saved(world)
    rows = page(good, first, second)
    rows[0]["contact"] = {"phone": "13900001111"}
    answer = await world.act("batchPass", {"page": rows})
    named = [(error["code"], error["path"], error["beneficiaryId"]) for error in answer["userErrors"]]
    assert named == [
        ("DISQUALIFIED_NOT_ACKNOWLEDGED", ["input", "page", "1", "beneficiaryId"], first.node),
        ("DISQUALIFIED_NOT_ACKNOWLEDGED", ["input", "page", "2", "beneficiaryId"], second.node),
    ]
    assert await saved(world) == before


async def test_acknowledging_somebody_who_is_not_disqualified_does_no_harm(world: World) -> None:
    """The acknowledgement says what the handler means; it is no statement about the verdict."""
    [good] = await judged(world, "QUALIFIED")
    answer = await world.act("batchPass", {"page": page(good), "acknowledgedDisqualified": [good.node]})
    assert answer["userErrors"] == []
    assert await reviews(world) == []


async def test_survivors_pass_for_six_months(world: World) -> None:
    """Survivor batch-passed 2019-06-30: 2019-06..2019-12, first unpaid 2020-01 (rules 7, case 2)."""
    people = await qualified(world, 3, category="SURVIVOR")
    answer = await world.at("2019-06-30").act("batchPass", {"page": page(*people)})
    assert [period(row) for row in answer["beneficiaries"]] == ["2019-06..2019-12 BATCH_PASS"] * 3
    for person in people:
        assert (await world.at("2019-12-31").person(person.id))["paymentStatus"] == "PAYING"
        assert (await world.at("2020-01-01").person(person.id))["paymentStatus"] == "LAPSED"


async def test_contact_edits_are_saved_with_the_page(world: World) -> None:
    """Contact complete for any pass; edits saved with it (附7)."""
    first, second = await qualified(world, 2, phone="")
    rows = page(first, second)
    rows[0]["contact"] = {"phone": "13900001111"}
    rows[1]["contact"] = {"phone": "0532-85911234-801"}
    assert (await world.act("batchPass", {"page": rows}))["userErrors"] == []
    assert (await world.person(first.id))["phone"] == "13900001111"
    assert (await world.person(second.id))["phone"] == "0532-85911234-801"


async def test_a_page_passed_twice_in_a_month_renews_once(world: World) -> None:
    """A second pass in the same month leaves the period as it is (rules 2.3)."""
    people = await qualified(world, 3)
    first = await world.act("batchPass", {"page": page(*people)})
    second = await world.act("batchPass", {"page": page(*people)})
    assert (first["renewed"], second["renewed"]) == (3, 0)
    assert [row["version"] for row in second["beneficiaries"]] == [4, 4, 4]


async def test_one_changed_row_makes_the_page_stale_and_saves_nothing(world: World) -> None:
    """Acting on a row that has changed since it was read is refused as stale, with the new row (rules 4)."""
    first, second, third = await qualified(world, 3)
    await world.act("updateContact", {"beneficiaryId": second.node, "contact": {"phone": "13900001111"}})
    before = await saved(world)
    answer = await world.act("batchPass", {"page": page(first, second, third, version=2)})
    named = [(error["code"], error["path"], error["beneficiaryId"]) for error in answer["userErrors"]]
    assert named == [("STALE_VERSION", ["input", "page", "1", "version"], second.node)]
    assert answer["beneficiaries"] == [await world.person(second.id)]
    assert answer["beneficiaries"][0]["version"] == 3
    assert await saved(world) == before
