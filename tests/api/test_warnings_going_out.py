"""Warnings on their way: only while they are true, once, and again where sending failed."""

from __future__ import annotations

import asyncio

import pytest

from resolvers import warnings
from resolvers.warnings import Letter
from schema import messages
from tests.api.scenes import enrolled, judged
from tests.api.warnings import OWN, WARNINGS, Killing, Post, overtaken, sent, suspended, warned
from tests.faces import with_app
from tests.world import World


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
