"""Who asks for, decides, settles and reads what concerns money (rules 6): a foreign row looks like one that is not."""

from __future__ import annotations

from typing import Any

import pytest

from schema import ids
from schema.ids import Kind
from tests.api.money import CHIEF, OVERPAYMENTS, asked, cases, ended, overpaid, overpayments, settle, suspended
from tests.api.scenes import Person, account, enrolled, qualified, saved
from tests.world import BUREAU, DOCUMENT, HANDLER, OFFICER, SCHOOL, World, id_number, node_id

REQUEST, REVIEW = "requestReinstatement", "reviewReinstatement"
WITHDRAW, SETTLE = "withdrawReinstatement", "settleOverpayment"
OTHERS = [
    ("AUDITOR", {}),
    ("SERVICE", {}),
    ("WINDOW", {"district": "市南区"}),
    ("PERSON", {"id_number": id_number(1)}),
]
ELSEWHERE = "officer-chengyang"
EVERYTHING = """
query($id: ID!) { node(id: $id) { ... on Beneficiary {
  payments { month amount } stops { basis } entitlement(month: "2019-07") { basis }
  reinstatement { id statement documents { name } } overpayment { amount } } } }
"""


def act(mutation: str, person: Person, case: str) -> tuple[str, dict[str, Any]]:
    """The document and the variables of an act on a person or the person's case."""
    papers = {"statement": "本人健在", "documents": [DOCUMENT], "handler": HANDLER}
    given: dict[str, dict[str, Any]] = {
        REQUEST: {"beneficiaryId": person.node, **papers},
        REVIEW: {"reinstatementId": case, "approve": True},
        WITHDRAW: {"reinstatementId": case},
        SETTLE: {"beneficiaryId": person.node, "kind": "WAIVED", "amount": "1.00", "reason": "家庭困难"},
    }
    kind = mutation[0].upper() + mutation[1:]
    document = f"mutation($i: {kind}Input!) {{ {mutation}(input: $i) {{ userErrors {{ code message path }} }} }}"
    return document, {"i": given[mutation]}


async def errors(world: World, headers: dict[str, str], document: str, variables: Any) -> list[str]:
    answer = (await world.post({"query": document, "variables": variables}, headers)).json()
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


async def with_an_open_case(world: World) -> tuple[Person, str]:
    """A suspended person of the school (市南区), with the case of the school; a bureau of the same district beside."""
    person = await suspended(world)
    case = await asked(world, person)
    await world.units(BUREAU)
    return person, case["id"]


async def elsewhere(world: World) -> str:
    return await account(world, ELSEWHERE, "OFFICER", district="城阳区")


@pytest.mark.parametrize("mutation", [REQUEST, REVIEW, WITHDRAW, SETTLE])
async def test_nobody_acts_without_signing_in(world: World, mutation: str) -> None:
    """And the lists are closed too."""
    person, case = await with_an_open_case(world)
    before = await saved(world)
    assert await errors(world, {}, *act(mutation, person, case)) == ["UNAUTHENTICATED"]
    for field in ("reinstatements", "overpayments"):
        assert await errors(world, {}, f"{{ {field} {{ totalCount }} }}", {}) == ["UNAUTHENTICATED"]
        assert await errors(world, {}, f"{{ {field} {{ edges {{ cursor }} }} }}", {}) == ["UNAUTHENTICATED"]
    assert await saved(world) == before


@pytest.mark.parametrize(("role", "belongs"), OTHERS)
async def test_other_roles_neither_request_nor_review_nor_settle(
    world: World, role: str, belongs: dict[str, str]
) -> None:
    """FORBIDDEN, whatever the row, and nothing is saved: PERSON, WINDOW, AUDITOR and SERVICE."""
    person, case = await with_an_open_case(world)
    other = await world.token(await account(world, "other", role, **belongs))
    before = await saved(world)
    for mutation in (REQUEST, REVIEW, WITHDRAW, SETTLE):
        for whom, what in ((person, case), (Person(10**9, 0), "x")):
            assert await errors(world, other, *act(mutation, whom, what)) == ["FORBIDDEN"]
    assert await saved(world) == before


async def test_a_unit_neither_reviews_nor_settles(world: World) -> None:
    """OFFICER reviews (rules 6): not the unit's own case, nor anybody else's."""
    person, case = await with_an_open_case(world)
    before = await saved(world)
    for who in (SCHOOL, BUREAU):
        for mutation in (REVIEW, SETTLE):
            assert await errors(world, await world.token(who), *act(mutation, person, case)) == ["FORBIDDEN"]
    assert await saved(world) == before


@pytest.mark.parametrize("mutation", [REQUEST, REVIEW, WITHDRAW, SETTLE])
async def test_an_officer_of_another_district_finds_nobody(world: World, mutation: str) -> None:
    """The same refusal, to the letter, as for a case or a person that does not exist."""
    person, case = await with_an_open_case(world)
    officer = await elsewhere(world)
    before = await saved(world)
    answers = [
        (await world.ask(*act(mutation, whom, what), as_=officer))[mutation]["userErrors"]
        for whom, what in (
            (person, case),
            (Person(10**9, 0), ids.encode(Kind.REINSTATEMENT, 10**9)),
        )
    ]
    assert answers[0] == answers[1]
    assert [error["code"] for error in answers[0]] == ["NOT_FOUND"]
    assert await saved(world) == before


@pytest.mark.parametrize("mutation", [REQUEST, WITHDRAW])
async def test_another_unit_finds_nobody(world: World, mutation: str) -> None:
    """Of the same district even: its own rows only."""
    person, case = await with_an_open_case(world)
    before = await saved(world)
    answers = [
        (await world.ask(*act(mutation, whom, what), as_=BUREAU))[mutation]["userErrors"]
        for whom, what in ((person, case), (Person(10**9, 0), "nonsense"), (Person(0, 0), person.node))
    ]
    assert answers[0] == answers[1] == answers[2]
    assert [error["code"] for error in answers[0]] == ["NOT_FOUND"]
    assert await saved(world) == before


async def test_a_foreign_case_is_not_there(world: World) -> None:
    """Neither by its id, nor in a list, nor by its person."""
    person, case = await with_an_open_case(world)
    officer = await elsewhere(world)
    await account(world, "window", "WINDOW", district="城阳区")
    await account(world, "person", "PERSON", id_number=id_number(900))
    nodes = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    for who in (BUREAU, officer, "window", "person"):
        found = await world.ask(nodes, {"ids": [case, ids.encode(Kind.REINSTATEMENT, 10**9)]}, as_=who)
        assert found["nodes"] == [None, None]
        assert await world.ask(EVERYTHING, {"id": person.node}, as_=who) == {"node": None}
        for chosen in ({}, {"of": person.node}, {"of": node_id(10**9)}, {"status": "SUBMITTED"}):
            if who in ("window", "person"):
                continue  # they have no lists
            page = await cases(world, as_=who, **chosen)
            assert (page["edges"], page["totalCount"]) == ([], 0)


async def test_whoever_may_see_the_person_sees_the_case(world: World) -> None:
    """The unit, the officers and windows of its district, the person, and the auditor who reads everything."""
    person, case = await with_an_open_case(world)
    await account(world, "auditor", "AUDITOR")
    await account(world, "window", "WINDOW", district="市南区")
    await account(world, "person", "PERSON", id_number=id_number(1))
    for who in (SCHOOL, OFFICER, CHIEF, "auditor"):
        page = await cases(world, as_=who)
        assert ([edge["node"]["id"] for edge in page["edges"]], page["totalCount"]) == ([case], 1)
    for who in (SCHOOL, OFFICER, CHIEF, "auditor", "window", "person"):
        found = (await world.ask(EVERYTHING, {"id": person.node}, as_=who))["node"]
        assert found["reinstatement"] == {
            "id": case,
            "statement": "本人健在，申请恢复",
            "documents": [{"name": DOCUMENT["name"]}],
        }


async def test_overpayments_are_seen_where_the_person_is(world: World) -> None:
    """Own unit, own district, everything: nobody else's money."""
    ours = (await overpaid(world))[0]
    await world.units(BUREAU)
    [theirs] = await enrolled(world.at("2019-06-21"), first=50, unit=BUREAU)
    await world.load("units", [{"si_number": "370214000001", "name": "城阳区某校", "district": "城阳区"}])
    officer = await elsewhere(world)
    await account(world, "auditor", "AUDITOR")
    await world.payroll("2019-07")
    document = "mutation($i: TerminateBenefitInput!) { terminateBenefit(input: $i) { userErrors { code } } }"
    death = {"beneficiaryId": theirs.node, "cause": "DECEASED", "occurredOn": "2019-06-15", "handler": HANDLER}
    ended_there = await world.at("2019-07-20").ask(document, {"i": death}, as_=BUREAU)
    assert ended_there["terminateBenefit"]["userErrors"] == []
    for who, found in (
        (SCHOOL, [ours]),
        (BUREAU, [theirs]),
        (OFFICER, [ours, theirs]),
        ("auditor", [ours, theirs]),
        (officer, []),
    ):
        for outstanding in (True, False):
            page = await overpayments(world, as_=who, outstanding=outstanding)
            assert [edge["node"]["beneficiary"]["id"] for edge in page["edges"]] == [p.node for p in found]
            assert page["totalCount"] == len(found)


async def test_a_cursor_of_another_account_is_none(world: World) -> None:
    """It is of use to the account that was given it; the error says what to do."""
    await overpaid(world, 2)
    await world.units(BUREAU)
    first = await overpayments(world, first=1)
    given = {"outstanding": False, "after": first["pageInfo"]["endCursor"]}
    [error] = await world.errors(OVERPAYMENTS, given, as_=BUREAU)
    assert error["extensions"] == {"code": "BAD_USER_INPUT"}
    assert error["message"] == "after不是该列表的游标；不带游标即从头开始。"


async def test_the_contact_data_of_a_case_is_masked_for_the_agency(world: World) -> None:
    """Outside the person's own unit phones and addresses are masked, also on the way through a case (rules 6)."""
    await with_an_open_case(world)
    [person] = await overpaid_beside(world)
    document = """{ reinstatements { edges { node { beneficiary { idNumber phone residenceAddress } } } }
                    overpayments { edges { node { beneficiary { idNumber phone residenceAddress } } } } }"""
    for who, phone in ((SCHOOL, "13812345678"), (OFFICER, "138****5678")):
        found = await world.ask(document, as_=who)
        for field, serial in (("reinstatements", 1), ("overpayments", person.serial)):
            [edge] = found[field]["edges"]
            row = edge["node"]["beneficiary"]
            assert row["idNumber"] == f"3702{'*' * 10}{id_number(serial)[-4:]}"
            assert row["phone"] == phone
            assert ("*" in row["residenceAddress"]) is (who == OFFICER)


async def overpaid_beside(world: World) -> list[Person]:
    """Somebody of the school who was paid for 2019-07 after a death in June."""
    people = await enrolled(world, first=2)
    await world.payroll("2019-07")
    await ended(world.at("2019-07-20"), people[0], "2019-06-10")
    return people


async def test_a_settlement_is_the_districts_own_officers(world: World) -> None:
    """The officer of another district finds nobody; the own one settles."""
    [person] = await overpaid(world)
    officer = await elsewhere(world)
    answer = await settle(world, person, "PAID_BACK", "9000.00", as_=officer)
    assert [error["code"] for error in answer["userErrors"]] == ["NOT_FOUND"]
    assert answer["overpayment"] is None
    assert (await settle(world, person, "PAID_BACK", "9000.00"))["userErrors"] == []


async def test_units_request_for_their_own_and_another_operator_of_the_unit_withdraws(world: World) -> None:
    """A unit's accounts act for the unit."""
    person, case = await with_an_open_case(world)
    second = await account(world, f"{SCHOOL}/2", "UNIT", unit_si_number=SCHOOL)
    document, given = act(WITHDRAW, person, case)
    assert (await world.ask(document, given, as_=second))[WITHDRAW]["userErrors"] == []
    document, given = act(REQUEST, person, case)
    assert (await world.ask(document, given, as_=second))[REQUEST]["userErrors"] == []
    [edge] = (await cases(world, status="WITHDRAWN"))["edges"]
    assert edge["node"]["id"] == case


async def test_nothing_is_learnt_from_a_forbidden_review(world: World) -> None:
    """FORBIDDEN comes before the case is looked at: a unit cannot probe which ids there are."""
    [person] = await qualified(world)
    for case in (ids.encode(Kind.REINSTATEMENT, 1), "x", person.node):
        document, given = act(REVIEW, person, case)
        assert await errors(world, await world.token(SCHOOL), document, given) == ["FORBIDDEN"]
