"""`server.py serve`: however it ends, PostgreSQL ends with it, and the next start finds everything in order."""

from __future__ import annotations

import signal
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

import server
from storage.embedded import SOCKETS
from tests.commands.service import Service, started


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data directory, over which one server after the other is started."""
    return tmp_path_factory.mktemp("stopping") / "data"


@pytest.fixture
def served(data_dir: Path, request: pytest.FixtureRequest) -> Iterator[Service]:
    """A server over what the one before it left; a test may ask for more workers."""
    with started(data_dir, "--empty", "--workers", getattr(request, "param", 1)) as service:
        service.await_ready()
        yield service


def was_shut_down(data_dir: Path) -> bool:
    """Whether PostgreSQL's last words are those of an orderly end, and its socket is gone."""
    state = (data_dir / "postgres").stat()
    words = (data_dir / "postgres" / "postgres.log").read_text().splitlines()[-1]
    sockets = SOCKETS / f"renzheng-{state.st_dev:x}-{state.st_ino:x}"
    return "database system is shut down" in words and not sockets.exists()


TWO_WORKERS = pytest.mark.parametrize("served", [2], indirect=True, ids=["two workers"])


def test_ctrl_c_stops_the_service_and_its_database(served: Service, data_dir: Path) -> None:
    """A terminal interrupts the whole process group; nothing is left, and nobody sees a traceback."""
    served.stop(signal.SIGINT, group=True)
    assert served.is_gone()
    assert was_shut_down(data_dir)
    assert "Traceback" not in served.said()


@TWO_WORKERS
def test_ctrl_c_stops_every_worker(served: Service, data_dir: Path) -> None:
    """Each of them is interrupted too."""
    served.stop(signal.SIGINT, group=True)
    assert served.is_gone()
    assert was_shut_down(data_dir)


def test_sigterm_stops_the_service_and_its_database(served: Service, data_dir: Path) -> None:
    """As a supervisor stops it: the process alone is told."""
    served.stop(signal.SIGTERM)
    assert served.is_gone()
    assert was_shut_down(data_dir)
    assert "Traceback" not in served.said()


@TWO_WORKERS
def test_a_killed_server_leaves_nothing_running(served: Service, data_dir: Path) -> None:
    """kill -9: PostgreSQL and the workers go by themselves."""
    served.stop(signal.SIGKILL)
    assert served.is_gone()


def test_after_a_kill_the_next_start_needs_no_help(served: Service, data_dir: Path) -> None:
    """The data directory is as good as before; the fixture has started over what the kills left."""
    assert served.get("/readyz") == (200, {"status": "ready"})
    served.stop(signal.SIGKILL)
    with started(data_dir, "--empty") as next_one:  # at once: the killed one's PostgreSQL may still be ending
        next_one.await_ready()
        assert next_one.get("/readyz") == (200, {"status": "ready"})


def test_it_stops_while_it_is_starting(data_dir: Path) -> None:
    """Ctrl-C before it serves: whatever it had begun is ended."""
    with started(data_dir, "--empty") as starting:
        starting.await_file(data_dir / "postgres" / "cluster" / "postmaster.pid")
        starting.stop(signal.SIGINT, group=True)
        assert starting.is_gone()
        assert "Traceback" not in starting.said()


def test_a_signal_that_python_drops_still_ends_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a signal raises inside a weak reference's callback is ignored; the start asks again before it serves."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setattr("sys.unraisablehook", lambda _: None)
    try:
        ended = server._on_signals()
        ended()
        held = Held()
        watched = weakref.ref(held, lambda _: signal.raise_signal(signal.SIGINT))
        del held
        assert watched() is None
        with pytest.raises(KeyboardInterrupt):
            ended()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Held:
    """Something to refer to weakly."""
