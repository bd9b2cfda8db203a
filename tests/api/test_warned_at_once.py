"""Whoever suspends or reinstates somebody writes the warning of it down with the act. Notice 三(二), 三(三)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from resolvers import warnings
from tests.api.money import CHIEF
from tests.api.objections import decide, declared_dead, reported
from tests.api.scenes import Person, qualified, seen
from tests.api.warnings import Post, sent
from tests.world import SCHOOL, World

FAILED = {"survivalStatus": "MISSING", "occurredOn": "2019-06-10"}


async def written(world: World) -> list[tuple[Any, ...]]:
    """Every warning with its message: kind, month, person, day and state; nobody has looked for any."""
    rows = await world.owner.fetch(
        """SELECT w.kind, w.month::text, w.beneficiary_id, w.warned_on::text, m.state, m.people, w.at = m.next_at
           FROM warnings w JOIN messages m ON m.id = w.message_id ORDER BY w.id"""
    )
    return [tuple(row) for row in rows]


async def failed(world: World, person: Person, **other: Any) -> Any:
    return await world.at("2019-06-20").act(
        "overrideVerdict", {"beneficiaryId": person.node, **FAILED, **other}, as_=SCHOOL
    )


async def test_a_suspension_goes_out_within_the_minute_and_once(world: World) -> None:
    """What the hourly run then finds is written already."""
    [person] = await qualified(world)
    assert (await failed(world, person))["userErrors"] == []
    assert await written(world) == [("SUSPENDED", "2019-07-01", person.id, "2019-06-20", "WAITING", 1, True)]
    post = Post()
    assert await sent(world, post) == ["SUSPENDED"]
    assert "自2019年7月起暂停发放，原因：所在单位认定生存状态为“失踪”" in post.letters[0].text
    assert await warnings.warn(world.context()) == {}
    assert await sent(world, post) == ["SUSPENDED"]


async def test_everybody_of_a_submission_is_told(world: World) -> None:
    """Only those whom it suspends."""
    first, second, third = await qualified(world, 3)
    rows = [{"beneficiaryId": first.node, **FAILED}, {"beneficiaryId": second.node, "survivalStatus": "NORMAL"},
            {"beneficiaryId": third.node, **FAILED}]  # fmt: skip
    assert (await world.at("2019-06-20").act("submitCertifications", {"entries": rows}))["userErrors"] == []
    assert [row[2] for row in await written(world)] == [first.id, third.id]


async def test_a_reinstatement_goes_out_within_the_minute(world: World) -> None:
    """Approved in October, paid again from November on; a rejection is told to nobody."""
    [person] = await qualified(world)
    await world.officers()
    await failed(world, person)
    alive = {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "reason": "本人到场"}
    await world.at("2019-09-10").act("overrideVerdict", alive)
    case = (await world.request(person.id))["reinstatement"]["id"]
    assert (await world.at("2019-10-19").review(case, approve=False, reason="材料不清"))["userErrors"] == []
    assert [row[0] for row in await written(world)] == ["SUSPENDED"]
    case = (await world.request(person.id))["reinstatement"]["id"]
    assert (await world.at("2019-10-20").review(case))["userErrors"] == []
    assert (await written(world))[1:] == [("REINSTATED", "2019-11-01", person.id, "2019-10-20", "WAITING", 1, True)]
    assert await warnings.warn(world.context()) == {}


@pytest.mark.parametrize("dead", ["stated", "recorded"])
async def test_nobody_recorded_dead_is_told(world: World, dead: str) -> None:
    """By the act itself, or by a record that the unit cannot see."""
    [person] = await qualified(world)
    if dead == "recorded":
        await seen(world.at("2019-06-16"), (person, "justice", "cremation", "2019-06-15"))
    status = {"survivalStatus": "DECEASED"} if dead == "stated" else {}
    assert (await failed(world, person, **status))["userErrors"] == []
    assert await written(world) == []


async def test_who_was_cleared_of_a_false_death_is_warned_again(world: World) -> None:
    """三(四): the quarantined record silences nothing, neither the approval nor the window that comes."""
    [person] = await declared_dead(world)
    fail = {"beneficiaryId": person.node, "survivalStatus": "DECEASED", "occurredOn": "2019-05-02"}
    await world.at("2019-06-20").act("overrideVerdict", fail)
    case = await reported(world.at("2019-08-20"), person)
    opened = (await decide(world.at("2019-08-21"), case))["reinstatement"]
    assert (await world.at("2019-08-22").review(opened["id"], as_=CHIEF))["userErrors"] == []
    assert [row[:2] for row in await written(world)] == [("REINSTATED", "2019-09-01")]
    post = Post()
    assert await sent(world, post) == ["REINSTATED"]
    await seen(world, (person, "justice", "cremation", "2019-05-02"))  # delivered again, under another reference
    assert (await warnings.warn(world.at("2020-06-01").context()))["WINDOW_ENTERED"] == 1
    assert "WINDOW_ENTERED" in await sent(world, post)


async def test_what_is_refused_or_replayed_tells_nothing_more(world: World) -> None:
    [person] = await qualified(world)
    assert (await failed(world, person, occurredOn="2019-07-01"))["userErrors"] != []
    assert await written(world) == []
    for _ in range(2):
        assert (await failed(world, person, idempotencyKey="k-1"))["userErrors"] == []
    assert len(await written(world)) == 1


async def test_an_act_and_the_hourly_run_at_once_tell_it_once(world: World) -> None:
    people = await qualified(world, 6)
    world.at("2019-06-20")
    looking = [warnings.warn(world.context()) for _ in range(4)]
    await asyncio.gather(*(failed(world, person) for person in people), *looking)
    await warnings.warn(world.context())
    assert sorted(row[2] for row in await written(world)) == sorted(person.id for person in people)
    assert await world.owner.fetchval("SELECT count(*) FROM messages") == 6


async def test_the_api_can_have_nothing_written_that_is_not_so(world: World) -> None:
    """The function takes acts by their facts: who is not suspended by that act is not told."""
    [person] = await qualified(world)
    for kind, fact in (("SUSPENDED", 1), ("SUSPENDED", 2), ("REINSTATED", 1), ("LAPSED", 0)):
        async with world.callers.begin() as connection:
            await connection.execute("SELECT warn_of_acts($1, $2, $3, '{}', '{}')", kind, [person.id], [fact])
    assert await written(world) == []
    for function in ("warn_of_acts(text, bigint[], bigint[], text[], text[])", "recorded_dead(bigint, text[], text[])"):
        assert not await world.owner.fetchval("SELECT has_function_privilege('public', $1, 'EXECUTE')", function)
    assert not await world.owner.fetchval("SELECT has_table_privilege('renzheng_app', 'acts_to_warn_of', 'SELECT')")
