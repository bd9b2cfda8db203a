"""What an operation selects, with the executor's own rules for fragments, directives and fields of the same name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from inspect import isasyncgenfunction
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from schema.compiled.errors import NotCompiled

LARGEST = 2000  # fields; a larger operation is not worth its function
DEFINITION = "strawberry-definition"


@dataclass(frozen=True)
class Object:
    """An object type and the fields to answer of it."""

    type: GraphQLObjectType
    fields: list[Field]


@dataclass(frozen=True)
class Field:
    """A field under the key that the client gave it; `__typename` has no definition."""

    key: str
    node: FieldNode
    graphql: GraphQLField | None
    definition: StrawberryField | None
    objects: list[Object]
    """What is selected of its value, for each type that this may have."""


class Selection:
    """Reads an operation. The variables are those that say what is skipped; no other is looked at."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDetails],
        operation: OperationDefinitionNode,
        variables: VariableValues,
    ) -> None:
        self._given = (schema, dict(fragments), variables)
        self._operation = operation
        self._schema = schema
        self._left = LARGEST

    def root(self) -> Object:
        query = self._schema.query_type
        assert query is not None
        schema, fragments, variables = self._given
        return self._object(query, collect_fields(schema, fragments, variables, query, self._operation)[0])

    def _object(self, type_: GraphQLObjectType, grouped: Mapping[str, list[FieldDetails]]) -> Object:
        return Object(type_, [self._field(type_, key, details) for key, details in grouped.items()])

    def _field(self, owner: GraphQLObjectType, key: str, details: list[FieldDetails]) -> Field:
        node = details[0].node
        self._left -= 1
        if self._left < 0 or any(one.fragment_variable_values or one.defer_usage for one in details):
            raise NotCompiled
        if node.name.value == "__typename":
            return Field(key, node, None, None, [])
        field = owner.fields.get(node.name.value)
        if field is None:  # introspection
            raise NotCompiled
        objects = [self._below(type_, details) for type_ in self._possible(get_named_type(field.type))]
        return Field(key, node, field, _known(field), objects)

    def _below(self, type_: GraphQLObjectType, details: list[FieldDetails]) -> Object:
        schema, fragments, variables = self._given
        grouped = collect_subfields(schema, fragments, variables, self._operation, type_, details)[0]
        return self._object(type_, grouped)

    def _possible(self, type_: GraphQLNamedType) -> list[GraphQLObjectType]:
        if isinstance(type_, GraphQLObjectType):
            return [type_]
        if isinstance(type_, GraphQLInterfaceType) and _definition(type_).resolve_type is None:
            return list(self._schema.get_possible_types(type_))
        if is_leaf_type(type_):
            return []
        raise NotCompiled


def _known(field: GraphQLField) -> StrawberryField:
    """The field as Strawberry has it, with nothing around its resolver."""
    definition = field.extensions.get(DEFINITION)
    if not isinstance(definition, StrawberryField) or definition.extensions or definition.is_subscription:
        raise NotCompiled
    resolver = definition.base_resolver
    if resolver is None and definition.default_resolver is not getattr:
        raise NotCompiled
    if resolver is not None and (not callable(resolver.wrapped_func) or isasyncgenfunction(resolver.wrapped_func)):
        raise NotCompiled
    return definition


def _definition(type_: GraphQLNamedType) -> StrawberryObjectDefinition:
    definition: Any = type_.extensions.get(DEFINITION)
    if not isinstance(definition, StrawberryObjectDefinition):
        raise NotCompiled
    return definition


def class_of(type_: GraphQLObjectType) -> type | None:
    """The Python class whose own instances are always of the type; None where the type has a check of its own."""
    definition = _definition(type_)
    return None if definition.is_type_of is not None else (definition.concrete_of or definition).origin
