"""Which months a case pays back: withheld ones through the month of approval, each once. Rules 5.3 to 5.5."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.api.money import (
    DEATH,
    PASS,
    PRISON,
    approved,
    asked,
    codes,
    ended,
    failed_on_20_june,
    ledger,
    passed_on_10_september,
    stated,
    suspended,
)
from tests.api.scenes import Person
from tests.world import World

ALL_OF_IT = ["2019-07", "2019-08", "2019-09", "2019-10"]


def paid_back(money: Any) -> dict[str, list[str]]:
    """The payrolls that paid something back, and for which months."""
    return {p["month"]: p["backPayFor"] for p in money["payments"] if p["backPayFor"]}


async def test_a_submitted_case_grows_with_the_months_that_pass(world: World) -> None:
    """As it would be if approved now: another month withheld, another month to pay back."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-10-12")
    assert (case["months"], case["amount"]) == (ALL_OF_IT, "12000.00")
    await world.payroll("2019-11")
    grown = (await world.money(person.id))["reinstatement"]
    assert (grown["months"], grown["amount"]) == ([*ALL_OF_IT, "2019-11"], "15000.00")
    assert [line["month"] for line in grown["lines"]] == [*ALL_OF_IT, "2019-11"]
    december = (await world.at("2019-12-02").money(person.id))["reinstatement"]
    assert (december["months"][-1], december["amount"]) == ("2019-12", "18000.00")


async def test_a_rejected_case_shows_what_was_asked_for(world: World) -> None:
    """The months of the request, however many have passed since."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-10-12")
    await world.payroll("2019-11")
    answer = await world.at("2019-11-20").review(case["id"], approve=False, reason="材料不足")
    assert (answer["reinstatement"]["months"], answer["reinstatement"]["amount"]) == (ALL_OF_IT, "12000.00")


async def test_an_approved_case_is_paid_with_the_next_payroll_and_says_so(world: World) -> None:
    """Approved in month R: paid again from R + 1, and the back pay goes out with R + 1 (rules 5.4)."""
    person = await passed_on_10_september(world)
    case = await approved(world, await asked(world, person, "2019-10-12"), "2019-10-20")
    assert (case["months"], case["resumesFrom"]) == (ALL_OF_IT, "2019-11")
    assert [line["paidWith"] for line in case["lines"]] == [None] * 4
    await world.payroll("2019-11", "2019-12")
    document = "query($id: ID!) { node(id: $id) { ... on Reinstatement { amount lines { month paidWith } } } }"
    found = (await world.ask(document, {"id": case["id"]}))["node"]
    assert found == {"amount": "12000.00", "lines": [{"month": m, "paidWith": "2019-11"} for m in ALL_OF_IT]}
    assert paid_back(await world.money(person.id)) == {"2019-11": ALL_OF_IT}


async def test_an_approval_before_the_payroll_day_still_covers_its_month(world: World) -> None:
    """Withheld through R: approved on 2 October, October is withheld on the 8th and paid back with November."""
    person = await failed_on_20_june(world)
    await world.payroll("2019-07", "2019-08", "2019-09")
    await stated(world, person, PASS, "2019-09-10")
    case = await approved(world, await asked(world, person, "2019-10-01"), "2019-10-02")
    assert (case["months"], case["amount"], case["resumesFrom"]) == (ALL_OF_IT, "12000.00", "2019-11")
    assert (await world.person(person.id))["paymentStatus"] == "SUSPENDED"
    await world.payroll("2019-10", "2019-11")
    money = await world.money(person.id)
    assert (ledger(money)["2019-10"], ledger(money)["2019-11"]) == ("WITHHELD SUSPENDED", "PAID 3000.00")
    assert paid_back(money) == {"2019-11": ALL_OF_IT}
    assert (money["paymentStatus"], money["payments"][-1]["total"]) == ("PAYING", "15000.00")


async def test_months_in_prison_are_not_paid_back(world: World) -> None:
    """Months served in prison are excluded (rules 5.5): 07 and 08 served, passed in 09, which is paid back with 10."""
    person = await passed_on_10_september(world, PRISON)
    case = await asked(world, person, "2019-10-12")
    assert (case["months"], case["amount"]) == (["2019-09", "2019-10"], "6000.00")
    case = await approved(world, case, "2019-10-20")
    assert (case["months"], case["amount"], case["resumesFrom"]) == (["2019-09", "2019-10"], "6000.00", "2019-11")
    await world.payroll("2019-11", "2019-12")
    money = await world.money(person.id)
    assert paid_back(money) == {"2019-11": ["2019-09", "2019-10"]}
    assert {m: ledger(money)[m] for m in ("2019-07", "2019-08")} == dict.fromkeys(
        ("2019-07", "2019-08"), "WITHHELD SUSPENDED"
    )
    assert codes(await world.request(person.id)) == ["NOTHING_TO_REINSTATE"]


async def lapsed(world: World) -> Person:
    """A retiree whose period runs out with 2020-06; payrolls from 2020-06 through 2020-09."""
    await world.units()
    await world.officers()
    id = await world.at("2019-06-05").enrol(certified_in="2019-06")
    await world.payroll("2020-06", "2020-07", "2020-08", "2020-09")
    return Person(id, 1)


async def test_lapsed_months_are_claimed_and_nothing_had_to_resume(world: World) -> None:
    """Months withheld before the pass may be claimed by a back-pay case; payment runs by itself (rules 5.3)."""
    person = await lapsed(world)
    assert codes(await world.request(person.id)) == ["PASS_REQUIRED_FIRST"]
    await stated(world, person, PASS, "2020-09-20")
    case = await asked(world, person, "2020-09-21")
    assert (case["months"], case["amount"]) == (["2020-07", "2020-08", "2020-09"], "9000.00")
    await world.payroll("2020-10")
    still = (await world.money(person.id))["reinstatement"]
    assert still["months"] == ["2020-07", "2020-08", "2020-09"]
    case = await approved(world, case, "2020-10-20")
    assert (case["resumesFrom"], case["amount"]) == (None, "9000.00")
    await world.payroll("2020-11")
    money = await world.money(person.id)
    assert ledger(money)["2020-10"] == "PAID 3000.00"
    assert paid_back(money) == {"2020-11": ["2020-07", "2020-08", "2020-09"]}


async def test_a_later_case_pays_only_what_no_earlier_one_has_paid(world: World) -> None:
    """No month twice, none missed (rules 5.5): what the first period did not reach is left for a second case."""
    await world.units()
    await world.officers()
    id = await world.at("2019-05-05").enrol(certified_in="2019-05", category="SURVIVOR")
    person = Person(id, 1)
    await world.payroll("2019-05")
    await stated(world, person, DEATH | {"occurredOn": "2019-05-09"}, "2019-05-20")
    await world.payroll("2019-06")
    await stated(world, person, PASS, "2019-06-20")  # 2019-06..2019-12
    months = ["2019-07", "2019-08", "2019-09", "2019-10", "2019-11", "2019-12", "2020-01", "2020-02"]
    await world.payroll(*months)
    first = await approved(world, await asked(world, person, "2020-02-10"), "2020-02-20")
    assert (first["months"], first["resumesFrom"]) == (["2019-06", *months[:6]], None)
    await world.payroll("2020-03")
    money = await world.money(id)
    assert (ledger(money)["2020-03"], money["paidThrough"]) == ("WITHHELD LAPSED", "2019-12")
    assert codes(await world.request(id)) == ["PASS_REQUIRED_FIRST"]

    await stated(world, person, PASS, "2020-03-20")
    second = await asked(world, person, "2020-03-21")
    assert (second["months"], second["amount"]) == (["2020-01", "2020-02", "2020-03"], "9000.00")
    await approved(world, second, "2020-03-25")
    await world.payroll("2020-04", "2020-05")
    money = await world.money(id)
    assert paid_back(money) == {"2020-03": first["months"], "2020-04": ["2020-01", "2020-02", "2020-03"]}
    assert codes(await world.request(id)) == ["NOTHING_TO_REINSTATE"]
    total = sum(Decimal(payment["total"]) for payment in money["payments"])
    assert total == Decimal("39000.00")  # 13 months, 2019-05 to 2020-05


async def test_a_fail_before_the_payroll_holds_the_back_pay_and_a_second_case_releases_it(world: World) -> None:
    """Payment stays held while a suspension holds; no month goes out twice, none is missed (rules 5.4, 5.5)."""
    person = await passed_on_10_september(world)
    await approved(world, await asked(world, person, "2019-10-12"), "2019-10-20")
    await stated(world, person, {**DEATH, "occurredOn": "2019-10-25"}, "2019-10-28")
    await world.payroll("2019-11")
    money = await world.money(person.id)
    assert (ledger(money)["2019-11"], paid_back(money)) == ("WITHHELD SUSPENDED", {})
    await stated(world, person, PASS, "2019-11-20")
    case = await asked(world, person)
    assert (case["months"], case["amount"]) == (["2019-11"], "3000.00")
    await approved(world, case, "2019-11-25")
    await world.payroll("2019-12", "2020-01")
    money = await world.money(person.id)
    assert paid_back(money) == {"2019-12": [*ALL_OF_IT, "2019-11"]}
    assert [payment["total"] for payment in money["payments"]][-2:] == ["18000.00", "3000.00"]


async def test_after_a_termination_only_what_was_owed_before_the_event_still_goes_out(world: World) -> None:
    """Approved in October; died in August, as is learnt before the payroll: 07 and 08 were owed, 09 and 10 not."""
    person = await passed_on_10_september(world)
    await approved(world, await asked(world, person, "2019-10-12"), "2019-10-20")
    await ended(world.at("2019-10-25"), person, "2019-08-15")
    await world.payroll("2019-11", "2019-12")
    money = await world.money(person.id)
    assert paid_back(money) == {"2019-11": ["2019-07", "2019-08"]}
    november = next(p for p in money["payments"] if p["month"] == "2019-11")
    assert (november["status"], november["amount"], november["total"]) == ("WITHHELD", "0.00", "6000.00")
    assert money["overpayment"] is None


async def test_a_raise_changes_what_an_open_case_would_pay(world: World) -> None:
    """At each month's own rate, raises made meanwhile included (rules 5.5)."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-10-12")
    assert case["amount"] == "12000.00"
    await world.at("2019-10-15").raised(person.serial, "2019-09", "3210.50")
    grown = (await world.money(person.id))["reinstatement"]
    assert [line["amount"] for line in grown["lines"]] == ["3000.00", "3000.00", "3210.50", "3210.50"]
    assert grown["amount"] == "12421.00"


async def test_a_raise_after_the_back_pay_is_adjusted_with_the_next_payroll(world: World) -> None:
    """A raise dated back to months already paid, by back pay too, goes out as adjustment lines (rules 5.5)."""
    person = await passed_on_10_september(world)
    await approved(world, await asked(world, person, "2019-10-12"), "2019-10-20")
    await world.payroll("2019-11")
    await world.at("2019-11-15").raised(person.serial, "2019-10", "3100.00")
    await world.payroll("2019-12")
    december = (await world.money(person.id))["payments"][-1]
    assert december["lines"] == [
        {"kind": "ADJUSTMENT", "month": "2019-10", "amount": "100.00"},
        {"kind": "ADJUSTMENT", "month": "2019-11", "amount": "100.00"},
    ]
    assert (december["amount"], december["total"], december["backPayFor"]) == ("3100.00", "3300.00", [])


async def test_a_case_of_a_month_that_is_not_frozen_yet_says_what_it_will_pay(world: World) -> None:
    """Before any payroll: through the current month."""
    person = await suspended(world)
    assert (await asked(world, person))["months"] == ["2019-07"]
    assert (await world.at("2019-08-01").money(person.id))["reinstatement"]["months"] == ["2019-07", "2019-08"]


async def test_a_month_paid_back_from_before_the_ledger_is_a_paid_month_like_any_other(world: World) -> None:
    """FAIL in 06, PASS in 07, the first payroll of all 08: 07 is adjusted by a raise, and recovered after the end."""
    person = await suspended(world)
    await world.payroll("2019-08")
    await approved(world, await asked(world, person, "2019-08-20"), "2019-08-25")
    await world.payroll("2019-09")
    await world.at("2019-09-10").raised(person.serial, "2019-07", "3100.00")
    await world.payroll("2019-10")
    *_, september, october = (await world.money(person.id))["payments"]
    assert [(n["kind"], n["month"], n["amount"]) for n in september["lines"]] == [
        ("BACK_PAY", "2019-07", "3000.00"),
        ("BACK_PAY", "2019-08", "3000.00"),
    ]
    assert [(n["kind"], n["month"], n["amount"]) for n in october["lines"]] == [
        ("ADJUSTMENT", "2019-07", "100.00"),
        ("ADJUSTMENT", "2019-08", "100.00"),
        ("ADJUSTMENT", "2019-09", "100.00"),
    ]
    await ended(world.at("2019-10-20"), person, "2019-06-15")
    overpaid = (await world.money(person.id))["overpayment"]
    assert [month["month"] for month in overpaid["months"]] == ["2019-07", "2019-08", "2019-09", "2019-10"]
    assert overpaid["amount"] == "12400.00"
