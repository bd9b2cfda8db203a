"""graphql-transport-ws as it is spoken: what is answered, what is refused, and with which code."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from domain.vocabulary import Role
from resolvers import documents
from tests.sockets.wire import PROTOCOL, connected, opened, served
from tests.world import SCHOOL, World
from web.hardening import limits
from web.hardening.openness import Openness
from web.hardening.sockets import SocketBounds

QUERY = "{ viewer { username } }"


async def test_a_query_is_answered_once_and_completed(world: World, address: str) -> None:
    async with connected(world, address) as wire:
        await wire.subscribe("q", QUERY)
        assert await wire.of("q") == {"data": {"viewer": {"username": "370202000101"}}}
        assert await wire.message() == {"id": "q", "type": "complete"}


async def test_a_heartbeat_comes_as_often_as_it_was_asked_for_and_ends(world: World, address: str) -> None:
    """Each beat at the service's clock, here 2019-06-05 09:00 in Shanghai."""
    async with connected(world, address) as wire:
        await wire.subscribe("h", "subscription { heartbeat(count: 2) }")
        assert await wire.of("h") == {"data": {"heartbeat": "2019-06-05T09:00:00+08:00"}}
        world.clock.advance(seconds=1)
        assert await wire.of("h") == {"data": {"heartbeat": "2019-06-05T09:00:01+08:00"}}
        assert await wire.message() == {"id": "h", "type": "complete"}


@pytest.mark.parametrize("count", [0, -1, 61, 2147483647])
async def test_a_heartbeat_has_an_end(world: World, address: str, count: int) -> None:
    async with connected(world, address) as wire:
        await wire.subscribe("h", f"subscription {{ heartbeat(count: {count}) }}")
        error = await wire.error("h")
        assert (error["message"], error["extensions"]["code"]) == (
            "count应在1至60之间。",
            "BAD_USER_INPUT",
        )
        assert await wire.is_quiet()


async def test_a_ping_is_answered_with_its_payload(world: World, address: str) -> None:
    async with connected(world, address) as wire:
        await wire.send({"type": "ping", "payload": {"n": 1}})
        assert await wire.message() == {"type": "pong", "payload": {"n": 1}}
        await wire.send({"type": "ping", "payload": None})
        assert await wire.message() == {"type": "pong"}


LONG = {"type": "ping", "payload": {"z": "x" * 4_000}}


async def test_before_init_a_message_is_short(world: World, address: str) -> None:
    """Nobody has said who they are: it is not even read."""
    async with opened(address) as wire:
        await wire.send(LONG)
        assert await wire.closed() == (1009, "消息过大")
    async with connected(world, address) as wire:
        await wire.send(LONG)
        assert await wire.message() == {"type": "pong", "payload": LONG["payload"]}


async def test_a_message_is_bounded_and_paid_for_as_a_body_is(
    world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connected(world, address) as wire:
        await wire.send({"type": "ping", "payload": {"z": [1] * 20_000}})
        assert await wire.closed() == (1009, "消息过大")
    monkeypatch.setitem(limits.TABLE, Role.UNIT, replace(limits.TABLE[Role.UNIT], budget=100, refill=1))
    async with connected(world, address) as wire:
        await wire.send({"type": "ping", "payload": {"z": "x" * 60_000}})
        assert (await wire.message())["type"] == "pong"
        await wire.send({"type": "ping", "payload": {"z": "x" * 60_000}})
        assert await wire.closed() == (1013, "额度已用完，请稍后重试")


SUBSCRIBE: dict[str, Any] = {"id": "1", "type": "subscribe", "payload": {"query": "{ __typename }"}}
IDS: tuple[Any, ...] = ("", 1, {}, None)
PAYLOADS: tuple[Any, ...] = (None, "{ a }", [], {}, {"query": 5})
PARTS: tuple[dict[str, Any], ...] = ({"variables": []}, {"variables": "x"}, {"extensions": "x"}, {"operationName": 5})


@pytest.mark.parametrize(
    "message",
    [
        *("{nope", "[]", '"x"', "5", "null", "[" * 10_000, "9" * 5_000, b"\xff\xfe", b"{}"),
        *({}, {"type": 5}, {"type": {}}, {"type": "next"}, {"type": "start"}),
        {"type": "ping", "payload": "x"},
        {"type": "complete"},
        {"type": "complete", "id": {}},
        *(SUBSCRIBE | {"id": id} for id in IDS),
        *(SUBSCRIBE | {"payload": payload} for payload in PAYLOADS),
        *(SUBSCRIBE | {"payload": {"query": "{ __typename }", **part}} for part in PARTS),
    ],
)
async def test_what_is_no_message_closes_the_socket_as_malformed(world: World, address: str, message: object) -> None:
    async with connected(world, address) as wire:
        await wire.send(message)
        code, _ = await wire.closed()
        assert code == 4400


async def test_a_message_that_is_too_long_is_refused(world: World, address: str) -> None:
    """Over a mebibyte: 1009."""
    async with connected(world, address) as wire:
        await wire.subscribe("q", "{ __typename } #" + "x" * 1_048_576)
        assert (await wire.closed())[0] == 1009


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query A { __typename }", "operationName": "B"}, "OPERATION_NOT_FOUND"),
        ({"query": "query A { __typename } query B { __typename }"}, "OPERATION_NOT_FOUND"),
        ({"query": "query A($on: Boolean!) { __typename @include(if: $on) }"}, "BAD_USER_INPUT"),
    ],
)
async def test_an_operation_that_cannot_be_run_ends_alone(
    world: World, address: str, payload: dict[str, Any], code: str
) -> None:
    """An error with a code; the socket, and the id, can be used again."""
    async with connected(world, address) as wire:
        await wire.send({"id": "1", "type": "subscribe", "payload": payload})
        message = await wire.message()
        errors = message["payload"] if message["type"] == "error" else message["payload"]["errors"]
        assert [error["extensions"]["code"] for error in errors] == [code]
        if message["type"] == "next":
            assert await wire.message() == {"id": "1", "type": "complete"}
        assert await wire.is_quiet()
        await wire.subscribe("1", QUERY)
        assert "data" in await wire.of("1")


async def test_an_id_that_is_in_use_closes_the_socket(world: World, address: str) -> None:
    async with connected(world, address) as wire:
        await wire.subscribe("a", "subscription { rosterChanged { resumeToken } }")
        await wire.subscribe("a", QUERY)
        assert await wire.closed() == (4409, "Subscriber for a already exists")


async def test_a_completed_subscription_says_no_more(world: World, address: str) -> None:
    async with connected(world, address) as wire:
        await wire.subscribe("h", "subscription { heartbeat(count: 60) }")
        await wire.of("h")
        await wire.send({"id": "h", "type": "complete"})
        assert await wire.is_quiet()
        await wire.subscribe("h", QUERY)
        assert "viewer" in (await wire.of("h"))["data"]


async def test_no_other_protocol_is_spoken(world: World, address: str) -> None:
    """The legacy graphql-ws neither: 4406."""
    for names in (("graphql-ws",), ("graphql-sse",)):
        async with opened(address, protocols=names) as wire:
            assert wire.connection.subprotocol is None
            assert (await wire.closed())[0] == 4406
    async with opened(address, protocols=("graphql-ws", PROTOCOL)) as wire:
        assert wire.connection.subprotocol == PROTOCOL


@pytest.mark.parametrize("message", ['{"type":"ping","payload":{"a":NaN}}', '{"type":"ping","type":"pong"}'])
async def test_a_message_is_read_as_strictly_as_a_body(world: World, address: str, message: str) -> None:
    async with connected(world, address) as wire:
        await wire.send(message)
        assert (await wire.closed())[0] == 4400


async def test_a_document_is_asked_for_by_its_hash_on_a_socket_too(world: World, address: str) -> None:
    """As `documentId`, or as Apollo's clients say it."""
    text = "query Who { viewer { username } }"
    found = hashlib.sha256(text.encode()).hexdigest()
    await documents.persist(world.context(), {found: text})
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": found}}
    async with connected(world, address) as wire:
        for id, payload in (("a", {"documentId": f"sha256:{found}"}), ("b", {"extensions": extensions})):
            await wire.send({"id": id, "type": "subscribe", "payload": payload})
            assert (await wire.of(id))["data"] == {"viewer": {"username": SCHOOL}}
            assert await wire.message() == {"id": id, "type": "complete"}


async def test_a_socket_on_which_nobody_says_who_it_is_is_closed_in_time(world: World, dsn: str) -> None:
    async with (
        world.another_worker(dsn, bounds=SocketBounds(init_within=0.2)) as worker,
        served(worker.app) as address,
        opened(address) as wire,
    ):
        assert await wire.closed() == (4408, "Connection initialisation timeout")


async def test_a_page_of_another_site_is_refused_unless_it_was_named(world: World) -> None:
    openness = Openness(origins=("https://desk.example",))
    async with world.opened(openness) as worker, served(worker.app) as address:
        with pytest.raises(InvalidStatus, match="403") as refused:
            async with opened(address, {"Origin": "https://evil.example"}):
                pass
        [error] = json.loads(refused.value.response.body or b"")["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
        for origin in ("https://desk.example", f"http://{address}"):
            async with opened(address, {"Origin": origin}) as wire:
                assert wire.connection.subprotocol == PROTOCOL


async def test_what_nobody_expected_is_masked_on_a_socket_too(
    world: World, address: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("张三 370202194501011234")

    monkeypatch.setattr("resolvers.roster.summary", broken)
    async with connected(world, address) as wire:
        await wire.subscribe("q", "{ unit { summary { total } } }")
        [error] = (await wire.of("q"))["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert "张三" not in str(error)
    assert "张三" not in "".join(capfd.readouterr())
