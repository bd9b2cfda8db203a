"""The statement alone, out of Python: the rows of the token's own unit, and nobody's for any other."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import orjson
import pytest

from bench.bare import Bare
from storage.database import Connection
from storage.replica import named
from tests.world import LOGIN

_WHOSE = """SELECT a.unit_id, s.id::text AS session FROM accounts a JOIN sessions s ON s.account_id = a.id
            WHERE a.unit_id = $1 LIMIT 1"""


@pytest.fixture
async def client(filled: Connection, cluster: str) -> AsyncIterator[httpx2.AsyncClient]:
    ours, theirs = [await filled.fetchrow(_WHOSE, unit) for unit in (1, 2)]
    assert ours is not None
    assert theirs is not None
    known = {b"Bearer ours": tuple(ours), b"Bearer mixed": (theirs["unit_id"], ours["session"])}
    bare = Bare(LOGIN.at(named(cluster, await filled.fetchval("SELECT current_database()"))), known)
    async with bare.connected():
        yield httpx2.AsyncClient(transport=httpx2.ASGITransport(app=bare), base_url="http://bare.test")


async def _asked(client: httpx2.AsyncClient, token: str) -> httpx2.Response:
    return await client.post("/graphql", content=b"{}", headers={"Authorization": f"Bearer {token}"})


async def test_a_page_of_the_unit_comes_as_it_is_in_the_database(
    client: httpx2.AsyncClient, filled: Connection
) -> None:
    first = await filled.fetch(
        """SELECT id FROM beneficiaries WHERE unit_id = 1 AND category = 'RETIREE' AND roster_rank < 4
           ORDER BY roster_rank, id LIMIT 21"""
    )
    answer = await _asked(client, "ours")
    assert [row[0] for row in orjson.loads(answer.content)] == [row["id"] for row in first]


async def test_row_level_security_is_in_the_statement(client: httpx2.AsyncClient) -> None:
    assert orjson.loads((await _asked(client, "mixed")).content) == []


async def test_nobody_is_refused(client: httpx2.AsyncClient) -> None:
    assert (await _asked(client, "unknown")).status_code == 401
