"""Was, is or would a month be paid, and why: `entitlement` in every basis, with its facts and what would change it."""

from __future__ import annotations

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
    overpaid,
    passed_on_10_september,
    stated,
)
from tests.api.scenes import Person, qualified
from tests.world import World

DAY_OF_FAIL = "2019年6月20日单位认定：生存状态“去世”（2019年6月10日起），不通过。"


def levers(answer: Any) -> list[tuple[str, str | None]]:
    return [(change["lever"], change["by"]) for change in answer["changes"]]


def facts(answer: Any) -> list[tuple[str, str]]:
    return [(fact["kind"], fact["text"]) for fact in answer["facts"]]


def verdict(answer: Any) -> tuple[str, bool, bool, str | None]:
    """Basis, payable, paid and amount."""
    return answer["basis"], answer["payable"], answer["paid"], answer["amount"]


async def resolved(world: World, answer: Any) -> dict[str, str | None]:
    """Each fact's kind with the type of what its id leads to."""
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    ids = [fact["id"] for fact in answer["facts"]]
    assert len(set(ids)) == len(ids)
    nodes = [node for node in (await world.ask(document, {"ids": ids}))["nodes"] if node]
    types = {node["id"]: node["__typename"] for node in nodes}
    return {fact["kind"]: types.get(fact["id"]) for fact in answer["facts"]}


async def test_a_month_within_a_period_is_covered(world: World) -> None:
    """Payable in M: a period covers M (rules 5.2); a FAIL in the month before, at the latest, would hold it."""
    [person] = await qualified(world)
    answer = await world.entitlement(person.id, "2019-07")
    assert verdict(answer) == ("COVERED", True, False, "3000.00")
    assert (answer["month"], answer["clause"]) == ("2019-07", "三(一)")
    assert answer["reason"] == "在认证服务期内（2019年5月至2020年5月）。"
    assert facts(answer) == [
        ("PERIOD", "认证服务期2019年5月至2020年5月（大数据认证）。"),
        ("VERDICT", "2019年5月大数据认证结论：具备资格（2019年6月4日公布）。"),
        ("RATE", "自2005年1月起月标准3000.00元。"),
    ]
    assert await resolved(world, answer) == {"PERIOD": None, "VERDICT": "Verdict", "RATE": None}
    assert levers(answer) == [("FAIL", "2019-06-30"), ("TERMINATION", None)]
    assert answer["changes"][0]["text"] == "认定“不通过”则暂停发放（不晚于2019年6月30日）"


async def test_what_can_no_longer_change_anything_is_not_offered(world: World) -> None:
    """A FAIL leaves its own month PAYING (rules 4); a PASS pays a lapsed month as long as its payroll is not frozen."""
    [person] = await qualified(world)
    assert levers(await world.entitlement(person.id, "2019-06")) == [("TERMINATION", None)]
    assert levers(await world.at("2019-06-30").entitlement(person.id, "2019-07"))[0] == ("FAIL", "2019-06-30")
    assert levers(await world.at("2019-07-01").entitlement(person.id, "2019-07")) == [("TERMINATION", None)]
    assert levers(await world.at("2020-06-07").entitlement(person.id, "2020-06")) == [("PASS", "2020-06-07")]
    assert levers(await world.at("2020-06-10").entitlement(person.id, "2020-06")) == [("PASS", None)]


async def test_a_month_that_an_act_opened_names_the_act(world: World) -> None:
    """The act that opened the period can be fetched."""
    [person] = await qualified(world)
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    answer = await world.entitlement(person.id, "2020-06")
    assert answer["reason"] == "在认证服务期内（2019年6月至2020年6月）。"
    assert facts(answer)[1] == ("ACT", "2019年6月5日单位确认：生存状态“正常”，通过。")
    assert (await resolved(world, answer))["ACT"] == "Certification"


async def test_a_paid_month_shows_its_payment(world: World) -> None:
    """Of a paid month only an overpayment would change anything."""
    [person] = await qualified(world)
    await world.payroll("2019-06")
    answer = await world.entitlement(person.id, "2019-06")
    assert verdict(answer) == ("COVERED", True, True, "3000.00")
    assert facts(answer)[-1] == ("PAYMENT", "2019年6月已发放3000.00元。")
    assert levers(answer) == [("OVERPAYMENT", None)]


async def test_a_month_after_the_last_period_would_lapse(world: World) -> None:
    """Stops from the next month; a PASS before the payroll day pays the month yet (rules 2.2, 5.1)."""
    [person] = await qualified(world)
    answer = await world.entitlement(person.id, "2020-06")
    assert verdict(answer) == ("LAPSED", False, False, None)
    assert (answer["reason"], answer["clause"]) == ("认证服务期已结束，自2020年6月起停发。", "三(一)")
    assert facts(answer)[0] == ("PERIOD", "认证服务期2019年5月至2020年5月（大数据认证）。")
    assert levers(answer) == [("PASS", "2020-06-07")]
    later = await world.entitlement(person.id, "2021-02")
    assert (later["reason"], levers(later)) == ("认证服务期已结束，自2020年6月起停发。", [("PASS", "2021-02-07")])


async def test_a_lapsed_month_that_was_withheld_takes_a_pass_and_a_case(world: World) -> None:
    """Months withheld before the pass may be claimed by a back-pay case (rules 5.3)."""
    await world.units()
    await world.officers()
    id = await world.at("2019-06-05").enrol(certified_in="2019-06")
    person = Person(id, 1)
    await world.payroll("2020-06", "2020-07")
    answer = await world.entitlement(id, "2020-07")
    assert verdict(answer) == ("LAPSED", False, False, None)
    assert facts(answer)[-1] == ("PAYMENT", "2020年7月未发放：认证服务期已结束，自2020年7月起停发。")
    assert levers(answer) == [("PASS_AND_CASE", None)]
    await stated(world, person, PASS, "2020-07-20")
    answer = await world.entitlement(id, "2020-07")
    assert verdict(answer) == ("COVERED", True, False, "3000.00")
    assert levers(answer) == [("CASE", None)]
    await asked(world, person)
    assert levers(await world.entitlement(id, "2020-07")) == [("REVIEW", None)]


async def test_a_month_after_a_fail_is_suspended(world: World) -> None:
    """SUSPENDED from the next month, through the act that anybody may look up (rules 4)."""
    person = await failed_on_20_june(world)
    june, july = await world.entitlement(person.id, "2019-06"), await world.entitlement(person.id, "2019-07")
    assert verdict(june) == ("COVERED", True, True, "3000.00")
    assert verdict(july) == ("SUSPENDED", False, False, None)
    assert (july["reason"], july["clause"]) == ("被认定为“不通过”，自2019年7月起暂停发放。", "三(二)")
    assert facts(july)[0] == ("ACT", DAY_OF_FAIL)
    assert (await resolved(world, july))["ACT"] == "Certification"
    await world.payroll("2019-07")
    assert levers(await world.entitlement(person.id, "2019-07")) == [("PASS_AND_CASE", None)]
    september = await world.entitlement(person.id, "2019-09")
    assert (september["reason"], levers(september)) == (july["reason"], [("PASS_AND_CASE", "2019-08-31")])


async def test_before_a_suspension_begins_a_pass_alone_undoes_it(world: World) -> None:
    """A FAIL withdrawn by a PASS in the same month stands corrected: no reinstatement is needed (rules 4, case 7)."""
    person = await failed_on_20_june(world)
    assert levers(await world.entitlement(person.id, "2019-07")) == [("PASS", "2019-06-30")]


async def test_a_suspended_month_that_was_withheld_waits_for_a_case(world: World) -> None:
    """After a PASS a case, once submitted its review: on any day, because it pays the month back."""
    person = await passed_on_10_september(world)
    answer = await world.entitlement(person.id, "2019-08")
    assert (verdict(answer), levers(answer)) == (("SUSPENDED", False, False, None), [("CASE", None)])
    assert [text for kind, text in facts(answer) if kind == "ACT"] == [
        DAY_OF_FAIL,
        "2019年9月10日单位认定：生存状态“正常”，通过。",
    ]
    await asked(world, person, "2019-10-12")
    assert levers(await world.entitlement(person.id, "2019-08")) == [("REVIEW", None)]
    assert levers(await world.entitlement(person.id, "2019-11")) == [("REVIEW", "2019-10-31")]


async def test_the_current_month_of_a_suspended_person_can_still_be_won_back(world: World) -> None:
    """Approved in month R: back pay covers the withheld months through R (rules 5.4, 5.5), whatever its day.

    Case 8 before the payroll day of 2019-10: an approval on 2019-10-20 pays that month with 2019-11.
    """
    person = await failed_on_20_june(world)
    await world.payroll("2019-07", "2019-08", "2019-09")
    await stated(world, person, PASS, "2019-09-10")
    [(lever, by)] = levers(await world.at("2019-10-05").entitlement(person.id, "2019-10"))
    assert lever == "CASE"
    assert by is None or by >= "2019-10-20"


async def test_an_approved_month_is_reinstated_and_then_paid(world: World) -> None:
    """Withheld, and paid back by an approved case with the next payroll (rules 5.4)."""
    person = await passed_on_10_september(world)
    await approved(world, await asked(world, person, "2019-10-12"), "2019-10-20")
    answer = await world.entitlement(person.id, "2019-08")
    assert verdict(answer) == ("REINSTATED", True, False, "3000.00")
    assert (answer["reason"], answer["clause"]) == ("已停发的月份，补发申请于2019年10月复核通过。", "三(三)")
    assert facts(answer)[0] == ("CASE", "2019年10月20日恢复（补发）申请复核通过。")
    assert (await resolved(world, answer))["CASE"] == "Reinstatement"
    assert levers(answer) == [("NEXT_PAYROLL", None)]
    await world.payroll("2019-11")
    answer = await world.entitlement(person.id, "2019-08")
    assert verdict(answer) == ("REINSTATED", True, True, "3000.00")
    assert facts(answer)[-2:] == [
        ("PAYMENT", "2019年8月未发放：被认定为“不通过”，自2019年7月起暂停发放。"),
        ("BACK_PAY", "随2019年11月补发3000.00元。"),
    ]
    assert levers(answer) == [("OVERPAYMENT", None)]
    november = await world.entitlement(person.id, "2019-11")
    assert verdict(november) == ("COVERED", True, True, "3000.00")


async def test_a_month_after_the_end_is_terminated(world: World) -> None:
    """Not terminated before M (rules 5.2); nothing changes that, and what was paid stays visible."""
    [person] = await overpaid(world)
    march, april = await world.entitlement(person.id, "2019-03"), await world.entitlement(person.id, "2019-04")
    assert verdict(march) == ("COVERED", True, True, "3000.00")
    assert verdict(april) == ("TERMINATED", False, True, None)
    assert (april["reason"], april["clause"]) == ("待遇已终止，自2019年4月起不再发放。", "附11")
    assert facts(april)[0] == ("TERMINATION", "2019年6月20日办理待遇终止：去世（2019年3月15日）。")
    assert facts(april)[-1] == ("PAYMENT", "2019年4月已发放3000.00元。")
    assert levers(april) == []


async def test_a_month_before_the_benefit_has_not_begun(world: World) -> None:
    """The first benefit month is the first that anybody is owed."""
    await world.units()
    id = await world.at("2019-06-05").enrol(certified_in="2019-06", benefit_from="2019-06")
    answer = await world.entitlement(id, "2019-05")
    assert verdict(answer) == ("NOT_BEGUN", False, False, None)
    assert answer["reason"] == "待遇自2019年6月起享受，该月尚未开始。"
    assert (answer["clause"], answer["facts"], answer["changes"]) == ("三(一)", [], [])


async def test_a_month_frozen_before_the_enrolment_is_granted_and_takes_a_case(world: World) -> None:
    """Enrolled on 2019-09-03 from 2019-07 on: 07 and 08 were frozen without the person; claimed, they are paid back."""
    await world.units()
    await world.officers()
    await world.at("2019-06-05").enrol(2)
    await world.payroll("2019-07", "2019-08")
    id = await world.at("2019-09-03").enrol(1, certified_in="2019-07", benefit_from="2019-07")
    await world.payroll("2019-09")
    answer = await world.entitlement(id, "2019-07")
    assert verdict(answer) == ("COVERED", True, False, "3000.00")
    assert levers(answer) == [("CASE", None)]
    case = await asked(world, Person(id, 1), "2019-09-10")
    assert case["months"] == ["2019-07", "2019-08"]
    await world.review(case["id"])
    await world.payroll("2019-10")
    assert verdict(await world.entitlement(id, "2019-07")) == ("REINSTATED", True, True, "3000.00")


async def test_a_case_that_is_said_to_help_can_be_opened(world: World) -> None:
    """Unpaid months to claim (rules 4): of somebody enrolled late, before the first own payroll too."""
    await world.units()
    await world.at("2019-06-05").enrol(2)
    await world.payroll("2019-07", "2019-08")
    id = await world.at("2019-09-03").enrol(1, certified_in="2019-07", benefit_from="2019-07")
    answer = await world.entitlement(id, "2019-07")
    assert verdict(answer) == ("COVERED", True, False, "3000.00")
    if levers(answer) == [("CASE", None)]:
        payload = await world.request(id)
        assert payload["userErrors"] == []
        assert payload["reinstatement"]["months"] == ["2019-07", "2019-08"]


@pytest.mark.parametrize("month", ["0001-01", "0001-02", "1949-10", "2200-12"])
async def test_any_month_past_or_future_has_an_answer(world: World, month: str) -> None:
    """`entitlement(month)` takes any month, past or future, as far as calendars go."""
    [person] = await qualified(world)
    answer = await world.entitlement(person.id, month)
    assert (answer["month"], answer["payable"]) == (month, False)


async def test_officers_read_the_same_answer(world: World) -> None:
    """Words, facts and ids are those of the unit."""
    person = await failed_on_20_june(world)
    for month in ("2019-06", "2019-07"):
        own = await world.entitlement(person.id, month)
        assert await world.entitlement(person.id, month, as_=CHIEF) == own


async def test_a_second_fail_stands_beside_the_first(world: World) -> None:
    """The stop is that of the first FAIL; what was said last is said too."""
    person = await failed_on_20_june(world)
    await stated(world, person, {**DEATH, "occurredOn": "2019-07-01"}, "2019-07-02")
    answer = await world.entitlement(person.id, "2019-07")
    assert answer["reason"] == "被认定为“不通过”，自2019年7月起暂停发放。"
    assert [kind for kind, _ in facts(answer)].count("ACT") == 2
    await ended(world, person, "2019-07-01")
    answer = await world.entitlement(person.id, "2019-08")
    assert answer["basis"] == "TERMINATED"
