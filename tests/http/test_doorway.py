"""A head that came through every layer before: its reads are answered in the doorway, and nothing else is."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import asyncpg
import httpx2
import pytest

from schema.messages import say
from storage import allowances
from tests.http.test_short_way import ROSTER, endpoint
from tests.world import BUREAU, SCHOOL, World
from web import doorway
from web.endpoint import Endpoint


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each request that was tried in the doorway: whether it was answered there."""
    tried: list[bool] = []
    at_once = Endpoint.at_once

    async def counted(self: Endpoint, *request: Any) -> bytes | None:
        found = await at_once(self, *request)
        tried.append(found is not None)
        return found

    monkeypatch.setattr(Endpoint, "at_once", counted)
    return tried


async def asked(world: World, who: str, body: dict[str, Any], **headers: str) -> httpx2.Response:
    sent: httpx2.Response = await world.post(body, {**await world.token(who), **headers})
    return sent


async def known(world: World, who: str = SCHOOL) -> httpx2.Response:
    """The roster, asked for until its head is known."""
    for _ in range(2):
        sent = await asked(world, who, {"query": ROSTER})
    return sent


async def test_the_third_time_it_is_answered_in_the_doorway(world: World, answered: list[bool]) -> None:
    """With the same bytes, but for what is left of the budget, and the same head."""
    await world.units(SCHOOL)
    await world.enrol(1)
    through_all = await known(world)
    assert answered == []
    third = await asked(world, SCHOOL, {"query": ROSTER})
    assert answered == [True]
    assert third.json()["data"] == through_all.json()["data"]
    assert third.json()["extensions"]["cost"].keys() == through_all.json()["extensions"]["cost"].keys()
    assert third.headers == through_all.headers


async def test_whoever_asks_is_shown_their_own(world: World, answered: list[bool]) -> None:
    await world.units(SCHOOL, BUREAU)
    await world.enrol(1)
    await known(world)
    for who, rows in ((SCHOOL, 1), (BUREAU, 0), (SCHOOL, 1)):
        sent = await asked(world, who, {"query": ROSTER})
        assert sent.json()["data"]["unit"]["siNumber"] == who
        assert len(sent.json()["data"]["unit"]["beneficiaries"]["edges"]) == rows
    assert answered == [True, True, True]


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept-Language": "en"},
        {"Accept": "application/graphql-response+json"},
        {"Content-Type": "application/json; charset=utf-8"},
        {"Origin": "https://elsewhere.example"},
        {"X-Anything": "else"},
    ],
    ids=lambda headers: next(iter(headers)),
)
async def test_another_head_goes_through_all_layers(
    world: World, answered: list[bool], headers: dict[str, str]
) -> None:
    await world.units(SCHOOL)
    await known(world)
    sent = await asked(world, SCHOOL, {"query": ROSTER}, **headers)
    assert (sent.status_code, answered) == (200, [])
    assert sent.headers["Content-Language"] == ("en" if "Accept-Language" in headers else "zh-CN")


@pytest.mark.parametrize("name", ["traceparent", "User-Agent", "X-Request-Id", "X-Forwarded-For"])
async def test_what_no_layer_reads_makes_no_other_head(world: World, answered: list[bool], name: str) -> None:
    await world.units(SCHOOL)
    await known(world)
    assert (await asked(world, SCHOOL, {"query": ROSTER}, **{name: "192.0.2.7"})).status_code == 200
    assert answered == [True]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "BAD_REQUEST"),
        (b'{"query": "{ unit { name } }", "query": "{ unit { name } }"}', 400, "BAD_REQUEST"),
        (b'{"query": 1}', 400, "BAD_REQUEST"),
        (b'{"query": "\xff"}', 400, "BAD_REQUEST"),
        (b'{"query": "{ unit { nam } }"}', 200, "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_what_is_wrong_is_told_as_ever(
    world: World, answered: list[bool], body: bytes, status: int, code: str
) -> None:
    await world.units(SCHOOL)
    head = dict((await known(world)).request.headers) | {"content-length": str(len(body))}
    sent = await world.http.post("/graphql", content=body, headers=head)
    assert answered == [False]
    assert (sent.status_code, sent.json()["errors"][0]["extensions"]["code"]) == (status, code)


async def test_nobody_is_let_in_by_a_head_alone(world: World, answered: list[bool]) -> None:
    """Without a token, with one that is forged, and after the session has ended."""
    await world.units(SCHOOL)
    await known(world)
    token = (await world.token(SCHOOL))["Authorization"]
    forged = {"Authorization": token[:-6] + ("AAAAAA" if token[-6:] != "AAAAAA" else "BBBBBB")}
    for given in ({}, forged):
        sent = await world.post({"query": ROSTER}, given)
        assert sent.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    own = {"Authorization": token}
    assert "data" in (await world.post({"query": ROSTER}, own)).json()
    await world.post({"query": "mutation { signOut { ended } }"}, own)
    sent = await world.post({"query": ROSTER}, own)
    assert sent.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert answered == [False, True, False, False]


async def test_what_fails_in_the_doorway_is_run_and_paid_once_more_and_not_oftener(
    world: World, answered: list[bool]
) -> None:
    """A page of -1 rows fails in its resolver: once by the short way, once by the executor, which tells it."""
    await world.units(SCHOOL)
    for _ in range(3):
        await asked(world, SCHOOL, {"query": ROSTER, "variables": {"first": 5}})
    left = []
    for first in (5, -1, 5):
        sent = await asked(world, SCHOOL, {"query": ROSTER, "variables": {"first": first}})
        left.append(sent.json()["extensions"]["cost"]["remaining"])
        price = sent.json()["extensions"]["cost"]["requested"]
    assert answered == [True, True, False, True]
    paid = left[0] - left[2] - price
    smallest = sent.json()["extensions"]["cost"]["limit"]
    assert 0 < paid <= 2 * price < smallest
    assert endpoint(world).short_way.taken > 0


async def test_an_error_in_the_doorway_leaves_no_head(world: World, answered: list[bool]) -> None:
    """Only what came by the short way without an error is remembered."""
    await world.units(SCHOOL)
    for _ in range(3):
        sent = await asked(world, SCHOOL, {"query": "{ unit { beneficiaries(first: -1) { totalCount } } }"})
        assert sent.json()["errors"][0]["message"] == say("input.between", name="first", least=0, most=200)
    assert answered == []


@pytest.mark.parametrize("pieces", [1, 3])
async def test_a_body_that_is_still_to_come_is_waited_for_by_the_layers(
    world: World, answered: list[bool], pieces: int
) -> None:
    """Not in the doorway, which has begun to receive; nothing of it is lost."""
    await world.units(SCHOOL)
    sent = await known(world)
    content = sent.request.content
    head = [(name.lower(), value) for name, value in sent.request.headers.raw]
    size = -(-len(content) // pieces)
    parts = [content[at : at + size] for at in range(0, len(content), size)]
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0.01)
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Any) -> None:
        messages.append(message)

    await world.app(_scope(head), receive, send)
    assert (messages[0]["status"], answered) == (200, [])
    assert json.loads(messages[1]["body"])["data"] == sent.json()["data"]


async def test_whoever_goes_away_before_the_body_is_whole_is_answered_by_nobody(
    world: World, answered: list[bool]
) -> None:
    await world.units(SCHOOL)
    head = [(name.lower(), value) for name, value in (await known(world)).request.headers.raw]
    statuses = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        statuses.append(message.get("status"))

    await world.app(_scope(head), receive, send)
    assert (statuses[0], answered) == (400, [])


def _scope(head: list[tuple[bytes, bytes]]) -> dict[str, Any]:
    where = {"path": "/graphql", "raw_path": b"/graphql", "query_string": b"", "root_path": "", "scheme": "http"}
    hosts = {"client": ("127.0.0.1", 50000), "server": ("renzheng.test", None)}
    return {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", **where, **hosts} | {
        "headers": head
    }


async def test_points_that_cannot_be_leased_are_told_by_the_layers(
    world: World, monkeypatch: pytest.MonkeyPatch, answered: list[bool]
) -> None:
    """Whatever stands in the way of a lease leaves the doorway as an answer, never as what was raised."""
    await world.units(SCHOOL, BUREAU)
    await known(world)

    async def away(*_: object) -> None:
        raise asyncpg.LockNotAvailableError("somebody holds the row")

    monkeypatch.setattr(allowances, "lease", away)
    sent = await asked(world, BUREAU, {"query": ROSTER})
    assert answered == [False]
    assert sent.json()["errors"][0]["extensions"]["code"] in ("TIMEOUT", "INTERNAL")
    assert sent.headers["x-content-type-options"] == "nosniff"


async def test_heads_are_bounded(world: World, monkeypatch: pytest.MonkeyPatch, answered: list[bool]) -> None:
    """Whoever makes up heads makes the service forget, and nothing grows."""
    monkeypatch.setattr(doorway, "_REMEMBERED", 2)
    await world.units(SCHOOL)
    await known(world)
    for n in range(4):
        await asked(world, SCHOOL, {"query": ROSTER}, **{"X-Anything": str(n)})
    await asked(world, SCHOOL, {"query": ROSTER})
    assert answered == []
