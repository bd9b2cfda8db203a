"""Errors of a request as such; a refusal by the rules is data instead."""

from graphql import GraphQLError

from schema.messages import say


def bad_input(key: str, **facts: object) -> GraphQLError:
    """In the words of the catalogue."""
    return GraphQLError(say(key, **facts), extensions={"code": "BAD_USER_INPUT"})
