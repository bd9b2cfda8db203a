"""Interleaved rounds: every contender in turn, on an idle machine, again where others were at work meanwhile."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import psutil
from tqdm import tqdm

from bench.load import Driven
from bench.machine import QUIET, Cores, busy, taken, taken_here, wait_until_idle

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Round:
    """Requests a second, milliseconds, and microseconds of processor time a request."""

    rate: float
    p50: float
    p99: float
    server: float
    database: float
    disturbed: bool = False
    """Others took more than a twentieth of the cores, and again when it was repeated."""

    @property
    def cpu(self) -> float:
        return self.server + self.database


@dataclass(frozen=True, slots=True)
class Contender:
    """Somebody who is measured, and the process that answers; None where the load asks PostgreSQL itself."""

    run: Callable[[], Driven]
    process: psutil.Process | None


@dataclass(frozen=True, slots=True)
class Course:
    """How rounds are run."""

    rounds: int
    cores: Cores
    postgres: psutil.Process
    patience: float
    """Seconds to wait for an idle machine before a round; 0 takes it as it is."""


def interleaved(course: Course, title: str, contenders: Mapping[str, Contender]) -> dict[str, list[Round]]:
    found: dict[str, list[Round]] = {name: [] for name in contenders}
    with tqdm(total=course.rounds * len(contenders), desc=title, unit="round", leave=False) as bar:
        for _ in range(course.rounds):
            for name, contender in contenders.items():
                found[name].append(_round(course, name, contender))
                bar.update()
    return found


def _round(course: Course, name: str, contender: Contender) -> Round:
    """Undisturbed, if that is to be had."""
    for left in reversed(range(_TRIES if course.patience else 1)):
        if course.patience:
            wait_until_idle(course.cores.all, course.patience)
        found = measured(course, contender)
        if not found.disturbed or not left:
            return found
        print(f"bench: {name}: others were at work; the round is repeated", file=sys.stderr, flush=True)
    raise AssertionError("unreachable")


def measured(course: Course, contender: Contender) -> Round:
    """One round, as the machine is."""
    before = _clocks(course, contender)
    driven = contender.run()
    wall, cores, here, server, database = (b - a for a, b in zip(before, _clocks(course, contender), strict=True))
    # PostgreSQL is a child of this process, and a server may be: each is counted once.
    others = cores - here - server - database
    share = 1e6 / driven.requests
    disturbed = others > QUIET * len(course.cores.all) * wall
    return Round(driven.rate, driven.p50, driven.p99, server * share, database * share, disturbed)


def _clocks(course: Course, contender: Contender) -> tuple[float, float, float, float, float]:
    """Seconds: by the clock, and of processor time on the cores, here, of the server and of PostgreSQL."""
    cores, here = busy(course.cores.all), taken_here()
    return time.perf_counter(), cores, here, taken(contender.process), taken(course.postgres)


def middle(rounds: Sequence[Round]) -> Round:
    """The median of each figure."""
    whole = [asdict(one) for one in rounds]
    figures = {
        name: statistics.median(one[name] for one in whole) for name in ("rate", "p50", "p99", "server", "database")
    }
    return Round(**figures, disturbed=any(one.disturbed for one in rounds))
