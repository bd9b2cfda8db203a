"""The real process: `server.py` as an operator starts it, over a data directory of the tests' own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.programs import processes_of

ROOT = Path(__file__).parents[2]
PATIENCE = 150.0  # seconds until a process that starts or ends is given up
_OURS = (
    *("DATABASE_URL", "DATA_DIR", "SECRET_KEY", "FORMER_SECRET_KEY", "CIPHER"),
    *("CLOCK", "CLOCK_OFFSET", "REHEARSAL", "RENZHENG_SUPERVISOR"),
    *("ALLOWED_ORIGINS", "INTROSPECTION", "DOCUMENTS", "SOCKET_INIT_TIMEOUT"),
    *("METRICS_TOKEN", "RENZHENG_METRICS"),
)


def environment(**ours: str) -> dict[str, str]:
    """The machine's environment without what a developer may have set for the service."""
    return {name: value for name, value in os.environ.items() if name not in _OURS} | ours


def run(*arguments: object, **ours: str) -> subprocess.CompletedProcess[str]:
    """A command from beginning to end."""
    return subprocess.run(
        [sys.executable, "server.py", *map(str, arguments)],
        cwd=ROOT,
        env=environment(**ours),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


@dataclass
class Service:
    """A server that was started, and what it said."""

    process: subprocess.Popen[bytes]
    port: int
    data_dir: Path
    log: Path

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def get(self, path: str) -> tuple[int, Any]:
        return self._ask(urllib.request.Request(self._url(path)))

    def ask(self, document: str, token: str | None = None, **variables: object) -> Any:
        """The data of a GraphQL answer."""
        body = json.dumps({"query": document, "variables": variables}).encode()
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        _, answer = self._ask(urllib.request.Request(self._url("/graphql"), body, headers))
        assert "errors" not in answer, answer
        return answer["data"]

    def await_ready(self) -> None:
        """Until it answers; what it said, when it ended instead."""
        self._await(self._is_ready)

    def await_words(self, words: str) -> None:
        self._await(lambda: words in self.said())

    def await_file(self, file: Path) -> None:
        self._await(file.exists)

    def _await(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not happened():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.02)

    def stop(self, number: signal.Signals, *, group: bool = False) -> int:
        """Signal it, or its whole process group as a terminal does, and wait for its end."""
        (os.killpg if group else os.kill)(self.process.pid, number)
        return self.process.wait(PATIENCE)

    def is_gone(self) -> bool:
        """Whether nothing of it is left, PostgreSQL included; waits for what is about to end."""
        deadline = time.monotonic() + PATIENCE
        while self._left():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def _left(self) -> list[int]:
        """The processes of its group, and PostgreSQL's, which is in a group of its own."""
        state = (self.data_dir / "postgres").stat()
        return [*group_of(self.process.pid), *processes_of(f"renzheng-{state.st_dev:x}-{state.st_ino:x}")]

    def _is_ready(self) -> bool:
        try:
            return self.get("/readyz")[0] == 200
        except (OSError, ValueError):
            return False

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @staticmethod
    def _ask(request: urllib.request.Request) -> tuple[int, Any]:
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)


def group_of(number: int) -> list[int]:
    """The live processes of a process group."""
    found = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, group = file.read_text().rsplit(")", 1)[1].split()[:3]
        except OSError:
            continue  # gone in the meantime
        if int(group) == number and state != "Z":
            found.append(int(file.parent.name))
    return found


@contextmanager
def started(data_dir: Path, *arguments: object, **ours: str) -> Iterator[Service]:
    """A server in a process group of its own, on a free port; killed at the end where a test did not end it."""
    port, log = free_port(), data_dir.parent / f"{data_dir.name}.log"
    command = [sys.executable, "server.py", "serve", "--port", str(port), *map(str, arguments)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(DATA_DIR=str(data_dir), **ours),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    service = Service(process, port, data_dir, log)
    try:
        yield service
    finally:
        if process.poll() is None:
            service.stop(signal.SIGKILL, group=True)
        assert service.is_gone(), "PostgreSQL outlived its owner"
