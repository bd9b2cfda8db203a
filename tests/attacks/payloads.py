"""Requests that are made to hurt, after graphql-cop, graphql-armor and OWASP, each with the code that refuses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.world import HANDLER


@dataclass(frozen=True, slots=True)
class Attack:
    document: str
    code: str
    variables: dict[str, Any] | None = None
    signed_in: bool = True
    """As a unit; else as nobody."""


def doubling(levels: int) -> str:
    """Fragments that each spread the next one twice: 2^levels fields in a few hundred characters."""
    way = "beneficiaries{edges{node{unit{...f%d}}}}"
    spread = " ".join(f"fragment f{n} on Unit{{a:{way % (n + 1)} b:{way % (n + 1)}}}" for n in range(levels))
    return f"{{unit{{...f0}}}} {spread} fragment f{levels} on Unit{{id}}"


def small_doubling() -> str:
    """818 bytes that older limiters counted for seconds, and then accepted."""
    spread = "".join(f"fragment f{n} on Viewer{{...f{n + 1} ...f{n + 1}}}" for n in range(19))
    document = f"{{viewer{{...f0}}}}{spread}fragment f19 on Viewer{{role}}"
    return document.ljust(818)


def chain(length: int) -> str:
    """Fragments in a row, each spreading the next: a call for each would need a stack as long."""
    row = "".join(f"fragment f{n} on Viewer{{...f{n + 1}}}" for n in range(length))
    return f"{{viewer{{...f0}}}}{row}fragment f{length} on Viewer{{role}}"


def nested(levels: int) -> str:
    return "{unit{beneficiaries{edges{node" * levels + "{id}" + "}}}}" * levels


SIGN_IN = 'signIn(input:{username:"nobody",password:"wrong"}){userErrors{code}}'
BOMB = "{__schema{types{fields{type{fields{type{fields{type{fields{type{fields{type{name}}}}}}}}}}}}}"
PAGES = "{unit{beneficiaries(first:200){edges{node{verdicts(first:200){edges{cursor}}}}}}}"
VARIED = "query($a:Int,$b:Int){unit{beneficiaries(first:$a){edges{node{verdicts(first:$b){edges{node{id month}}}}}}}}"
NODES = "query($ids:[ID!]!){nodes(ids:$ids){id}}"
BATCH = "mutation($i:BatchPassInput!){batchPass(input:$i){renewed}}"

SIXTY = " ".join(f"a{n}:__typename" for n in range(60))

ATTACKS: dict[str, Attack] = {
    "exponential fragments": Attack(doubling(8), "LIMIT_DEPTH"),
    "exponential fragments of 818 bytes": Attack(small_doubling(), "LIMIT_BREADTH"),
    "a chain of 180 fragments": Attack(chain(180), "LIMIT_FRAGMENTS"),
    "fragments in a cycle": Attack(
        "{viewer{...a}} fragment a on Viewer{unit{...b}} fragment b on Unit{beneficiaries{edges{node{unit{...b}}}}}",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a fragment in itself": Attack("{viewer{...a}} fragment a on Viewer{role ...a}", "GRAPHQL_VALIDATION_FAILED"),
    "10,000 aliases": Attack("{" + " ".join(f"a{n}:viewer{{role}}" for n in range(10_000)) + "}", "LIMIT_CHARACTERS"),
    "300 aliases": Attack("{viewer{" + " ".join(f"a{n}:role" for n in range(300)) + "}}", "LIMIT_BREADTH"),
    "120 aliases": Attack(f"{{viewer{{{SIXTY} unit{{{SIXTY}}}}}}}", "LIMIT_ALIASES"),
    "10,000 levels": Attack("{a" * 9_000, "LIMIT_DEPTH"),
    "40 levels": Attack(nested(10), "LIMIT_DEPTH"),
    "a list literal of 5,000 levels": Attack("{node(id:" + "[" * 5_000 + "]" * 5_000 + "){id}}", "LIMIT_DEPTH"),
    "directives on one field": Attack("{viewer{role" + "@include(if:true)" * 200 + "}}", "LIMIT_DIRECTIVES"),
    "unknown directives": Attack("{viewer{role" + "@a" * 900 + "}}", "LIMIT_DIRECTIVES"),
    "390 operations": Attack(
        " ".join(f"query q{n}{{a}}" for n in range(390)) + " {viewer{role}}", "OPERATION_NOT_FOUND"
    ),
    "the same field 900 times": Attack("{viewer{" + "role " * 900 + "}}", "LIMIT_BREADTH"),
    "the same field 60 times": Attack("{viewer{" + "role " * 60 + "}}", "LIMIT_DUPLICATES"),
    "repetitions level upon level": Attack(
        "{" + ("viewer{" + ("unit{" + "name " * 9 + "}") * 9 + "}") * 9 + "}", "LIMIT_DUPLICATES"
    ),
    "repetitions in inline fragments": Attack("{viewer{" + "...{unit{name}}" * 60 + "}}", "LIMIT_DUPLICATES"),
    "30 fields at the root": Attack(
        "{" + " ".join(f"a{n}:viewer{{role}}" for n in range(30)) + "}", "LIMIT_ROOT_FIELDS"
    ),
    "a list of 15,000 ids": Attack(NODES, "LIMIT_LIST", {"ids": ["x"] * 15_000}),
    "a deep heap of values": Attack(NODES, "LIMIT_VALUES", {"ids": [], "x": [[["x"] * 100] * 100]}),
    "a batch pass of 9,000 rows": Attack(
        BATCH, "LIMIT_LIST", {"i": {"page": [{"beneficiaryId": "x"}] * 9_000, "handler": HANDLER}}
    ),
    "pages of pages": Attack(PAGES, "LIMIT_COST"),
    "pages of pages by variables": Attack(VARIED, "LIMIT_COST", {"a": 200, "b": 200}),
    "an introspection bomb": Attack(BOMB, "GRAPHQL_VALIDATION_FAILED"),
    "100 sign-ins by aliases": Attack(
        "mutation{" + "".join(f"a{n}:{SIGN_IN}" for n in range(100)) + "}", "LIMIT_CHARACTERS", signed_in=False
    ),
    "10 sign-ins by aliases": Attack(
        "mutation{" + "".join(f"a{n}:{SIGN_IN}" for n in range(10)) + "}", "LIMIT_ROOT_FIELDS", signed_in=False
    ),
    "a token of 50,000 characters": Attack('{node(id:"' + "x" * 50_000 + '"){id}}', "LIMIT_CHARACTERS"),
    "5,000 tokens": Attack("{viewer{" + "a " * 5_000 + "}}", "LIMIT_TOKENS"),
    "5,000 comments": Attack("#\n" * 5_000 + "{viewer{role}}", "LIMIT_COMMENTS"),
    "nearly a megabyte of nothing": Attack("{viewer{role}}" + " " * 900_000, "LIMIT_CHARACTERS"),
}


def beside(value: str) -> bytes:
    """A query that asks nearly nothing, and beside it what nobody asked for."""
    return b'{"query":"{__typename}","z":%s}' % value.encode()


@dataclass(frozen=True, slots=True)
class Heap:
    """A body that is dear to read before anything in it is looked at."""

    body: bytes
    code: str
    signed_in: bool = True


HEAPS: dict[str, Heap] = {
    "a megabyte of empty lists, signed out": Heap(beside(f"[{'[],' * 333_000}1]"), "BODY_TOO_LARGE", signed_in=False),
    "64 kB of empty lists, signed out": Heap(beside(f"[{'[],' * 21_000}1]"), "BODY_TOO_LARGE", signed_in=False),
    "a megabyte of empty lists": Heap(beside(f"[{'[],' * 333_000}1]"), "BODY_TOO_LARGE"),
    "a megabyte of keys": Heap(beside("[" + '{"a":1},' * 120_000 + "1]"), "BODY_TOO_LARGE"),
    "a megabyte of numbers": Heap(beside(f"[{'1,' * 490_000}1]"), "BODY_TOO_LARGE"),
}
