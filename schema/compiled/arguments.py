"""Variables and arguments: coerced by the executor's own functions, those without a variable once for all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import NoneType
from typing import Any, TypeAlias

from graphql import (
    GraphQLArgument,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    ValueNode,
    VariableNode,
    Visitor,
    get_argument_values,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_leaf_type,
    is_non_null_type,
    visit,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities import coerce_input_value
from graphql.utilities.coerce_input_value import coerce_default_value
from strawberry import Schema
from strawberry.relay import GlobalID
from strawberry.types.arguments import convert_arguments
from strawberry.types.base import StrawberryOptional

from domain.month import Month
from schema.compiled.errors import NotCompiled, Unforeseen
from schema.compiled.info import NOTHING
from schema.compiled.selection import DEFINITION, Field

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


@dataclass(frozen=True)
class Known:
    """Arguments as the resolver takes them: constants, those that are a variable as it is, and all others."""

    constants: dict[str, Any]
    variables: list[Taken]
    other: Arguments | None = None
    """For the whole field, where an argument holds a variable within, or a value that could be changed."""

    def given(self, variables: VariableValues) -> dict[str, Any]:
        """Without those that are left out, for which the resolver has a default of its own."""
        found = {one.name: one.of(variables) for one in self.variables}
        return self.constants | {name: value for name, value in found.items() if value is not Undefined}


@dataclass(frozen=True)
class Taken:
    """An argument that is a variable, and nothing is done to its values."""

    name: str
    variable: str
    required: bool
    default: Any
    """Where the variable has no value; Undefined where the schema has none either."""

    @property
    def may_be_left_out(self) -> bool:
        return self.default is Undefined and not self.required

    def of(self, variables: VariableValues) -> Any:
        value = variables.coerced.get(self.variable, self.default)
        if self.required and (value is None or value is Undefined):
            raise Unforeseen
        return value


def known(schema: Schema, field: Field) -> Known:
    """What is known of a field's arguments before a request comes."""
    everything = _arguments_of(schema, field)
    assert field.graphql is not None
    given = {argument.name.value: argument.value for argument in field.node.arguments or ()}
    dependent = {name: value for name, value in given.items() if _has_variable(value)}
    taken = [
        _taken(schema, field, name, value)
        for name, value in dependent.items()
        if isinstance(value, VariableNode) and _is_as_it_is(field.graphql.args[name])
    ]
    if len(taken) < len(dependent):
        return Known({}, [], everything)
    constants = _arguments_of(schema, field, without=dependent)(NO_VARIABLES)
    return Known({}, [], everything) if any(map(_changeable, constants.values())) else Known(constants, taken)


def _taken(schema: Schema, field: Field, name: str, value: VariableNode) -> Taken:
    assert field.graphql is not None
    assert field.definition is not None
    argument, named = field.graphql.args[name], schema.config.name_converter.from_argument
    python_name = next(one.python_name for one in field.definition.arguments if named(one) == name)
    return Taken(python_name, value.name.value, is_non_null_type(argument.type), coerce_default_value(argument))


def _arguments_of(schema: Schema, field: Field, without: Collection[str] = ()) -> Arguments:
    """The field's arguments for given variables, by the executor's and Strawberry's own functions."""
    scalars = schema.schema_converter.scalar_registry
    assert field.graphql is not None
    declared = copy(field.graphql)
    declared.args = {name: argument for name, argument in field.graphql.args.items() if name not in without}

    def arguments(variables: VariableValues) -> dict[str, Any]:
        assert field.definition is not None
        values = get_argument_values(declared, field.node, variables)
        return convert_arguments(values, field.definition.arguments, scalars, schema.config, NOTHING)

    return arguments


def _is_as_it_is(argument: GraphQLArgument) -> bool:
    """Strawberry hands scalars and enums on; lists are copied, inputs built, and two kinds wrapped."""
    own = argument.extensions[DEFINITION]
    named = own.type.of_type if isinstance(own.type, StrawberryOptional) else own.type
    return is_leaf_type(get_nullable_type(argument.type)) and not own.is_maybe and named is not GlobalID


_FIXED = (NoneType, str, int, float, Decimal, date, Enum, Month)


def _changeable(value: object) -> bool:
    return not isinstance(value, _FIXED)


def given_to(field: Field) -> list[tuple[str, str]]:
    """What a resolver takes by name besides its arguments, each with what it is: the object or `info`."""
    resolver = field.definition.base_resolver if field.definition else None
    if resolver is None:
        return []
    wanted = ((resolver.parent_parameter, "o"), (resolver.root_parameter, "o"), (resolver.info_parameter, "info"))
    return [(parameter.name, what) for parameter, what in wanted if parameter]


def _has_variable(value: ValueNode) -> bool:
    found: list[VariableNode] = []

    class Look(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            found.append(node)

    visit(value, Look())
    return bool(found)
