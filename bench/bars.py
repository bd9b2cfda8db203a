"""The bars that the service is held to, each with what was measured and whether it is met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from bench.operations import MERCURIUS, POSTGRAPHILE, SERVICE
from bench.reads import PGBENCH
from bench.results import Results
from bench.rounds import Round, middle
from bench.writes import PGBENCH as SAME_STATEMENTS
from bench.writes import TITLE


@dataclass(frozen=True, slots=True)
class Bar:
    """What was measured, and the value that it must reach, or stay under."""

    what: str
    measured: float
    wanted: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        return self.measured <= self.wanted if self.at_most else self.measured >= self.wanted

    def said(self) -> tuple[str, str, str, str]:
        """What, measured, wanted and the verdict, in words."""
        sign = "≤" if self.at_most else "≥"
        return self.what, figure(self.measured), f"{sign} {figure(self.wanted)}", "met" if self.met else "not met"


def figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"


Rounds = Mapping[str, Sequence[Round]]


def best(rounds: Rounds, names: Sequence[str]) -> str | None:
    """Whose median rate is the highest: a peer counts on the layout that suits it best."""
    there = [name for name in names if name in rounds]
    return max(there, key=lambda name: middle(rounds[name]).rate, default=None)


def bars(results: Results) -> list[Bar]:
    """Every bar of which something was measured."""
    found: list[Bar] = []
    for name, rounds in results.reads.items():
        found += _of_a_read(name, results.title(name), rounds)
    found += _of_a_write(results.batch_pass)
    for people, runs in sorted(results.runs.items()):
        if "assessment" in runs:
            rate = median(run.rate for run in runs["assessment"])
            found.append(Bar(f"assessment, {people:,} people: people/s", rate, 300_000))
        if shares := [run.limit / run.seconds for run in runs.get("evidence", ()) if run.limit]:
            found.append(Bar(f"evidence, {people:,} people: share of a bare COPY", median(shares), 0.5))
    return [*found, *_of_growth(results), *_of_workers(results)]


def _of_a_read(name: str, title: str, rounds: Rounds) -> Iterator[Bar]:
    ours = middle(rounds[SERVICE])
    postgraphile, mercurius = best(rounds, list(POSTGRAPHILE.values())), best(rounds, list(MERCURIUS.values()))
    if postgraphile:
        theirs = middle(rounds[postgraphile])
        times = {"roster": 4.0, "standing": 3.0}.get(name, 1.0)
        yield Bar(f"{title}: requests/s × PostGraphile", ours.rate / theirs.rate, times)
        if name == "roster":
            yield Bar(f"{title}: processor time of PostGraphile's", ours.cpu / theirs.cpu, 0.25, at_most=True)
            yield Bar(f"{title}: p99 of PostGraphile's", ours.p99 / theirs.p99, 1.0, at_most=True)
    if name == "roster" and mercurius:
        theirs = middle(rounds[mercurius])
        yield Bar(f"{title}: requests/s × Mercurius", ours.rate / theirs.rate, 1.7)
        yield Bar(f"{title}: p99 of Mercurius'", ours.p99 / theirs.p99, 1.0, at_most=True)
    if PGBENCH in rounds:
        yield Bar(f"{title}: requests/s of pgbench's", ours.rate / middle(rounds[PGBENCH]).rate, 0.6)


def _of_a_write(rounds: Rounds) -> Iterator[Bar]:
    if rounds:
        share = middle(rounds[SERVICE]).rate / middle(rounds[SAME_STATEMENTS]).rate
        yield Bar(f"{TITLE}: pages/s of pgbench's", share, 0.7)


def _of_growth(results: Results) -> Iterator[Bar]:
    sizes = sorted(results.growth)
    if len(sizes) > 1 and "roster" in results.growth[sizes[0]]:
        first, last = (middle(results.growth[size]["roster"]) for size in (sizes[0], sizes[-1]))
        yield Bar(f"roster p50 at {sizes[-1]:,} people × that at {sizes[0]:,}", last.p50 / first.p50, 1.3, at_most=True)
    bounds = [size for size in sorted(results.runs) if size >= 100_000]
    if len(bounds) > 1:
        few, many = bounds[0], bounds[-1]
        for run in sorted(results.runs[few].keys() & results.runs[many].keys()):
            rates = [median(one.rate for one in results.runs[size][run]) for size in (few, many)]
            # Linear: a person costs no more where there are more of them, within the noise of a run.
            yield Bar(f"{run}: people/s at {many:,} people × that at {few:,}", rates[1] / rates[0], 0.85)


def _of_workers(results: Results) -> Iterator[Bar]:
    alone = results.workers.get(1)
    for number, rounds in sorted(results.workers.items()):
        if number > 1 and alone:
            share = middle(rounds).rate / number / middle(alone).rate
            yield Bar(f"{number} processes: requests/s of each, of one's alone", share, 0.85)
