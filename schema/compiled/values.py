"""Values as the answer has them, by the schema's own functions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import date
from enum import EnumType
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLString,
    Undefined,
)

from domain.month import Month
from schema.compiled.errors import Unforeseen
from schema.compiled.info import NOTHING

AS_IT_IS: dict[GraphQLScalarType, str] = {
    GraphQLString: "type({}) is str",
    GraphQLID: "type({}) is str",
    GraphQLBoolean: "type({}) is bool",
    GraphQLInt: "type({0}) is int and -2147483648 <= {0} <= 2147483647",
}
"""When a value of these scalars is written as it is; every other goes through the scalar's own function."""

REMEMBERED: dict[str, type] = {"Month": Month, "Date": date}
"""Scalars of few values whose texts are remembered, and the type of those: equal ones are written alike."""


def serialised(leaf: GraphQLLeafType) -> Callable[[Any], Any]:
    """The type's own function; it raises for whatever would be null, or an error."""
    own, known = leaf.coerce_output_value, set[type]()

    def serialise(value: Any) -> Any:
        if type(value) not in known:
            known.add(_plain(value))
        written = own(value)
        if written is None or written is Undefined:
            raise Unforeseen
        return written

    return serialise


def names_of(enum: GraphQLEnumType, members: EnumType) -> dict[Any, str]:
    """Each member of the Python enum with its name in the schema."""
    return {member: enum.coerce_output_value(member) for member in list[Any](members)}


def are_called_by_their_names(enum: GraphQLEnumType, members: EnumType) -> bool:
    """Whether a member's name in Python is its name in the schema: it is read faster than looked up."""
    return all(name == member._name_ for member, name in names_of(enum, members).items())


def fits(type_: GraphQLObjectType) -> Callable[[Any], None]:
    """Raises for what is not of the type, as its own check says."""

    known = set[type]()

    def check(value: Any) -> None:
        if type(value) in known:
            return
        _plain(value)
        if type_.is_type_of is None:
            known.add(type(value))
        elif not type_.is_type_of(value, NOTHING):
            raise Unforeseen

    return check


def listed(value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise Unforeseen
    return value


def _plain(value: Any) -> type:
    """The type of a value that is there: neither missing, nor a failure, nor still to be awaited."""
    if isinstance(value, Coroutine):
        value.close()  # or Python would complain that nobody awaits it
    if value is None or value is Undefined or isinstance(value, Exception | Awaitable):
        raise Unforeseen
    return type(value)
