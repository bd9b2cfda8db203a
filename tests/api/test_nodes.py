"""`node` and `nodes`: what can be fetched again by its id, and nothing else."""

from typing import Any

import pytest

from resolvers import roster
from resolvers.context import Context
from schema import ids
from schema.ids import Kind
from tests.api.money import approved, asked, cases, suspended
from tests.api.scenes import concluded, enrolled, judged, qualified, seen, unit_of
from tests.world import BUREAU, DOCUMENT, OFFICER, SCHOOL, World, node_id

NODE = """
query($id: ID!) { node(id: $id) { __typename id
  ... on Unit { siNumber }
  ... on Beneficiary { name }
  ... on Verdict { month conclusion description publishedOn answered lastActivity { kind label month } }
  ... on Certification { method survivalStatus result at handlerName reason }
} }
"""
LISTS = {
    "verdicts": "id month conclusion answered publishedOn description lastActivity { kind label month }",
    "certifications": "id method survivalStatus result at handlerName reason",
    "certificationPeriods": "startMonth endMonth method",
}
"""The lists of somebody's history, with what is asked of each entry."""


def history(*lists: str) -> str:
    asked = " ".join(
        f"{name}(first: $first, after: $after) {{ pageInfo {{ hasNextPage hasPreviousPage endCursor }}"
        f" edges {{ cursor node {{ {LISTS[name]} }} }} }}"
        for name in lists
    )
    return f"query($id: ID!, $first: Int, $after: String) {{ node(id: $id) {{ ... on Beneficiary {{ {asked} }} }} }}"


HISTORY = history(*LISTS)


async def node(world: World, id: str) -> Any:
    return (await world.ask(NODE, {"id": id}))["node"]


async def test_units_people_verdicts_and_certifications_are_nodes(world: World) -> None:
    """Whatever a list shows with an id is found again by it, word for word."""
    [person] = await qualified(world)
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    unit = await unit_of(world, SCHOOL)
    assert await node(world, unit) == {"__typename": "Unit", "id": unit, "siNumber": SCHOOL}
    assert await node(world, person.node) == {"__typename": "Beneficiary", "id": person.node, "name": "张三1"}
    told = (await world.ask(HISTORY, {"id": person.node}))["node"]
    for name, kind in (("verdicts", "Verdict"), ("certifications", "Certification")):
        [edge] = told[name]["edges"]
        assert await node(world, edge["node"]["id"]) == {"__typename": kind, **edge["node"]}


CASE = """
query($id: ID!) { node(id: $id) { __typename id ... on Reinstatement {
  status months amount statement submittedBy documents { name sha256 } lines { month amount } beneficiary { id } } } }
"""


async def test_cases_are_nodes_of_whoever_sees_the_person(world: World) -> None:
    """A Reinstatement is found again by the id that a payload, a person, a list or a fact showed, word for word."""
    person = await suspended(world)
    case = await asked(world, person)
    found = (await world.ask(CASE, {"id": case["id"]}))["node"]
    assert found == {
        "__typename": "Reinstatement",
        "id": case["id"],
        "status": "SUBMITTED",
        "months": ["2019-07"],
        "amount": "3000.00",
        "statement": "本人健在，申请恢复",
        "submittedBy": SCHOOL,
        "documents": [DOCUMENT],
        "lines": [{"month": "2019-07", "amount": "3000.00"}],
        "beneficiary": {"id": person.node},
    }
    assert (await world.ask(CASE, {"id": case["id"]}, as_=OFFICER))["node"] == found
    [edge] = (await cases(world))["edges"]
    assert edge["node"]["id"] == (await world.money(person.id))["reinstatement"]["id"] == case["id"]
    await approved(world, case)
    facts = (await world.entitlement(person.id, "2019-07"))["facts"]
    assert [fact["id"] for fact in facts if fact["kind"] == "CASE"] == [case["id"]]


async def test_a_case_id_that_leads_nowhere_is_null(world: World) -> None:
    """Unknown, beyond every range, with a position that cases do not have, another kind's number."""
    person = await suspended(world)
    case = await asked(world, person)
    nowhere = [ids.pack("Reinstatement", n) for n in (0, 2, 10**18, 2**62, 2**63 - 1, 2**63, 10**40)]
    nowhere += [ids.pack("Reinstatement", 1, 1), ids.pack("reinstatement", 1), case["id"] + "=", case["id"][:-1]]
    for id in nowhere:
        assert await node(world, id) is None
    found = await world.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": [*nowhere, case["id"]]})
    assert found["nodes"] == [*[None] * len(nowhere), {"id": case["id"]}]


async def test_a_malformed_or_unknown_id_is_null(world: World) -> None:
    """An id that leads nowhere is answered as one that never did, without an error."""
    [person] = await qualified(world)
    nowhere = ["", "x", "§", "\0", person.node[:-1], person.node + "\n", "a" * 2000, ids.pack("Unit", 10**18)]
    nowhere += [ids.pack("Reinstatement", 1), ids.pack("Beneficiary", person.id, 1), ids.pack("Verdict", person.id)]
    nowhere += [ids.pack("roster", 1, person.id), ids.pack("beneficiary", person.id), str(person.id)]
    for id in nowhere:
        assert await node(world, id) is None


async def test_a_number_beyond_the_databases_range_is_null(world: World) -> None:
    """No id makes the service stumble."""
    await world.units()
    for number in (0, -1, 2**63 - 1, 2**63, 10**40):
        assert await node(world, ids.pack("Beneficiary", number)) is None
        assert await node(world, ids.pack("Verdict", 1, number)) is None
        assert await node(world, ids.pack("Certification", 1, number)) is None


async def test_one_bad_id_makes_one_null(world: World) -> None:
    """`nodes`: in the order asked, null in the place of each that is not there, twins twice."""
    [first, second] = await qualified(world, 2)
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    asked = [second.node, "nonsense", first.node, node_id(999), second.node]
    found = await world.ask(document, {"ids": asked})
    assert found["nodes"] == [{"id": second.node}, None, {"id": first.node}, None, {"id": second.node}]
    assert (await world.ask(document, {"ids": []}))["nodes"] == []


async def test_nodes_are_capped_at_a_page(world: World) -> None:
    """200 ids at once and not one more."""
    [person] = await qualified(world)
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert len((await world.ask(document, {"ids": [person.node] * 200}))["nodes"]) == 200
    [error] = await world.errors(document, {"ids": [person.node] * 201})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_another_units_people_and_their_history_are_null(world: World) -> None:
    """A row that is not yours looks exactly like a row that does not exist (rules 6)."""
    [foreign] = await qualified(world, unit=BUREAU)
    await world.units(SCHOOL)
    await world.act("confirmCertification", {"beneficiaryId": foreign.node}, as_=BUREAU)
    told = (await world.ask(HISTORY, {"id": foreign.node}, as_=BUREAU))["node"]
    hidden = [
        foreign.node,
        await unit_of(world, BUREAU),
        told["verdicts"]["edges"][0]["node"]["id"],
        told["certifications"]["edges"][0]["node"]["id"],
    ]
    found = await world.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": hidden})
    assert found["nodes"] == [None] * 4
    for id in hidden:
        assert await node(world, id) is None


async def test_nothing_of_an_assessed_month_is_visible_before_its_publication(world: World) -> None:
    """Before publication a unit does not see it (rules 3.1)."""
    await world.units()
    [person] = await enrolled(world.at("2019-06-01"))
    await seen(world, (person, "justice", "cremation", "2019-05-02"))
    before = await world.person(person.id)
    await world.at("2019-06-02").assess("2019-05")
    assert await world.person(person.id) == before
    assert (before["verdict"], before["version"], before["answerBy"]) == (None, 1, None)
    assert (await world.ask(HISTORY, {"id": person.node}))["node"]["verdicts"]["edges"] == []
    assert await node(world, ids.encode(Kind.VERDICT, person.id, 12 * 2019 + 5)) is None
    summary = "{ unit { summary { total disqualified pending qualified unanswered } } }"
    counted = (await world.ask(summary))["unit"]["summary"]
    assert counted == {"total": 1, "disqualified": 0, "pending": 0, "qualified": 0, "unanswered": 0}
    await world.at("2019-06-04").publish("2019-05")
    assert (await node(world, ids.encode(Kind.VERDICT, person.id, 12 * 2019 + 5)))["conclusion"] == "DISQUALIFIED"


async def test_a_new_assessment_leaves_the_published_month_in_sight(world: World) -> None:
    """The draft of June is invisible beside the verdict of May."""
    [person] = await qualified(world)
    before = await world.at("2019-07-02").person(person.id)
    await seen(world, (person, "justice", "cremation", "2019-06-20"))
    await world.assess("2019-06")
    assert await world.person(person.id) == before
    edges = (await world.ask(HISTORY, {"id": person.node}))["node"]["verdicts"]["edges"]
    assert [edge["node"]["month"] for edge in edges] == ["2019-05"]


async def test_histories_are_paged_newest_first_without_skip_or_repeat(world: World) -> None:
    """Relay pages of verdicts, certifications and periods."""
    [person] = await judged(world, "PENDING")
    for day in ("2019-07-04", "2019-08-04", "2019-09-04"):
        await world.at(day).publish(f"2019-{int(day[5:7]) - 1:02}")
        await world.act("overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "NORMAL"})
    whole = (await world.ask(HISTORY, {"id": person.node}))["node"]
    assert [e["node"]["month"] for e in whole["verdicts"]["edges"]] == ["2019-08", "2019-07", "2019-06", "2019-05"]
    assert [e["node"]["answered"] for e in whole["verdicts"]["edges"]] == [True, True, True, False]
    days = [e["node"]["at"][:10] for e in whole["certifications"]["edges"]]
    assert days == ["2019-09-04", "2019-08-04", "2019-07-04"]
    starts = [e["node"]["startMonth"] for e in whole["certificationPeriods"]["edges"]]
    assert starts == ["2019-09", "2019-08", "2019-07", "2019-01"]
    for name, list_ in whole.items():
        assert await _paged(world, person.node, name) == list_["edges"]


async def _paged(world: World, id: str, name: str) -> list[Any]:
    edges: list[Any] = []
    after = None
    for _ in range(10):
        part = (await world.ask(history(name), {"id": id, "first": 2, "after": after}))["node"][name]
        assert part["pageInfo"]["hasPreviousPage"] is (after is not None)
        edges += part["edges"]
        after = part["pageInfo"]["endCursor"]
        if not part["pageInfo"]["hasNextPage"]:
            return edges
    raise AssertionError("the pages do not end")


@pytest.mark.parametrize("kind", [ids.Kind.VERDICT, ids.Kind.CERTIFICATION])
async def test_a_position_beyond_every_history_is_nothing(world: World, kind: ids.Kind) -> None:
    """However large a number a client makes up."""
    await world.units()
    person = await world.enrol(1)
    for position in (0, 2**31, 2**62, 2**63 - 1, 2**63):
        made_up = ids.encode(kind, person, position)
        assert (await world.ask("query($id: ID!) { node(id: $id) { id } }", {"id": made_up}))["node"] is None


async def test_malformed_ids_are_looked_for_like_unknown_ones(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each in its own place: a page of them takes no less work than a page of ids that nobody has."""
    await world.units()
    asked: list[int] = []
    found = roster.beneficiaries_by_id

    async def counted(context: Context, ids: list[int]) -> Any:
        asked.extend(ids)
        return await found(context, ids)

    monkeypatch.setattr(roster, "beneficiaries_by_id", counted)
    await world.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["x", "", "é", "x"]})
    assert len(set(asked)) == 4


async def test_an_act_before_the_first_verdict_answers_none(world: World) -> None:
    """An act on no verdict names no month; a verdict that is published later waits for its own answer."""
    await world.units(SCHOOL)
    [person] = await enrolled(world.at("2019-06-01"))
    await world.act("overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "NORMAL"})
    await concluded(world, (person, "PENDING"))
    [edge] = (await world.ask(HISTORY, {"id": person.node}))["node"]["verdicts"]["edges"]
    assert edge["node"]["answered"] is False
