"""What of an error reaches a client: a code, and words that quote nobody's data."""

from __future__ import annotations

import re
from typing import Any

from asyncpg import LockNotAvailableError, QueryCanceledError
from graphql import GraphQLError, GraphQLSyntaxError
from strawberry.exceptions import MissingQueryError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult

from resolvers.errors import Forbidden, Unauthenticated
from schema import messages
from schema.messages import say
from schema.scalars import BadScalar
from storage.database import SessionEnded
from web import log, measured

_VARIABLE = re.compile(r"Variable '\$(?P<name>\w+)'(?! is never used| is not defined| of type)")
"""Its value does not fit. That it is declared or used wrongly is the document's mistake."""
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"|(?<=isoformat string: ).+|\d{6,}')
"""What a document may hold of people, and a message may quote: strings, what is no date, numbers like a phone's."""
LONGEST = 300
"""Characters of a message: it may quote a literal as long as the document."""
_LONGEST = 4 * LONGEST
_EXPECTED = re.compile(r"Expected value of type '[\w!\[\]]+'")
"""A literal that Python could not read, such as a number of thousands of digits."""
_TOO_DEEP = "Variable values are nested too deeply."
_PLACE = re.compile(r" at '?\.?(?P<place>[\w.\[\]]+)")


def of_the_whole(result: ExecutionResult) -> bool:
    """Whether the request was refused before anything ran: an error of what ran has the path of a field."""
    return result.data is None and any(error.path is None for error in result.errors or ())


def presented(error: GraphQLError) -> GraphQLError:
    """The error as a client may see it, counted by its code."""
    shown = _presentable(error)
    measured.error(str((shown.extensions or {})["code"]))
    return shown


def _presentable(error: GraphQLError) -> GraphQLError:
    """What nobody expected is logged under an id and masked."""
    match error.original_error:
        case Unauthenticated() | SessionEnded():
            return _with(error, "UNAUTHENTICATED", say("request.UNAUTHENTICATED"))
        case Forbidden():
            return _with(error, "FORBIDDEN", say("request.FORBIDDEN"))
        case RecursionError() if error.path is None:
            return _with(error, "GRAPHQL_PARSE_FAILED", say("document.too_deep"))
        case QueryCanceledError() | LockNotAvailableError():
            return _with(error, "TIMEOUT", say("request.TIMEOUT"))
        case CannotGetOperationTypeError():
            return _with(error, "OPERATION_NOT_FOUND", say("document.no_such_operation"))
        case MissingQueryError() | InvalidOperationTypeError():
            return _with(error, "BAD_REQUEST", say("document.missing"))
        case None | GraphQLError():
            return _of_the_request(error)
        case _ if error.path is None and (expected := _EXPECTED.match(error.message)):
            return _with(error, "GRAPHQL_VALIDATION_FAILED", _in_english(f"{expected[0]}."))
        case unexpected:
            incident = log.failure(unexpected)
            return _with(error, "INTERNAL", say("request.INTERNAL", incident=incident))


def raised(error: Exception) -> GraphQLError:
    """What an extension or a stream raised, in place of answering with an error."""
    return error if isinstance(error, GraphQLError) else GraphQLError("", original_error=error)


def _of_the_request(error: GraphQLError) -> GraphQLError:
    extensions: dict[str, Any] = error.extensions or {}
    if "code" in extensions:
        return GraphQLError(error.message, nodes=error.nodes, path=error.path, extensions=extensions)
    if isinstance(error, GraphQLSyntaxError):
        return _with(error, "GRAPHQL_PARSE_FAILED", say("request.GRAPHQL_PARSE_FAILED"))
    if error.message == _TOO_DEEP:
        return _with(error, "BAD_USER_INPUT", say("variable.too_deep"))
    if _VARIABLE.match(error.message):
        return _with(error, "BAD_USER_INPUT", _without_value(error))
    return _with(error, "GRAPHQL_VALIDATION_FAILED", _of_the_document(error))


def _of_the_document(error: GraphQLError) -> str:
    """How a value is written, where that is what is wrong; else what GraphQL's own rules say of the document."""
    if (scalar := _scalar(error)) is not None:
        return say(scalar.message)
    return _in_english(_shortened(_LITERAL.sub("…", error.message[:_LONGEST])))


def _in_english(detail: str) -> str:
    """Words of GraphQL's reference implementation, which has no others: for whoever wrote the document."""
    return say("request.GRAPHQL_VALIDATION_FAILED", detail=detail)


def _scalar(error: GraphQLError) -> BadScalar | None:
    return next((one for one in (error, error.original_error) if isinstance(one, BadScalar)), None)


def _shortened(message: str) -> str:
    return message if len(message) < LONGEST else f"{message[:LONGEST]}…"


def _without_value(error: GraphQLError) -> str:
    """Coercion errors quote what was sent, which may be somebody's number: keep the place, and how to write it."""
    variable, place = _VARIABLE.match(error.message), _PLACE.search(error.message)
    scalar = _scalar(error)
    return messages.variable(
        variable["name"] if variable else "", place["place"] if place else None, scalar.message if scalar else None
    )


def _with(error: GraphQLError, code: str, message: str) -> GraphQLError:
    return GraphQLError(message, nodes=error.nodes, path=error.path, extensions={"code": code})
