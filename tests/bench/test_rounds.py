"""Rounds take turns, and one in which others were at work is repeated."""

from __future__ import annotations

from collections.abc import Iterator

import psutil
import pytest

from bench import rounds
from bench.load import Driven
from bench.machine import Cores
from bench.rounds import Contender, Course, Round, interleaved

HERE = frozenset({0})


def course(patience: float) -> Course:
    return Course(2, Cores(HERE, HERE), psutil.Process(), patience)


def test_contenders_take_turns() -> None:
    order: list[str] = []

    def runs(name: str) -> Driven:
        order.append(name)
        return Driven(requests=10, rate=100.0, p50=1.0, p99=2.0, size=300)

    found = interleaved(course(0), "turns", {name: Contender(lambda name=name: runs(name), None) for name in "ab"})  # type: ignore[misc]
    assert order == ["a", "b", "a", "b"]
    assert [(one.rate, one.p50, one.p99, one.server) for one in found["b"]] == [(100.0, 1.0, 2.0, 0.0)] * 2


@pytest.mark.parametrize(
    ("disturbances", "kept"),
    [([True, False, False], [False, False]), ([True, True, True, False], [True, False])],
    ids=["once", "to the last"],
)
def test_a_disturbed_round_is_repeated(
    monkeypatch: pytest.MonkeyPatch, disturbances: list[bool], kept: list[bool]
) -> None:
    coming: Iterator[bool] = iter(disturbances)
    monkeypatch.setattr(rounds, "wait_until_idle", lambda *_: True)
    monkeypatch.setattr(rounds, "measured", lambda *_: Round(1, 1, 1, 1, 1, disturbed=next(coming)))
    found = interleaved(course(1), "again", {"a": Contender(lambda: Driven(1, 1, 1, 1, 1), None)})
    assert [one.disturbed for one in found["a"]] == kept
    assert list(coming) == []
