"""The schema, built."""

from __future__ import annotations

from functools import cached_property

import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension, ValidationCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from schema import enums  # noqa: F401  names the enums before the types use them
from schema.access import Access
from schema.compiled.document import Documents
from schema.compiled.reads import Execute, Reads
from schema.hooks import Hooks
from schema.mutation import Mutation
from schema.query import Query
from schema.refused_access import RefusedAccess
from schema.scalars import SCALARS


class Schema(strawberry.Schema):
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


def build(*hardening: type[SchemaExtension]) -> Schema:
    """The schema; what the endpoint adds runs on documents that were parsed, before they are validated."""
    return Schema(
        query=Query,
        mutation=Mutation,
        extensions=[RefusedAccess, Documents, *hardening, ValidationCache, Access],  # Access reads valid documents
        config=StrawberryConfig(scalar_map=SCALARS, disable_field_suggestions=True),
    )


SCHEMA = build()
