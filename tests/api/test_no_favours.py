"""No favours (杜绝人情认证): what the agency looks at, and what it decides. Notice 四(四)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from domain.compliance import drawn
from resolvers import signals
from tests.api.favours import decide, found, passed, reviews
from tests.api.money import CHIEF, codes, named, stated
from tests.api.objections import decide as rule
from tests.api.objections import reported
from tests.api.scenes import account, concluded, enrolled, judged, qualified, saved, seen
from tests.audit.trail import entries, newest
from tests.faces import certify, claims, nonce, seen_at_window, with_app
from tests.world import HANDLER, OFFICER, SCHOOL, World

PASS: dict[str, Any] = {"survivalStatus": "NORMAL", "reason": "本人到场"}


async def against_the_data(world: World) -> Any:
    """Somebody DISQUALIFIED whom the unit passed on 2019-06-05, and the review that this opened."""
    [person] = await judged(world, "DISQUALIFIED")
    await world.officers(OFFICER, CHIEF)
    await stated(world, person, PASS)
    [review] = await reviews(world)
    return person, review


async def test_a_pass_against_the_data_opens_a_review_that_says_everything(world: World) -> None:
    person, review = await against_the_data(world)
    assert review == {
        "id": review["id"],
        "kind": "AGAINST_DISQUALIFIED",
        "status": "OPEN",
        "month": "2019-06",
        "unit": {"siNumber": SCHOOL},
        "beneficiary": {"id": person.node},
        "certification": {"method": "OVERRIDE", "result": "PASS"},
        "facts": [],
        "openedAt": "2019-06-05T09:00:00+08:00",
        "outcome": None,
        "reason": None,
        "decidedBy": None,
        "decidedAt": None,
        "answerBy": None,
        "answerAgain": None,
    }


async def test_acknowledged_rows_of_a_batch_pass_are_reviewed_and_the_others_not(world: World) -> None:
    """Notice 附9: one review for each row that was named."""
    people = await judged(world, "QUALIFIED", "DISQUALIFIED", "PENDING")
    await world.officers()
    await passed(world, people, acknowledgedDisqualified=[people[1].node], reason="本人到场")
    assert [(r["kind"], r["beneficiary"]["id"]) for r in await reviews(world)] == [
        ("BATCH_ACKNOWLEDGED", people[1].node)
    ]


@pytest.mark.parametrize("outcome", ["IN_ORDER", "TO_INVESTIGATE"])
async def test_a_review_is_decided_for_a_reason_and_changes_nobodys_row(world: World, outcome: str) -> None:
    person, review = await against_the_data(world)
    before = await world.person(person.id)
    decided = (await decide(world.at("2019-06-06"), review, outcome, reason=" 已核实 "))["review"]
    assert (decided["status"], decided["outcome"], decided["reason"], decided["decidedBy"], decided["answerBy"]) == (
        "DECIDED", outcome, "已核实", OFFICER, None
    )  # fmt: skip
    assert decided["decidedAt"] == "2019-06-06T09:00:00+08:00"
    assert await world.person(person.id) == before
    assert await again(world, person) is None


async def again(world: World, person: Any, *, as_: str = SCHOOL) -> Any:
    document = "query($id: ID!) { node(id: $id) { ... on Beneficiary { answerAgain { answerBy reason } } } }"
    return (await world.ask(document, {"id": person.node}, as_=as_))["node"]["answerAgain"]


async def test_a_pass_without_ground_stands_and_the_unit_is_asked_anew(world: World) -> None:
    """Nobody but a human who states a survival status stops payment; 15 days to do so."""
    person, review = await against_the_data(world)
    before = await world.person(person.id)
    answer = await decide(world.at("2019-06-10"), review, "WITHOUT_GROUND", reason="无人见过本人")
    assert answer["review"]["answerBy"] == "2019-06-25"
    assert await world.person(person.id) == before
    assert before["paymentStatus"] == "PAYING"
    for as_ in (SCHOOL, OFFICER):
        assert await again(world, person, as_=as_) == {"answerBy": "2019-06-25", "reason": "无人见过本人"}
    fail = {"survivalStatus": "DECEASED", "occurredOn": "2019-05-02"}
    await stated(world, person, fail, "2019-06-12")
    assert await again(world, person) is None


async def test_a_review_is_refused_by_field(world: World) -> None:
    _, review = await against_the_data(world)
    await world.officers("officer-far", district="城阳区")
    before = await saved(world)
    assert named(await decide(world, review, "IN_ORDER", reason=" ")) == [("REASON_REQUIRED", "input.reason")]
    assert named(await decide(world, review, "IN_ORDER", reason="x" * 501)) == [("INVALID_TEXT", "input.reason")]
    assert named(await decide(world.at("2019-06-04"), review, "IN_ORDER")) == [("CLOCK_BEHIND", "input.reviewId")]
    world.at("2019-06-06")
    for id in ("x", review["id"]):
        answer = await decide(world, {"id": id}, "IN_ORDER", as_="officer-far")
        assert named(answer) == [("NOT_FOUND", "input.reviewId")]
    assert await saved(world) == before


async def test_of_two_officers_at_the_same_moment_one_decides(world: World) -> None:
    _, review = await against_the_data(world)
    outcomes = ("IN_ORDER", "WITHOUT_GROUND", "TO_INVESTIGATE")
    answers = await asyncio.gather(
        *(
            decide(world, review, outcome, as_=as_)
            for outcome, as_ in zip(outcomes, (OFFICER, CHIEF, CHIEF), strict=True)
        )
    )
    assert sorted(code for answer in answers for code in codes(answer)) == ["ALREADY_DECIDED"] * 2
    won = next(answer["review"] for answer in answers if answer["review"])
    assert [one["outcome"] for one in await reviews(world)] == [won["outcome"]]


async def test_under_a_key_a_review_is_decided_once_and_leaves_its_entry(world: World) -> None:
    person, review = await against_the_data(world)
    since = await newest(world)
    first = await decide(world, review, "IN_ORDER", idempotencyKey="k-1")
    assert await decide(world, review, "IN_ORDER", idempotencyKey="k-1") == first
    [entry] = await entries(world, since)
    assert (entry.action, entry.username, entry.beneficiary_id) == ("REVIEW_DECIDED", OFFICER, person.id)
    assert (entry.body["facts"]["outcome"], entry.body["facts"]["kind"]) == ("IN_ORDER", "AGAINST_DISQUALIFIED")


async def test_a_unit_does_not_read_what_the_agency_makes_of_it(world: World) -> None:
    """Neither in its own audit trail nor by the id of a review."""
    _, review = await against_the_data(world)
    await decide(world, review, "TO_INVESTIGATE")
    trail = "{ auditTrail(first: 200) { edges { node { action } } } }"
    told = [edge["node"]["action"] for edge in (await world.ask(trail))["auditTrail"]["edges"]]
    assert "OVERRIDE" in told and "REVIEW_DECIDED" not in told
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert (await world.ask(node, {"id": review["id"]}))["node"] is None
    assert (await world.ask(node, {"id": review["id"]}, as_=OFFICER))["node"] == {"id": review["id"]}


async def test_a_queue_is_chosen_by_kind_and_status_and_shown_to_who_looks(world: World) -> None:
    _, review = await against_the_data(world)
    await account(world, "auditor", "AUDITOR")
    await world.officers("officer-far", district="城阳区")
    await decide(world, review, "IN_ORDER")
    assert len(await reviews(world, status="DECIDED", kind="AGAINST_DISQUALIFIED", as_="auditor")) == 1
    assert await reviews(world, status="OPEN") == []
    assert await reviews(world, kind="RECHECK") == []
    assert await reviews(world, as_="officer-far") == []
    [error] = await world.errors("{ complianceReviews { totalCount } }", as_=SCHOOL)
    assert error["extensions"]["code"] == "FORBIDDEN"
    [error] = await world.errors(
        "mutation($i: DecideComplianceReviewInput!) { decideComplianceReview(input: $i) { userErrors { code } } }",
        {"i": {"reviewId": review["id"], "outcome": "IN_ORDER", "reason": "x"}},
        as_="auditor",
    )
    assert error["extensions"]["code"] == "FORBIDDEN"


# Signals.


@pytest.mark.parametrize(("seconds", "expected"), [(39, {"FASTER_THAN_READ": 1}), (40, {})])
async def test_a_page_passed_faster_than_it_can_be_read(world: World, seconds: int, expected: dict[str, int]) -> None:
    """20 rows in less than 2 seconds each since the account's act before; the first 20 had a minute since sign-in."""
    people = await qualified(world, 40)
    await world.officers()
    token = await world.token(SCHOOL)
    world.clock.advance(seconds=60)
    for page in (people[:20], people[20:]):
        given = {"page": [{"beneficiaryId": person.node} for person in page], "handler": HANDLER}
        document = "mutation($i: BatchPassInput!) { batchPass(input: $i) { userErrors { code } } }"
        answer = (await world.post({"query": document, "variables": {"i": given}}, token)).json()
        assert answer["data"]["batchPass"]["userErrors"] == []
        world.clock.advance(seconds=seconds)
    world.clock.advance(hours=1)
    assert await found(world) == expected
    for review in await reviews(world):
        assert review["facts"] == [{"name": "rows", "value": "20"}, {"name": "seconds", "value": "39"}]
        assert (review["beneficiary"], review["unit"]) == (None, {"siNumber": SCHOOL})


async def test_nineteen_rows_are_too_few_to_tell(world: World) -> None:
    people = await qualified(world, 19)
    await world.officers()
    await passed(world, people)
    world.clock.advance(hours=1)
    assert await found(world) == {}


@pytest.mark.parametrize(("people", "fails", "expected"), [(50, 0, 1), (49, 0, 0), (51, 1, 0)])
async def test_a_unit_that_passes_everybody(world: World, people: int, fails: int, expected: int) -> None:
    """From 50 people on, once the month is over; a single FAIL or termination shows that somebody looks."""
    everybody = await qualified(world, people)
    await world.officers()
    if fails:
        await stated(world, everybody[0], {"survivalStatus": "MISSING", "occurredOn": "2019-06-03"})
    await passed(world.at("2019-06-05", hour=12), everybody[fails:])
    assert "ALL_PASSED" not in await found(world.at("2019-06-30"))
    assert (await found(world.at("2019-07-01"))).get("ALL_PASSED", 0) == expected


async def test_one_handler_who_answers_for_five_units(world: World) -> None:
    """The same name and contact; a review of each of the units."""
    units = [f"37020200020{place}" for place in range(5)]
    await world.at("2019-06-01").units(*units)
    await world.officers()
    people = [(await enrolled(world, unit=unit, first=place))[0] for place, unit in enumerate(units, 1)]
    await concluded(world, *((person, "QUALIFIED") for person in people))
    for person, unit in zip(people, units, strict=True):
        assert await found(world) == {}
        await world.act("confirmCertification", {"beneficiaryId": person.node}, as_=unit)
    assert await found(world) == {"ONE_HANDLER": 5}
    review = (await reviews(world))[0]
    assert {fact["name"]: fact["value"] for fact in review["facts"]} == {"units": "5", "acts": "1", "handler": "李经办"}


async def test_a_pass_after_a_death_record(world: World) -> None:
    """Received before the act, though no verdict tells of it yet; one that was told has its review already."""
    people = await judged(world, "QUALIFIED", "QUALIFIED", "DISQUALIFIED")
    await world.officers()
    await seen(world, (people[0], "health", "death_certificate", "2019-06-02"))
    world.clock.advance(hours=1)
    await stated(world, people[0], PASS)
    await stated(world, people[1], PASS)
    await stated(world, people[2], PASS)
    world.clock.advance(hours=1)
    await seen(world, (people[1], "health", "death_certificate", "2019-06-02"))
    assert await found(world) == {"AFTER_DEATH_RECORD": 1, "AGAINST_DISQUALIFIED": 1}
    [review] = await reviews(world, kind="AFTER_DEATH_RECORD")
    assert review["beneficiary"]["id"] == people[0].node
    assert review["facts"] == [{"name": "kind", "value": "death_certificate"}]


@pytest.mark.parametrize("method", ["SELF", "SERVICE_WINDOW"])
async def test_a_pass_by_a_face_or_at_a_window_after_a_death_record(world: World, method: str) -> None:
    """Both may have been deceived, and nobody else would look."""
    [person] = await qualified(world)
    await world.officers()
    faces = await with_app(world, person)
    await account(world, "window", "WINDOW", district="市南区")
    await seen(world, (person, "health", "death_certificate", "2019-06-02"))
    world.clock.advance(hours=1)
    if method == "SELF":
        answer = await certify(world, person, faces.sign(claims(world, await nonce(world, person))))
    else:
        answer = await seen_at_window(world, person)
    assert answer["userErrors"] == []
    assert await found(world) == {"AFTER_DEATH_RECORD": 1}
    [review] = await reviews(world)
    assert (review["beneficiary"]["id"], review["certification"]["method"]) == (person.node, method)


async def test_a_finding_is_made_once(world: World) -> None:
    """However often it is looked for, also by two at once, and also after it was decided."""
    people = await qualified(world, 50)
    await world.officers()
    await passed(world, people)
    world.at("2019-07-01")
    since = await newest(world)
    await asyncio.gather(*(signals.run(world.context()) for _ in range(3)))
    first = await found(world)
    assert first == {"ALL_PASSED": 1, "FASTER_THAN_READ": 1, "RECHECK": 34}
    for review in await reviews(world, kind="ALL_PASSED"):
        await decide(world, review, "WITHOUT_GROUND")
    assert await found(world) == first
    told = [one for one in await entries(world, since) if one.action in ("SIGNALS_FOUND", "RECHECK_DRAWN")]
    assert sorted(one.action for one in told)[0] == "RECHECK_DRAWN"
    assert sum(one.action == "RECHECK_DRAWN" for one in told) == 1


# Random re-checks.

DRAWS = """query($month: Month!) { recheckDraws(month: $month) { totalCount edges { node {
    month district seed margin confidence population size drawnAt holds } } } }"""


async def draws(world: World, *, as_: str = OFFICER) -> list[Any]:
    shown = (await world.ask(DRAWS, {"month": "2019-06"}, as_=as_))["recheckDraws"]
    assert shown["totalCount"] == len(shown["edges"])
    return [edge["node"] for edge in shown["edges"]]


async def test_a_sample_is_drawn_once_the_month_is_over_and_can_be_drawn_again(world: World) -> None:
    """30 passes, a margin of 0.1 at 0.95: 24 of them. The seed names the same people to whoever draws again."""
    people = await qualified(world, 30)
    await world.officers()
    await account(world, "auditor", "AUDITOR")
    await passed(world.at("2019-06-05", hour=12), people)
    await signals.run(world.at("2019-07-01").context())
    [draw] = await draws(world, as_="auditor")
    assert (draw["district"], draw["population"], draw["size"], draw["holds"]) == ("市南区", 30, 24, True)
    assert (draw["margin"], draw["confidence"], draw["drawnAt"]) == (0.1, 0.95, "2019-07-01T09:00:00+08:00")
    chosen = await reviews(world, kind="RECHECK")
    assert len(chosen) == 24
    by_id = {person.node: person.id for person in people}
    assert [by_id[review["beneficiary"]["id"]] for review in chosen] == drawn(draw["seed"], by_id.values(), 24)


async def test_a_window_is_drawn_from_and_a_face_check_is_not(world: World) -> None:
    """An attestation proves the pass. A draw from the time before windows were among them holds as it was made."""
    by_unit, by_window, by_face = await qualified(world, 3)
    await world.officers()
    faces = await with_app(world, by_face)
    await account(world, "window", "WINDOW", district="市南区")
    await passed(world, [by_unit])
    await seen_at_window(world, by_window)
    attestation = faces.sign(claims(world, await nonce(world, by_face, "person-3"), 3))
    assert (await certify(world, by_face, attestation, "person-3"))["userErrors"] == []
    await signals.run(world.at("2019-07-01").context())
    drawn_ = {review["beneficiary"]["id"] for review in await reviews(world, kind="RECHECK")}
    assert drawn_ == {by_unit.node, by_window.node}
    [draw] = await draws(world)
    assert (draw["population"], draw["holds"]) == (2, True)
    async with world.owner.transaction():
        await world.owner.execute("SET LOCAL session_replication_role = replica")
        await world.owner.execute("UPDATE recheck_draws SET windows = false, population = 1, size = 1")
        await world.owner.execute("DELETE FROM compliance_reviews WHERE beneficiary_id = $1", by_window.id)
    assert [draw["holds"] for draw in await draws(world)] == [True]


async def test_the_pass_of_a_ruling_is_not_drawn_from(world: World) -> None:
    """An officer has seen to it. A draw from the time when it was drawn from holds as it was made."""
    people = await judged(world, "DISQUALIFIED", "DISQUALIFIED", "QUALIFIED")
    await world.officers(OFFICER, CHIEF)
    ruled, both, by_window = people
    await stated(world, both, PASS)
    for person in (ruled, both):
        assert codes(await rule(world.at("2019-06-06"), await reported(world, person))) == []
    await account(world, "window", "WINDOW", district="市南区")
    await seen_at_window(world, by_window)
    await signals.run(world.at("2019-07-01").context())
    drawn_ = {review["beneficiary"]["id"]: review["certification"]["method"]
              for review in await reviews(world, kind="RECHECK")}  # fmt: skip
    assert drawn_ == {both.node: "OVERRIDE", by_window.node: "SERVICE_WINDOW"}
    [draw] = await draws(world)
    assert (draw["population"], draw["holds"]) == (2, True)
    async with world.owner.transaction():
        await world.owner.execute("SET LOCAL session_replication_role = replica")
        await world.owner.execute("UPDATE recheck_draws SET rulings = true, population = 3, size = 3")
        await world.owner.execute(
            """INSERT INTO compliance_reviews (kind, subject, unit_id, month, beneficiary_id, version, opened_at)
               SELECT 'RECHECK', o.beneficiary_id || ':' || o.passed_version, b.unit_id, '2019-06-01', o.beneficiary_id,
                      o.passed_version, now()
               FROM objections o JOIN beneficiaries b ON b.id = o.beneficiary_id WHERE o.beneficiary_id = $1""",
            ruled.id,
        )
        await world.owner.execute(
            """UPDATE compliance_reviews r SET version = o.passed_version FROM objections o
               WHERE r.kind = 'RECHECK' AND o.beneficiary_id = r.beneficiary_id AND r.beneficiary_id = $1""",
            both.id,
        )
    assert [draw["holds"] for draw in await draws(world)] == [True]


async def test_a_draw_that_was_tampered_with_does_not_hold(world: World) -> None:
    people = await qualified(world, 30)
    await world.officers()
    await passed(world, people)
    await signals.run(world.at("2019-07-01").context())
    async with world.owner.transaction():
        await world.owner.execute("SET LOCAL session_replication_role = replica")
        await world.owner.execute("UPDATE recheck_draws SET seed = repeat('0', 32)")
    [draw] = await draws(world)
    assert draw["holds"] is False


async def test_a_pass_that_was_drawn_and_had_no_ground_is_answered_again(world: World) -> None:
    """The sample feeds back like any review."""
    [person] = await qualified(world)
    await world.officers()
    await passed(world, [person])
    await signals.run(world.at("2019-07-01").context())
    [review] = await reviews(world, kind="RECHECK")
    await decide(world, review, "WITHOUT_GROUND", reason="无人见过本人")
    assert await again(world, person) == {"answerBy": "2019-07-16", "reason": "无人见过本人"}
