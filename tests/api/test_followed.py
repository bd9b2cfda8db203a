"""What those who follow a unit are told of rulings and findings: told with the act, and only where a row changes."""

from __future__ import annotations

import pytest

from tests.api.favours import decide as find
from tests.api.favours import reviews
from tests.api.objections import decide, declared_dead, report, reported, take
from tests.api.scenes import Person
from tests.world import World


async def told(world: World) -> list[list[int]]:
    """Whose rows changed, event by event."""
    rows = await world.owner.fetch("SELECT people FROM events WHERE topic = 'ROSTER' ORDER BY number")
    return [row["people"] for row in rows]


async def test_a_ruling_that_passes_a_person_is_told(world: World) -> None:
    """Once, together with the case of reinstatement that it opens; the report and who takes it change no row."""
    [person] = await declared_dead(world)
    fail = {"beneficiaryId": person.node, "survivalStatus": "DECEASED", "occurredOn": "2019-05-02"}
    await world.at("2019-06-20").act("overrideVerdict", fail)
    before = await told(world)
    case = await reported(world.at("2019-07-20"), person)
    await take(world, case)
    assert await told(world) == before
    assert (await decide(world, case))["reinstatement"]["status"] == "SUBMITTED"
    assert await told(world) == [*before, [person.id]]


@pytest.mark.parametrize("outcome", ["RULE_WRONG", "VERDICT_RIGHT"])
async def test_a_ruling_that_passes_nobody_is_not_told(world: World, outcome: str) -> None:
    [person] = await declared_dead(world)
    before = await told(world)
    case = await reported(world, person)
    assert (await decide(world, case, outcome))["userErrors"] == []
    assert await told(world) == before


async def test_what_is_refused_is_not_told(world: World) -> None:
    [person] = await declared_dead(world)
    before = await told(world)
    assert (await report(world, person, statement=" "))["userErrors"] != []
    case = await reported(world, person)
    assert (await decide(world, case, reason=" "))["userErrors"] != []
    assert await told(world) == before


async def passed(world: World) -> Person:
    """Somebody whom the unit passed against the data, so that the agency looks."""
    [person] = await declared_dead(world)
    alive = {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "reason": "本人到场"}
    assert (await world.act("overrideVerdict", alive))["userErrors"] == []
    return person


@pytest.mark.parametrize(("outcome", "times"), [("WITHOUT_GROUND", 1), ("IN_ORDER", 0), ("TO_INVESTIGATE", 0)])
async def test_a_finding_is_told_where_the_unit_is_asked_anew(world: World, outcome: str, times: int) -> None:
    """Of all other findings the unit learns nothing."""
    person = await passed(world)
    before = await told(world)
    [review] = await reviews(world)
    assert (await find(world, review, outcome))["userErrors"] == []
    assert await told(world) == before + [[person.id]] * times
