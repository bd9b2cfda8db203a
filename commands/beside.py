"""A process beside this one: started again when it dies, after a pause that grows, and ended with this one."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from web import log

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0  # seconds
SETTLED = 600.0
"""Seconds after which a process that dies has not died of how it was started: the pause is the first again."""


@contextmanager
def kept(name: str, command: Sequence[str], environment: Mapping[str, str]) -> Iterator[None]:
    """The process runs for as long as this is entered."""
    beside = _Beside(name, command, environment)
    thread = threading.Thread(target=beside.keep, name=name, daemon=True)
    thread.start()
    try:
        yield
    finally:
        beside.end()
        thread.join()


class _Beside:
    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self._name, self._command, self._environment = name, command, environment
        self._over = threading.Event()
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """In a thread of its own: the kernel ends a child with the thread that started it."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited: Ctrl-C is for this process to answer
        pause = FIRST_PAUSE
        while True:
            began = time.monotonic()
            status = self._run()
            if self._over.is_set():
                return
            if time.monotonic() - began >= SETTLED:
                pause = FIRST_PAUSE
            log.logger().error(f"{self._name} has ended", status=status, again_in_seconds=pause)
            if self._over.wait(pause):
                return
            pause = min(2 * pause, LONGEST_PAUSE)

    def end(self) -> None:
        with self._starting:
            self._over.set()
            if self._process is not None:
                self._process.terminate()

    def _run(self) -> int | None:
        """Its exit status, negative for a signal; None where it could not be started."""
        with self._starting:
            if self._over.is_set():
                return None
            try:
                self._process = subprocess.Popen(self._command, env=self._environment, stdin=subprocess.DEVNULL)
            except OSError as error:  # no memory, or no more processes: for now
                log.failure(error)
                return None
        return self._process.wait()
