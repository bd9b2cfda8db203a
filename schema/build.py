"""The schema, built."""

from __future__ import annotations

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


class Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing is logged here: Strawberry would print whole documents. The endpoint logs what is unexpected."""


def build(*hardening: type[SchemaExtension]) -> Schema:
    """The schema; what the endpoint adds runs on documents that were parsed, before they are validated."""
    return Schema(
        query=Query,
        mutation=Mutation,
        extensions=[RefusedAccess, ParserCache, *hardening, ValidationCache, Access],  # Access reads valid documents
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
    )


SCHEMA = build()
