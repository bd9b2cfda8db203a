"""What operations cost: ordinary ones pass with ease, pages of pages do not, and no list is without a length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_introspection_query,
    get_named_type,
    is_leaf_type,
    parse,
    validate,
)

from schema.build import SCHEMA
from tests.api.test_statements import CASES, EVERYTHING, MONEY, OVERPAYMENTS
from tests.attacks.calls import heard
from tests.attacks.payloads import BATCH, NODES, PAGES, VARIED
from tests.world import HANDLER, OFFICER, SCHOOL, World
from web.hardening import cost
from web.hardening.cost import Pages, Price, asked_for, is_a_list, price
from web.hardening.limits import TABLE
from web.hardening.weights import LISTS, ROWS, WEIGHTS

GRAPH = SCHEMA._schema
PAGES_OF = Pages(20, 200)


def priced(document: str) -> Price:
    parsed = parse(document)
    assert validate(GRAPH, parsed) == []
    [operation] = [d for d in parsed.definitions if isinstance(d, OperationDefinitionNode)]
    return price(GRAPH, parsed, operation, PAGES_OF)


def costs(document: str, **variables: Any) -> int:
    return priced(document).of(variables)


def fields() -> Iterator[tuple[str, GraphQLField]]:
    """Every field of every type, introspection included."""
    for owner in GRAPH.type_map.values():
        if isinstance(owner, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in owner.fields.items():
                yield f"{owner.name}.{name}", field


@pytest.mark.parametrize(("name", "field"), list(fields()), ids=lambda given: given if isinstance(given, str) else "")
def test_every_list_has_a_length(name: str, field: GraphQLField) -> None:
    """A new list needs its line in `weights`: rows of the field above, a length of its own, or `first` and `last`."""
    if is_a_list(field) and not (name.startswith("__") and is_leaf_type(get_named_type(field.type))):
        asked = asked_for(name, field, _plain(name), PAGES_OF) is not None
        assert (name in ROWS) + (name in LISTS) + asked == 1


def _plain(name: str) -> FieldNode:
    return FieldNode(name=NameNode(value=name.partition(".")[2]), selection_set=SelectionSetNode(selections=()))


@pytest.mark.parametrize(("name", "field"), list(fields()), ids=lambda given: given if isinstance(given, str) else "")
def test_every_connection_has_a_page_size(name: str, field: GraphQLField) -> None:
    """A field that answers a connection takes `first`, and the connection's edges are its rows."""
    connection = get_named_type(field.type)
    if connection.name.endswith("Connection"):
        assert "first" in field.args
        assert f"{connection.name}.edges" in ROWS


def test_nothing_is_weighed_that_is_not_there() -> None:
    """A line of a field that was renamed would say nothing any more."""
    assert {*WEIGHTS, *ROWS, *LISTS} <= {name for name, _ in fields()}


@pytest.mark.parametrize(
    ("document", "points"),
    [
        ("{viewer{role}}", 11),
        ("{unit{name district}}", 12),
        ("{unit{beneficiaries{edges{cursor}}}}", 10 + 1 + 20 * (2 + 1)),
        ("{unit{beneficiaries(first:3){totalCount edges{node{name}}}}}", 10 + 1 + 50 + 3 * (2 + 1 + 1)),
        ("{unit{beneficiaries(last:5){edges{cursor}}}}", 10 + 1 + 5 * 3),
        ("{unit{beneficiaries(first:0){edges{cursor}}}}", 10 + 1),
        ('{unit{beneficiaries(search:"x"){totalCount}}}', 10 + 1 + 100 + 50),
        ("{unit{...U}} fragment U on Unit{beneficiaries(first:2){...B}} "
         "fragment B on BeneficiaryConnection{edges{cursor}}", 10 + 1 + 2 * 3),
        ('{nodes(ids:["a","b"]){id}}', 10 + 2 * (2 + 1)),
        ('mutation{signIn(input:{username:"a",password:"b"}){accessToken}}', 1_000 + 20 + 1),
    ],
)  # fmt: skip
def test_points_by_hand(document: str, points: int) -> None:
    assert costs(document) == points


def test_variables_and_their_defaults_say_the_size() -> None:
    document = "query($n:Int=7){unit{beneficiaries(first:$n){edges{cursor}}}}"
    assert costs(document) == 11 + 7 * 3
    assert costs(document, n=2) == 11 + 2 * 3
    assert costs(document, n=None) == 11 + 20 * 3
    assert costs(document, n=-5) == 11
    assert costs(document, n=10**30) == 11 + 200 * 3
    assert costs(document, n="many") == 11 + 20 * 3


def test_rows_of_an_act_are_counted_in_its_input() -> None:
    """Checked and written, and answered."""
    answered = BATCH.replace("renewed", "beneficiaries{name} userErrors{code}")
    given = {"page": [{}] * 10, "handler": HANDLER, "acknowledgedDisqualified": []}
    assert costs(answered, i=given) == 100 + 10 * (20 + (2 + 1) + (2 + 1))
    assert costs("mutation($p:[PageEntryInput!]!,$h:HandlerInput!){batchPass(input:{page:$p handler:$h}){renewed}}",
                 p=[{}] * 4) == 101 + 4 * 20  # fmt: skip


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        (EVERYTHING, {"first": 20}),
        (EVERYTHING, {"first": 200}),
        (MONEY, {"first": 20}),
        (MONEY, {"first": 100}),
        (CASES, {"first": 200}),
        (OVERPAYMENTS, {"first": 200}),
        (NODES.replace("{id}", "{id ... on Beneficiary{name certifications{edges{cursor}}}}"), {"ids": ["x"] * 200}),
        (BATCH.replace("renewed", "beneficiaries{id version paymentStatus} userErrors{code path}"),
         {"i": {"page": [{}] * 200}}),
        (get_introspection_query(), {}),
    ],
)  # fmt: skip
def test_ordinary_operations_are_cheap_enough(document: str, variables: dict[str, Any]) -> None:
    for role, allowed in TABLE.items():
        if role is not None and role.name not in ("PERSON",):
            assert costs(document, **variables) < allowed.cost


def test_pages_of_pages_are_too_dear_for_everybody() -> None:
    dearest = max(allowed.cost for allowed in TABLE.values())
    assert costs(PAGES) == 10 + 1 + 200 * (2 + 1 + 5 + 200 * 3) == 121_611
    assert costs(PAGES) > dearest
    assert costs(VARIED, a=200, b=200) > dearest
    assert costs(VARIED, a=20, b=20) < TABLE[None].cost


def spread(levels: int) -> str:
    way = "beneficiaries(first:$n){edges{node{unit{...f%d}}}}"
    row = "".join(f"fragment f{n} on Unit{{a:{way % (n + 1)} b:{way % (n + 1)}}}" for n in range(levels))
    return f"query($n:Int){{unit{{...f0}}}} {row} fragment f{levels} on Unit{{id}}"


def test_every_fragment_is_priced_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fields looked at, and steps at each request, grow with the document, not with what it spreads out to."""
    looked: list[Any] = []
    look = cost._Pricing._field
    monkeypatch.setattr(cost._Pricing, "_field", heard(looked, look))
    found = []
    for levels in (5, 10, 20):
        looked.clear()
        made = priced(spread(levels))
        assert made.of({"n": 1}) > 2**levels
        found.append((len(looked), len(made.steps)))
    assert [fields for fields, _ in found] == [1 + 8 * 5 + 1, 1 + 8 * 10 + 1, 1 + 8 * 20 + 1]
    assert found[2][1] - found[1][1] == 2 * (found[1][1] - found[0][1])


async def test_an_answer_says_what_it_cost(world: World) -> None:
    """Of a signed-in caller: what was asked for, the limit of a request, and what is left of the budget."""
    await world.units()
    headers = await world.token(SCHOOL)
    body = {"query": "{viewer{role}}"}
    first, second = [(await world.post(body, headers)).json()["extensions"]["cost"] for _ in range(2)]
    assert (first["requested"], first["limit"]) == (11, 100_000)
    assert first["remaining"] == 400_000 - (1 + 3) - 11
    assert second["remaining"] == first["remaining"] - 11
    assert "extensions" not in (await world.post({"query": "{__typename}"})).json()


async def test_a_refusal_says_what_was_asked_for(world: World) -> None:
    await world.units()
    answer = (await world.post({"query": PAGES}, await world.token(SCHOOL))).json()
    [error] = answer["errors"]
    assert error["extensions"] == {"code": "LIMIT_COST", "limit": 100_000, "requested": 121_611}
    assert error["message"] == "费用（点）：请求121611，上限100000。请减少一次请求的内容。"
    assert (answer["extensions"]["cost"]["requested"], answer["extensions"]["cost"]["limit"]) == (121_611, 100_000)


async def test_a_document_is_priced_once_and_then_only_worked_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.units()
    made: list[Any] = []
    monkeypatch.setattr("web.hardening.spending.price", heard(made, price))
    headers = await world.token(SCHOOL)
    for first in (1, 2, 200):
        body = {"query": VARIED.replace("edges", "edges "), "variables": {"a": first, "b": 1}}
        assert (await world.post(body, headers)).json()["extensions"]["cost"]["requested"] == 11 + first * 13
    assert len(made) == 1


async def test_what_is_not_the_callers_is_refused_before_its_cost(world: World) -> None:
    """An officer's field asked for by a unit is forbidden, however dear."""
    await world.officers()
    await world.units()
    document = 'mutation{settleOverpayment(input:{beneficiaryId:"x",kind:WAIVED,amount:"1.00"}){userErrors{code}}}'
    [error] = (await world.post({"query": document}, await world.token(SCHOOL))).json()["errors"]
    assert error["extensions"] == {"code": "FORBIDDEN"}
    assert (await world.ask(document, as_=OFFICER))["settleOverpayment"]["userErrors"] != []
