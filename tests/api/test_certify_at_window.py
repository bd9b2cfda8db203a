"""A service window certifies whom it saw, or has a proof of life about: a PASS at once. Notice 一(三)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from domain.policy import PolicyBook
from resolvers import check
from tests.api.scenes import Person, account, enrolled, judged, qualified, saved, span
from tests.audit.trail import entries, newest
from tests.faces import seen_at_window
from tests.policies import amended
from tests.world import BUREAU, DOCUMENT, SCHOOL, World, id_number, node_id

PROVEN = {"document": DOCUMENT}
WAYS = {
    "IN_PERSON": ("window_visit", {}),
    "RELATIVE": ("relative_visit", PROVEN),
    "HOME_VISIT": ("home_visit", {}),
    "CONSULATE": ("consulate_visit", PROVEN),
}


async def at_window(world: World, conclusion: str = "PENDING", **fields: str) -> Person:
    [person] = await judged(world, conclusion, **fields)
    await account(world, "window", "WINDOW", district="市南区")
    return person


@pytest.mark.parametrize("presence", WAYS)
async def test_each_way_of_being_seen_is_a_pass_at_once_and_recorded_as_such(world: World, presence: str) -> None:
    """Evidence of class A of its own kind, the PASS, and how the person was seen."""
    kind, given = WAYS[presence]
    person = await at_window(world)
    answer = await seen_at_window(world, person, presence, **given)
    assert (answer["userErrors"], answer["renewed"]) == ([], True)
    row = answer["beneficiary"]
    assert (span(row["certificationPeriod"]), row["paidThrough"]) == ("2019-06..2020-06 SERVICE_WINDOW", "2020-06")
    assert row["certifications"]["edges"][0]["node"] == {
        "method": "SERVICE_WINDOW", "result": "PASS", "survivalStatus": "NORMAL", "handlerName": "窗口王",
        "presence": presence, "verdictMonth": "2019-05",
    }  # fmt: skip
    assert await world.owner.fetchval("SELECT kind FROM evidence") == kind
    assert (await check.standings(world.context())).differing == []
    await world.at("2019-07-04").publish("2019-06")
    assert (await world.person(person.id))["verdict"]["conclusion"] == "QUALIFIED"


@pytest.mark.parametrize(
    ("presence", "reviews"), [("IN_PERSON", 0), ("RELATIVE", 1), ("HOME_VISIT", 0), ("CONSULATE", 0)]
)
async def test_the_agency_looks_at_what_a_relative_brought(world: World, presence: str, reviews: int) -> None:
    """Whoever comes in somebody's place is no proof by themselves: 人情认证 is what 四(四) is about."""
    person = await at_window(world)
    await seen_at_window(world, person, presence, **WAYS[presence][1])
    assert await world.owner.fetchval("SELECT count(*) FROM compliance_reviews") == reviews


async def test_a_pass_against_disqualified_is_looked_at_too(world: World) -> None:
    person = await at_window(world, "DISQUALIFIED")
    assert (await seen_at_window(world, person))["userErrors"] == []
    assert await world.owner.fetchval("SELECT count(*) FROM compliance_reviews") == 1


async def test_after_a_fail_payment_waits_for_the_reinstatement(world: World) -> None:
    """Rules 2.5."""
    [person] = await qualified(world)
    await account(world, "window", "WINDOW", district="市南区")
    await world.act(
        "overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "MISSING", "occurredOn": "2019-06-03"}
    )
    answer = await seen_at_window(world.at("2019-09-10"), person)
    assert answer["beneficiary"]["paymentStatus"] == "SUSPENDED"
    assert answer["notice"] is not None


REFUSED: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "a relative without a paper": ("DOCUMENT_REQUIRED", "document", {}, "RELATIVE"),
    "a consulate without a paper": ("DOCUMENT_REQUIRED", "document", {}, "CONSULATE"),
    "a paper without a name": ("INVALID_DOCUMENT", "document.name", {"document": DOCUMENT | {"name": " "}}, "RELATIVE"),
    "a paper without a digest": (
        "INVALID_DOCUMENT", "document.sha256", {"document": DOCUMENT | {"sha256": "x"}}, "IN_PERSON"
    ),
    "no handler": ("HANDLER_REQUIRED", "handler.name", {"handler": {"name": " ", "contact": "0532"}}, "IN_PERSON"),
    "an endless note": ("INVALID_TEXT", "note", {"note": "长" * 501}, "IN_PERSON"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
async def test_a_refusal_names_the_field_and_saves_nothing(world: World, name: str) -> None:
    code, path, given, presence = REFUSED[name]
    person = await at_window(world)
    before, since = await saved(world), await newest(world)
    [error] = (await seen_at_window(world, person, presence, **given))["userErrors"]
    assert (error["code"], error["path"]) == (code, ["input", *path.split(".")])
    assert await saved(world) == before
    [told] = await entries(world, since)
    assert told.body == {"codes": [code], "facts": {"act": "certifyAtWindow"}}


@pytest.mark.parametrize("presence", WAYS)
async def test_no_clerk_certifies_themself(world: World, presence: str) -> None:
    """However they say that they were seen: a colleague does it, or the app."""
    [person, colleague] = await judged(world, "PENDING", "PENDING")
    await account(world, "window", "WINDOW", district="市南区", id_number=id_number(person.serial))
    before, since = await saved(world), await newest(world)
    [error] = (await seen_at_window(world, person, presence, **WAYS[presence][1]))["userErrors"]
    assert (error["code"], error["path"], error["beneficiaryId"]) == (
        "OWN_CASE", ["input", "beneficiaryId"], person.node
    )  # fmt: skip
    assert await saved(world) == before
    [told] = await entries(world, since)
    assert told.body == {"codes": ["OWN_CASE"], "facts": {"act": "certifyAtWindow"}}
    assert (await seen_at_window(world, colleague, presence, **WAYS[presence][1]))["userErrors"] == []


async def test_a_window_certifies_in_its_own_district_only(world: World) -> None:
    """Somebody of another one looks like nobody; so does an id that is none."""
    await world.load("units", [{"si_number": BUREAU, "name": "城阳区某局", "district": "城阳区"}])
    [theirs] = await enrolled(world, unit=BUREAU)
    await account(world, "window", "WINDOW", district="市南区")
    for person in (theirs, Person(10**9, 1)):
        [error] = (await seen_at_window(world, person))["userErrors"]
        assert (error["code"], error["path"], error["beneficiaryId"]) == (
            "NOT_FOUND", ["input", "beneficiaryId"], person.node
        )  # fmt: skip


async def test_a_benefit_that_has_ended_is_not_certified(world: World) -> None:
    person = await at_window(world, "QUALIFIED")
    await world.act("terminateBenefit", {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-06-03"})
    [error] = (await seen_at_window(world, person))["userErrors"]
    assert error["code"] == "ALREADY_TERMINATED"


async def test_what_proves_nothing_by_the_policy_of_the_day_is_no_certification(world: World) -> None:
    """Before the notice nobody's relative did; and a later one may withdraw it again."""
    person = await at_window(world)
    classes = {name: ["window_visit"] if name == "A" else [] for name in "ABCDE"}
    withdrawn: PolicyBook = amended("evidence_class", "2019-06-06", **{**classes, "C": ["relative_visit"]})
    async with world.under(withdrawn) as later:
        [error] = (await seen_at_window(later.at("2019-06-06"), person, "RELATIVE", **PROVEN))["userErrors"]
    assert (error["code"], error["path"]) == ("PRESENCE_PROVES_NOTHING", ["input", "presence"])


async def test_the_same_key_replays_the_answer(world: World) -> None:
    """A window that lost its line asks again."""
    person = await at_window(world)
    answers = await asyncio.gather(*(seen_at_window(world, person, idempotencyKey="k") for _ in range(3)))
    assert answers[0]["userErrors"] == []
    assert answers[1:] == [answers[0]] * 2
    assert await world.owner.fetchval("SELECT count(*) FROM evidence") == 1


async def test_it_is_told_to_the_audit_trail(world: World) -> None:
    person = await at_window(world)
    since = await newest(world)
    await seen_at_window(world, person, "RELATIVE", note="其女代办", **PROVEN)
    [told] = await entries(world, since)
    assert (told.action, told.username, told.version) == ("CERTIFIED_AT_WINDOW", "window", 3)
    assert told.body["facts"]["evidence"] == "relative_visit"
    assert "其女" not in str(told.body)


async def test_the_unit_and_the_person_see_how_it_was(world: World) -> None:
    """As a way and a month; not the note, which may name a place."""
    person = await at_window(world)
    await seen_at_window(world, person, "HOME_VISIT", note="在某医院探望")
    document = """query($id: ID!) { node(id: $id) { ... on Beneficiary {
        certifications { edges { node { presence reason } } } } } }"""
    found = await world.ask(document, {"id": node_id(person.id)}, as_=SCHOOL)
    assert found["node"]["certifications"]["edges"] == [{"node": {"presence": "HOME_VISIT", "reason": None}}]
