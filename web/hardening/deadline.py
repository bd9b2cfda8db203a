"""The longest that a request may run: then it is cancelled, with whatever it waits for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import nullcontext

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.types.graphql import OperationType

from schema.messages import say
from web.hardening.within import Within


class Deadline(SchemaExtension):
    """Of queries and mutations; a subscription lives as long as its connection. An act that is stopped is undone."""

    def __init__(self, within: Within) -> None:
        self._within = within

    async def on_execute(self) -> AsyncIterator[None]:
        endless = self.execution_context.operation_type is OperationType.SUBSCRIPTION
        try:
            with nullcontext() if endless else self._within.limit():
                yield
        except TimeoutError:
            raise too_long() from None


def too_long() -> GraphQLError:
    return GraphQLError(say("request.TIMEOUT"), extensions={"code": "TIMEOUT"})
