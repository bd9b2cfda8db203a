"""Settlements belong to months, the oldest first: what they settle, and what is to be given back. Rules 5.7."""

from __future__ import annotations

from typing import Any

from tests.api.money import CHIEF, PASS, PRISON, approved, asked, codes, ended, named, overpaid, settle, stated
from tests.api.scenes import Person, enrolled
from tests.world import OFFICER, World

MARCH_DEATH = {"survivalStatus": "DECEASED", "occurredOn": "2019-03-15"}
CLAIM = """
query($id: ID!) { node(id: $id) { ... on Beneficiary { overpayment {
  amount settled outstanding refundDue months { month amount settled } } } } }
"""


async def claim(world: World, person: Person) -> Any:
    return (await world.ask(CLAIM, {"id": person.node}))["node"]["overpayment"]


def figures(found: Any) -> tuple[str, str, str, str]:
    """Amount, settled, outstanding and to be refunded."""
    return found["amount"], found["settled"], found["outstanding"], found["refundDue"]


def months(found: Any) -> list[tuple[str, str]]:
    """What of each month is settled."""
    return [(month["month"], month["settled"]) for month in found["months"]]


async def failed_in_june(world: World) -> Person:
    """Paid 3000.00 from 2019-04 through 2019-06; FAIL on 2019-06-20: died 2019-03-15, 9000.00 to recover."""
    await world.units()
    await world.officers(OFFICER, CHIEF)
    [person] = await enrolled(world.at("2019-01-05"))
    await world.payroll("2019-04", "2019-05", "2019-06")
    await stated(world, person, MARCH_DEATH, "2019-06-20")
    return person


async def test_settlements_fill_the_months_from_the_oldest_on(world: World) -> None:
    """4000.00, then 2500.00, then the rest of 9000.00."""
    [person] = await overpaid(world)
    assert months(await claim(world, person)) == [("2019-04", "0.00"), ("2019-05", "0.00"), ("2019-06", "0.00")]
    await settle(world, person, "INSTALMENT", "4000.00")
    assert months(await claim(world, person)) == [("2019-04", "3000.00"), ("2019-05", "1000.00"), ("2019-06", "0.00")]
    await settle(world, person, "WAIVED", "2500.00", reason="家庭困难")
    assert months(await claim(world, person)) == [
        ("2019-04", "3000.00"), ("2019-05", "3000.00"), ("2019-06", "500.00"),
    ]  # fmt: skip
    await settle(world, person, "PAID_BACK", "2500.00")
    found = await claim(world, person)
    assert months(found) == [(month, "3000.00") for month in ("2019-04", "2019-05", "2019-06")]
    assert figures(found) == ("9000.00", "9000.00", "0.00", "0.00")


async def test_what_only_a_fail_says_is_not_waived(world: World) -> None:
    """It may turn out to be owed, or to be another claim: a waiver settles no later one. It waits for the end."""
    person = await failed_in_june(world)
    refused = await settle(world, person, "WAIVED", "9000.00", reason="家庭困难")
    assert named(refused) == [("NOTHING_OWED", "input.beneficiaryId")]
    assert "尚未查实" in refused["userErrors"][0]["message"]
    assert figures(await claim(world, person)) == ("9000.00", "0.00", "9000.00", "0.00")
    await ended(world.at("2019-06-25"), person, "2019-04-20")
    assert codes(await settle(world, person, "WAIVED", "6000.00", reason="家庭困难")) == []
    assert figures(await claim(world, person)) == ("6000.00", "6000.00", "0.00", "0.00")


async def test_a_waiver_of_time_in_prison_settles_no_later_claim(world: World) -> None:
    """04 and 05 were served and are waived; a death in June, learnt in September, is owed whole."""
    await world.units()
    await world.officers(OFFICER, CHIEF)
    [person] = await enrolled(world.at("2019-01-05"))
    await world.payroll("2019-04", "2019-05")
    await stated(world, person, PRISON | {"occurredOn": "2019-03-15"}, "2019-05-20")
    await world.payroll("2019-06")
    await stated(world, person, PASS, "2019-06-10")
    assert codes(await settle(world, person, "WAIVED", "6000.00", reason="家庭困难")) == []
    case = await asked(world, person, "2019-06-12")
    await approved(world, case, "2019-06-20")
    await world.payroll("2019-07", "2019-08", "2019-09")
    await ended(world.at("2019-09-20"), person, "2019-06-15")
    found = await claim(world, person)
    assert figures(found) == ("15000.00", "6000.00", "9000.00", "0.00")
    assert named(await settle(world, person, "PAID_BACK", "8999.99")) == [("INVALID_AMOUNT", "input.amount")]
    assert codes(await settle(world, person, "PAID_BACK", "9000.00")) == []
    assert figures(await claim(world, person)) == ("15000.00", "15000.00", "0.00", "0.00")


async def test_money_collected_for_months_that_were_owed_is_due_back(world: World) -> None:
    """Died in April, not in March: of 5000.00 collected, 3000.00 were for April, which was owed."""
    person = await failed_in_june(world)
    assert codes(await settle(world, person, "INSTALMENT", "5000.00")) == []
    await ended(world.at("2019-06-25"), person, "2019-04-20")
    found = await claim(world, person)
    assert figures(found) == ("6000.00", "2000.00", "4000.00", "3000.00")
    assert months(found) == [("2019-05", "2000.00"), ("2019-06", "0.00")]
    assert codes(await settle(world, person, "PAID_BACK", "4000.00")) == []
    assert figures(await claim(world, person)) == ("6000.00", "6000.00", "0.00", "3000.00")


async def test_all_that_was_collected_is_due_back_when_nobody_had_died(world: World) -> None:
    """Paid back 9000.00 for a FAIL that a PASS withdrew; what was paid is in nobody's list of what is outstanding."""
    person = await failed_in_june(world)
    await settle(world, person, "INSTALMENT", "1000.00")
    await settle(world, person, "PAID_BACK", "8000.00")
    assert figures(await claim(world, person)) == ("9000.00", "9000.00", "0.00", "0.00")
    await stated(world, person, PASS, "2019-06-28")
    assert figures(await claim(world, person)) == ("0.00", "0.00", "0.00", "9000.00")
    document = "query($o: Boolean!) { overpayments(outstanding: $o) { totalCount edges { node { refundDue } } } }"
    shown = [(await world.ask(document, {"o": o}, as_=OFFICER))["overpayments"] for o in (True, False)]
    assert shown == [
        {"totalCount": 0, "edges": []},
        {"totalCount": 1, "edges": [{"node": {"refundDue": "9000.00"}}]},
    ]


async def test_money_collected_for_a_month_settles_that_month_when_it_was_not_owed_after_all(world: World) -> None:
    """Collected for June in June, due back after the PASS; died in May, as is learnt in July: June is settled."""
    person = await failed_in_june(world)
    await settle(world, person, "PAID_BACK", "9000.00")
    await stated(world, person, PASS, "2019-06-28")
    assert figures(await claim(world, person)) == ("0.00", "0.00", "0.00", "9000.00")
    await world.payroll("2019-07")
    await ended(world.at("2019-07-20"), person, "2019-05-15")
    found = await claim(world, person)
    assert figures(found) == ("6000.00", "3000.00", "3000.00", "6000.00")
    assert months(found) == [("2019-06", "3000.00"), ("2019-07", "0.00")]


async def test_a_settlement_reaches_no_month_that_is_settled(world: World) -> None:
    """After a part is withdrawn the next settlement goes on with the oldest month that is left."""
    person = await failed_in_june(world)
    await settle(world, person, "INSTALMENT", "4000.00")  # April, and 1000.00 of May
    await ended(world.at("2019-06-25"), person, "2019-04-20")
    answer = await settle(world, person, "INSTALMENT", "2500.00")
    assert answer["overpayment"]["outstanding"] == "2500.00"
    found = await claim(world, person)
    assert months(found) == [("2019-05", "3000.00"), ("2019-06", "500.00")]
    assert figures(found) == ("6000.00", "3500.00", "2500.00", "3000.00")


# Given back.


async def collected_in_vain(world: World) -> Person:
    """9000.00 collected in June for 04 to 06; the PASS of 28 June shows that all of it was owed."""
    person = await failed_in_june(world)
    await settle(world, person, "PAID_BACK", "9000.00")
    await stated(world, person, PASS, "2019-06-28")
    return person


async def test_what_was_given_back_is_recorded_and_due_no_more(world: World) -> None:
    """In parts, the oldest month first; the ledger is as before, and the list of settlements tells it all."""
    person = await collected_in_vain(world)
    before = (await world.money(person.id))["payments"]
    answer = await settle(world.at("2019-07-01"), person, "REFUNDED", "4000.00", reason="多收退还")
    assert codes(answer) == []
    assert figures(await claim(world, person)) == ("0.00", "0.00", "0.00", "5000.00")
    assert codes(await settle(world, person, "REFUNDED", "5000.00")) == []
    assert figures(await claim(world, person)) == ("0.00", "0.00", "0.00", "0.00")
    assert (await world.money(person.id))["payments"] == before
    document = (
        "query($id: ID!) { node(id: $id) { ... on Beneficiary { overpayment { settlements { kind amount } } } } }"
    )
    found = (await world.ask(document, {"id": person.node}, as_=OFFICER))["node"]["overpayment"]["settlements"]
    assert [(one["kind"], one["amount"]) for one in found] == [
        ("PAID_BACK", "9000.00"), ("REFUNDED", "4000.00"), ("REFUNDED", "5000.00"),
    ]  # fmt: skip


async def test_no_more_is_given_back_than_is_due(world: World) -> None:
    """Nor anything where nothing is: neither was collected in vain, or all of it was given back."""
    person = await collected_in_vain(world)
    for amount in ("9000.01", "0.00"):
        refused = await settle(world, person, "REFUNDED", amount)
        assert named(refused) == [("INVALID_AMOUNT", "input.amount")]
    assert refused["userErrors"][0]["message"] == "金额须大于零且不超过应退还的9000.00元。"
    await settle(world, person, "REFUNDED", "9000.00")
    refused = await settle(world, person, "REFUNDED", "0.01")
    assert named(refused) == [("NOTHING_OWED", "input.beneficiaryId")]
    assert refused["userErrors"][0]["message"] == "该人员没有应退还的款项。"


async def test_only_what_was_collected_for_owed_months_is_given_back(world: World) -> None:
    """Died in April, not in March: of 5000.00 collected, 3000.00 were for April, and 2000.00 stay with May."""
    person = await failed_in_june(world)
    await settle(world, person, "INSTALMENT", "5000.00")
    await ended(world.at("2019-06-25"), person, "2019-04-20")
    assert named(await settle(world, person, "REFUNDED", "3000.01")) == [("INVALID_AMOUNT", "input.amount")]
    assert codes(await settle(world, person, "REFUNDED", "3000.00")) == []
    assert figures(await claim(world, person)) == ("6000.00", "2000.00", "4000.00", "0.00")


async def test_a_month_that_was_given_back_is_recovered_again_when_it_was_not_owed_after_all(world: World) -> None:
    """Given back in June; died in May, as is learnt in July: June and July are outstanding, whole."""
    person = await collected_in_vain(world)
    await settle(world, person, "REFUNDED", "9000.00")
    await world.payroll("2019-07")
    await ended(world.at("2019-07-20"), person, "2019-05-15")
    found = await claim(world, person)
    assert figures(found) == ("6000.00", "0.00", "6000.00", "0.00")
    assert months(found) == [("2019-06", "0.00"), ("2019-07", "0.00")]
    assert codes(await settle(world, person, "PAID_BACK", "6000.00")) == []
    assert figures(await claim(world, person)) == ("6000.00", "6000.00", "0.00", "0.00")
