"""Of several operations in a document, one is named: none is run because it stands first."""

from __future__ import annotations

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension


class NamedOperation(SchemaExtension):
    def on_validate(self) -> Iterator[None]:
        execution = self.execution_context
        document = execution.graphql_document
        if document and execution._provided_operation_name is None:  # the public name falls back to the first one's
            operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
            if len(operations) > 1:
                said = "The document has several operations; say which: operationName."
                raise GraphQLError(said, extensions={"code": "OPERATION_NAME_REQUIRED"})
        yield
