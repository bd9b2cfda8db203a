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
from resolvers.warnings import Inbox, Letter
from schema import messages
from tests.api.scenes import Person, account, enrolled, judged, qualified, seen
from tests.audit.trail import entries, newest
from tests.faces import certify, claims, nonce, with_app
from tests.world import BUREAU, SCHOOL, World, amended, id_number

WARNINGS = """{ warnings(first: 50) { edges { node { kind month text warnedOn beneficiary { id }
    delivery { state channel attempts lastError } } } } }"""
OWN = "{ benefits { warnings { kind month text warnedOn delivery { state attempts } } } }"


class Killing(Exception):
    """The worker ends here."""


class Post:
    """A sender that keeps what it was given, and fails as it is told."""

    channel = "WEBHOOK"

    def __init__(self, *failures: str) -> None:
        self.letters: list[Letter] = []
        self.failures = list(failures)

    async def send(self, letter: Letter) -> str | None:
        self.letters.append(letter)
        await asyncio.sleep(0)
        return self.failures.pop(0) if self.failures else None


async def warned(world: World) -> list[tuple[str, str, int]]:
    """Warn as of today; every warning there is, as kind, month and person."""
    await warnings.warn(world.context())
    rows = await world.owner.fetch("SELECT kind, month, beneficiary_id FROM warnings ORDER BY id")
    return [(row["kind"], str(Month.of(row["month"])), row["beneficiary_id"]) for row in rows]


async def sent(world: World, post: Post) -> list[str]:
    """What went out now, by kind."""
    await warnings.deliver(world.context(), post, messages.warning)
    return [letter.kind.value for letter in post.letters]


async def suspended(world: World, status: str) -> Person:
    """Failed on 20 June, out of a QUALIFIED verdict."""
    [person] = await qualified(world)
    fail = {"beneficiaryId": person.node, "survivalStatus": status, "occurredOn": "2019-06-10"}
    await world.at("2019-06-20").act("overrideVerdict", fail)
    return person


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


DEAD: dict[str, tuple[tuple[str, str, str], ...]] = {
    "a cremation": (("justice", "cremation", "2019-10-02"),),
    "a judgment": (("justice", "effective_judgment", "2019-10-02"),),
    "a cremation after a journey": (
        ("transport", "rail_travel", "2019-10-01"),
        ("justice", "cremation", "2019-10-02"),
    ),
    "a cremation and a card that can be lent": (
        ("justice", "cremation", "2019-10-02"),
        ("health", "pharmacy_card", "2019-10-20"),
    ),
}
ALIVE: dict[str, tuple[tuple[str, str, str], ...]] = {
    "nothing": (),
    "a tip-off": (("human_resources", "tip_off", "2019-10-02"),),
    "a cremation and a journey after it": (
        ("justice", "cremation", "2019-10-02"),
        ("transport", "rail_travel", "2019-10-20"),
    ),
}


@pytest.mark.parametrize("records", DEAD.values(), ids=list(DEAD))
async def test_nobody_with_an_open_loss_record_is_told(world: World, records: Any) -> None:
    """The family of somebody who died is not asked to have them certified."""
    await world.units()
    [person] = await enrolled(world)
    await seen(world.at("2019-11-01"), *((person, *record) for record in records))
    assert await warned(world) == []


@pytest.mark.parametrize("records", ALIVE.values(), ids=list(ALIVE))
async def test_whoever_was_seen_since_is_told(world: World, records: Any) -> None:
    """A record that is contradicted, or is no loss, keeps no warning from anybody."""
    await world.units()
    [person] = await enrolled(world)
    await seen(world.at("2019-11-01"), *((person, *record) for record in records))
    assert await warned(world) == [("WINDOW_ENTERED", "2020-01", person.id)]


async def test_a_record_that_was_found_wrong_or_answered_keeps_no_warning_back(world: World) -> None:
    """By the agency; by the unit's PASS; and by the person's own face."""
    first, second, third = await judged(world, "DISQUALIFIED", "DISQUALIFIED", "DISQUALIFIED")
    faces = await with_app(world, third)
    assert sorted(await warned(world.at("2019-11-01"))) == [
        ("ANSWER_OVERDUE", "2019-11", id.id) for id in (first, second, third)
    ]
    world.at("2019-06-05")
    await world.owner.execute(
        """INSERT INTO evidence_found_wrong SELECT e.id, '错', now()
           FROM evidence e JOIN beneficiaries b USING (person_id) WHERE b.id = $1""",
        first.id,
    )
    await world.act("overrideVerdict", {"beneficiaryId": second.node, "survivalStatus": "NORMAL", "reason": "本人到场"})
    attestation = faces.sign(claims(world, await nonce(world, third, "person-3"), 3))
    assert (await certify(world, third, attestation, "person-3"))["userErrors"] == []
    await warned(world.at("2019-11-02"))
    found = await warned(world.at("2020-04-01"))
    assert {id for kind, _, id in found if kind == "WINDOW_ENTERED"} == {first.id, second.id, third.id}


async def test_a_fail_deceased_and_a_death_are_told_to_nobody(world: World) -> None:
    """Also not by way of the other benefit of the same person."""
    person = await suspended(world, "DECEASED")
    await world.units(SCHOOL, BUREAU)
    await enrolled(world, unit=BUREAU, certified_in="2018-12")
    assert await warned(world.at("2019-10-02")) == []
    end = {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-06-10"}
    await world.act("terminateBenefit", end)
    assert await warned(world.at("2019-10-03")) == []


async def test_whoever_dies_before_it_goes_out_is_not_told(world: World) -> None:
    """A warning waits while the gateway is down; then a cremation is recorded."""
    await world.units()
    [person] = await enrolled(world)
    post = Post("HTTP_503")
    await warned(world.at("2019-11-01"))
    assert await sent(world, post) == ["WINDOW_ENTERED"]
    await seen(world, (person, "justice", "cremation", "2019-10-30"))
    world.clock.advance(hours=1)
    assert await sent(world, post) == ["WINDOW_ENTERED"]  # no second time
    assert await world.owner.fetchval("SELECT state FROM messages") == "WITHDRAWN"


async def overtaken(world: World) -> None:
    """Nothing goes out of what was written down before, and its delivery says why."""
    post = Post()
    assert await sent(world, post) == []
    assert await world.owner.fetchval("SELECT string_agg(DISTINCT state, ' ') FROM messages") == "OVERTAKEN"


async def test_a_suspension_that_was_taken_back_is_not_told(world: World) -> None:
    """The gateway is down; the unit takes its FAIL back in the same month. The person sees it in the app."""
    person = await suspended(world, "MISSING")
    await with_app(world, person)
    assert await sent(world, Post("HTTP_503")) == ["SUSPENDED"]
    await world.at("2019-06-22").act(
        "overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "reason": "本人到场"}
    )
    await overtaken(world)
    [benefit] = (await world.ask(OWN, as_="person-1"))["benefits"]
    assert [one["delivery"] for one in benefit["warnings"]] == [{"state": "OVERTAKEN", "attempts": 2}]


@pytest.mark.parametrize(("day", "kind"), [("2019-11-01", "WINDOW_ENTERED"), ("2020-02-01", "LAPSED")])
async def test_whoever_was_certified_meanwhile_is_not_told(world: World, day: str, kind: str) -> None:
    await world.units()
    [person] = await enrolled(world)
    assert [found for found, _, _ in await warned(world.at(day))] == [kind]
    await world.act("overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "NORMAL"})
    await overtaken(world)


async def test_a_window_that_has_passed_is_not_told(world: World) -> None:
    """Paid through January; in February it is a lapse."""
    await world.units()
    await enrolled(world)
    await warned(world.at("2020-01-30"))
    await overtaken(world.at("2020-02-01"))


async def test_whoever_was_suspended_anew_is_not_said_to_be_paid(world: World) -> None:
    person = await suspended(world, "MISSING")
    await world.officers()
    assert await sent(world, Post()) == ["SUSPENDED"]
    alive = {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "reason": "本人到场"}
    await world.at("2019-09-10").act("overrideVerdict", alive)
    case = (await world.request(person.id))["reinstatement"]["id"]
    assert (await world.at("2019-10-20").review(case))["userErrors"] == []
    again = {"beneficiaryId": person.node, "survivalStatus": "MISSING", "occurredOn": "2019-10-01"}
    assert (await world.at("2019-10-22").act("overrideVerdict", again))["userErrors"] == []
    post = Post()
    assert await sent(world, post) == ["SUSPENDED"]
    assert "2019年11月" in post.letters[0].text
    states = await world.owner.fetch("SELECT kind, state FROM messages ORDER BY made_at")
    assert [tuple(row) for row in states] == [
        ("SUSPENDED", "SENT"), ("REINSTATED", "OVERTAKEN"), ("SUSPENDED", "SENT"),
    ]  # fmt: skip


async def test_a_unit_is_told_of_what_is_still_unanswered(world: World) -> None:
    """Of three, two; once it has answered all, of nobody."""
    people = await judged(world, "PENDING", "PENDING", "PENDING")
    await warned(world.at("2019-07-01"))
    alive = {"survivalStatus": "NORMAL", "reason": "本人到场"}
    await world.act("overrideVerdict", {"beneficiaryId": people[0].node, **alive})
    post = Post("HTTP_503")
    assert await sent(world, post) == ["ANSWER_OVERDUE"]
    assert "2名人员" in post.letters[0].text
    for person in people[1:]:
        await world.act("overrideVerdict", {"beneficiaryId": person.node, **alive})
    await overtaken(world.at("2019-07-02"))


async def test_what_fails_is_tried_again_under_the_same_id_and_then_given_up(world: World) -> None:
    """After 1, 5, 30 minutes and so on; a receiver that knows the id has no duplicate."""
    await world.units()
    await enrolled(world)
    post = Post(*["TIMEOUT"] * 20)
    await warned(world.at("2019-11-01"))
    pauses = [1, 5, 30, 120, 360, 720, 1440]
    for tries, pause in enumerate(pauses, 1):
        assert len(await sent(world, post)) == tries
        world.clock.advance(minutes=pause - 0.5)
        assert len(await sent(world, post)) == tries
        world.clock.advance(minutes=0.5)
    assert len(await sent(world, post)) == 8
    assert len({letter.id for letter in post.letters}) == 1
    [edge] = (await world.ask(WARNINGS))["warnings"]["edges"]
    delivery = {"state": "GIVEN_UP", "channel": "WEBHOOK", "attempts": 8, "lastError": "TIMEOUT"}
    assert edge["node"]["delivery"] == delivery
    world.clock.advance(days=1)
    assert len(await sent(world, post)) == 8


async def test_several_workers_send_each_message_once(world: World) -> None:
    await world.units()
    await enrolled(world, 60)
    await warned(world.at("2019-11-01"))
    posts = [Post() for _ in range(4)]
    await asyncio.gather(*(warnings.deliver(world.context(), post, messages.warning) for post in posts))
    letters = [letter.id for post in posts for letter in post.letters]
    assert (len(letters), len(set(letters))) == (60, 60)
    assert await world.owner.fetchval("SELECT count(*) FROM messages WHERE state = 'SENT'") == 60


async def test_a_worker_that_died_while_sending_is_taken_over(world: World) -> None:
    """After the lease, with the same id."""

    class Killed(Post):
        async def send(self, letter: Letter) -> str | None:
            await super().send(letter)
            raise Killing

    await world.units()
    await enrolled(world)
    await warned(world.at("2019-11-01"))
    killed, post = Killed(), Post()
    with pytest.raises(Killing):
        await sent(world, killed)
    assert await sent(world, post) == []
    world.clock.advance(minutes=5)
    assert await sent(world, post) == ["WINDOW_ENTERED"]
    assert post.letters[0].id == killed.letters[0].id


async def test_what_waited_for_a_week_is_not_sent_any_more(world: World) -> None:
    await world.units()
    await enrolled(world)
    await warned(world.at("2019-11-01"))
    assert await warnings.give_up_stale(world.context()) == 0
    assert await sent(world.at("2019-11-09"), Post()) == []  # whoever comes first
    assert await warnings.give_up_stale(world.context()) == 1
    assert await sent(world, Post()) == []


async def test_without_a_phone_nobody_can_be_reached(world: World) -> None:
    """It is shown in the app all the same."""
    await world.units()
    [person] = await enrolled(world, phone="")
    await with_app(world, person)
    await warned(world.at("2019-11-01"))
    assert await sent(world, Post()) == []
    [benefit] = (await world.ask(OWN, as_="person-1"))["benefits"]
    assert benefit["warnings"][0]["delivery"] == {"state": "GIVEN_UP", "attempts": 1}


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
