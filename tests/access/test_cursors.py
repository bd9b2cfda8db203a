"""A cursor is a place, and nobody's key: of every list, in both directions, on what is foreign (rules 6)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type

from domain.month import Month
from domain.vocabulary import Role
from schema import ids
from schema.access import RULES
from schema.ids import Kind
from storage.histories import month_number
from tests.access.documents import GRAPH, selection
from tests.access.test_matrix import ACCOUNTS, BOUNDED, UNKNOWN, ask, codes
from tests.district import ELSEWHERE, District
from tests.world import BUREAU, SCHOOL

LISTS = {
    "Query.units": "units", "Query.reinstatements": "reinstatements", "Query.overpayments": "overpayments",
    "Query.objections": "objections", "Query.complianceReviews": "reviews", "Query.auditTrail": "audit",
    "Query.warnings": "warnings",
}  # fmt: skip
"""The lists of the root, and what their cursors say they are of."""
NESTED = {
    "Beneficiary.verdicts": "verdicts", "Beneficiary.certificationPeriods": "periods",
    "Beneficiary.certifications": "certifications", "Unit.beneficiaries": "roster",
}  # fmt: skip
"""The lists of one person or one unit."""
OF_FIGURES = {"VerdictMistakes.cases", "Query.verdictQuality", "Query.recheckDraws"}
"""Lists of what only those see for whom nothing is foreign, but an officer, whose figures are the district's."""
WAYS_ON = (("after", "first"), ("before", "last"))


def test_every_list_of_the_schema_is_tried() -> None:
    """A new connection has to be put into one of the tables above."""
    lists = {
        f"{kind.name}.{name}"
        for kind in GRAPH.type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items()
        if get_named_type(field.type).name.endswith("Connection")
    }
    assert lists == LISTS.keys() | NESTED.keys() | OF_FIGURES


@pytest.mark.parametrize(("place", "size"), WAYS_ON)
@pytest.mark.parametrize(
    ("root", "role"), [(root, role) for root in LISTS for role in BOUNDED if role in (RULES[root] or ())]
)
async def test_a_list_goes_on_at_what_is_foreign_without_showing_it(
    district: District, root: str, role: Role, place: str, size: str
) -> None:
    """Made up from a foreign row, with the service's own key, a cursor leads to the caller's own rows only."""
    account = (await district.world.viewer(ACCOUNTS[role])).account_id
    for id in (0, 1, min(district.people[ELSEWHERE]), district.units[ELSEWHERE], UNKNOWN):
        cursor = district.world.gate.cursors.made(f"{account}:{LISTS[root]}", (id,))
        answer = await ask(district, role, _whole(root, role, place, size), {"at": cursor})
        assert codes(answer) == [], answer["errors"]
        assert "外" not in json.dumps(answer, ensure_ascii=False)


def _whole(root: str, role: Role, place: str, size: str) -> str:
    """The list with everything below it that the role may use."""
    assert GRAPH.query_type is not None
    name = root.split(".")[1]
    below = selection(GRAPH.query_type.fields[name], role, frozenset(), {})
    return f"query($at: String) {{ {name}({place}: $at, {size}: 20) {below} }}"


def _of_a_person(field: str, place: str, size: str) -> str:
    return f"""query($id: ID!, $at: String) {{ node(id: $id) {{ ... on Beneficiary {{
        list: {field}({place}: $at, {size}: 20) {{ edges {{ cursor node {{ id }} }} }} }} }} }}"""


def _of_a_unit(place: str, size: str) -> str:
    return f"""query($id: ID!, $at: String) {{ node(id: $id) {{ ... on Unit {{
        list: beneficiaries({place}: $at, {size}: 20) {{ edges {{ cursor node {{ id name }} }} }} }} }} }}"""


def _nested(district: District, list_: str, unit: str, place: str, size: str) -> tuple[str, str, int]:
    """The document, and the person or unit whose list it is: as a global id and as a number."""
    name = list_.split(".")[1]
    if list_ == "Unit.beneficiaries":
        return _of_a_unit(place, size), ids.encode(Kind.UNIT, district.units[unit]), district.units[unit]
    person = min(district.people[unit])
    return _of_a_person(name, place, size), ids.encode(Kind.BENEFICIARY, person), person


@pytest.mark.parametrize(("place", "size"), WAYS_ON)
@pytest.mark.parametrize("role", [Role.UNIT, Role.OFFICER])
@pytest.mark.parametrize("list_", NESTED)
async def test_a_cursor_of_a_foreign_list_is_none_of_the_own(
    district: District, list_: str, role: Role, place: str, size: str
) -> None:
    """What another unit was shown, and what this account would have been shown there: refused like any word."""
    document, own, _ = _nested(district, list_, SCHOOL, place, size)
    _, _, foreign = _nested(district, list_, ELSEWHERE, place, size)
    theirs = await _shown(district, list_, ELSEWHERE)
    account = (await district.world.viewer(ACCOUNTS[role])).account_id
    made = district.world.gate.cursors.made(f"{account}:{NESTED[list_]}:{foreign}", _numbers(list_, foreign))
    said = [await ask(district, role, document, {"id": own, "at": at}) for at in (theirs, made, "x")]
    assert [codes(answer) for answer in said] == [["BAD_USER_INPUT"]] * 3
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize(("place", "size"), WAYS_ON)
@pytest.mark.parametrize("list_", NESTED)
async def test_a_foreign_list_is_not_there_whatever_the_cursor(
    district: District, list_: str, place: str, size: str
) -> None:
    """Its own cursors open it no more than none."""
    document, foreign, _ = _nested(district, list_, ELSEWHERE, place, size)
    for role in (Role.UNIT, Role.OFFICER):
        for at in (None, await _shown(district, list_, ELSEWHERE), "x"):
            assert await ask(district, role, document, {"id": foreign, "at": at}) == {"data": {"node": None}}


@pytest.mark.parametrize(("place", "size"), WAYS_ON)
async def test_a_roster_goes_on_at_a_foreign_row_with_its_own(district: District, place: str, size: str) -> None:
    """A place made up from somebody else's row: the own people only, whichever way."""
    account = (await district.world.viewer(SCHOOL)).account_id
    document, own, unit = _nested(district, "Unit.beneficiaries", SCHOOL, place, size)
    mine = {ids.encode(Kind.BENEFICIARY, person) for person in district.people[SCHOOL]}
    for rank in range(5):
        for person in (min(district.people[BUREAU]), max(district.people[ELSEWHERE]), UNKNOWN):
            at = district.world.gate.cursors.made(f"{account}:roster:{unit}", (rank, person))
            answer = await ask(district, Role.UNIT, document, {"id": own, "at": at})
            shown = [edge["node"] for edge in answer["data"]["node"]["list"]["edges"]]
            assert {node["id"] for node in shown} <= mine
            assert all(node["name"].startswith("校") for node in shown)


async def _shown(district: District, list_: str, unit: str) -> str:
    """The first cursor of that list as the unit itself is shown it."""
    document, id, number = _nested(district, list_, unit, "after", "first")
    headers = {"Authorization": f"Bearer {await district.token(unit)}"}
    sent = await district.world.post({"query": document, "variables": {"id": id}}, headers)
    edges: list[Any] = sent.json()["data"]["node"]["list"]["edges"]
    assert edges, (list_, number)
    return str(edges[0]["cursor"])


def _numbers(list_: str, number: int) -> tuple[int, ...]:
    match list_:
        case "Unit.beneficiaries":
            return 0, number
        case "Beneficiary.verdicts":
            return (month_number(Month(2019, 6)),)
        case _:
            return (1,)
