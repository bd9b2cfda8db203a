"""The brake: a month in which too many would turn DISQUALIFIED is held until somebody has looked. Notice 三(四)."""

from __future__ import annotations

import pytest

from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from resolvers.errors import Refused
from tests.commands.files import Desk, good
from tests.policies import amended
from tests.world import SCHOOL, World, id_number


async def enrolled(world: World, people: int, dead: int, month: str = "2019-05") -> World:
    """People on 2019-06-04, the first of whom have a cremation record in the month."""
    await world.at("2019-06-04").units()
    await world.load("beneficiaries", [
        good("beneficiaries", id_number=id_number(n), unit_si_number=SCHOOL) for n in range(1, people + 1)
    ])  # fmt: skip
    await lost(world, range(1, dead + 1), month)
    return world


async def lost(world: World, people: range, month: str) -> None:
    await world.load("evidence", [
        good("evidence", id_number=id_number(n), source="health", occurred_on=f"{month}-02", reference=f"H-{n}")
        | {"kind": "cremation"}
        for n in people
    ])  # fmt: skip


async def test_a_month_that_disqualifies_too_many_is_held(world: World) -> None:
    """20 of 100, where 1 % is the share: nothing is published, and the message says what to look at."""
    await enrolled(world, 100, 20)
    await world.assess("2019-05")
    before = await Desk(world).dump()
    with pytest.raises(Refused) as held:
        await world.publish_only("2019-05")
    assert str(held.value) == (
        "held: 20 of 100 people would turn DISQUALIFIED, more than 1.0%; "
        "look at the evidence, then run: publish 2019-05 --release"
    )
    assert await Desk(world).dump() == before
    published = await world.publish_only("2019-05", release=True)
    assert published.people == 100


async def test_small_numbers_never_brake(world: World) -> None:
    """19 dead are fewer than the minimum, however few people there are: in a small unit one is soon a large share."""
    await enrolled(world, 19, 19)
    assert (await world.publish("2019-05")).people == 19


async def test_a_share_that_is_met_and_not_exceeded_passes(world: World) -> None:
    """More than the share brakes, not as much as the share."""
    await enrolled(world, 100, 20)
    world.book = amended("brake", "2019-01-01", share=0.2, minimum=20)
    assert (await world.publish("2019-05")).people == 100


async def test_the_brakes_values_are_the_policys(world: World) -> None:
    """A single person is enough where the policy says so."""
    await enrolled(world, 10, 1)
    world.book = amended("brake", "2019-01-01", share=0.05, minimum=1)
    with pytest.raises(Refused, match=r"held: 1 of 10 people .* more than 5\.0%"):
        await world.publish("2019-05")


async def test_whoever_was_disqualified_before_does_not_turn(world: World) -> None:
    """Only those who newly would: the unanswered of last month do not hold this one."""
    await enrolled(world, 60, 19)
    await world.publish("2019-05")
    world.at("2019-07-04")
    await lost(world, range(20, 30), "2019-06")
    published = await world.publish("2019-06")
    assert published.people == 60


async def test_the_terminated_neither_turn_nor_count(world: World) -> None:
    """A draft about a benefit that has ended since is not part of the share."""
    await enrolled(world, 60, 21)
    await world.assess("2019-05")
    await world.submit(Act.TERMINATE, 1, 2, status=SurvivalStatus.DECEASED, since="2019-05-02")
    assert (await world.publish_only("2019-05")).people == 58
