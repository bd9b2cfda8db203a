"""Favours that hide: behind how a phone is typed, a mistake taken back, another benefit. Notice 四(四)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.favours import decide, found, passed, reviews
from tests.api.money import CHIEF, PASS, ended, stated
from tests.api.objections import decide as rule
from tests.api.objections import reported
from tests.api.scenes import Person, concluded, enrolled, qualified
from tests.world import BUREAU, OFFICER, SCHOOL, World

DEATH = {"survivalStatus": "DECEASED", "occurredOn": "2019-05-02"}


def facts(review: Any) -> dict[str, str]:
    return {fact["name"]: fact["value"] for fact in review["facts"]}


# One handler.

ONE = [
    ("李经办", "0532-85910000"),
    ("李 经办", "0532 85910000"),
    ("李经办 ", "053285910000"),
    ("李　经办", "(0532)85910000"),
    ("李经办", "+86 532 8591 0000"),
    ("李经办", "０５３２－８５９１００００"),
]
"""Ways of typing one name and one phone."""


async def confirmed_by(world: World, handlers: list[tuple[str, str]]) -> None:
    """As many units, each of which confirms one person under its handler."""
    units = [f"37020200020{place}" for place in range(len(handlers))]
    await world.at("2019-06-01").units(*units)
    await world.officers()
    people = [(await enrolled(world, unit=unit, first=place))[0] for place, unit in enumerate(units, 1)]
    await concluded(world, *((person, "QUALIFIED") for person in people))
    for person, unit, (name, contact) in zip(people, units, handlers, strict=True):
        given = {"beneficiaryId": person.node, "handler": {"name": name, "contact": contact}}
        assert (await world.act("confirmCertification", given, as_=unit))["userErrors"] == []
        world.clock.advance(seconds=1)


async def test_one_handler_is_known_however_the_phone_is_typed(world: World) -> None:
    """Only the digits of the contact count, without the country's code and the zero; names without spaces."""
    await confirmed_by(world, ONE)
    assert await found(world) == {"ONE_HANDLER": 6}
    assert [facts(review)["units"] for review in await reviews(world)] == ["6"] * 6


@pytest.mark.parametrize("other", [("李经办", "0532-85910001"), ("王经办", "0532-85910000")])
async def test_another_phone_or_another_name_is_another_handler(world: World, other: tuple[str, str]) -> None:
    await confirmed_by(world, [*ONE[:4], other])
    assert await found(world) == {}


async def test_contacts_without_a_digit_are_told_apart(world: World) -> None:
    await confirmed_by(world, [("李经办", "校办公室"), *[("李经办", "局办公室")] * 4])
    assert await found(world) == {}


async def test_a_handler_of_one_unit_who_is_typed_in_two_ways_is_found_once(world: World) -> None:
    """Also where an earlier look found the later of the two ways of typing by itself."""
    await confirmed_by(world, ONE[:5])
    assert await found(world) == {"ONE_HANDLER": 5}
    [again] = await enrolled(world, unit="370202000200", first=9)
    typed = {"name": "李经办", "contact": "0532 8591-0000"}
    assert (await passed(world, [again], as_="370202000200", handler=typed))["userErrors"] == []
    assert await found(world) == {"ONE_HANDLER": 5}
    async with world.owner.transaction():
        await world.owner.execute("SET LOCAL session_replication_role = replica")
        await world.owner.execute(
            """UPDATE compliance_reviews r
               SET subject = r.unit_id || ':2019-06-01:' || md5(c.handler_name || '|' || c.handler_contact)
               FROM certifications c JOIN beneficiaries b ON b.id = c.beneficiary_id
               WHERE b.unit_id = r.unit_id AND c.handler_contact = '0532 8591-0000'"""
        )
    assert await found(world) == {"ONE_HANDLER": 5}


# Everybody passed.


@pytest.mark.parametrize(("again", "expected"), [(True, 1), (False, 0)])
async def test_one_mistake_taken_back_does_not_hide_that_everybody_passed(
    world: World, again: bool, expected: int
) -> None:
    """What counts is the last act on each row: MISSING, and NORMAL again in the same minute, is a PASS."""
    people = await qualified(world, 50)
    await world.officers()
    await passed(world.at("2019-06-05", hour=12), people)
    await stated(world, people[0], {"survivalStatus": "MISSING", "occurredOn": "2019-06-03"})
    if again:
        await stated(world, people[0], PASS)
    assert (await found(world.at("2019-07-01"))).get("ALL_PASSED", 0) == expected
    for review in await reviews(world, kind="ALL_PASSED"):
        assert facts(review) == {"people": "50"}


# Dead by one benefit, paid by the other.


async def with_two_benefits(world: World, unit: str = SCHOOL) -> tuple[Person, Person]:
    """A retiree of the school who also draws a survivor's benefit, of that unit."""
    await world.at("2019-06-01").units(*{SCHOOL, unit})
    await world.officers(OFFICER, CHIEF)
    [pension] = await enrolled(world)
    [survivor] = await enrolled(world, unit=unit, category="SURVIVOR")
    await concluded(world, (pension, "QUALIFIED"))
    return pension, survivor


@pytest.mark.parametrize(("act", "kind"), [("end", "other_benefit_ended"), ("fail", "other_benefit_failed")])
async def test_a_pass_of_somebody_whose_other_benefit_was_ended_by_death(world: World, act: str, kind: str) -> None:
    """The unit's own word is a record of a death like any other, whichever unit says it."""
    pension, survivor = await with_two_benefits(world, BUREAU)
    if act == "end":
        await ended(world, pension, "2019-05-02")
    else:
        await stated(world, pension, DEATH)
    assert await found(world) == {}
    await passed(world.at("2019-06-07"), [survivor], as_=BUREAU)
    assert await found(world) == {"AFTER_DEATH_RECORD": 1}
    assert await found(world) == {"AFTER_DEATH_RECORD": 1}
    [review] = await reviews(world)
    assert (review["beneficiary"]["id"], review["unit"]) == (survivor.node, {"siNumber": BUREAU})
    assert (review["certification"], facts(review)) == ({"method": "BATCH_PASS", "result": "PASS"}, {"kind": kind})
    asked = (await decide(world, review, "WITHOUT_GROUND"))["review"]
    assert asked["answerBy"] == "2019-06-22"


async def test_a_pass_before_the_other_benefit_was_ended_is_not_found(world: World) -> None:
    """Nobody had said yet that the person was dead."""
    pension, survivor = await with_two_benefits(world)
    await passed(world, [survivor])
    await ended(world.at("2019-06-07"), pension, "2019-05-02")
    assert await found(world) == {}


@pytest.mark.parametrize("cause", ["MISSING", "IMPRISONED"])
async def test_what_is_no_death_says_nothing_of_the_other_benefit(world: World, cause: str) -> None:
    pension, survivor = await with_two_benefits(world)
    await ended(world, pension, "2019-05-02", cause)
    await passed(world.at("2019-06-07"), [survivor])
    assert await found(world) == {}


async def test_a_death_that_was_taken_back_is_none(world: World) -> None:
    """A FAIL that a later act undid, a termination that a ruling withdrew."""
    pension, survivor = await with_two_benefits(world)
    await stated(world, pension, DEATH)
    await passed(world.at("2019-06-07"), [survivor])
    await stated(world, pension, PASS)
    assert await found(world) == {}
    await ended(world.at("2019-06-10"), pension, "2019-05-02")
    await stated(world.at("2019-06-11"), survivor, PASS)
    assert (await rule(world.at("2019-06-12"), await reported(world, pension)))["userErrors"] == []
    assert await found(world) == {}
