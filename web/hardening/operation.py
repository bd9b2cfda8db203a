"""Which operation of a document is meant: the only one, or the one that the request names."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension


class NamedOperation(SchemaExtension):
    """Refuses to guess: Strawberry would run the first of several."""

    def on_parse(self) -> Iterator[None]:
        yield
        execution = self.execution_context
        definitions = execution.graphql_document.definitions if execution.graphql_document else ()
        names = [d.name.value if d.name else None for d in definitions if isinstance(d, OperationDefinitionNode)]
        if execution.graphql_document is not None and (wrong := _wrong(names, execution._provided_operation_name)):
            raise GraphQLError(wrong, extensions={"code": "OPERATION_NOT_FOUND"})


def _wrong(names: list[str | None], wanted: str | None) -> str | None:
    """What is wrong; without saying back what was sent."""
    if wanted is not None:
        return None if names.count(wanted) == 1 else "The document has no operation of that name."
    if not names:
        return "The document has no operation."
    return None if len(names) == 1 else "The document has several operations: say which with operationName."
