"""The shape of a document: how deep, how broad, how often. Counted before it is validated, in linear time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from web.hardening.fragments import in_order
from web.hardening.limits import Limits, refusal


@dataclass(slots=True)
class Shape:
    """The most that any operation or fragment of a document has of each."""

    operations: int = 0
    fragments: int = 0
    depth: int = 0
    breadth: int = 0
    fields: int = 0
    root_fields: int = 0
    aliases: int = 0
    directives: int = 0
    duplicates: int = 0


def excess(shape: Shape, limits: Limits) -> GraphQLError | None:
    """The first limit that the shape goes beyond."""
    for one in fields(Shape):
        requested, limit = getattr(shape, one.name), getattr(limits, one.name)
        if requested > limit:
            return refusal(one.name, requested, limit)
    return None


def measure(document: DocumentNode) -> Shape:
    """Each selection is looked at once, however often its fragment is spread."""
    counting = _Counting()
    for fragment in in_order(document):
        counting.fragments[fragment.name.value] = counting.of(fragment.selection_set)
    parts = list(counting.fragments.values())
    shape = Shape(fragments=sum(isinstance(d, FragmentDefinitionNode) for d in document.definitions))
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            part = counting.of(operation.selection_set)
            part.directives += len(operation.directives or ())
            shape.operations += 1
            shape.root_fields = max(shape.root_fields, part.width)
            parts.append(part)
    for name in ("depth", "breadth", "fields", "aliases", "directives", "duplicates"):
        setattr(shape, name, max((getattr(part, name) for part in parts), default=0))
    return shape


@dataclass(slots=True)
class _Part:
    """Of one selection set; fragments count wherever they are spread."""

    width: int = 0
    breadth: int = 0
    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    duplicates: int = 0

    def take(self, inner: _Part) -> None:
        """What lies below."""
        self.breadth = max(self.breadth, inner.breadth)
        self.fields += inner.fields
        self.aliases += inner.aliases
        self.directives += inner.directives
        self.duplicates += inner.duplicates


class _Counting:
    """What the fragments read so far have; one that is in none of them is in a cycle or nowhere, and counts nothing."""

    def __init__(self) -> None:
        self.fragments: dict[str, _Part] = {}

    def of(self, selections: SelectionSetNode) -> _Part:
        names = Counter[tuple[str, str]]()
        part = self._set(selections, names, "")
        part.duplicates += names.total() - len(names)
        return part

    def _set(self, selections: SelectionSetNode, names: Counter[tuple[str, str]], on: str) -> _Part:
        """The names are those of all selections that are merged here, each on its type."""
        part = _Part()
        for selection in selections.selections:
            part.directives += len(selection.directives or ())
            self._selection(part, selection, names, on)
        part.breadth = max(part.breadth, part.width)
        return part

    def _selection(self, part: _Part, selection: SelectionNode, names: Counter[tuple[str, str]], on: str) -> None:
        match selection:
            case FieldNode():
                names[on, (selection.alias or selection.name).value] += 1
                part.width += 1
                part.fields += 1
                part.aliases += selection.alias is not None
                inner = self.of(selection.selection_set) if selection.selection_set else _Part()
                part.depth = max(part.depth, 1 + inner.depth)
            case InlineFragmentNode(type_condition=condition):
                inner = self._set(selection.selection_set, names, condition.name.value if condition else on)
                self._spread(part, inner)
            case FragmentSpreadNode():
                inner = self.fragments.get(selection.name.value, _Part())
                self._spread(part, inner)
            case _:
                return
        part.take(inner)

    def _spread(self, part: _Part, inner: _Part) -> None:
        """A fragment's fields stand where it is spread."""
        part.width += inner.width
        part.depth = max(part.depth, inner.depth)
