"""GraphQL over HTTP: health, the page for a browser, and errors that say what is wrong and quote nobody's data."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import Any

import pytest

from storage.database import Database
from tests.api.scenes import qualified
from tests.world import HANDLER, SCHOOL, World, id_number

WHO = "{ viewer { username } }"


async def error(world: World, body: Any, headers: dict[str, str] | None = None) -> Any:
    """The only error of an answer."""
    [found] = (await world.post(body, headers)).json()["errors"]
    return found


async def test_the_service_is_alive_and_ready(world: World) -> None:
    """/healthz says that the process runs, /readyz that the database answers and is up to date."""
    for path, status in (("/healthz", "alive"), ("/readyz", "ready")):
        response = await world.http.get(path)
        assert (response.status_code, response.json()) == (200, {"status": status})


async def test_without_its_database_the_service_is_alive_and_not_ready(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A broken database is no reason to kill the process, and its words go to nobody."""

    @asynccontextmanager
    async def broken(_: Database) -> Any:
        raise OSError("could not connect to postgresql://user:secret@host")
        yield

    monkeypatch.setattr(Database, "reading", broken)
    assert (await world.http.get("/healthz")).status_code == 200
    response = await world.http.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "no database")
    assert "secret" not in response.text


async def test_with_an_older_schema_the_service_is_not_ready(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to do: migrate."""

    async def older(_: object) -> bool:
        return False

    monkeypatch.setattr("storage.migrate.is_current", older)
    response = await world.http.get("/readyz")
    assert (response.status_code, response.json()) == (503, {"status": "not migrated; run: migrate"})


async def test_a_browser_is_given_graphiql(world: World) -> None:
    """GET /graphql with text/html, from this service alone; / leads there."""
    response = await world.http.get("/graphql", headers={"Accept": "text/html,application/xhtml+xml"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "graphiql.min.js" in response.text
    assert "default-src 'self'" in response.headers["content-security-policy"]
    assert "https://" not in response.text
    home = await world.http.get("/")
    assert (home.status_code, home.headers["location"]) == (307, "/graphql")


async def test_a_path_that_is_none_is_not_found(world: World) -> None:
    """Nothing else is served."""
    for path in ("/admin", "/graphql/x", "/graphiql/__init__.py", "/graphiql/../settings.py"):
        assert (await world.http.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ viewer { password } }", "GRAPHQL_VALIDATION_FAILED"),
        ("query($n: Int!) { units(first: $n) { totalCount } }", "BAD_USER_INPUT"),
        ("{ units(first: -1) { totalCount } }", "BAD_USER_INPUT"),
    ],
)
async def test_every_error_carries_a_code(world: World, document: str, code: str) -> None:
    """`extensions.code`, for programs."""
    await world.units()
    found = await error(world, {"query": document}, await world.token(SCHOOL))
    assert found["extensions"]["code"] == code


async def test_a_broken_document_is_not_quoted(world: World) -> None:
    """What somebody pasted into the document goes back to nobody."""
    found = await error(world, {"query": f'{{ node(id: "{id_number(1)}) }}'})
    assert found["extensions"]["code"] == "GRAPHQL_PARSE_FAILED"
    assert id_number(1) not in found["message"]


@pytest.mark.parametrize(
    "given",
    [
        {"beneficiaryId": "x", "version": id_number(1), "handler": HANDLER},
        {"beneficiaryId": "x", "survivalStatus": id_number(1), "handler": HANDLER},
        {"beneficiaryId": "x", "survivalStatus": "NORMAL", "occurredOn": id_number(1), "handler": HANDLER},
        {"beneficiaryId": {"id": id_number(1)}, "survivalStatus": "NORMAL", "handler": HANDLER},
        {"beneficiaryId": "x", "survivalStatus": "NORMAL", "handler": {"name": [id_number(1)], "contact": "1"}},
        {"beneficiaryId": "x", "survivalStatus": "NORMAL", "handler": id_number(1)},
        {"beneficiaryId": "x", "survivalStatus": "NORMAL", "handler": HANDLER, id_number(1): 1},
        {"beneficiaryId": "x", "survivalStatus": "NORMAL", "handler": HANDLER, "contact": {"phone": 13812345678}},
    ],
    ids=["int", "enum", "date", "id", "string", "object", "key", "number"],
)
async def test_a_variable_of_the_wrong_type_is_not_echoed(world: World, given: dict[str, Any]) -> None:
    """Coercion errors name the place and keep the value to themselves."""
    await qualified(world)
    document = "mutation($input: OverrideVerdictInput!) { overrideVerdict(input: $input) { renewed } }"
    body = {"query": document, "variables": {"input": given}}
    response = await world.post(body, await world.token(SCHOOL))
    errors = response.json()["errors"]
    assert {found["extensions"]["code"] for found in errors} == {"BAD_USER_INPUT"}
    assert "$input" in errors[0]["message"]
    for value in (id_number(1), "13812345678"):
        assert value not in response.text


async def test_a_literal_of_the_wrong_type_is_not_echoed(world: World) -> None:
    """A value written into the document is somebody's number as well."""
    await world.units()
    document = f'{{ units(first: "{id_number(1)}") {{ totalCount }} }}'
    response = await world.post({"query": document}, await world.token(SCHOOL))
    assert response.json()["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert id_number(1) not in response.text


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"null",
        b"{}",
        b'{"query": 1}',
        b'{"query": null}',
        b'{"query": "{ a }", "variables": 1}',
        b'{"query": "\\ud800"}',
        b"\xff\xfe",
    ],
)
async def test_a_body_that_is_no_request_is_refused(world: World, content: bytes) -> None:
    """A client's mistake is the client's: never a server error."""
    response = await world.http.post("/graphql", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code < 500
    assert "data" not in response.text or response.json()["errors"]


async def test_an_unexpected_error_is_masked_under_an_id(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody expected is logged under an id; its words may quote a row."""
    await qualified(world)

    async def boom(*_: object) -> None:
        raise RuntimeError(f"row of 张三1, {id_number(1)}")

    monkeypatch.setattr("storage.roster.page", boom)
    document = {"query": "{ unit { beneficiaries { totalCount edges { cursor } } } }"}
    response = await world.post(document, await world.token(SCHOOL))
    [found] = response.json()["errors"]
    assert found["extensions"] == {"code": "INTERNAL"}
    assert found["message"].startswith("系统出错，请将此编号告知管理员：")
    assert len(found["message"].rpartition("：")[2]) == 32
    assert "张三1" not in response.text
    assert id_number(1) not in response.text


async def test_an_error_outside_graphql_is_masked_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever breaks before the document is run."""

    def boom(*_: object) -> None:
        raise RuntimeError(f"token of {id_number(1)}")

    monkeypatch.setattr("security.tokens.Tokens.read", boom)
    response = await world.post({"query": WHO}, {"Authorization": "Bearer x"})
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert id_number(1) not in response.text
