"""Lists the units whose answers are overdue, for an AUDITOR: an example of a typed client for internal tools.

    RENZHENG_PASSWORD=… .venv/bin/python -m clients.python.overdue http://127.0.0.1:8000/graphql auditor

Documents are checked against schema.graphql before they are sent, and every page is read to the end.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gql import Client, GraphQLRequest, gql
from gql.client import AsyncClientSession
from gql.transport.httpx import HTTPXAsyncTransport

SCHEMA = (Path(__file__).parents[2] / "schema.graphql").read_text(encoding="utf-8")
SIGN_IN = gql("""
    mutation SignIn($input: SignInInput!) {
      signIn(input: $input) { accessToken userErrors { code message } }
    }
""")
UNITS = gql("""
    query Units($first: Int!, $after: String) {
      units(first: $first, after: $after) {
        edges { node { siNumber name district summary { id overdue unanswered } } }
        pageInfo { hasNextPage endCursor }
      }
    }
""")


@dataclass(frozen=True, slots=True)
class Overdue:
    """A unit, and how many of its people's verdicts it should have answered."""

    si_number: str
    name: str
    district: str
    overdue: int
    unanswered: int

    @classmethod
    def of(cls, unit: dict[str, Any]) -> Overdue:
        counts = unit["summary"]
        return cls(unit["siNumber"], unit["name"], unit["district"], counts["overdue"], counts["unanswered"])


class SignInRefused(Exception):
    """The service's own words say why."""


@asynccontextmanager
async def signed_in(url: str, username: str, password: str, **options: Any) -> AsyncIterator[AsyncClientSession]:
    """A session of the account; `options` are httpx2's. Raises SignInRefused."""
    async with _session(url, **options) as anybody:
        answer = (await _ask(anybody, SIGN_IN, input={"username": username, "password": password}))["signIn"]
    if answer["accessToken"] is None:
        raise SignInRefused(" ".join(error["message"] for error in answer["userErrors"]))
    async with _session(url, headers={"Authorization": f"Bearer {answer['accessToken']}"}, **options) as session:
        yield session


async def overdue(session: AsyncClientSession, *, page: int = 100) -> AsyncIterator[Overdue]:
    """Every unit with something overdue, in the order of the list."""
    after, more = None, True
    while more:
        units = (await _ask(session, UNITS, first=page, after=after))["units"]
        for unit in (Overdue.of(edge["node"]) for edge in units["edges"]):
            if unit.overdue:
                yield unit
        after, more = units["pageInfo"]["endCursor"], units["pageInfo"]["hasNextPage"]


def _session(url: str, **options: Any) -> Client:
    return Client(schema=SCHEMA, transport=HTTPXAsyncTransport(url, **options))


async def _ask(session: AsyncClientSession, document: GraphQLRequest, **variables: object) -> dict[str, Any]:
    return await session.execute(GraphQLRequest(document, variable_values=variables))


async def main(url: str, username: str) -> None:
    async with signed_in(url, username, os.environ["RENZHENG_PASSWORD"]) as session:
        async for unit in overdue(session):
            print(f"{unit.si_number}  {unit.overdue:>5} of {unit.unanswered:>5}  {unit.district} {unit.name}")


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """The address and the account; what is wrong with them ends with the usage and status 2."""
    parser = argparse.ArgumentParser(prog="python -m clients.python.overdue", description=__doc__)
    parser.add_argument("url", help="such as http://127.0.0.1:8000/graphql")
    parser.add_argument("username")
    parsed = parser.parse_args(given)
    if "RENZHENG_PASSWORD" not in os.environ:
        parser.error("set RENZHENG_PASSWORD to the account's password")
    return parsed


if __name__ == "__main__":
    asked = arguments()
    try:
        asyncio.run(main(asked.url, asked.username))
    except SignInRefused as refused:
        sys.exit(str(refused))
