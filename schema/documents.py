"""Documents: each is parsed, validated and read once, however often it is sent."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from graphql import DocumentNode, GraphQLError, GraphQLSyntaxError, Token, TokenKind, parse, validate
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from schema.compiled.document import known
from schema.messages import say

T = TypeVar("T")

_TOO_MANY = re.compile(r"Document contains more than \d+ (tokens|comments)\. Parsing aborted\.$")
ERRORS_MOST = 5
"""Mistakes that are named: each may quote a whole literal, and finding many takes time that grows with their square."""
_TOO_DEEP = "Document is nested too deeply. Parsing aborted."


@dataclass(frozen=True, slots=True)
class Longest:
    """How long a document may be: in characters, tokens without comments, and comments."""

    characters: int
    tokens: int
    comments: int


NO_LIMIT = Longest(10**9, 10**9, 10**9)


@dataclass(eq=False, slots=True)
class Document:
    """A parsed document, and what was found out about it."""

    node: DocumentNode
    length: Longest
    _found: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """About how many bytes it holds in memory, generously."""
        return 2_000 + 800 * (self.length.tokens + self.length.comments) + 8 * self.length.characters

    @property
    def is_valid(self) -> bool:
        """Whether it was found to be; one that was refused before anybody looked is not."""
        return self._found.get("errors") == []

    def found(self, what: Hashable) -> Any:
        """What was found out before; None where nobody has looked."""
        return self._found.get(what)

    def once(self, what: Hashable, find: Callable[[], T]) -> T:
        """What `find` returns, found the first time and kept as long as the document."""
        if what not in self._found:
            self._found[what] = find()
        found: T = self._found[what]
        return found


class Documents:
    """The documents that a worker remembers, by their text, in about so many bytes.

    Most of the room is for what signed-in callers have sent twice: whoever floods the service with new documents
    only pushes out the newest.
    """

    def __init__(self, room: int) -> None:
        self._newest = _Shelf(room // 4)
        self._kept = _Shelf(room - room // 4)

    def get(self, text: str, *, keep: bool = False) -> Document | None:
        """The document, where it is remembered; from its second use on it may be one to keep."""
        document = self._kept.get(text)
        if document is None and (document := self._newest.get(text)) and keep:
            self._newest.remove(text)
            self._kept.put(text, document)
        return document

    def read(self, text: str, longest: Longest, *, keep: bool = False) -> Document:
        """The document; raises GraphQLError where it is none, or longer than it may be."""
        document = self.get(text, keep=keep)
        if document is None:
            document = _parsed(text, longest)
            self._newest.put(text, document)
        for unit in ("characters", "tokens", "comments"):
            if getattr(document.length, unit) > getattr(longest, unit):
                raise _too_long(unit, longest)
        return document

    @property
    def size(self) -> int:
        """About how many bytes they hold."""
        return self._newest.size + self._kept.size


class _Shelf:
    """Documents in the order of their last use; the oldest go when there is no room."""

    def __init__(self, room: int) -> None:
        self.size = 0
        self._room = room
        self._held: OrderedDict[str, Document] = OrderedDict()

    def get(self, text: str) -> Document | None:
        document = self._held.get(text)
        if document is not None:
            self._held.move_to_end(text)
        return document

    def put(self, text: str, document: Document) -> None:
        self._held[text] = document
        self.size += document.size
        while self.size > self._room:
            self.remove(next(iter(self._held)))

    def remove(self, text: str) -> None:
        self.size -= self._held.pop(text).size


KNOWN = Documents(32_000_000)
"""Of this worker."""


class Reading(SchemaExtension):
    """Parses and validates by what is known already. `longest` says how long a caller's document may be."""

    def __init__(self, longest: Callable[[ExecutionContext], Longest] = lambda _: NO_LIMIT) -> None:
        self._longest = longest

    def on_parse(self) -> Iterator[None]:
        execution = self.execution_context
        if execution.query:
            longest = self._longest(execution)
            document = KNOWN.read(execution.query, longest, keep=execution.context.caller is not None)
            execution.graphql_document = document.node
        yield

    def on_validate(self) -> Iterator[None]:
        """Unless it is refused by now."""
        execution = self.execution_context
        if execution.pre_execution_errors is None:
            graph, document, rules = execution.schema._schema, of(execution), execution.validation_rules
            found = document.once("errors", lambda: validate(graph, document.node, rules, max_errors=ERRORS_MOST))
            execution.pre_execution_errors = list(found)
        yield


def of(execution: ExecutionContext) -> Document:
    """The document of an operation that was parsed."""
    node = execution.graphql_document
    assert node is not None
    document = KNOWN.get(execution.query or "")
    return document if document is not None and document.node is node else Document(node, NO_LIMIT)


def _parsed(text: str, longest: Longest) -> Document:
    if len(text) > longest.characters:
        raise _too_long("characters", longest)
    try:
        node = parse(text, max_lexical_tokens=longest.tokens, max_comments=longest.comments)
    except GraphQLSyntaxError as error:
        raise _refused(error, longest) from None
    return Document(known(node), _length(text, node))


def _refused(error: GraphQLSyntaxError, longest: Longest) -> GraphQLError:
    """The parser's own error, or the limit that made it stop."""
    if stopped := _TOO_MANY.search(error.message):
        return _too_long(stopped[1], longest)
    if error.message.endswith(_TOO_DEEP):
        return GraphQLError(say("document.too_deep"), extensions={"code": "LIMIT_DEPTH"})
    return error


def _too_long(unit: str, longest: Longest) -> GraphQLError:
    limit = getattr(longest, unit)
    message = say(f"document.too_many_{unit}", limit=limit)
    return GraphQLError(message, extensions={"code": f"LIMIT_{unit.upper()}", "limit": limit})


def _length(text: str, node: DocumentNode) -> Longest:
    tokens = comments = 0
    token: Token | None = node.loc.start_token if node.loc else None
    while token is not None:
        comments += token.kind is TokenKind.COMMENT
        tokens += token.kind not in (TokenKind.COMMENT, TokenKind.SOF, TokenKind.EOF)
        token = token.next
    return Longest(len(text), tokens, comments)
