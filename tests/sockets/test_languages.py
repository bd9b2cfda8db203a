"""The language of a socket and of a stream: the handshake's, or what connection_init names."""

from __future__ import annotations

import pytest

from tests.sockets.test_sse import streamed
from tests.sockets.wire import opened
from tests.world import SCHOOL, World

TOO_MANY = "subscription { heartbeat(count: 61) }"
SAID = {"zh-CN": "count应在1至60之间。", "en": "count must lie between 1 and 60."}


@pytest.mark.parametrize(
    ("handshake", "init", "language"),
    [
        (None, None, "zh-CN"),
        ("en", None, "en"),
        ("en", "zh-CN", "zh-CN"),
        (None, "en-US,en;q=0.9", "en"),
        ("zh", "fr", "zh-CN"),
        ("en", 7, "en"),
    ],
)
async def test_a_socket_speaks_one_language(
    world: World, address: str, handshake: str | None, init: object, language: str
) -> None:
    await world.units()
    headers = {} if handshake is None else {"Accept-Language": handshake}
    named = {} if init is None else {"Accept-Language": init}
    async with opened(address, headers) as wire:
        await wire.send({"type": "connection_init", "payload": named | await world.token(SCHOOL)})
        assert await wire.message() == {"type": "connection_ack"}
        for id in ("a", "b"):
            await wire.subscribe(id, TOO_MANY)
            assert (await wire.error(id))["message"] == SAID[language]


async def test_a_socket_is_closed_in_its_language(world: World, address: str) -> None:
    async with opened(address, {"Accept-Language": "en"}) as wire:
        await wire.send({"type": "subscribe", "id": ""})
        assert await wire.closed() == (4400, "id must be a string, and not an empty one")
    async with opened(address) as wire:
        await wire.send({"type": "subscribe", "id": ""})
        assert await wire.closed() == (4400, "id须为非空字符串")


async def test_a_stream_speaks_the_language_of_its_request(world: World, address: str) -> None:
    await world.units()
    for language, said in SAID.items():
        headers = {"Accept-Language": language, **await world.token(SCHOOL)}
        async with streamed(address, TOO_MANY, headers) as stream:
            assert stream.response.headers["content-language"] == language
            _, answer = await stream.event()
            assert answer["errors"][0]["message"] == said
