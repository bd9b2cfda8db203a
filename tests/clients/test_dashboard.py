"""The dashboard's small program, run by Node.js against a real server that trusts its documents and no others."""

from __future__ import annotations

import asyncio
import shutil
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.commands.ledger import said
from tests.sockets.wire import PATIENCE, changed, served
from tests.world import PASSWORD, SCHOOL, World
from web.hardening.openness import Documents, Openness

CLIENTS = Path(__file__).parents[2] / "clients"
RUNNER = CLIENTS / "node_modules" / ".bin" / "jiti"
pytestmark = pytest.mark.skipif(
    shutil.which("node") is None or not RUNNER.exists(), reason="needs Node.js, and once: python3 run.py clients"
)


@asynccontextmanager
async def dashboard(address: str, password: str = PASSWORD) -> AsyncIterator[Process]:
    given = (f"http://{address}/graphql", SCHOOL, password)
    process = await asyncio.create_subprocess_exec(
        RUNNER, "dashboard/main.ts", *given, cwd=CLIENTS, stdout=PIPE, stderr=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@asynccontextmanager
async def trusting(world: World) -> AsyncIterator[str]:
    """The address of a school with two people, where only what was persisted may be asked."""
    await world.at("2019-06-05").units()
    for serial in (1, 2):
        await world.enrol(serial)
    await said(world, "persist", CLIENTS / "dashboard" / "generated" / "persisted-documents.json")
    async with world.opened(Openness(documents=Documents.TRUSTED)) as opened, served(opened.app) as address:
        yield address


async def lines(process: Process, number: int) -> list[str]:
    """The next lines that it prints."""
    assert process.stdout is not None
    found = [(await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode().strip() for _ in range(number)]
    if "" in found and process.stderr is not None:
        raise AssertionError((await process.stderr.read()).decode())
    return found


async def test_it_prints_the_roster_and_follows_it(world: World) -> None:
    """By hashes alone: signing in, the pages, the place where to begin, and what changes from there on."""
    async with trusting(world) as address, dashboard(address) as process:
        assert await lines(process, 3) == ["张三1  PAYING", "张三2  PAYING", "following"]
        await changed(world, 2)
        assert await lines(process, 1) == ["changed 张三2  PAYING (0 unanswered)"]
        await changed(world, 1, 2, phone="13700000001")
        told = await lines(process, 2)
        assert told == ["changed 张三1  PAYING (0 unanswered)", "changed 张三2  PAYING (0 unanswered)"]


async def test_a_wrong_password_ends_it_in_the_services_words(world: World) -> None:
    async with trusting(world) as address, dashboard(address, "wrong") as process:
        _, error = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert (process.returncode, error.decode().strip()) == (1, "用户名或密码不正确。")
