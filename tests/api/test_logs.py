"""What is logged: never a name, a number, an address, a document or a password, on success or on failure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from tests.api.scenes import judged, qualified
from tests.world import CONTACT, HANDLER, PASSWORD, SCHOOL, World, id_number
from web import log

CONTACTS = [*CONTACT.values(), "13900001111", "青岛市崂山区海尔路60号"]
PERSONAL = [id_number(1), "张三1", *CONTACTS, *HANDLER.values(), PASSWORD, "本人到场核实"]
WORDS = ["mutation(", "mutation {", "query(", "query {", "beneficiaryId", "Bearer", "SELECT", "INSERT"]
"""Of documents, tokens and statements."""


class Lines:
    """The log of the service as the machine would keep it."""

    def __init__(self, stream: StringIO, printed: pytest.CaptureFixture[str], libraries: pytest.LogCaptureFixture):
        self._stream = stream
        self._printed = printed
        self._libraries = libraries

    def read(self) -> list[dict[str, Any]]:
        """Every line since the last look; nobody's data is in them, nor in what libraries say, and nothing else is."""
        logged = self._stream.getvalue()
        self._stream.seek(0)
        self._stream.truncate()
        for text in [*PERSONAL, *WORDS]:
            assert text not in logged + self._libraries.text, text
        assert self._printed.readouterr() == ("", "")
        return [json.loads(line) for line in logged.splitlines()]


@pytest.fixture
def lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[Lines]:
    """The log, configured as the service configures it."""
    stream = StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    log.configure()
    monkeypatch.undo()
    yield Lines(stream, capsys, caplog)
    structlog.reset_defaults()


async def test_a_request_is_one_line_of_method_path_status_and_time(world: World, lines: Lines) -> None:
    """Neither the query string nor a body."""
    await qualified(world)
    lines.read()
    await world.http.get("/healthz", params={"name": "张三1"})
    await world.ask("{ unit { beneficiaries { edges { node { name phone householdAddress } } } } }")
    for line, (method, path) in zip(lines.read(), (("GET", "/healthz"), ("POST", "/graphql")), strict=True):
        assert isinstance(line.pop("ms"), float)
        assert line.pop("timestamp").endswith("Z")
        assert line == {"event": "request", "level": "info", "method": method, "path": path, "status": 200}


async def test_a_path_that_is_none_is_not_quoted(world: World, lines: Lines) -> None:
    """Whatever else a client asks for may hold anything."""
    await world.http.get(f"/people/{id_number(1)}")
    await world.http.get("/张三1")
    assert [line["path"] for line in lines.read()] == ["(other)", "(other)"]


async def test_acts_and_their_refusals_leave_nobodys_data_in_the_log(world: World, lines: Lines) -> None:
    """Success and refusal, signing in and failing to."""
    [lost] = await judged(world, "DISQUALIFIED")
    row = {"beneficiaryId": lost.node, "contact": {"phone": "13900001111"}}
    await world.act("confirmCertification", row)
    await world.act("overrideVerdict", {**row, "survivalStatus": "NORMAL", "reason": "本人到场核实"})
    await world.act("updateContact", {"beneficiaryId": lost.node, "contact": {"phone": "1390000111"}})
    await world.ask("query($s: String) { unit { beneficiaries(search: $s) { totalCount } } }", {"s": id_number(1)})
    sign_in = "mutation($i: SignInInput!) { signIn(input: $i) { accessToken } }"
    for password in (PASSWORD, id_number(1)):
        await world.post({"query": sign_in, "variables": {"i": {"username": SCHOOL, "password": password}}})
    assert {line["event"] for line in lines.read()} == {"act", "request"}


async def test_mistakes_of_a_client_leave_nobodys_data_in_the_log(world: World, lines: Lines) -> None:
    """Broken documents, wrong types, tokens that are none."""
    await world.units()
    headers = await world.token(SCHOOL)
    bodies: list[Any] = [
        {"query": f'{{ node(id: "{id_number(1)}" }}'},
        {"query": f'{{ units(first: "{id_number(1)}") {{ totalCount }} }}'},
        {"query": "query($n: Int) { units(first: $n) { totalCount } }", "variables": {"n": id_number(1)}},
        {"query": "{ 张三1 }"},
        {"query": "query 张三1 { viewer { role } }"},
    ]
    for body in bodies:
        await world.post(body, headers)
        await world.post(body, {"Authorization": f"Bearer {id_number(1)}"})
    assert {line["event"] for line in lines.read()} == {"request"}


async def test_an_unexpected_error_is_logged_by_type_and_place_only(
    world: World, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the id that the client was told; its words, and those of its cause, stay out."""
    await qualified(world)
    headers = await world.token(SCHOOL)

    async def boom(*_: object) -> None:
        try:
            raise ValueError(f"Key (id_number)=({id_number(1)}) already exists")
        except ValueError as error:
            raise RuntimeError(f"row of 张三1, {CONTACT['phone']}") from error

    monkeypatch.setattr("storage.roster.page", boom)
    lines.read()
    response = await world.post({"query": "{ unit { beneficiaries { edges { cursor } } } }"}, headers)
    failed, request = lines.read()
    assert (failed["event"], failed["level"], failed["error"]) == ("failed", "error", "RuntimeError")
    assert failed["incident"] == response.json()["errors"][0]["message"].split()[-1]
    assert failed["at"][-1].endswith(" boom")
    assert request["event"] == "request"


async def test_a_databases_refusal_is_logged_by_its_code_only(
    world: World, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL quotes the row in the words of a broken constraint; the log names the constraint."""
    [person] = await qualified(world)
    headers = await world.token(SCHOOL)
    monkeypatch.setattr("storage.acts._first_month_ended", lambda decision: None)
    document = "mutation($i: ConfirmCertificationInput!) { confirmCertification(input: $i) { renewed } }"
    given = {"i": {"beneficiaryId": person.node, "handler": HANDLER, "contact": {"phone": "13900001111"}}}
    lines.read()
    response = await world.post({"query": document, "variables": given}, headers)
    failed, _ = lines.read()
    assert (failed["sqlstate"], failed["constraint"]) == ("23P01", "periods_in_force_never_overlap")
    [error] = response.json()["errors"]
    assert error["extensions"] == {"code": "INTERNAL"}
    assert "periods_in_force" not in response.text
    assert (await world.person(person.id))["version"] == 2
