"""PostgreSQL fails while a command or the worker is at it: one line says so, and what can be done again is."""

from __future__ import annotations

import asyncpg
import pytest

import server
from commands import work
from settings import Settings
from web import log


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (asyncpg.ConnectionDoesNotExistError, "the database ended the session; run the same command again"),
        (asyncpg.InternalClientError, "cannot reach the database, or a file or port"),
        (asyncpg.UniqueViolationError, "the database refused"),
    ],
)
def test_a_command_says_it_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: type[Exception], said: str
) -> None:
    """Also where the session ends in the moment in which it is asked. The words of the error may quote a row."""

    def failing(*_: object) -> None:
        raise error("words")

    monkeypatch.setattr(Settings, "read", lambda: None)
    monkeypatch.setattr(log, "configure", lambda: None)
    monkeypatch.setattr(server, "_run", failing)
    assert server.main(["publish", "2019-05"]) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith(f"renzheng: {said} ({error.__name__}) (details in the log under ")


@pytest.mark.parametrize("error", [asyncpg.ConnectionDoesNotExistError, asyncpg.InternalClientError, TimeoutError])
async def test_the_worker_tries_again_in_a_minute(error: type[Exception]) -> None:
    async def failing() -> None:
        raise error("words")

    assert await work._patiently(failing()) is False
