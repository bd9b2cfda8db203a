"""Server-sent events on the same path: distinct connections, as graphql-sse describes them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2

from tests.sockets.wire import PATIENCE, ROSTER, changed
from tests.world import SCHOOL, World

EVENTS = {"Accept": "text/event-stream"}


class Stream:
    """An answer, event by event."""

    def __init__(self, response: httpx2.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def event(self) -> tuple[str, Any]:
        """The kind of the next one, and its data."""
        kind = await asyncio.wait_for(self._field("event"), PATIENCE)
        text = await asyncio.wait_for(self._field("data"), PATIENCE)
        answer = json.loads(text) if text else None
        if answer is not None:
            answer.pop("extensions", None)  # what it cost
        return kind, answer

    async def _field(self, name: str) -> str:
        async for line in self._lines:
            if line.startswith(f"{name}:"):
                return line.removeprefix(f"{name}:").strip()
        raise AssertionError("the stream has ended")


@asynccontextmanager
async def streamed(address: str, document: str, headers: dict[str, str], **variables: object) -> AsyncIterator[Stream]:
    body = {"query": document, "variables": variables}
    async with (
        httpx2.AsyncClient(timeout=PATIENCE) as http,
        http.stream("POST", f"http://{address}/graphql", json=body, headers=headers | EVENTS) as response,
    ):
        yield Stream(response)


async def test_a_heartbeat_streams_and_completes(world: World, address: str) -> None:
    async with streamed(address, "subscription { heartbeat(count: 1) }", await world.token(SCHOOL)) as stream:
        assert stream.response.status_code == 200
        assert stream.response.headers["content-type"].startswith("text/event-stream")
        assert await stream.event() == ("next", {"data": {"heartbeat": "2019-06-05T09:00:00+08:00"}})
        assert await stream.event() == ("complete", None)


async def test_a_query_streams_one_answer(world: World, address: str) -> None:
    async with streamed(address, "{ unit { siNumber } }", await world.token(SCHOOL)) as stream:
        assert await stream.event() == ("next", {"data": {"unit": {"siNumber": SCHOOL}}})
        assert await stream.event() == ("complete", None)


async def test_nobody_is_refused(world: World, address: str) -> None:
    async with streamed(address, "subscription { heartbeat }", {}) as stream:
        kind, answer = await stream.event()
        assert (kind, answer["errors"][0]["extensions"]["code"]) == ("next", "UNAUTHENTICATED")
        assert await stream.event() == ("complete", None)


async def test_a_document_that_cannot_be_read_is_an_error_of_the_stream(world: World, address: str) -> None:
    async with streamed(address, "subscription {", await world.token(SCHOOL)) as stream:
        _, answer = await stream.event()
        assert answer["errors"][0]["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
        assert await stream.event() == ("complete", None)


async def test_a_change_is_streamed_and_resumed(world: World, address: str) -> None:
    """What was streamed is not repeated; what came in between is not lost."""
    token = await world.token(SCHOOL)
    start = (await world.ask("{ unit { resumeToken } }"))["unit"]["resumeToken"]
    await changed(world, 1)
    async with streamed(address, ROSTER, token, after=start) as stream:
        first = (await stream.event())[1]["data"]["rosterChanged"]
        assert [row["name"] for row in first["beneficiaries"]] == ["张三1"]
    await changed(world, 2)
    async with streamed(address, ROSTER, token, after=first["resumeToken"]) as stream:
        second = (await stream.event())[1]["data"]["rosterChanged"]
        assert [row["name"] for row in second["beneficiaries"]] == ["张三2"]


async def test_a_stream_ends_when_its_session_does(world: World, address: str) -> None:
    token = await world.token(SCHOOL)
    async with streamed(address, ROSTER, token) as stream:
        await world.post({"query": "mutation { signOut { ended } }"}, token)
        kind, answer = await stream.event()
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
        while kind == "next":  # it is told twice where a read for the stream met the end first
            kind, _ = await stream.event()
        assert kind == "complete"


async def test_a_stream_ends_when_its_token_does(world: World, address: str) -> None:
    async with streamed(address, ROSTER, await world.token(SCHOOL)) as stream:
        world.clock.advance(minutes=16)
        _, answer = await stream.event()
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_plain_request_cannot_subscribe(world: World, address: str) -> None:
    """One answer is no stream: the request is refused, and nothing of it runs."""
    answer = await world.post({"query": "subscription { heartbeat }"}, await world.token(SCHOOL))
    assert answer.status_code == 400
    assert "heartbeat" not in answer.text
