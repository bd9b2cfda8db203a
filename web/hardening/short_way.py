"""The short way: a read that was admitted to a role before is admitted again, without asking everything anew.

What a request says of itself (who asks, with which variables, with how much left to spend) is looked at as ever.
Whatever is not as it should be goes the long way, which begins from nothing and finds the words for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.http import GraphQLRequestData
from strawberry.types import ExecutionResult

from resolvers import audit
from schema import documents
from schema.compiled.document import Document, Read
from schema.compiled.errors import NotCompiled, Unforeseen
from schema.compiled.reads import answered
from schema.compiled.stopped import Stopped
from schema.context import RequestContext
from schema.refused_access import asked_of
from web import measured
from web.hardening import deadline, limits
from web.hardening.bounds import too_many
from web.hardening.budget import Budgets
from web.hardening.cost import Price
from web.hardening.documents import Library, hash_of
from web.hardening.limits import Limits
from web.hardening.spending import price_of, told
from web.hardening.within import Within


@dataclass(frozen=True, slots=True)
class Admitted:
    """A read as it may run for a role, under the limits that it was held to."""

    read: Read
    price: Price
    roots: list[str]
    under: Limits


class Admitting(SchemaExtension):
    """The last of all: what comes as far as here was admitted."""

    def __init__(self, way: ShortWay) -> None:
        self._way = way

    def on_execute(self) -> Iterator[None]:
        execution = self.execution_context
        context: RequestContext = execution.context
        document, name = documents.of(execution), execution._provided_operation_name
        if context.caller is not None and (read := self._way.compiled(execution.schema, document, name)) is not None:
            document.once(
                self._way.key(context, name),
                lambda: Admitted(read, price_of(execution), asked_of(execution), limits.of(context.caller)),
            )
        yield


class ShortWay:
    def __init__(self, library: Library, budgets: Budgets, within: Within) -> None:
        self._library = library
        self._budgets = budgets
        self._within = within
        self.taken = 0
        """How many answers came by it."""

    def compiled(self, schema: Any, document: documents.Document, name: str | None) -> Read | None:
        node = document.node
        read = node.read(schema, name) if isinstance(node, Document) else None
        return None if read is None or read.given_up else read

    def key(self, context: RequestContext, name: str | None) -> tuple[object, ...]:
        assert context.caller is not None
        return ("admitted", self, context.caller.role, name)

    async def answer(self, context: RequestContext, asked: GraphQLRequestData) -> ExecutionResult | None:
        """The answer without errors, or that time ran out; None where it has to go the long way."""
        found = self._admitted(context, asked)
        variables = asked.variables or {}
        if found is None or too_many(variables, found.under) is not None:
            return None
        points = found.price.of(variables)
        if points > found.under.cost or not await self._paid(context, points):
            return None
        try:
            with self._within.limit() as limit:
                data = await answered(found.read, context, variables)
        except Exception as why:
            if limit.expired:
                return self._result(context, found, points, None, [deadline.too_long()])
            self._give_up(context, points, why)
            return None
        try:
            await audit.refused_access(context, found.roots, [], [], context.missed)
        except Exception as why:
            self._give_up(context, points, why)
            return None
        self.taken += 1
        return self._result(context, found, points, data)

    async def _paid(self, context: RequestContext, points: int) -> bool:
        """Whether the caller had so many; the long way says how many it lacks, or that the database cannot be asked."""
        try:
            await self._budgets.spend(context, points)
        except Exception:
            return False
        return True

    def _give_up(self, context: RequestContext, points: int, why: Exception) -> None:
        """The executor runs it once more, and is paid once more; what was refused before it began costs nothing."""
        if isinstance(why, Unforeseen | NotCompiled):
            self._budgets.pay_back(context, points)
        context.forget()
        context.failed = why.paths if isinstance(why, Stopped) else {}

    def _result(
        self, context: RequestContext, found: Admitted, points: int, data: Any, errors: list[GraphQLError] | None = None
    ) -> ExecutionResult:
        measured.operation("query", points)
        return ExecutionResult(data, errors, told(points, found.under, self._budgets.remaining(context)))

    def _admitted(self, context: RequestContext, asked: GraphQLRequestData) -> Admitted | None:
        if context.caller is None:
            return None
        text = self._text(asked)
        document = documents.KNOWN.get(text, keep=True) if text else None
        found: Admitted | None = document.found(self.key(context, asked.operation_name)) if document else None
        if found is None or found.read.given_up or found.under is not limits.of(context.caller):
            return None
        return found

    def _text(self, asked: GraphQLRequestData) -> str | None:
        """The document: as it was sent, or by its hash alone."""
        if not asked.extensions:
            return asked.query
        if asked.query:
            return None
        try:
            return self._library.remembered(hash_of(asked.extensions) or "")
        except GraphQLError:
            return None
