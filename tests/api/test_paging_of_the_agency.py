"""The agency's lists go both ways as every other, and what they show is found again by its id."""

from __future__ import annotations

from typing import Any

import pytest

from domain.month import Month
from domain.quality import Dimension
from schema.ids import Kind, encode
from schema.quality import Asked
from tests.api.objections import declared_dead, reported
from tests.api.scenes import account, qualified
from tests.api.test_verdict_quality import judged
from tests.world import OFFICER, SCHOOL, World

WINDOW = "$first: Int, $after: String, $last: Int, $before: String"
GIVEN = "first: $first, after: $after, last: $last, before: $before"
PAGE = "{ edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }"
LISTS = {
    "objections": f"query({WINDOW}) {{ found: objections({GIVEN}) {PAGE} }}",
    "complianceReviews": f"query({WINDOW}) {{ found: complianceReviews({GIVEN}) {PAGE} }}",
    "recheckDraws": f'query({WINDOW}) {{ found: recheckDraws(month: "2019-06", {GIVEN}) {PAGE} }}',
    "verdictQuality": f"""query({WINDOW}) {{
        found: verdictQuality(from: "2019-01", through: "2019-12", by: SOURCE, {GIVEN}) {PAGE} }}""",
}
CASES = f"""query({WINDOW}) {{ verdictQuality(from: "2019-01", through: "2019-12") {{ edges {{ node {{
    id falseDisqualified {{ id cases({GIVEN}) {PAGE} }} missedDeaths {{ id }} }} }} }} }}"""


OVER_DISTRICTS = {"recheckDraws": "auditor"}
"""Who sees the whole list, where it is not one district's officer."""


async def page(world: World, name: str, **window: Any) -> Any:
    if name == "cases":
        [may] = (await world.ask(CASES, window, as_=OFFICER))["verdictQuality"]["edges"]
        return may["node"]["falseDisqualified"]["cases"]
    return (await world.ask(LISTS[name], window, as_=OVER_DISTRICTS.get(name, OFFICER)))["found"]


def ids(shown: Any) -> list[str]:
    return [edge["node"]["id"] for edge in shown["edges"]]


async def three(world: World, name: str) -> None:
    """Three items of the list. Of the objections the last that was reported is due first."""
    match name:
        case "objections":
            people = await declared_dead(world, "DISQUALIFIED", "DISQUALIFIED")
            for person, kind in zip(people, ("OTHER", "OTHER", "DECLARED_DEAD"), strict=True):
                await reported(world, person, kind=kind)
        case "complianceReviews":
            people = await declared_dead(world, "DISQUALIFIED", "DISQUALIFIED")
            for person in people:
                alive = {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "reason": "本人到场"}
                assert (await world.act("overrideVerdict", alive))["userErrors"] == []
        case "recheckDraws":
            await drawn(world, "市南区", "市北区", "崂山区")
        case _:
            await judged(world)


async def drawn(world: World, *districts: str) -> None:
    """A draw of June for each of the districts, one after another."""
    await account(world, "auditor", "AUDITOR")
    for district in districts:
        await world.owner.execute(
            """INSERT INTO recheck_draws (month, district, seed, margin, confidence, population, size, drawn_at)
               VALUES ('2019-06-01', $1, repeat('a', 32), 0.1, 0.95, 30, 24, '2019-07-01')""",
            district,
        )


@pytest.mark.parametrize("name", [*LISTS, "cases"])
async def test_a_list_is_read_from_its_end(world: World, name: str) -> None:
    await three(world, name)
    everything = await page(world, name)
    assert len(set(ids(everything))) == 3
    end = await page(world, name, last=2)
    assert ids(end) == ids(everything)[1:]
    assert (end["pageInfo"]["hasPreviousPage"], end["pageInfo"]["hasNextPage"]) == (True, False)
    rest = await page(world, name, last=2, before=end["pageInfo"]["startCursor"])
    assert ids(rest) == ids(everything)[:1]
    assert (rest["pageInfo"]["hasPreviousPage"], rest["pageInfo"]["hasNextPage"]) == (False, True)
    first, _, third = [edge["cursor"] for edge in everything["edges"]]
    assert ids(await page(world, name, after=first, before=third)) == ids(everything)[1:2]


async def test_a_mistake_is_found_again_by_its_id_by_those_who_measure(world: World) -> None:
    people = await judged(world)
    document = "query($id: ID!) { node(id: $id) { id ... on VerdictMistake { months days beneficiary { id } } } }"
    id = ids(await page(world, "cases"))[1]
    shown = (await world.ask(document, {"id": id}, as_=OFFICER))["node"]
    assert shown == {"id": id, "months": ["2019-05"], "days": 10, "beneficiary": {"id": people[1].node}}
    assert (await world.ask("query($id: ID!) { node(id: $id) { id } }", {"id": id}, as_=SCHOOL))["node"] is None
    elsewhen = encode(Kind.VERDICT_MISTAKE, people[1].id, 12 * 2019 + 6)
    assert (await world.ask(document, {"id": elsewhen}, as_=OFFICER))["node"] is None


async def test_what_is_measured_otherwise_has_another_id(world: World) -> None:
    """A client's cache must not take one answer's number for another's."""
    await judged(world)
    document = """query($by: VerdictQualityDimension!, $through: Month!) {
        verdictQuality(from: "2019-01", through: $through, by: $by) { edges { node {
            id falseDisqualified { id } missedDeaths { id } } } } }"""
    found = []
    for by, through in (("MONTH", "2019-12"), ("MONTH", "2019-11"), ("SOURCE", "2019-12")):
        edges = (await world.ask(document, {"by": by, "through": through}, as_=OFFICER))["verdictQuality"]["edges"]
        rows = [edge["node"] for edge in edges]
        found += [id for row in rows for id in (row["id"], row["falseDisqualified"]["id"], row["missedDeaths"]["id"])]
    assert len(set(found)) == len(found) == 3 * (1 + 1 + 3)


async def test_a_proof_and_a_piece_of_a_case_are_not_the_same(world: World) -> None:
    """Both are Documents, and the first objection and the first case have the same number."""
    [person] = await declared_dead(world)
    await world.at("2019-06-20").act(
        "overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "DECEASED", "occurredOn": "2019-05-02"}
    )
    await reported(world.at("2019-07-20"), person)
    case = await world.act(
        "overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "reason": "在"}
    )
    assert case["userErrors"] == []
    assert (await world.request(person.id))["userErrors"] == []
    document = """{ objections { edges { node { proofs { id document { id } } } } }
        reinstatements { edges { node { documents { id } } } } }"""
    shown = await world.ask(document, as_=OFFICER)
    [[proof]] = [edge["node"]["proofs"] for edge in shown["objections"]["edges"]]
    [[piece]] = [edge["node"]["documents"] for edge in shown["reinstatements"]["edges"]]
    assert len({proof["id"], proof["document"]["id"], piece["id"]}) == 3


async def test_the_root_lists_are_bounded(world: World) -> None:
    await qualified(world)
    await world.officers()
    for call in ('recheckDraws(month: "2019-06", first: 201)',
                 'verdictQuality(from: "2019-01", through: "2019-12", first: 201)'):  # fmt: skip
        [error] = await world.errors(f"{{ {call} {{ totalCount }} }}", as_=OFFICER)
        assert error["message"] == "first应在0至200之间。"


async def test_only_so_many_as_were_asked_for_are_shown(world: World) -> None:
    await judged(world)
    document = """query($first: Int) {
        verdictQuality(from: "2019-01", through: "2019-12", by: SOURCE, first: $first) {
            totalCount edges { node { key } } } }"""
    for first, keys in ((None, ["health", "justice", "transport"]), (2, ["health", "justice"]), (0, [])):
        shown = (await world.ask(document, {"first": first}, as_=OFFICER))["verdictQuality"]
        assert [edge["node"]["key"] for edge in shown["edges"]] == keys
        assert shown["totalCount"] == 3


async def test_a_cursor_of_one_month_or_measure_is_none_of_another(world: World) -> None:
    """Each is a list of its own."""
    await judged(world)
    await drawn(world, "市南区")
    measured = (await page(world, "verdictQuality"))["pageInfo"]["endCursor"]
    draw = (await page(world, "recheckDraws"))["pageInfo"]["endCursor"]
    for who, call in ((OFFICER, f'verdictQuality(from: "2019-01", through: "2019-12", after: "{measured}")'),
                      ("auditor", f'recheckDraws(month: "2019-07", after: "{draw}")')):  # fmt: skip
        [error] = await world.errors(f"{{ {call} {{ totalCount }} }}", as_=who)
        assert error["message"].startswith("after不是该列表的游标")


async def test_an_officer_counts_the_draws_of_the_district_alone(world: World) -> None:
    await world.officers()
    await drawn(world, "市南区", "市北区")
    document = '{ recheckDraws(month: "2019-06") { totalCount edges { node { district } } } }'
    assert (await world.ask(document, as_=OFFICER))["recheckDraws"] == {
        "totalCount": 1, "edges": [{"node": {"district": "市南区"}}]
    }  # fmt: skip
    assert (await world.ask(document, as_="auditor"))["recheckDraws"]["totalCount"] == 2


async def test_a_draw_and_a_measurement_are_found_again_by_their_ids(world: World) -> None:
    """By those who may read their lists; a measurement of nothing found is empty, and one that cannot be is none."""
    await judged(world)
    await drawn(world, "市南区", "市北区")
    document = """query($id: ID!) { node(id: $id) { id ... on RecheckDraw { district }
        ... on VerdictQuality { key falseDisqualified { count } } } }"""
    justice = {"key": "justice", "falseDisqualified": {"count": 2}}
    lists = (("recheckDraws", "auditor", {"district": "市北区"}), ("verdictQuality", OFFICER, justice))
    for name, who, shown in lists:
        id = ids(await page(world, name))[1]
        assert (await world.ask(document, {"id": id}, as_=who))["node"] == {"id": id, **shown}
        assert (await world.ask("query($id: ID!) { node(id: $id) { id } }", {"id": id}, as_=SCHOOL))["node"] is None
    asked = Asked(Month(2019, 1), Month(2019, 12), Dimension.SOURCE)
    empty = encode(Kind.VERDICT_QUALITY, asked.packed, 1)
    found = (await world.ask(document, {"id": empty}, as_=OFFICER))["node"]
    assert found == {"id": empty, "key": "banks", "falseDisqualified": {"count": 0}}
    for packed, number in ((asked.packed, 99), (0, 1), (Asked(Month(2019, 1), Month(2029, 1), asked.by).packed, 1)):
        none = encode(Kind.VERDICT_QUALITY, packed, number)
        assert (await world.ask(document, {"id": none}, as_=OFFICER))["node"] is None
    draw = ids(await page(world, "recheckDraws"))[1]
    assert (await world.ask(document, {"id": draw}, as_=OFFICER))["node"] is None  # another district's


@pytest.mark.parametrize("fragment", ["...Q", "... on VerdictQuality { key }", "... on Node { ...Q }"])
async def test_a_measurement_by_id_costs_what_one_in_its_list_does(world: World, fragment: str) -> None:
    await judged(world)
    document = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ id {fragment} }} }}"
    if "Q" in fragment.replace("VerdictQuality", ""):
        document += " fragment Q on VerdictQuality { key }"
    body = {"query": document, "variables": {"ids": ids(await page(world, "verdictQuality"))[:2]}}
    answer = (await world.post(body, await world.token(OFFICER))).json()
    assert answer["extensions"]["cost"]["requested"] > 2 * 2_000
