"""Knows what an operation may cost before it runs, refuses what is too dear, and takes the points."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from graphql import GraphQLError, get_operation_ast
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from resolvers.context import Context
from schema import documents
from web import measured
from web.hardening import limits
from web.hardening.budget import Budgets
from web.hardening.cost import Pages, Price, price
from web.hardening.limits import Limits, refusal
from web.hardening.weights import LOOK


class Spending(SchemaExtension):
    """The answer of a signed-in caller says in `extensions.cost` what was asked for, the limit, and what is left."""

    def __init__(self, budgets: Budgets) -> None:
        self._budgets = budgets
        self._payer: Context | None = None
        self._requested = 0

    async def on_operation(self) -> AsyncIterator[None]:
        """Whoever asks pays; signing in changes who that is on the way."""
        context = self.execution_context.context
        self._payer = replace(context) if context.caller else None
        yield

    async def on_validate(self) -> AsyncIterator[None]:
        execution = self.execution_context
        if not execution.pre_execution_errors:
            self._requested = price_of(execution).of(execution.variables)
            limit = limits.of(execution.context.caller).cost
            if self._requested > limit:
                execution.pre_execution_errors = [refusal("cost", self._requested, limit)]
        try:
            await self._budgets.spend(execution.context, LOOK if execution.pre_execution_errors else self._requested)
        except GraphQLError as refused:
            execution.pre_execution_errors = [refused]
        if not execution.pre_execution_errors:
            measured.operation(execution.operation_type.value, self._requested)
        yield

    def get_results(self) -> dict[str, Any]:
        if self._payer is None:
            return {}
        return told(self._requested, limits.of(self._payer.caller), self._budgets.remaining(self._payer))


def told(requested: int, allowed: Limits, remaining: int) -> dict[str, Any]:
    """What an answer says of its cost."""
    return {"cost": {"requested": requested, "limit": allowed.cost, "remaining": remaining}}


def price_of(execution: ExecutionContext) -> Price:
    """Of the operation that is executed, worked out once."""
    document, policy = documents.of(execution), execution.context.policy
    graph, pages = execution.schema._schema, Pages(policy.roster_page, policy.page_limit)
    operation = get_operation_ast(document.node, execution.operation_name)
    assert operation is not None  # the document is valid, and names it
    return document.once(("price", id(operation), pages), lambda: price(graph, document.node, operation, pages))
