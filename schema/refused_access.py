"""What a request was not shown or not allowed is recorded when the request ends: one entry, whatever it asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    Visitor,
    get_operation_ast,
    value_from_ast_untyped,
    visit,
)
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from resolvers import audit
from resolvers.errors import Forbidden
from schema import documents, ids
from schema.access import fields_used
from storage.database import SessionEnded

_NUMBERS = ("siNumber", "idNumber")
"""Arguments by which somebody may be named."""


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
            forbidden = list(self._forbidden())
            given = list(self._given()) if forbidden else []
            await audit.refused_access(context, asked_of(self.execution_context), forbidden, given, context.missed)
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

    def _given(self) -> Iterator[str]:
        """What the arguments of a refused operation name: objects by their ids, units and people by fingerprints."""
        execution = self.execution_context
        document, variables = execution.graphql_document, execution.variables or {}
        if document is None or not documents.of(execution).is_valid:
            return
        fingerprint = execution.context.gate.sealer.fingerprint
        for name, text in texts(document, variables):
            if name in _NUMBERS:
                yield f"{name} #{fingerprint(name, text)}"
            elif key := ids.decode(text):
                yield key.words()


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


class _Arguments(Visitor):
    """Gathers the arguments of every field of a document."""

    def __init__(self, variables: dict[str, Any]) -> None:
        super().__init__()
        self._variables = variables
        self.found: list[tuple[str, object]] = []

    def enter_argument(self, node: ArgumentNode, *_: object) -> None:
        self.found.append((node.name.value, value_from_ast_untyped(node.value, self._variables)))


def texts(document: DocumentNode, variables: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every text among the arguments of a document, with the name of its argument or input field."""
    arguments = _Arguments(variables)
    visit(document, arguments)
    to_read = arguments.found
    while to_read:
        name, value = to_read.pop()
        match value:
            case str():
                yield name, value
            case dict():
                to_read.extend(value.items())
            case list():
                to_read.extend((name, one) for one in value)
