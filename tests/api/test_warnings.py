"""Warnings: each fact once, to whom it concerns, and never to somebody recorded dead. Notice 三(一), 三(二), 四(二)."""

from __future__ import annotations

import asyncio
import re
from argparse import Namespace
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from commands.work import inbox
from domain.month import Month
from domain.policy import PolicyBook
from domain.vocabulary import SurvivalStatus
from domain.warning import WarningKind
from resolvers import warnings
from resolvers.warnings import Inbox
from schema import messages
from tests.api.scenes import account, enrolled, judged
from tests.api.warnings import OWN, WARNINGS, Post, sent, suspended, warned
from tests.audit.trail import entries, newest
from tests.faces import with_app
from tests.policies import amended
from tests.world import BUREAU, SCHOOL, World, id_number


@pytest.mark.parametrize(("day", "expected"), [("2019-10-31", []), ("2019-11-01", [("WINDOW_ENTERED", "2020-01", 1)])])
async def test_the_warning_window_is_the_last_three_months(world: World, day: str, expected: list[Any]) -> None:
    """Rules 2.8: paid through 2020-01, warned from 2019-11 on."""
    await world.units()
    await enrolled(world)
    assert await warned(world.at(day)) == expected


async def test_nobody_is_warned_twice_of_the_same(world: World) -> None:
    """Every hour of every day, by two workers at once; a new period is a new warning."""
    await world.units()
    people = await enrolled(world, 5)
    world.at("2019-11-01")
    await asyncio.gather(*(warnings.warn(world.context()) for _ in range(4)))
    assert len(await warned(world.at("2019-12-20"))) == 5
    await world.act("overrideVerdict", {"beneficiaryId": people[0].node, "survivalStatus": "NORMAL"})
    assert len(await warned(world.at("2019-12-21"))) == 5
    found = await warned(world.at("2020-02-01"))
    assert [(kind, month) for kind, month, _ in found[5:]] == [("LAPSED", "2020-02")] * 4
    assert ("WINDOW_ENTERED", "2020-12", people[0].id) in await warned(world.at("2020-10-01"))


async def test_a_lapse_of_long_ago_is_no_news(world: World) -> None:
    """A service that begins to warn does not wake everybody whose payment stopped years before."""
    await world.units()
    await enrolled(world)
    assert await warned(world.at("2020-05-01")) == []
    assert await warned(world.at("2020-04-30")) == [("LAPSED", "2020-02", 1)]


@pytest.mark.parametrize(("status", "word"), [("MISSING", "失踪"), ("IMPRISONED", "服刑")])
async def test_a_suspension_is_told_with_its_reason(world: World, status: str, word: str) -> None:
    """三(二): from when, and what was stated."""
    person = await suspended(world, status)
    await with_app(world, person)
    assert await warned(world) == [("SUSPENDED", "2019-07", person.id)]
    [benefit] = (await world.ask(OWN, as_="person-1"))["benefits"]
    [told] = benefit["warnings"]
    assert (told["kind"], told["month"], told["warnedOn"]) == ("SUSPENDED", "2019-07", "2019-06-20")
    assert "2019年7月起暂停发放" in told["text"]
    assert messages.say(f"status.{status}") in told["text"]


async def test_a_second_suspension_of_the_same_month_is_another(world: World) -> None:
    person = await suspended(world, "MISSING")
    assert len(await warned(world)) == 1
    await world.act("overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "reason": "本人到场"})
    assert len(await warned(world)) == 1
    again = {"beneficiaryId": person.node, "survivalStatus": "MISSING", "occurredOn": "2019-06-10"}
    await world.act("overrideVerdict", again)
    assert len(await warned(world)) == 2


async def test_a_reinstatement_is_told(world: World) -> None:
    """Case 8: approved in October, paid again from November on."""
    person = await suspended(world, "MISSING")
    await world.officers()
    await world.at("2019-09-10").act(
        "overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "reason": "本人到场"}
    )
    case = (await world.request(person.id))["reinstatement"]["id"]
    assert (await world.at("2019-10-20").review(case))["userErrors"] == []
    assert ("REINSTATED", "2019-11", person.id) in await warned(world)


async def test_an_overdue_answer_is_told_to_the_unit_once_a_month_in_one_message(world: World) -> None:
    """四(二): three people of one unit, one of another; nobody of them is told."""
    await judged(world, "PENDING", "PENDING", "DISQUALIFIED", "QUALIFIED")
    post = Post()
    assert [kind for kind, _, _ in await warned(world.at("2019-06-30"))] == []
    assert len(await warned(world.at("2019-07-01"))) == 3
    assert await sent(world, post) == ["ANSWER_OVERDUE"]
    [letter] = post.letters
    assert (letter.recipient, "3名人员" in letter.text) == (SCHOOL, True)
    assert len(await warned(world.at("2019-07-02"))) == 3
    assert await sent(world, post) == ["ANSWER_OVERDUE"]


async def test_a_unit_sees_the_warnings_of_its_people_and_nobody_elses(world: World) -> None:
    await world.units(SCHOOL, BUREAU)
    [ours] = await enrolled(world)
    await enrolled(world, first=50, unit=BUREAU)
    await warned(world.at("2019-11-01"))
    [edge] = (await world.ask(WARNINGS))["warnings"]["edges"]
    assert edge["node"]["beneficiary"] == {"id": ours.node}
    await account(world, "auditor", "AUDITOR")
    [error] = await world.errors(WARNINGS, as_="auditor")
    assert error["extensions"]["code"] == "FORBIDDEN"


async def test_pages_of_warnings_go_on_where_they_ended(world: World) -> None:
    await world.units()
    people = await enrolled(world, 5)
    await warned(world.at("2019-11-01"))
    document = """query($after: String) { warnings(first: 2, after: $after) {
        edges { node { id beneficiary { id } } } pageInfo { hasNextPage endCursor } } }"""
    after, found = None, []
    for more in (True, True, False):
        page = (await world.ask(document, {"after": after}))["warnings"]
        found += [edge["node"]["beneficiary"]["id"] for edge in page["edges"]]
        assert page["pageInfo"]["hasNextPage"] is more
        after = page["pageInfo"]["endCursor"]
    assert sorted(found) == sorted(person.node for person in people)


@pytest.mark.parametrize("kind", WarningKind)
def test_no_text_holds_a_link_or_a_number_of_anybodys(kind: WarningKind) -> None:
    """A warning that can be tapped on is what swindlers send."""
    texts = [messages.warned(kind, Month(2020, 1), SurvivalStatus.MISSING)]
    if kind in (WarningKind.ANSWER_OVERDUE, WarningKind.ANSWER_AGAIN_OVERDUE):
        texts.append(messages.say(f"warning.{kind}.unit", people=3))
    for text in texts:
        assert not re.search(r"https?:|www\.|\.cn|\.com|\d{6,}|[{}]", text)


async def test_the_demos_inbox_shows_what_arrived_once(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    await world.units()
    await enrolled(world)
    await warned(world.at("2019-11-01"))
    sender = Inbox(world.context())
    await warnings.deliver(world.context(), sender, messages.warning)
    await inbox(world.context(), Namespace(number=20))
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("2019-11-01 09:00  13812345678  您的待遇领取资格认证服务期将于2020年1月期满")
    assert id_number(1) not in line


async def test_a_run_tells_the_audit_trail_how_many(world: World) -> None:
    await world.units()
    await enrolled(world, 3)
    since = await newest(world.at("2019-11-01"))
    await warned(world)
    await warned(world)
    [told] = await entries(world, since)
    assert (told.action, told.body) == (
        "WARNED",
        {"facts": {"WINDOW_ENTERED": 3, "operator": "operator"}},
    )


async def test_the_database_takes_no_warning_twice_and_no_message_back(world: World) -> None:
    """Whatever the code above it does."""
    await world.units()
    await enrolled(world)
    await warned(world.at("2019-11-01"))
    again = """INSERT INTO warnings (beneficiary_id, kind, month, fact, warned_on, at, message_id)
               SELECT beneficiary_id, kind, month, fact, warned_on, at, message_id FROM warnings"""
    with pytest.raises(asyncpg.UniqueViolationError, match="nobody_is_warned_twice"):
        await world.owner.execute(again)
    await sent(world, Post())
    for change in ("state = 'WAITING', closed_at = NULL", "attempts = 9", "state = 'GIVEN_UP'"):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="once"):
            await world.owner.execute(f"UPDATE messages SET {change}")


async def test_the_api_writes_no_warning(world: World) -> None:
    await world.units()
    await enrolled(world)
    await warned(world.at("2019-11-01"))
    async with world.callers.begin((await world.viewer(SCHOOL)).session) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("UPDATE messages SET attempts = 0")
    async with world.callers.connection() as connection:
        assert await connection.fetch("SELECT * FROM warnings") == []
        assert await connection.fetch("SELECT * FROM messages") == []


async def test_another_policy_warns_earlier(world: World) -> None:
    """`warning_months` is a parameter with its day."""
    await world.units()
    await enrolled(world)
    book: PolicyBook = amended("warning_months", "2019-06-01", value=6)
    context = replace(world.at("2019-08-01").context(), book=book)
    assert await warnings.warn(context) == {"WINDOW_ENTERED": 1}
