"""What a request was not shown or not allowed is recorded when the request ends: one entry, whatever it asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

from graphql import ExecutionResult, FieldNode, GraphQLError, get_operation_ast
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from resolvers import audit
from resolvers.errors import Forbidden
from schema import documents
from schema.access import fields_used
from storage.database import SessionEnded


class RefusedAccess(SchemaExtension):
    """Fields that the role may not use, ids that lead to nothing the account may see, sessions that have ended."""

    async def on_operation(self) -> AsyncIterator[None]:
        yield
        context = self.execution_context.context
        if context.caller is None:
            return
        try:
            if any(isinstance(error.original_error, SessionEnded) for error in self._errors()):
                raise SessionEnded
            await audit.refused_access(
                context, asked_of(self.execution_context), list(self._forbidden()), context.missed
            )
        except SessionEnded:
            await audit.ended_session(context, context.caller)

    def _errors(self) -> Sequence[GraphQLError]:
        result = self.execution_context.result
        errors = result.errors if isinstance(result, ExecutionResult) else None
        return (*(errors or ()), *(self.execution_context.pre_execution_errors or ()))

    def _forbidden(self) -> Iterator[str]:
        """The fields, be they refused before anything ran or by what was found."""
        for error in self._errors():
            if isinstance(error.original_error, Forbidden):
                yield from (node.name.value for node in error.nodes or () if isinstance(node, FieldNode))


def asked_of(execution: ExecutionContext) -> list[str]:
    """The root fields of the operation, where the document is valid."""
    document = execution.graphql_document
    operation = get_operation_ast(document, execution.operation_name) if document else None
    if document is None or operation is None or not documents.of(execution).is_valid:
        return []
    schema = execution.schema._schema
    root = schema.get_root_type(operation.operation)
    used = (field.split(".") for field in fields_used(execution, operation))
    return [name for owner, name in used if root and owner == root.name]
