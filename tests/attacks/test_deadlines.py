"""Whatever takes too long is stopped, says so, and leaves the pool as it was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from pydantic import ValidationError

from resolvers.context import Context
from settings import Settings
from storage.database import Database, Patience
from tests.world import HANDLER, LOGIN, SCHOOL, World, node_id
from web.app import application

HURRIED = Patience(statement=0.2, lock=0.1, idle=0.3)
DOCUMENT = {"query": "{unit{name summary{total}}}"}


@asynccontextmanager
async def served(world: World, dsn: str, patience: Patience, seconds: float) -> AsyncIterator[Any]:
    """The service with one connection: one that was not given back would be missed at once."""
    database = await Database.for_callers(LOGIN.at(dsn), size=1, patience=patience)

    async def connect() -> Database:
        return database

    app = application(connect, world.book, world.clock, world.gate, request_seconds=seconds)
    transport = httpx2.ASGITransport(app=app, client=("127.0.0.1", 1))
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=transport, base_url="http://x") as http:
        yield http, database


async def slow(context: Context, *_: object) -> None:
    async with context.reading() as connection:
        await connection.fetchval("SELECT 1 FROM pg_sleep(30)")


async def test_a_statement_that_took_too_long_is_sent_once(
    world: World, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A read that was compiled is told of by the ordinary executor; it would wait as long again for the same end."""
    await world.units()
    headers = await world.token(SCHOOL)
    sent: list[object] = []

    async def once(context: Context, *given: object) -> None:
        sent.append(given)
        await slow(context)

    async with served(world, dsn, HURRIED, 20.0) as (http, _):
        monkeypatch.setattr("resolvers.roster.summary", once)
        answer = (await http.post("/graphql", json=DOCUMENT, headers=headers)).json()
    [error] = answer["errors"]
    assert (error["extensions"], error["path"]) == ({"code": "TIMEOUT"}, ["unit", "summary"])
    assert answer["data"] == {"unit": None}
    assert len(sent) == 1


async def codes(http: Any, headers: dict[str, str]) -> Any:
    answer = (await http.post("/graphql", json=DOCUMENT, headers=headers)).json()
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


@pytest.mark.parametrize(("patience", "seconds"), [(HURRIED, 20.0), (Patience(), 0.3)], ids=["statement", "request"])
async def test_a_request_that_takes_too_long_is_stopped(
    world: World, dsn: str, monkeypatch: pytest.MonkeyPatch, patience: Patience, seconds: float
) -> None:
    """By PostgreSQL or by the deadline; the next request finds the connection in order."""
    await world.units()
    headers = await world.token(SCHOOL)
    async with served(world, dsn, patience, seconds) as (http, database):
        with monkeypatch.context() as patch:
            patch.setattr("resolvers.roster.unit", slow)
            answer = (await http.post("/graphql", json=DOCUMENT, headers=headers)).json()
            [error] = answer["errors"]
            assert error["extensions"] == {"code": "TIMEOUT"}
            assert error["message"].startswith("处理时间过长，已中止。")
        assert await codes(http, headers) == []
        async with database.connection() as connection:
            busy = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active'"
            assert await connection.fetchval(f"{busy} AND pid <> pg_backend_pid()") == 0


async def test_an_act_that_is_stopped_is_undone(world: World, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it stays, and the same act goes through afterwards."""
    await world.units()
    headers = await world.token(SCHOOL)
    document = {"query": "mutation{signOutEverywhere{ended}}"}
    async with served(world, dsn, Patience(), 0.5) as (http, _):
        with monkeypatch.context() as patch:

            async def never(*_: object, **__: object) -> None:
                await asyncio.sleep(30)

            patch.setattr("resolvers.audit.record", never)
            [error] = (await http.post("/graphql", json=document, headers=headers)).json()["errors"]
            assert error["extensions"] == {"code": "TIMEOUT"}
        assert await world.owner.fetchval("SELECT count(*) FROM sessions WHERE ended_at IS NOT NULL") == 0
        answer = (await http.post("/graphql", json=document, headers=headers)).json()
        assert answer["data"] == {"signOutEverywhere": {"ended": 1}}


async def test_nobody_waits_for_a_lock_for_ever(world: World, dsn: str) -> None:
    """An act that meets another's lock gives up in time."""
    await world.units()
    id = await world.enrol()
    headers = await world.token(SCHOOL)
    document = {
        "query": """mutation($i: UpdateContactInput!) { updateContact(input: $i) { userErrors { code } } }""",
        "variables": {"i": {"beneficiaryId": node_id(id), "contact": {"phone": "13812345679"},
                            "handler": HANDLER}},
    }  # fmt: skip
    async with served(world, dsn, HURRIED, 20.0) as (http, _):
        async with world.owner.transaction():
            await world.owner.execute("SELECT FROM beneficiaries WHERE id = $1 FOR UPDATE", id)
            [error] = (await http.post("/graphql", json=document, headers=headers)).json()["errors"]
            assert error["extensions"] == {"code": "TIMEOUT"}
        answer = (await http.post("/graphql", json=document, headers=headers)).json()
        assert answer["data"] == {"updateContact": {"userErrors": []}}


async def test_the_pool_of_the_api_has_its_time_outs_and_the_commands_have_none(
    callers: Database, pool: Database
) -> None:
    """A payroll may take minutes; a request may not."""
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    for database, expected in ((callers, ["10s", "5s", "15s"]), (pool, ["0", "0", "0"])):
        async with database.connection() as connection:
            assert [await connection.fetchval(f"SHOW {name}") for name in names] == expected


def test_the_settings_say_how_long() -> None:
    assert Settings(statement_timeout=1.5, lock_timeout=2, idle_timeout=3).patience() == Patience(1.5, 2, 3)
    assert Settings().request_timeout == 20.0
    with pytest.raises(ValidationError):
        Settings(request_timeout=0)
