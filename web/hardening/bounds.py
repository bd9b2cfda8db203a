"""Refuses what is too much before work is done on it: unread documents by the budget, others by their shape."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from resolvers.errors import Unauthenticated
from schema import documents
from schema.context import RequestContext
from schema.documents import Longest
from web.hardening import limits
from web.hardening.budget import Budgets
from web.hardening.limits import Limits, refusal
from web.hardening.shape import excess, measure

CHARACTERS = 4
"""Of a document that is not known yet, for one point: parsing and validating them takes about as long."""


class Bounds(SchemaExtension):
    def __init__(self, budgets: Budgets) -> None:
        self._budgets = budgets

    async def on_parse(self) -> AsyncIterator[None]:
        """A new document is paid for by its length, be it one or not."""
        text = self.execution_context.query or ""
        if documents.KNOWN.get(text) is None:
            await self._budgets.spend(self.execution_context.context, 1 + len(text) // CHARACTERS)
        yield

    def on_validate(self) -> Iterator[None]:
        execution = self.execution_context
        document, allowed = documents.of(execution), limits.of(execution.context.caller)
        shape = document.once("shape", lambda: measure(document.node))
        refused = excess(shape, allowed) or too_many(execution.variables, allowed)
        if refused is not None:
            execution.pre_execution_errors = [_for(execution.context, refused)]
        yield


def longest(execution: ExecutionContext) -> Longest:
    """How long the caller's document may be; whoever's token has ended must be able to learn it."""
    context: RequestContext = execution.context
    return limits.ENDED.length if context.token_ended else limits.of(context.caller).length


def too_many(variables: dict[str, Any] | None, allowed: Limits) -> GraphQLError | None:
    """The refusal of variables with endless lists, before anybody gives them a type."""
    values = 0
    to_read: list[Any] = [variables or {}]
    while to_read:
        value = to_read.pop()
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        values += len(inner)
        if isinstance(value, list) and len(value) > allowed.listed:
            return refusal("list", len(value), allowed.listed)
        if values > allowed.values:
            return refusal("values", values, allowed.values)
        to_read.extend(inner)
    return None


def _for(context: RequestContext, refused: GraphQLError) -> GraphQLError:
    """Too much for whoever is not signed in is no news to an app whose token has ended: that it has is."""
    if context.token_ended:
        return GraphQLError("", original_error=Unauthenticated())
    return refused
