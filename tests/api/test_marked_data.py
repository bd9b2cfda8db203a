"""Marked personal data go through every path; no log, error, command or column says them."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import structlog
from graphql import build_schema, get_named_type

from domain.vocabulary import Role
from resolvers.errors import Refused
from schema.build import SCHEMA
from schema.ids import Kind, encode
from tests.access.documents import operation, roots
from tests.api.marks import (
    CONTACT,
    HANDLER,
    MARKS,
    NAME,
    NUMBER,
    PAPER,
    PASSWORD,
    REASON,
    ROW,
    STATEMENT,
    Listener,
    misused,
)
from tests.api.scenes import account
from tests.commands.files import KINDS, good
from tests.commands.ledger import said
from tests.faces import Faces
from tests.world import OFFICER, SCHOOL, World, id_number, node_id
from web import log

BUILT = build_schema(SCHEMA.as_str())
QUERY, MUTATION = (kind for kind in (BUILT.query_type, BUILT.mutation_type) if kind is not None)
PERSON = node_id(1)
DEATH = {"occurredOn": "2019-06-03"}
CASE, OBJECTION = encode(Kind.REINSTATEMENT, 1), encode(Kind.OBJECTION, 1)
REVIEW = encode(Kind.COMPLIANCE_REVIEW, 1)
ACTS: dict[str, tuple[str, dict[str, Any]]] = {
    "signIn": ("p", {"username": "p", "password": PASSWORD}),
    "refreshSession": (SCHOOL, {"refreshToken": PASSWORD}),
    "confirmCertification": (SCHOOL, {"beneficiaryId": PERSON}),
    "certificationChallenge": ("p", {"beneficiaryId": PERSON}),
    "certifySelf": ("p", {"beneficiaryId": PERSON, "attestation": STATEMENT}),
    "certifyAtWindow": ("window", {"beneficiaryId": PERSON, "presence": "RELATIVE", "document": PAPER, "note": REASON}),
    "updateContact": (SCHOOL, {"beneficiaryId": PERSON, "contact": {"householdAddress": CONTACT["household_address"]}}),
    "batchPass": (SCHOOL, {"page": [{"beneficiaryId": PERSON}], "reason": REASON}),
    "submitCertifications": (
        SCHOOL,
        {"entries": [{"beneficiaryId": PERSON, "survivalStatus": "DECEASED", "reason": REASON, **DEATH}]},
    ),
    "overrideVerdict": (SCHOOL, {"beneficiaryId": PERSON, "survivalStatus": "NORMAL", "reason": REASON}),
    "requestReinstatement": (SCHOOL, {"beneficiaryId": PERSON, "statement": STATEMENT, "documents": [PAPER]}),
    "reviewReinstatement": (OFFICER, {"reinstatementId": CASE, "approve": False, "reason": REASON}),
    "withdrawReinstatement": (SCHOOL, {"reinstatementId": CASE}),
    "terminateBenefit": (SCHOOL, {"beneficiaryId": PERSON, "cause": "DECEASED", **DEATH}),
    "settleOverpayment": (OFFICER, {"beneficiaryId": PERSON, "kind": "WAIVED", "amount": "1.00", "reason": REASON}),
    "reportVerdictError": (
        SCHOOL,
        {"beneficiaryId": PERSON, "statement": STATEMENT, "proofs": [{"kind": "DOCUMENT", "document": PAPER}]},
    ),
    "takeObjection": (OFFICER, {"objectionId": OBJECTION}),
    "decideObjection": (OFFICER, {"objectionId": OBJECTION, "outcome": "VERDICT_RIGHT", "reason": REASON}),
    "decideComplianceReview": (OFFICER, {"reviewId": REVIEW, "outcome": "IN_ORDER", "reason": REASON}),
    "revealPersonalData": (SCHOOL, {"beneficiaryId": PERSON, "reason": REASON}),
    "signOut": (SCHOOL, {}),
    "signOutEverywhere": (SCHOOL, {}),
}
"""Every mutation with a good input, in an order in which all succeed for which there is something to do."""
NOT_GOOD = {
    "refreshSession", "certifySelf", "withdrawReinstatement", "settleOverpayment", "decideComplianceReview"
}  # fmt: skip
"""What needs more than an input: a token, a signature, a case that is open, a debt."""
LATER = "overrideVerdict"
"""From this act on it is the month after."""


@pytest.fixture
def listener(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[Listener]:
    """The log, configured as the service configures it, and whatever else is printed."""
    stream = StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    log.configure()
    monkeypatch.undo()
    yield Listener(stream, capsys, caplog)
    structlog.reset_defaults()


async def marked(world: World) -> None:
    """The school with one marked person, QUALIFIED for May 2019; it is 5 June."""
    await world.at("2019-06-01").units()
    await world.officers()
    await account(world, "auditor", "AUDITOR")
    await account(world, "window", "WINDOW", district="市南区")
    world.gate.face_checks = Faces().checks()
    await world.load("beneficiaries", [ROW])
    await world.load("accounts", [_row("accounts")])
    await world.load("evidence", [_row("evidence")])
    await world.at("2019-06-04").publish("2019-05")
    world.at("2019-06-05")


def _row(kind: str) -> dict[str, str]:
    """A good row of that kind about the marked person."""
    match kind:
        case "units":
            return good(kind, name=NAME)
        case "accounts":
            return good(kind, username="p", role="PERSON", unit_si_number="", id_number=NUMBER, password=PASSWORD)
        case "beneficiaries":
            return ROW
        case _:
            return good(kind, id_number=NUMBER)


def _input(name: str) -> dict[str, Any]:
    """The input of a mutation with the marked handler and contact data, where it takes them."""
    takes = MUTATION.fields[name].args
    declared = get_named_type(takes["input"].type).fields if takes else {}
    return {**({"handler": HANDLER} if "handler" in declared else {}), **ACTS[name][1]}


async def sent(world: World, listener: Listener, document: str, variables: dict[str, Any], as_: str) -> Any:
    """Send it; the listener hears the errors and what they say."""
    response = await world.post({"query": document, "variables": variables}, await world.token(as_))
    answer = response.json()
    listener.hear(answer.get("errors", ""))
    for payload in (answer.get("data") or {}).values():
        listener.hear(payload.get("userErrors", "") if isinstance(payload, dict) else "")
    return answer


async def acted(world: World, listener: Listener) -> set[str]:
    """Every act once; those that succeeded."""
    done = set()
    for name, (as_, _) in ACTS.items():
        if name == LATER:
            world.at("2019-07-10")
        answer = await sent(world, listener, document(name), {"i": _input(name)}, as_)
        if answer["data"][name]["userErrors"] == []:
            done.add(name)
    return done


def document(name: str) -> str:
    takes = MUTATION.fields[name].args
    declared, given = (f"($i: {takes['input'].type})", "(input: $i)") if takes else ("", "")
    return f"mutation{declared} {{ {name}{given} {{ userErrors {{ code message path }} }} }}"


async def command(world: World, listener: Listener, *typed: object) -> None:
    """Run it as `server.main` does: what is refused is said, what is not expected is logged."""
    try:
        await said(world, *typed)
    except Refused as refused:
        listener.hear(refused)
    except (OSError, asyncpg.PostgresError) as error:
        listener.hear(log.failure(error))


def test_every_mutation_is_among_the_acts() -> None:
    assert set(ACTS) == set(MUTATION.fields)


async def test_acts_say_nothing(world: World, listener: Listener) -> None:
    """With good inputs, a second time, by who may not, and each value spoilt by a mark."""
    await marked(world)
    assert await acted(world, listener) >= set(ACTS) - NOT_GOOD
    for name, (as_, _) in ACTS.items():
        given = _input(name)
        await sent(world, listener, document(name), {"i": given}, as_)
        await sent(world, listener, document(name), {"i": given}, "auditor")
        for field in given:
            for spoilt in (NUMBER, NAME, "", [NAME], {NAME: NUMBER}, NAME * 200, f"{NAME}\0"):
                await sent(world, listener, document(name), {"i": {**given, field: spoilt}}, as_)
    assert listener.marks() == []


async def test_questions_say_nothing(world: World, listener: Listener) -> None:
    """Every field of every type is read; then every argument is asked with a mark."""
    await marked(world)
    for name in ("updateContact", "overrideVerdict"):
        await sent(world, listener, document(name), {"i": _input(name)}, SCHOOL)
    for as_, role in ((SCHOOL, Role.UNIT), (OFFICER, Role.OFFICER), ("auditor", Role.AUDITOR), ("p", Role.PERSON)):
        for root in roots():
            asked, variables = operation(root, role, lambda _: PERSON)
            for number in (NUMBER, id_number(1)):
                await sent(world, listener, asked, {**variables, "idNumber": number}, as_)
    for declared, kind in ((QUERY, "query"), (MUTATION, "mutation")):
        for asked, variables in misused(declared, kind):
            await sent(world, listener, asked, variables, SCHOOL)
    assert listener.marks() == []


async def test_requests_that_are_none_say_nothing(world: World, listener: Listener) -> None:
    """In a path, a query string, a header, a body that is no document, as metrics or health."""
    await marked(world)
    for path in ("/", "/graphql", "/healthz", "/readyz", "/metrics", f"/{NUMBER}", f"/graphiql/{NAME}"):
        for mark in MARKS:
            listener.hear((await world.http.get(path, params={"q": mark})).status_code)
    for mark in MARKS:
        bodies: list[Any] = [mark, [mark], {"query": mark}, {"query": "{ a }", "operationName": mark}, {mark: mark}]
        for body in bodies:
            listener.hear((await world.post(body, {"Authorization": f"Bearer {mark.encode().hex()}"})).text)
    assert listener.marks() == []


@pytest.mark.parametrize("kind", KINDS)
async def test_imports_say_nothing(world: World, listener: Listener, kind: str, tmp_path: Path) -> None:
    """Good rows, then each value of a row spoilt by a mark, with rejects and without; the rejects alone hold them."""
    await marked(world)
    whole = _row(kind)
    rows = [whole, whole, *({**whole, column: spoilt} for column in whole for spoilt in (NAME, NUMBER, f"{NAME}\0"))]
    for lines in ([whole], rows, [{**whole, NAME: NAME}], [{NUMBER: NUMBER}]):
        file = tmp_path / "file.csv"
        file.write_text("\n".join(",".join(line) for line in [lines[0], *(row.values() for row in lines)]), "utf-8")
        await command(world, listener, "import", kind, file)
        await command(world, listener, "import", kind, file, "--rejects", tmp_path / "rejects.csv")
    assert listener.marks() == []
    assert NUMBER in (tmp_path / "rejects.csv").read_text("utf-8-sig")


async def test_commands_say_nothing(world: World, listener: Listener, tmp_path: Path) -> None:
    """The month's run, files out, a record found wrong, new keys."""
    await marked(world)
    typed: list[tuple[object, ...]] = [
        ("assess", "2019-05"),
        ("publish", "2019-05"),
        ("payroll", "2019-06", "--preview", "--list", tmp_path / "list.csv"),
        ("payroll", "2019-06"),
        ("export", "payroll", "2019-06", "--out", tmp_path / "payroll.csv"),
        ("export", "payroll", "2019-07", "--out", tmp_path / "later.csv"),
        ("found-wrong", "transport", "T-1", "--reason", REASON),
        ("found-wrong", "transport", NUMBER, "--reason", REASON),
        ("rotate-keys", "--lookup"),
        ("verify-standings",),
    ]
    for words in typed:
        await command(world.at("2019-06-08"), listener, *words)
    assert listener.marks() == []
    assert NUMBER not in (tmp_path / "payroll.csv").read_text("utf-8-sig")


BROKEN = [
    "storage.persons.behind", "storage.persons.known_by", "storage.roster.page", "storage.standings.by_id",
    "storage.standings.lock", "storage.standings.lock_of_unit", "storage.accounts.credentials",
    "storage.units.by_id", "storage.keys.held", "storage.intake.merge_beneficiaries", "storage.evidence.merge",
    "storage.intake.merge_rates", "storage.accounts.save", "storage.payroll.freeze",
]  # fmt: skip


@pytest.mark.parametrize("place", BROKEN)
async def test_what_breaks_says_nothing(
    world: World, listener: Listener, monkeypatch: pytest.MonkeyPatch, place: str, tmp_path: Path
) -> None:
    """PostgreSQL quotes rows in its words, and Python values in its own."""
    await marked(world)
    quoted = f"Failing row contains ({', '.join(MARKS)})."
    headers = await world.token(SCHOOL)

    async def broken(*_: object, **__: object) -> None:
        try:
            raise ValueError(quoted)
        except ValueError as error:
            raise asyncpg.CheckViolationError(quoted) from error

    monkeypatch.setattr(place, broken)
    search = "query($s: String) { unit { beneficiaries(search: $s) { edges { node { name unit { name } } } } } }"
    bodies = [{"query": document(name), "variables": {"i": _input(name)}} for name in ACTS]
    questions = [{"query": search, "variables": {"s": NUMBER}}, {"query": f'{{ node(id: "{PERSON}") {{ id }} }}'}]
    for body in questions + bodies:
        listener.hear((await world.post(body, headers)).json().get("errors", ""))
    for kind in KINDS:
        file = tmp_path / f"{kind}.csv"
        file.write_text("\n".join((",".join(_row(kind)), ",".join(_row(kind).values()))), "utf-8")
        await command(world, listener, "import", kind, file)
    await command(world.at("2019-06-08"), listener, "payroll", "2019-06")
    assert listener.marks() == []
    assert "CheckViolationError" in listener.overheard


async def test_no_column_of_the_database_holds_a_number_in_the_clear(world: World, listener: Listener) -> None:
    """After imports, acts, looks and new keys: every column of every table, bytes included, as the owner sees them."""
    await marked(world)
    await acted(world, listener)
    await command(world, listener, "rotate-keys", "--lookup")
    tables = await world.owner.fetch(
        """SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
           WHERE c.relkind IN ('r', 'm') AND n.nspname NOT IN ('pg_toast', 'information_schema')"""
    )
    for (table,) in tables:
        whole = await world.owner.fetchval(f"SELECT string_agg(t::text, ' ') FROM {table} AS t") or ""
        assert NUMBER not in whole, table
        assert NUMBER.encode().hex() not in whole, table
        assert not {"persons", "data_keys"} & {table} or "\\x" in whole  # bytes are written as digits
