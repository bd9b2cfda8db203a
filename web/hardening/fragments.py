"""The fragments of a document, each after those that it spreads."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from graphql import DocumentNode, FragmentDefinitionNode, FragmentSpreadNode, SelectionSetNode


def in_order(document: DocumentNode) -> list[FragmentDefinitionNode]:
    """Linear in the document. Fragments of a cycle, and those that spread them, are left out: validation refuses them.

    Nothing here follows a spread, so a chain of fragments of any length needs no stack.
    """
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    waits = {name: set(_spreads(node.selection_set)) & fragments.keys() for name, node in fragments.items()}
    spread_by: dict[str, list[str]] = {name: [] for name in fragments}
    for name, needed in waits.items():
        for other in needed:
            spread_by[other].append(name)
    ready = deque(name for name, needed in waits.items() if not needed)
    ordered = []
    while ready:
        done = ready.popleft()
        ordered.append(fragments[done])
        for name in spread_by[done]:
            waits[name].discard(done)
            if not waits[name]:
                ready.append(name)
    return ordered


def _spreads(selections: SelectionSetNode) -> Iterator[str]:
    to_read = [selections]
    while to_read:
        for selection in to_read.pop().selections:
            if isinstance(selection, FragmentSpreadNode):
                yield selection.name.value
            elif selection.selection_set is not None:  # type: ignore[attr-defined]
                to_read.append(selection.selection_set)  # type: ignore[attr-defined]
