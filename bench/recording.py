"""The statements of a write as the service sends them, recorded, and written for pgbench."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from bench.cluster import Cluster, gate, login
from domain.access import Viewer
from domain.submission import Submission
from resolvers import certifications, keyring
from storage.database import Connection, Database

_CLAIMS, _TELLS = "claim_audit_entries(", "INSERT INTO audit_entries"
"""The service reads numbers of the trail with the one, and writes them with the other."""


class _Undone(Exception):
    """Enough was seen; nothing stays."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Its text, and the type of each value; None where it is always NULL."""

    text: str
    types: list[str | None]


@dataclass(frozen=True, slots=True)
class Recorded:
    """The same statements for every call, and each call's values as text: one row of all of its statements."""

    statements: list[Statement]
    calls: list[list[list[str | None]]]


class Recording(Database):
    """A pool whose transactions are noted and undone."""

    noted: list[tuple[str, tuple[Any, ...]]]

    @asynccontextmanager
    async def begin(self, session: UUID | None = None, *, at_one_moment: bool = False) -> AsyncIterator[Connection]:
        self.noted = [("SELECT enter($1)", (session,))]
        async with super().begin(session, at_one_moment=at_one_moment) as connection:
            with connection.query_logger(lambda record: self.noted.append((record.query, record.args))):
                yield connection
            raise _Undone


async def recorded(cluster: Cluster, name: str, submissions: Sequence[tuple[Viewer, Submission]]) -> Recorded:
    """What the service would send for each of them."""
    pool = await Recording.for_callers(login(gate()).at(cluster.dsn(name)), size=1)
    calls: list[list[tuple[str, tuple[Any, ...]]]] = []
    async with cluster.context(name) as owned:
        await keyring.load(owned)
        context = replace(owned, database=pool, address="127.0.0.1")
        for viewer, submission in (submissions[0], *submissions):  # the first time, the driver asks for types as well
            with suppress(_Undone):
                await certifications.submit(replace(context, caller=viewer), submission)
            calls.append(pool.noted)
        async with owned.database.connection() as connection:
            statements = [await _statement(connection, text, values) for text, values in calls[1]]
    await pool.close()
    alike = [call for call in calls[1:] if [text for text, _ in call] == [one.text for one in statements]]
    return Recorded(statements, [[[_written(value) for value in values] for _, values in call] for call in alike])


async def _statement(connection: Connection, text: str, values: Sequence[Any]) -> Statement:
    types = (await connection.prepare(text)).get_parameters()
    named = [None if value is None else f'"{one.schema}".{one.name}' for one, value in zip(types, values, strict=True)]
    return Statement(text, named)


def _written(value: Any) -> str | None:
    """As PostgreSQL reads it."""
    match value:
        case None:
            return None
        case list() | tuple():
            return "{" + ",".join(_item(_written(one)) for one in value) + "}"
        case bytes():
            return f"\\x{value.hex()}"
        case _:
            return str(value)


def _item(text: str | None) -> str:
    return "NULL" if text is None else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


async def keep(owner: Connection, held: Recorded) -> None:
    """The calls as a table, from which pgbench takes one after another."""
    names = [_name(place, number) for place, one in enumerate(held.statements) for number in range(len(one.types))]
    await owner.execute(f"""
        CREATE TABLE bench.calls (n bigint PRIMARY KEY, {", ".join(f"{name} text" for name in names)});
        CREATE SEQUENCE bench.next_call;
        GRANT USAGE ON SCHEMA bench TO PUBLIC; GRANT SELECT ON bench.calls TO PUBLIC;
        GRANT USAGE ON SEQUENCE bench.next_call TO PUBLIC;""")
    rows = [(n, *(value for values in call for value in values)) for n, call in enumerate(held.calls, 1)]
    await owner.copy_records_to_table("calls", schema_name="bench", records=rows)
    await owner.execute("ANALYZE bench.calls")


def script(statements: Sequence[Statement], without: str | None = None) -> str:
    r"""A transaction for pgbench. It reads its values first, with \gset; `without` one statement that begins so."""
    lines = ["SELECT * FROM bench.calls WHERE n = (SELECT nextval('bench.next_call')) \\gset", "BEGIN;"]
    for place, one in enumerate(statements):
        if without is None or not one.text.lstrip().startswith(without):
            lines.append(_line(place, one))
    return "\n".join([*lines, "COMMIT;", ""])


def _line(place: int, statement: Statement) -> str:
    tells = _TELLS in statement.text

    def value(found: re.Match[str]) -> str:
        number = int(found[1]) - 1
        kind = statement.types[number]
        if kind is None:
            return "NULL"
        name = {0: "ids", 2: "numbers"}.get(number) if tells else None
        return f":{name or _name(place, number)}::{kind}"

    text = re.sub(r"\$(\d+)", value, statement.text.strip())
    if _CLAIMS not in text:
        return text + ";"
    return (
        "SELECT array_agg(id ORDER BY chain, number)::text AS ids, array_agg(number ORDER BY chain, number)::text AS"
        f" numbers FROM ({text}) AS claimed \\gset"
    )


def _name(place: int, number: int) -> str:
    return f"s{place}_{number}"
