"""Each attack is refused with its code, before anything is resolved and before the database is asked for anything."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import parse

from tests.api.test_statements import counting
from tests.attacks.calls import heard
from tests.attacks.payloads import ATTACKS, BATCH, HEAPS, NODES, Attack, small_doubling
from tests.http.test_bodies import TYPE
from tests.world import HANDLER, SCHOOL, World
from web.hardening import body, shape


async def sent(world: World, attack: Attack) -> Any:
    headers = await world.token(SCHOOL) if attack.signed_in else None
    asked = {"query": attack.document, "variables": attack.variables or {}}
    return await world.post(asked, headers)


@pytest.mark.parametrize("name", ATTACKS)
async def test_an_attack_is_refused_before_it_costs_anything(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """One error, with a code; no statement was run and no field resolved."""
    await world.units()
    attack = ATTACKS[name]
    headers = await world.token(SCHOOL) if attack.signed_in else None
    asked = {"query": attack.document, "variables": attack.variables or {}}
    with counting(monkeypatch) as counted:
        answer = (await world.post(asked, headers)).json()
    assert {error["extensions"]["code"] for error in answer["errors"]} == {attack.code}
    assert "data" not in answer
    assert len(answer["errors"]) == 1 or attack.code == "GRAPHQL_VALIDATION_FAILED"
    assert counted.statements == []


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if attack.code.startswith("LIMIT_")])
async def test_a_refusal_says_the_limit_and_nothing_of_the_document(world: World, name: str) -> None:
    await world.units()
    [error] = (await sent(world, ATTACKS[name])).json()["errors"]
    assert "limit" in error["extensions"] or error["extensions"] == {"code": "LIMIT_DEPTH"}
    assert set(error["extensions"]) <= {"code", "limit", "requested"}
    for word in ("nobody", "viewer", "unit", "xxx", "role"):
        assert word not in error["message"]


@pytest.mark.parametrize("name", HEAPS)
async def test_a_heap_of_values_is_refused_before_it_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    await world.units()
    heap, read = HEAPS[name], list[Any]()
    headers = await world.token(SCHOOL) if heap.signed_in else {}
    monkeypatch.setattr(body, "strict", heard(read, body.strict))
    answer = await world.http.post("/graphql", content=heap.body, headers=headers | TYPE)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (413, {"code": heap.code})
    assert read == []


async def test_an_attack_again_is_not_even_parsed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found out about a document holds as long as it is remembered."""
    await world.units()
    parsed: list[Any] = []
    monkeypatch.setattr("schema.documents.parse", heard(parsed, parse))
    attack = Attack("{viewer{" + "role " * 61 + "}}", "LIMIT_DUPLICATES")
    for _ in range(3):
        assert (await sent(world, attack)).json()["errors"][0]["extensions"]["code"] == attack.code
    assert [text for (text,) in parsed].count(attack.document) == 1


async def test_an_app_whose_token_has_ended_is_told_so_whatever_it_asks(world: World) -> None:
    """The limits of whoever is not signed in are no answer to it."""
    await world.units()
    asked = {"query": "{" + " ".join(f"a{n}:viewer{{unit{{beneficiaries{{totalCount}}}}}}" for n in range(9)) + "}"}
    [nobody] = (await world.post(asked)).json()["errors"]
    assert nobody["extensions"] == {"code": "LIMIT_ROOT_FIELDS", "limit": 3, "requested": 9}
    [ended] = (await world.post(asked, {"Authorization": "Bearer over"})).json()["errors"]
    assert ended["extensions"] == {"code": "UNAUTHENTICATED"}


async def test_two_sign_ins_in_one_request_are_two_attempts(world: World) -> None:
    """As many as are let through are counted like any other: aliases guess no faster."""
    await world.units()
    guess = f'signIn(input:{{username:"{SCHOOL}",password:"wrong"}}){{userErrors{{code}}}}'
    for _ in range(2):
        answer = (await world.post({"query": f"mutation{{a:{guess} b:{guess} c:{guess}}}"})).json()
    codes = [answer["data"][name]["userErrors"][0]["code"] for name in "abc"]
    assert codes == ["BAD_CREDENTIALS", "BAD_CREDENTIALS", "TOO_MANY_ATTEMPTS"]


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        (NODES, {"ids": ["x"] * 201}),
        ("{units(first: 201) {totalCount}}", {}),
        ("{unit{beneficiaries(first: 2147483647) {totalCount}}}", {}),
    ],
)
async def test_a_page_that_is_too_long_is_still_told_so(world: World, document: str, variables: dict[str, Any]) -> None:
    """By the clear error of the field itself, not by a limit in points."""
    await world.units()
    asked = {"query": document, "variables": variables}
    errors = (await world.post(asked, await world.token(SCHOOL))).json()["errors"]
    assert errors[0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_batch_pass_of_too_many_rows_is_still_told_so(world: World) -> None:
    await world.units()
    page = [{"beneficiaryId": f"x{n}"} for n in range(201)]
    document = BATCH.replace("renewed", "userErrors{code}")
    answer = await world.ask(document, {"i": {"page": page, "handler": HANDLER}})
    assert answer["batchPass"]["userErrors"][0]["code"] == "TOO_MANY_ROWS"


def looked_at(monkeypatch: pytest.MonkeyPatch, document: str) -> int:
    """How many selections were looked at to measure the document."""
    seen: list[Any] = []
    with monkeypatch.context() as patch:
        patch.setattr(shape._Counting, "_selection", heard(seen, shape._Counting._selection))
        shape.measure(parse(document))
    return len(seen)


def doubled(levels: int) -> str:
    spread = "".join(f"fragment f{n} on Viewer{{...f{n + 1} ...f{n + 1}}}" for n in range(levels))
    return f"{{viewer{{...f0}}}}{spread}fragment f{levels} on Viewer{{role}}"


def test_every_selection_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice the document, twice the work; what it would spread out to makes no difference."""
    assert [looked_at(monkeypatch, doubled(levels)) for levels in (10, 20, 40, 200)] == [23, 43, 83, 403]
    assert len(small_doubling()) == 818
    assert looked_at(monkeypatch, small_doubling()) == 41


def test_cycles_end(monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = "".join(f"fragment f{n} on Q{{a{{...f{(n + 1) % 100}}}}}" for n in range(100))
    assert looked_at(monkeypatch, "{...f0}" + cycle) == 1
    assert looked_at(monkeypatch, "{...a} fragment a on Q{...a}") == 1
