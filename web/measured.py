"""What is counted while requests are answered: how many, how long, what they cost and how they fail; nobody's data.

Every label is a word of ours, from a short list: a path, a status, a kind, a code; nothing that a client has chosen.
Counting is an addition in a table of this process. Where there are several workers, each writes its table into a folder
that they share, and whichever is asked adds them up: as all read the same files, no sum ever falls.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path

import orjson
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

SHARED = "RENZHENG_METRICS"
"""The folder of several workers' tables."""
_LIMITS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0)  # seconds
_BUCKETS = [*map(str, _LIMITS), "+Inf"]
_COUNTERS = {
    "operations": ("Operations that were run, over HTTP and sockets.", ["kind"]),
    "cost_points": ("Points that operations cost.", ["kind"]),
    "errors": ("Errors that clients were told, by extensions.code.", ["code"]),
    "events": ("Results of subscriptions that were sent.", ["transport"]),
}
_GAUGES = {
    "requests_in_flight": ("Requests that are being answered, streams included.", []),
    "sockets_open": ("Sockets that are open.", []),
    "streams_open": ("Streams of server-sent events that are open.", []),
    "pool_connections": ("Connections to the database.", ["state"]),
}
_LASTS = ("Requests by path and status, and how long they took.", ["route", "status"])

Table = dict[tuple[str, ...], float]
"""Each number by its name and labels; of times, how many up to a limit and beyond the one before, and their sum."""

_table: defaultdict[tuple[str, ...], float] = defaultdict(
    float, {(name,): 0 for name, (_, of) in _GAUGES.items() if not of}
)


def request(route: str, status: str, seconds: float) -> None:
    """One was answered. `route` is a path of ours."""
    _table["times", route, status, _BUCKETS[bisect_left(_LIMITS, seconds)]] += 1
    _table["time", route, status] += seconds


def operation(kind: str, points: int) -> None:
    """One is run, at that cost."""
    _table["operations", kind] += 1
    _table["cost_points", kind] += points


def error(code: str) -> None:
    _table["errors", code] += 1


def event(transport: str) -> None:
    _table["events", transport] += 1


def now(name: str, by: int) -> None:
    """So many more, or fewer, are open or in flight."""
    _table[name,] += by


def pool(in_use: int, idle: int) -> None:
    """Of this worker, as of now."""
    _table["pool_connections", "in use"] = in_use
    _table["pool_connections", "idle"] = idle


def share() -> None:
    """Write this worker's table where the others read it."""
    if shared := os.environ.get(SHARED):
        file = Path(shared) / str(os.getpid())
        beside = file.with_suffix(".new")
        beside.write_bytes(orjson.dumps([[*key, number] for key, number in _table.items()]))
        beside.replace(file)


def text() -> bytes:
    """All of it in Prometheus' text format."""
    shared = os.environ.get(SHARED)
    registry = CollectorRegistry()
    registry.register(_Told(_summed(map(_read, _files(Path(shared)))) if shared else _table))
    return generate_latest(registry)


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if not file.suffix]


def _read(file: Path) -> Table:
    """A worker's table. What one that has died had open is open no more; what it had counted stays."""
    found = {tuple(key): number for *key, number in orjson.loads(file.read_bytes())}
    return found if _is_alive(int(file.name)) else {key: n for key, n in found.items() if key[0] not in _GAUGES}


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _summed(tables: Iterable[Table]) -> Table:
    total: Table = defaultdict(float)
    for table in tables:
        for key, number in table.items():
            total[key] += number
    return total


class _Told(Collector):
    """A table, for the library that writes it."""

    def __init__(self, table: Mapping[tuple[str, ...], float]) -> None:
        self._table = dict(sorted(table.items()))

    def collect(self) -> Iterator[Metric]:
        for name, (said, labels) in _COUNTERS.items():
            yield self._of(name, CounterMetricFamily(f"renzheng_{name}", said, labels=labels))
        for name, (said, labels) in _GAUGES.items():
            yield self._of(name, GaugeMetricFamily(f"renzheng_{name}", said, labels=labels))
        yield self._times()

    def _of(self, name: str, family: CounterMetricFamily | GaugeMetricFamily) -> Metric:
        for (called, *labels), number in self._table.items():
            if called == name:
                family.add_metric(labels, number)
        return family

    def _times(self) -> Metric:
        said, labels = _LASTS
        family = HistogramMetricFamily("renzheng_request_seconds", said, labels=labels)
        for (called, *of), seconds in self._table.items():
            if called == "time":
                counted = accumulate(self._table.get(("times", *of, bucket), 0) for bucket in _BUCKETS)
                family.add_metric(of, list(zip(_BUCKETS, counted, strict=True)), seconds)
        return family
