"""The report of a benchmark: medians, ratios, and whether a bar is met, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import report
from bench.bars import Bar, bars, best
from bench.operations import SERVICE
from bench.reads import PGBENCH
from bench.results import Results
from bench.rounds import Round, middle
from bench.runs import Ran
from bench.writes import BARE, TITLE, UNGUARDED
from bench.writes import PGBENCH as SAME

STANDING, NORMALISED = "PostGraphile, standing", "PostGraphile, normalised"


def a_round(rate: float, p99: float = 10.0, cpu: float = 100.0) -> Round:
    return Round(rate, p99 / 2, p99, cpu * 0.75, cpu * 0.25)


@pytest.fixture
def found() -> Results:
    reads = {
        SERVICE: [a_round(4_000, 8, 200), a_round(9_000, 9, 210), a_round(5_000, 7, 190)],
        STANDING: [a_round(1_000, 60, 900), a_round(1_250, 66, 800), a_round(1_300, 70, 700)],
        NORMALISED: [a_round(1_200, 50, 800)] * 3,
        "Mercurius, standing": [a_round(2_500, 30)] * 3,
        PGBENCH: [a_round(10_000)] * 3,
    }
    batch = {SERVICE: [a_round(350)], SAME: [a_round(500)], UNGUARDED: [a_round(520, cpu=800)]}
    return Results(
        machine={"machine": "two cores"},
        people=1_000_000,
        compared={"roster": 100},
        reads={"roster": reads},
        batch_pass={**batch, BARE: [a_round(700, cpu=600)]},
        growth={
            10_000: {"roster": [a_round(1, 10)]},
            1_000_000: {"roster": [a_round(1, 13)], TITLE: [a_round(96, 700)]},
        },
        runs={
            100_000: {"assessment": [Ran(100_000, 0.25)], "evidence": [Ran(1_000, 2.0, 1.5)]},
            1_000_000: {"assessment": [Ran(1_000_000, 5.0)]},
        },
        security={"roster page of 20": {"owner": 100.0, "UNIT": 109.0}},
        workers={1: [a_round(4_000)], 2: [a_round(7_000)]},
        left_out=["8 processes: they need 16 cores"],
    )


def test_the_middle_of_rounds_is_the_median_of_each_figure(found: Results) -> None:
    assert middle(found.reads["roster"][SERVICE]) == Round(5_000, 4, 8, 150, 50)


def test_a_disturbed_round_marks_the_middle() -> None:
    assert middle([a_round(1), Round(1, 1, 1, 1, 1, disturbed=True)]).disturbed


def test_a_peer_counts_on_its_better_layout(found: Results) -> None:
    assert best(found.reads["roster"], [STANDING, NORMALISED]) == STANDING
    assert best(found.reads["roster"], ["nobody"]) is None


def test_every_bar_is_a_ratio_of_medians(found: Results) -> None:
    assert [(round(bar.measured, 2), bar.wanted, bar.met) for bar in bars(found)] == [
        (4.0, 4.0, True),  # × PostGraphile
        (0.25, 0.25, True),  # of its processor time
        (0.12, 1.0, True),  # of its p99
        (2.0, 1.7, True),  # × Mercurius
        (0.27, 1.0, True),  # of its p99
        (0.5, 0.6, False),  # of pgbench
        (0.7, 0.7, True),  # batch pass
        (400_000.0, 300_000, True),  # assessment at 100,000
        (0.75, 0.5, True),  # evidence
        (200_000.0, 300_000, False),  # assessment at 1,000,000
        (1.3, 1.3, True),  # roster p50
        (0.5, 0.85, False),  # assessment is linear
        (0.88, 0.85, True),  # two processes
    ]


def test_a_bar_says_in_words_whether_it_is_met() -> None:
    assert Bar("p50", 1.25, 1.3, at_most=True).said() == ("p50", "1.25", "≤ 1.30", "met")
    assert Bar("people/s", 200_000, 300_000).said() == ("people/s", "200,000", "≥ 300,000", "not met")


def test_the_report_has_every_part(found: Results) -> None:
    lines = list(report.markdown(found))
    assert "- not measured: 8 processes: they need 16 cores" in lines
    assert "| service | 5,000 | 4.00 | 8.00 | 150 | 50 | 1.00 |  |" in lines
    assert "| PostGraphile, standing | 1,250 | 33.00 | 66.00 | 600 | 200 | 4.00 | its best layout |" in lines
    assert "\nThe standing on the row costs a page of 20 50 µs of the database's 200 (25%)." in lines
    assert "| 100,000 | evidence (1,000 rows) | 2.00 | 500 | 2000.0 | 0.75 |" in lines
    assert "| 1,000,000 | batch pass of 20 | 96 | 350.00 | 700.00 |" in lines
    assert "| 1,000,000 | assessment | 5.00 | 200,000 | 5.0 |  |" in lines
    assert "| roster page of 20 | 100 (× 1.00) | 109 (× 1.09) |" in lines
    assert "| 2 | 7,000 | 3,500 | 5.00 | 10.00 |" in lines


def test_a_benchmark_that_was_stopped_says_why() -> None:
    assert "- **stopped**: answers differ" in list(report.markdown(Results(stopped="answers differ")))


def test_nothing_measured_is_a_report_all_the_same() -> None:
    assert list(report.markdown(Results())) == ["# How fast it is\n", "- rounds disturbed by others all the same: 0"]


def test_what_is_kept_is_read_again(found: Results, tmp_path: Path) -> None:
    written = report.write(found, tmp_path)
    assert Results.read(tmp_path / "results.json") == found
    assert written.read_text().startswith("# How fast it is")
    assert (tmp_path / "rates.svg").read_text().startswith("<?xml")
