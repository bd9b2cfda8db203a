"""Requests: made before they are timed, asked one by one to compare answers, and shaped so that answers compare."""

from __future__ import annotations

import http.client
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench.operations import SERVICE, Asked, Operation
from bench.service import Accounts, Server

_OPAQUE = {"id", "rowId", "cursor", "endCursor"}
"""Each server has its own."""
_COMPARED = 100
"""Accounts whose answers are compared, drawn at random."""


class Differs(Exception):
    """Two servers do not answer the same, or one answers with errors."""


@dataclass(frozen=True, slots=True)
class Question:
    """What one account asks of one server."""

    asked: Asked
    variables: Mapping[str, Any]
    token: str | None

    def request(self) -> bytes:
        """As it goes over the wire."""
        body = self._body()
        bearer = f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        head = (
            "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Accept: application/json\r\n{bearer}Content-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body

    def put_to(self, connection: http.client.HTTPConnection) -> Any:
        """The part of the answer that compares."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        connection.request("POST", "/graphql", self._body(), headers)
        answer = json.loads(connection.getresponse().read())
        if answer.get("errors"):
            raise Differs(f"errors: {json.dumps(answer['errors'], ensure_ascii=False)[:500]}")
        return at(answer["data"], self.asked)

    def _body(self) -> bytes:
        said = {"query": self.asked.document, "variables": self.variables, "operationName": "Asked"}
        return json.dumps(said, separators=(",", ":")).encode()


def at(data: Any, asked: Asked) -> Any:
    for step in asked.path:
        data = data[step]
    return data


def questions(operation: Operation, name: str, server: Server, accounts: Accounts) -> list[Question]:
    """Of every account, in an order that is drawn once and the same for all servers."""
    asked, ours = operation.asked[name], name == SERVICE
    found = [
        Question(asked, {**variables, **operation.variables}, token if ours else None)
        for variables, token in _who(operation, accounts, ours)
    ]
    if operation.paged:
        numbers = [number for number, _ in accounts.units]
        found += _onwards(found, numbers, server)
    random.Random(operation.name).shuffle(found)
    return found


def _onwards(first: Sequence[Question], numbers: Sequence[str], server: Server) -> list[Question]:
    """The same for the second page. A cursor is a unit's, and of the service the account's as well."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    ends: dict[tuple[str, str | None], str] = {}
    found = []
    for number, question in zip(numbers, first, strict=True):
        key = number, question.token
        if key not in ends:
            ends[key] = question.put_to(connection)["beneficiaries"]["pageInfo"]["endCursor"]
        found.append(replace(question, variables={**question.variables, "after": ends[key]}))
    return found


def _who(operation: Operation, accounts: Accounts, ours: bool) -> Iterator[tuple[dict[str, Any], str]]:
    if operation.by_person:
        yield from (({} if ours else {"person": str(id)}, token) for id, token in accounts.persons)
    else:
        yield from (({} if ours else {"unit": number}, token) for number, token in accounts.units)


def compare(servers: Mapping[str, Server], asked: Mapping[str, Sequence[Question]]) -> int:
    """Raise Differs unless all servers answer the same; how many answers were compared."""
    number = min(map(len, asked.values()))
    places = random.Random(0).sample(range(number), min(_COMPARED, number))
    connections = {name: http.client.HTTPConnection("127.0.0.1", servers[name].port) for name in asked}
    for place in places:
        answers = {name: plain(asked[name][place].put_to(connections[name])) for name in asked}
        first, *others = answers
        for other in others:
            if answers[other] != answers[first]:
                raise Differs(f"{first} and {other} answer {difference(answers[first], answers[other])}")
    return len(places)


def plain(value: Any) -> Any:
    """Without what is opaque or null, objects within objects as one, and lists of edges as lists."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "edges" in value:
        return {"rows": [plain(edge["node"]) for edge in value["edges"]], "more": plain(value.get("pageInfo"))}
    found: dict[str, Any] = {}
    for name, inner in value.items():
        shaped = plain(inner)
        if isinstance(shaped, dict):
            found |= {f"{name}_{key}": part for key, part in shaped.items()}
        elif name not in _OPAQUE and shaped is not None:
            found[name] = shaped
    return found


def difference(one: Any, other: Any) -> str:
    """Where they differ first."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in sorted(one.keys() | other.keys()):
            if one.get(name) != other.get(name):
                return f"{name}: {difference(one.get(name), other.get(name))}"
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        place = next(place for place, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1])
        return f"[{place}] {difference(one[place], other[place])}"
    return f"{str(one)[:200]} and {str(other)[:200]}"
