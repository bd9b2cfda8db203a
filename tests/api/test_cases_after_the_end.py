"""Once the benefit has ended the family claims what was owed until the event. Notice 三(三), 附11; rules 5.5."""

from __future__ import annotations

import pytest

from tests.api.money import (
    CHIEF,
    PASS,
    approved,
    asked,
    ended,
    failed_on_20_june,
    ledger,
    named,
    passed_on_10_september,
    stated,
    withdraw,
)
from tests.api.scenes import Person
from tests.api.test_levers import lapsed_after_june_2020
from tests.world import OFFICER, SCHOOL, World

MISSING = {"survivalStatus": "MISSING", "occurredOn": "2019-06-10"}


async def paid_back(world: World, person: Person, payroll: str) -> tuple[str, list[str]]:
    """What went out with that payroll, and for which months."""
    await world.payroll(payroll)
    last = (await world.money(person.id))["payments"][-1]
    return last["total"], last["backPayFor"]


async def enrolled_late(world: World) -> Person:
    """Enrolled on 2019-06-10 with a benefit from 2019-03 on, after the payrolls through 2019-06."""
    await world.units()
    await world.officers(OFFICER, CHIEF)
    await world.at("2019-01-05").enrol(9)
    await world.payroll("2019-02", "2019-03", "2019-04", "2019-05", "2019-06")
    return Person(await world.at("2019-06-10").enrol(1, benefit_from="2019-03", certified_in="2019-03"), 1)


async def test_months_before_a_late_enrolment_are_claimed_after_the_end(world: World) -> None:
    """Died on 06-18: 03 to 06 were owed, 12000.00; nothing resumes, and nothing is left to ask for."""
    person = await enrolled_late(world)
    await ended(world.at("2019-06-20"), person, "2019-06-18")
    case = await asked(world, person)
    assert case["months"] == ["2019-03", "2019-04", "2019-05", "2019-06"]
    case = await approved(world, case, "2019-06-25")
    assert (case["amount"], case["resumesFrom"]) == ("12000.00", None)
    assert await paid_back(world, person, "2019-07") == ("12000.00", case["months"])
    assert named(await world.request(person.id)) == [("ALREADY_TERMINATED", "input.beneficiaryId")]
    assert ledger(await world.money(person.id))["2019-07"] == "WITHHELD TERMINATED"


async def test_worked_case_10_is_claimed_after_the_end(world: World) -> None:
    """07 to 09 of 2020 lapsed, passed on 09-20, died on 10-05 before anybody asked: 9000.00."""
    person = await lapsed_after_june_2020(world, "2020-07", "2020-08", "2020-09")
    await stated(world, person, PASS, "2020-09-20")
    await ended(world.at("2020-10-06"), person, "2020-10-05")
    case = await approved(world, await asked(world, person), "2020-10-07")
    assert (case["months"], case["amount"]) == (["2020-07", "2020-08", "2020-09"], "9000.00")
    assert await paid_back(world, person, "2020-10") == ("3000.00", []), "approved in 10, it goes out with 11"
    assert await paid_back(world, person, "2020-11") == ("9000.00", case["months"])


async def test_somebody_missing_and_found_dead_was_owed_the_months_between(world: World) -> None:
    """FAIL on 2019-06-20, no PASS ever; died on 09-05: alive through 07 to 09, as the termination says."""
    person = await failed_on_20_june(world, MISSING)
    await world.payroll("2019-07", "2019-08", "2019-09")
    await ended(world.at("2019-09-12"), person, "2019-09-05")
    case = await approved(world, await asked(world, person), "2019-09-20")
    assert (case["months"], case["amount"]) == (["2019-07", "2019-08", "2019-09"], "9000.00")
    assert await paid_back(world, person, "2019-10") == ("9000.00", case["months"])


@pytest.mark.parametrize("who", [SCHOOL, OFFICER])
async def test_a_case_that_was_taken_back_may_be_asked_for_again(world: World, who: str) -> None:
    """By the unit or by an officer; the other officer reviews it."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-10-12")
    await ended(world.at("2019-10-14"), person, "2019-10-13")
    await withdraw(world, case["id"])
    again = await world.request(person.id, as_=who)
    assert again["reinstatement"]["months"] == ["2019-07", "2019-08", "2019-09", "2019-10"]
    assert named(await world.request(person.id)) == [("REINSTATEMENT_OPEN", "input.beneficiaryId")]
    assert (await world.review(again["reinstatement"]["id"], as_=CHIEF))["userErrors"] == []
    assert (await paid_back(world, person, "2019-11"))[0] == "12000.00"


@pytest.mark.parametrize("reviewed_on", ["2020-09-22", "2020-11-26"])
async def test_the_amount_does_not_depend_on_when_the_officer_approves(world: World, reviewed_on: str) -> None:
    """07 to 09 lapsed; FAIL (missing) on 09-25 withheld 10 and 11; died on 11-22: 15000.00, by one case or by two."""
    person = await lapsed_after_june_2020(world, "2020-07", "2020-08", "2020-09")
    await stated(world, person, PASS, "2020-09-20")
    case = await asked(world, person)
    if reviewed_on < "2020-09-25":
        assert (await approved(world, case, reviewed_on))["amount"] == "9000.00"
    await stated(world, person, {"survivalStatus": "MISSING", "occurredOn": "2020-09-24"}, "2020-09-25")
    await world.payroll("2020-10", "2020-11")
    await ended(world.at("2020-11-25"), person, "2020-11-22")
    if reviewed_on < "2020-09-25":
        case = await asked(world, person)
        assert case["months"] == ["2020-10", "2020-11"]
    await approved(world, case, "2020-11-26")
    assert await paid_back(world, person, "2020-12") == (
        "15000.00",
        ["2020-07", "2020-08", "2020-09", "2020-10", "2020-11"],
    )


async def test_time_in_prison_stays_lost_after_the_end(world: World) -> None:
    """In prison since 2019-06-10, as the unit said; died there on 09-05: nothing was owed, and nothing is claimed."""
    person = await failed_on_20_june(world, {"survivalStatus": "IMPRISONED", "occurredOn": "2019-06-10"})
    await world.payroll("2019-07", "2019-08", "2019-09")
    await ended(world.at("2019-09-12"), person, "2019-09-05")
    [error] = (await world.request(person.id))["userErrors"]
    assert (error["code"], error["message"]) == ("ALREADY_TERMINATED", "该人员待遇已终止，终止前没有可补发的月份。")
