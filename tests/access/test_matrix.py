"""Every role, every operation, on the own, a foreign and an unknown object: generated from the schema (rules 6)."""

from __future__ import annotations

import json
import os
import random
import re
from itertools import cycle
from typing import Any

import pytest
from tqdm import tqdm

from domain.month import Month
from domain.quality import Dimension
from domain.vocabulary import Role
from schema import ids
from schema.access import RULES
from schema.ids import Kind
from schema.quality import Asked
from storage.histories import month_number
from tests.access.documents import NODES, Subject, operation, roots, ways
from tests.district import ELSEWHERE, District, whose
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
SEE_ALL = (Role.AUDITOR, Role.SERVICE)
UNKNOWN = 10**9
OF_ONESELF = {"Mutation.signOut", "Mutation.signOutEverywhere"}
"""They name no object, and answer how many sessions the account had."""
WAYS = ways()


async def ask(district: District, role: Role | None, document: str, variables: Any = None) -> Any:
    """The answer as it comes, but for what is left of a budget; what an act did is not of interest."""
    headers = {} if role is None else {"Authorization": f"Bearer {await district.token(ACCOUNTS[role])}"}
    return await answered(district, document, variables, headers)


async def answered(district: District, document: str, variables: Any, headers: dict[str, str]) -> Any:
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
                  coalesce((SELECT min(id) FROM audit_entries WHERE unit_id = $1), 0),
                  coalesce((SELECT min(w.id) FROM warnings w JOIN beneficiaries b ON b.id = w.beneficiary_id
                            WHERE b.unit_id = $1), 0)""",
        number,
    )
    assert found is not None
    overpaid, period, entry, warned = found
    start = await owner.fetchval("SELECT period_start FROM beneficiaries WHERE id = $1", period)
    return [
        ids.encode(Kind.OVERPAYMENT, overpaid),
        ids.encode(Kind.PERIOD_IN_FORCE, period, month_number(Month.of(start)) if start else 0),
        ids.encode(Kind.AUDIT_ENTRY, entry),
        ids.encode(Kind.VERDICT_MISTAKE, period, month_number(Month(2019, 6))),
        ids.encode(Kind.WARNING, warned),
        ids.encode(Kind.RECHECK_DRAW, number),
    ]


def measured_of(number: int) -> str:
    """The id of a measurement of the unit of that number: what was asked, and of which unit."""
    asked = Asked(Month(2019, 5), Month(2019, 9), Dimension.UNIT)
    return ids.encode(Kind.VERDICT_QUALITY, asked.packed, number)


async def test_every_kind_of_id_is_tried(district: District) -> None:
    tried = [*everything_of(min(district.people[SCHOOL]), SCHOOL, district), *await more_of(SCHOOL, district)]
    tried.append(measured_of(district.units[SCHOOL]))
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
    for kind in NODES:
        many, _ = operation("Query.nodes", role, lambda _: "", kind)
        assert await ask(district, role, many, {"ids": everything}) == {"data": {"nodes": [None] * len(everything)}}


@pytest.mark.parametrize("role", BOUNDED)
async def test_a_foreign_unit_is_measured_as_an_unknown_one(district: District, role: Role) -> None:
    """To who may measure at all, an OFFICER: no figure, number or name. A measurement is no row, and always there."""
    document, _ = operation("Query.node", role, lambda _: "", "VerdictQuality")
    answers = []
    for number in (district.units[ELSEWHERE], UNKNOWN):
        answer = await ask(district, role, document, {"id": measured_of(number)})
        answers.append(re.sub(r'(?<=[iI]d": )"[^"]*"', '"<id>"', json.dumps(answer, ensure_ascii=False)))
    assert answers[0] == answers[1]
    assert ELSEWHERE not in answers[0] and "外" not in answers[0]
    assert (answers[0] == '{"data": {"node": null}}') == (role is not Role.OFFICER)


@pytest.mark.parametrize("role", SEE_ALL)
async def test_an_unknown_and_a_malformed_id_are_answered_alike_to_who_sees_everything(
    district: District, role: Role
) -> None:
    """Nothing is foreign to them; what is not there is not there."""
    unknown = everything_of(UNKNOWN, "", district)
    document, _ = operation("Query.node", role, lambda _: "", "Beneficiary")
    for id in (*unknown, "", "x", "VW5pdDox0", "é", unknown[0][:-2]):
        assert await ask(district, role, document, {"id": id}) == {"data": {"node": None}}


BY_OPTIONS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "none": ({}, {}),
    "asOf": ({"asOf": "2019-08-25"}, {"asOf": "2019-08-25"}),
    "version": ({"version": 3}, {"version": 3}),
    "search by name": ({"search": "外人021"}, {"search": "无人021"}),
    "search by number": ({"search": id_number(21)}, {"search": id_number(998)}),
}
"""Options that have a foreign value, and one that is nobody's."""


USED = [(root, role) for root in roots() for role in Role if role in (RULES[root] or ())]
"""Every root field with every role that may use it."""


@pytest.mark.parametrize("options", BY_OPTIONS)
@pytest.mark.parametrize(
    ("root", "role"), [(root, role) for root, role in USED if role in BOUNDED and root not in OF_ONESELF]
)
async def test_an_operation_on_a_foreign_object_answers_as_on_an_unknown_one(
    district: District, root: str, role: Role, options: str
) -> None:
    """To the letter but for the id that was sent; and it changes nothing of the foreign person."""
    before = await district.everything_about(ELSEWHERE)
    answers = []
    for place, (person, unit) in enumerate(((min(district.people[ELSEWHERE]), ELSEWHERE), (UNKNOWN, ""))):
        given = BY_OPTIONS[options][place]
        document, variables = operation(root, role, subject(person, unit, district), options=given)
        answer = json.dumps(await ask(district, role, document, _foreign_numbers(variables, unit)), ensure_ascii=False)
        answers.append(_TYPED.sub('"<id>"', answer.replace(ids.encode(Kind.BENEFICIARY, person), "<id>")))
        assert "INTERNAL" not in answer
        assert "外" not in answer  # every text of everybody else's people holds it
    print(answers)
    assert answers[0] == answers[1]
    assert await district.everything_about(ELSEWHERE) == before


_TYPED = re.compile(r'(?<="id": )"[^"]*"(?=, "(entries|beneficiaryId|phone)")')
"""The id of what was typed, which is the same for the same words only."""


def _foreign_numbers(variables: dict[str, Any], unit: str) -> dict[str, Any]:
    """Where an operation goes by a number instead of an id: the foreign unit's and person's, or nobody's."""
    numbers = {"siNumber": ELSEWHERE if unit else "370299999999", "idNumber": id_number(21 if unit else 998)}
    return {name: numbers.get(name, value) for name, value in variables.items()}


async def test_random_requests_show_nothing_foreign(district: District) -> None:
    """Random accounts, operations, objects and options; as many as TRESPASSES says. The clock stands still.

    Every text of a row that is not the account's to see is looked for in every answer.
    """
    chance, wanted = random.Random(20191124), int(os.environ.get("TRESPASSES", "400"))
    foreign = {who: await district.foreign_values(who) for who in TRESPASSERS}
    headers = {who: {"Authorization": f"Bearer {await district.token(who)}"} for who in TRESPASSERS}
    assert all(len(values) > 50 for values in foreign.values())
    for done in tqdm(range(wanted), unit=" requests", disable=wanted < 10_000, mininterval=10):
        who = chance.choice(sorted(TRESPASSERS))
        document, variables = _trespass(district, who, chance)
        answer = json.dumps(await answered(district, document, variables, headers[who]), ensure_ascii=False)
        assert "INTERNAL" not in answer and "LIMIT_" not in answer, (done, document)
        shown = _without(answer, variables)
        assert not [value for value in foreign[who] if value in shown], (done, who, document)


TRESPASSERS: dict[str, Role] = {
    SCHOOL: Role.UNIT, BUREAU: Role.UNIT, ELSEWHERE: Role.UNIT, "person": Role.PERSON, "nobody": Role.PERSON,
    "window": Role.WINDOW, OFFICER: Role.OFFICER, "officer-chengyang": Role.OFFICER,
}  # fmt: skip


def _trespass(district: District, who: str, chance: random.Random) -> tuple[str, dict[str, Any]]:
    """An operation of the account's role on what is another's, with whatever options."""
    role, own = TRESPASSERS[who], whose(district, who)
    others = {unit: sorted(people - own) for unit, people in district.people.items() if people - own}
    unit = chance.choice(sorted(others))
    person = chance.choice(others[unit])
    root = chance.choice([root for root in roots() if role in (RULES[root] or ()) and root not in OF_ONESELF])
    known = {"asOf": "2019-08-25", "version": chance.randint(1, 5), "search": chance.choice(["外人", "局人", "校人"])}
    options = {name: value for name, value in known.items() if chance.random() < 0.3}
    document, variables = operation(root, role, subject(person, unit, district), chance.choice(NODES), options)
    if root == "Query.nodes":
        many = [id for held in others.values() for one in held for id in everything_of(one, unit, district)]
        variables["ids"] = [id for id in chance.sample(many, min(30, len(many))) if _is_foreign(district, id, own)]
    if "siNumber" in variables:
        variables["siNumber"] = unit
    return document, variables


def _is_foreign(district: District, id: str, own: set[int]) -> bool:
    """A unit of which the account sees somebody is not."""
    key = ids.decode(id)
    seen = {district.units[unit] for unit, people in district.people.items() if people & own}
    return key is not None and not (key.kind is Kind.UNIT and key.id in seen)


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


NOTHING_YET = {"Query.recheckDraws", "Query.verdictQuality"}
"""Lists of what the district's months have not come to: no draw, no mistake found."""


@pytest.mark.parametrize(("root", "role"), USED)
async def test_an_operation_on_the_own_object_is_answered(district: District, root: str, role: Role) -> None:
    """Or the refusals above would prove nothing: neither a right nor the object is missing. At the end: it acts."""
    person = min(district.people[SCHOOL])
    document, variables = operation(root, role, subject(person, SCHOOL, district))
    if root == "Query.unit":
        variables["siNumber"] = SCHOOL
    if "idNumber" in variables:
        variables["idNumber"] = id_number(1)
    answer = await ask(district, role, document, variables)
    if (root, role) == ("Mutation.withdrawReinstatement", Role.OFFICER):
        assert codes(answer) == ["FORBIDDEN"]  # the unit has sent it in, and withdraws it
        return
    assert codes(answer) == []
    said = json.dumps(answer["data"])
    assert "NOT_FOUND" not in said and answer["data"][root.split(".")[1]] is not None
    assert answer["data"][root.split(".")[1]] != [] or root in NOTHING_YET
    if root.startswith("Query.") and role not in SEE_ALL:
        assert "外" not in json.dumps(answer, ensure_ascii=False)
