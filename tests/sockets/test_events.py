"""Events: in the order of the commits, to whoever may see them, without loss or repetition."""

from __future__ import annotations

import asyncio

import asyncpg

from resolvers import events, upkeep
from resolvers.live import Live
from storage.database import Database
from storage.events import Topic
from tests.sockets.wire import (
    NAMES,
    PATIENCE,
    ROSTER,
    change,
    changed,
    connected,
    numbers,
    place,
    token_now,
)
from tests.world import BUREAU, SCHOOL, World


async def test_the_rows_of_an_act_reach_who_follows_the_unit(world: World, address: str) -> None:
    """As they now stand, and in full, because it is the people's own unit."""
    async with connected(world, address) as wire:
        await wire.subscribe("r", ROSTER, after=await token_now(world))
        await changed(world, 2, phone="13700000002")
        happened = await change(wire)
    assert happened["unit"] == {"siNumber": SCHOOL}
    assert happened["beneficiaries"] == [{"name": "张三2", "version": 2, "phone": "13700000002"}]


async def test_without_a_token_one_follows_from_now_on(world: World, address: str) -> None:
    await changed(world, 1)

    async def acting() -> None:
        """Again and again: nothing tells when a subscription has begun."""
        for number in range(200):
            await changed(world, 2, phone=f"13700000{number:03}")
            await asyncio.sleep(0.1)

    async with connected(world, address) as wire:
        await wire.subscribe("r", NAMES)
        acts = asyncio.create_task(acting())
        assert [row["name"] for row in (await change(wire))["beneficiaries"]] == ["张三2"]
        acts.cancel()
        await asyncio.gather(acts, return_exceptions=True)


async def test_several_people_of_one_act_are_one_event(world: World, address: str) -> None:
    await world.at("2019-06-05").publish("2019-05")
    await world.owner.execute("UPDATE beneficiaries SET conclusion = 'QUALIFIED' WHERE conclusion <> 'QUALIFIED'")
    start = await token_now(world)
    answer = await world.act(
        "batchPass", {"page": [{"beneficiaryId": i} for i in await ids(world)], "reason": "已核实"}
    )
    assert answer["userErrors"] == []
    async with connected(world, address) as wire:
        await wire.subscribe("r", NAMES, after=start)
        assert [row["name"] for row in (await change(wire))["beneficiaries"]] == ["张三1", "张三2"]
    assert await world.owner.fetchval("SELECT count(*) FROM events WHERE topic = 'ROSTER'") == 1


async def ids(world: World) -> list[str]:
    found = await world.ask("{ unit { beneficiaries { edges { node { id } } } } }")
    return [edge["node"]["id"] for edge in found["unit"]["beneficiaries"]["edges"]]


async def test_a_burst_comes_in_one(world: World, address: str) -> None:
    """Whoever was away, or reads slowly, gets each changed row once; the token is that of the last change."""
    start = await token_now(world)
    for phone in ("13700000001", "13700000002", "13700000003"):
        await changed(world, 1, 2, phone=phone)
    async with connected(world, address) as wire:
        await wire.subscribe("r", ROSTER, after=start)
        happened = await change(wire)
        assert [(row["name"], row["phone"]) for row in happened["beneficiaries"]] == [
            ("张三1", "13700000003"),
            ("张三2", "13700000003"),
        ]
        assert happened["resumeToken"] == await token_now(world)
        assert await wire.is_quiet()


async def test_one_who_connects_again_loses_and_repeats_nothing(world: World, address: str) -> None:
    start = await token_now(world)
    async with connected(world, address) as wire:
        await wire.subscribe("r", NAMES, after=start)
        await changed(world, 1)
        last = (await change(wire))["resumeToken"]
    await changed(world, 2)
    async with connected(world, address) as wire:
        await wire.subscribe("r", NAMES, after=last)
        happened = await change(wire)
        assert [row["name"] for row in happened["beneficiaries"]] == ["张三2"]
        await wire.send({"id": "r", "type": "complete"})
        await wire.subscribe("s", NAMES, after=happened["resumeToken"])
        await asyncio.sleep(0.5)
        assert await wire.is_quiet()


async def test_a_refused_act_is_no_event(world: World, address: str) -> None:
    refused = await world.act("confirmCertification", {"beneficiaryId": (await ids(world))[0]})
    assert refused["userErrors"] != []
    assert await numbers(world.owner) == []


async def test_an_earlier_number_never_commits_later(world: World, address: str, pool: Database) -> None:
    """The second act of a unit waits for its number until the first has committed; another unit's does not."""
    await world.units(BUREAU)
    insert = "INSERT INTO events (unit_id, topic, month, at) VALUES ($1, 'VERDICTS', '2019-05-01', now())"
    second: asyncio.Task[None] | None = None

    async def act() -> None:
        async with pool.begin() as transaction:
            await transaction.execute(insert, 1)

    async with pool.begin() as first:
        await first.execute(insert, 1)
        second = asyncio.create_task(act())
        async with pool.begin() as other:
            await other.execute(insert, 2)
        await waits_for_a_lock(world.owner)
        assert not second.done()
        assert await numbers(world.owner) == []  # nobody sees number 2 while number 1 can still come
    await asyncio.wait_for(second, PATIENCE)
    assert await numbers(world.owner) == [1, 2]


async def test_an_act_that_is_undone_leaves_no_gap(world: World, address: str, pool: Database) -> None:
    insert = "INSERT INTO events (unit_id, topic, month, at) VALUES (1, 'VERDICTS', '2019-05-01', now())"
    async with pool.connection() as connection:
        undone = connection.transaction()
        await undone.start()
        await connection.execute(insert)
        await undone.rollback()
    await changed(world, 1)
    assert await numbers(world.owner) == [1]


async def waits_for_a_lock(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await owner.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            await asyncio.sleep(0.01)


async def test_nothing_is_lost_while_units_act_at_once(world: World, address: str) -> None:
    """Twenty acts from four sides, followed while they go on: every one is told, in order, once."""
    start = await token_now(world)
    seen: list[int] = []

    async def act(id: int) -> None:
        for number in range(5):
            await changed(world, id, phone=f"1370000{id}{number:03}")

    async with connected(world, address) as wire:
        await wire.subscribe("r", ROSTER, after=start)
        acting = asyncio.gather(*(act(id) for id in (1, 2, 1, 2)))
        while not seen or seen[-1] < 20:
            happened = await change(wire)
            seen.append(await place(world, happened["resumeToken"]))
            assert 1 <= len(happened["beneficiaries"]) <= 2
        await acting
    assert seen == sorted(set(seen))
    assert await numbers(world.owner) == list(range(1, 21))


async def test_a_token_that_is_too_old_says_what_to_do(world: World, address: str) -> None:
    """Events are kept for seven days; the newest token is good for ever as long as nothing came after it."""
    await changed(world, 1)
    old = await token_now(world)
    await changed(world, 2)
    newest = await token_now(world)
    await upkeep.run(world.at("2019-06-13").context())
    assert await numbers(world.owner) == []
    async with connected(world, address) as wire:
        await wire.subscribe("r", NAMES, after=old)
        answer = await wire.of("r")
        assert answer["errors"][0]["extensions"]["code"] == "RESUME_TOKEN_TOO_OLD"
        assert "请重新读取名单" in answer["errors"][0]["message"]
        assert await wire.message() == {"id": "r", "type": "complete"}
        await wire.subscribe("s", NAMES, after=newest)
        await changed(world, 2, phone="13700000009")
        assert [row["name"] for row in (await change(wire, "s"))["beneficiaries"]] == ["张三2"]


async def test_a_lost_connection_loses_no_event(world: World, address: str) -> None:
    """The worker that listens connects again, and everybody reads what came meanwhile."""
    async with connected(world, address) as wire:
        await wire.subscribe("r", NAMES, after=await token_now(world))
        listening = "query LIKE 'LISTEN%' AND datname = current_database()"
        async with asyncio.timeout(PATIENCE):
            while not await world.owner.fetch(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {listening}"
            ):
                await asyncio.sleep(0.02)
        await changed(world, 1)
        assert [row["name"] for row in (await change(wire))["beneficiaries"]] == ["张三1"]


async def test_who_reads_slowly_holds_a_position_and_nothing_else(world: World, address: str) -> None:
    """Between two readings any number of changes is one answer: nothing is kept for the reader."""
    viewer = await world.viewer(SCHOOL)
    context = world.context(viewer)
    context.live = Live(lambda: world.callers)
    followed = events.follow(context, Topic.ROSTER, 1, 0)
    await changed(world, 1)
    assert [event.number for event in await anext(followed)] == [1]
    for number in range(30):
        await changed(world, 1, phone=f"137000000{number:02}")
    assert [event.number for event in await anext(followed)] == list(range(2, 32))
    await followed.aclose()
    await context.live.stop()
    assert await world.owner.fetchval("SELECT count(*) FROM seats") == 0


async def test_an_answer_names_no_more_people_than_it_should(world: World, address: str) -> None:
    """Five hundred, unless one act alone has more."""
    for size in (300, 200, 1, 600):
        await world.owner.execute(
            "INSERT INTO events (unit_id, topic, people, at) SELECT 1, 'ROSTER', array_agg(n), now()"
            " FROM generate_series(1, $1::int) AS n",
            size,
        )
    context = world.context(await world.viewer(SCHOOL))
    context.live = Live(lambda: world.callers)
    followed = events.follow(context, Topic.ROSTER, 1, 0)
    assert [[event.number for event in await anext(followed)] for _ in range(3)] == [[1, 2], [3], [4]]
    await followed.aclose()
    await context.live.stop()
