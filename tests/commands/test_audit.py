"""`seal-audit` and `verify-audit`, as an operator types them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.commands.ledger import ran
from tests.world import World

TODAY = "2019-06-07"


@pytest.fixture
async def dsn_of(world: World, dsn: str) -> str:
    """The address of a database in which units were imported on 5 June 2019."""
    await world.at("2019-06-05").units()
    return dsn


async def test_a_day_is_sealed_with_a_root_to_keep_and_verified_with_it(dsn_of: str) -> None:
    """Two days are over; the two imports are in the first; sealing itself is an entry of today."""
    sealed = ran(dsn_of, TODAY, "seal-audit")
    assert (sealed.returncode, sealed.stderr) == (0, "sealing the audit trail …\n")
    said, kept = sealed.stdout.splitlines()
    assert said == "2 days sealed"
    root = kept.removeprefix("root of 2019-06-06, to be kept outside the database: ")
    assert re.fullmatch(r"[0-9a-f]{64}", root)
    verified = ran(dsn_of, TODAY, "verify-audit", "--expect", root)
    assert verified.returncode == 0
    assert verified.stdout.splitlines() == [
        "3 entries fit, 2 days are sealed",
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
    [row] = await world.owner.fetch("SELECT action, account_id, body FROM audit_entries WHERE id > 2")
    assert (row["action"], row["account_id"]) == ("REFUSED", None)
    assert json.loads(row["body"])["facts"].keys() == {"act", "operator"}


async def test_the_worker_seals_what_is_over(dsn_of: str) -> None:
    """`work --once` is what the worker does every hour: the same as `seal-audit`, and it forgets what is over."""
    worked = ran(dsn_of, TODAY, "work", "--once")
    assert (worked.returncode, worked.stderr) == (0, "")
    assert re.fullmatch(r"2 days sealed; root of 2019-06-06: [0-9a-f]{64}\n", worked.stdout)
    assert ran(dsn_of, TODAY, "work", "--once").stdout == ""
