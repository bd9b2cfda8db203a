"""How much a caller may ask for: one row a role, and what each limit is there for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from graphql import GraphQLError

from domain.access import Viewer
from domain.vocabulary import Role
from schema import messages
from schema.documents import Longest


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one request, but for the budget."""

    length: Longest
    """Parsing and validating a token takes some 30 µs: a document is no place for data."""
    operations: int
    """One is run; a client may keep a few together."""
    fragments: int
    """Validation compares them in pairs."""
    depth: int
    """The standard introspection is 15 deep, the longest way through the field's own types 12."""
    breadth: int
    """Fields of one selection set, fragments spread out: validation compares those of one name in pairs."""
    fields: int
    """Fields of an operation, fragments spread out: what nested fragments multiply."""
    root_fields: int
    """Acts run one after another; each is a transaction of its own."""
    aliases: int
    """The same field again under another name, such as a sign-in."""
    directives: int
    duplicates: int
    """The same name once more in a selection: validation compares all of one name in pairs, level upon level."""
    listed: int
    """Items of one list in the variables; 200 rows are the most of any act, and it says so itself."""
    values: int
    """All values in the variables: 200 rows of ten."""
    body: int
    """Bytes: a submission of 200 rows is some 100,000."""
    marks: int
    """Of `[`, `{` and `,` in them: so many objects, at most, reading them makes. 200 rows of 15 values are 3,200."""
    cost: int
    """Points (see `weights`): about the fields that may have to be answered."""
    budget: int
    """Points at once, on all workers together."""
    refill: int
    """Points that come back each second; one is some 20 µs of a processor."""


_STAFF = Limits(
    length=Longest(characters=30_000, tokens=4_000, comments=100),
    operations=10,
    fragments=60,
    depth=15,
    breadth=100,
    fields=1_000,
    root_fields=20,
    aliases=100,
    directives=50,
    duplicates=20,
    listed=500,
    values=5_000,
    body=1_000_000,
    marks=20_000,
    cost=100_000,
    budget=400_000,
    refill=2_000,
)
"""Clerks, officers and auditors: a page of 200 with everything that a row shows, many pages a minute."""

_PERSON = replace(
    _STAFF,
    length=Longest(characters=20_000, tokens=2_000, comments=50),
    root_fields=10,
    aliases=60,
    listed=50,
    values=500,
    body=200_000,
    marks=5_000,
    cost=20_000,
    budget=60_000,
    refill=500,
)
"""Somebody with a phone: their own benefits, a handful of rows; many such accounts."""

_NOBODY = replace(
    _PERSON,
    length=Longest(characters=6_000, tokens=600, comments=20),
    operations=2,
    fragments=10,
    fields=500,
    root_fields=3,
    aliases=5,
    directives=5,
    duplicates=5,
    listed=10,
    values=50,
    body=64_000,
    marks=2_000,
    cost=12_000,
    budget=200_000,
    refill=1_000,
)
"""Not signed in: signing in, introspection. The budget is an address's: a whole office of clerks may be behind it."""

_SERVICE = replace(_STAFF, budget=1_000_000, refill=10_000)
"""A program of the agency, known and few."""

TABLE: dict[Role | None, Limits] = {
    None: _NOBODY,
    Role.PERSON: _PERSON,
    Role.UNIT: _STAFF,
    Role.WINDOW: _STAFF,
    Role.OFFICER: _STAFF,
    Role.AUDITOR: _STAFF,
    Role.SERVICE: _SERVICE,
}

ENDED = _STAFF
"""How long a document may be whose token has ended: it will be told so, whatever it asks for."""


def of(caller: Viewer | None) -> Limits:
    return TABLE[caller.role if caller else None]


def refusal(name: str, requested: int, limit: int) -> GraphQLError:
    """One limit, what was asked for, and what is allowed; nothing of the document."""
    asked = min(requested, 10**9)  # nested fragments make numbers of hundreds of digits
    said = messages.excess(name, asked, limit)
    return GraphQLError(said, extensions={"code": f"LIMIT_{name.upper()}", "limit": limit, "requested": asked})
