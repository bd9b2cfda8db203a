"""In which media type and with which status a request is answered (GraphQL over HTTP, Accept)."""

from __future__ import annotations

import pytest

from tests.world import SCHOOL, World
from web.hardening.accept import GRAPHQL, JSON, STREAM

HELLO = {"query": "{ __typename }"}


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, JSON),
        (",,", JSON),
        (f", ,{GRAPHQL},", GRAPHQL),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL}, {JSON};q=0.9", GRAPHQL),
        (f"{GRAPHQL};q=0.1, {JSON};q=0.2", JSON),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0, */*", JSON),
        (f"{JSON};q=0, */*", GRAPHQL),
        ("Application/JSON; charset=utf-8", JSON),
        ("text/html, */*;q=0.1", JSON),
        ("text/*", JSON),
        ("text/*, */*;q=0.5", JSON),
        (f"text/*, {GRAPHQL};q=0.1", GRAPHQL),
        (f"text/*;q=0.9, {STREAM};q=0, {JSON};q=0.1", JSON),
        (f"{GRAPHQL};q=x", GRAPHQL),
    ],
)
async def test_the_client_chooses_the_media_type(world: World, accept: str | None, answered: str) -> None:
    """By quality, then by how exactly it is named; of equals the newer type, where the client knows it."""
    response = await world.post(HELLO, {"Accept": accept} if accept else {"Accept": ""})
    assert (response.status_code, response.headers["content-type"]) == (200, f"{answered}; charset=utf-8")
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "accept", ["text/html", "image/*", "*/*;q=0", "nonsense", "a/b/c", f"{JSON};q=0", f"text/*, {JSON};q=0", "x" * 2000]
)
async def test_who_wants_nothing_that_we_have_is_told_so(world: World, accept: str) -> None:
    response = await world.post(HELLO, {"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (406, f"{JSON}; charset=utf-8")
    assert response.json()["errors"][0]["extensions"] == {"code": "NOT_ACCEPTABLE"}


@pytest.mark.parametrize(
    ("document", "code", "status"),
    [
        ("{", "GRAPHQL_PARSE_FAILED", 400),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED", 400),
        ("query($i: Boolean!) { __typename @skip(if: $i) }", "BAD_USER_INPUT", 400),
        ("{ units { totalCount } }", "UNAUTHENTICATED", 401),
        ("{ a: __typename } query B { __typename }", "OPERATION_NOT_FOUND", 400),
        ("fragment F on Query { __typename }", "OPERATION_NOT_FOUND", 400),
    ],
)
async def test_of_a_request_that_did_not_run_the_newer_type_tells_by_the_status(
    world: World, document: str, code: str, status: int
) -> None:
    """And there is no `data`, in either type; plain JSON says 200, as its clients expect."""
    for media_type, expected in ((GRAPHQL, status), (JSON, 200)):
        response = await world.post({"query": document}, {"Accept": media_type})
        answer = response.json()
        assert (response.status_code, answer["errors"][0]["extensions"]["code"]) == (expected, code)
        assert set(answer) == {"errors"}
        assert ("www-authenticate" in response.headers) is (response.status_code == 401)


async def test_what_a_role_may_not_use_is_403(world: World) -> None:
    await world.units()
    headers = await world.token(SCHOOL)
    document = {"query": '{ beneficiariesByIdNumber(idNumber: "1") { id } }'}
    assert (await world.post(document, headers | {"Accept": GRAPHQL})).status_code == 403
    assert (await world.post(document, headers | {"Accept": JSON})).status_code == 200


@pytest.mark.parametrize(
    "accept", [STREAM, "Text/Event-Stream; charset=utf-8", f"{STREAM}, {JSON};q=0.9", f"{STREAM};q=0.5, text/*"]
)
async def test_a_stream_is_for_whoever_names_it(world: World, accept: str) -> None:
    """No range means it: who asks for text of any kind did not ask for one that goes on."""
    answer = await world.post(HELLO, {"Accept": accept})
    assert answer.headers["content-type"].startswith(STREAM)


async def test_what_ran_is_200_though_a_field_failed(world: World) -> None:
    """`data` is null then, and the error has the path."""
    await world.units()
    headers = await world.token(SCHOOL) | {"Accept": GRAPHQL}
    response = await world.post({"query": "{ units(first: -1) { totalCount } }"}, headers)
    assert (response.status_code, response.json()["data"]) == (200, None)
    assert response.json()["errors"][0]["path"] == ["units"]


async def test_a_browser_that_asks_nothing_gets_the_page_and_nobody_else(world: World) -> None:
    """A query in the address is a request, whatever a browser prefers."""
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    assert (await world.http.get("/graphql", headers=browser)).headers["content-type"].startswith("text/html")
    asked = await world.http.get("/graphql?query={__typename}", headers=browser)
    assert asked.json() == {"data": {"__typename": "Query"}}
    assert (await world.http.get("/graphql")).json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}


async def test_several_operations_need_a_name(world: World) -> None:
    """Which one is meant is never guessed."""
    document = "query A { a: __typename } query B { b: __typename }"
    asked = {"query": document, "operationName": "B"}
    assert (await world.post(asked)).json() == {"data": {"b": "Query"}}
    for name in (None, "", "C", "370202194501010011"):
        answer = (await world.post({"query": document, "operationName": name})).json()
        assert answer["errors"][0]["extensions"] == {"code": "OPERATION_NOT_FOUND"}
        assert not name or name not in answer["errors"][0]["message"].split()
