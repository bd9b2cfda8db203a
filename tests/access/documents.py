"""Operations made from the schema, so that a new field is in them without anybody adding it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    Undefined,
    get_named_type,
    is_leaf_type,
)

from domain.vocabulary import Role
from schema.access import RULES
from schema.build import SCHEMA

GRAPH = SCHEMA._schema
WORDS: dict[str, Any] = {
    "siNumber": "370202000101",
    "idNumber": "370202194501010011",
    "username": "nobody-at-all",
    "occurredOn": "2019-09-01",
    "sha256": "a" * 64,
    "phone": "13900001111",
    "householdAddress": "青岛市市南区香港中路1号",
    "residenceAddress": "青岛市市南区香港中路1号",
    "contact": "0532-85911234",
    "first": 2,
}
"""What a value of that name may be, where the type alone does not say."""
LEAVES: dict[str, Any] = {
    "String": "一二三",
    "Int": 1,
    "Boolean": True,
    "Month": "2019-07",
    "Date": "2019-09-01",
    "Decimal": "1.00",
    "DateTime": "2019-09-01T09:00:00+08:00",
}
LEFT_OUT = {"version", "idempotencyKey", "after", "before", "last", "asOf", "search", "code"}
"""Options that would only make an operation fail for another reason; those asked for are given all the same."""
OPTIONS = {"version": 3, "asOf": "2019-08-25", "search": "外人021"}

Subject = Callable[[str], str]
"""The global id to put where an argument of that name asks for one."""


def roots() -> list[str]:
    """Every root field that is answered once, as `Query.viewer`. What is followed is tried in tests/sockets."""
    kinds = (GRAPH.query_type, GRAPH.mutation_type)
    return [f"{kind.name}.{name}" for kind in kinds if kind is not None for name in kind.fields]


_NODE = GRAPH.type_map["Node"]
assert isinstance(_NODE, GraphQLInterfaceType)
NODES = [kind.name for kind in GRAPH.get_possible_types(_NODE)]


def operation(
    root: str, role: Role | None, subject: Subject, node: str = "", options: Mapping[str, Any] | None = None
) -> tuple[str, dict[str, Any]]:
    """The root field with everything below it that the role may use, and its variables; of a node as that type.

    `options` are arguments by their names.
    """
    given_options = options or {}
    kind, name = root.split(".")
    field = _fields(GRAPH.type_map[kind])[name]
    variables = {
        arg: given_options.get(arg) if arg in LEFT_OUT else _value(arg, given.type, subject, given_options)
        for arg, given in field.args.items()
        if arg not in LEFT_OUT or arg in given_options
    }
    declared = ", ".join(f"${arg}: {field.args[arg].type}" for arg in variables)
    passed = ", ".join(f"{arg}: ${arg}" for arg in variables)
    head = f"{'query' if kind == 'Query' else 'mutation'}{f'({declared})' if declared else ''}"
    call = f"{name}({passed})" if passed else name
    return f"{head} {{ {call} {selection(field, role, frozenset(), given_options, node)} }}", variables


def _fields(kind: GraphQLNamedType) -> dict[str, GraphQLField]:
    assert isinstance(kind, GraphQLObjectType | GraphQLInterfaceType)
    fields: dict[str, GraphQLField] = kind.fields
    return fields


def selection(
    field: GraphQLField, role: Role | None, above: frozenset[str], options: Mapping[str, Any], node: str = ""
) -> str:
    """Everything below a field; no type a second time on the way down. All types of a node at once are too much."""
    kind = get_named_type(field.type)
    if is_leaf_type(kind):
        return ""
    parts = ["__typename", *_own(kind, role, above, options)]
    if isinstance(kind, GraphQLInterfaceType):
        for possible in (GRAPH.type_map[name] for name in ([node] if node else [])):
            own = _own(possible, role, above, options, apart=True)
            parts.append(f"... on {possible.name} {{ __typename {' '.join(own)} }}")
    return f"{{ {' '.join(parts)} }}"


def _own(
    kind: GraphQLNamedType, role: Role | None, above: frozenset[str], options: Mapping[str, Any], *, apart: bool = False
) -> Iterator[str]:
    """The fields of a type that the role may use; apart: under aliases, as types may differ in one's type."""
    for name, field in _fields(kind).items():
        rule = RULES.get(f"{kind.name}.{name}", frozenset())
        if (rule is None or role in rule) and get_named_type(field.type).name not in above | {kind.name}:
            alias = f"{kind.name}_{name}: " if apart else ""
            below = selection(field, role, above | {kind.name}, options)
            yield f"{alias}{name}{_given(field, options)} {below}"


def _given(field: GraphQLField, options: Mapping[str, Any] | None = None) -> str:
    """The arguments that a field must be given, or that are asked for, as literals."""
    chosen = {name: value for name, value in (options or {}).items() if name in field.args and name != "after"}
    texts = [f"{name}: {_literal(value, field.args[name].type)}" for name, value in chosen.items()]
    texts += [
        f"{name}: {_literal(_value(name, arg.type, lambda _: 'x'), arg.type)}"
        for name, arg in field.args.items()
        if name == "first" or (isinstance(arg.type, GraphQLNonNull) and arg.default_value is Undefined)
    ]
    return f"({', '.join(texts)})" if texts else ""


def _literal(value: Any, kind: GraphQLInputType) -> str:
    """A value as a literal of its type."""
    if isinstance(kind, GraphQLNonNull):
        return _literal(value, kind.of_type)
    if isinstance(kind, GraphQLList):
        return f"[{', '.join(_literal(one, kind.of_type) for one in value)}]"
    if isinstance(kind, GraphQLInputObjectType):
        return f"{{{', '.join(f'{name}: {_literal(one, kind.fields[name].type)}' for name, one in value.items())}}}"
    return str(value) if isinstance(kind, GraphQLEnumType) else json.dumps(value)


def _value(name: str, kind: GraphQLInputType, subject: Subject, options: Mapping[str, Any] | None = None) -> Any:
    options = options or {}
    if isinstance(kind, GraphQLNonNull):
        return _value(name, kind.of_type, subject, options)
    if isinstance(kind, GraphQLList):
        return [_value(name, kind.of_type, subject, options)]
    if isinstance(kind, GraphQLInputObjectType):
        return {
            field: options[field] if field in options else _value(field, given.type, subject, options)
            for field, given in kind.fields.items()
            if field not in LEFT_OUT or field in options
        }
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if kind.name == "ID":
        return subject(name)
    return WORDS.get(name, LEAVES[kind.name])


def ways() -> dict[str, str]:
    """A shortest way to every field, as a document; arguments are whatever validates."""
    found: dict[str, str] = {}
    for kind in (GRAPH.query_type, GRAPH.mutation_type, GRAPH.subscription_type):
        assert kind is not None
        found |= _below(kind, kind.name.lower(), found)
    return found


def _below(root: GraphQLNamedType, word: str, known: dict[str, str]) -> dict[str, str]:
    """The fields under a root that are not known yet; types are walked level by level."""
    found: dict[str, str] = {}
    level: list[tuple[GraphQLNamedType, str]] = [(root, f"{word} {{ HERE }}")]
    seen: set[str] = set()
    while level:
        following = []
        for owner, way in level:
            for name, field in _fields(owner).items() if owner.name not in seen else ():
                target, call = get_named_type(field.type), f"{name}{_given(field)}"
                leaf = is_leaf_type(target)
                found.setdefault(
                    f"{owner.name}.{name}", way.replace("HERE", call if leaf else f"{call} {{ __typename }}")
                )
                following += [
                    (kind, way.replace("HERE", step)) for kind, step in ([] if leaf else _steps(target, call))
                ]
            seen.add(owner.name)
        level = following
    return {field: way for field, way in found.items() if field not in known}


def _steps(target: GraphQLNamedType, call: str) -> list[tuple[GraphQLNamedType, str]]:
    """The types to which a field leads, and how one goes on from there."""
    steps = [(target, f"{call} {{ HERE }}")]
    if isinstance(target, GraphQLInterfaceType):
        steps += [(one, f"{call} {{ ... on {one.name} {{ HERE }} }}") for one in GRAPH.get_possible_types(target)]
    return steps
