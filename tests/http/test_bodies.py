"""Bodies and query strings that are no request: a clear 4xx, in JSON, and never a word of what was sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from graphql import GraphQLError

from tests.api.scenes import account
from tests.attacks.calls import heard
from tests.world import SCHOOL, World, id_number
from web.hardening import body, limits
from web.hardening.errors import presented

TYPE = {"Content-Type": "application/json"}
HELLO = b'{"query": "{ __typename }"}'
DEEP = 1_500


async def refused(world: World, content: bytes, status: int, headers: dict[str, str] = TYPE) -> str:
    """The code of the only error."""
    response = await world.http.post("/graphql", content=content, headers=headers)
    assert (response.status_code, response.headers["content-type"]) == (status, "application/json; charset=utf-8")
    [error] = response.json()["errors"]
    assert id_number(1) not in response.text
    return str(error["extensions"]["code"])


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"[" + HELLO + b"]", b'"x"', b"1", b"true", b"null", b"{}", b"\xff\xfe",
        b"\xef\xbb\xbf" + HELLO,
        HELLO.decode().encode("utf-16"), b'{"query": "\xff"}', b'{"query": 1}', b'{"query": null}',
        b'{"query": ""}', b'{"query": "{ a }", "variables": {"n": 1e999}}',
        b'{"query": "{ a }", "variables": 1}', b'{"query": "{ a }", "variables": []}',
        b'{"query": "{ a }", "variables": "{}"}', b'{"query": "{ a }", "extensions": "x"}',
        b'{"query": "{ a }", "operationName": 1}', b'{"query": "{ a }", "operationName": {}}',
        b'{"query": "{ a }", "documentId": 1}', b'{"query": "{ a }", "variables": {"n": NaN}}',
        b'{"query": "{ a }", "variables": {"n": -Infinity}}', b'{"query": "{ a }", "query": "{ b }"}',
        b'{"query": "{ a }", "variables": {"id": 1, "id": 2}}',
        b'{"query": "{ a }", "variables": {"n": ' + b"9" * 5000 + b"}}",
        b'{"query": "{ a }", "variables": ' + b"[" * DEEP + b"]" * DEEP + b"}",
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        HELLO + b"x", HELLO + HELLO, id_number(1).encode(),
    ],
    ids=range(34),
)  # fmt: skip
async def test_what_is_no_request_is_refused(world: World, content: bytes) -> None:
    assert await refused(world, content, 400) == "BAD_REQUEST"


@pytest.mark.parametrize(
    "kind",
    [
        "", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx",
        "text/plain; application/json", "application/json; charset=gbk", "application/json; charset=utf-16",
        "application/graphql", "application", "application/json/x", 'application/json; charset="', "x" * 5000,
    ],
)  # fmt: skip
async def test_another_content_type_is_415(world: World, kind: str) -> None:
    """By the exact media type, not by a part of it. Every type that a form can send is among these."""
    assert await refused(world, HELLO, 415, {"Content-Type": kind}) == "UNSUPPORTED_MEDIA_TYPE"


@pytest.mark.parametrize(
    "kind", ["application/json; charset=UTF-8", 'Application/JSON;charset="utf-8"', "application/json;x=y"]
)
async def test_the_content_type_may_say_that_it_is_utf_8(world: World, kind: str) -> None:
    response = await world.http.post("/graphql", content=HELLO, headers={"Content-Type": kind})
    assert response.json() == {"data": {"__typename": "Query"}}


async def test_a_form_cannot_change_anything(world: World) -> None:
    """What a page of another origin can make a browser send without asking: forms, links, images. None of it runs."""
    await world.units()
    headers = await world.token(SCHOOL)
    out = "mutation { signOutEverywhere { ended } }"
    linked = await world.http.get("/graphql", params={"query": out}, headers=headers)
    assert (linked.status_code, linked.headers["allow"]) == (405, "POST")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        sent = json.dumps({"query": out}).encode()
        assert (
            await world.http.post("/graphql", content=sent, headers=headers | {"Content-Type": kind})
        ).status_code == 415
    assert (await world.post({"query": "{ viewer { role } }"}, headers)).json()["data"] == {"viewer": {"role": "UNIT"}}


@pytest.mark.parametrize(
    "query",
    [
        "query={__typename}&query={a}",
        "query={__typename}&variables=[]",
        "query={__typename}&variables={",
        "query={__typename}&variables={%22n%22:NaN}",
        "query={__typename}&extensions=1",
        "query=",
        "variables={}",
    ],
)
async def test_a_query_string_is_read_as_strictly(world: World, query: str) -> None:
    response = await world.http.get(f"/graphql?{query}")
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


async def test_variables_of_a_query_string_are_json(world: World) -> None:
    asked = {"query": "query($i: Boolean!) { __typename @include(if: $i) }", "variables": '{"i": true}'}
    assert (await world.http.get("/graphql", params=asked)).json() == {"data": {"__typename": "Query"}}


OF_STRANGERS = 64_000


def padded(length: int) -> bytes:
    return HELLO + b" " * (length - len(HELLO))


async def test_a_body_beyond_the_limit_is_refused_before_it_is_read(world: World) -> None:
    """By the length that it names; and in chunks, which name none, as soon as they are more."""
    assert await refused(world, padded(OF_STRANGERS + 1), 413) == "BODY_TOO_LARGE"
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 100_000
            yield b" " * 100_000

    response = await world.http.post("/graphql", content=endless(), headers=TYPE)
    assert (response.status_code, response.headers["connection"]) == (413, "close")
    assert sent == 100_000
    assert (await world.http.post("/graphql", content=padded(OF_STRANGERS), headers=TYPE)).status_code == 200


async def test_whoever_is_signed_in_may_send_more(world: World) -> None:
    """As much as their role: a unit whole submissions, a person only their own case."""
    await world.units()
    await account(world, "person", "PERSON", id_number=id_number(1))
    for username, most in ((SCHOOL, 1_000_000), ("person", 200_000)):
        headers = TYPE | await world.token(username)
        assert (await world.http.post("/graphql", content=padded(most), headers=headers)).status_code == 200
        assert await refused(world, padded(most + 1), 413, headers) == "BODY_TOO_LARGE"

    async def in_chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b" " * 100_000

    response = await world.http.post("/graphql", content=in_chunks(), headers=headers)
    assert (response.status_code, response.headers["connection"]) == (413, "close")


@pytest.mark.parametrize("content", [padded(100_000), b'{"query": "{ a }", "z": [' + b"1," * 3_000 + b"1]}"])
async def test_an_app_whose_token_has_ended_is_told_so_however_much_it_sends(world: World, content: bytes) -> None:
    headers = TYPE | {"Authorization": "Bearer over"}
    assert await refused(world, content, 401, headers) == "UNAUTHENTICATED"


async def test_a_body_is_read_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str]] = []
    monkeypatch.setattr(body, "strict", heard(read, body.strict))
    assert (await world.http.post("/graphql", content=HELLO, headers=TYPE)).json()["data"] == {"__typename": "Query"}
    assert read == [(HELLO.decode(),)]


async def test_a_long_body_is_paid_for_before_it_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A point for 1,000 bytes, of bodies of more than 10,000; by whoever sends them, though they are no JSON."""
    monkeypatch.setitem(limits.TABLE, None, replace(limits.TABLE[None], budget=100, refill=1))
    assert await refused(world, b"x" * 60_000, 400) == "BAD_REQUEST"
    response = await world.http.post("/graphql", content=b"x" * 60_000, headers=TYPE)
    [error] = response.json()["errors"]
    assert (error["extensions"]["code"], error["extensions"]["requested"]) == ("LIMIT_BUDGET", 60)
    assert await refused(world, b"x" * 10_000, 400) == "BAD_REQUEST"


async def test_a_body_that_does_not_come_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "WITHIN", 0.01)

    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    response = await world.http.post("/graphql", content=slow(), headers=TYPE)
    assert (response.status_code, response.headers["connection"]) == (408, "close")
    assert response.json()["errors"][0]["extensions"] == {"code": "REQUEST_TIMEOUT"}


async def test_a_long_address_and_many_headers_are_refused(world: World) -> None:
    long = await world.http.get("/graphql", params={"query": "{__typename}" + " " * 9000})
    assert (long.status_code, long.json()["errors"][0]["extensions"]["code"]) == (414, "ADDRESS_TOO_LONG")
    many = await world.http.get("/healthz", headers={f"X-{n}": "a" * 100 for n in range(200)})
    assert (many.status_code, many.json()["errors"][0]["extensions"]["code"]) == (431, "HEADERS_TOO_LARGE")


@pytest.mark.parametrize(
    "document",
    [
        "{ node(id: " + "9" * 5000 + ") { id } }",
        "{ units(first: " + "9" * 5000 + ") { totalCount } }",
        "{ units(first: " + "[" * 5000 + "]" * 5000 + ") { totalCount } }",
        "{ " + "unit { " * 5000 + "}" * 5000 + " }",
        "query($n: " + "[" * 5000 + "Int" + "]" * 5000 + ") { __typename }",
        '{ node(id: "\\ud800") { id } }',
        "{ __typename @include(if: 1e99999) }",
        "{ __typename } # " + "\u0000",
        "\ufeff{ __typename }",
    ],
)
async def test_a_monstrous_document_is_the_clients_mistake(world: World, document: str) -> None:
    """Never an error of the server's, and nothing of Python in the words."""
    await world.units()
    response = await world.post({"query": document}, await world.token(SCHOOL))
    assert response.status_code == 200
    for error in response.json().get("errors", []):
        code = error["extensions"]["code"]
        assert code in {"GRAPHQL_PARSE_FAILED", "GRAPHQL_VALIDATION_FAILED", "BAD_USER_INPUT"} or code in BEYOND
        assert "Exceeds" not in error["message"]
        assert "recursion" not in error["message"]


BEYOND = {"LIMIT_DEPTH", "LIMIT_CHARACTERS", "LIMIT_TOKENS"}


@pytest.mark.parametrize(
    "value", ["[" * 900 + "]" * 900, '{"a":' * 900 + "1" + "}" * 900, "[" + "1," * 15_000 + "1]", "1e308"]
)
async def test_a_monstrous_variable_is_the_clients_mistake(world: World, value: str) -> None:
    """Of an id, a list of ids, a number and an input."""
    await world.units()
    headers = await world.token(SCHOOL) | TYPE
    for kind, asked in (
        ("ID!", "node(id: $v) { id }"),
        ("[ID!]!", "nodes(ids: $v) { id }"),
        ("Int", "units(first: $v) { totalCount }"),
    ):
        sent = json.dumps({"query": f"query($v: {kind}) {{ {asked} }}"})[:-1] + f', "variables": {{"v": {value}}}}}'
        response = await world.http.post("/graphql", content=sent.encode(), headers=headers)
        assert response.status_code == 200
        assert {error["extensions"]["code"] for error in response.json().get("errors", [])} <= {
            "BAD_USER_INPUT",
            "LIMIT_LIST",
        }


def test_values_that_are_nested_too_deeply_are_the_clients_mistake() -> None:
    """How deep that is hangs on how deep the service stands itself when it reads them."""
    shown = presented(GraphQLError("Variable values are nested too deeply."))
    assert (shown.extensions or {})["code"] == "BAD_USER_INPUT"
