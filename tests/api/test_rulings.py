"""Rulings on objections: what is refused, what is quarantined, who is passed and what is still missing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.money import named, stated
from tests.api.objections import (
    PAPER,
    decide,
    declared_dead,
    listed,
    reported,
)
from tests.api.scenes import acts, enrolled, period, seen
from tests.world import SCHOOL, World, id_number


@pytest.mark.parametrize("given", [
    ({"reason": " "}, ("REASON_REQUIRED", "input.reason")),
    ({"reason": "x" * 501}, ("INVALID_TEXT", "input.reason")),
    ({"falseRecords": [{"kind": "cremation", "occurredOn": f"2019-05-0{day}"} for day in (2, 3)]},
     ("INVALID_RECORD", "input.falseRecords.1")),
    ({"outcome": "RULE_WRONG", "falseRecords": [{"kind": "cremation", "occurredOn": "2019-05-02"}]},
     ("INVALID_RECORD", "input.falseRecords")),
    ({"proofs": [{**PAPER, "document": {"name": " ", "sha256": "e" * 64}}]},
     ("INVALID_DOCUMENT", "input.proofs.0.name")),
])  # fmt: skip
async def test_a_ruling_is_refused_by_field_and_decides_nothing(
    world: World, given: tuple[dict[str, Any], tuple[str, str]]
) -> None:
    [person] = await declared_dead(world)
    case = await reported(world, person)
    said, expected = given
    assert named(await decide(world, case, **said)) == [expected]
    assert (await listed(world))["edges"][0]["node"]["status"] == "REPORTED"


async def test_no_paper_alone_shows_that_somebody_lives(world: World) -> None:
    """Notice 四(四): no certification by papers (证件认证); the officer adds what the agency saw itself."""
    [person] = await declared_dead(world)
    case = await reported(world, person, proofs=[PAPER])
    assert named(await decide(world, case)) == [("PROOF_REQUIRED", "input.proofs")]
    home = {"kind": "HOME_VISIT", "document": {"name": "上门核实记录.pdf", "sha256": "e" * 64}}
    answer = await decide(world, case, proofs=[home])
    assert answer["userErrors"] == []
    assert answer["objection"]["proofs"] == [PAPER, home]


async def test_who_was_never_suspended_loses_nothing(world: World) -> None:
    """The PASS renews the period; there is nothing to reinstate, and nothing missing."""
    [person] = await declared_dead(world)
    answer = await decide(world, await reported(world, person))
    assert (answer["reinstatement"], answer["missing"]) == (None, [])
    row = await world.person(person.id)
    assert period(row) == "2019-06..2020-06 SERVICE_WINDOW"
    assert (row["paymentStatus"], row["verdict"]["answered"], row["answerBy"]) == ("PAYING", True, None)


async def test_only_data_that_were_wrong_restore_anybody(world: World) -> None:
    """RULE_WRONG goes to those who mend the rule, VERDICT_RIGHT to the objector; neither passes or quarantines."""
    [person] = await declared_dead(world)
    before = await world.person(person.id)
    for outcome in ("RULE_WRONG", "VERDICT_RIGHT"):
        answer = await decide(world, await reported(world, person), outcome)
        assert (answer["objection"]["outcome"], answer["objection"]["falseRecords"]) == (outcome, [])
    assert await world.person(person.id) == before
    assert await world.owner.fetchval("SELECT count(*) FROM quarantines") == 0


async def test_what_was_false_never_counts_again_under_whatever_reference(world: World) -> None:
    """The cremation is delivered once more the month after; the living person is not declared dead again."""
    [person] = await declared_dead(world)
    answer = await decide(world, await reported(world, person))
    assert answer["objection"]["falseRecords"] == [{"kind": "cremation", "label": "火化记录", "month": "2019-05"}]
    await seen(world.at("2019-06-20"), (person, "justice", "cremation", "2019-05-02"))
    await world.at("2019-07-04").publish("2019-06")
    assert (await world.person(person.id))["verdict"]["conclusion"] == "PENDING"
    await seen(world.at("2019-07-20"), (person, "justice", "cremation", "2019-07-02"))
    await world.at("2019-08-04").publish("2019-07", release=True)
    assert (await world.person(person.id))["verdict"]["conclusion"] == "DISQUALIFIED"  # another day, another claim


async def test_a_quarantine_holds_for_both_benefits_and_for_nobody_else(world: World) -> None:
    """The record belongs to an ID number."""
    person, other = await declared_dead(world, "DISQUALIFIED")
    await world.load("beneficiaries", [{
        "unit_si_number": SCHOOL, "category": "SURVIVOR", "name": "张三1", "id_number": id_number(person.serial),
        "phone": "", "household_address": "", "residence_address": "", "benefit_from": "2015-01",
        "monthly_amount": "800.00", "certified_in": "2019-05",
    }])  # fmt: skip
    survivor: int = await world.owner.fetchval("SELECT id FROM beneficiaries WHERE category = 'SURVIVOR'")
    await decide(world, await reported(world, person))
    await world.at("2019-07-04").publish("2019-06", release=True)
    said = [(await world.person(id))["verdict"]["conclusion"] for id in (person.id, survivor, other.id)]
    assert said == ["PENDING", "PENDING", "DISQUALIFIED"]


async def test_of_somebody_declared_dead_every_record_of_a_death_is_false_and_no_judgment(world: World) -> None:
    """A cremation and a death certificate are; an effective judgment says something else."""
    [person] = await declared_dead(world)
    await seen(world, (person, "health", "death_certificate", "2019-05-01"),
               (person, "justice", "effective_judgment", "2019-04-01"))  # fmt: skip
    false = (await decide(world, await reported(world, person)))["objection"]["falseRecords"]
    assert [record["kind"] for record in false] == ["death_certificate", "cremation"]


async def test_an_empty_list_clears_somebody_declared_dead_of_every_death(world: World) -> None:
    """Else the machine would declare the person dead again the month after."""
    [person] = await declared_dead(world)
    answer = await decide(world, await reported(world, person), falseRecords=[])
    assert [record["kind"] for record in answer["objection"]["falseRecords"]] == ["cremation"]
    await world.at("2019-07-04").publish("2019-06", release=True)
    assert (await world.person(person.id))["verdict"]["conclusion"] == "PENDING"


async def test_a_second_benefit_is_restored_though_its_record_counts_no_more(world: World) -> None:
    """The ruling on the first has quarantined it; there is nothing left to name."""
    [person] = await declared_dead(world)
    [other] = await enrolled(world.at("2019-06-02"), category="SURVIVOR")
    await world.at("2019-07-04").publish("2019-06", release=True)
    cases = [await reported(world, one) for one in (person, other)]
    assert [(await decide(world, case))["userErrors"] for case in cases] == [[], []]
    assert await world.owner.fetchval("SELECT count(*) FROM quarantines") == 1


async def test_the_officer_may_name_what_is_false(world: World) -> None:
    """A sign of life that was somebody else's, say."""
    _, other = await declared_dead(world, "QUALIFIED")
    case = await reported(world, other, kind="WRONG_PERSON", proofs=[])
    named_ = [{"kind": "rail_travel", "occurredOn": "2019-05-20"}]
    answer = await decide(world, case, falseRecords=named_)
    assert [record["kind"] for record in answer["objection"]["falseRecords"]] == ["rail_travel"]
    assert (answer["reinstatement"], answer["missing"]) == (None, [])
    await world.at("2019-07-04").publish("2019-06", release=True)
    assert (await world.person(other.id))["verdict"]["conclusion"] == "PENDING"


async def test_the_records_that_declare_dead_are_among_those_named(world: World) -> None:
    """Else they go on counting, and the machine declares the person dead again; the answer says which are left out."""
    [person] = await declared_dead(world)
    await seen(world, (person, "health", "outpatient_card", "2019-05-10"),
               (person, "health", "death_certificate", "2019-05-01"))  # fmt: skip
    case = await reported(world, person)
    card, cremation, certificate = (
        {"kind": kind, "occurredOn": day}
        for kind, day in (
            ("outpatient_card", "2019-05-10"), ("cremation", "2019-05-02"), ("death_certificate", "2019-05-01")
        )
    )  # fmt: skip
    answer = await decide(world, case, falseRecords=[card])
    assert named(answer) == [("INVALID_RECORD", "input.falseRecords")] * 2
    assert "死亡医学证明" in answer["userErrors"][0]["message"] and "2019-05-01" in answer["userErrors"][0]["message"]
    assert "火化记录" in answer["userErrors"][1]["message"] and "2019-05-02" in answer["userErrors"][1]["message"]
    answer = await decide(world, case, falseRecords=[cremation])
    assert named(answer) == [("INVALID_RECORD", "input.falseRecords")]
    assert "死亡医学证明" in answer["userErrors"][0]["message"]
    answer = await decide(world, case, falseRecords=[card, cremation, certificate])
    false = [record["kind"] for record in answer["objection"]["falseRecords"]]
    assert false == ["death_certificate", "cremation", "outpatient_card"]
    await world.at("2019-07-04").publish("2019-06", release=True)
    assert (await world.person(person.id))["verdict"]["conclusion"] == "PENDING"


async def test_what_is_still_missing_is_said(world: World) -> None:
    """Contact data must be complete for any pass (附7); an ended benefit is not restored in this step."""
    [person] = await declared_dead(world)
    await world.owner.execute("UPDATE beneficiaries SET phone = NULL WHERE id = $1", person.id)
    answer = await decide(world, await reported(world, person))
    assert answer["objection"]["status"] == "DECIDED"
    assert [error["code"] for error in answer["missing"]] == ["CONTACT_INCOMPLETE"]
    assert acts(await world.person(person.id)) == []


async def test_a_case_of_reinstatement_that_is_open_already_is_named(world: World) -> None:
    """The unit had asked for it; it waits for its review."""
    [person] = await declared_dead(world)
    await stated(world, person, {"survivalStatus": "MISSING", "occurredOn": "2019-06-03"}, "2019-06-06")
    await stated(world, person, {"survivalStatus": "NORMAL", "reason": "本人到场"}, "2019-07-03")
    case = await reported(world, person)
    await world.request(person.id)
    answer = await decide(world, case)
    assert answer["reinstatement"] is None
    assert [error["code"] for error in answer["missing"]] == ["REINSTATEMENT_OPEN"]
