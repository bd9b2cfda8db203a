"""The schema, built."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from copy import copy
from functools import cached_property
from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.execution import PreExecutionError
from strawberry.types.graphql import OperationType

from schema import agency_enums, enums  # noqa: F401  they name the enums before the types use them
from schema.access import Access
from schema.compiled.reads import Execute, Reads
from schema.documents import Reading
from schema.hooks import Hooks
from schema.mutation import Mutation
from schema.query import Query
from schema.refused_access import RefusedAccess
from schema.scalars import SCALARS
from schema.subscription import Subscription

sys.modules["graphql.pyutils.did_you_mean"].MAX_LENGTH = 0  # type: ignore[attr-defined]
# No message tells names that were not asked for: who may not introspect would collect the schema from suggestions.


class Schema(strawberry.Schema):
    async def execute(self, *request: Any, **parts: Any) -> ExecutionResult:
        """A single answer is no stream: subscriptions are for `stream`."""
        allowed = set(parts.pop("allowed_operation_types", None) or OperationType) - {OperationType.SUBSCRIPTION}
        return await super().execute(*request, **{**parts, "allowed_operation_types": allowed})

    @cached_property
    def reads(self) -> Reads:
        """How operations were run."""
        return Reads(self)

    def create_extensions_runner(self, execution_context: ExecutionContext, extensions: list[SchemaExtension]) -> Hooks:
        return Hooks(execution_context, extensions)

    def _get_execute_function(self) -> Execute:
        """The innermost step alone is another: whatever extensions do around it, they do as ever."""
        return self.reads.over(super()._get_execute_function())

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing is logged here: Strawberry would print whole documents. The endpoint logs what is unexpected."""

    async def _prepare_operation_async(
        self, context: ExecutionContext, extensions_runner: SchemaExtensionsRunner
    ) -> PreExecutionError | None:
        """A document that cannot be read is refused like one that is not valid: raised, it would end a whole socket."""
        try:
            return await super()._prepare_operation_async(context, extensions_runner)
        except GraphQLError as refused:
            context.pre_execution_errors = [refused]
            return PreExecutionError(data=None, errors=[refused])


def build(
    *hardening: Callable[[], SchemaExtension],
    reading: Callable[[], SchemaExtension] = Reading,
    spending: Sequence[Callable[[], SchemaExtension]] = (),
) -> Schema:
    """The schema. What the endpoint adds sees a document before it is parsed, and again before it is validated.

    What spends sees operations that are valid and that the caller may run.
    """
    served = copy(SCHEMA)  # its types are made once, for however many endpoints
    served.extensions = (RefusedAccess, *hardening, reading, Access, *spending)  # Access reads valid documents
    return served


SCHEMA = Schema(query=Query, mutation=Mutation, subscription=Subscription, config=StrawberryConfig(scalar_map=SCALARS))
"""The types, without what is done around an operation."""
