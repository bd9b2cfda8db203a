"""Documents known by their hash: persisted ones, and where it is set automatic ones; and who may send others."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import Any

from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from resolvers import documents
from schema.access import may_introspect
from schema.context import RequestContext
from schema.messages import say
from web.hardening.openness import Documents

MOST = 1000  # documents of either kind in one worker's memory
_LONGEST = 10_000  # characters of a document that is remembered
_SHA256 = 64  # hexadecimal digits
_HASH = re.compile(r"(?:sha256:(?=.{64}$))?(?P<hex>[0-9a-f]{40}|[0-9a-f]{64})")


class Remembered:
    """Texts by their hash; the one that was used longest ago is forgotten first."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, str] = OrderedDict()

    def get(self, hash: str) -> str | None:
        if hash in self._held:
            self._held.move_to_end(hash)
        return self._held.get(hash)

    def keep(self, hash: str, text: str) -> None:
        if len(text) <= _LONGEST:
            self._held[hash] = text
            if len(self._held) > MOST:
                self._held.popitem(last=False)


class Library:
    """What one worker knows. Of what it does not know it asks the database: `persist` needs no restart."""

    def __init__(self, mode: Documents) -> None:
        self.mode = mode
        self._persisted, self._automatic = Remembered(), Remembered()

    async def persisted(self, context: RequestContext, hash: str) -> str | None:
        text = self._persisted.get(hash)
        if text is None and (text := await documents.by_hash(context, hash)) is not None:
            self._persisted.keep(hash, text)
        return text

    async def found(self, context: RequestContext, hash: str) -> str | None:
        return self._automatic.get(hash) or await self.persisted(context, hash)

    def remembered(self, hash: str) -> str | None:
        """As far as this worker knows it."""
        return self._automatic.get(hash) or self._persisted.get(hash)

    async def trusts(self, context: RequestContext, text: str) -> bool:
        """Whether the text may run: with `trusted`, only what was persisted, but for internal tooling."""
        role = context.caller.role if context.caller else None
        if self.mode is not Documents.TRUSTED or may_introspect(role):
            return True
        return any([await self.persisted(context, hash) is not None for hash in documents.hashes(text)])

    def learn(self, hash: str, text: str) -> None:
        """An automatic document, where those are on; by SHA-256 alone, of which nobody makes two alike."""
        if self.mode is Documents.AUTOMATIC and len(hash) == _SHA256:
            self._automatic.keep(hash, text)


class ByHash(SchemaExtension):
    """Puts the document in the place of its hash, and refuses what is not trusted, before anything is parsed."""

    def __init__(self, library: Library) -> None:
        self._library = library

    async def on_operation(self) -> AsyncIterator[None]:
        execution = self.execution_context
        hash, sent = hash_of(execution.operation_extensions or {}), execution.query
        if not sent and hash is not None:
            execution.query = await self._library.found(execution.context, hash)
            if execution.query is None:
                # The words are those that Apollo's clients wait for: they then send the document as well.
                raise _refusal("PERSISTED_DOCUMENT_NOT_FOUND", say("document.not_persisted"))
        if sent and hash is not None and hash not in documents.hashes(sent):
            raise _refusal("BAD_REQUEST", say("document.other_hash"))
        if sent and not await self._library.trusts(execution.context, sent):
            raise _refusal("DOCUMENT_NOT_TRUSTED", say("document.not_trusted"))
        yield
        if sent and hash is not None and not execution.pre_execution_errors:
            self._library.learn(hash, sent)


def hash_of(extensions: dict[str, Any]) -> str | None:
    """The hash that was sent, in hexadecimal digits; "" for what is none, under which nothing is found."""
    if "persistedQuery" not in extensions:
        return None
    asked = extensions["persistedQuery"]
    hash = asked.get("sha256Hash") if isinstance(asked, dict) else None
    if not isinstance(hash, str):
        raise _refusal("BAD_REQUEST", say("document.no_hash"))
    found = _HASH.fullmatch(hash)
    return found["hex"] if found else ""


def _refusal(code: str, message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code})
