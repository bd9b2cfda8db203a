"""The schema, built."""

from __future__ import annotations

import sys
from collections.abc import Callable

import strawberry
from graphql import GraphQLError
from strawberry.extensions import ParserCache, SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema import enums  # noqa: F401  names the enums before the types use them
from schema.access import Access
from schema.mutation import Mutation
from schema.query import Query
from schema.refused_access import RefusedAccess
from schema.scalars import SCALARS

sys.modules["graphql.pyutils.did_you_mean"].MAX_LENGTH = 0  # type: ignore[attr-defined]
# No message tells names that were not asked for: who may not introspect would collect the schema from suggestions.


class Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing is logged here: Strawberry would print whole documents. The endpoint logs what is unexpected."""


def build(*hardening: Callable[[], SchemaExtension]) -> Schema:
    """The schema; what the endpoint adds runs on documents that were parsed, before they are validated."""
    return Schema(
        query=Query,
        mutation=Mutation,
        extensions=[RefusedAccess, ParserCache, *hardening, ValidationCache, Access],  # Access reads valid documents
        config=StrawberryConfig(scalar_map=SCALARS),
    )


SCHEMA = build()
