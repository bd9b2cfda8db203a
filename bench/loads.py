"""The load on a server: by wrk, which costs least, else by the project's own client."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.load import Driven, drive

CONNECTIONS = 32
_SCRIPT = Path(__file__).with_name("wrk.lua")
_STRAYS = 0.03
"""How far the answers of a round may be from those that were looked at before: a refusal is shorter."""


class NotAnswered(Exception):
    """A round in which requests failed, or answers were not what they should be."""


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "bench/load.py"


def tried(port: int, requests: Sequence[bytes]) -> float:
    """Every request once, each answer looked at; the bytes of an answer. It warms up as well."""
    return drive(port, list(requests), CONNECTIONS).size


def loaded(port: int, requests: Sequence[bytes], seconds: float, size: float) -> Driven:
    """So many seconds of load; raises NotAnswered."""
    wrk = shutil.which("wrk")
    driven = drive(port, list(requests), CONNECTIONS, seconds) if wrk is None else _wrk(wrk, port, requests, seconds)
    if abs(driven.size - size) > _STRAYS * size:
        raise NotAnswered(f"answers of {driven.size:.0f} bytes in place of {size:.0f}")
    return driven


def _wrk(program: str, port: int, requests: Sequence[bytes], seconds: float) -> Driven:
    with tempfile.NamedTemporaryFile("wb") as file:
        for request in requests:
            file.write(b"%d\n" % len(request) + request)
        file.flush()
        command = [program, "-t1", f"-c{CONNECTIONS}", f"-d{round(seconds)}s", "--timeout", "30s", "-s", str(_SCRIPT)]
        done = subprocess.run(
            [*command, f"http://127.0.0.1:{port}", "--", file.name], capture_output=True, text=True, check=True
        )
    said = json.loads(done.stdout.splitlines()[-1])
    if said["failed"] or not said["requests"]:
        raise NotAnswered(f"{said['failed']} of {said['requests']} requests failed")
    rate = said["requests"] / said["seconds"]
    return Driven(said["requests"], rate, said["p50"], said["p99"], said["bytes"] / said["requests"])
