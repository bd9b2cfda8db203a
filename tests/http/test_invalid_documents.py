"""Documents that are not valid, from callers who are signed in: refused, in few and short words, whatever they hold."""

from __future__ import annotations

import pytest

from tests.world import SCHOOL, World
from web.hardening.errors import LONGEST

HEADERS = {"Accept": "application/graphql-response+json"}
FIELDS = " ".join(f"f{number}: 1" for number in range(400))
LITERAL = f"mutation {{ signIn(input: {{{FIELDS}}}) {{ accessToken }} }}"


@pytest.mark.parametrize(
    "document",
    [
        "{ unti { name } }",
        "{ unit { nmae } }",
        "{ unit { ... on Untt { name } } }",
        "mutation { confirmCertificatin { x } }",
        "{ unit { ...Gone } }",
        "query($unused: Int) { unit { name } }",
        "{ unit { beneficiaries(first: $undeclared) { totalCount } } }",
        "query($n: String) { unit { beneficiaries(first: $n) { totalCount } } }",
        "{ unit " + "{ ... on T { a } }" + " }",
        LITERAL,
    ],
)
async def test_what_is_not_valid_is_the_clients_mistake(world: World, document: str) -> None:
    """A 400, and at most six errors of a few hundred characters each: five, and that there are more."""
    await world.units()
    response = await world.post({"query": document}, await world.token(SCHOOL) | HEADERS)
    errors = response.json()["errors"]
    assert response.status_code == 400
    assert {error["extensions"]["code"] for error in errors} == {"GRAPHQL_VALIDATION_FAILED"}
    assert len(errors) <= 6
    assert all(len(error["message"]) <= LONGEST + 20 for error in errors)


async def test_a_page_size_written_with_a_point_costs_the_same(world: World) -> None:
    """GraphQL takes 200.0 for an Int."""
    await world.units()
    document = "query($n: Int) { unit { beneficiaries(first: $n) { edges { node { name } } } } }"
    asked = [
        (await world.post({"query": document, "variables": {"n": size}}, await world.token(SCHOOL))).json()
        for size in (200, 200.0)
    ]
    requested = [answer["extensions"]["cost"]["requested"] for answer in asked]
    assert requested[0] == requested[1] > 200
