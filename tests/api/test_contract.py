"""What clients already rely on (tests/contract.graphql) stands in the schema as it is written there."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias, TypeGuard

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    is_required_argument,
    is_required_input_field,
    print_ast,
)

from schema.build import SCHEMA

LATER: set[str] = set()
"""What the contract names and the schema does not have yet. The list only ever shrinks."""

Composite: TypeAlias = "GraphQLObjectType | GraphQLInterfaceType"

CONTRACT = build_schema((Path(__file__).parents[1] / "contract.graphql").read_text(encoding="utf-8"))
BUILT = build_schema(SCHEMA.as_str())


def _types(of: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    return {name: kind for name, kind in of.type_map.items() if not name.startswith("__")}


def _composite(kind: GraphQLNamedType | None) -> TypeGuard[Composite]:
    return isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)


def _members(kind: GraphQLNamedType) -> set[str]:
    """The fields of a type or the values of an enum."""
    if isinstance(kind, GraphQLEnumType):
        return set(kind.values)
    return set(kind.fields) if _composite(kind) or isinstance(kind, GraphQLInputObjectType) else set()


def _missing() -> set[str]:
    """Types, and members of types, that the contract has and the schema has not."""
    built = _types(BUILT)
    return {name for name in _types(CONTRACT) if name not in built} | {
        f"{name}.{member}"
        for name, kind in _types(CONTRACT).items()
        if name in built
        for member in _members(kind) - _members(built[name])
    }


def _written(value: GraphQLArgument | GraphQLInputField) -> str:
    """Type and default; a null default of a nullable is none."""
    assert value.ast_node is not None
    default = value.ast_node.default_value
    return f"{value.type} = {print_ast(default) if default else 'null'}"


def _signature(field: GraphQLField, known: GraphQLField) -> str:
    """The field's type, and its arguments as far as the contract knows them."""
    arguments = ", ".join(f"{name}: {_written(field.args[name])}" for name in known.args if name in field.args)
    return f"({arguments}): {field.type}"


def _pairs() -> list[tuple[str, GraphQLNamedType, GraphQLNamedType]]:
    built = _types(BUILT)
    return [(name, kind, built[name]) for name, kind in _types(CONTRACT).items() if name in built]


def test_what_is_missing_is_exactly_what_is_still_to_come() -> None:
    """A name of the list that now exists fails here as much as a name that got lost."""
    assert _missing() == LATER


def test_every_type_is_of_the_kind_that_the_contract_says() -> None:
    """Object, interface, input, enum or scalar, with the interfaces it implements."""
    for name, known, built in _pairs():
        assert (name, type(built)) == (name, type(known))
        if _composite(known) and _composite(built):
            assert {i.name for i in known.interfaces} <= {i.name for i in built.interfaces}, name


def test_every_field_has_the_type_and_the_arguments_of_the_contract() -> None:
    """The same type, nullability, arguments and defaults."""
    for name, known, built in _pairs():
        if _composite(known) and _composite(built):
            for field in known.fields.keys() & built.fields.keys():
                wanted = _signature(known.fields[field], known.fields[field])
                found = _signature(built.fields[field], known.fields[field])
                assert f"{name}.{field}{found}" == f"{name}.{field}{wanted}"


def test_every_input_has_the_types_and_defaults_of_the_contract() -> None:
    """The same type, nullability and default."""
    for name, known, built in _pairs():
        if isinstance(known, GraphQLInputObjectType) and isinstance(built, GraphQLInputObjectType):
            for field in known.fields.keys() & built.fields.keys():
                wanted, found = _written(known.fields[field]), _written(built.fields[field])
                assert f"{name}.{field}: {found}" == f"{name}.{field}: {wanted}"


def test_nothing_beyond_the_contract_is_demanded() -> None:
    """A client that knows the contract only is never asked for more: what was added is optional."""
    for name, known, built in _pairs():
        if _composite(known) and _composite(built):
            for field in known.fields.keys() & built.fields.keys():
                added = built.fields[field].args.keys() - known.fields[field].args.keys()
                demanded = [a for a in added if is_required_argument(built.fields[field].args[a])]
                assert (name, field, demanded) == (name, field, [])
        if isinstance(known, GraphQLInputObjectType) and isinstance(built, GraphQLInputObjectType):
            added = built.fields.keys() - known.fields.keys()
            assert (name, [a for a in added if is_required_input_field(built.fields[a])]) == (name, [])


def test_the_rosters_defaults_are_the_notices() -> None:
    """附5: retirees unless asked; nobody is acknowledged unless named."""
    unit = BUILT.type_map["Unit"]
    assert isinstance(unit, GraphQLObjectType)
    assert _written(unit.fields["beneficiaries"].args["category"]) == "BeneficiaryCategory! = RETIREE"
    batch = BUILT.type_map["BatchPassInput"]
    assert isinstance(batch, GraphQLInputObjectType)
    assert _written(batch.fields["acknowledgedDisqualified"]) == "[ID!]! = []"
