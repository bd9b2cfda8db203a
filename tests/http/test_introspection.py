"""Who may ask for the schema; and that nobody else learns it from the errors."""

from __future__ import annotations

from typing import Any

import pytest

from domain.vocabulary import Role
from tests.api.scenes import account
from tests.world import OFFICER, SCHOOL, World, id_number
from web.hardening.openness import Introspection, Openness

SCHEMA = "{ __schema { queryType { name } } }"
WAYS = [SCHEMA, '{ __type(name: "Query") { name } }', "{ ...F } fragment F on Query { a: __schema { types { name } } }"]
TOOLING = {Role.OFFICER, Role.AUDITOR, Role.SERVICE}


async def of_every_role(world: World) -> dict[Role | None, dict[str, str]]:
    """The authorization of an account of each role, and of nobody."""
    await world.units()
    await world.officers()
    await world.enrol()
    names = {Role.UNIT: SCHOOL, Role.OFFICER: OFFICER}
    more: dict[Role, dict[str, str]] = {Role.PERSON: {"id_number": id_number(1)}, Role.WINDOW: {"district": "市南区"}}
    for role in set(Role) - set(names):
        names[role] = await account(world, role.lower(), role, **more.get(role, {}))
    return {None: {}} | {role: await world.token(name) for role, name in names.items()}


async def codes(world: World, document: str, headers: dict[str, str]) -> list[str]:
    answer = (await world.post({"query": document}, headers)).json()
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


async def test_internal_tooling_may_introspect_and_nobody_else(world: World) -> None:
    """By `__schema` and `__type`, in a fragment or under an alias. `__typename` is everybody's."""
    for role, headers in (await of_every_role(world)).items():
        expected = [] if role in TOOLING else ["FORBIDDEN" if role else "UNAUTHENTICATED"]
        for document in WAYS:
            assert (role, await codes(world, document, headers)) == (role, expected)
        assert await codes(world, "{ __typename }", headers) == []


async def test_with_the_setting_everybody_may(world: World) -> None:
    """As in the demo, so that GraphiQL works before somebody has signed in."""
    async with world.opened(Openness(introspection=Introspection.EVERYBODY)) as opened:
        for headers in (await of_every_role(opened)).values():
            for document in WAYS:
                assert await codes(opened, document, headers) == []


async def test_who_tried_is_in_the_audit_trail(world: World) -> None:
    await world.units()
    await codes(world, SCHEMA, await world.token(SCHOOL))
    query = "SELECT body::jsonb #>> '{facts,fields,0}' FROM audit_entries WHERE action = 'ACCESS_REFUSED'"
    assert await world.owner.fetchval(query) == "__schema"


@pytest.mark.parametrize(
    ("document", "variables"),
    [
        ("{ unitz { totalCount } }", {}),
        ("{ unit { nam } }", {}),
        ("{ units(frst: 1) { totalCount } }", {}),
        ("{ ... on Beneficiar { id } }", {}),
        ("query($a: Beneficiar) { __typename }", {}),
        ("{ unit { beneficiaries(category: RETIRE) { totalCount } } }", {}),
        ("{ __typename @includ(if: true) }", {}),
        ("query($first: Int) { units(first: $firs) { totalCount } }", {}),
        ("{ ...Frag } fragment Frags on Query { __typename }", {}),
        ('mutation { confirmCertification(input: {beneficiaryI: "x"}) { renewed } }', {}),
        ("query($c: BeneficiaryCategory!) { unit { beneficiaries(category: $c) { totalCount } } }", {"c": "RETIRE"}),
        (
            "mutation($i: ConfirmCertificationInput!) { confirmCertification(input: $i) { renewed } }",
            {"i": {"beneficiaryI": "x"}},
        ),
    ],
)
async def test_no_error_suggests_a_name(world: World, document: str, variables: dict[str, Any]) -> None:
    """For fields, arguments, types, values, directives, variables, fragments and the fields of an input."""
    await world.units()
    for found in await world.errors(document, variables):
        assert "mean" not in found["message"]
