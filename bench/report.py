"""The report: Markdown tables and a plot, out of what was found."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median

import pygal

from bench.bars import bars, best
from bench.operations import MERCURIUS, POSTGRAPHILE, SERVICE
from bench.results import Results
from bench.rounds import Round, middle
from bench.runs import Ran
from bench.writes import BARE, TITLE, UNGUARDED

# Its finder for plugins is of a form that Python gave up.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "PluginImportFixer"]

Row = Sequence[str]


def write(results: Results, folder: Path) -> Path:
    """`report.md`, `results.json` and `rates.svg`; the path of the first."""
    folder.mkdir(parents=True, exist_ok=True)
    results.write(folder / "results.json")
    pictured = plotted(results, folder / "rates.svg")
    report = folder / "report.md"
    report.write_text("\n".join(markdown(results, pictured)) + "\n")
    return report


def markdown(results: Results, pictured: bool = False) -> Iterator[str]:
    yield "# How fast it is\n"
    yield from (f"- {name}: {value}" for name, value in results.machine.items())
    yield f"- rounds disturbed by others all the same: {results.disturbed}"
    yield from (f"- not measured: {why}" for why in results.left_out)
    if results.stopped:
        yield f"- **stopped**: {results.stopped}"
    if pictured:
        yield "\n![Requests a second](rates.svg)"
    if held := [bar.said() for bar in bars(results)]:
        yield from _table("Bars", ("what", "measured", "bar", ""), held)
    for name, rounds in results.reads.items():
        title = f"{results.title(name)}, {results.people:,} people, {results.compared[name]} answers the same"
        yield from _table(title, _HEAD, _reads(rounds))
    if results.batch_pass:
        yield from _table(f"{TITLE}, {results.people:,} people", _HEAD, _reads(results.batch_pass))
        yield _cost_of_the_standing(results.batch_pass)
    yield from _growth(results)
    if results.security:
        yield from _table("Row-level security: µs of a statement", *_security(results.security))
    if results.workers:
        head = ("processes", "requests/s", "of each", "p50 ms", "p99 ms")
        yield from _table("Roster page by processes", head, _workers(results.workers))


_HEAD = ("", "requests/s", "p50 ms", "p99 ms", "µs server", "µs database", "service ×", "")


def _table(title: str, head: Row, rows: Sequence[Row]) -> Iterator[str]:
    yield f"\n## {title[:1].upper()}{title[1:]}\n"
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(row)} |" for row in rows)


def _reads(rounds: Mapping[str, Sequence[Round]]) -> list[Row]:
    ours = middle(rounds[SERVICE])
    chosen = {best(rounds, list(names.values())) for names in (POSTGRAPHILE, MERCURIUS)}
    return [_read(name, middle(found), ours, name in chosen) for name, found in rounds.items()]


def _read(name: str, found: Round, ours: Round, chosen: bool) -> Row:
    """`chosen`: on the better of the peer's layouts, the one that the bars go by."""
    times = [f"{one:,.{places}f}" for one, places in ((found.rate, 0), (found.p50, 2), (found.p99, 2))]
    costs = [f"{found.server:,.0f}", f"{found.database:,.0f}", f"{ours.rate / found.rate:.2f}"]
    marks = [mark for mark, holds in (("its best layout", chosen), ("disturbed", found.disturbed)) if holds]
    return [name, *times, *costs, ", ".join(marks)]


def _cost_of_the_standing(rounds: Mapping[str, Sequence[Round]]) -> str:
    with_it, without = middle(rounds[UNGUARDED]).database, middle(rounds[BARE]).database
    return (
        f"\nThe standing on the row costs a page of 20 {with_it - without:,.0f} µs of the database's {with_it:,.0f}"
        f" ({(with_it - without) / with_it:.0%})."
    )


def _growth(results: Results) -> Iterator[str]:
    if results.growth:
        reads: list[Row] = [
            [f"{people:,}", results.title(name), f"{one.rate:,.0f}", f"{one.p50:.2f}", f"{one.p99:.2f}"]
            for people, found in sorted(results.growth.items())
            for name, one in ((name, middle(rounds)) for name, rounds in found.items())
        ]
        yield from _table("Requests by people", ("people", "operation", "requests/s", "p50 ms", "p99 ms"), reads)
    if results.runs:
        rows = [
            _run(people, name, runs) for people, found in sorted(results.runs.items()) for name, runs in found.items()
        ]
        head = ("people", "run", "seconds", "a second", "seconds a million", "of the limit")
        yield from _table("Monthly runs by people", head, rows)


def _run(people: int, name: str, runs: Sequence[Ran]) -> Row:
    seconds, rate = median(run.seconds for run in runs), median(run.rate for run in runs)
    shares = [run.limit / run.seconds for run in runs if run.limit]
    share = f"{median(shares):.2f}" if shares else ""
    what = f"{name} ({runs[0].number:,} rows)" if name == "evidence" else name
    return [f"{people:,}", what, f"{seconds:.2f}", f"{rate:,.0f}", f"{1e6 / rate:.1f}", share]


def _security(held: Mapping[str, Mapping[str, float]]) -> tuple[Row, list[Row]]:
    roles = list(next(iter(held.values())))
    rows: list[Row] = [
        [what, *(f"{taken[role]:,.0f} (× {taken[role] / taken['owner']:.2f})" for role in roles)]
        for what, taken in held.items()
    ]
    return ["", *roles], rows


def _workers(held: Mapping[int, Sequence[Round]]) -> list[Row]:
    return [
        [str(number), f"{one.rate:,.0f}", f"{one.rate / number:,.0f}", f"{one.p50:.2f}", f"{one.p99:.2f}"]
        for number, one in ((number, middle(list(rounds))) for number, rounds in sorted(held.items()))
    ]


def plotted(results: Results, file: Path) -> bool:
    """Requests a second of every server, by operation; whether there is anything to show."""
    if not results.reads:
        return False
    chart = pygal.Bar(title="requests a second", js=[], legend_at_bottom=True, human_readable=True)
    chart.x_labels = [results.title(name) for name in results.reads]
    every = {name: None for rounds in results.reads.values() for name in rounds}
    for name in every:
        chart.add(name, [middle(found[name]).rate if name in found else None for found in results.reads.values()])
    file.write_bytes(chart.render())
    return True
