"""One place says who may use what, and it leaves out no field (rules 6)."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, get_operation_ast, parse

from domain.vocabulary import Role
from schema.access import RULES, Rule, fields_of
from schema.build import SCHEMA
from tests.api.scenes import account
from tests.world import SCHOOL, World


def declared() -> set[str]:
    """Every field of every type of the schema."""
    return {
        f"{name}.{field}"
        for name, kind in SCHEMA._schema.type_map.items()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not name.startswith("__")
        for field in kind.fields
    }


def test_every_field_has_a_rule_and_every_rule_a_field() -> None:
    """A new field that nobody has thought about is nobody's to use, and does not get past this test."""
    assert declared() == set(RULES)


ALL = "UNIT PERSON WINDOW OFFICER AUDITOR SERVICE"
WHO = {
    "Query.node": ALL,
    "Query.nodes": ALL,
    "Query.viewer": ALL,
    "Query.unit": ALL,
    "Query.units": "UNIT OFFICER AUDITOR SERVICE",
    "Query.benefits": "PERSON",
    "Query.myStanding": "PERSON",
    "Query.beneficiariesByIdNumber": "WINDOW OFFICER",
    "Query.reinstatements": "UNIT OFFICER AUDITOR SERVICE",
    "Query.overpayments": "UNIT OFFICER AUDITOR SERVICE",
    "Query.warnings": "UNIT",
    "Query.auditTrail": "UNIT AUDITOR",
    "Mutation.signIn": "anybody",
    "Mutation.refreshSession": "anybody",
    "Mutation.signOut": ALL,
    "Mutation.signOutEverywhere": ALL,
    "Mutation.confirmCertification": "UNIT",
    "Mutation.overrideVerdict": "UNIT",
    "Mutation.submitCertifications": "UNIT",
    "Mutation.batchPass": "UNIT",
    "Mutation.updateContact": "UNIT",
    "Mutation.terminateBenefit": "UNIT",
    "Mutation.certificationChallenge": "PERSON",
    "Mutation.certifySelf": "PERSON",
    "Mutation.certifyAtWindow": "WINDOW",
    "Mutation.requestReinstatement": "UNIT OFFICER",
    "Mutation.withdrawReinstatement": "UNIT OFFICER",
    "Mutation.reviewReinstatement": "OFFICER",
    "Mutation.settleOverpayment": "OFFICER",
    "Mutation.revealPersonalData": "UNIT WINDOW OFFICER",
    "Query.objections": "UNIT OFFICER AUDITOR SERVICE",
    "Query.complianceReviews": "OFFICER AUDITOR",
    "Query.recheckDraws": "OFFICER AUDITOR",
    "Query.verdictQuality": "OFFICER AUDITOR SERVICE",
    "Mutation.reportVerdictError": "UNIT PERSON",
    "Mutation.takeObjection": "OFFICER",
    "Mutation.decideObjection": "OFFICER",
    "Mutation.decideComplianceReview": "OFFICER",
    "Subscription.heartbeat": ALL,
    "Subscription.rosterChanged": "UNIT OFFICER AUDITOR",
    "Subscription.verdictsPublished": "UNIT OFFICER AUDITOR",
    "Subscription.runProgress": "OFFICER AUDITOR SERVICE",
}
"""Rules 6 once more, written down apart from the rules: one that is too wide differs."""


def test_who_may_use_each_root_field_is_as_written_down_here() -> None:
    found = {
        field: {"anybody"} if rule is None else {str(role) for role in rule}
        for field, rule in RULES.items()
        if field.split(".")[0] in ROOTS
    }
    assert found == {field: set(roles.split()) for field, roles in WHO.items()}


def test_only_signing_in_is_open_to_everybody() -> None:
    open_roots = {field for field, rule in RULES.items() if rule is None and field.split(".")[0] in ROOTS}
    assert open_roots == {"Mutation.signIn", "Mutation.refreshSession"}


ROOTS = {"Query", "Mutation", "Subscription"}


def test_only_the_roles_of_a_duty_change_anything() -> None:
    """AUDITOR reads all and changes nothing; SERVICE runs its months by commands; nobody has two duties.

    A PERSON says that a verdict is wrong, which changes nothing by itself. A look at masked data changes nothing
    either, though it is recorded.
    """
    for field, rule in RULES.items():
        exempt = ("Mutation.revealPersonalData", "Mutation.signOut", "Mutation.signOutEverywhere")
        if field.startswith("Mutation.") and rule is not None and field not in exempt:
            says_so = {Role.PERSON} if field == "Mutation.reportVerdictError" else set()
            assert rule <= {Role.UNIT, Role.OFFICER} | says_so or field in IN_PERSON, field
    assert {field: RULES[field] for field in IN_PERSON} == IN_PERSON


IN_PERSON: dict[str, Rule] = {
    "Mutation.certificationChallenge": frozenset({Role.PERSON}),
    "Mutation.certifySelf": frozenset({Role.PERSON}),
    "Mutation.certifyAtWindow": frozenset({Role.WINDOW}),
}
"""What somebody does about themselves, and a window about whom it sees. Notice 一(三)."""


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("{ viewer { role } }", {"Query.viewer", "Viewer.role"}),
        ("{ a: viewer { b: role __typename } }", {"Query.viewer", "Viewer.role"}),
        ('{ node(id: "x") { id ... on Verdict { month } } }', {"Query.node", "Node.id", "Verdict.month"}),
        (
            "{ unit { ...A ...A } } fragment A on Unit { name ...B } fragment B on Unit { summary { total } ...C }"
            " fragment C on Unit { id }",
            {"Query.unit", "Unit.name", "Unit.id", "Unit.summary", "UnitSummary.total"},
        ),
        ("{ ... { unit { ... @include(if: false) { district } } } }", {"Query.unit", "Unit.district"}),
        ("{ __schema { types { name } } }", {"Query.__schema"}),
    ],
)
def test_every_field_of_an_operation_is_found(document: str, expected: set[str]) -> None:
    """Under whatever alias, in fragments, in what a directive leaves out."""
    parsed = parse(document)
    operation = get_operation_ast(parsed)
    assert operation is not None
    assert set(fields_of(SCHEMA._schema, parsed, operation)) == expected


def test_a_chain_of_fragments_is_read_once_each() -> None:
    """Each spread twice in the one before: two to the power of 60 ways, 61 fragments."""
    chain = " ".join(f"fragment F{n} on Unit {{ ...F{n + 1} ...F{n + 1} }}" for n in range(60))
    parsed = parse(f"{{ unit {{ ...F0 }} }} {chain} fragment F60 on Unit {{ name }}")
    operation = get_operation_ast(parsed)
    assert operation is not None
    assert set(fields_of(SCHEMA._schema, parsed, operation)) == {"Query.unit", "Unit.name"}


async def test_one_field_that_is_not_yours_refuses_the_operation_before_it_runs(world: World) -> None:
    """Nothing of a mixed operation is carried out; another operation of the document does not matter."""
    await world.units()
    await account(world, "auditor", "AUDITOR")
    mixed = 'mutation A { withdrawReinstatement(input: {reinstatementId: "x"}) { userErrors { code } } }'
    two = f"query Q {{ viewer {{ role }} }} {mixed}"
    headers = await world.token("auditor")
    refused: Any = (await world.post({"query": two, "operationName": "A"}, headers)).json()
    assert "data" not in refused
    assert [error["extensions"]["code"] for error in refused["errors"]] == ["FORBIDDEN"]
    taken = (await world.post({"query": two, "operationName": "Q"}, headers)).json()
    assert taken["data"] == {"viewer": {"role": "AUDITOR"}}
    assert (await world.ask("{ viewer { role } }", as_=SCHOOL))["viewer"] == {"role": "UNIT"}
