"""Variables and arguments: coerced by the executor's own functions, those without a variable once for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    VariableNode,
    Visitor,
    get_argument_values,
    get_named_type,
    is_input_object_type,
    is_non_null_type,
    visit,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities import coerce_input_value
from graphql.utilities.coerce_input_value import coerce_default_value
from strawberry import Schema
from strawberry.schema.schema_converter import get_arguments

from schema.compiled.errors import NotCompiled, Unforeseen
from schema.compiled.info import NOTHING
from schema.compiled.selection import Field

Arguments: TypeAlias = Callable[[VariableValues], dict[str, Any]]

NO_VARIABLES = VariableValues({}, {})


class Variables:
    """The variables of an operation: their types are looked up once."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._signatures = [_signature(schema, node) for node in operation.variable_definitions or ()]

    def coerced(self, given: Mapping[str, Any]) -> VariableValues:
        """As the executor coerces them; Unforeseen where it would refuse one."""
        values = VariableValues({}, {})
        for signature in self._signatures:
            value = given.get(signature.name, Undefined)
            values.sources[signature.name] = VariableValueSource(signature, value)
            if value is not Undefined:
                value = coerce_input_value(value, signature.type)
            elif signature.default is not None:
                value = coerce_default_value(signature)
            elif not is_non_null_type(signature.type):
                continue
            if value is Undefined:
                raise Unforeseen
            values.coerced[signature.name] = value
        return values


def _signature(schema: GraphQLSchema, node: Any) -> GraphQLVariableSignature:
    found = get_variable_signature(schema, node)
    if isinstance(found, GraphQLError) or is_input_object_type(get_named_type(found.type)):
        raise NotCompiled
    return found


def constant(schema: Schema, field: Field) -> dict[str, Any] | None:
    """The field's arguments as its resolver takes them; None where they depend on variables, or could be changed."""
    if _has_variable(field.node):
        return None
    found = arguments_of(schema, field)(NO_VARIABLES)
    changeable = any(isinstance(value, list | dict) or hasattr(value, "__dict__") for value in found.values())
    return None if changeable else found


def arguments_of(schema: Schema, field: Field) -> Arguments:
    """The same for given variables."""
    converter = schema.schema_converter

    def arguments(variables: VariableValues) -> dict[str, Any]:
        assert field.graphql is not None
        assert field.definition is not None
        _, converted = get_arguments(
            field=field.definition,
            source=None,
            info=NOTHING,
            kwargs=get_argument_values(field.graphql, field.node, variables),
            config=schema.config,
            scalar_registry=converter.scalar_registry,
        )
        for name in _of_the_request(field):
            converted.pop(name, None)
        return converted

    return arguments


def _of_the_request(field: Field) -> list[str]:
    """The parameters of the resolver that are no arguments: what the writer of the source fills in."""
    assert field.definition is not None
    return [name for name, _ in given_to(field)]


def given_to(field: Field) -> list[tuple[str, str]]:
    """What a resolver takes by name besides its arguments, each with what it is: the object or `info`."""
    resolver = field.definition.base_resolver if field.definition else None
    if resolver is None:
        return []
    wanted = ((resolver.parent_parameter, "o"), (resolver.root_parameter, "o"), (resolver.info_parameter, "info"))
    return [(parameter.name, what) for parameter, what in wanted if parameter]


def _has_variable(node: FieldNode) -> bool:
    found: list[VariableNode] = []

    class Look(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            found.append(node)

    for argument in node.arguments or ():
        visit(argument, Look())
    return bool(found)
