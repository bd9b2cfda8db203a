"""Levers that look ahead or back: how far a PASS reaches, what a new FAIL keeps back, payrolls that are late."""

from __future__ import annotations

from typing import Any

from tests.api.money import (
    DEATH,
    PASS,
    approved,
    asked,
    failed_on_20_june,
    ledger,
    passed_on_10_september,
    stated,
)
from tests.api.scenes import Person
from tests.api.test_levers import at_any_time, lapsed_after_june_2020, levers, why
from tests.world import World

OCTOBER_FAIL = DEATH | {"occurredOn": "2019-10-22"}


async def acts(world: World, person: Person, month: str) -> list[tuple[str, str]]:
    facts = (await why(world, person, month))["facts"]
    return [(fact["kind"], fact["text"]) for fact in facts if fact["kind"] in ("ACT", "CASE")]


# How far a PASS reaches.


async def test_a_case_ends_the_suspension_and_no_lapse_that_follows(world: World) -> None:
    """Case 8, passed on 2019-09-10 through 2020-09: for a later month another PASS is needed, not before its cycle."""
    person = await passed_on_10_september(world)
    world.at("2019-10-15")
    assert await levers(world, person, "2020-09") == [("CASE", "2020-08-31", None)]
    assert await levers(world, person, "2020-10") == [("PASS_AND_CASE", "2020-09-30", None)]
    assert await levers(world, person, "2021-01") == [("PASS_AND_CASE", "2020-12-31", "2020-01-01")]
    await asked(world, person, "2019-10-16")
    assert await levers(world, person, "2020-09") == [("REVIEW", "2020-08-31", None)]
    assert await levers(world, person, "2021-01") == [("PASS_AND_CASE", "2020-12-31", "2020-01-01")]


async def test_a_pass_that_corrects_a_fail_is_offered_as_far_as_it_reaches(world: World) -> None:
    """FAIL on 2019-06-20: a PASS of June reaches 2020-06, one of July the month after, and then with a case."""
    person = await failed_on_20_june(world)
    for month in ("2019-07", "2020-06"):
        assert await levers(world, person, month) == [("PASS", "2019-06-30", None)]
    assert await levers(world, person, "2020-07") == [("PASS_AND_CASE", "2020-06-30", "2019-07-01")]
    assert await levers(world, person, "2021-01") == [("PASS_AND_CASE", "2020-12-31", "2020-01-01")]
    world.at("2019-07-20")
    assert await levers(world, person, "2020-07") == [("PASS_AND_CASE", "2020-06-30", None)]
    assert await levers(world, person, "2020-08") == [("PASS_AND_CASE", "2020-07-31", "2019-08-01")]


# What a new FAIL keeps back.


async def failed_again(world: World, fail: dict[str, Any] = OCTOBER_FAIL) -> Person:
    """Case 8, approved on 2019-10-20 for 07 to 10; FAIL on 10-25, before anything was paid back."""
    person = await passed_on_10_september(world)
    await approved(world, await asked(world, person, "2019-10-12"), "2019-10-20")
    await stated(world, person, fail, "2019-10-25")
    return person


async def test_back_pay_that_a_new_fail_keeps_back_names_it_and_what_releases_it(world: World) -> None:
    """In October a PASS corrects it; in November it takes the case too, and then the next payroll brings it."""
    person = await failed_again(world)
    assert await levers(world, person, "2019-08") == [("PASS", "2019-10-31", None)]
    assert await acts(world, person, "2019-08") == [
        ("CASE", "2019年10月20日恢复（补发）申请复核通过。"),
        ("ACT", "2019年10月25日单位认定：生存状态“去世”（2019年10月22日起），不通过。"),
    ]
    await world.payroll("2019-11")
    world.at("2019-11-20")
    assert (await why(world, person, "2019-08"))["basis"] == "REINSTATED"
    assert await levers(world, person, "2019-08") == at_any_time("PASS_AND_CASE")
    await stated(world, person, PASS)
    assert await levers(world, person, "2019-08") == at_any_time("CASE")
    assert [kind for kind, _ in await acts(world, person, "2019-08")] == ["CASE", "ACT", "ACT"]
    case = await asked(world, person)
    assert await levers(world, person, "2019-08") == at_any_time("REVIEW")
    await approved(world, case, "2019-11-25")
    assert await levers(world, person, "2019-08") == at_any_time("NEXT_PAYROLL")
    await world.payroll("2019-12")
    assert await levers(world, person, "2019-08") == at_any_time("OVERPAYMENT")


async def test_back_pay_of_months_that_a_new_fail_calls_lost_is_released_by_a_pass(world: World) -> None:
    """The FAIL of October says dead since 06-10: a PASS shows otherwise, and the claims stand again."""
    person = await failed_again(world, DEATH)
    assert (await why(world, person, "2019-08"))["basis"] == "SUSPENDED"
    assert await levers(world, person, "2019-08") == [("PASS", "2019-10-31", None)]
    await stated(world, person, PASS, "2019-10-31")
    assert await levers(world, person, "2019-08") == at_any_time("NEXT_PAYROLL")


async def test_time_in_prison_that_a_new_fail_tells_releases_nothing(world: World) -> None:
    """In prison since 06-10, told in October: after October 07 to 10 are served, and no lever brings them."""
    person = await failed_again(world, {"survivalStatus": "IMPRISONED", "occurredOn": "2019-06-10"})
    await world.payroll("2019-11")
    world.at("2019-11-20")
    assert await levers(world, person, "2019-08") == []


# Payrolls that are late.


async def test_a_lapsed_month_whose_payroll_is_late_is_claimed_in_advance(world: World) -> None:
    """On 2020-09-03 the payroll of 08 still waits: PASS, request and approval claim 07 and 08, and both go out."""
    person = await lapsed_after_june_2020(world, "2020-07")
    world.at("2020-09-02")
    assert await levers(world, person, "2020-08") == at_any_time("PASS_AND_CASE")
    await stated(world, person, PASS, "2020-09-03")
    assert await levers(world, person, "2020-08") == at_any_time("CASE")
    case = await asked(world, person)
    assert case["months"] == ["2020-07", "2020-08"]
    await approved(world, case)
    assert await levers(world, person, "2020-08") == at_any_time("NEXT_PAYROLL")
    await world.payroll("2020-08", "2020-09", "2020-10")
    money = await world.money(person.id)
    assert [ledger(money)[f"2020-{month}"] for month in ("08", "09", "10")] == [
        "WITHHELD LAPSED", "PAID 3000.00", "PAID 3000.00",
    ]  # fmt: skip
    assert money["payments"][-1]["backPayFor"] == ["2020-07", "2020-08"]
