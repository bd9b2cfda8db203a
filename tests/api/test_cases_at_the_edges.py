"""Cases at the edges: before the ledger began, after the period ran out, after the end. Rules 5.4, 5.5."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.money import (
    CHIEF,
    DEATH,
    PASS,
    PRISON,
    approved,
    asked,
    codes,
    ended,
    ledger,
    named,
    passed_on_10_september,
    stated,
    suspended,
    withdraw,
)
from tests.api.scenes import Person, account, saved
from tests.world import OFFICER, SCHOOL, World

ALL_OF_IT = ["2019-07", "2019-08", "2019-09", "2019-10"]


def gone_out(money: Any) -> dict[str, tuple[str, list[str]]]:
    """Each payroll's total, with the months that it paid back."""
    return {p["month"]: (p["total"], p["backPayFor"]) for p in money["payments"]}


# Before the ledger began.


async def test_a_case_approved_before_the_first_payroll_is_paid_back_with_it(world: World) -> None:
    """FAIL in June, PASS and approval in July, ledger from August on: July goes out with August, and only once."""
    person = await suspended(world)
    case = await approved(world, await asked(world, person), "2019-07-20")
    assert (case["months"], case["amount"], case["resumesFrom"]) == (["2019-07"], "3000.00", "2019-08")
    answer = await world.entitlement(person.id, "2019-07")
    assert (answer["basis"], answer["payable"], answer["paid"]) == ("REINSTATED", True, False)
    await world.payroll("2019-08", "2019-09")
    money = await world.money(person.id)
    assert ledger(money) == {"2019-08": "PAID 3000.00", "2019-09": "PAID 3000.00"}
    assert gone_out(money) == {"2019-08": ("6000.00", ["2019-07"]), "2019-09": ("3000.00", [])}
    answer = await world.entitlement(person.id, "2019-07")
    assert (answer["basis"], answer["payable"], answer["paid"]) == ("REINSTATED", True, True)
    document = "query($id: ID!) { node(id: $id) { ... on Reinstatement { lines { month amount paidWith } } } }"
    found = (await world.ask(document, {"id": case["id"]}))["node"]["lines"]
    assert found == [{"month": "2019-07", "amount": "3000.00", "paidWith": "2019-08"}]


async def test_months_before_the_ledger_are_paid_back_by_a_case_after_it_began(world: World) -> None:
    """Held in 07, before the ledger, and withheld in 08: both are claimed, at each month's own rate."""
    person = await suspended(world, passed=False)
    await world.payroll("2019-08")
    assert ledger(await world.money(person.id)) == {"2019-08": "WITHHELD SUSPENDED"}
    await world.at("2019-08-10").raised(person.serial, "2019-08", "3100.00")
    await stated(world, person, PASS, "2019-08-20")
    case = await asked(world, person)
    assert (case["months"], case["amount"]) == (["2019-07", "2019-08"], "6100.00")
    await approved(world, case, "2019-08-25")
    await world.payroll("2019-09", "2019-10")
    assert gone_out(await world.money(person.id)) == {
        "2019-08": ("0.00", []),
        "2019-09": ("9200.00", ["2019-07", "2019-08"]),
        "2019-10": ("3100.00", []),
    }
    assert codes(await world.request(person.id)) == ["NOTHING_TO_REINSTATE"]


async def test_only_months_in_which_a_suspension_held_are_claimed_before_the_ledger(world: World) -> None:
    """May and June were before the suspension: whoever paid them, no case does."""
    person = await suspended(world)
    assert (await asked(world, person, "2019-09-02"))["months"] == ["2019-07", "2019-08", "2019-09"]


# After the period ran out.


@pytest.mark.parametrize(
    ("day", "months", "resumes"),
    [
        ("2019-11-20", ["2019-06", "2019-07", "2019-08", "2019-09", "2019-10", "2019-11"], "2019-12"),
        ("2019-12-20", ["2019-06", "2019-07", "2019-08", "2019-09", "2019-10", "2019-11", "2019-12"], None),
        ("2020-01-20", ["2019-06", "2019-07", "2019-08", "2019-09", "2019-10", "2019-11", "2019-12"], None),
    ],
)
async def test_a_survivor_is_paid_back_through_the_period_however_late_the_approval(
    world: World, day: str, months: list[str], resumes: str | None
) -> None:
    """FAIL on 2019-05-20, PASS on 2019-06-20 (2019-06..2019-12): what the period reached, and nothing after it."""
    await world.units()
    await world.officers()
    id = await world.at("2019-05-05").enrol(certified_in="2019-05", category="SURVIVOR")
    person = Person(id, 1)
    await world.payroll("2019-05")
    await stated(world, person, DEATH | {"occurredOn": "2019-05-09"}, "2019-05-20")
    await world.payroll("2019-06")
    await stated(world, person, PASS, "2019-06-20")
    later = ["2019-07", "2019-08", "2019-09", "2019-10", "2019-11", "2019-12", "2020-01"]
    withheld = [month for month in later if f"{month}-08" <= day]
    await world.payroll(*withheld)
    case = await approved(world, await asked(world, person, day), day)
    assert (case["months"], case["resumesFrom"]) == (months, resumes)
    assert case["amount"] == f"{3000 * len(months)}.00"
    held = await world.person(id)
    assert (held["paymentStatus"], held["paidThrough"]) == ("SUSPENDED", "2019-12")

    following = {"2019-11": "2019-12", "2019-12": "2020-01", "2020-01": "2020-02"}[day[:7]]
    await world.payroll(following)
    money = await world.money(id)
    own = "3000.00" if resumes else "0.00"
    assert ledger(money)[following] == ("PAID 3000.00" if resumes else "WITHHELD LAPSED")
    total = f"{3000 * len(months) + (3000 if resumes else 0)}.00"
    assert (money["payments"][-1]["amount"], money["payments"][-1]["total"]) == (own, total)
    assert money["payments"][-1]["backPayFor"] == months
    assert money["paymentStatus"] == ("PAYING" if resumes else "LAPSED")


# After the end.


async def test_an_open_case_pays_only_what_was_withheld_before_the_event(world: World) -> None:
    """Died on 2019-08-15, learnt in October: 07 and 08 were owed, 09 and 10 were not; nothing resumes."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-10-12")
    assert case["months"] == ALL_OF_IT
    await ended(world.at("2019-10-14"), person, "2019-08-15")
    shown = (await world.money(person.id))["reinstatement"]
    assert (shown["status"], shown["months"], shown["amount"]) == ("SUBMITTED", ["2019-07", "2019-08"], "6000.00")
    case = await approved(world, case, "2019-10-20")
    assert (case["months"], case["amount"], case["resumesFrom"]) == (["2019-07", "2019-08"], "6000.00", None)
    await world.payroll("2019-11", "2019-12")
    money = await world.money(person.id)
    assert {m: out for m, out in gone_out(money).items() if out[0] != "0.00"} == {
        "2019-06": ("3000.00", []),
        "2019-11": ("6000.00", ["2019-07", "2019-08"]),
    }
    assert (ledger(money)["2019-11"], money["paymentStatus"]) == ("WITHHELD TERMINATED", "TERMINATED")
    assert money["overpayment"] is None
    assert named(await world.request(person.id)) == [("ALREADY_TERMINATED", "input.beneficiaryId")]


async def test_a_fail_that_the_termination_settles_stands_in_no_ones_way(world: World) -> None:
    """A FAIL of 2019-10-14 alone would ask for a PASS; the end, with its own event, says what was owed."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-10-12")
    await stated(world, person, DEATH, "2019-10-14")
    assert named(await world.review(case["id"])) == [("PASS_REQUIRED_FIRST", "input.reinstatementId")]
    await ended(world.at("2019-10-16"), person, "2019-10-13")
    case = await approved(world, case, "2019-10-20")
    assert (case["months"], case["amount"]) == (ALL_OF_IT, "12000.00")
    await world.payroll("2019-11")
    assert gone_out(await world.money(person.id))["2019-11"] == ("12000.00", ALL_OF_IT)


async def test_time_in_prison_stays_unpaid_after_the_end(world: World) -> None:
    """07 and 08 were served: of a case that is open at the end, 09 and 10 are paid."""
    person = await passed_on_10_september(world, PRISON)
    case = await asked(world, person, "2019-10-12")
    await ended(world.at("2019-10-14"), person, "2019-10-13")
    case = await approved(world, case, "2019-10-20")
    assert (case["months"], case["amount"]) == (["2019-09", "2019-10"], "6000.00")
    await world.payroll("2019-11")
    assert gone_out(await world.money(person.id))["2019-11"] == ("6000.00", ["2019-09", "2019-10"])


async def test_an_end_in_the_month_of_the_approval_holds_no_back_pay(world: World) -> None:
    """Died on 2019-11-05: withheld through 11, still suspended then, paid back with 12 to whoever inherits."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-11-02")
    await ended(world.at("2019-11-06"), person, "2019-11-05")
    case = await approved(world, case, "2019-11-07")
    assert (case["months"], case["amount"], case["resumesFrom"]) == ([*ALL_OF_IT, "2019-11"], "15000.00", None)
    await world.payroll("2019-11", "2019-12")
    money = await world.money(person.id)
    assert (ledger(money)["2019-11"], ledger(money)["2019-12"]) == ("WITHHELD SUSPENDED", "WITHHELD TERMINATED")
    assert gone_out(money)["2019-12"] == ("15000.00", [*ALL_OF_IT, "2019-11"])


# Who takes a case back.


async def test_a_unit_withdraws_what_accounts_of_the_unit_submitted_and_no_more(world: World) -> None:
    """An officer's case about the unit's own person is seen by the unit, and stays the officer's."""
    person = await suspended(world)
    second = await account(world, f"{SCHOOL}/2", "UNIT", unit_si_number=SCHOOL)
    case = await asked(world, person, as_=CHIEF)
    before = await saved(world)
    document = "mutation($i: WithdrawReinstatementInput!) { withdrawReinstatement(input: $i) { userErrors { code } } }"
    for who in (SCHOOL, second, OFFICER):
        [error] = await world.errors(document, {"i": {"reinstatementId": case["id"]}}, as_=who)
        assert error["extensions"]["code"] == "FORBIDDEN"
    assert await saved(world) == before
    assert codes(await withdraw(world, case["id"], as_=CHIEF)) == []
    own = await asked(world, person)
    for who in (OFFICER, CHIEF):
        [error] = await world.errors(document, {"i": {"reinstatementId": own["id"]}}, as_=who)
        assert error["extensions"]["code"] == "FORBIDDEN"
    answer = await withdraw(world, own["id"], as_=second)
    assert (answer["reinstatement"]["status"], answer["reinstatement"]["reviewedBy"]) == ("WITHDRAWN", second)
