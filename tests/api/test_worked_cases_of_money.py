"""The worked cases of the rules (section 7) about money, through the API and the commands, as literal amounts."""

from __future__ import annotations

from typing import Any

from tests.api.money import PASS, failed_on_20_june, ledger
from tests.api.scenes import Person
from tests.world import World


async def test_case_6_a_fail_in_june_withholds_from_july(world: World) -> None:
    """6: period ends 2019-06; SUSPENDED from 2019-07."""
    person = await failed_on_20_june(world)
    await world.payroll("2019-07", "2019-08")
    money = await world.money(person.id)
    assert ledger(money) == {
        "2019-06": "PAID 3000.00",
        "2019-07": "WITHHELD SUSPENDED",
        "2019-08": "WITHHELD SUSPENDED",
    }
    [stop] = money["stops"]
    assert (stop["basis"], stop["firstMonth"], stop["lastMonth"], stop["clause"]) == (
        "SUSPENDED", "2019-07", None, "三(二)",
    )  # fmt: skip
    assert stop["act"]["text"] == "2019年6月20日单位认定：生存状态“去世”（2019年6月10日起），不通过。"


async def test_case_7_a_fail_corrected_in_its_month_withholds_nothing(world: World) -> None:
    """7: case 6, PASS again on 2019-06-28: 2019-06..2020-06, never suspended."""
    person = await failed_on_20_june(world)
    await world.at("2019-06-28").act("overrideVerdict", {"beneficiaryId": person.node, **PASS})
    await world.payroll("2019-07")
    money = await world.money(person.id)
    assert ledger(money) == {"2019-06": "PAID 3000.00", "2019-07": "PAID 3000.00"}
    assert money["stops"] == []
    refused = await world.at("2019-07-10").request(person.id)
    assert [error["code"] for error in refused["userErrors"]] == ["NOTHING_TO_REINSTATE"]


async def reinstated(world: World, person: Person) -> Any:
    """Case 8: PASS on 2019-09-10, reinstatement approved on 2019-10-20; payrolls through 2019-11."""
    await world.payroll("2019-07", "2019-08", "2019-09")
    await world.at("2019-09-10").act("overrideVerdict", {"beneficiaryId": person.node, **PASS})
    await world.payroll("2019-10")
    requested = await world.at("2019-10-12").request(person.id)
    assert requested["userErrors"] == []
    approved = await world.at("2019-10-20").review(requested["reinstatement"]["id"])
    assert approved["userErrors"] == []
    return approved["reinstatement"]


async def test_case_8_a_reinstatement_pays_back_what_was_withheld(world: World) -> None:
    """8: WITHHELD 07, 08, 09, 10; paid again from 11; back pay 07–10 goes out with 11."""
    person = await failed_on_20_june(world)
    case = await reinstated(world, person)
    assert (case["status"], case["resumesFrom"]) == ("APPROVED", "2019-11")
    assert (case["months"], case["amount"]) == (["2019-07", "2019-08", "2019-09", "2019-10"], "12000.00")
    held = await world.person(person.id)
    assert (held["paymentStatus"], held["paidThrough"]) == ("SUSPENDED", "2020-09")
    assert (await world.at("2019-11-01").person(person.id))["paymentStatus"] == "PAYING"

    await world.payroll("2019-11", "2019-12")
    money = await world.money(person.id)
    assert ledger(money) == {
        "2019-06": "PAID 3000.00",
        "2019-07": "WITHHELD SUSPENDED",
        "2019-08": "WITHHELD SUSPENDED",
        "2019-09": "WITHHELD SUSPENDED",
        "2019-10": "WITHHELD SUSPENDED",
        "2019-11": "PAID 3000.00",
        "2019-12": "PAID 3000.00",
    }
    november, december = money["payments"][-2:]
    assert november["backPayFor"] == ["2019-07", "2019-08", "2019-09", "2019-10"]
    assert (november["total"], december["total"], december["backPayFor"]) == ("15000.00", "3000.00", [])
    assert [p["healedWith"] for p in money["payments"]] == [None, *["2019-11"] * 4, None, None]
    assert [(s["basis"], s["firstMonth"], s["lastMonth"]) for s in money["stops"]] == [
        ("SUSPENDED", "2019-07", "2019-10")
    ]


async def lapsed_after_june_2020(world: World) -> Person:
    """A retiree whose period runs out with 2020-06; payrolls through 2020-08."""
    await world.units()
    await world.officers()
    id = await world.at("2019-06-05").enrol(certified_in="2019-06")
    await world.payroll("2020-06", "2020-07", "2020-08")
    return Person(id, 1)


async def test_case_9_a_pass_before_the_payroll_day_pays_its_month(world: World) -> None:
    """9: lapsed after 2020-06, passed 2020-09-02 (payroll day 8): 2020-09 paid normally; 07 and 08 may be claimed."""
    person = await lapsed_after_june_2020(world)
    await world.at("2020-09-02").act("overrideVerdict", {"beneficiaryId": person.node, **PASS})
    await world.payroll("2020-09")
    assert ledger(await world.money(person.id)) == {
        "2020-06": "PAID 3000.00",
        "2020-07": "WITHHELD LAPSED",
        "2020-08": "WITHHELD LAPSED",
        "2020-09": "PAID 3000.00",
    }
    requested = await world.at("2020-09-10").request(person.id)
    case = requested["reinstatement"]
    assert (case["months"], case["amount"], case["resumesFrom"]) == (["2020-07", "2020-08"], "6000.00", None)
    await world.at("2020-09-20").review(case["id"])
    await world.payroll("2020-10")
    october = (await world.money(person.id))["payments"][-1]
    assert (october["amount"], october["backPayFor"]) == ("3000.00", ["2020-07", "2020-08"])


async def test_case_10_a_pass_after_the_payroll_day_leaves_its_month_to_claim(world: World) -> None:
    """10: lapsed after 2020-06, passed 2020-09-20: 2020-09 was already withheld: 07, 08, 09 may be claimed."""
    person = await lapsed_after_june_2020(world)
    await world.payroll("2020-09")
    await world.at("2020-09-20").act("overrideVerdict", {"beneficiaryId": person.node, **PASS})
    assert ledger(await world.money(person.id))["2020-09"] == "WITHHELD LAPSED"
    requested = await world.at("2020-09-21").request(person.id)
    assert requested["reinstatement"]["months"] == ["2020-07", "2020-08", "2020-09"]
    await world.payroll("2020-10")
    assert ledger(await world.money(person.id))["2020-10"] == "PAID 3000.00"


async def test_case_11_a_death_learnt_late_is_an_overpayment(world: World) -> None:
    """11: died 2019-03-15, terminated on 2019-06-20, paid every month: overpaid 2019-04, 05, 06."""
    await world.units()
    id = await world.at("2019-01-05").enrol(certified_in="2019-01")
    await world.payroll("2019-02", "2019-03", "2019-04", "2019-05", "2019-06")
    person = Person(id, 1)
    end = {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-03-15"}
    assert (await world.at("2019-06-20").act("terminateBenefit", end))["userErrors"] == []
    await world.payroll("2019-07")
    money = await world.money(id)
    assert ledger(money)["2019-06"] == "PAID 3000.00"
    assert ledger(money)["2019-07"] == "WITHHELD TERMINATED"
    assert money["overpayment"] == {
        "amount": "9000.00",
        "settled": "0.00",
        "outstanding": "9000.00",
        "months": [
            {"month": month, "amount": "3000.00", "established": True} for month in ("2019-04", "2019-05", "2019-06")
        ],
    }


async def test_case_16_back_pay_goes_by_each_months_own_rate(world: World) -> None:
    """16: 3000, raised on 2019-10-15 to 3100 from 2019-08; case 8: 3000 + 3 × 3100 = 12300.00."""
    person = await failed_on_20_june(world)
    await world.payroll("2019-07", "2019-08", "2019-09")
    await world.at("2019-09-10").act("overrideVerdict", {"beneficiaryId": person.node, **PASS})
    await world.payroll("2019-10")
    await world.at("2019-10-15").raised(person.serial, "2019-08", "3100.00")
    requested = await world.at("2019-10-16").request(person.id)
    case = (await world.at("2019-10-20").review(requested["reinstatement"]["id"]))["reinstatement"]
    assert case["amount"] == "12300.00"
    await world.payroll("2019-11")
    november = (await world.money(person.id))["payments"][-1]
    assert (november["amount"], november["total"]) == ("3100.00", "15400.00")
    assert november["lines"] == [
        {"kind": "BACK_PAY", "month": "2019-07", "amount": "3000.00"},
        {"kind": "BACK_PAY", "month": "2019-08", "amount": "3100.00"},
        {"kind": "BACK_PAY", "month": "2019-09", "amount": "3100.00"},
        {"kind": "BACK_PAY", "month": "2019-10", "amount": "3100.00"},
    ]


async def test_case_17_a_raise_dated_back_goes_out_as_adjustments(world: World) -> None:
    """17: the same raise for somebody PAID all along: 2019-11 pays 3100 and three lines of 100 (08, 09, 10)."""
    await world.units()
    id = await world.at("2019-06-05").enrol(certified_in="2019-06")
    await world.payroll("2019-07", "2019-08", "2019-09", "2019-10")
    await world.at("2019-10-15").raised(1, "2019-08", "3100.00")
    await world.payroll("2019-11", "2019-12")
    november, december = (await world.money(id))["payments"][-2:]
    assert (november["amount"], november["total"], november["backPayFor"]) == ("3100.00", "3400.00", [])
    assert november["lines"] == [
        {"kind": "ADJUSTMENT", "month": month, "amount": "100.00"} for month in ("2019-08", "2019-09", "2019-10")
    ]
    assert (december["total"], december["lines"]) == ("3100.00", [])
