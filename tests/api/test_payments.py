"""The ledger as a client reads it: months, bounds, amounts, reasons, lines, and the stops behind them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.api.money import (
    CHIEF,
    DEATH,
    PASS,
    approved,
    asked,
    ended,
    failed_on_20_june,
    ledger,
    passed_on_10_september,
    stated,
)
from tests.api.scenes import Person, qualified
from tests.world import World, node_id

PAYMENTS = """
query($id: ID!, $from: Month, $through: Month) { node(id: $id) { ... on Beneficiary {
  payments(from: $from, through: $through) {
    month status amount basis reason backPayFor total healedWith lines { kind month amount } } } } }
"""


async def payments(world: World, id: int, from_: str | None = None, through: str | None = None) -> Any:
    given = {"id": node_id(id), "from": from_, "through": through}
    return (await world.ask(PAYMENTS, given))["node"]["payments"]


async def reinstated(world: World) -> Person:
    """Case 8: withheld 2019-07 to 2019-10, back pay with 2019-11; payrolls from 2019-06 through 2019-12."""
    person = await passed_on_10_september(world)
    await approved(world, await asked(world, person, "2019-10-12"), "2019-10-20")
    await world.payroll("2019-11", "2019-12")
    return person


async def test_before_any_payroll_there_is_no_payment(world: World) -> None:
    """The ledger says what was paid, not today's status (rules 5.1)."""
    [person] = await qualified(world)
    assert await payments(world, person.id) == []


async def test_every_month_stands_once_oldest_first(world: World) -> None:
    """All of the ledger unless bounded."""
    person = await reinstated(world)
    found = [payment["month"] for payment in await payments(world, person.id)]
    assert found == ["2019-06", "2019-07", "2019-08", "2019-09", "2019-10", "2019-11", "2019-12"]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        ("2019-08", "2019-10", ["2019-08", "2019-09", "2019-10"]),
        ("2019-08", "2019-08", ["2019-08"]),
        (None, "2019-07", ["2019-06", "2019-07"]),
        ("2019-11", None, ["2019-11", "2019-12"]),
        ("2019-10", "2019-08", []),
        ("2020-01", None, []),
        (None, "2019-05", []),
        ("0001-01", "9999-12", ["2019-06", "2019-07", "2019-08", "2019-09", "2019-10", "2019-11", "2019-12"]),
    ],
)
async def test_bounds_are_months_both_included(
    world: World, first: str | None, last: str | None, found: list[str]
) -> None:
    """A bounded answer is the same months of the whole one, word for word: their lines and healing included."""
    person = await reinstated(world)
    whole = await payments(world, person.id)
    bounded = await payments(world, person.id, first, last)
    assert [payment["month"] for payment in bounded] == found
    assert bounded == [payment for payment in whole if payment["month"] in found]


async def test_two_bounds_in_one_request_are_two_answers(world: World) -> None:
    """Aliases beside each other, of one person and of several, do not mix."""
    person = await reinstated(world)
    document = """query($id: ID!) { node(id: $id) { ... on Beneficiary {
        a: payments(from: "2019-07", through: "2019-08") { month } b: payments(from: "2019-12") { month } } } }"""
    found = (await world.ask(document, {"id": person.node}))["node"]
    assert found == {"a": [{"month": "2019-07"}, {"month": "2019-08"}], "b": [{"month": "2019-12"}]}


async def test_amounts_are_strings_of_yuan_with_two_places(world: World) -> None:
    """Money is decimal yuan with two places, never a float (rules 5.8)."""
    await world.units()
    await world.officers()
    id = await world.at("2019-06-05").enrol(monthly_amount="5231.4")
    await world.payroll("2019-06")
    await world.at("2019-06-20").raised(1, "2019-06", "5231.41")
    await world.payroll("2019-07")
    june, july = await payments(world, id)
    assert (june["amount"], june["total"]) == ("5231.40", "5231.40")
    assert july["lines"] == [{"kind": "ADJUSTMENT", "month": "2019-06", "amount": "0.01"}]
    assert (july["amount"], july["total"]) == ("5231.41", "5231.42")


async def test_a_large_amount_keeps_every_cent(world: World) -> None:
    """What no float of the language of clients could hold."""
    await world.units()
    id = await world.at("2019-06-05").enrol(monthly_amount="9999999999.99")
    await world.payroll("2019-06")
    [june] = await payments(world, id)
    assert june["amount"] == "9999999999.99"


async def test_a_withheld_month_says_why_in_words(world: World) -> None:
    """WITHHELD (reason): suspended, lapsed, terminated (rules 5.1 to 5.4)."""
    person = await failed_on_20_june(world)
    lapsing = await world.enrol(2, certified_in="2018-07")
    ending = await world.enrol(3)
    await ended(world, Person(ending, 3), "2019-06-19")
    await world.payroll("2019-07", "2019-08")
    july = {id: (await payments(world, id, "2019-07", "2019-07"))[0] for id in (person.id, lapsing, ending)}
    assert july[person.id]["reason"] == "被认定为“不通过”，自2019年7月起暂停发放。"
    assert july[lapsing]["reason"] == "在认证服务期内（2018年7月至2019年7月）。"
    assert july[ending]["reason"] == "待遇已终止，自2019年7月起不再发放。"
    [august] = await payments(world, lapsing, "2019-08")
    assert (august["status"], august["amount"], august["total"]) == ("WITHHELD", "0.00", "0.00")
    assert (august["basis"], august["reason"]) == ("LAPSED", "认证服务期已结束，自2019年8月起停发。")
    for payment in [*july.values(), august]:
        assert not re.search(r"[{}]", payment["reason"])


async def test_what_was_frozen_is_never_rewritten(world: World) -> None:
    """The ledger says what was paid (rules 5.1): neither a later pass, nor a raise, nor a termination changes it."""
    person = await failed_on_20_june(world)
    await world.payroll("2019-07")
    kept = await payments(world, person.id)
    await stated(world, person, PASS, "2019-07-20")
    await world.raised(person.serial, "2019-06", "3500.00")
    await ended(world, person, "2019-03-15")
    assert await payments(world, person.id) == kept


async def test_back_pay_stands_with_its_payroll_and_heals_its_months(world: World) -> None:
    """Listed month by month; the withheld months say with which payroll they were healed (rules 5.5)."""
    person = await reinstated(world)
    found = {payment["month"]: payment for payment in await payments(world, person.id)}
    assert {m: p["healedWith"] for m, p in found.items()} == {
        "2019-06": None,
        "2019-07": "2019-11",
        "2019-08": "2019-11",
        "2019-09": "2019-11",
        "2019-10": "2019-11",
        "2019-11": None,
        "2019-12": None,
    }
    assert found["2019-11"]["lines"] == [
        {"kind": "BACK_PAY", "month": month, "amount": "3000.00"}
        for month in ("2019-07", "2019-08", "2019-09", "2019-10")
    ]
    assert (found["2019-11"]["amount"], found["2019-11"]["total"]) == ("3000.00", "15000.00")
    assert [found[m]["lines"] for m in ("2019-06", "2019-10", "2019-12")] == [[], [], []]
    assert (found["2019-07"]["status"], found["2019-07"]["amount"]) == ("WITHHELD", "0.00")


async def test_a_month_frozen_before_the_enrolment_says_so(world: World) -> None:
    """Enrolled late: withheld with the first payroll after it, and to be claimed."""
    await world.units()
    await world.at("2019-06-05").enrol(2)
    await world.payroll("2019-07", "2019-08")
    id = await world.at("2019-09-03").enrol(1, certified_in="2019-08", benefit_from="2019-08")
    await world.payroll("2019-09")
    found = await payments(world, id)
    assert [(p["month"], p["status"], p["basis"]) for p in found] == [
        ("2019-08", "WITHHELD", "LATE_ENROLMENT"),
        ("2019-09", "PAID", "COVERED"),
    ]
    assert found[0]["reason"] == "登记时该月已冻结，未发放，可申请补发。"


async def test_every_stop_has_its_reason_clause_act_and_months(world: World) -> None:
    """A lapse, a suspension and the end, oldest first; the open one has no last month."""
    await world.units()
    await world.officers()
    id = await world.at("2019-06-05").enrol(certified_in="2018-03")
    person = Person(id, 1)
    await stated(world, person, PASS, "2019-06-10")  # lapsed 2019-04 and 2019-05
    await stated(world, person, DEATH | {"occurredOn": "2019-07-01"}, "2019-07-05")
    await stated(world, person, PASS, "2019-08-05")
    await approved(world, await asked(world, person), "2019-08-20")
    await ended(world.at("2019-11-20"), person, "2019-11-19")
    stops = (await world.money(id))["stops"]
    assert [(s["basis"], s["firstMonth"], s["lastMonth"], s["clause"]) for s in stops] == [
        ("LAPSED", "2019-04", "2019-05", "三(一)"),
        ("SUSPENDED", "2019-08", "2019-08", "三(二)"),
        ("TERMINATED", "2019-12", None, "附11"),
    ]
    assert [stop["reason"] for stop in stops] == [
        "认证服务期已结束，自2019年4月起停发。",
        "被认定为“不通过”，自2019年8月起暂停发放。",
        "待遇已终止，自2019年12月起不再发放。",
    ]
    lapse, suspension, end = (stop["act"] for stop in stops)
    assert lapse is None
    assert (suspension["kind"], suspension["text"]) == (
        "ACT",
        "2019年7月5日单位认定：生存状态“去世”（2019年7月1日起），不通过。",
    )
    assert (end["kind"], end["text"]) == ("TERMINATION", "2019年11月20日办理待遇终止：去世（2019年11月19日）。")
    document = "query($id: ID!) { node(id: $id) { ... on Certification { survivalStatus result } } }"
    act = (await world.ask(document, {"id": suspension["id"]}))["node"]
    assert act == {"survivalStatus": "DECEASED", "result": "FAIL"}


async def test_a_stop_ends_where_payment_begins_again(world: World) -> None:
    """From lapsed through to the pass, and then nothing is stopped."""
    await world.units()
    id = await world.at("2019-06-05").enrol(certified_in="2018-03")
    open_stop = (await world.money(id))["stops"]
    assert [(s["basis"], s["firstMonth"], s["lastMonth"]) for s in open_stop] == [("LAPSED", "2019-04", None)]
    await stated(world, Person(id, 1), PASS)
    closed = (await world.money(id))["stops"]
    assert [(s["basis"], s["firstMonth"], s["lastMonth"]) for s in closed] == [("LAPSED", "2019-04", "2019-05")]


async def test_an_officer_reads_the_same_ledger(world: World) -> None:
    """Money is not masked: the agency answers for it."""
    person = await reinstated(world)
    assert await world.money(person.id, as_=CHIEF) == await world.money(person.id)
    assert ledger(await world.money(person.id, as_=CHIEF))["2019-11"] == "PAID 3000.00"
