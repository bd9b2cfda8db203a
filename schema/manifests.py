"""Manifests of the documents that a client was built with, as generators write them, checked against the schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode, parse, validate

from resolvers.documents import hashes
from schema.build import SCHEMA

_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_APOLLO = "apollo-persisted-query-manifest"


class BadManifest(Exception):
    """What is wrong, each with the document that it is wrong with."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read(text: str) -> dict[str, str]:
    """The documents by their hashes; raises BadManifest, which names every bad one."""
    found = _documents(text)
    problems = [f"{hash}: {problem}" for hash, document in found.items() for problem in _problems(hash, document)]
    if problems:
        raise BadManifest(*problems)
    return found


def _documents(text: str) -> dict[str, str]:
    """`{hash: document}`, as the client preset and Relay write it, or Apollo's list of operations."""
    try:
        sent = json.loads(text)
        if isinstance(sent, dict) and sent.get("format") == _APOLLO:
            sent = {one["id"]: one["body"] for one in sent["operations"]}
    except (ValueError, LookupError, TypeError, RecursionError):
        sent = None
    if not isinstance(sent, dict) or not all(isinstance(document, str) for document in sent.values()):
        raise BadManifest("is no manifest: JSON of the form {hash: document}, or Apollo's")
    return {hash.removeprefix("sha256:"): document for hash, document in sent.items()}


def _problems(hash: str, document: str) -> Iterator[str]:
    if not _HASH.fullmatch(hash):
        yield "is no SHA-256 or SHA-1; tell the generator to use one of them"
    elif hash not in hashes(document):
        yield "is not the hash of its document"
    try:
        parsed = parse(document)
    except (GraphQLError, RecursionError):
        yield "its document cannot be parsed"
        return
    if not any(isinstance(definition, OperationDefinitionNode) for definition in parsed.definitions):
        yield "its document has no operation"
    yield from (error.message for error in validate(SCHEMA._schema, parsed))
