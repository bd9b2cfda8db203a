"""The bootstrap: which command becomes which process, and when the environment is made again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import run


class Replaced(BaseException):
    """Stands for the moment when another program takes over this process."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project with a lock file, for which uv is replaced by a note of what it was asked."""
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(run, "STAMP", tmp_path / ".venv/.synced")
    monkeypatch.setattr(run, "LOCK", tmp_path / "requirements.lock")
    monkeypatch.setattr(run, "TOOLS", tmp_path / ".tools")
    run.LOCK.write_text("one==1\n")
    return tmp_path


@pytest.fixture
def asked_of_uv(project: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    def run_uv(uv: Path, *arguments: str) -> None:
        asked.append(arguments[0])
        run.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        run.PYTHON.touch()

    monkeypatch.setattr(run, "find_uv", lambda: Path("uv"))
    monkeypatch.setattr(run, "run_uv", run_uv)
    return asked


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The program and arguments that the process turned into."""
    command: list[str] = []

    def execve(program: Path, arguments: list[str], environment: dict[str, str]) -> None:
        command.extend(arguments)
        raise Replaced

    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setattr(run, "prepare_environment", lambda: None)
    return command


@pytest.mark.parametrize("arguments", [[], ["serve", "--port", "8001"], ["import", "units", "here/units.csv"]])
def test_everything_else_is_a_command_of_the_server(
    started: list[str], arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The arguments pass unchanged, and files in them stay relative to the user's folder."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Replaced):
        run.main(arguments)
    assert started == [str(run.PYTHON), str(run.ROOT / "server.py"), *arguments]
    assert Path.cwd() == tmp_path


def test_test_is_pytest_in_the_project(started: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The arguments of `test` are pytest's own."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Replaced):
        run.main(["test", "-k", "notice"])
    assert started == [str(run.PYTHON), "-m", "pytest", "-k", "notice"]
    assert Path.cwd() == run.ROOT


def test_suites_is_a_module_of_the_tests(started: list[str]) -> None:
    """The service knows nothing of them."""
    with pytest.raises(Replaced):
        run.main(["suites", "--only", "relay"])
    assert started == [str(run.PYTHON), "-m", "tests.suites", "--only", "relay"]


def test_check_runs_every_step_and_names_the_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A failed step does not hide the later ones."""
    ran: list[list[str]] = []

    def fail_types(command: list[object], **_: object) -> "subprocess.CompletedProcess[str]":
        ran.append([str(part) for part in command[1:]])
        return subprocess.CompletedProcess([], 1 if "mypy" in command else 0)

    monkeypatch.setattr(subprocess, "run", fail_types)
    monkeypatch.setattr(run, "prepare_environment", lambda: None)
    with pytest.raises(SystemExit) as ended:
        run.main(["check"])
    assert ended.value.code == 1
    assert len(ran) == 5
    assert capsys.readouterr().out.endswith("\nFailed: mypy\n")


def test_an_environment_is_made_once(asked_of_uv: list[str]) -> None:
    """A second start finds the stamp and asks nothing of uv."""
    run.prepare_environment()
    run.prepare_environment()
    assert asked_of_uv == ["venv", "pip"]


def test_a_new_lock_is_synced_into_the_same_environment(asked_of_uv: list[str]) -> None:
    """Only the packages change."""
    run.prepare_environment()
    run.LOCK.write_text("one==2\n")
    run.prepare_environment()
    assert asked_of_uv == ["venv", "pip", "pip"]


def test_another_python_makes_the_environment_anew(asked_of_uv: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages of one Python do not serve another."""
    run.prepare_environment()
    monkeypatch.setattr(sys, "executable", "/opt/another/python3")
    run.prepare_environment()
    assert asked_of_uv == ["venv", "pip", "venv", "pip"]


def test_an_interrupted_installation_is_made_anew(asked_of_uv: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The stamp goes before the first change, so that half an installation never looks whole."""
    whole = run.run_uv

    def interrupted(uv: Path, *arguments: str) -> None:
        whole(uv, *arguments)
        raise KeyboardInterrupt

    run.prepare_environment()
    run.LOCK.write_text("one==2\n")
    monkeypatch.setattr(run, "run_uv", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run.prepare_environment()
    monkeypatch.setattr(run, "run_uv", whole)
    run.prepare_environment()
    assert asked_of_uv == ["venv", "pip", "pip", "venv", "pip"]


def test_uv_looks_where_pip_is_told_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pip's variables come before pip's files, and uv's own variables before both."""
    (tmp_path / "pip.conf").write_text("[global]\nindex-url = file:///a\nextra-index-url = file:///b\n  file:///c\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_INDEX_URL", "file:///d")
    pip = run.pip_settings()
    assert run.uv_environment({}, pip)["UV_INDEX_URL"] == "file:///d"
    assert run.uv_environment({}, pip)["UV_EXTRA_INDEX_URL"] == "file:///b file:///c"
    assert run.uv_environment({"UV_INDEX_URL": "file:///e"}, pip)["UV_INDEX_URL"] == "file:///e"
