"""What was known on a day: the same month asked `asOf` several days, and held against the ledger."""

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
    ended,
    ledger,
    passed_on_10_september,
    stated,
    withdraw,
)
from tests.api.scenes import Person, enrolled, qualified
from tests.world import World

Said = tuple[str, bool, bool, str | None, list[tuple[str, str | None]]]


def said(answer: Any) -> Said:
    levers = [(change["lever"], change["by"]) for change in answer["changes"]]
    return answer["basis"], answer["payable"], answer["paid"], answer["amount"], levers


async def case_16(world: World) -> Person:
    """Case 8 with the raise of case 16, payrolls through 2019-11: every kind of knowledge comes in turn."""
    person = await passed_on_10_september(world)
    case = await asked(world, person, "2019-10-12")
    await world.at("2019-10-15").raised(person.serial, "2019-08", "3100.00")
    await approved(world, case, "2019-10-20")
    await world.payroll("2019-11")
    return person


STORY: list[tuple[str, Said]] = [
    ("2005-01-01", ("UNKNOWN", False, False, None, [])),
    ("2019-05-31", ("UNKNOWN", False, False, None, [])),
    ("2019-06-01", ("COVERED", True, False, "3000.00", [("FAIL", "2019-07-31"), ("TERMINATION", None)])),
    ("2019-06-19", ("COVERED", True, False, "3000.00", [("FAIL", "2019-07-31"), ("TERMINATION", None)])),
    ("2019-07-08", ("SUSPENDED", False, False, None, [("PASS_AND_CASE", "2019-07-31")])),
    ("2019-08-08", ("SUSPENDED", False, False, None, [("PASS_AND_CASE", None)])),
    ("2019-09-09", ("SUSPENDED", False, False, None, [("PASS_AND_CASE", None)])),
    ("2019-09-10", ("SUSPENDED", False, False, None, [("CASE", None)])),
    ("2019-10-11", ("SUSPENDED", False, False, None, [("CASE", None)])),
    ("2019-10-12", ("SUSPENDED", False, False, None, [("REVIEW", None)])),
    ("2019-10-19", ("SUSPENDED", False, False, None, [("REVIEW", None)])),
    ("2019-10-20", ("REINSTATED", True, False, "3100.00", [("NEXT_PAYROLL", None)])),
    ("2019-11-07", ("REINSTATED", True, False, "3100.00", [("NEXT_PAYROLL", None)])),
    ("2019-11-08", ("REINSTATED", True, True, "3100.00", [("OVERPAYMENT", None)])),
]


async def test_the_same_month_as_known_on_several_days(world: World) -> None:
    """2019-08 of case 16: before the enrolment, the FAIL, the PASS, the case, its approval and the payroll."""
    person = await case_16(world)
    for day, expected in STORY:
        assert (day, said(await world.entitlement(person.id, "2019-08", day))) == (day, expected)
    assert await world.entitlement(person.id, "2019-08", "2019-11-08") == await world.entitlement(person.id, "2019-08")


async def test_the_answer_of_a_day_stays_the_answer_of_that_day(world: World) -> None:
    """Asked on the day, and asked later as of that day: the same words, facts, ids and changes."""
    [person] = await qualified(world)
    await world.officers()
    months = ("2019-05", "2019-06", "2019-07", "2019-08", "2020-06")
    kept: dict[str, list[Any]] = {}

    async def keep() -> None:
        day = str(world.clock.instant.date())
        kept[day] = [await world.entitlement(person.id, month) for month in months]

    await keep()
    await world.payroll("2019-06")
    await keep()
    await stated(world, person, DEATH, "2019-06-20")
    await keep()
    await world.payroll("2019-07")
    await keep()
    await stated(world, person, PASS, "2019-07-10")
    await keep()
    case = await asked(world, person, "2019-07-11")
    await keep()
    await withdraw(world.at("2019-07-12"), case["id"])
    await keep()
    case = await asked(world, person, "2019-07-13")
    await approved(world, case, "2019-07-14")
    await keep()
    await world.at("2019-07-15").raised(person.serial, "2019-07", "3100.00")
    await keep()
    await world.payroll("2019-08")
    await keep()
    await ended(world.at("2019-08-20"), person, "2019-05-15")
    await keep()
    world.at("2019-10-01")
    assert len(kept) == 11
    for day, answers in kept.items():
        for month, answer in zip(months, answers, strict=True):
            assert (day, await world.entitlement(person.id, month, day)) == (day, answer)


async def test_a_raise_is_known_from_the_day_of_its_import(world: World) -> None:
    """Rates are held with the time at which they were known: 3000.00 the day before, 3100.00 from that day on."""
    [person] = await qualified(world)
    await world.at("2019-10-15").raised(person.serial, "2019-08", "3100.00")
    asked_of = {day: await world.entitlement(person.id, "2019-09", day) for day in ("2019-10-14", "2019-10-15")}
    assert {day: answer["amount"] for day, answer in asked_of.items()} == {
        "2019-10-14": "3000.00",
        "2019-10-15": "3100.00",
    }
    rates = {day: [f["text"] for f in answer["facts"] if f["kind"] == "RATE"] for day, answer in asked_of.items()}
    assert rates == {"2019-10-14": ["自2005年1月起月标准3000.00元。"], "2019-10-15": ["自2019年8月起月标准3100.00元。"]}
    assert (await world.entitlement(person.id, "2019-07", "2019-10-15"))["amount"] == "3000.00"


async def test_before_the_enrolment_nobody_knows_the_person(world: World) -> None:
    """UNKNOWN in words, without a fact."""
    await world.units()
    id = await world.at("2019-06-05").enrol()
    answer = await world.entitlement(id, "2019-06", "2019-06-04")
    assert (answer["reason"], answer["clause"], answer["facts"]) == ("当时本系统尚未登记该人员。", "二", [])
    assert (await world.entitlement(id, "2019-06", "2019-06-05"))["basis"] == "COVERED"


async def test_the_end_of_the_day_counts_whatever_its_hour(world: World) -> None:
    """As was known at the end of the day in Shanghai: 23:00 is that day still, in UTC and here."""
    [person] = await qualified(world)
    world.at("2019-06-20", hour=23)
    await stated(world, person, DEATH)
    await world.at("2019-06-21", hour=0).raised(person.serial, "2019-05", "3100.00")
    world.at("2019-07-01")
    assert (await world.entitlement(person.id, "2019-07", "2019-06-19"))["basis"] == "COVERED"
    assert (await world.entitlement(person.id, "2019-07", "2019-06-20"))["basis"] == "SUSPENDED"
    assert (await world.entitlement(person.id, "2019-06", "2019-06-20"))["amount"] == "3000.00"
    assert (await world.entitlement(person.id, "2019-06", "2019-06-21"))["amount"] == "3100.00"


@pytest.mark.parametrize("day", ["2019-06-06", "2019-07-01", "9999-12-31"])
async def test_nobody_knows_what_will_be_known(world: World, day: str) -> None:
    """A day in the future is refused, today is answered."""
    [person] = await qualified(world)
    document = """query($id: ID!, $asOf: Date) { node(id: $id) { ... on Beneficiary {
        entitlement(month: "2019-06", asOf: $asOf) { basis } } } }"""
    [error] = await world.errors(document, {"id": person.node, "asOf": day})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    found = await world.ask(document, {"id": person.node, "asOf": "2019-06-05"})
    assert found["node"]["entitlement"] == {"basis": "COVERED"}


async def mixed(world: World) -> list[Person]:
    """Thirteen people whom 2019 treats differently, payrolls from 2019-06 through 2020-02."""
    people = await qualified(world, 11)
    await world.officers()
    by_acts = people[1:8]
    await world.payroll("2019-06")
    world.at("2019-06-20")
    for person in by_acts:
        await stated(world, person, PRISON if person is by_acts[3] else DEATH)
    await stated(world, by_acts[0], PASS)
    await world.payroll("2019-07")
    world.at("2019-07-10")
    for person in by_acts[1:5]:
        await stated(world, person)
    for person in by_acts[2:5]:
        await approved(world, await asked(world, person))
    await ended(world, by_acts[5], "2019-06-10")
    await ended(world, people[8], "2019-03-10")
    await world.payroll("2019-08")
    await ended(world.at("2019-08-20"), people[9], "2019-08-19")
    await stated(world, by_acts[4], DEATH | {"occurredOn": "2019-08-19"}, "2019-08-25")
    newcomers = await enrolled(world, 1, first=40, certified_in="2019-07", benefit_from="2019-07")
    survivors = await enrolled(world, 1, first=41, category="SURVIVOR", certified_in="2019-05")
    await world.payroll("2019-09", "2019-10", "2019-11", "2019-12", "2020-01", "2020-02")
    return [*people, *newcomers, *survivors]


async def test_the_answer_as_of_the_payrolls_day_is_what_the_ledger_says(world: World) -> None:
    """Whatever befell people: entitlement(month, asOf: the payroll's day).payable equals the ledger's PAID."""
    people = await mixed(world)
    document = """query($id: ID!, $month: Month!, $asOf: Date) { node(id: $id) { ... on Beneficiary {
        entitlement(month: $month, asOf: $asOf) { payable paid basis amount }
        payments(from: $month, through: $month) { month status basis amount } } } }"""
    seen = set()
    for month in ("2019-06", "2019-07", "2019-08", "2019-09", "2019-10", "2019-11", "2019-12", "2020-01", "2020-02"):
        for person in people:
            given = {"id": person.node, "month": month, "asOf": f"{month}-08"}
            found = (await world.ask(document, given))["node"]
            answer, payments = found["entitlement"], found["payments"]
            if answer["basis"] in ("UNKNOWN", "NOT_BEGUN"):
                assert [p["basis"] for p in payments] in ([], ["LATE_ENROLMENT"])
                continue
            [payment] = payments
            where = (person.serial, month, answer["basis"])
            assert (where, answer["payable"]) == (where, payment["status"] == "PAID")
            assert (where, answer["paid"]) == (where, payment["status"] == "PAID")
            assert (where, answer["basis"]) == (where, payment["basis"])
            assert (where, answer["amount"] or "0.00") == (where, payment["amount"])
            seen.add(payment["basis"])
    assert seen == {"COVERED", "LAPSED", "SUSPENDED", "TERMINATED"}


async def test_a_payroll_that_ran_late_is_explained_by_its_own_day(world: World) -> None:
    """Frozen on 2019-08-20 instead of the 8th: what was known on the 20th counts, a FAIL of July with it."""
    [person] = await qualified(world)
    await world.payroll("2019-06", "2019-07")
    await stated(world, person, DEATH, "2019-07-20")
    await world.at("2019-08-04").publish("2019-07")
    await payroll.freeze(world.at("2019-08-20").context(), Month(2019, 8))
    assert ledger(await world.money(person.id))["2019-08"] == "WITHHELD SUSPENDED"
    answer = await world.at("2019-09-01").entitlement(person.id, "2019-08", "2019-08-20")
    said = "2019年8月未发放：被认定为“不通过”，自2019年8月起暂停发放。"
    assert (answer["payable"], answer["facts"][-1]["text"]) == (False, said)
    the_day_before = await world.entitlement(person.id, "2019-08", "2019-08-19")
    assert "PAYMENT" not in [fact["kind"] for fact in the_day_before["facts"]]
