"""The schema, built."""

from __future__ import annotations

from typing import Any

import strawberry
from graphql import GraphQLError
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext, ExecutionResult
from strawberry.types.graphql import OperationType

from schema import enums  # noqa: F401  names the enums before the types use them
from schema.access import Access
from schema.mutation import Mutation
from schema.query import Query
from schema.refused_access import RefusedAccess
from schema.scalars import SCALARS
from schema.subscription import Subscription


class Schema(strawberry.Schema):
    async def execute(self, *request: Any, **parts: Any) -> ExecutionResult:
        """A single answer is no stream: subscriptions are for `stream`."""
        allowed = set(parts.pop("allowed_operation_types", None) or OperationType) - {OperationType.SUBSCRIPTION}
        return await super().execute(*request, **{**parts, "allowed_operation_types": allowed})

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing is logged here: Strawberry would print whole documents. The endpoint logs what is unexpected."""


def build(*hardening: type[SchemaExtension]) -> Schema:
    """The schema; what the endpoint adds runs on documents that were parsed, before they are validated."""
    return Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        extensions=[RefusedAccess, ParserCache, *hardening, ValidationCache, Access],  # Access reads valid documents
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
    )


SCHEMA = build()
