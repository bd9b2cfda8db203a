"""Documents that were parsed, each with what was made of it: kept as long as the document is, and no longer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from graphql import (
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    get_operation_ast,
    visit,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.execution.values import VariableValues
from strawberry import Schema

from schema.compiled.arguments import Variables
from schema.compiled.errors import NotCompiled
from schema.compiled.selection import Selection
from schema.compiled.source import Source

VARIANTS = 16
"""Functions of one operation: one for each set of values of the variables by which something is skipped."""

Function: TypeAlias = Callable[..., Callable[[Any, Any], Any]]


class Document(DocumentNode):
    """A document known by itself: whatever is kept by it finds it without reading it through."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    @cached_property
    def reads(self) -> dict[tuple[Schema, str | None], Read | None]:
        """Its operations by schema and name, as far as they were asked for; None where one is not compiled."""
        return {}

    def read(self, schema: Schema, name: str | None) -> Read | None:
        key = (schema, name)
        if key not in self.reads:
            self.reads[key] = _read(schema, self, name)
        return self.reads[key]


Document.kind = DocumentNode.kind


def known(document: DocumentNode) -> Document:
    """The same document, by itself."""
    return Document(definitions=document.definitions, loc=document.loc)


@dataclass
class Read:
    """A query: its variables, and the functions that were compiled of it."""

    schema: Schema
    operation: OperationDefinitionNode
    fragments: Mapping[str, FragmentDetails]
    variables: Variables
    conditions: tuple[str, ...]
    """The variables by which something is skipped or included."""
    functions: dict[tuple[Any, ...], Function]
    given_up: bool = False

    def function(self, values: VariableValues) -> Function:
        """The function for these values; raises NotCompiled."""
        key = tuple(map(values.coerced.get, self.conditions))
        found = self.functions.get(key)
        if found is None:
            if len(self.functions) >= VARIANTS:
                raise NotCompiled
            found = self.functions[key] = self.source(values).function()
        return found

    def source(self, values: VariableValues) -> Source:
        """What the function is written as: for whoever wants to look at it."""
        selection = Selection(self.schema._schema, self.fragments, self.operation, values)
        return Source(self.schema, selection.root())


def _read(schema: Schema, document: Document, name: str | None) -> Read | None:
    operation = get_operation_ast(document, name)
    if operation is None or operation.operation is not OperationType.QUERY:
        return None
    found = {d.name.value: FragmentDetails(d) for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    try:
        variables = Variables(schema._schema, operation)
        return Read(schema, operation, found, variables, _conditions(document), {})
    except NotCompiled:
        return None


def _conditions(document: DocumentNode) -> tuple[str, ...]:
    """The variables in `@skip` and `@include`; no other directive is compiled."""
    found: dict[str, None] = {}

    class Look(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            if node.name.value not in ("skip", "include"):
                raise NotCompiled
            values = [argument.value for argument in node.arguments or ()]
            found.update({value.name.value: None for value in values if isinstance(value, VariableNode)})

    visit(document, Look())
    return tuple(found)
