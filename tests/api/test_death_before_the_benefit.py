"""Died before the first month of the benefit: nothing was owed; what was paid is to recover. Notice 附11, rules 5.7."""

from __future__ import annotations

from typing import Any

from resolvers import check
from resolvers.check import Checked
from tests.api.money import CHIEF, DEATH, PASS, approved, asked, codes, ended, ledger, settle, stated
from tests.api.scenes import Person
from tests.api.test_levers import at_any_time, levers, losses
from tests.world import OFFICER, World

JUNE_28 = {"survivalStatus": "DECEASED", "occurredOn": "2019-06-28"}


async def begun_in_july(world: World) -> Person:
    """A benefit from 2019-07 on; it is 3 July, and the unit learns of a death of 28 June."""
    await world.units()
    await world.officers(OFFICER, CHIEF)
    await world.at("2019-01-05").enrol(9)
    await world.payroll("2019-06")
    person = Person(await world.at("2019-07-01").enrol(1, benefit_from="2019-07", certified_in="2019-07"), 1)
    world.at("2019-07-03")
    return person


def claim(money: Any) -> list[tuple[str, str, bool]]:
    return [(month["month"], month["amount"], month["established"]) for month in money["overpayment"]["months"]]


async def test_the_lever_of_the_first_month_is_a_termination_that_is_taken(world: World) -> None:
    """TERMINATION was offered and then refused; now nothing is ever paid."""
    person = await begun_in_july(world)
    assert await levers(world, person, "2019-07") == at_any_time("TERMINATION")
    row = (await ended(world, person, "2019-06-28"))["beneficiaries"][0]
    assert (row["paymentStatus"], row["paidThrough"], row["certificationPeriod"]) == ("TERMINATED", None, None)
    await world.payroll("2019-07", "2019-08")
    money = await world.money(person.id)
    assert ledger(money) == {"2019-07": "WITHHELD TERMINATED", "2019-08": "WITHHELD TERMINATED"}
    assert [(stop["basis"], stop["firstMonth"], stop["lastMonth"]) for stop in money["stops"]] == [
        ("TERMINATED", "2019-07", None)
    ]
    assert (money["overpayment"], await levers(world, person, "2019-07")) == (None, [])
    assert codes(await world.request(person.id)) == ["ALREADY_TERMINATED"]
    assert await check.standings(world.context()) == Checked(2, [])


async def test_what_was_paid_before_one_knew_is_overpaid_and_settled(world: World) -> None:
    """07 and 08 were paid, the death is learnt in August: 6000.00, established."""
    person = await begun_in_july(world)
    await world.payroll("2019-07", "2019-08")
    await ended(world.at("2019-08-10"), person, "2019-06-28")
    money = await world.money(person.id)
    assert claim(money) == [("2019-07", "3000.00", True), ("2019-08", "3000.00", True)]
    assert await losses(world, person, "2019-07") == ["去世：自2019年7月起不再享有待遇。"]
    assert codes(await settle(world, person, "PAID_BACK", "6000.00")) == []
    await world.payroll("2019-09")
    assert ledger(await world.money(person.id))["2019-09"] == "WITHHELD TERMINATED"


async def test_a_fail_leaves_the_first_month_paid_and_the_termination_settles_it(world: World) -> None:
    """FAIL on 07-03: 07 is PAID by rules 5.2 and overpaid as supposed; the end establishes it."""
    person = await begun_in_july(world)
    await stated(world, person, JUNE_28)
    await world.payroll("2019-07", "2019-08")
    money = await world.money(person.id)
    assert ledger(money) == {"2019-07": "PAID 3000.00", "2019-08": "WITHHELD SUSPENDED"}
    assert claim(money) == [("2019-07", "3000.00", False)]
    await ended(world.at("2019-08-10"), person, "2019-06-28")
    assert claim(await world.money(person.id)) == [("2019-07", "3000.00", True)]
    assert codes(await world.request(person.id)) == ["ALREADY_TERMINATED"]
    assert await check.standings(world.context()) == Checked(2, [])


async def test_back_pay_of_an_approved_case_is_never_sent_for_a_benefit_that_never_began(world: World) -> None:
    """FAIL in July, PASS and approval in September, then the death of 28 June after all: no line goes out."""
    person = await begun_in_july(world)
    await stated(world, person, DEATH | {"occurredOn": "2019-07-02"})
    await world.payroll("2019-07", "2019-08")
    await stated(world, person, PASS, "2019-09-02")
    await approved(world, await asked(world, person), "2019-09-03")
    await ended(world.at("2019-09-20"), person, "2019-06-28")
    await world.payroll("2019-09", "2019-10")
    money = await world.money(person.id)
    assert [payment["total"] for payment in money["payments"]] == ["3000.00", "0.00", "0.00", "0.00"]
    assert claim(money) == [("2019-07", "3000.00", True)]
