"""What runs beside the service: it dies, is started again, and ends with the service."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from commands import beside
from tests.commands.service import PATIENCE, Service, group_of, started

ENDS = [sys.executable, "-c", "raise SystemExit(3)"]
STAYS = [sys.executable, "-c", "import time; time.sleep(600)"]


def workers(service: Service) -> list[int]:
    """The processes of the service that do the upkeep."""
    group = group_of(service.process.pid)
    return [pid for pid in group if b"work" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]


def test_a_worker_that_was_killed_is_started_again(tmp_path: Path) -> None:
    """The log says so, and the new one ends with the service as the first would have."""
    with started(tmp_path / "data", "--empty") as service:
        service.await_ready()
        [first] = workers(service)
        os.kill(first, signal.SIGKILL)
        service.await_words('"status":-9,"again_in_seconds":1.0,"event":"work has ended","level":"error"')
        service._await(lambda: bool(workers(service)))
        [second] = workers(service)
        assert second != first
        service.stop(signal.SIGTERM)
        assert service.is_gone()
        assert service.said().count("work has ended") == 1


@pytest.mark.parametrize(
    ("settled", "pauses"), [(600.0, [0.01, 0.02, 0.04, 0.04, 0.04]), (0.0, [0.01] * 5)], ids=["at once", "later"]
)
def test_the_pause_grows_while_it_dies_at_once(
    monkeypatch: pytest.MonkeyPatch, settled: float, pauses: list[float]
) -> None:
    """What cannot run does not keep a core busy; what ran for long is started again soon."""
    monkeypatch.setattr(beside, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(beside, "LONGEST_PAUSE", 0.04)
    monkeypatch.setattr(beside, "SETTLED", settled)
    deadline = time.monotonic() + PATIENCE
    with capture_logs() as told, beside.kept("work", ENDS, dict(os.environ)):
        while len(told) < 5 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert [(line["event"], line["status"]) for line in told[:5]] == [("work has ended", 3)] * 5
    assert [line["again_in_seconds"] for line in told[:5]] == pauses


def test_what_cannot_be_started_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "FIRST_PAUSE", 0.01)
    deadline = time.monotonic() + PATIENCE
    with capture_logs() as told, beside.kept("work", ["/nowhere"], {}):
        while len(told) < 4 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert [line["event"] for line in told[:4]] == ["failed", "work has ended"] * 2


@pytest.mark.parametrize("command", [ENDS, STAYS], ids=["in its pause", "while it runs"])
def test_it_ends_with_the_service(monkeypatch: pytest.MonkeyPatch, command: list[str]) -> None:
    """Without an error: that it ended then is no news."""
    monkeypatch.setattr(beside, "FIRST_PAUSE", 600.0)
    with capture_logs() as told, beside.kept("work", command, dict(os.environ)):
        time.sleep(0.5)
    assert [line["event"] for line in told] == (["work has ended"] if command is ENDS else [])
