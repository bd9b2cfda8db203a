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


def figures(review: Any) -> dict[str, str]:
    return {fact["name"]: fact["value"] for fact in review["facts"]}


async def test_small_calls_one_after_another_are_one_run(world: World) -> None:
    """Nineteen rows a call, five seconds apart: after the first, which had its minute, 57 rows in 15 seconds."""
    people = await qualified(world, 76)
    await world.officers()
    await in_calls(world, await begun(world), people, (19, 0), (19, 5), (19, 5), (19, 5))
    assert await found(world) == {"FASTER_THAN_READ": 1}
    [review] = await reviews(world)
    assert figures(review) == {"rows": "57", "seconds": "15"}
    assert (review["beneficiary"], review["unit"]) == (None, {"siNumber": SCHOOL})


async def test_a_call_that_only_looks_slow_does_not_hide_a_run(world: World) -> None:
    """One row after three seconds had its time, but the nineteen before it still had not."""
    people = await qualified(world, 41)
    await world.officers()
    await in_calls(world, await begun(world), people, (1, 0), (19, 1), (1, 3), (19, 1), (1, 3))
    assert await found(world) == {"FASTER_THAN_READ": 1}
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
    assert await found(world) == {}


async def test_a_run_is_found_once_however_long_it_grows(world: World) -> None:
    """It is the same run until its rows have had their time, also where an officer has decided it meanwhile."""
    people = await qualified(world, 83)
    await world.officers()
    token = await begun(world)
    await in_calls(world, token, people[:21], (1, 0), (10, 1), (10, 1))
    assert await found(world) == {"FASTER_THAN_READ": 1}
    await in_calls(world, token, people[21:42], (21, 1))
    assert await found(world) == {"FASTER_THAN_READ": 1}
    [review] = await reviews(world)
    await decide(world, review, "TO_INVESTIGATE")
    await in_calls(world, token, people[42:62], (20, 1))
    assert await found(world) == {"FASTER_THAN_READ": 1}
    await in_calls(world, token, people[62:], (1, 600), (20, 1))
    assert await found(world) == {"FASTER_THAN_READ": 2}
    [later] = await reviews(world, status="OPEN")
    assert figures(later) == {"rows": "20", "seconds": "1"}


async def test_what_an_earlier_look_found_call_by_call_is_not_found_again(world: World) -> None:
    """A finding of a call within the run, as they were before a run was counted over several."""
    people = await qualified(world, 40)
    await world.officers()
    await in_calls(world, await begun(world), people, (1, 0), (9, 1), (30, 1))
    assert await found(world) == {"FASTER_THAN_READ": 1}
    async with world.owner.transaction():
        await world.owner.execute("SET LOCAL session_replication_role = replica")
        await world.owner.execute(
            """UPDATE compliance_reviews SET subject =
                   (SELECT account_id || ':' || extract(epoch FROM max(at)) FROM certifications GROUP BY account_id)"""
        )
    assert await found(world) == {"FASTER_THAN_READ": 1}


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
    assert await found(world) == {"FASTER_THAN_READ": 1}
    [review] = await reviews(world)
    assert figures(review) == {"rows": "39", "seconds": "3"}
