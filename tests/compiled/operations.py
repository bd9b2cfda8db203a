"""Random reads over the schema: aliases, merged fields, fragments, directives, variables, bad ids and bad values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    get_named_type,
    is_leaf_type,
)

from domain.vocabulary import Role
from schema.access import RULES
from schema.build import SCHEMA

GRAPH = SCHEMA._schema
DEEPEST = 7
WORDS: dict[str, Sequence[Any]] = {
    "Int": (0, 1, 2, 3, 3, 20),
    "String": ("", "张三", "370202000101", "370202194501010011", "x"),
    "Boolean": (True, False),
    "Month": ("2019-06", "2019-07", "2019-08", "2019-12"),
    "Date": ("2019-06-05", "2019-07-31", "2019-08-31"),
    "Decimal": ("1.00",),
}
WRONG: dict[str, Sequence[Any]] = {"Int": (-1, 1000), "String": ("一" * 101,), "Month": ("2300-01",)}
"""Given now and then: an operation of many fields would hardly ever be without one."""
UNTIL = "2019-08-31"
"""The audit trail up to here: what is refused meanwhile is told to it later."""


@dataclass
class Operations:
    """Operations of one role, made by chance of what it may use, and now and then of what it may not."""

    chance: Random
    role: Role | None
    ids: Sequence[str]
    _variables: dict[str, tuple[str, Any]] = field(default_factory=dict)
    _fragments: list[str] = field(default_factory=list)
    _names: int = 0

    def made(self) -> tuple[str, dict[str, Any]]:
        """A document with its variables."""
        self._variables, self._fragments, self._names = {}, [], 0
        assert GRAPH.query_type is not None
        body = self._selection(GRAPH.query_type, 0)
        declared = ", ".join(f"${name}: {declared}" for name, (declared, _) in self._variables.items())
        head = f"query Read({declared})" if declared else "query Read"
        given = {name: value for name, (_, value) in self._variables.items() if value is not ...}
        return "\n".join([f"{head} {body}", *self._fragments]), given

    def _often(self, of_ten: int) -> bool:
        return self.chance.random() * 10 < of_ten

    def _rarely(self) -> bool:
        return self.chance.random() < 0.03

    def _name(self, kind: str) -> str:
        self._names += 1
        return f"{kind}{self._names}"

    def _selection(self, type_: GraphQLNamedType, depth: int) -> str:
        selected = [self._selected(type_, depth) for _ in range(self.chance.randint(1, 2 if depth == 0 else 5))]
        return f"{{ {' '.join(selected)} }}"

    def _selected(self, type_: Any, depth: int) -> str:
        if self._often(1):
            return f"__typename{self._directive()}"
        if isinstance(type_, GraphQLInterfaceType) and self._often(8):
            return self._fragment(self.chance.choice(GRAPH.get_possible_types(type_)), depth)
        if depth and self._often(1):
            return self._fragment(type_, depth)
        return self._field(type_, depth)

    def _fragment(self, type_: GraphQLNamedType, depth: int) -> str:
        body = self._selection(type_, depth)
        if self._often(3):
            return f"... on {type_.name}{self._directive()} {body}"
        name = self._name("Part")
        self._fragments.append(f"fragment {name} on {type_.name} {body}")
        spread = f"...{name}{self._directive()}"
        return f"{spread} {spread}" if self._often(2) else spread

    def _field(self, type_: Any, depth: int) -> str:
        usable = [(name, one) for name, one in type_.fields.items() if self._usable(type_, name, one, depth)]
        if not usable:
            return "__typename"
        name, chosen = self.chance.choice(usable)
        arguments = self._arguments(type_.name, name, chosen)
        alias = f"{self._name('a')}: " if arguments or self._often(2) else ""
        head = f"{alias}{name}{arguments}"
        if is_leaf_type(get_named_type(chosen.type)):
            return f"{head}{self._directive()}"
        below = get_named_type(chosen.type)
        written = f"{head}{self._directive()} {self._selection(below, depth + 1)}"
        return f"{written} {head} {self._selection(below, depth + 1)}" if self._often(1) else written

    def _usable(self, type_: Any, name: str, one: GraphQLField, depth: int) -> bool:
        if depth >= DEEPEST and not is_leaf_type(get_named_type(one.type)):
            return False
        rule = RULES[f"{type_.name}.{name}"]
        return rule is None or self.role in rule or self.chance.random() < 0.003

    def _directive(self) -> str:
        if not self._often(1):
            return ""
        value = self._variable("Boolean!", self._often(5)) if self._often(5) else self.chance.choice(("true", "false"))
        return f" @{self.chance.choice(('skip', 'include'))}(if: {value})"

    def _arguments(self, owner: str, name: str, one: GraphQLField) -> str:
        given = {
            argument: self._value(argument, declared)
            for argument, declared in one.args.items()
            if isinstance(declared.type, GraphQLNonNull) or self._often(3)
        }
        if "first" in given and not self._rarely():
            given.pop("last", None)  # to ask for both is wrong
        if f"{owner}.{name}" == "Query.auditTrail":
            given["through"] = json.dumps(UNTIL)
        return f"({', '.join(f'{argument}: {value}' for argument, value in given.items())})" if given else ""

    def _value(self, name: str, argument: GraphQLArgument) -> str:
        """Written into the document, or a variable: given, null, left out, or with a default."""
        value = self._random(name, argument.type)
        if self._often(5):
            return self._literal(argument.type, value)
        if isinstance(argument.type, GraphQLNonNull):
            return self._variable(str(argument.type), value)
        default = f" = {self._literal(argument.type, value)}" if self._often(2) else ""
        return self._variable(f"{argument.type}{default}", self.chance.choice((value, value, None, ...)))

    def _variable(self, declared: str, value: Any) -> str:
        name = self._name("v")
        self._variables[name] = (declared, value)
        return f"${name}"

    def _random(self, name: str, type_: GraphQLInputType) -> Any:
        if isinstance(type_, GraphQLNonNull):
            return self._random(name, type_.of_type)
        if isinstance(type_, GraphQLList):
            return [self._random(name, type_.of_type) for _ in range(self.chance.randint(0, 3))]
        if isinstance(type_, GraphQLEnumType):
            return self.chance.choice(list(type_.values))
        if name in ("after", "before"):
            return self.chance.choice(("cm9zdGVyOjE6MQ==", "x")) if self._rarely() else None
        named = get_named_type(type_).name
        if named == "ID":
            return self.chance.choice([*self.ids, "x"])
        return self.chance.choice(WRONG[named] if named in WRONG and self._rarely() else WORDS[named])

    def _literal(self, type_: GraphQLInputType, value: Any) -> str:
        if isinstance(get_named_type(type_), GraphQLEnumType):
            return json.dumps(value).replace('"', "")
        return json.dumps(value, ensure_ascii=False)
