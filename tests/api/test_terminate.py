"""`terminateBenefit` (待遇终止). Notice 附11."""

from typing import Any

import pytest

from tests.api.scenes import Person, acts, concluded, enrolled, judged, period, periods, qualified, saved, seen
from tests.world import World, node_id

DEATH = {"cause": "DECEASED", "occurredOn": "2019-06-10"}
ROSTER = """
query($include: Boolean! = false) {
  unit { beneficiaries(includeTerminated: $include) { totalCount edges { node { id paymentStatus } } }
         summary { total qualified } }
}
"""


async def terminated(world: World) -> Person:
    """A QUALIFIED retiree whose benefit was terminated on 20 June 2019, for a death on 10 June."""
    [person] = await qualified(world)
    answer = await world.at("2019-06-20").act("terminateBenefit", {"beneficiaryId": person.node, **DEATH})
    assert answer["userErrors"] == []
    return person


@pytest.mark.parametrize("cause", ["DECEASED", "MISSING", "IMPRISONED"])
async def test_a_benefit_ends_after_the_month_of_the_event(world: World, cause: str) -> None:
    """TERMINATED from the month after the event; no FAIL needed first (rules 4)."""
    [person] = await qualified(world)
    answer = await world.at("2019-06-20").act(
        "terminateBenefit", {"beneficiaryId": person.node, "cause": cause, "occurredOn": "2019-06-10"}
    )
    assert (answer["userErrors"], answer["renewed"]) == ([], 0)
    [row] = answer["beneficiaries"]
    assert (row["paymentStatus"], row["paidThrough"], row["version"]) == ("PAYING", "2019-06", 3)
    assert period(row) == "2019-05..2019-06 VERDICT"
    assert periods(row) == ["2019-05..2020-05 VERDICT", "2019-01..2020-01 ENROLMENT"]
    assert (row["answerBy"], row["confirmBy"]) == (None, None)
    assert acts(row) == []
    july = await world.at("2019-07-01").person(person.id)
    assert (july["paymentStatus"], july["paidThrough"], period(july)) == ("TERMINATED", "2019-06", None)


async def test_an_event_learnt_late_ends_the_benefit_in_its_own_month(world: World) -> None:
    """Died 2019-03-15, terminated on 2019-06-20: nothing is payable after 2019-03 (rules 7, case 11)."""
    [person] = await qualified(world)
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    death = {"cause": "DECEASED", "occurredOn": "2019-03-15"}
    await world.at("2019-06-20").act("terminateBenefit", {"beneficiaryId": person.node, **death})
    row = await world.person(person.id)
    assert (row["paymentStatus"], row["paidThrough"], period(row)) == ("TERMINATED", "2019-03", None)
    assert periods(row) == ["2019-06..2020-06 CONFIRM", "2019-05..2020-05 VERDICT", "2019-01..2020-01 ENROLMENT"]


async def test_who_terminated_and_why_is_kept(world: World) -> None:
    """Reason and day of the event, under the handler (rules 4)."""
    person = await terminated(world)
    rows = await world.owner.fetch(
        "SELECT beneficiary_id, cause, occurred_on::text, handler_name, acted_on::text FROM terminations"
    )
    assert [tuple(row) for row in rows] == [(person.id, "DECEASED", "2019-06-10", "李经办", "2019-06-20")]


async def test_an_unanswered_verdict_is_answered_by_the_termination(world: World) -> None:
    """Nothing is due of a benefit that has ended."""
    [person] = await judged(world, "DISQUALIFIED")
    await world.at("2019-06-20").act("terminateBenefit", {"beneficiaryId": person.node, **DEATH})
    row = await world.person(person.id)
    assert (row["verdict"]["answered"], row["answerBy"]) == (True, None)


async def test_a_suspended_benefit_can_be_terminated(world: World) -> None:
    """A FAIL in June, the death in July: payment ended with June all the same."""
    [person] = await qualified(world)
    missing = {"survivalStatus": "MISSING", "occurredOn": "2019-06-10"}
    await world.at("2019-06-20").act("overrideVerdict", {"beneficiaryId": person.node, **missing})
    death = {"cause": "DECEASED", "occurredOn": "2019-07-09"}
    answer = await world.at("2019-07-20").act("terminateBenefit", {"beneficiaryId": person.node, **death})
    assert answer["userErrors"] == []
    assert (answer["beneficiaries"][0]["paymentStatus"], answer["beneficiaries"][0]["paidThrough"]) == (
        "SUSPENDED",
        "2019-06",
    )
    august = await world.at("2019-08-01").person(person.id)
    assert (august["paymentStatus"], august["paidThrough"]) == ("TERMINATED", "2019-06")


@pytest.mark.parametrize(
    ("mutation", "rest"),
    [
        ("confirmCertification", {}),
        ("overrideVerdict", {"survivalStatus": "NORMAL"}),
        ("overrideVerdict", {"survivalStatus": "DECEASED", "occurredOn": "2019-06-10"}),
        ("updateContact", {"contact": {"phone": "13900001111"}}),
        ("terminateBenefit", DEATH),
    ],
)
async def test_a_terminated_benefit_is_untouchable(world: World, mutation: str, rest: dict[str, Any]) -> None:
    """Terminated people are untouchable by each act, in the month of the event already."""
    person = await terminated(world)
    before = await saved(world)
    answer = await world.act(mutation, {"beneficiaryId": person.node, **rest})
    named = [(error["code"], error["path"], error["beneficiaryId"]) for error in answer["userErrors"]]
    assert named == [("ALREADY_TERMINATED", ["input", "beneficiaryId"], person.node)]
    assert await saved(world) == before


@pytest.mark.parametrize(("mutation", "field"), [("submitCertifications", "entries"), ("batchPass", "page")])
async def test_a_terminated_row_holds_up_the_rows_beside_it(world: World, mutation: str, field: str) -> None:
    """All or none, with a terminated row among them."""
    first, second = await qualified(world, 2)
    await world.at("2019-06-20").act("terminateBenefit", {"beneficiaryId": second.node, **DEATH})
    before = await saved(world)
    status = {"survivalStatus": "NORMAL"} if field == "entries" else {}
    rows = [{"beneficiaryId": person.node, **status} for person in (first, second)]
    answer = await world.act(mutation, {field: rows})
    named = [(error["code"], error["path"], error["beneficiaryId"]) for error in answer["userErrors"]]
    assert named == [("ALREADY_TERMINATED", ["input", field, "1", "beneficiaryId"], second.node)]
    assert await saved(world) == before


async def test_a_terminated_person_leaves_the_roster_and_is_shown_last_when_asked(world: World) -> None:
    """They leave the roster; `includeTerminated` shows them, last."""
    first, second, third = await judged(world, "DISQUALIFIED", "QUALIFIED", "PENDING")
    await world.at("2019-06-20").act("terminateBenefit", {"beneficiaryId": first.node, **DEATH})
    unit = (await world.ask(ROSTER))["unit"]
    assert [edge["node"]["id"] for edge in unit["beneficiaries"]["edges"]] == [third.node, second.node]
    assert unit["beneficiaries"]["totalCount"] == 2
    assert unit["summary"] == {"total": 2, "qualified": 1}
    unit = (await world.at("2019-07-01").ask(ROSTER, {"include": True}))["unit"]
    assert [edge["node"]["id"] for edge in unit["beneficiaries"]["edges"]] == [third.node, second.node, first.node]
    assert unit["beneficiaries"]["edges"][2]["node"]["paymentStatus"] == "TERMINATED"
    assert unit["beneficiaries"]["totalCount"] == 3
    assert unit["summary"]["total"] == 2


async def test_no_later_month_concludes_about_a_terminated_benefit(world: World) -> None:
    """No verdict renews a TERMINATED benefit (rules 2.5)."""
    person = await terminated(world)
    await seen(world, (person, "transport", "rail_travel", "2019-06-19"))
    await world.at("2019-07-04").publish("2019-06")
    row = await world.person(person.id)
    assert (row["verdict"]["month"], row["version"]) == ("2019-05", 3)
    assert (row["paymentStatus"], period(row)) == ("TERMINATED", None)


async def test_a_verdict_assessed_before_and_published_after_the_termination_is_dropped(world: World) -> None:
    """The termination came between assessment and publication: the row stays as it is."""
    await world.units()
    first, second = await enrolled(world, 2)
    await concluded(world, (first, "QUALIFIED"), (second, "QUALIFIED"))
    await world.at("2019-07-01").assess("2019-06")
    await world.at("2019-07-02").act("terminateBenefit", {"beneficiaryId": first.node, **DEATH})
    before = await world.person(first.id)
    await world.at("2019-07-04").publish_only("2019-06")
    assert await world.person(first.id) == before
    assert (await world.person(second.id))["verdict"]["month"] == "2019-06"


async def test_an_event_long_before_the_benefit_began_is_a_slip_of_the_pen(world: World) -> None:
    """A termination cannot be undone: 1950 for 2019 must not cost a pension; two years before are believed."""
    await world.units()
    person = await world.enrol(1, benefit_from="2005-01")
    given = {"beneficiaryId": node_id(person), "cause": "DECEASED"}
    refused = await world.act("terminateBenefit", {**given, "occurredOn": "2002-12-31"})
    assert [(e["code"], e["path"]) for e in refused["userErrors"]] == [("INVALID_OCCURRED_ON", ["input", "occurredOn"])]
    assert (await world.act("terminateBenefit", {**given, "occurredOn": "2003-01-01"}))["userErrors"] == []
