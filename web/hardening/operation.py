"""Which operation of a document is meant: the only one, or the one that the request names."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension

from schema.messages import say


class NamedOperation(SchemaExtension):
    """Refuses to guess: Strawberry would run the first of several."""

    def on_parse(self) -> Iterator[None]:
        yield
        execution = self.execution_context
        definitions = execution.graphql_document.definitions if execution.graphql_document else ()
        names = [d.name.value if d.name else None for d in definitions if isinstance(d, OperationDefinitionNode)]
        if execution.graphql_document is not None and (wrong := _wrong(names, execution._provided_operation_name)):
            raise GraphQLError(say(wrong), extensions={"code": "OPERATION_NOT_FOUND"})


def _wrong(names: list[str | None], wanted: str | None) -> str | None:
    """What is wrong, as a key of the catalogues; without saying back what was sent."""
    if wanted is not None:
        return None if names.count(wanted) == 1 else "document.no_such_operation"
    if not names:
        return "document.no_operation"
    return None if len(names) == 1 else "document.several_operations"
