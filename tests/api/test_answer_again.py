"""What becomes of a demand to state somebody's survival status anew that nobody answers. Notice 四(二), 四(四)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import objections
from tests.api.favours import decide, passed, reviews
from tests.api.money import CHIEF, ended, stated
from tests.api.scenes import Person, account, judged, seen
from tests.api.warnings import OWN, WARNINGS, Post, overtaken, sent, warned
from tests.faces import certify, claims, nonce, seen_at_window, with_app
from tests.world import OFFICER, SCHOOL, World

PASS: dict[str, Any] = {"survivalStatus": "NORMAL", "reason": "本人到场"}
FAIL: dict[str, Any] = {"survivalStatus": "DECEASED", "occurredOn": "2019-05-02"}


async def asked_anew(world: World, number: int = 1) -> list[Person]:
    """Passed against DISQUALIFIED on 5 June, found without ground on the 10th: to be answered by 25 June 2019."""
    people = await judged(world, *["DISQUALIFIED"] * number)
    await world.officers(OFFICER, CHIEF)
    for person in people:
        await stated(world, person, PASS)
    for review in await reviews(world.at("2019-06-10")):
        await decide(world, review, "WITHOUT_GROUND", reason="无人见过本人")
    return people


async def states(world: World, **chosen: Any) -> list[tuple[str, str | None]]:
    """Whose reviews the queue shows, and how far their answers have come."""
    return [(one["beneficiary"]["id"], one["answerAgain"]) for one in await reviews(world, **chosen)]


async def test_the_unit_is_warned_once_when_the_day_has_passed(world: World) -> None:
    """In one message; the person is not told that the agency has looked into the unit's PASS."""
    first, second = await asked_anew(world, 2)
    await with_app(world, first)
    post = Post()
    assert await warned(world.at("2019-06-25")) == []
    made = [("ANSWER_AGAIN_OVERDUE", "2019-06", first.id), ("ANSWER_AGAIN_OVERDUE", "2019-06", second.id)]
    assert sorted(await warned(world.at("2019-06-26"))) == made
    assert await sent(world, post) == ["ANSWER_AGAIN_OVERDUE"]
    [letter] = post.letters
    assert (letter.recipient, "2名人员" in letter.text) == (SCHOOL, True)
    assert sorted(await warned(world.at("2019-08-10"))) == made
    shown = [edge["node"] for edge in (await world.ask(WARNINGS))["warnings"]["edges"]]
    assert {(one["kind"], one["month"], one["warnedOn"]) for one in shown} == {
        ("ANSWER_AGAIN_OVERDUE", "2019-06", "2019-06-26")
    }
    assert (await world.ask(OWN, as_="person-1"))["benefits"] == [{"warnings": []}]


async def test_payment_does_not_stop_by_it(world: World) -> None:
    """An officer's suspicion is no human's FAIL."""
    [person] = await asked_anew(world)
    await warned(world.at("2019-07-20"))
    assert (await world.person(person.id))["paymentStatus"] == "PAYING"


async def test_what_was_answered_before_it_goes_out_is_not_told(world: World) -> None:
    """One of two has answered: the unit is told of the other; both: of nobody."""
    first, second = await asked_anew(world, 2)
    await warned(world.at("2019-06-26"))
    await stated(world, first, FAIL)
    post = Post("HTTP_503")
    await sent(world, post)
    assert "1名人员" in post.letters[0].text
    await stated(world, second, PASS)
    await overtaken(world.at("2019-06-27"))


async def test_whoever_is_asked_twice_is_one_person_to_the_unit(world: World) -> None:
    """A second PASS without ground, found so after the first demand; one answer is owed."""
    [person] = await asked_anew(world)
    await world.owner.execute(
        """INSERT INTO compliance_reviews (kind, subject, unit_id, month, beneficiary_id, version, opened_at)
           SELECT 'RECHECK', subject, unit_id, month, beneficiary_id, version, opened_at FROM compliance_reviews"""
    )
    [again] = await reviews(world.at("2019-06-12"), status="OPEN")
    await decide(world, again, "WITHOUT_GROUND")
    assert await warned(world.at("2019-07-20")) == [("ANSWER_AGAIN_OVERDUE", "2019-06", person.id)]
    await stated(world, person, PASS)
    assert await states(world, answerAgain="OVERDUE") == []


async def test_an_officer_lists_what_is_awaited_overdue_and_answered(world: World) -> None:
    """A later act answers, and so does the end of the benefit; what asks nothing has no state."""
    first, second, third = await asked_anew(world, 3)
    assert await states(world, answerAgain="AWAITED") == [(one.node, "AWAITED") for one in (first, second, third)]
    assert await states(world.at("2019-06-25"), answerAgain="OVERDUE") == []
    await stated(world.at("2019-06-26"), first, PASS)
    await ended(world, second, "2019-05-02")
    assert await states(world, answerAgain="OVERDUE") == [(third.node, "OVERDUE")]
    assert await states(world, answerAgain="ANSWERED") == [(first.node, "ANSWERED"), (second.node, "ANSWERED")]
    assert await states(world, answerAgain="AWAITED") == []
    assert [state for _, state in await states(world, status="OPEN")] == [None]  # of the new PASS
    await account(world, "auditor", "AUDITOR")
    assert len(await states(world, answerAgain="OVERDUE", kind="AGAINST_DISQUALIFIED", as_="auditor")) == 1
    assert await states(world, answerAgain="OVERDUE", kind="RECHECK") == []


ROSTER = """{ unit(siNumber: "SCHOOL") { summary { answerAgain } beneficiaries(attention: ANSWER_AGAIN) {
    totalCount edges { node { id } } } } }""".replace("SCHOOL", SCHOOL)


async def on_the_roster(world: World, as_: str = SCHOOL) -> list[str]:
    """Whom the roster shows as asked anew; the counts agree."""
    unit = (await world.ask(ROSTER, as_=as_))["unit"]
    found = [edge["node"]["id"] for edge in unit["beneficiaries"]["edges"]]
    assert unit["summary"]["answerAgain"] == unit["beneficiaries"]["totalCount"] == len(found)
    return found


async def test_the_unit_finds_them_on_its_roster_until_it_has_answered(world: World) -> None:
    """From the demand on, and also when the day has passed; a later act or the end of the benefit answers."""
    first, second, third = await asked_anew(world, 3)
    everybody = [first.node, second.node, third.node]
    assert await on_the_roster(world) == everybody
    assert await on_the_roster(world.at("2019-07-20"), OFFICER) == everybody
    await stated(world, second, PASS)
    assert await on_the_roster(world) == [first.node, third.node]
    await ended(world, first, "2019-05-02")
    assert await on_the_roster(world) == [third.node]


@pytest.mark.parametrize("outcome", ["IN_ORDER", "TO_INVESTIGATE"])
async def test_another_outcome_asks_nothing(world: World, outcome: str) -> None:
    [person] = await judged(world, "DISQUALIFIED")
    await world.officers()
    await stated(world, person, PASS)
    [review] = await reviews(world)
    decided = await decide(world, review, outcome)
    assert decided["review"]["answerAgain"] is None
    assert await warned(world.at("2019-06-30")) == []


async def owed(world: World, person: Person) -> set[bool]:
    """Whether an answer is owed, as the row, the roster with its count, and the officers' queue say it."""
    document = "query($id: ID!) { node(id: $id) { ... on Beneficiary { answerAgain { answerBy } } } }"
    row = (await world.ask(document, {"id": person.node}, as_=SCHOOL))["node"]
    listed = [id for status in ("AWAITED", "OVERDUE") for id, _ in await states(world, answerAgain=status)]
    return {row["answerAgain"] is not None, person.node in await on_the_roster(world), person.node in listed}


async def test_what_states_nothing_of_the_person_is_no_answer(world: World) -> None:
    """A phone number edited, and a whole page passed, even where both count as confirmations (rules 4)."""
    [person] = await asked_anew(world)
    await world.owner.execute("INSERT INTO evidence_found_wrong SELECT id, '错', now() FROM evidence")
    await seen(world, (person, "transport", "rail_travel", "2019-06-08"))
    await world.at("2019-07-04").publish("2019-06", release=True)
    saved = await world.act("updateContact", {"beneficiaryId": person.node, "contact": {"phone": "13900001111"}})
    assert (saved["userErrors"], saved["renewed"]) == ([], 1)
    assert await owed(world, person) == {True}
    assert (await passed(world, [person]))["userErrors"] == []
    assert await owed(world, person) == {True}
    assert await warned(world) == [("ANSWER_AGAIN_OVERDUE", "2019-06", person.id)]
    assert (await world.act("confirmCertification", {"beneficiaryId": person.node}))["userErrors"] == []
    assert await owed(world, person) == {False}
    await overtaken(world)


async def by_face(world: World, person: Person) -> Any:
    faces = await with_app(world, person)
    return await certify(world, person, faces.sign(claims(world, await nonce(world, person))))


async def at_a_window(world: World, person: Person) -> Any:
    await account(world, "window", "WINDOW", district="市南区")
    return await seen_at_window(world, person)


async def by_a_ruling(world: World, person: Person) -> Any:
    return await objections.decide(world, await objections.reported(world, person))


async def one_by_one(world: World, person: Person) -> Any:
    return await world.act("submitCertifications", {"entries": [{"beneficiaryId": person.node, **PASS}]})


@pytest.mark.parametrize("answer", [by_face, at_a_window, by_a_ruling, one_by_one])
async def test_whoever_has_seen_or_states_the_person_answers(world: World, answer: Any) -> None:
    [person] = await asked_anew(world)
    assert await owed(world, person) == {True}
    assert (await answer(world.at("2019-06-12"), person))["userErrors"] == []
    assert await owed(world, person) == {False}
    assert await warned(world.at("2019-06-26")) == []
