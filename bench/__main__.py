"""`python3 run.py bench`: the service beside its peers and its limits, and how it grows; writes a report."""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import shutil
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from bench import loads, reads, report, rows, runs, writes
from bench.asking import Differs
from bench.cluster import Cluster, cluster, gate, login
from bench.loads import NotAnswered
from bench.machine import Cores
from bench.operations import OPERATIONS, SERVICE
from bench.people import MONTH, Shape
from bench.results import Results
from bench.rounds import Course
from bench.runs import RUNS
from bench.service import ROOT
from domain.policy import PolicyBook

READS = tuple(operation.name for operation in OPERATIONS)
BATCH, SECURITY, WORKERS = "batch-pass", "security", "workers"
_OF_ROWS = {"roster", "search"}
"""What reads nobody's history: without those ten times as many people fit."""
WHAT = (*READS, BATCH, "runs", SECURITY, WORKERS)
PROCESSES = (1, 2, 4, 8)
_PLACE = ROOT / ".tools" / "bench"
_PAGES = 500  # of a batch pass, for each second of a round, at most
_READ_TIMES = 1_500


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for."""

    people: int
    sizes: Sequence[int]
    only: Sequence[str]
    rounds: int
    seconds: float
    runs: int
    patience: float
    peers: bool
    folder: Path

    @property
    def pages(self) -> int:
        """Of a batch pass, in a round."""
        return round(_PAGES * self.seconds)


def main(arguments: Sequence[str]) -> int:
    asked = _asked(arguments)
    cores = Cores.shared_out()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # in order, so that no server is left behind
    os.sched_setaffinity(0, cores.rest)  # PostgreSQL and the load are children of this process
    place = _PLACE / "postgres"
    shutil.rmtree(place, ignore_errors=True)
    results = Results(machine=_machine(cores, asked), people=asked.people)
    try:
        with cluster(place) as postgres:
            _all(postgres, asked, cores, results)
    except (Differs, NotAnswered) as wrong:
        results.stopped = str(wrong)
    finally:
        shutil.rmtree(place, ignore_errors=True)
        written = report.write(results, asked.folder)
    print(f"\n{written.read_text()}\nWritten to {written}")
    return 1 if results.stopped else 0


def _all(postgres: Cluster, asked: Asked, cores: Cores, results: Results) -> None:
    """Size by size, the smallest first; what was found so far is in the report, however this ends."""
    course = Course(asked.rounds, cores, postgres.process, asked.patience)
    for people in sorted({asked.people, *asked.sizes}):
        name = f"people_{people}"
        asyncio.run(postgres.make(name, people, histories=not set(asked.only) <= _OF_ROWS))
        if people == asked.people:
            _main_size(postgres, name, asked, course, results)
        if people in asked.sizes:
            _growth(postgres, name, people, asked, course, results)
        asyncio.run(postgres.drop(name))
        report.write(results, asked.folder)


def _main_size(postgres: Cluster, name: str, asked: Asked, course: Course, results: Results) -> None:
    if SECURITY in asked.only:
        results.security = asyncio.run(_security(postgres, name))
    if BATCH in asked.only:
        results.batch_pass = asyncio.run(writes.passed(postgres, name, course, asked.pages))
    if WORKERS in asked.only:
        _workers(postgres, name, asked, course, results)
    shape = Shape(asked.people)
    for read, found in reads.measured(postgres, name, shape, course, asked.seconds, asked.only, peers=asked.peers):
        results.reads[read], results.compared[read] = found.rounds, found.compared
        report.write(results, asked.folder)


def _growth(postgres: Cluster, name: str, people: int, asked: Asked, course: Course, results: Results) -> None:
    if any(read in asked.only for read in READS):
        results.growth[people] = reads.alone(postgres, name, course, asked.seconds, asked.only)
    if BATCH in asked.only:
        _growth_of_a_pass(postgres, name, people, asked, course, results)
    if "runs" in asked.only:
        results.runs[people] = asyncio.run(runs.ran(postgres, name, people, asked.runs, course.cores))


def _growth_of_a_pass(
    postgres: Cluster, name: str, people: int, asked: Asked, course: Course, results: Results
) -> None:
    if people == asked.people:
        passed = results.batch_pass[SERVICE]
    elif people <= runs.COPIED_UP_TO:
        passed = asyncio.run(writes.alone(postgres, name, course, asked.pages))
    else:
        results.left_out.append(f"a batch pass with {people:,} people: each round would copy all of them")
        return
    results.growth[people] = {**results.growth.get(people, {}), writes.TITLE: passed}


def _workers(postgres: Cluster, name: str, asked: Asked, course: Course, results: Results) -> None:
    """As many processes as cores last: each server has a core, and PostgreSQL and the load have as many."""
    for number in PROCESSES:
        if 2 * number > len(Cores.found()):
            results.left_out.append(f"{number} processes: they need {2 * number} cores, half of them for PostgreSQL")
            continue
        shared = replace(course, cores=Cores.shared_out(number))
        found = reads.alone(postgres, name, shared, asked.seconds, ["roster"], number)
        results.workers[number] = found["roster"]


async def _security(postgres: Cluster, name: str) -> dict[str, dict[str, float]]:
    async with (
        postgres.owner(name) as owner,
        rows.entered(owner, login(gate()).at(postgres.dsn(name))) as (readers, unit),
    ):
        return await rows.costs(readers, unit, MONTH, PolicyBook.read().on(MONTH.first_day), _READ_TIMES)


def _machine(cores: Cores, asked: Asked) -> dict[str, object]:
    load = ", ".join(f"{one:.1f}" for one in psutil.getloadavg())
    memory = psutil.virtual_memory().total / 2**30
    return {
        "machine": f"{len(Cores.found())} cores, {memory:.0f} GiB, {platform.platform()}",
        "others at work when it began (load average)": load,
        "cores": f"servers {sorted(cores.servers)}, PostgreSQL and the load {sorted(cores.rest)}",
        "load": f"{loads.generator()}, {loads.CONNECTIONS} keep-alive connections",
        "rounds": f"medians of {asked.rounds} of {asked.seconds:g} s, interleaved; runs: of {asked.runs}",
        "the service": "serve --no-work, one process: tokens, access rules, row-level security, limits and metrics on",
        "the peers": "no tokens, access rules or limits; both layouts of tables, the better one counts",
        "PostgreSQL": "autovacuum off, tables vacuumed before; all else as the service sets it, all data in memory",
        "Python": platform.python_version(),
    }


def _asked(arguments: Sequence[str]) -> Asked:
    parser = argparse.ArgumentParser(
        prog="run.py bench",
        description="Measure the service beside PostGraphile, Mercurius (npm installs them) and pgbench.",
        epilog=f"What can be chosen with --only: {', '.join(WHAT)}. Runs are {', '.join(RUNS)}.",
    )
    parser.add_argument("--people", type=int, default=1_000_000, help="beside the peers (default: %(default)s)")
    parser.add_argument(
        "--sizes",
        type=_numbers,
        default=[10_000, 100_000, 1_000_000],
        help="how it grows: the service and the monthly runs with so many people, by commas (default: 10000, 100000 and"
        " 1000000; 10000000 takes some hours and 60 GB, with --only roster a quarter of that; a batch pass with"
        f" {runs.COPIED_UP_TO:,} people at most)",
    )
    parser.add_argument("--only", type=_names, default=list(WHAT), metavar="WHAT", help="some of it, by commas")
    parser.add_argument("--rounds", type=int, default=5, help="of every contender (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=8.0, help="of a round (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="of every monthly run (default: %(default)s)")
    parser.add_argument(
        "--patience", type=float, default=600.0, help="seconds to wait for an idle machine; 0: not at all"
    )
    parser.add_argument("--no-peers", action="store_true", help="without PostGraphile and Mercurius")
    parser.add_argument("--quick", action="store_true", help="try it out: 10,000 people, one round of 2 s, no waiting")
    parser.add_argument("--out", type=Path, default=ROOT / "bench-report", help="folder (default: bench-report)")
    given = parser.parse_args(arguments)
    if given.people < 1_000 or min(given.sizes, default=1_000) < 1_000:
        parser.error("at least 1000 people are needed")
    if given.quick:
        given.people, given.sizes, given.rounds, given.seconds, given.runs, given.patience = (
            10_000,
            [10_000],
            1,
            2,
            1,
            0,
        )
    measures = (given.rounds, given.seconds, given.runs, given.patience)
    return Asked(given.people, given.sizes, given.only, *measures, not given.no_peers, given.out)


def _numbers(text: str) -> list[int]:
    return [int(part.replace("_", "")) for part in text.split(",") if part.strip()]


def _names(text: str) -> list[str]:
    names = [part.strip() for part in text.split(",")]
    if unknown := sorted(set(names) - set(WHAT)):
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}; there are {', '.join(WHAT)}")
    return names


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
