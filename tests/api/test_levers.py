"""`entitlement.changes`: a lever is offered where it would work, by when and not before, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from domain.month import Month
from resolvers import payroll
from tests.api.money import (
    DEATH,
    PASS,
    PRISON,
    approved,
    asked,
    codes,
    ended,
    failed_on_20_june,
    named,
    passed_on_10_september,
    stated,
    suspended,
    withdraw,
)
from tests.api.scenes import Person
from tests.world import World, node_id

CHANGES = """
query($id: ID!, $month: Month!) { node(id: $id) { ... on Beneficiary { entitlement(month: $month) {
  basis reason changes { lever by notBefore text } facts { kind text } } } } }
"""


async def why(world: World, person: Person, month: str) -> Any:
    return (await world.ask(CHANGES, {"id": node_id(person.id), "month": month}))["node"]["entitlement"]


async def levers(world: World, person: Person, month: str) -> list[tuple[str, str | None, str | None]]:
    """Each lever with its last day and its first."""
    found = (await why(world, person, month))["changes"]
    return [(change["lever"], change["by"], change["notBefore"]) for change in found]


def at_any_time(*names: str) -> list[tuple[str, str | None, str | None]]:
    return [(name, None, None) for name in names]


async def losses(world: World, person: Person, month: str) -> list[str]:
    return [fact["text"] for fact in (await why(world, person, month))["facts"] if fact["kind"] == "LOSS"]


async def lapsed_after_june_2020(world: World, *payrolls: str) -> Person:
    """Worked cases 9 and 10: a retiree whose period runs out with 2020-06."""
    await world.units()
    await world.officers()
    id = await world.at("2019-06-05").enrol(certified_in="2019-06")
    await world.payroll("2020-06", *payrolls)
    return Person(id, 1)


# Worked case 9.


async def test_the_levers_of_worked_case_9(world: World) -> None:
    """Lapsed after 2020-06, passed on 2020-09-02: 09 is paid normally, 07 and 08 may be claimed by a case."""
    person = await lapsed_after_june_2020(world, "2020-07", "2020-08")
    world.at("2020-09-01")
    assert await levers(world, person, "2020-06") == at_any_time("OVERPAYMENT")
    for month in ("2020-07", "2020-08"):
        assert await levers(world, person, month) == at_any_time("PASS_AND_CASE")
    assert await levers(world, person, "2020-09") == [("PASS", "2020-09-07", None)]

    await stated(world, person, PASS, "2020-09-02")
    for month in ("2020-07", "2020-08"):
        assert (await why(world, person, month))["basis"] == "LAPSED"
        assert await levers(world, person, month) == at_any_time("CASE")
    assert await levers(world, person, "2020-09") == at_any_time("TERMINATION")
    assert await levers(world, person, "2020-10") == [("FAIL", "2020-09-30", None), ("TERMINATION", None, None)]
    await world.payroll("2020-09")
    assert await levers(world, person, "2020-09") == at_any_time("OVERPAYMENT")

    case = await asked(world, person, "2020-09-10")
    assert await levers(world, person, "2020-07") == at_any_time("REVIEW")
    await withdraw(world, case["id"])
    assert await levers(world, person, "2020-07") == at_any_time("CASE")
    await approved(world, await asked(world, person), "2020-09-20")
    assert await levers(world, person, "2020-08") == at_any_time("NEXT_PAYROLL")
    await world.payroll("2020-10")
    assert await levers(world, person, "2020-08") == at_any_time("OVERPAYMENT")


async def test_worked_case_10_takes_a_case_for_its_own_month_too(world: World) -> None:
    """Passed on 2020-09-20: covered, but withheld by the payroll of the 8th."""
    person = await lapsed_after_june_2020(world, "2020-07", "2020-08", "2020-09")
    assert await levers(world, person, "2020-09") == at_any_time("PASS_AND_CASE")
    await stated(world, person, PASS, "2020-09-20")
    assert (await why(world, person, "2020-09"))["basis"] == "COVERED"
    assert await levers(world, person, "2020-09") == at_any_time("CASE")


async def test_a_pass_of_a_later_month_pays_no_earlier_one(world: World) -> None:
    """The payroll of 2020-07 is late: in August a PASS opens a period from August on (rules 2.2, 5.3)."""
    person = await lapsed_after_june_2020(world)
    assert await levers(world.at("2020-07-31"), person, "2020-07") == [("PASS", None, None)]
    assert await levers(world.at("2020-08-01"), person, "2020-07") == at_any_time("PASS_AND_CASE")
    assert await levers(world, person, "2020-08") == [("PASS", "2020-08-07", None)]


async def test_a_pass_reaches_no_further_than_its_cycle(world: World) -> None:
    """For a lapsed month far ahead a PASS is given once the cycle reaches it: 12 months before, 6 for a survivor."""
    person = await lapsed_after_june_2020(world)
    world.at("2020-06-10")
    assert await levers(world, person, "2021-06") == [("PASS", "2021-06-07", None)]
    assert await levers(world, person, "2021-07") == [("PASS", "2021-07-07", "2020-07-01")]
    assert await levers(world, person, "2023-02") == [("PASS", "2023-02-07", "2022-02-01")]
    [change] = (await why(world, person, "2021-07"))["changes"]
    assert change["text"] == "认定“通过”即可发放（不早于2020年7月1日）（不晚于2021年7月7日）"
    survivor = Person(await world.enrol(2, certified_in="2020-01", category="SURVIVOR"), 2)
    assert await levers(world, survivor, "2020-12") == [("PASS", "2020-12-07", None)]
    assert await levers(world, survivor, "2021-01") == [("PASS", "2021-01-07", "2020-07-01")]


async def test_a_month_without_any_earlier_period_says_so(world: World) -> None:
    """LAPSED, and nobody knows since when: certified from 2019-06, owed from 2019-05, withheld by a late payroll."""
    await world.units()
    person = Person(await world.at("2019-06-05").enrol(certified_in="2019-06", benefit_from="2019-05"), 1)
    answer = await why(world, person, "2019-05")
    assert (answer["basis"], answer["reason"]) == ("LAPSED", "该月没有认证服务期的记录。")
    await world.publish("2019-04")
    await payroll.freeze(world.context(), Month(2019, 5))
    [may] = (await world.money(person.id))["payments"]
    assert (may["status"], may["basis"], may["reason"]) == ("WITHHELD", "LAPSED", "该月没有认证服务期的记录。")
    assert await levers(world, person, "2019-05") == at_any_time("CASE")
    assert (await asked(world, person))["months"] == ["2019-05"]


# Suspended.


async def test_while_a_fail_stands_the_pass_comes_first(world: World) -> None:
    """Dead, as the unit says: a PASS shows otherwise, and then a case pays the withheld months back."""
    person = await failed_on_20_june(world)
    await world.payroll("2019-07", "2019-08")
    world.at("2019-08-20")
    assert await losses(world, person, "2019-07") == ["去世：自2019年7月起不再享有待遇。"]
    assert await losses(world, person, "2019-06") == []
    for month in ("2019-07", "2019-08"):
        assert await levers(world, person, month) == at_any_time("PASS_AND_CASE")
    assert codes(await world.request(person.id)) == ["PASS_REQUIRED_FIRST"]
    await stated(world, person, PASS)
    assert await losses(world, person, "2019-07") == []
    for month in ("2019-07", "2019-08"):
        assert await levers(world, person, month) == at_any_time("CASE")


async def test_nothing_pays_for_time_in_prison(world: World) -> None:
    """07 and 08 were served; the fact says why, and no lever is offered, open case or not (rules 5.5)."""
    person = await passed_on_10_september(world, PRISON)
    served = ["服刑：2019年7月至2019年8月不享有待遇，不予补发。"]
    for month in ("2019-07", "2019-08"):
        assert (await losses(world, person, month), await levers(world, person, month)) == (served, [])
    for month in ("2019-09", "2019-10"):
        assert (await losses(world, person, month), await levers(world, person, month)) == ([], at_any_time("CASE"))
    case = await asked(world, person, "2019-10-12")
    assert await levers(world, person, "2019-08") == []
    assert await levers(world, person, "2019-09") == at_any_time("REVIEW")
    await approved(world, case, "2019-10-20")
    assert await levers(world, person, "2019-08") == []
    assert await levers(world, person, "2019-09") == at_any_time("NEXT_PAYROLL")


async def test_a_month_in_prison_is_saved_by_a_pass_until_its_end_and_no_later(world: World) -> None:
    """A PASS of 08 would leave 07 among the months served: the last day to say that it was a mistake is 07-31."""
    person = await failed_on_20_june(world, PRISON)
    await world.payroll("2019-07")
    world.at("2019-07-20")
    assert await levers(world, person, "2019-07") == [("PASS_AND_CASE", "2019-07-31", None)]
    await stated(world, person, PASS, "2019-08-02")
    assert await levers(world, person, "2019-07") == []


async def test_a_term_told_this_month_is_withdrawn_until_its_end(world: World) -> None:
    """Dead since June, they said; in prison since July, they say in October: a PASS of October undoes both."""
    person = await failed_on_20_june(world, DEATH)
    await world.payroll("2019-07", "2019-08", "2019-09", "2019-10")
    await stated(world, person, {**PRISON, "occurredOn": "2019-07-05"}, "2019-10-09")
    assert await levers(world, person, "2019-07") == at_any_time("PASS_AND_CASE")
    for month in ("2019-08", "2019-10"):
        assert await levers(world, person, month) == [("PASS_AND_CASE", "2019-10-31", None)]
    await stated(world, person, PASS, "2019-10-31")
    assert (await asked(world, person))["months"] == ["2019-07", "2019-08", "2019-09", "2019-10"]


async def test_nothing_pays_for_time_in_prison_that_still_goes_on(world: World) -> None:
    """In August July is served, whatever will be: no PASS brings it back."""
    person = await failed_on_20_june(world, PRISON)
    await world.payroll("2019-07", "2019-08")
    world.at("2019-08-20")
    assert await losses(world, person, "2019-07") == ["服刑：自2019年7月起不再享有待遇。"]
    assert await levers(world, person, "2019-07") == []


@pytest.mark.parametrize("occurred_on", ["2019-06-12", "2019-09-15", "2019-10-13"])
async def test_no_review_is_offered_while_a_new_fail_stands(world: World, occurred_on: str) -> None:
    """A review would refuse the open case: a PASS is needed first, whenever the new event is said to have been."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-10-12")
    assert await levers(world, person, "2019-08") == at_any_time("REVIEW")
    await stated(world, person, DEATH | {"occurredOn": occurred_on}, "2019-10-14")
    for month in ("2019-07", "2019-08", "2019-10"):
        assert await levers(world, person, month) == at_any_time("PASS_AND_CASE")
    assert await levers(world, person, "2019-11") == [("PASS_AND_CASE", "2019-10-31", None)]
    assert named(await world.review(case["id"])) == [("PASS_REQUIRED_FIRST", "input.reinstatementId")]
    await stated(world, person, PASS, "2019-10-16")
    assert await levers(world, person, "2019-08") == at_any_time("REVIEW")


async def test_no_review_of_lapsed_months_is_offered_while_a_new_fail_stands(world: World) -> None:
    """07 to 09 lapsed, claimed on 2020-09-21; a FAIL of 2020-09-25 asks for a PASS before anything is approved."""
    person = await lapsed_after_june_2020(world, "2020-07", "2020-08", "2020-09")
    await stated(world, person, PASS, "2020-09-20")
    case = await asked(world, person, "2020-09-21")
    await stated(world, person, DEATH | {"occurredOn": "2020-09-24"}, "2020-09-25")
    for month in ("2020-07", "2020-09"):
        assert await levers(world, person, month) == at_any_time("PASS_AND_CASE")
    assert named(await world.review(case["id"])) == [("PASS_REQUIRED_FIRST", "input.reinstatementId")]


async def test_a_suspended_month_before_the_ledger_takes_a_case_like_any_other(world: World) -> None:
    """Held in 2019-07, ledger from 2019-08 on: a case pays both, so both say CASE, REVIEW and NEXT_PAYROLL."""
    person = await suspended(world, passed=False)
    await world.payroll("2019-08")
    both = ("2019-07", "2019-08")
    said = {"failed": [await levers(world, person, month) for month in both]}
    await stated(world, person, PASS, "2019-08-20")
    said["passed"] = [await levers(world, person, month) for month in both]
    case = await asked(world, person)
    assert case["months"] == ["2019-07", "2019-08"]
    said["asked"] = [await levers(world, person, month) for month in both]
    await approved(world, case, "2019-08-25")
    said["approved"] = [await levers(world, person, month) for month in both]
    expected = {"failed": "PASS_AND_CASE", "passed": "CASE", "asked": "REVIEW", "approved": "NEXT_PAYROLL"}
    assert said == {when: [at_any_time(lever)] * 2 for when, lever in expected.items()}


# Terminated.


async def test_a_terminated_person_is_offered_the_case_for_what_was_owed(world: World) -> None:
    """An open case, or a new one of the family, pays what was withheld before the event; the next payroll brings it."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-10-12")
    await ended(world.at("2019-10-14"), person, "2019-10-13")
    months = ("2019-07", "2019-10")
    said = {"asked": [await levers(world, person, month) for month in months]}
    for month in ("2019-11", "2020-06"):
        assert ((await why(world, person, month))["basis"], await levers(world, person, month)) == ("TERMINATED", [])
    await withdraw(world, case["id"])
    said["withdrawn"] = [await levers(world, person, month) for month in months]
    await approved(world, await asked(world, person), "2019-10-20")
    said["approved"] = [await levers(world, person, month) for month in months]
    expected = {"asked": "REVIEW", "withdrawn": "CASE", "approved": "NEXT_PAYROLL"}
    assert said == {when: [at_any_time(lever)] * 2 for when, lever in expected.items()}


async def test_a_review_is_not_offered_for_months_after_the_event(world: World) -> None:
    """Died on 2019-09-15: 10 was not owed, and the fact says so."""
    person = await passed_on_10_september(world)
    await asked(world, person, "2019-10-12")
    await ended(world.at("2019-10-14"), person, "2019-09-15")
    for month in ("2019-07", "2019-08", "2019-09"):
        assert await levers(world, person, month) == at_any_time("REVIEW")
    assert await levers(world, person, "2019-10") == []
    assert await losses(world, person, "2019-10") == ["去世：自2019年10月起不再享有待遇。"]


async def test_no_pass_is_offered_after_the_end(world: World) -> None:
    """It would be refused with ALREADY_TERMINATED; the family claims the lapsed months before the event."""
    person = await lapsed_after_june_2020(world, "2020-07", "2020-08")
    await ended(world.at("2020-09-02"), person, "2020-08-31")
    found = {month: await levers(world, person, month) for month in ("2020-07", "2020-08", "2020-09", "2020-10")}
    assert found == {"2020-07": at_any_time("CASE"), "2020-08": at_any_time("CASE"), "2020-09": [], "2020-10": []}


async def test_no_second_termination_is_offered_after_the_end(world: World) -> None:
    """The month of the event is covered and will be paid; nothing that a unit could still do changes that."""
    await world.units()
    person = Person(await world.at("2019-06-05").enrol(certified_in="2019-05"), 1)
    await ended(world, person, "2019-06-02")
    assert (await why(world, person, "2019-06"))["basis"] == "COVERED"
    assert await levers(world, person, "2019-06") == []
