"""What was paid for months in which nothing was owed: listed, settled by records, the ledger unchanged. Rules 5.7."""

from __future__ import annotations

import asyncio
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
    failed_on_20_june,
    ledger,
    named,
    overpaid,
    overpayments,
    passed_on_10_september,
    settle,
    stated,
)
from tests.api.scenes import Person, account, enrolled, saved
from tests.audit.trail import entries, newest
from tests.world import OFFICER, World, id_number

THREE = [{"month": month, "amount": "3000.00", "established": True} for month in ("2019-04", "2019-05", "2019-06")]


def ids(page: Any) -> list[str]:
    return [edge["node"]["beneficiary"]["id"] for edge in page["edges"]]


async def owed(world: World, person: Person) -> Any:
    """The person's own overpayment in figures: amount, settled and outstanding."""
    found = (await world.money(person.id))["overpayment"]
    return found and (found["amount"], found["settled"], found["outstanding"])


async def test_an_event_learnt_late_is_listed_month_by_month(world: World) -> None:
    """Died 2019-03-15, terminated on 2019-06-20: paid months after the event month, with amount (rules 5.7, 7.11)."""
    [person] = await overpaid(world)
    [edge] = (await overpayments(world))["edges"]
    assert edge["node"] == {
        "amount": "9000.00",
        "settled": "0.00",
        "outstanding": "9000.00",
        "months": THREE,
        "beneficiary": {"id": person.node},
        "settlements": [],
    }
    assert (await world.money(person.id))["overpayment"]["months"] == THREE


async def test_whoever_was_paid_what_was_owed_has_no_overpayment(world: World) -> None:
    """Null, and not on the list, settled or not: an event of this month, a lapse, a month withheld."""
    await world.units()
    await world.officers()
    first, second = await enrolled(world.at("2019-06-01"), 2)
    await world.payroll("2019-06")
    await ended(world.at("2019-06-20"), first, "2019-06-20")
    await stated(world, second, DEATH)
    await world.payroll("2019-07")
    assert [(await world.money(p.id))["overpayment"] for p in (first, second)] == [None, None]
    for outstanding in (True, False):
        page = await overpayments(world, outstanding=outstanding)
        assert (page["edges"], page["totalCount"]) == ([], 0)


async def test_what_was_paid_for_a_lost_month_counts_whole(world: World) -> None:
    """Own amount, adjustments and all."""
    await world.units()
    await world.officers()
    [person] = await enrolled(world.at("2019-01-05"))
    await world.payroll("2019-04", "2019-05")
    await world.at("2019-05-15").raised(person.serial, "2019-04", "3100.50")
    await world.payroll("2019-06")
    await ended(world.at("2019-06-20"), person, "2019-03-15")
    assert (await world.money(person.id))["overpayment"]["months"] == [
        {"month": "2019-04", "amount": "3100.50", "established": True},
        {"month": "2019-05", "amount": "3100.50", "established": True},
        {"month": "2019-06", "amount": "3100.50", "established": True},
    ]


async def test_it_is_settled_by_instalments_and_the_rest_paid_back(world: World) -> None:
    """Settled by records, never by rewriting the ledger (rules 5.7)."""
    [person] = await overpaid(world)
    before = (await world.money(person.id))["payments"]
    first = (await settle(world.at("2019-07-01"), person, "INSTALMENT", "1000.00"))["overpayment"]
    assert (first["settled"], first["outstanding"]) == ("1000.00", "8000.00")
    second = await settle(world.at("2019-08-01"), person, "INSTALMENT", "0.01", reason=" 零头 ", as_=CHIEF)
    assert second["overpayment"]["outstanding"] == "7999.99"
    for amount in ("8000.00", "7999.98"):
        assert named(await settle(world, person, "PAID_BACK", amount)) == [("INVALID_AMOUNT", "input.amount")]
    last = (await settle(world.at("2019-09-01"), person, "PAID_BACK", "7999.99"))["overpayment"]
    assert (last["amount"], last["settled"], last["outstanding"]) == ("9000.00", "9000.00", "0.00")
    kinds = [(s["kind"], s["amount"], s["settledOn"], s["settledBy"]) for s in last["settlements"]]
    assert kinds == [
        ("INSTALMENT", "1000.00", "2019-07-01", OFFICER),
        ("INSTALMENT", "0.01", "2019-08-01", CHIEF),
        ("PAID_BACK", "7999.99", "2019-09-01", OFFICER),
    ]
    assert last["months"] == THREE
    assert (await world.money(person.id))["payments"] == before
    assert codes(await settle(world, person, "INSTALMENT", "0.01")) == ["NOTHING_OWED"]


async def test_no_officer_settles_what_they_owe_themself(world: World) -> None:
    """Least of all by a waiver; a colleague does."""
    [person] = await overpaid(world)
    whose = {"district": "市南区", "id_number": id_number(person.serial)}
    await account(world, "officer-herself", "OFFICER", **whose)
    before, since = await saved(world), await newest(world)
    for kind in ("WAIVED", "PAID_BACK", "INSTALMENT"):
        answer = await settle(world, person, kind, "9000.00", reason="家庭困难", as_="officer-herself")
        assert named(answer) == [("OWN_CASE", "input.beneficiaryId")]
    assert await saved(world) == before
    told = [entry.body for entry in await entries(world, since)]
    assert told == [{"codes": ["OWN_CASE"], "facts": {"act": "settleOverpayment"}}] * 3
    assert codes(await settle(world, person, "WAIVED", "9000.00", reason="家庭困难", as_=CHIEF)) == []


async def test_it_is_waived_in_part_or_whole_for_a_reason(world: World) -> None:
    """WAIVED needs a reason, and one can read it."""
    [person] = await overpaid(world)
    for reason in (None, "", " \u3000"):
        answer = await settle(world, person, "WAIVED", "4000.00", reason=reason)
        assert named(answer) == [("REASON_REQUIRED", "input.reason")]
    part = (await settle(world, person, "WAIVED", "4000.00", reason="家庭困难"))["overpayment"]
    assert part["settlements"] == [
        {"kind": "WAIVED", "amount": "4000.00", "reason": "家庭困难", "settledOn": "2019-06-20", "settledBy": OFFICER}
    ]
    assert named(await settle(world, person, "WAIVED", "5000.01", reason="家庭困难")) == [
        ("INVALID_AMOUNT", "input.amount")
    ]
    rest = (await settle(world, person, "WAIVED", "5000.00", reason="家庭困难"))["overpayment"]
    assert (rest["settled"], rest["outstanding"]) == ("9000.00", "0.00")


async def test_the_words_of_a_wrong_amount_name_the_rest(world: World) -> None:
    """What is outstanding, in yuan with two places."""
    [person] = await overpaid(world)
    await settle(world, person, "INSTALMENT", "1000.00")
    [error] = (await settle(world, person, "INSTALMENT", "8000.01"))["userErrors"]
    assert "8000.00元" in error["message"]


@pytest.mark.parametrize("amount", ["-1.00", "1.001", "1e3", "NaN", "", "一千", "10000000000000.00"])
async def test_an_amount_that_is_none_never_reaches_the_rules(world: World, amount: str) -> None:
    """A string in yuan with two places at most; anything else is a mistake of the client."""
    [person] = await overpaid(world)
    document = "mutation($i: SettleOverpaymentInput!) { settleOverpayment(input: $i) { userErrors { code } } }"
    given = {"beneficiaryId": person.node, "kind": "INSTALMENT", "amount": amount}
    [error] = await world.errors(document, {"i": given}, as_=OFFICER)
    assert error["extensions"]["code"] != "INTERNAL"
    assert await owed(world, person) == ("9000.00", "0.00", "9000.00")


async def test_of_two_settlements_at_the_same_moment_no_more_than_the_rest_is_settled(world: World) -> None:
    """One after another: the second finds what the first has left."""
    [person] = await overpaid(world)
    answers = await asyncio.gather(
        *(settle(world, person, "INSTALMENT", "4000.00", as_=as_) for as_ in (OFFICER, CHIEF, OFFICER))
    )
    assert sorted(code for answer in answers for code in codes(answer)) == ["INVALID_AMOUNT"]
    assert await owed(world, person) == ("9000.00", "8000.00", "1000.00")


async def test_the_list_shows_what_is_outstanding_or_all(world: World) -> None:
    """Only where something is still to recover, unless asked; the total is that of the list."""
    first, second, third = await overpaid(world, 3)
    await settle(world, first, "PAID_BACK", "9000.00")
    await settle(world, second, "INSTALMENT", "8999.99")
    page = await overpayments(world)
    assert (ids(page), page["totalCount"]) == ([second.node, third.node], 2)
    assert [edge["node"]["outstanding"] for edge in page["edges"]] == ["0.01", "9000.00"]
    whole = await overpayments(world, outstanding=False)
    assert (ids(whole), whole["totalCount"]) == ([first.node, second.node, third.node], 3)
    assert whole["edges"][0]["node"]["outstanding"] == "0.00"


async def test_the_list_is_paged_without_skip_or_repeat(world: World) -> None:
    """Relay pages; what is settled meanwhile skips nobody."""
    people = await overpaid(world, 5)
    first = await overpayments(world, first=2)
    assert (ids(first), first["totalCount"]) == ([people[0].node, people[1].node], 5)
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    assert first["pageInfo"]["endCursor"] == first["edges"][1]["cursor"]
    await settle(world, people[0], "PAID_BACK", "9000.00")
    second = await overpayments(world, first=2, after=first["pageInfo"]["endCursor"])
    assert (ids(second), second["totalCount"]) == ([people[2].node, people[3].node], 4)
    last = await overpayments(world, first=2, after=second["pageInfo"]["endCursor"])
    assert (ids(last), last["pageInfo"]["hasNextPage"]) == ([people[4].node], False)


async def test_a_fail_supposes_an_overpayment_and_a_pass_takes_it_back(world: World) -> None:
    """Provisional as long as only a FAIL that still stands says so: the dead and missing were neither, by a PASS."""
    await world.units()
    await world.officers()
    [person] = await enrolled(world.at("2019-01-05"))
    await world.payroll("2019-04", "2019-05", "2019-06")
    await stated(world, person, DEATH | {"occurredOn": "2019-03-15"}, "2019-06-20")
    assert (await world.money(person.id))["overpayment"]["months"] == [{**m, "established": False} for m in THREE]
    assert ids(await overpayments(world)) == [person.node]
    await stated(world, person, PASS, "2019-07-02")
    assert (await world.money(person.id))["overpayment"] is None
    page = await overpayments(world, outstanding=False)
    assert (page["edges"], page["totalCount"]) == ([], 0)
    assert codes(await settle(world, person, "INSTALMENT", "1.00")) == ["NOTHING_OWED"]


async def test_a_termination_establishes_what_a_fail_supposed(world: World) -> None:
    """The end of the benefit settles it, by the day of its own event."""
    await world.units()
    await world.officers()
    [person] = await enrolled(world.at("2019-01-05"))
    await world.payroll("2019-04", "2019-05", "2019-06")
    await stated(world, person, {"survivalStatus": "MISSING", "occurredOn": "2019-03-15"}, "2019-06-20")
    await ended(world.at("2019-06-25"), person, "2019-04-15")
    assert (await world.money(person.id))["overpayment"]["months"] == THREE[1:]


async def test_time_in_prison_is_established_by_the_pass_that_ends_it(world: World) -> None:
    """Served and paid: to recover after the release too, up to the month before the PASS."""
    await world.units()
    await world.officers()
    [person] = await enrolled(world.at("2019-01-05"))
    await world.payroll("2019-04", "2019-05", "2019-06")
    await stated(world, person, PRISON | {"occurredOn": "2019-03-15"}, "2019-06-20")
    assert [m["established"] for m in (await world.money(person.id))["overpayment"]["months"]] == [False] * 3
    await world.payroll("2019-07", "2019-08")
    await stated(world, person, PASS, "2019-09-10")
    assert (await world.money(person.id))["overpayment"] == {
        "amount": "9000.00",
        "settled": "0.00",
        "outstanding": "9000.00",
        "months": THREE,
    }
    assert codes(await settle(world, person, "PAID_BACK", "9000.00")) == []
    page = await overpayments(world, outstanding=False)
    assert page["edges"][0]["node"]["outstanding"] == "0.00"


async def test_time_in_prison_is_established_by_a_termination_too(world: World) -> None:
    """No PASS can follow any more, and time in prison was real: nothing about it is provisional."""
    await world.units()
    await world.officers()
    [person] = await enrolled(world.at("2019-01-05"))
    await world.payroll("2019-04", "2019-05", "2019-06")
    await stated(world, person, PRISON | {"occurredOn": "2019-03-15"}, "2019-06-20")
    await ended(world.at("2019-06-25"), person, "2019-06-22")
    assert (await world.money(person.id))["overpayment"]["months"] == THREE


async def test_a_prison_told_by_mistake_leaves_nothing_to_recover(world: World) -> None:
    """Corrected in its own month: nobody was in prison."""
    await world.units()
    await world.officers()
    [person] = await enrolled(world.at("2019-01-05"))
    await world.payroll("2019-04", "2019-05", "2019-06")
    await stated(world, person, PRISON | {"occurredOn": "2019-03-15"}, "2019-06-20")
    await stated(world, person, PASS, "2019-06-28")
    assert (await world.money(person.id))["overpayment"] is None


async def test_money_settled_for_what_turned_out_to_be_owed_is_not_lost_from_sight(world: World) -> None:
    """An instalment taken after a FAIL that a PASS withdrew: the node shows it, and so does the list of all."""
    await world.units()
    await world.officers()
    [person] = await enrolled(world.at("2019-01-05"))
    await world.payroll("2019-04", "2019-05", "2019-06")
    await stated(world, person, DEATH | {"occurredOn": "2019-03-15"}, "2019-06-20")
    assert codes(await settle(world, person, "INSTALMENT", "1000.00")) == []
    await stated(world, person, PASS, "2019-07-02")
    assert await owed(world, person) == ("0.00", "0.00", "0.00")
    refund = "query Due($id: ID!) { node(id: $id) { ... on Beneficiary { overpayment { refundDue } } } }"
    found = await world.ask(refund, {"id": person.node})
    assert found["node"]["overpayment"] == {"refundDue": "1000.00"}
    assert ids(await overpayments(world)) == []
    page = await overpayments(world, outstanding=False)
    assert (ids(page), page["totalCount"]) == ([person.node], 1)


async def test_the_ledger_of_an_overpaid_person_stays_as_it_was(world: World) -> None:
    """Every month still reads PAID, and later ones are withheld."""
    [person] = await overpaid(world)
    await settle(world, person, "PAID_BACK", "9000.00")
    await world.payroll("2019-07")
    assert ledger(await world.money(person.id)) == {
        **dict.fromkeys(("2019-02", "2019-03", "2019-04", "2019-05", "2019-06"), "PAID 3000.00"),
        "2019-07": "WITHHELD TERMINATED",
    }


async def test_back_pay_for_months_after_the_event_is_overpaid_too(world: World) -> None:
    """Paid back with 2019-11 for 07 to 10; died in August, as was learnt in November: 09, 10 and 11 are to recover."""
    person = await passed_on_10_september(world)
    await approved(world, await asked(world, person, "2019-10-12"), "2019-10-20")
    await world.payroll("2019-11")
    kept = (await world.money(person.id))["payments"]
    await ended(world.at("2019-11-20"), person, "2019-08-15")
    money = await world.money(person.id)
    months = [(month["month"], month["amount"]) for month in money["overpayment"]["months"]]
    assert months == [("2019-09", "3000.00"), ("2019-10", "3000.00"), ("2019-11", "3000.00")]
    assert money["payments"] == kept
    answers = [await world.entitlement(person.id, month) for month in ("2019-08", "2019-09")]
    assert [(a["basis"], a["payable"], a["paid"]) for a in answers] == [
        ("REINSTATED", True, True),
        ("TERMINATED", False, True),
    ]


async def test_a_fail_of_this_month_leaves_what_this_month_was_paid(world: World) -> None:
    """Died 06-10, FAIL on 06-20: June was owed; nothing was paid too much."""
    person = await failed_on_20_june(world)
    assert (await world.money(person.id))["overpayment"] is None
