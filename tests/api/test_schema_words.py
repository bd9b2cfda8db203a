"""Everything in the schema is described, and no name is in a client's way: Kotlin, Swift, files that ignore case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from graphql import (
    GraphQLDirective,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_specified_directive,
    is_specified_scalar_type,
)

from schema.build import SCHEMA
from schema.scalars import SCALARS, BadScalar

BUILT = build_schema(SCHEMA.as_str())
RESERVED = """
as break class continue do else false for fun if in interface is null object package return super this throw true try
typealias typeof val var when while

Any Protocol Self Type actor associatedtype async await case catch default defer deinit enum extension fallthrough
fileprivate func guard import init inout internal let nil open operator private precedencegroup protocol public repeat
rethrows self static struct subscript switch throws where
"""
RESERVED_WORDS = frozenset(RESERVED.split())
"""Words of Kotlin, and of Swift beside those, that a generator has to write in backticks or to rename."""


def types_of(schema: GraphQLSchema) -> list[GraphQLNamedType]:
    return [t for t in schema.type_map.values() if not is_introspection_type(t) and not is_specified_scalar_type(t)]


def places_of(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Every type, field, argument, input field, value and directive with its description."""
    for kind in types_of(schema):
        yield kind.name, kind.description
        yield from _members(kind)
    for directive in schema.directives:
        if not is_specified_directive(directive):
            yield f"@{directive.name}", directive.description
            yield from _arguments(directive)


def _members(kind: GraphQLNamedType) -> Iterator[tuple[str, str | None]]:
    if isinstance(kind, GraphQLEnumType):
        yield from ((f"{kind.name}.{name}", value.description) for name, value in kind.values.items())
    if isinstance(kind, GraphQLInputObjectType):
        yield from ((f"{kind.name}.{name}", field.description) for name, field in kind.fields.items())
    if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
        for name, field in kind.fields.items():
            yield f"{kind.name}.{name}", field.description
            yield from ((f"{kind.name}.{name}.{a}", argument.description) for a, argument in field.args.items())


def _arguments(directive: GraphQLDirective) -> Iterator[tuple[str, str | None]]:
    yield from ((f"@{directive.name}.{name}", argument.description) for name, argument in directive.args.items())


def undescribed(schema: GraphQLSchema) -> list[str]:
    return [place for place, words in places_of(schema) if not (words or "").strip()]


def in_the_way(schema: GraphQLSchema) -> list[str]:
    """Places whose own name is a reserved word of Kotlin or Swift."""
    return [place for place, _ in places_of(schema) if place.rpartition(".")[2] in RESERVED_WORDS]


def alike(schema: GraphQLSchema) -> list[str]:
    """Places that differ in case only from another place."""
    places = [place.lower() for place, _ in places_of(schema)]
    return [place for place, number in Counter(places).items() if number > 1]


def test_everything_is_described() -> None:
    assert undescribed(BUILT) == []


def test_no_name_is_a_reserved_word_of_kotlin_or_swift() -> None:
    assert in_the_way(BUILT) == []


def test_no_two_names_differ_in_case_only() -> None:
    assert alike(BUILT) == []


def test_every_scalar_says_where_it_is_specified() -> None:
    scalars = {t.name: t.specified_by_url for t in types_of(BUILT) if isinstance(t, GraphQLScalarType)}
    assert {"Month", "Date", "DateTime", "Decimal"} <= scalars.keys()
    assert [name for name, url in scalars.items() if not (url or "").startswith("https://")] == []


def test_a_moment_is_read_with_its_offset_only() -> None:
    """No argument takes one yet; the first that does gets this reader."""
    read = SCALARS[datetime].parse_value
    assert read is not None
    assert read("2019-06-05T09:00:00+08:00") == datetime(2019, 6, 5, 1, 0, tzinfo=UTC)
    for bad in ("2019-06-05T09:00:00", "yesterday", 0, None):
        with pytest.raises(BadScalar, match=r"^scalar\.moment$"):
            read(bad)


BAD = build_schema('''
"""All of it."""
type Query {
  """One."""
  unit(in: Int, """Its number.""" siNumber: String, """Too.""" sinumber: String): UNIT
  """A word."""
  when: Kind
}
"""A unit."""
type UNIT { name(input: UnitInput): String }
"""A unit too."""
type Unit {
  """A name."""
  name: String
}
"""An input."""
input UnitInput { self: Int }
"""A kind."""
enum Kind { open }
directive @cost(weight: Int) on FIELD_DEFINITION
''')


@pytest.mark.parametrize(
    ("found", "places"),
    [
        (undescribed(BAD), {"Query.unit.in", "UNIT.name", "UNIT.name.input", "UnitInput.self", "Kind.open", "@cost",
                            "@cost.weight"}),
        (in_the_way(BAD), {"Query.unit.in", "Query.when", "UnitInput.self", "Kind.open"}),
        (alike(BAD), {"query.unit.sinumber", "unit", "unit.name"}),
    ],
)  # fmt: skip
def test_the_walk_finds_what_is_wrong(found: list[str], places: set[str]) -> None:
    """Or that nothing was found would prove nothing."""
    assert set(found) == places
