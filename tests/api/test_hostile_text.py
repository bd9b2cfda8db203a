"""Characters that no database takes: refused where they are typed, and never a server error."""

import json
from typing import Any

import pytest

from tests.api.refusals import answered
from tests.api.scenes import qualified, saved
from tests.world import HANDLER, PASSWORD, SCHOOL, World


async def raw(world: World, document: str, variables: str) -> Any:
    """The answer to variables as they are written, escapes included: a client may send what it likes."""
    body = f'{{"query": "{document}", "variables": {variables}}}'
    headers = {"Content-Type": "application/json", **await world.token(SCHOOL)}
    return (await world.http.post("/graphql", content=body.encode(), headers=headers)).json()


@pytest.mark.parametrize("odd", ["\\u0000", "\\ud800", "\\uffff", "\\udc00\\ud800"])
async def test_reading_with_odd_characters_finds_nothing_or_is_bad_input(world: World, odd: str) -> None:
    """Ids, numbers, searches and cursors of odd characters are somebody's mistake, not the service's."""
    await world.units()
    for variable, field in (
        ("$v: ID!", "node(id: $v) { id }"),
        ("$v: [ID!]!", "nodes(ids: $v) { id }"),
        ("$v: String", "unit(siNumber: $v) { id }"),
        ("$v: String", "units(search: $v) { totalCount edges { cursor } }"),
        ("$v: String", "units(after: $v) { totalCount }"),
        ("$v: String", "unit { beneficiaries(search: $v) { totalCount edges { cursor } } }"),
        ("$v: String", "unit { beneficiaries(after: $v) { totalCount } }"),
    ):
        answer = await raw(world, f"query({variable}) {{ {field} }}", f'{{"v": "{odd}"}}')
        codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
        assert (field, codes) in ((field, []), (field, ["BAD_USER_INPUT"]))


@pytest.mark.parametrize("field", ["username", "password"])
async def test_signing_in_with_odd_characters_is_refused(world: World, field: str) -> None:
    """BAD_CREDENTIALS like any other wrong name or password."""
    await world.units()
    document = "mutation($i: SignInInput!) { signIn(input: $i) { userErrors { code } } }"
    for odd in ("\\u0000", "\\ud800"):
        given = {"username": SCHOOL, "password": PASSWORD} | {field: "ODD"}
        variables = f'{{"i": {str(given).replace(chr(39), chr(34)).replace("ODD", odd)}}}'
        answer = await raw(world, document, variables)
        assert answer["data"] == {"signIn": {"userErrors": [{"code": "BAD_CREDENTIALS"}]}}


@pytest.mark.parametrize("keyed", [False, True], ids=["without key", "with key"])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ('"beneficiaryId": "ODD"', "NOT_FOUND"),
        ('"reason": "ODD"', "INVALID_TEXT"),
        ('"contact": {"phone": "ODD"}', "INVALID_CONTACT"),
        ('"contact": {"residenceAddress": "青岛市市南区ODD"}', "INVALID_CONTACT"),
        ('"handler": {"name": "李ODD", "contact": "0532-85911234"}', "INVALID_TEXT"),
        ('"handler": {"name": "李经办", "contact": "ODD1"}', "INVALID_TEXT"),
    ],
    ids=["id", "reason", "phone", "address", "name", "contact"],
)
async def test_acting_with_odd_characters_is_refused_by_row_and_field(
    world: World, change: str, code: str, keyed: bool
) -> None:
    """A refusal as any other, and replayed as any other: nothing is saved and nothing breaks."""
    [person] = await qualified(world)
    before = await saved(world)
    fields = "beneficiaryId reason contact { phone residenceAddress }"
    echo = f"userErrors {{ code beneficiaryId }} unsaved {{ handlerName handlerContact entries {{ {fields} }} }}"
    document = f"mutation($i: OverrideVerdictInput!) {{ overrideVerdict(input: $i) {{ {echo} }} }}"
    given = {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "handler": HANDLER}
    for place, odd in enumerate(("\\u0000", "\\ud800")):
        key = {"idempotencyKey": f"k-{place}" if keyed else None}
        variables = json.dumps({"i": {**given, **key, **json.loads(f"{{{change}}}")}}).replace("ODD", odd)
        answers = [await raw(world, document, variables) for _ in range(2)]
        assert "errors" not in answers[0], answers[0]["errors"]
        assert [error["code"] for error in answers[0]["data"]["overrideVerdict"]["userErrors"]] == [code]
        assert answers[1]["data"] == answers[0]["data"]
    assert await saved(world) == before


async def test_an_odd_idempotency_key_is_refused(world: World) -> None:
    """A key is text that can be saved."""
    [person] = await qualified(world)
    for odd in ("\u0000", "a\u0007"):
        payload = await answered(world, "confirmCertification", {"beneficiaryId": person.node, "idempotencyKey": odd})
        assert [error["code"] for error in payload["userErrors"]] == ["INVALID_TEXT"]
