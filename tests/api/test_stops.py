"""`stops`: every run of months without payment, one after another and each by itself."""

from __future__ import annotations

from typing import Any

from tests.api.money import PASS, approved, asked, ended, stated, suspended
from tests.world import World

FIRST = "2019年6月20日单位认定：生存状态“去世”（2019年6月10日起），不通过。"
SECOND = "2019年7月25日单位认定：生存状态“失踪”（2019年7月22日起），不通过。"
MISSING = {"survivalStatus": "MISSING", "occurredOn": "2019-07-22"}


def told(money: Any) -> list[tuple[str, str, str | None, str | None]]:
    """Basis, first and last month, and the act behind it."""
    return [(s["basis"], s["firstMonth"], s["lastMonth"], s["act"] and s["act"]["text"]) for s in money["stops"]]


async def test_two_suspensions_in_a_row_are_two(world: World) -> None:
    """FAIL in June, approved in July, FAIL again in July: 07 is held by the one, from 08 on by the other."""
    person = await suspended(world)
    await approved(world, await asked(world, person), "2019-07-20")
    assert told(await world.money(person.id)) == [("SUSPENDED", "2019-07", "2019-07", FIRST)], "July is held still"
    await stated(world, person, MISSING, "2019-07-25")
    both = [("SUSPENDED", "2019-07", "2019-07", FIRST), ("SUSPENDED", "2019-08", None, SECOND)]
    assert told(await world.money(person.id)) == both
    money = await world.at("2019-09-10").money(person.id)
    assert told(money) == both
    assert [stop["reason"] for stop in money["stops"]] == [
        "被认定为“不通过”，自2019年7月起暂停发放。",
        "被认定为“不通过”，自2019年8月起暂停发放。",
    ]
    assert len({stop["act"]["id"] for stop in money["stops"]}) == 2


async def test_two_suspensions_in_a_row_end_each_by_its_own_case(world: World) -> None:
    """The second lasts until its own approval; payment runs again after it."""
    person = await suspended(world)
    await approved(world, await asked(world, person), "2019-07-20")
    await stated(world, person, MISSING, "2019-07-25")
    await stated(world, person, PASS, "2019-09-10")
    await approved(world, await asked(world, person), "2019-09-20")
    assert told(await world.at("2019-11-01").money(person.id)) == [
        ("SUSPENDED", "2019-07", "2019-07", FIRST),
        ("SUSPENDED", "2019-08", "2019-09", SECOND),
    ]


async def test_a_second_fail_within_a_suspension_is_no_second_stop(world: World) -> None:
    """Held already: one stop, by the first FAIL."""
    person = await suspended(world, passed=False)
    await stated(world, person, MISSING, "2019-07-25")
    assert told(await world.at("2019-09-10").money(person.id)) == [("SUSPENDED", "2019-07", None, FIRST)]


async def test_a_second_fail_that_a_pass_corrects_leaves_the_first_stop_alone(world: World) -> None:
    """Never suspended by it (rules 4): the run ends where the first one ended."""
    person = await suspended(world)
    await approved(world, await asked(world, person), "2019-07-20")
    await stated(world, person, MISSING, "2019-07-25")
    await stated(world, person, PASS, "2019-07-28")
    assert told(await world.at("2019-09-10").money(person.id)) == [("SUSPENDED", "2019-07", "2019-07", FIRST)]


async def test_the_end_follows_two_suspensions_as_a_third_stop(world: World) -> None:
    """Terminated with an event in the second suspension: three stops, each with its act."""
    person = await suspended(world)
    await approved(world, await asked(world, person), "2019-07-20")
    await stated(world, person, MISSING, "2019-07-25")
    await ended(world.at("2019-09-20"), person, "2019-09-15")
    assert told(await world.money(person.id)) == [
        ("SUSPENDED", "2019-07", "2019-07", FIRST),
        ("SUSPENDED", "2019-08", "2019-09", SECOND),
        ("TERMINATED", "2019-10", None, "2019年9月20日办理待遇终止：去世（2019年9月15日）。"),
    ]
