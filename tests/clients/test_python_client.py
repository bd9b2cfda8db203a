"""The Python client, against the service itself."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from clients.python import overdue
from clients.python.overdue import Overdue, SignInRefused, signed_in
from tests.api.scenes import account
from tests.world import BUREAU, PASSWORD, SCHOOL, World

URL = "http://renzheng.test/graphql"
THIRD = "370214000001"


def options(world: World) -> dict[str, Any]:
    return {"transport": httpx2.ASGITransport(app=world.app)}


async def test_an_auditor_finds_every_overdue_unit_page_by_page(world: World) -> None:
    """The school's two people and the third unit's one are PENDING and unanswered when the month is over."""
    await world.units(SCHOOL, BUREAU, THIRD)
    for serial, unit in ((1, SCHOOL), (2, SCHOOL), (3, THIRD)):
        await world.enrol(serial, unit=unit)
    await account(world, "auditor", "AUDITOR")
    await world.at("2019-06-05").publish("2019-05")
    world.at("2019-07-02")
    async with signed_in(URL, "auditor", PASSWORD, **options(world)) as session:
        found = [unit async for unit in overdue.overdue(session, page=1)]
    assert found == [
        Overdue(SCHOOL, f"单位{SCHOOL}", "市南区", overdue=2, unanswered=2),
        Overdue(THIRD, f"单位{THIRD}", "市南区", overdue=1, unanswered=1),
    ]


async def test_a_wrong_password_is_told_in_the_services_words(world: World) -> None:
    await account(world, "auditor", "AUDITOR")
    with pytest.raises(SignInRefused, match="用户名或密码不正确"):
        async with signed_in(URL, "auditor", "wrong", **options(world)):
            pass


@pytest.mark.parametrize("given", [[], [URL], [URL, "auditor", "more"]])
def test_wrong_arguments_are_answered_with_the_usage(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        overdue.arguments(given)
    assert ended.value.code == 2
    assert "usage: python -m clients.python.overdue" in capsys.readouterr().err


def test_without_a_password_the_client_says_where_it_goes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("RENZHENG_PASSWORD", raising=False)
    with pytest.raises(SystemExit) as ended:
        overdue.arguments([URL, "auditor"])
    assert ended.value.code == 2
    assert "set RENZHENG_PASSWORD" in capsys.readouterr().err
