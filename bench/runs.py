"""The monthly runs and the import of evidence: people or rows a second, each beside its limit where it has one.

They run as the commands run them, over a copy of the database, with Python on the server's core and PostgreSQL, which
nobody else asks anything, on that and its own.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tqdm import tqdm

from bench.cluster import Cluster
from bench.machine import Cores, running_on
from bench.people import MONTH, NUMBERED
from resolvers import batch, keyring, payroll
from resolvers.context import Context
from resolvers.intake import files
from storage.database import Connection
from web.clock import SHANGHAI

RUNS = ("evidence", "assessment", "publication", "payroll")
COPIED_UP_TO = 2_000_000  # people; a larger database is used as it is, once, for a copy would not fit
_ROWS = 1_000_000  # of evidence at once, at most
_COLUMNS = ("person_id", "source", "kind", "occurred_on", "reference", "received_at")
_TOLD = """
SELECT number AS id_number, 'transport' AS source, 'rail_travel' AS kind, date '2026-06-02' AS occurred_on,
       '{label}-' || p AS reference FROM {numbered}
"""
_SAME = """
SELECT p AS person_id, 'transport' AS source, 'rail_travel' AS kind, date '2026-06-02' AS occurred_on,
       '{label}-' || p AS reference, timestamptz '2026-07-01 09:00+08' AS received_at
FROM generate_series({first}, {last}) AS p
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """Seconds, for so many people or rows; `limit` the seconds of the same without us."""

    number: int
    seconds: float
    limit: float | None = None

    @property
    def rate(self) -> float:
        return self.number / self.seconds


async def ran(cluster: Cluster, name: str, people: int, times: int, cores: Cores) -> dict[str, list[Ran]]:
    """Everything so many times, each time from the same beginning."""
    found: dict[str, list[Ran]] = {run: [] for run in RUNS}
    copies = people <= COPIED_UP_TO
    for _ in tqdm(range(times if copies else 1), desc=f"runs of {people:,} people", leave=False):
        with cluster.serving_on(cores.all):
            async with _over(cluster, name, copies) as copy, cluster.context(copy) as context:
                with running_on(cores.servers):
                    await _once(cluster, copy, context, people, found)
    return found


@asynccontextmanager
async def _over(cluster: Cluster, name: str, copies: bool) -> AsyncIterator[str]:
    if not copies:
        yield name
        return
    async with cluster.copied(name) as copy:
        yield copy


async def _once(cluster: Cluster, name: str, context: Context, people: int, found: dict[str, list[Ran]]) -> None:
    """A month from its evidence to its payroll. Evidence comes after it, for it slows down what follows."""
    after = _at(context, (MONTH + 1).day(4))
    await keyring.begin(after)
    found["assessment"].append(Ran(people, await _timed(lambda: batch.assess(after, MONTH))))
    found["publication"].append(Ran(people, await _timed(lambda: batch.publish(after, MONTH, release=True))))
    pays = _at(context, (MONTH + 1).day(8))
    await keyring.begin(pays)
    found["payroll"].append(Ran(people, await _timed(lambda: payroll.freeze(pays, MONTH + 1))))
    async with cluster.owner(name) as owner:
        found["evidence"] += [await _evidence(owner, pays, people, turn) for turn in range(3)]


async def _evidence(owner: Connection, context: Context, people: int, turn: int) -> Ran:
    """A file imported, and as many rows about the same people copied into the same table by nobody."""
    part = {"first": 1, "last": min(people, _ROWS)}
    with TemporaryDirectory() as folder:
        file, rows = Path(folder) / "evidence.csv", Path(folder) / "rows.csv"
        told = _TOLD.format(label=f"told {turn}", numbered=NUMBERED.format(**part))
        await owner.copy_from_query(told, output=file, format="csv", header=True)
        await owner.copy_from_query(_SAME.format(label=f"same {turn}", **part), output=rows, format="csv")
        imported = await _timed(
            lambda: files.load(context, files.EVIDENCE, file, rejects=None, progress=lambda _: None)
        )
        bare = await _timed(lambda: owner.copy_to_table("evidence", source=rows, columns=_COLUMNS, format="csv"))
    return Ran(part["last"], imported, bare)


def _at(context: Context, day: date) -> Context:
    return replace(context, now=datetime.combine(day, context.now.time(), SHANGHAI))


async def _timed(run: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await run()
    return time.perf_counter() - start
