"""Nobody who is recorded dead is told anything, as long as the record counts."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from tests.api.objections import decide, reported
from tests.api.scenes import Person, account, enrolled, judged, seen
from tests.api.warnings import WARNINGS, Post, sent, suspended, warned
from tests.faces import certify, claims, nonce, seen_at_window, with_app
from tests.world import BUREAU, SCHOOL, World

DEAD: dict[str, tuple[tuple[str, str, str], ...]] = {
    "a cremation": (("justice", "cremation", "2019-10-02"),),
    "a judgment": (("justice", "effective_judgment", "2019-10-02"),),
    "a cremation after a journey": (
        ("transport", "rail_travel", "2019-10-01"),
        ("justice", "cremation", "2019-10-02"),
    ),
    "a cremation and a card that can be lent": (
        ("justice", "cremation", "2019-10-02"),
        ("health", "pharmacy_card", "2019-10-20"),
    ),
}


ALIVE: dict[str, tuple[tuple[str, str, str], ...]] = {
    "nothing": (),
    "a tip-off": (("human_resources", "tip_off", "2019-10-02"),),
    "a cremation and a journey after it": (
        ("justice", "cremation", "2019-10-02"),
        ("transport", "rail_travel", "2019-10-20"),
    ),
}


@pytest.mark.parametrize("records", DEAD.values(), ids=list(DEAD))
async def test_nobody_with_an_open_loss_record_is_told(world: World, records: Any) -> None:
    """The family of somebody who died is not asked to have them certified."""
    await world.units()
    [person] = await enrolled(world)
    await seen(world.at("2019-11-01"), *((person, *record) for record in records))
    assert await warned(world) == []


@pytest.mark.parametrize("records", ALIVE.values(), ids=list(ALIVE))
async def test_whoever_was_seen_since_is_told(world: World, records: Any) -> None:
    """A record that is contradicted, or is no loss, keeps no warning from anybody."""
    await world.units()
    [person] = await enrolled(world)
    await seen(world.at("2019-11-01"), *((person, *record) for record in records))
    assert await warned(world) == [("WINDOW_ENTERED", "2020-01", person.id)]


async def test_a_record_that_was_found_wrong_or_answered_keeps_no_warning_back(world: World) -> None:
    """By the agency; by the unit's PASS; and by the person's own face."""
    first, second, third = await judged(world, "DISQUALIFIED", "DISQUALIFIED", "DISQUALIFIED")
    faces = await with_app(world, third)
    assert sorted(await warned(world.at("2019-11-01"))) == [
        ("ANSWER_OVERDUE", "2019-11", id.id) for id in (first, second, third)
    ]
    world.at("2019-06-05")
    await world.owner.execute(
        """INSERT INTO evidence_found_wrong SELECT e.id, '错', now()
           FROM evidence e JOIN beneficiaries b USING (person_id) WHERE b.id = $1""",
        first.id,
    )
    await world.act("overrideVerdict", {"beneficiaryId": second.node, "survivalStatus": "NORMAL", "reason": "本人到场"})
    attestation = faces.sign(claims(world, await nonce(world, third, "person-3"), 3))
    assert (await certify(world, third, attestation, "person-3"))["userErrors"] == []
    await warned(world.at("2019-11-02"))
    found = await warned(world.at("2020-04-01"))
    assert {id for kind, _, id in found if kind == "WINDOW_ENTERED"} == {first.id, second.id, third.id}


async def test_a_fail_deceased_and_a_death_are_told_to_nobody(world: World) -> None:
    """Also not by way of the other benefit of the same person."""
    person = await suspended(world, "DECEASED")
    await world.units(SCHOOL, BUREAU)
    await enrolled(world, unit=BUREAU, certified_in="2018-12")
    assert await warned(world.at("2019-10-02")) == []
    end = {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-06-10"}
    await world.act("terminateBenefit", end)
    assert await warned(world.at("2019-10-03")) == []


async def with_two_benefits(world: World) -> tuple[Person, Person]:
    """Stated dead by the unit of the one on 20 June 2019; the unit of the other has said nothing."""
    person = await suspended(world, "DECEASED")
    await world.units(SCHOOL, BUREAU)
    [other] = await enrolled(world, unit=BUREAU, category="SURVIVOR", certified_in="2019-05")
    return person, other


@pytest.mark.parametrize("ended", [False, True], ids=["a FAIL", "a termination"])
async def test_a_face_check_on_any_benefit_lifts_the_silence_of_an_earlier_statement(world: World, ended: bool) -> None:
    """Stated dead on one benefit, seen on the other: they live. A later statement silences again."""
    person, other = await with_two_benefits(world)
    if ended:
        end = {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-06-10"}
        assert (await world.act("terminateBenefit", end))["userErrors"] == []
    assert await warned(world.at("2019-09-02")) == []
    faces = await with_app(world, other)
    attestation = faces.sign(claims(world, await nonce(world, other)))
    assert (await certify(world, other, attestation))["userErrors"] == []
    suspension = [] if ended else [("SUSPENDED", "2019-07", person.id)]
    assert await warned(world) == suspension
    fail = {"beneficiaryId": other.node, "survivalStatus": "DECEASED", "occurredOn": "2019-10-05"}
    await world.at("2019-10-10").act("overrideVerdict", fail, as_=BUREAU)
    assert await warned(world) == suspension
    back = {"beneficiaryId": other.node, "survivalStatus": "NORMAL", "reason": "本人到场"}
    await world.at("2019-10-20").act("overrideVerdict", back, as_=BUREAU)
    assert ("WINDOW_ENTERED", "2020-04", other.id) in await warned(world.at("2020-02-01"))


async def test_a_unit_that_passes_another_benefit_has_seen_nobody(world: World) -> None:
    """Of two statements the one that says dead keeps the silence; a clerk of the agency who saw them does not."""
    person, other = await with_two_benefits(world)
    alive = {"beneficiaryId": other.node, "survivalStatus": "NORMAL", "reason": "电话核实"}
    assert (await world.at("2019-06-21").act("overrideVerdict", alive, as_=BUREAU))["userErrors"] == []
    assert await warned(world) == []
    await account(world, "window", "WINDOW", district="市南区")
    assert (await seen_at_window(world, other))["userErrors"] == []
    assert await warned(world) == [("SUSPENDED", "2019-07", person.id)]


async def test_whoever_dies_before_it_goes_out_is_not_told(world: World) -> None:
    """A warning waits while the gateway is down; then a cremation is recorded."""
    await world.units()
    [person] = await enrolled(world)
    post = Post("HTTP_503")
    await warned(world.at("2019-11-01"))
    assert await sent(world, post) == ["WINDOW_ENTERED"]
    await seen(world, (person, "justice", "cremation", "2019-10-30"))
    world.clock.advance(hours=1)
    assert await sent(world, post) == ["WINDOW_ENTERED"]  # no second time
    assert await world.owner.fetchval("SELECT state FROM messages") == "WITHDRAWN"


async def withdrawn(world: World) -> None:
    """Warned on 1 November 2019 of a period that ends, and recorded as cremated before the message went out."""
    await world.units()
    [person] = await enrolled(world)
    await warned(world.at("2019-11-01"))
    await seen(world, (person, "justice", "cremation", "2019-10-30"))
    assert await sent(world, Post()) == []
    assert await states(world) == ["WITHDRAWN"]


async def states(world: World) -> list[str]:
    rows = await world.owner.fetch("SELECT state FROM messages ORDER BY beneficiary_id")
    return [row["state"] for row in rows]


async def found_wrong(world: World) -> None:
    """By the agency, of every record that there is."""
    await world.owner.execute("INSERT INTO evidence_found_wrong SELECT id, '错', now() FROM evidence")


async def test_what_a_false_death_withdrew_goes_out_after_all(world: World) -> None:
    """Once, by the next turn; as long as the record counts, never."""
    await withdrawn(world)
    post = Post()
    await warned(world.at("2019-11-02"))
    assert (await sent(world, post), await states(world)) == ([], ["WITHDRAWN"])
    await found_wrong(world)
    for day in ("2019-11-03", "2019-11-04"):
        assert len(await warned(world.at(day))) == 1
        assert await sent(world, post) == ["WINDOW_ENTERED"]
    assert await states(world) == ["SENT"]
    [edge] = (await world.ask(WARNINGS))["warnings"]["edges"]
    assert edge["node"]["delivery"] == {"state": "SENT", "channel": "WEBHOOK", "attempts": 2, "lastError": None}


async def test_what_was_withdrawn_a_week_ago_is_no_news(world: World) -> None:
    await withdrawn(world)
    await found_wrong(world)
    await warned(world.at("2019-11-09"))
    assert (await sent(world, Post()), await states(world)) == ([], ["WITHDRAWN"])


async def test_a_ruling_brings_back_what_still_stands(world: World) -> None:
    """It passes the benefit that was objected about, whose period is new; of the other the person is told."""
    await world.units()
    [own] = await enrolled(world)
    await enrolled(world, category="SURVIVOR", certified_in="2019-06")
    await world.officers()
    assert len(await warned(world.at("2019-11-01"))) == 2
    await seen(world, (own, "justice", "cremation", "2019-10-30"))
    assert await sent(world, Post()) == []
    assert await states(world) == ["WITHDRAWN", "WITHDRAWN"]
    await world.at("2019-11-04").publish("2019-10", release=True)
    assert (await decide(world, await reported(world.at("2019-11-05"), own)))["userErrors"] == []
    post = Post()
    for _ in range(2):
        await warned(world)
        assert await sent(world, post) == ["WINDOW_ENTERED"]
    assert await states(world) == ["OVERTAKEN", "SENT"]
    assert "2019年12月" in post.letters[0].text


async def test_the_database_brings_back_nothing_else(world: World) -> None:
    """Only what was withdrawn, to wait again, as it was written and tried."""
    await withdrawn(world)
    again = "state = 'WAITING', closed_at = NULL"
    sent_at_once, tried = "state = 'SENT', channel = 'SMTP'", f"{again}, attempts = 2"
    for change in (sent_at_once, "state = 'OVERTAKEN'", "closed_at = now()", tried, f"{again}, month = '2020-02-01'"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="once"):
            await world.owner.execute(f"UPDATE messages SET {change}")
    await world.owner.execute(f"UPDATE messages SET {again}")
    world.clock.advance(minutes=5)
    assert await sent(world, Post()) == []
    assert await states(world) == ["WITHDRAWN"]
