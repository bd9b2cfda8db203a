"""Raises while a FAIL or a slip stands: what was held back goes out later, what was mistyped never."""

from __future__ import annotations

from typing import Any

import pytest

from resolvers.intake.files import Rejected
from tests.api.money import CHIEF, PASS, approved, asked, ended, ledger, stated
from tests.api.scenes import Person
from tests.world import OFFICER, World

FEBRUARY_DEATH = {"survivalStatus": "DECEASED", "occurredOn": "2019-02-15"}
MARCH_TO_MAY = [{"kind": "ADJUSTMENT", "month": f"2019-0{n}", "amount": "100.00"} for n in (3, 4, 5)]
LOWERS = "lowers a month that is paid already; let the lower amount begin with the first month that is not frozen"


async def paid_through_may(world: World) -> Person:
    """A retiree with 3000.00 a month, paid from 2019-02 through 2019-05."""
    await world.units()
    await world.officers(OFFICER, CHIEF)
    id = await world.at("2019-01-05").enrol()
    await world.payroll("2019-02", "2019-03", "2019-04", "2019-05")
    return Person(id, 1)


async def payrolls(world: World, person: Person) -> dict[str, Any]:
    return {payment["month"]: payment for payment in (await world.money(person.id))["payments"]}


async def raised_while_a_fail_stands(world: World) -> Person:
    """FAIL on 2019-06-03 (died 2019-02-15), a raise to 3100.00 from 2019-03 on 2019-06-04, the payroll of 2019-06."""
    person = await paid_through_may(world)
    await stated(world, person, FEBRUARY_DEATH, "2019-06-03")
    await world.at("2019-06-04").raised(person.serial, "2019-03", "3100.00")
    await world.payroll("2019-06")
    june = (await payrolls(world, person))["2019-06"]
    assert (june["amount"], june["lines"]) == ("3100.00", [])
    return person


async def test_a_pass_of_the_same_month_brings_the_adjustments_with_the_next_payroll(world: World) -> None:
    """Nobody had died: the raise of the months paid goes out, once (rules 4, 5.5)."""
    person = await raised_while_a_fail_stands(world)
    await stated(world, person, PASS, "2019-06-20")
    await world.payroll("2019-07", "2019-08")
    found = await payrolls(world, person)
    assert found["2019-07"]["lines"] == MARCH_TO_MAY
    assert (found["2019-07"]["amount"], found["2019-07"]["total"]) == ("3100.00", "3400.00")
    assert (found["2019-08"]["lines"], found["2019-08"]["total"]) == ([], "3100.00")


async def test_a_pass_on_the_payroll_day_is_not_missed_by_the_next_payroll(world: World) -> None:
    """After the payroll of its day, in the same second even: the next one brings the adjustments."""
    person = await raised_while_a_fail_stands(world)
    await stated(world, person, PASS, "2019-06-08")
    await world.payroll("2019-07")
    assert (await payrolls(world, person))["2019-07"]["lines"] == MARCH_TO_MAY


async def test_a_pass_of_a_later_month_brings_them_with_the_back_pay(world: World) -> None:
    """Suspended meanwhile: adjustments and back pay go out together, after the approval (rules 5.4)."""
    person = await raised_while_a_fail_stands(world)
    await world.payroll("2019-07")
    await stated(world, person, PASS, "2019-07-10")
    await world.payroll("2019-08")
    case = await asked(world, person, "2019-08-10")
    assert (case["months"], case["amount"]) == (["2019-07", "2019-08"], "6200.00")
    await approved(world, case, "2019-08-20")
    await world.payroll("2019-09", "2019-10")
    found = await payrolls(world, person)
    assert [found[m]["lines"] for m in ("2019-06", "2019-07", "2019-08", "2019-10")] == [[], [], [], []]
    assert sorted(found["2019-09"]["lines"], key=lambda line: str(line["month"])) == [
        *MARCH_TO_MAY,
        {"kind": "BACK_PAY", "month": "2019-07", "amount": "3100.00"},
        {"kind": "BACK_PAY", "month": "2019-08", "amount": "3100.00"},
    ]
    assert found["2019-09"]["total"] == "9600.00"  # 3100 + 2 × 3100 + 3 × 100


async def test_a_termination_with_a_later_event_brings_the_adjustments_before_it(world: World) -> None:
    """Died in May, not in February: 03, 04 and 05 were owed at the raised rate, June was not (rules 5.5, 5.7)."""
    person = await raised_while_a_fail_stands(world)
    await ended(world.at("2019-06-20"), person, "2019-05-20")
    await world.payroll("2019-07", "2019-08")
    money = await world.money(person.id)
    july, august = money["payments"][-2:]
    assert (july["status"], july["basis"], july["amount"]) == ("WITHHELD", "TERMINATED", "0.00")
    assert (july["lines"], july["total"]) == (MARCH_TO_MAY, "300.00")
    assert (august["lines"], august["total"]) == ([], "0.00")
    assert money["overpayment"]["months"] == [{"month": "2019-06", "amount": "3100.00", "established": True}]


async def test_a_termination_with_the_event_that_the_fail_said_brings_none(world: World) -> None:
    """Nothing is added to what was not owed: all after February is to recover."""
    person = await raised_while_a_fail_stands(world)
    await ended(world.at("2019-06-20"), person, "2019-02-15")
    await world.payroll("2019-07")
    money = await world.money(person.id)
    assert (money["payments"][-1]["lines"], money["payments"][-1]["total"]) == ([], "0.00")
    assert money["overpayment"]["amount"] == "12100.00"  # 3 × 3000 and 3100


async def test_a_slip_is_corrected_the_same_day_before_any_payroll(world: World) -> None:
    """31000.00 for 3100.00: accepted, because nobody was paid it; the payroll pays the right amount."""
    await world.units()
    id = await world.at("2019-06-05").enrol()
    await world.raised(1, "2019-07", "31000.00")
    assert (await world.entitlement(id, "2019-07"))["amount"] == "31000.00"
    await world.raised(1, "2019-07", "3100.00")
    assert (await world.entitlement(id, "2019-07"))["amount"] == "3100.00"
    assert (await world.entitlement(id, "2019-06"))["amount"] == "3000.00"
    await world.payroll("2019-06", "2019-07")
    assert ledger(await world.money(id)) == {"2019-06": "PAID 3000.00", "2019-07": "PAID 3100.00"}


async def test_a_slip_dated_back_is_corrected_before_it_goes_out(world: World) -> None:
    """Paid 3000.00 in 03, 04 and 05; 31000.00 from 03 and 3100.00 on the same day: 100.00 each goes out."""
    person = await paid_through_may(world)
    await world.at("2019-06-04").raised(person.serial, "2019-03", "31000.00")
    await world.raised(person.serial, "2019-03", "3100.00")
    await world.payroll("2019-06")
    june = (await payrolls(world, person))["2019-06"]
    assert (june["amount"], june["lines"], june["total"]) == ("3100.00", MARCH_TO_MAY, "3400.00")


@pytest.mark.parametrize("since", ["2019-03", "2019-05", "2019-06"])
async def test_a_slip_that_was_paid_is_not_taken_back_by_a_file(world: World, since: str) -> None:
    """After a payroll paid 31000.00 the lower amount is refused with the reason, and nothing of it is kept."""
    person = await paid_through_may(world)
    await world.at("2019-06-04").raised(person.serial, "2019-03", "31000.00")
    await world.payroll("2019-06")
    june = (await payrolls(world, person))["2019-06"]
    assert (june["amount"], june["total"]) == ("31000.00", "115000.00")  # 31000 and 3 × 28000
    with pytest.raises(Rejected) as refused:
        await world.at("2019-06-10").raised(person.serial, since, "3100.00")
    [problem] = refused.value.problems
    assert (problem.line, problem.column, problem.reason) == (2, "monthly_amount", LOWERS)
    assert (await world.entitlement(person.id, since))["amount"] == "31000.00"
    await world.raised(person.serial, "2019-07", "3100.00")
    await world.payroll("2019-07")
    july = (await payrolls(world, person))["2019-07"]
    assert (july["amount"], july["lines"]) == ("3100.00", [])
