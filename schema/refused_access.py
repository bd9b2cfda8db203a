"""What a request was not shown or not allowed is recorded when the request ends: one entry, whatever it asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from graphql import ExecutionResult, FieldNode
from strawberry.extensions import SchemaExtension

from resolvers import audit
from resolvers.errors import Forbidden


class RefusedAccess(SchemaExtension):
    """Fields that the role may not use, and ids that lead to nothing the account may see."""

    async def on_operation(self) -> AsyncIterator[None]:
        yield
        context = self.execution_context.context
        if context.caller is not None:
            await audit.refused_access(context, list(self._forbidden()), context.not_found)

    def _forbidden(self) -> Iterator[str]:
        """The fields, be they refused before anything ran or by what was found."""
        result = self.execution_context.result
        errors = result.errors if isinstance(result, ExecutionResult) else None
        for error in (*(errors or ()), *(self.execution_context.pre_execution_errors or ())):
            if isinstance(error.original_error, Forbidden):
                yield from (node.name.value for node in error.nodes or () if isinstance(node, FieldNode))
