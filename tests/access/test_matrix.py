"""Every role, every operation, on the own, a foreign and an unknown object: generated from the schema (rules 6)."""

from __future__ import annotations

import json
import os
import random
import re
from itertools import cycle, product
from typing import Any

import pytest

from domain.month import Month
from domain.vocabulary import Role
from schema import ids
from schema.access import RULES
from schema.ids import Kind
from storage.histories import month_number
from tests.access.documents import NODES, Subject, operation, roots, ways
from tests.district import ELSEWHERE, District
from tests.world import BUREAU, OFFICER, SCHOOL, id_number

ACCOUNTS: dict[Role, str] = {
    Role.UNIT: SCHOOL,
    Role.PERSON: "person",
    Role.WINDOW: "window",
    Role.OFFICER: OFFICER,
    Role.AUDITOR: "auditor",
    Role.SERVICE: "service",
}
BOUNDED = (Role.UNIT, Role.PERSON, Role.WINDOW, Role.OFFICER)
"""The roles for which there is something foreign: AUDITOR and SERVICE see everything."""
UNKNOWN = 10**9
OF_ONESELF = {"Mutation.signOut", "Mutation.signOutEverywhere"}
"""They name no object, and answer how many sessions the account had."""
WAYS = ways()


async def ask(district: District, role: Role | None, document: str, variables: Any = None) -> Any:
    """The answer as it comes, but for what is left of a budget; what an act did is not of interest."""
    headers = {} if role is None else {"Authorization": f"Bearer {await district.token(ACCOUNTS[role])}"}
    streamed = {"Accept": "text/event-stream"} if document.startswith("subscription") else {}
    sent = await district.world.post({"query": document, "variables": variables or {}}, headers | streamed)
    answer = json.loads(sent.text.split("data: ")[1].splitlines()[0]) if streamed else sent.json()
    answer.pop("extensions", None)
    return answer


def codes(answer: Any) -> list[str]:
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


@pytest.mark.parametrize("field", sorted(RULES))
async def test_a_field_is_refused_to_every_role_whose_it_is_not(district: District, field: str) -> None:
    """By the shortest way to it: nothing of the operation runs."""
    rule = RULES[field]
    for role in (None, *Role):
        if rule is not None and role not in rule:
            answer = await ask(district, role, WAYS[field])
            assert codes(answer) == ["UNAUTHENTICATED" if role is None else "FORBIDDEN"], (role, answer)
            assert "data" not in answer


def subject(person: int, unit: str, district: District) -> Subject:
    """The ids of one person and all that belongs to them."""

    def of(name: str) -> str:
        match name:
            case "reinstatementId":
                return ids.encode(Kind.REINSTATEMENT, district.cases.get(person, UNKNOWN))
            case "objectionId":
                return ids.encode(Kind.OBJECTION, district.objections.get(person, UNKNOWN))
            case "reviewId":
                return ids.encode(Kind.COMPLIANCE_REVIEW, district.reviews.get(person, UNKNOWN))
            case "unitId":
                return ids.encode(Kind.UNIT, district.units.get(unit, UNKNOWN))
            case _:
                return ids.encode(Kind.BENEFICIARY, person)

    return of


def everything_of(person: int, unit: str, district: District) -> list[str]:
    """A global id of every kind."""
    return [
        ids.encode(Kind.BENEFICIARY, person),
        ids.encode(Kind.UNIT, district.units.get(unit, UNKNOWN)),
        ids.encode(Kind.VERDICT, person, month_number(Month(2019, 6))),
        ids.encode(Kind.CERTIFICATION, person, district.versions.get(person, 2)),
        ids.encode(Kind.REINSTATEMENT, district.cases.get(person, UNKNOWN)),
        ids.encode(Kind.OBJECTION, district.objections.get(person, UNKNOWN)),
        ids.encode(Kind.COMPLIANCE_REVIEW, district.reviews.get(person, UNKNOWN)),
        ids.encode(Kind.CERTIFICATION_PERIOD, person, 1),
    ]


async def more_of(unit: str, district: District) -> list[str]:
    """Global ids of what not everybody of the unit has, and not every role sees."""
    owner = district.world.owner
    number = district.units.get(unit, UNKNOWN)
    found = await owner.fetchrow(
        """SELECT coalesce((SELECT min(beneficiary_id) FROM overpaid_months o JOIN beneficiaries b
                            ON b.id = o.beneficiary_id WHERE b.unit_id = $1), 0),
                  coalesce((SELECT min(id) FROM beneficiaries WHERE unit_id = $1), 0),
                  coalesce((SELECT min(id) FROM audit_entries WHERE unit_id = $1), 0)""",
        number,
    )
    assert found is not None
    overpaid, period, entry = found
    start = await owner.fetchval("SELECT period_start FROM beneficiaries WHERE id = $1", period)
    return [
        ids.encode(Kind.OVERPAYMENT, overpaid),
        ids.encode(Kind.PERIOD_IN_FORCE, period, month_number(Month.of(start)) if start else 0),
        ids.encode(Kind.AUDIT_ENTRY, entry),
        ids.encode(Kind.VERDICT_MISTAKE, period, month_number(Month(2019, 6))),
    ]


async def test_every_kind_of_id_is_tried(district: District) -> None:
    tried = [*everything_of(min(district.people[SCHOOL]), SCHOOL, district), *await more_of(SCHOOL, district)]
    assert {key.kind for key in map(ids.decode, tried) if key} == set(Kind)


@pytest.mark.parametrize("role", Role)
async def test_the_own_is_shown_by_its_id(district: District, role: Role) -> None:
    """Or the refusals beside it would prove nothing. A whole operation over every field leaves no error."""
    person = min(district.people[SCHOOL])
    for id in everything_of(person, SCHOOL, district):
        found = await ask(district, role, "query($id: ID!) { node(id: $id) { __typename } }", {"id": id})
        shown = "Review" not in (ids.unpack(id) or [""])[0] or role in (Role.OFFICER, Role.AUDITOR)
        assert (found["data"]["node"] is not None) == shown
        if shown:
            document, _ = operation("Query.node", role, lambda _: "", found["data"]["node"]["__typename"])
            answer = await ask(district, role, document, {"id": id})
            assert codes(answer) == []
            assert answer["data"]["node"] is not None


@pytest.mark.parametrize("role", BOUNDED)
async def test_a_foreign_an_unknown_and_a_malformed_id_are_answered_alike(district: District, role: Role) -> None:
    """By `node` and by `nodes`, for every kind of object."""
    foreign = everything_of(min(district.people[ELSEWHERE]), ELSEWHERE, district)
    foreign += await more_of(ELSEWHERE, district)
    unknown = everything_of(UNKNOWN, "", district)
    for id, kind in zip((*foreign, *unknown, "", "x", "VW5pdDox0", "é", foreign[0][:-2]), cycle(NODES), strict=False):
        document, _ = operation("Query.node", role, lambda _: "", kind)
        assert await ask(district, role, document, {"id": id}) == {"data": {"node": None}}
    everything = [*foreign, *unknown, "x"]
    parts = [everything[place : place + 8] for place in range(0, len(everything), 8)]  # all at once are too dear
    for kind, some in product(NODES, parts):
        await district.world.owner.execute("DELETE FROM allowances")  # so much is more than a budget
        many, _ = operation("Query.nodes", role, lambda _: "", kind)
        assert await ask(district, role, many, {"ids": some}) == {"data": {"nodes": [None] * len(some)}}


@pytest.mark.parametrize("role", BOUNDED)
@pytest.mark.parametrize("root", [root for root in roots() if RULES[root] is not None and root not in OF_ONESELF])
async def test_an_operation_on_a_foreign_object_answers_as_on_an_unknown_one(
    district: District, root: str, role: Role
) -> None:
    """To the letter but for the id that was sent; and it changes nothing of the foreign person."""
    rule = RULES[root]
    if rule is None or role not in rule:
        return  # refused before it runs: shown above
    before = await district.everything_about(ELSEWHERE)
    answers = []
    for person, unit in ((min(district.people[ELSEWHERE]), ELSEWHERE), (UNKNOWN, "")):
        document, variables = operation(root, role, subject(person, unit, district))
        answer = json.dumps(await ask(district, role, document, _foreign_numbers(variables, unit)), ensure_ascii=False)
        answers.append(_TYPED.sub('"<id>"', answer.replace(ids.encode(Kind.BENEFICIARY, person), "<id>")))
        assert "INTERNAL" not in answer
        assert "外" not in answer  # the names of everybody else's people hold it
    assert answers[0] == answers[1]
    assert await district.everything_about(ELSEWHERE) == before


_TYPED = re.compile(r'(?<="id": )"[^"]*"(?=, "(entries|beneficiaryId|phone)")')
"""The id of what was typed, which is the same for the same words only."""


def _foreign_numbers(variables: dict[str, Any], unit: str) -> dict[str, Any]:
    """Where an operation goes by a number instead of an id: the foreign unit's and person's, or nobody's."""
    numbers = {"siNumber": ELSEWHERE if unit else "370299999999", "idNumber": id_number(21 if unit else 998)}
    return {name: numbers.get(name, value) for name, value in variables.items()}


async def test_hundreds_of_random_requests_show_nothing_foreign(district: District) -> None:
    """Random roles, operations and objects; as many as TRESPASSES says."""
    chance = random.Random(20191124)
    for _ in range(int(os.environ.get("TRESPASSES", "400"))):
        role = chance.choice(BOUNDED)
        unit = chance.choice([ELSEWHERE] if role is not Role.UNIT else [ELSEWHERE, BUREAU])
        person = chance.choice(sorted(district.people[unit]))
        root = chance.choice([root for root in roots() if role in (RULES[root] or ())])
        document, variables = operation(root, role, subject(person, unit, district))
        answer = json.dumps(await ask(district, role, document, variables), ensure_ascii=False)
        assert "INTERNAL" not in answer
        assert ELSEWHERE not in answer
        assert not any(ids.encode(Kind.BENEFICIARY, id) in _without(answer, variables) for id in district.people[unit])


def _without(answer: str, variables: dict[str, Any]) -> str:
    """The answer without the ids that were sent: refusals name them."""
    for sent in _texts(variables):
        answer = answer.replace(sent, "")
    return answer


def _texts(value: Any) -> list[str]:
    match value:
        case str():
            return [value]
        case dict():
            return [text for one in value.values() for text in _texts(one)]
        case list():
            return [text for one in value for text in _texts(one)]
        case _:
            return []
