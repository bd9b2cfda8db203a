"""The machine: who runs on which core, how much of a processor they took, and whether others were at work beside."""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil

QUIET = 0.05
"""The share of the cores in use that others may take: more disturbs a round."""
_FOUND = frozenset(os.sched_getaffinity(0))
_LOOK = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Cores:
    """The servers' own cores, and those of PostgreSQL and the load."""

    servers: frozenset[int]
    rest: frozenset[int]

    @classmethod
    def shared_out(cls, servers: int = 1) -> Cores:
        """The first to the servers, as many to the database and the load."""
        found = cls.found()
        if len(found) < 2 * servers:
            raise SystemExit(f"bench: {2 * servers} cores are needed for {servers} server processes; here are {found}")
        return cls(frozenset(found[:servers]), frozenset(found[servers : 2 * servers]))

    @staticmethod
    def found() -> list[int]:
        """Those that this process might use, whatever it keeps to now."""
        return sorted(_FOUND)

    @property
    def all(self) -> frozenset[int]:
        return self.servers | self.rest


@contextmanager
def running_on(cores: Iterable[int]) -> Iterator[None]:
    """Whoever is started inside stays on these cores."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def taken(process: psutil.Process | None) -> float:
    """Seconds of processor time of a process and all of its own, those that have ended included."""
    if process is None:
        return 0.0
    total = 0.0
    for one in [process, *process.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            times = one.cpu_times()
            total += times.user + times.system + times.children_user + times.children_system
    return total


def taken_here() -> float:
    """The same of this process, and of what it started and waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def busy(cores: Iterable[int]) -> float:
    """Seconds that these cores have worked in all, for whomever."""
    times = psutil.cpu_times(percpu=True)
    return sum(t.user + t.nice + t.system + getattr(t, "steal", 0.0) for t in (times[core] for core in cores))


def wait_until_idle(cores: frozenset[int], patience: float) -> bool:
    """Wait for a second in which nobody uses the cores; False where none came in so many seconds."""
    until, told = time.monotonic() + patience, False
    while True:
        before = busy(cores)
        time.sleep(_LOOK)
        if busy(cores) - before < QUIET * len(cores) * _LOOK:
            return True
        if time.monotonic() > until:
            return False
        if not told:
            print("bench: waiting until the machine is idle …", file=sys.stderr, flush=True)
            told = True
