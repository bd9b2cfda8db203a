"""Who may connect, for how long, and how much an account may hold open."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import pytest

from resolvers import presence, sessions
from resolvers.live import Live
from tests.sockets.wire import PATIENCE, ROSTER, connected, opened, served
from tests.world import OFFICER, SCHOOL, World


async def test_the_token_may_come_with_the_handshake(world: World, address: str) -> None:
    async with opened(address, await world.token(SCHOOL)) as wire:
        await wire.send({"type": "connection_init", "payload": None})
        assert await wire.message() == {"type": "connection_ack"}


NOT_BEARERS: tuple[Any, ...] = (5, None, {}, ["Bearer x"], "", "Bearer", "Basic abc", "Bearer x")


@pytest.mark.parametrize("payload", [None, {}, *({"Authorization": value} for value in NOT_BEARERS)])
async def test_nobody_connects_without_credentials(world: World, address: str, payload: Any) -> None:
    """What is sent behind a bad connection_init is not run."""
    async with opened(address) as wire:
        await wire.send({"type": "connection_init", "payload": payload})
        await wire.subscribe("q", "{ __typename }")
        assert await wire.closed() == (4401, "Unauthorized")


async def test_a_bad_token_of_the_payload_is_not_helped_by_a_good_one_of_the_handshake(
    world: World, address: str
) -> None:
    async with opened(address, await world.token(SCHOOL)) as wire:
        await wire.send({"type": "connection_init", "payload": {"Authorization": "Bearer wrong"}})
        assert (await wire.closed())[0] == 4401


async def test_nothing_runs_before_somebody_is_known(world: World, address: str) -> None:
    async with opened(address, await world.token(SCHOOL)) as wire:
        await wire.subscribe("q", "{ __typename }")
        assert (await wire.closed())[0] == 4401


async def test_one_says_who_one_is_once(world: World, address: str) -> None:
    async with connected(world, address) as wire:
        await wire.send({"type": "connection_init", "payload": await world.token(SCHOOL)})
        assert (await wire.closed())[0] == 4429


async def test_a_token_that_expires_ends_its_socket(world: World, address: str) -> None:
    """4403: a client may connect again, with a new token and its resume token."""
    async with connected(world, address) as wire:
        await wire.subscribe("r", ROSTER)
        world.clock.advance(minutes=16)
        assert await wire.closed() == (4403, "令牌已到期，请换新的令牌重新连接")


async def test_a_session_that_has_ended_opens_no_socket(world: World, address: str) -> None:
    token = await world.token(SCHOOL)
    await world.post({"query": "mutation { signOut { ended } }"}, token)
    async with opened(address) as wire:
        await wire.send({"type": "connection_init", "payload": token})
        assert (await wire.closed())[0] == 4401


async def test_signing_out_ends_the_socket_on_another_worker(world: World, address: str, dsn: str) -> None:
    """Of that session; another session of the account goes on."""
    token = await world.token(SCHOOL)
    async with (
        world.another_worker(dsn) as other,
        served(other.app) as elsewhere,
        opened(elsewhere, token) as wire,
        connected(world, address) as staying,
    ):
        await wire.send({"type": "connection_init"})
        await wire.message()
        await world.post({"query": "mutation { signOut { ended } }"}, token)
        assert await wire.closed() == (4401, "Unauthorized")
        assert await staying.is_quiet()


async def test_an_operator_ends_every_socket_of_an_account(world: World, address: str, dsn: str) -> None:
    await world.officers()
    async with (
        connected(world, address) as one,
        connected(world, address) as two,
        connected(world, address, OFFICER) as officer,
    ):
        assert await sessions.revoke(world.context(), SCHOOL, "手机遗失") >= 2
        assert [await one.closed(), await two.closed()] == [(4401, "Unauthorized")] * 2
        assert await officer.is_quiet()


async def seats(world: World, kind: str) -> int:
    found: int = await world.owner.fetchval("SELECT count(*) FROM seats WHERE kind = $1", kind)
    return found


async def until_left(world: World, kind: str, number: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while await seats(world, kind) != number:
            await asyncio.sleep(0.02)


async def test_an_account_has_ten_sockets_over_every_worker(world: World, address: str, dsn: str) -> None:
    """One more is refused, whichever worker it comes to; a closed one makes room."""
    async with AsyncExitStack() as held, world.another_worker(dsn) as other, served(other.app) as elsewhere:
        wires = [await held.enter_async_context(connected(world, at)) for at in (address, elsewhere) * 5]
        for at in (address, elsewhere):
            async with opened(at) as wire:
                await wire.send({"type": "connection_init", "payload": await world.token(SCHOOL)})
                assert await wire.closed() == (4429, "该账号的连接过多")
        await wires[0].connection.close()
        await until_left(world, "SOCKET", 9)
        await held.enter_async_context(connected(world, elsewhere))
    await until_left(world, "SOCKET", 0)


async def test_one_socket_runs_twenty_operations(world: World, address: str) -> None:
    """The next is refused by itself; the others go on."""
    async with connected(world, address) as wire:
        for number in range(21):
            await wire.subscribe(f"r{number}", ROSTER)
        error = await wire.error("r20")
        assert error["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
        assert await wire.is_quiet()


async def test_an_account_has_forty_subscriptions(world: World, address: str) -> None:
    """Over all of its sockets; those that end make room."""
    async with connected(world, address) as one, connected(world, address) as two, connected(world, address) as three:
        for wire in (one, two):
            for number in range(20):
                await wire.subscribe(f"r{number}", ROSTER)
        await until_left(world, "SUBSCRIPTION", 40)
        await three.subscribe("r", ROSTER)
        assert (await three.of("r"))["errors"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
        assert await three.message() == {"id": "r", "type": "complete"}
        await one.send({"id": "r0", "type": "complete"})
        await until_left(world, "SUBSCRIPTION", 39)
        await three.subscribe("s", ROSTER)
        await until_left(world, "SUBSCRIPTION", 40)
    await until_left(world, "SUBSCRIPTION", 0)


async def test_the_seats_of_a_worker_that_died_run_out(world: World, address: str) -> None:
    """A lease of ninety seconds, in the machine's time."""
    await world.owner.execute(
        "INSERT INTO seats (account_id, kind, kept_until) SELECT 1, 'SOCKET', now() - interval '1 second'"
        " FROM generate_series(1, 10)"
    )
    async with connected(world, address) as wire:
        assert await wire.is_quiet()


async def test_a_socket_that_breaks_off_leaves_nothing_behind(world: World, address: str) -> None:
    async with connected(world, address) as wire:
        await wire.subscribe("r", ROSTER)
        await until_left(world, "SUBSCRIPTION", 1)
        wire.connection.transport.abort()
        await until_left(world, "SUBSCRIPTION", 0)
        await until_left(world, "SOCKET", 0)


async def test_who_stops_waiting_as_the_bell_rings_stops_all_the_same(world: World, address: str) -> None:
    """A cancel that comes together with an announcement is not lost: the stream behind it would never end."""
    live = Live(lambda: world.callers)
    viewer = await world.viewer(SCHOOL)
    context = replace(world.context(viewer), live=live)
    token = (await world.token(SCHOOL))["Authorization"].removeprefix("Bearer ")
    waiting = asyncio.create_task(presence.until_ended(context, token, world.clock.now, every=60))
    await asyncio.sleep(1)
    live.announcements._ring(f"account {viewer.account_id}")
    waiting.cancel()
    done, _ = await asyncio.wait({waiting}, timeout=PATIENCE)
    assert done == {waiting} and waiting.cancelled()
    await live.stop()
