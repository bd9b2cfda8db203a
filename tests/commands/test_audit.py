"""`seal-audit` and `verify-audit`, as an operator types them."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from argparse import Namespace
from datetime import datetime
from pathlib import Path

import pytest

from commands import work
from resolvers import upkeep
from resolvers.errors import Refused
from tests.commands.ledger import ran
from tests.commands.service import group_of, run, started
from tests.world import World
from web.clock import SHANGHAI

TODAY = "2019-06-07"


@pytest.fixture
async def dsn_of(world: World, dsn: str) -> str:
    """The address of a database in which units were imported on 5 June 2019."""
    await world.at("2019-06-05").units()
    return dsn


async def test_a_day_is_sealed_with_a_root_to_keep_and_verified_with_it(dsn_of: str) -> None:
    """Two days are over; the two imports and an account are in the first; sealing itself is an entry of today."""
    sealed = ran(dsn_of, TODAY, "seal-audit")
    assert (sealed.returncode, sealed.stderr) == (0, "sealing the audit trail …\n")
    said, kept = sealed.stdout.splitlines()
    assert said == "2 days sealed"
    root = kept.removeprefix("root of 2019-06-06, to be kept outside the database: ")
    assert re.fullmatch(r"[0-9a-f]{64}", root)
    verified = ran(dsn_of, TODAY, "verify-audit", "--expect", root)
    assert verified.returncode == 0
    assert verified.stdout.splitlines() == [
        "4 entries fit, 2 days are sealed",
        f"root of the newest: {root}",
        "1 entries are not sealed yet, from 2019-06-07 on",
    ]
    assert ran(dsn_of, TODAY, "seal-audit").stdout.splitlines() == ["0 days sealed", kept]


async def test_what_does_not_fit_is_exit_status_1_and_one_line(world: World, dsn_of: str) -> None:
    """The entry is named; a root that nobody has sealed is not found."""
    missing = ran(dsn_of, TODAY, "verify-audit", "--expect", "0" * 64)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr.splitlines()[1:] == [
        "renzheng: no sealed day has the root that was kept: days are missing, or the trail was replaced"
    ]
    await world.owner.execute("UPDATE audit_entries SET body = '{}' WHERE id = 2")
    altered = ran(dsn_of, TODAY, "verify-audit")
    assert (altered.returncode, altered.stdout) == (1, "")
    assert altered.stderr.splitlines()[1:] == [
        "renzheng: entry 2 (the agency, 2019-06-05) was altered, or never written by the service"
    ]


async def test_a_command_that_is_refused_is_recorded(world: World, dsn_of: str, tmp_path: Path) -> None:
    """Who tried what; a command that reads leaves nothing."""
    assert ran(dsn_of, TODAY, "publish", "2019-05").returncode == 1
    assert ran(dsn_of, TODAY, "verify-standings").returncode == 0
    [row] = await world.owner.fetch("SELECT action, account_id, body FROM audit_entries WHERE id > 3")
    assert (row["action"], row["account_id"]) == ("REFUSED", None)
    facts = json.loads(row["body"])["facts"]
    assert facts.keys() == {"act", "operator", "month"}
    assert (facts["act"], facts["month"]) == ("publish", "2019-05")


async def test_the_worker_seals_what_is_over(dsn_of: str) -> None:
    """`work --once` is what the worker does every hour: the same as `seal-audit`, and it forgets what is over."""
    worked = ran(dsn_of, TODAY, "work", "--once")
    assert (worked.returncode, worked.stderr) == (0, "")
    said, kept = worked.stdout.splitlines()
    assert re.fullmatch(r"2 days sealed; root of 2019-06-06: [0-9a-f]{64}", said)
    assert ran(dsn_of, TODAY, "work", "--once").stdout.splitlines() == [kept]
    witness = kept.removeprefix("witness of the audit trail: ")
    assert re.fullmatch(r"2019-06-06/4/[0-9a-f]{64}", witness)
    assert ran(dsn_of, TODAY, "verify-audit", "--expect", witness).returncode == 0
    assert ran(dsn_of, TODAY, "verify-audit", "--expect", witness[:-1]).returncode == 2


def test_the_service_seals_a_day_when_it_is_over(tmp_path: Path) -> None:
    """`serve` does the upkeep for as long as it runs, by its own clock: it starts within the day, which then ends."""
    file = tmp_path / "units.csv"
    file.write_text("si_number,name,district\n370202000101,小学,市南区\n", encoding="utf-8")
    before = run("import", "units", file, DATA_DIR=str(tmp_path / "data"), CLOCK="2019-06-05T09:00:00+08:00")
    assert before.returncode == 0, before.stderr
    with started(tmp_path / "data", "--empty", CLOCK="2019-06-05T23:59:20+08:00") as service:
        service.await_ready()
        service.await_words("1 days sealed; root of 2019-06-05: ")
        service.stop(signal.SIGTERM)
        assert service.is_gone()


def test_without_work_nothing_is_sealed_here(tmp_path: Path) -> None:
    """Where `work` runs on another machine."""
    with started(tmp_path / "data", "--empty", "--no-work", CLOCK="2019-06-05T09:00:00+08:00") as service:
        service.await_ready()
        assert not _workers(service.process.pid)
    with started(tmp_path / "data", "--empty", CLOCK="2019-06-05T09:00:00+08:00") as service:
        service.await_ready()
        assert len(_workers(service.process.pid)) == 1


def _workers(group: int) -> list[str]:
    """The processes of a group that do the upkeep."""
    titles = [Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in group_of(group)]
    return [" ".join(map(bytes.decode, title)) for title in titles if b"work" in title]


@pytest.mark.parametrize(
    ("now", "expected"),
    [("2019-06-05T09:00:00", 3600), ("2019-06-05T23:30:00", 1801), ("2019-06-05T00:00:00", 3600)],
)
async def test_the_next_turn_is_in_an_hour_or_after_midnight(world: World, now: str, expected: int) -> None:
    world.clock.instant = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI)
    assert work.pause(world.context()).total_seconds() == expected


async def test_an_upkeep_that_fails_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in its way is logged; the worker goes on."""
    turns: list[str] = []

    async def refused(_: object) -> None:
        turns.append("refused")
        raise Refused("the seals were removed")

    async def over(_: float) -> None:
        if len(turns) == 3:
            raise asyncio.CancelledError

    monkeypatch.setattr(upkeep, "run", refused)
    monkeypatch.setattr(asyncio, "sleep", over)
    with pytest.raises(asyncio.CancelledError):
        await work.work(world.context(), Namespace(once=False, calendar="off"))
    assert turns == ["refused"] * 3
