"""kill -9 in the middle of a part, PostgreSQL's too: the same command comes to what it would have come to."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
from pathlib import Path

from tests.commands.files import HEADERS
from tests.commands.service import PATIENCE, ROOT, environment
from tests.world import CONTACT, SCHOOL, id_number

PEOPLE = 7
COMMANDS = """
import shlex, sys
import server
for line in sys.argv[1:]:
    print(server.main(shlex.split(line)))
"""
# `publish 2019-05` in parts of two; in the third, before its commit, PostgreSQL and the process are killed.
KILLED = """
import os, signal
import psutil
import server
from storage import publication

publication.CHUNK = 2
publish_part, parts = publication.publish_part, []

async def killed(*given):
    await publish_part(*given)
    parts.append(given)
    if len(parts) == 3:
        for process in [*psutil.Process().children(recursive=True), psutil.Process()]:
            os.kill(process.pid, signal.SIGKILL)

publication.publish_part = killed
server.main(["publish", "2019-05"])
"""


def python(folder: Path, program: str, *commands: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, on 4 June 2019."""
    return subprocess.run(
        [sys.executable, "-c", program, *commands],
        cwd=ROOT,
        env=environment(DATA_DIR=str(folder / "data"), CLOCK="2019-06-04T09:00:00+08:00"),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def said(folder: Path, *commands: str) -> list[str]:
    """What the commands say, one after another, and their exit statuses."""
    result = python(folder, COMMANDS, *commands)
    assert result.returncode == 0, result.stderr
    return result.stdout.splitlines()


def written(file: Path, *rows: tuple[str, ...]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADERS[file.stem].split(","), *rows])
    return file


def test_a_killed_publication_goes_on_where_it_was(tmp_path: Path) -> None:
    """Two parts are there after the crash, the third is not; the drafts, which are not logged, are gone."""
    people = [
        (SCHOOL, "RETIREE", f"张三{n}", id_number(n), *CONTACT.values(), "2005-01", "3000.00", "2018-12")
        for n in range(1, PEOPLE + 1)
    ]
    seen = [(id_number(n), "transport", "rail_travel", "2019-05-20", f"T-{n}") for n in range(1, PEOPLE)]
    files = [
        written(tmp_path / "units.csv", (SCHOOL, "小学", "市南区")),
        written(tmp_path / "beneficiaries.csv", *people),
        written(tmp_path / "evidence.csv", *seen),
    ]
    imports = [f"import {file.stem} {file}" for file in files]
    assert said(tmp_path, *imports, "assess 2019-05")[-2:] == ["2019-05: 1 PENDING, 6 QUALIFIED", "0"]
    assert python(tmp_path, KILLED).returncode == -signal.SIGKILL
    again = ["assess 2019-05", "verify-standings", "publish 2019-05", "publish 2019-05", "verify-standings"]
    assert said(tmp_path, *again) == [
        *["1"],  # refused: it is published in part
        *["7 rows equal their history", "0"],
        *["2019-05: 7 verdicts published, 6 periods renewed", "0"],
        *["2019-05: was published before; nothing changed", "0"],
        *["7 rows equal their history", "0"],
    ]
