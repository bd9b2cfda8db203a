"""A payroll is killed, or its PostgreSQL; whoever runs it again goes on with what is there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from domain.month import Month
from domain.policy import PolicyBook
from storage import migrate, payroll_entries
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from tests.commands.ledger import changing, failed, ran
from tests.commands.service import ROOT, environment
from tests.storage.parts import at_once, end_early, freeze, written
from tests.storage.test_embedded import postmaster_pid
from tests.world import LOGIN, SECRET, World, personal_data

NOVEMBER = Month(2019, 11)
# The command, with two people a part. It stops within the second part, which is written and not yet there for good.
HALTING = """
import sys, time
import server
from storage import payroll_entries
payroll_entries.CHUNK, write = 2, payroll_entries.UnderWay.write
async def halting(under_way, connection, first, last):
    await write(under_way, connection, first, last)
    if first > 2:
        print("halted", flush=True)
        time.sleep(600)
payroll_entries.UnderWay.write = halting
sys.exit(server.main(["payroll", "2019-11"]))
"""


@pytest.fixture(autouse=True)
def parts_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payroll_entries, "CHUNK", 2)


def killed_within_the_second_part(dsn: str) -> None:
    """The command as a process of its own, at nine o'clock of 2019-11-08; kill -9."""
    clock = {"CLOCK": "2019-11-08T09:00:00+08:00", "REHEARSAL": "1"}
    with subprocess.Popen(
        [sys.executable, "-c", HALTING],
        cwd=ROOT,
        env=environment(DATABASE_URL=dsn, SECRET_KEY=SECRET, **clock),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "halted\n"
        process.kill()
    assert process.returncode == -signal.SIGKILL


async def test_a_killed_payroll_is_gone_on_with(world: World, dsn: str) -> None:
    """The part that was done is there, the other is not; the next run says that it goes on, and freezes the month."""
    people = await changing(world)
    killed_within_the_second_part(dsn)
    assert await world.owner.fetchval(
        "SELECT array_agg(beneficiary_id ORDER BY beneficiary_id) FROM payments_2019_11"
    ) == [1, 2]
    assert await world.owner.fetchval("SELECT count(*) FROM payments WHERE month = '2019-11-01'") == 0
    await failed(world, people["resumes"], "2019-11-08", "2019-11-01")
    expected = await at_once(world.at("2019-11-09"), NOVEMBER)
    again = ran(dsn, "2019-11-09", "payroll", "2019-11")
    assert (again.returncode, again.stdout.splitlines()[0]) == (0, "2019-11: 5 people")
    [said] = [line for line in again.stderr.splitlines() if "payroll goes on" in line]
    assert '"month":"2019-11","entries":2' in said
    async with world.database.connection() as connection:
        assert await written(connection, NOVEMBER) == expected
    assert ran(dsn, "2019-11-09", "payroll", "2019-11").stdout.startswith("2019-11: was frozen before")


@asynccontextmanager
async def served(folder: Path, book: PolicyBook) -> AsyncIterator[World]:
    """A world of its own over a PostgreSQL of its own, set up as an operator's is, which ends as a crash ends it."""
    postgres = EmbeddedPostgres(folder / "postgres", settings={"shared_buffers": "16MB"})
    dsn = postgres.start()
    await migrate.upgrade(dsn, book, LOGIN, personal_data())
    owner, pools = (
        await asyncpg.connect(dsn),
        (await Database.for_batches(dsn), await Database.for_callers(LOGIN.at(dsn))),
    )
    async with World.over(*pools, owner, book, folder) as world:
        yield world
    for pool in pools:
        await pool.close()
    await owner.close()
    os.kill(postmaster_pid(folder / "postgres"), signal.SIGQUIT)
    postgres.stop()


async def test_a_payroll_outlives_a_crash_of_postgresql(tmp_path: Path, book: PolicyBook) -> None:
    """What was there for good is there after recovery."""
    async with served(tmp_path, book) as world:
        await changing(world)
        await end_early(world.at("2019-11-08"), NOVEMBER, 2)
    async with served(tmp_path, book) as world:
        world.at("2019-11-09")
        assert await world.owner.fetchval(
            "SELECT array_agg(beneficiary_id ORDER BY beneficiary_id) FROM payments_2019_11"
        ) == [1, 2, 3, 4]
        expected = await at_once(world, NOVEMBER)
        assert await freeze(world, NOVEMBER) == expected
