"""Rows passed faster than they can be read, however few a call. Notice 四(四)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.favours import decide, found, reviews
from tests.api.scenes import Person, qualified
from tests.world import HANDLER, SCHOOL, World

DOCUMENTS = {
    "batchPass": "mutation($i: BatchPassInput!) { batchPass(input: $i) { userErrors { code } } }",
    "overrideVerdict": "mutation($i: OverrideVerdictInput!) { overrideVerdict(input: $i) { userErrors { code } } }",
}


async def begun(world: World) -> dict[str, str]:
    """A session of the school's clerk, a minute old."""
    token = await world.token(SCHOOL)
    world.clock.advance(seconds=60)
    return token


async def sent(world: World, token: dict[str, str], mutation: str, given: dict[str, Any]) -> None:
    body = {"query": DOCUMENTS[mutation], "variables": {"i": {**given, "handler": HANDLER}}}
    answer = (await world.post(body, token)).json()
    assert answer["data"][mutation]["userErrors"] == []


async def in_calls(world: World, token: dict[str, str], people: list[Person], *calls: tuple[int, int]) -> None:
    """Calls of so many rows, each so many seconds after the act before it."""
    left = iter(people)
    for rows, seconds in calls:
        world.clock.advance(seconds=seconds)
        await sent(world, token, "batchPass", {"page": [{"beneficiaryId": next(left).node} for _ in range(rows)]})


async def an_hour_later(world: World) -> dict[str, int]:
    """What is found an hour after the last act: whatever run there was has ended."""
    world.clock.advance(hours=1)
    return await found(world)


def figures(review: Any) -> dict[str, str]:
    return {fact["name"]: fact["value"] for fact in review["facts"]}


async def test_small_calls_one_after_another_are_one_run(world: World) -> None:
    """Nineteen rows a call, five seconds apart: after the first, which had its minute, 57 rows in 15 seconds."""
    people = await qualified(world, 76)
    await world.officers()
    await in_calls(world, await begun(world), people, (19, 0), (19, 5), (19, 5), (19, 5))
    assert await an_hour_later(world) == {"FASTER_THAN_READ": 1}
    [review] = await reviews(world)
    assert figures(review) == {"rows": "57", "seconds": "15"}
    assert (review["beneficiary"], review["unit"]) == (None, {"siNumber": SCHOOL})


async def test_a_call_that_only_looks_slow_does_not_hide_a_run(world: World) -> None:
    """One row after three seconds had its time, but the nineteen before it still had not."""
    people = await qualified(world, 41)
    await world.officers()
    await in_calls(world, await begun(world), people, (1, 0), (19, 1), (1, 3), (19, 1), (1, 3))
    assert await an_hour_later(world) == {"FASTER_THAN_READ": 1}
    [review] = await reviews(world)
    assert figures(review) == {"rows": "40", "seconds": "8"}


@pytest.mark.parametrize("calls", [
    [(1, 2)] * 40,
    [(10, 20)] * 4,
    [(1, 0), (19, 1), (1, 40), (19, 1)],
    [(1, 0), (10, 1), (9, 1)],
], ids=["row by row", "page by page", "a pause between", "nineteen"])  # fmt: skip
async def test_an_honest_clerk_is_not_found(world: World, calls: list[tuple[int, int]]) -> None:
    """Two seconds a row, whether they pass at once or one by one; or too few rows to tell."""
    people = await qualified(world, sum(rows for rows, _ in calls))
    await world.officers()
    await in_calls(world, await begun(world), people, *calls)
    assert await an_hour_later(world) == {}


async def test_a_run_is_found_once_it_has_ended_and_whole(world: World) -> None:
    """Whoever looks in between finds nothing yet: 22 rows that an officer has seen to would hide 178 more."""
    people = await qualified(world, 201)
    await world.officers()
    token = await begun(world)
    await in_calls(world, token, people[:23], (1, 0), (11, 1), (11, 1))
    assert await found(world) == {}
    await in_calls(world, token, people[23:], (178, 1))
    world.clock.advance(minutes=59)
    assert await found(world) == {}
    assert await an_hour_later(world) == {"FASTER_THAN_READ": 1}
    [review] = await reviews(world)
    assert figures(review) == {"rows": "200", "seconds": "3"}
    await decide(world, review, "TO_INVESTIGATE")
    assert await an_hour_later(world) == {"FASTER_THAN_READ": 1}


async def test_a_run_past_midnight_is_one(world: World) -> None:
    """Its day alone says nothing: at five past midnight it still goes on."""
    people = await qualified(world, 61)
    await world.officers()
    world.clock.advance(hours=14, minutes=58)
    token = await begun(world)
    await in_calls(world, token, people[:41], (1, 0), (40, 1))
    world.clock.advance(seconds=30)
    await in_calls(world, token, people[41:51], (10, 29))
    assert (str(world.clock.instant.date()), await found(world)) == ("2019-06-06", {})
    await in_calls(world, token, people[51:], (10, 1))
    assert await an_hour_later(world) == {"FASTER_THAN_READ": 1}
    [review] = await reviews(world)
    assert figures(review) == {"rows": "60", "seconds": "61"}


async def test_after_a_run_comes_another(world: World) -> None:
    """Once its rows have had their time; the next one is a finding of its own, also where the first was decided."""
    people = await qualified(world, 43)
    await world.officers()
    await in_calls(world, await begun(world), people[:22], (1, 0), (21, 1))
    assert await an_hour_later(world) == {"FASTER_THAN_READ": 1}
    [review] = await reviews(world)
    await decide(world, review, "IN_ORDER")
    await in_calls(world, await begun(world), people[22:], (1, 0), (20, 1))
    assert await an_hour_later(world) == {"FASTER_THAN_READ": 2}
    [later] = await reviews(world, status="OPEN")
    assert figures(later) == {"rows": "20", "seconds": "1"}


async def test_after_an_hour_begins_another_run_whatever_the_first_still_owed(world: World) -> None:
    """Or a run that was found would hide everything that follows: five seconds after the next sign-in it goes on."""
    people = await qualified(world, 43)
    await world.officers()
    await in_calls(world, await begun(world), people[:23], (1, 0), (22, 1))
    assert await an_hour_later(world) == {"FASTER_THAN_READ": 1}
    await in_calls(world, await world.token(SCHOOL), people[23:], (20, 5))
    assert await an_hour_later(world) == {"FASTER_THAN_READ": 2}
    assert [figures(review)["rows"] for review in await reviews(world)] == ["22", "20"]


async def test_what_an_earlier_look_found_call_by_call_is_not_found_again(world: World) -> None:
    """A finding of a call within the run, as they were before a run was counted over several."""
    people = await qualified(world, 40)
    await world.officers()
    await in_calls(world, await begun(world), people, (1, 0), (9, 1), (30, 1))
    assert await an_hour_later(world) == {"FASTER_THAN_READ": 1}
    async with world.owner.transaction():
        await world.owner.execute("SET LOCAL session_replication_role = replica")
        await world.owner.execute(
            """UPDATE compliance_reviews SET subject =
                   (SELECT account_id || ':' || extract(epoch FROM max(at)) FROM certifications GROUP BY account_id)"""
        )
    assert await an_hour_later(world) == {"FASTER_THAN_READ": 1}


async def test_a_fail_among_them_does_not_give_the_others_time(world: World) -> None:
    """Somebody looked at that one row; of 39 others in three seconds nobody can have."""
    people = await qualified(world, 41)
    await world.officers()
    token = await begun(world)
    await in_calls(world, token, people[:20], (1, 0), (19, 1))
    world.clock.advance(seconds=1)
    fail = {"beneficiaryId": people[20].node, "survivalStatus": "MISSING", "occurredOn": "2019-06-03"}
    await sent(world, token, "overrideVerdict", fail)
    await in_calls(world, token, people[21:], (20, 1))
    assert await an_hour_later(world) == {"FASTER_THAN_READ": 1}
    [review] = await reviews(world)
    assert figures(review) == {"rows": "39", "seconds": "3"}
