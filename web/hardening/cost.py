"""What an operation may cost, known before it runs: a small function of its variables, made once a document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SchemaMetaFieldDef,
    SelectionSetNode,
    TypeMetaFieldDef,
    TypeNameMetaFieldDef,
    ValueNode,
    VariableNode,
    get_named_type,
    value_from_ast_untyped,
)
from graphql import is_list_type as is_list
from graphql import is_non_null_type as is_non_null

from web.hardening.fragments import in_order
from web.hardening.weights import ACT, ACT_ROW, ARGUMENTS, BY_ID, LISTS, ROW, ROWS, STATEMENT, WEIGHTS

Variables: TypeAlias = dict[str, Any]
Size: TypeAlias = Callable[[Variables], int]
"""How many rows a field is asked for, by the variables."""

_META = {"__schema": SchemaMetaFieldDef, "__type": TypeMetaFieldDef, "__typename": TypeNameMetaFieldDef}


@dataclass(frozen=True, slots=True)
class Pages:
    """The rows of a page unless asked otherwise, and at most: more is refused where it is read."""

    usual: int
    most: int


@dataclass(eq=False, slots=True)
class Step:
    """A sum that hangs on the variables: points, and other sums, each so many times."""

    place: int
    fixed: int
    parts: list[tuple[Size, Sum]] = field(default_factory=list)


Sum: TypeAlias = int | Step


class Cost(NamedTuple):
    """Of a selection set: once, and for each row that the field above it is asked for."""

    once: Sum
    each: Sum


@dataclass(frozen=True, slots=True)
class Price:
    """The cost of an operation. Every step is worked out once, however often its fragment is spread."""

    steps: tuple[Step, ...]
    total: Sum
    defaults: dict[str, Any]

    def of(self, variables: Variables | None) -> int:
        """In points, for these variables."""
        given = {**self.defaults, **(variables or {})}
        values: list[int] = []
        for step in self.steps:
            values.append(step.fixed + sum(size(given) * _worth(part, values) for size, part in step.parts))
        return _worth(self.total, values)


def price(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, pages: Pages) -> Price:
    """Of an operation of a valid document."""
    pricing = _Pricing(schema, pages)
    for fragment in in_order(document):
        pricing.fragment(fragment)
    root = schema.get_root_type(operation.operation)
    assert root is not None  # the document was validated
    once, each = pricing.of(operation.selection_set, root)
    total = pricing.sum(0, [(_ONE, once), (_ONE, each)])
    return Price(tuple(pricing.steps), total, _defaults(operation))


class _Pricing:
    """Makes the steps of one operation, each after those that it needs."""

    def __init__(self, schema: GraphQLSchema, pages: Pages) -> None:
        self.steps: list[Step] = []
        self._schema = schema
        self._pages = pages
        self._fragments: dict[str, Cost] = {}
        self._on: dict[str, str] = {}

    def fragment(self, fragment: FragmentDefinitionNode) -> None:
        owner = self._schema.type_map[fragment.type_condition.name.value]
        self._fragments[fragment.name.value] = self.of(fragment.selection_set, owner)
        self._on[fragment.name.value] = owner.name

    def of(self, selections: SelectionSetNode, owner: GraphQLNamedType) -> Cost:
        costs: list[Cost] = []
        for selection in selections.selections:
            match selection:
                case FieldNode():
                    costs.append(self._field(selection, owner))
                case InlineFragmentNode():
                    condition = selection.type_condition
                    on = self._schema.type_map[condition.name.value] if condition else owner
                    costs += [self.of(selection.selection_set, on), Cost(_by_id(owner, on.name), 0)]
                case FragmentSpreadNode():
                    name = selection.name.value
                    costs += [self._fragments[name], Cost(_by_id(owner, self._on[name]), 0)]
        once = self.sum(0, [(_ONE, cost.once) for cost in costs])
        return Cost(once, self.sum(0, [(_ONE, cost.each) for cost in costs]))

    def _field(self, node: FieldNode, owner: GraphQLNamedType) -> Cost:
        """Rows bubble up to the field that is asked for a number of them."""
        definition = _META.get(node.name.value) or owner.fields[node.name.value]  # type: ignore[attr-defined]
        name = f"{owner.name}.{node.name.value}"
        named = get_named_type(definition.type)
        inner = self.of(node.selection_set, named) if node.selection_set else Cost(0, 0)
        asked = asked_for(name, definition, node, self._pages)
        weight = _weight(name, node, named)
        if name in ROWS:
            return Cost(0, self.sum(ROW, [(_ONE, inner.once), (_ONE, inner.each)]))
        if asked is None:
            many = _Times(LISTS[name] if is_a_list(definition) else 1)
            return Cost(self.sum(weight, [(many, inner.once)]), self.sum(0, [(many, inner.each)]))
        each = self.sum(_row(name, definition), [(_ONE, inner.each)])
        if is_a_list(definition):  # `nodes`: the field is itself the list
            return Cost(self.sum(weight, [(asked, self.sum(ROW, [(_ONE, inner.once)]))]), 0)
        return Cost(self.sum(weight, [(_ONE, inner.once), (asked, each)]), 0)

    def sum(self, fixed: int, parts: list[tuple[Size, Sum]]) -> Sum:
        """A number where nothing hangs on the variables, else a step."""
        left = []
        for size, part in parts:
            if isinstance(part, int) and isinstance(size, _Times):
                fixed += size.number * part
            elif part != 0:
                left.append((size, part))
        if not left:
            return fixed
        step = Step(len(self.steps), fixed, left)
        self.steps.append(step)
        return step


def _by_id(owner: GraphQLNamedType, type_: str) -> int:
    """What looking at an object costs that may have been found by its id, not in a list that was paid for."""
    return BY_ID.get(type_, 0) if owner.name != type_ else 0


@dataclass(frozen=True, slots=True)
class _Times:
    number: int

    def __call__(self, _: Variables) -> int:
        return self.number


_ONE = _Times(1)


def is_a_list(definition: GraphQLField) -> bool:
    kind = definition.type
    return is_list(kind.of_type if is_non_null(kind) else kind)


def asked_for(name: str, definition: GraphQLField, node: FieldNode, pages: Pages) -> Size | None:
    """How many rows a field is asked for; None where it is not one to be asked for rows."""
    values = {argument.name.value: argument.value for argument in node.arguments or ()}
    if "first" in definition.args:
        return _sized([values.get("first"), values.get("last")], lambda given: _page(given, pages))
    if name == "Query.nodes":
        return _sized([values.get("ids")], lambda given: min(_length(given[0]), pages.most))
    if name.startswith("Mutation."):
        return _sized([values.get("input")], lambda given: max(1, min(_rows(given[0]), pages.most)))
    return None


def _sized(nodes: list[ValueNode | None], size: Callable[[list[Any]], int]) -> Size:
    """The size by the values of arguments: a number at once where no variable is among them."""
    if not any(node is not None and _varies(node) for node in nodes):
        return _Times(size([_value(node, {}) for node in nodes]))
    return lambda variables: size([_value(node, variables) for node in nodes])


def _value(node: ValueNode | None, variables: Variables) -> Any:
    return None if node is None else value_from_ast_untyped(node, variables)


def _varies(node: ValueNode) -> bool:
    to_read: list[Any] = [node]
    while to_read:
        value = to_read.pop()
        if isinstance(value, VariableNode):
            return True
        to_read.extend(getattr(value, "values", ()))
        to_read.extend(part.value for part in getattr(value, "fields", ()))
    return False


def _page(given: list[Any], pages: Pages) -> int:
    """An Int may be written 200.0 in the variables. What is no number is refused where it is read."""
    numbers = [int(one) for one in given if isinstance(one, int) or (isinstance(one, float) and isfinite(one))]
    return max(0, min(max(numbers), pages.most)) if numbers else pages.usual


def _length(given: Any) -> int:
    return len(given) if isinstance(given, list) else 1


def _rows(given: Any) -> int:
    """The items of the longest list of an input."""
    lists = [value for value in given.values() if isinstance(value, list)] if isinstance(given, dict) else []
    return max(map(len, lists), default=0)


def _row(name: str, definition: GraphQLField) -> int:
    return ACT_ROW if name.startswith("Mutation.") else 0


def _weight(name: str, node: FieldNode, named: GraphQLNamedType) -> int:
    usual = {"Query": STATEMENT, "Mutation": ACT}.get(name.partition(".")[0], 1)
    if name.startswith("__") and node.selection_set is None:
        usual = 0  # a leaf of the introspection
    return WEIGHTS.get(name, usual) + sum(ARGUMENTS.get(argument.name.value, 0) for argument in node.arguments or ())


def _worth(part: Sum, values: list[int]) -> int:
    return part if isinstance(part, int) else values[part.place]


def _defaults(operation: OperationDefinitionNode) -> dict[str, Any]:
    return {
        declared.variable.name.value: value_from_ast_untyped(declared.default_value)
        for declared in operation.variable_definitions or ()
        if declared.default_value is not None
    }
