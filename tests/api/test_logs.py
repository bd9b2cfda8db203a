"""What is logged: never a name, a number, an address, a document or a password, on success or on failure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import structlog

from tests.api.money import asked, cases, ended, settle, suspended, withdraw
from tests.api.scenes import judged, qualified
from tests.world import CONTACT, DOCUMENT, HANDLER, OFFICER, PASSWORD, SCHOOL, World, id_number
from web import log

CONTACTS = [*CONTACT.values(), "13900001111", "青岛市崂山区海尔路60号"]
STATEMENT, REASON = "本人因住院未能及时认证", "材料与本人情况不符"
PAPERS = [STATEMENT, REASON, DOCUMENT["name"], DOCUMENT["sha256"], "7310.55"]
PERSONAL = [id_number(1), "张三1", *CONTACTS, *HANDLER.values(), PASSWORD, "本人到场核实", *PAPERS]
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


async def test_cases_and_settlements_leave_nobodys_data_in_the_log(world: World, lines: Lines) -> None:
    """Statements, names and sums of documents, reasons and amounts: on success, on refusal, on a client's mistake."""
    person = await suspended(world)
    lines.read()
    await world.request(person.id, statement="")
    case = await asked(world, person, statement=f"{STATEMENT}{id_number(1)}")
    await world.request(person.id, statement=STATEMENT)
    await world.review(case["id"], approve=False, reason=REASON)
    await world.review(case["id"], reason=REASON)
    await withdraw(world, case["id"])
    await settle(world, person, "WAIVED", "7310.55", reason=REASON)
    await cases(world, of=person.node)
    await ended(world, person, "2019-05-03")
    await world.entitlement(person.id, "2019-07")
    wrong = {"beneficiaryId": person.node, "statement": STATEMENT, "documents": DOCUMENT["name"], "handler": HANDLER}
    document = "mutation($i: RequestReinstatementInput!) { requestReinstatement(input: $i) { userErrors { code } } }"
    await world.post({"query": document, "variables": {"i": wrong}}, await world.token(SCHOOL))
    await world.post({"query": document, "variables": {"i": wrong}}, await world.token(OFFICER))
    logged = lines.read()
    acts = [(line["act"], line["refused"]) for line in logged if line["event"] == "act"]
    assert acts == [
        ("requestReinstatement", ["REASON_REQUIRED"]),
        ("requestReinstatement", []),
        ("requestReinstatement", ["REINSTATEMENT_OPEN"]),
        ("reviewReinstatement", []),
        ("reviewReinstatement", ["ALREADY_REVIEWED"]),
        ("withdrawReinstatement", ["ALREADY_REVIEWED"]),
        ("settleOverpayment", ["NOTHING_OWED"]),
        ("terminateBenefit", []),
    ]
    assert {line["event"] for line in logged} == {"act", "request"}


async def test_an_unexpected_error_of_a_case_is_logged_without_its_papers(
    world: World, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks while a case is written down."""
    person = await suspended(world)
    headers = await world.token(SCHOOL)

    async def boom(connection: Any, request: Any, *_: object) -> None:
        await connection.execute("INSERT INTO reinstatements (statement) VALUES ($1)", request.statement)

    monkeypatch.setattr("storage.reinstatements.submit", boom)
    lines.read()
    papers = {"statement": STATEMENT, "documents": [DOCUMENT], "handler": HANDLER}
    document = "mutation($i: RequestReinstatementInput!) { requestReinstatement(input: $i) { userErrors { code } } }"
    given = {"beneficiaryId": person.node, **papers}
    response = await world.post({"query": document, "variables": {"i": given}}, headers)
    failed, _ = lines.read()
    assert failed["event"] == "failed"
    assert not any(text in response.text for text in PAPERS)


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
    assert failed["incident"] == response.json()["errors"][0]["message"].rpartition("：")[2]
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
