"""`run.py suites`: what is installed when, and what its exit status says."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

import run
from tests import suites


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Suites of others, with locks; the cache is a test's own."""
    made = tmp_path / "suites"
    (made / "node_modules").mkdir(parents=True)
    for name in ("package-lock.json", "requirements.txt", "relay.mjs"):
        (made / name).write_text("1")
    monkeypatch.setattr(suites, "CACHE", tmp_path / "cache")
    return made


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have been called to install."""
    called: list[str] = []
    monkeypatch.setattr(subprocess, "run", lambda line, **_: called.append(line[0]))
    monkeypatch.setattr(run, "find_uv", lambda: Path("uv"))
    monkeypatch.setattr(run, "run_uv", lambda _, *line: called.append(f"uv {line[0]}"))
    return called


def test_packages_are_installed_once_for_each_lock(folder: Path, installed: list[str]) -> None:
    """The suites themselves are copied every time, without packages of their folder's own."""
    first = suites.installed(folder)
    (folder / "relay.mjs").write_text("2")
    assert suites.installed(folder) == first
    assert installed == ["npm", "uv venv", "uv pip"]
    assert (first / "relay.mjs").read_text() == "2"
    assert not (first / "node_modules").exists()
    (folder / "requirements.txt").write_text("2")
    assert suites.installed(folder) != first
    assert installed == ["npm", "uv venv", "uv pip"] * 2


@pytest.mark.parametrize(
    ("said", "returned", "line"),
    [
        ("PASS a\n5 passed, 0 failed\n", 0, "5 passed, 0 failed"),
        ("FAIL a\n4 passed, 10 failed\n", 1, "4 passed, 10 failed"),
        ("5 passed, 0 failed\n", 2, "5 passed, 0 failed; ended with 2"),
        ("", 1, "it said nothing"),
    ],
)
def test_a_suite_is_summed_up_by_its_closing_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, returned: int, line: str
) -> None:
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], returned, said))
    assert suites.closing_line(tmp_path, ["node", "relay.mjs"]) == line


@pytest.mark.parametrize(
    ("lines", "status"),
    [(["5 passed, 0 failed", "1 passed, 0 failed"], 0), (["5 passed, 0 failed", "4 passed, 10 failed"], 1),
     (["5 passed, 0 failed; ended with 2"], 1), (["it said nothing"], 1)],
)  # fmt: skip
def test_it_ends_well_where_every_suite_passed(monkeypatch: pytest.MonkeyPatch, lines: list[str], status: int) -> None:
    def ran(*_: Any) -> list[tuple[str, str]]:
        return [(str(n), line) for n, line in enumerate(lines)]

    monkeypatch.setattr(suites, "installed", lambda folder: folder)
    monkeypatch.setattr(suites, "ran", ran)
    assert suites.main([]) == status
