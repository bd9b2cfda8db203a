"""What a benchmark has found, as it is kept in JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.operations import OPERATIONS
from bench.rounds import Round
from bench.runs import Ran

Rounds = dict[str, list[Round]]


@dataclass
class Results:
    """Rounds by operation and server, runs by people and name; empty where nothing was measured."""

    machine: dict[str, Any] = field(default_factory=dict)
    people: int = 0
    compared: dict[str, int] = field(default_factory=dict)
    """Answers of each operation that were the same from every server."""
    reads: dict[str, Rounds] = field(default_factory=dict)
    batch_pass: Rounds = field(default_factory=dict)
    growth: dict[int, Rounds] = field(default_factory=dict)
    """The service alone, by people and operation; a batch pass by its title."""
    runs: dict[int, dict[str, list[Ran]]] = field(default_factory=dict)
    security: dict[str, dict[str, float]] = field(default_factory=dict)
    """Microseconds of a statement, by role; the owner's are without row-level security."""
    workers: dict[int, list[Round]] = field(default_factory=dict)
    """The roster, by processes."""
    left_out: list[str] = field(default_factory=list)
    """What was not measured, and why."""
    stopped: str | None = None
    """Why the benchmark ended before its end: answers that differ, requests that fail."""

    def title(self, name: str) -> str:
        return next((operation.title for operation in OPERATIONS if operation.name == name), name)

    @property
    def disturbed(self) -> int:
        """Rounds in which others were at work, although they were repeated."""
        groups = [*self.reads.values(), self.batch_pass, *self.growth.values()]
        every = [*(rounds for group in groups for rounds in group.values()), *self.workers.values()]
        return sum(one.disturbed for rounds in every for one in rounds)

    def write(self, file: Path) -> None:
        file.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n")

    @classmethod
    def read(cls, file: Path) -> Results:
        held = json.loads(file.read_text())
        held["reads"] = {name: _rounds(found) for name, found in held["reads"].items()}
        held["batch_pass"] = _rounds(held["batch_pass"])
        held["growth"] = {int(people): _rounds(found) for people, found in held["growth"].items()}
        held["runs"] = {
            int(people): {name: [Ran(**one) for one in runs] for name, runs in found.items()}
            for people, found in held["runs"].items()
        }
        held["workers"] = {int(number): [Round(**one) for one in found] for number, found in held["workers"].items()}
        return cls(**held)


def _rounds(held: dict[str, list[dict[str, Any]]]) -> Rounds:
    return {name: [Round(**one) for one in found] for name, found in held.items()}
