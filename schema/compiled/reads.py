"""Where the executor is entered: a compiled read runs as its function, everything else as ever.

What goes wrong in a compiled read is thrown away as a whole, and the operation runs once more, by the ordinary
executor, from a context in which nothing was asked yet: so errors, their paths and nulls are that executor's own.
What took too long is not asked a second time: it fails there as it has failed here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol

from graphql import DocumentNode, ExecutionResult
from graphql.execution.middleware import MiddlewareManager
from graphql.pyutils import AwaitableOrValue
from strawberry import Schema
from strawberry.utils.await_maybe import await_maybe

from schema.compiled.document import Document, Read
from schema.compiled.errors import Lacking, NotCompiled
from schema.compiled.info import info_of
from schema.compiled.pending import Later, completed, finished
from schema.compiled.stopped import Stopped, retelling

Execute = Callable[..., AwaitableOrValue[ExecutionResult]]


class Context(Protocol):
    compiled: bool
    """Whether a compiled read asks."""

    def forget(self) -> None:
        """Be as before anything was asked."""

    def done(self) -> None:
        """Nothing more is asked."""


class Reads:
    """Runs operations of a schema; `taken` counts how: compiled, ordinary, or ordinary after all."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self.taken: Counter[str] = Counter()

    def over(self, ordinary: Execute) -> Execute:
        """The same as the ordinary executor's `execute`."""

        def execute(_: Any, document: DocumentNode, **given: Any) -> AwaitableOrValue[ExecutionResult]:
            def as_ever(**other: Any) -> AwaitableOrValue[ExecutionResult]:
                return ordinary(self._schema._schema, document, **{**given, **other})

            if (failed := getattr(given["context_value"], "failed", None)) is not None:
                self.taken["ordinary after all"] += 1
                return as_ever(**({"middleware": retelling(failed)} if failed else {}))
            read = self._read(document, given["operation_name"], given["middleware"])
            if read is None:
                self.taken["ordinary"] += 1
                return as_ever()
            return self._compiled(read, given["context_value"], given["variable_values"] or {}, as_ever)

        return execute

    def _read(self, document: DocumentNode, name: str | None, middleware: MiddlewareManager) -> Read | None:
        if middleware.middlewares or not isinstance(document, Document):
            return None
        read = document.read(self._schema, name)
        return None if read is None or read.given_up else read

    async def _compiled(
        self,
        read: Read,
        context: Context,
        variables: dict[str, Any],
        as_ever: Callable[..., AwaitableOrValue[ExecutionResult]],
    ) -> ExecutionResult:
        try:
            data = await answered(read, context, variables)
        except Exception as why:
            read.given_up = read.given_up or isinstance(why, Lacking)
            self.taken["ordinary" if isinstance(why, NotCompiled) else "ordinary after all"] += 1
            context.forget()
            known = {"middleware": retelling(why.paths)} if isinstance(why, Stopped) else {}
            return await await_maybe(as_ever(**known))
        self.taken["compiled"] += 1
        return ExecutionResult(data, None)


async def answered(read: Read, context: Context, given: dict[str, Any]) -> dict[str, Any]:
    """The data of a read without errors; raises for anything else."""
    variables = read.variables.coerced(given)
    context.compiled = True
    root = read.function(variables)(info_of(context), variables)
    later: Later = []
    data: dict[str, Any] = completed(root, None, later)
    if later:
        try:
            await finished(later)
        except Stopped as stopped:
            raise stopped.within(data) from None
    context.done()
    return data
