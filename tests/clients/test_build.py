"""`python3 run.py clients`: what it says and when it fails. The generators themselves run in CI."""

from __future__ import annotations

from pathlib import Path

import pytest

from clients import build


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Clients with one generated file, and with generators that do nothing."""
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.setattr(build, "_install", lambda: None)
    monkeypatch.setattr(build, "_run", lambda *command: None)
    monkeypatch.setattr("shutil.which", lambda program: "/usr/bin/npm")
    (tmp_path / "phone" / "generated").mkdir(parents=True)
    (tmp_path / "phone" / "generated" / "graphql.ts").write_text("export type Month = string\n")
    return tmp_path


def test_what_is_up_to_date_passes(folder: Path) -> None:
    assert build.main() == 0


@pytest.mark.parametrize("name", ["graphql.ts", "new.ts"])
def test_what_is_out_of_date_is_named(
    folder: Path, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that changed, and one that is new."""
    file = folder / "phone" / "generated" / name
    monkeypatch.setattr(build, "_run", lambda *command: file.write_text("export {}\n"))
    assert build.main() == 1
    assert f"clients/phone/generated/{name} was out of date." in capsys.readouterr().err


def test_without_node_it_says_what_to_install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda program: None)
    assert build.main() == 1
    assert "need Node.js 20 or newer" in capsys.readouterr().err


def test_a_generator_that_fails_ends_it_with_its_own_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="no such field"):
        build._run("sh", "-c", "echo no such field; exit 3")


def test_packages_come_from_the_lock_without_addresses() -> None:
    lock = (build.ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"integrity": "sha512-' in lock
    assert '"resolved"' not in lock
