"""Nobody who is recorded dead is told anything, as long as the record counts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.scenes import enrolled, judged, seen
from tests.api.warnings import Post, sent, suspended, warned
from tests.faces import certify, claims, nonce, with_app
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
