"""What a change of the schema takes from clients. The rules are docs/schema-policy.md."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from graphql import (
    REMOVE,
    ConstDirectiveNode,
    DocumentNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    GraphQLSchema,
    InputValueDefinitionNode,
    Node,
    StringValueNode,
    TypeDefinitionNode,
    Visitor,
    build_ast_schema,
    find_breaking_changes,
    find_dangerous_changes,
    parse,
    visit,
)

NOTICE = timedelta(days=180)
"""How long something stays at least, once it is deprecated."""

_REASON = re.compile(r"Until (\d{4}-\d{2}-\d{2}): \S")
_MEMBERS = (FieldDefinitionNode, InputValueDefinitionNode, EnumValueDefinitionNode)


def objections(released: str, built: str, today: date) -> list[str]:
    """Why the schema may not follow the released one: breaking changes, and deprecations without their term."""
    due = _without_what_is_over(parse(released), today)
    breaking = [change.description for change in find_breaking_changes(due, build_ast_schema(parse(built)))]
    return breaking + list(_misdated(parse(released), parse(built), today))


def warnings(released: str, built: str) -> list[str]:
    """Changes that a client may notice: another default, one more value of an enum."""
    old, new = build_ast_schema(parse(released)), build_ast_schema(parse(built))
    return [change.description for change in find_dangerous_changes(old, new)]


def _without_what_is_over(released: DocumentNode, today: date) -> GraphQLSchema:
    """The released schema without what was deprecated until a day that has passed, and without the types it led to."""
    kept = visit(released, _Pruned({id(node) for node, until in _deprecated(released) if until and until < today}))
    gone = _reachable(released) - _reachable(kept)
    definitions = [d for d in kept.definitions if not (isinstance(d, TypeDefinitionNode) and d.name.value in gone)]
    return build_ast_schema(DocumentNode(definitions=tuple(definitions)), assume_valid=True)


class _Pruned(Visitor):
    def __init__(self, over: set[int]) -> None:
        super().__init__()
        self._over = over

    def enter(self, node: Node, *_: object) -> object:
        return REMOVE if id(node) in self._over else None


def _reachable(document: DocumentNode) -> set[str]:
    """The types that a selection can lead to."""
    schema = build_ast_schema(document, assume_valid=True)
    return set(GraphQLSchema(schema.query_type, schema.mutation_type, schema.subscription_type).type_map)


def _misdated(released: DocumentNode, built: DocumentNode, today: date) -> Iterator[str]:
    """Deprecations that do not say until when, give too little time, or less than a release gave."""
    known = {_place(path): _until(path[-1]) for path in _paths(released)}
    for path in _paths(built):
        name, until = _place(path), _until(path[-1])
        if until is None:
            yield f'{name} is deprecated without a term: the reason reads "Until YYYY-MM-DD: use … instead."'
        elif name not in known and until < today + NOTICE:
            yield f"{name} is deprecated for less than {NOTICE.days} days."
        elif (given := known.get(name)) is not None and until < given:
            yield f"{name} is deprecated until {given}, and that day is not brought forward."


def _deprecated(document: DocumentNode) -> Iterator[tuple[Node, date | None]]:
    for path in _paths(document):
        yield path[-1], _until(path[-1])


def _paths(document: DocumentNode) -> Iterator[tuple[Node, ...]]:
    """The way to each deprecated field, argument, input field and value."""
    to_read: list[tuple[Node, ...]] = [(definition,) for definition in document.definitions]
    while to_read:
        path = to_read.pop()
        if isinstance(path[-1], _MEMBERS) and _deprecation(path[-1]) is not None:
            yield path
        for part in ("fields", "arguments", "values"):
            to_read += [(*path, member) for member in getattr(path[-1], part, None) or ()]


def _place(path: tuple[Node, ...]) -> str:
    return ".".join(node.name.value for node in path)  # type: ignore[attr-defined]


def _deprecation(node: Node) -> ConstDirectiveNode | None:
    return next((d for d in getattr(node, "directives", None) or () if d.name.value == "deprecated"), None)


def _until(node: Node) -> date | None:
    """The last day of a deprecated member; None where the reason does not say it."""
    found = _deprecation(node)
    reasons = [a.value.value for a in found.arguments or () if isinstance(a.value, StringValueNode)] if found else []
    said = _REASON.match(reasons[0]) if reasons else None
    try:
        return date.fromisoformat(said[1]) if said else None
    except ValueError:
        return None
