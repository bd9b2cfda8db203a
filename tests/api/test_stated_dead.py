"""A living person whom the unit states dead, though no record says so, has the fast lane as well. 三(三), 三(四)."""

from __future__ import annotations

from typing import Any

import pytest

from resolvers import check
from resolvers.check import Checked
from tests.api.money import CHIEF, codes, ledger, named, stated
from tests.api.objections import PAPER, PERSON, decide, report, reported
from tests.api.scenes import Person, account, acts, enrolled, judged, seen
from tests.world import OFFICER, World, id_number


async def stated_dead(world: World, status: str = "DECEASED", conclusion: str = "QUALIFIED") -> Person:
    """Failed by the unit on 20 June 2019, on a verdict that no loss stands behind; suspended from July."""
    [person] = await judged(world, conclusion)
    await world.officers(OFFICER, CHIEF)
    await account(world, PERSON, "PERSON", id_number=id_number(person.serial))
    await stated(world, person, {"survivalStatus": status, "occurredOn": "2019-06-10"}, "2019-06-20")
    return person


@pytest.mark.parametrize("conclusion", ["QUALIFIED", "PENDING"])
async def test_the_ruling_passes_the_person_and_asks_for_the_back_pay(world: World, conclusion: str) -> None:
    """There is nothing to quarantine; the rest is as where a record was false."""
    person = await stated_dead(world, conclusion=conclusion)
    case = await reported(world.at("2019-07-20"), person, as_=PERSON)
    assert (case["lane"], case["dueAt"]) == ("FAST", "2019-07-23T09:00:00+08:00")
    ruled = await decide(world, case, reason="本人到窗口，单位误报")
    assert (ruled["userErrors"], ruled["missing"], ruled["objection"]["falseRecords"]) == ([], [], [])
    assert (ruled["reinstatement"]["status"], ruled["reinstatement"]["months"]) == ("SUBMITTED", ["2019-07"])
    row = await world.person(person.id)
    assert acts(row) == [("SERVICE_WINDOW", "NORMAL", "PASS"), ("OVERRIDE", "DECEASED", "FAIL")]
    assert (await world.review(ruled["reinstatement"]["id"], as_=CHIEF))["reinstatement"]["resumesFrom"] == "2019-08"
    assert await world.owner.fetchval("SELECT count(*) FROM quarantines") == 0
    assert await check.standings(world.context()) == Checked(1, [])


async def test_from_the_statement_to_the_paid_back_pay(world: World) -> None:
    """3000 a month, stated dead on 20 June by mistake for a namesake, paid again with what was missed in September."""
    await world.at("2019-01-05").units()
    [person] = await enrolled(world)
    await world.officers(OFFICER, CHIEF)
    await account(world, PERSON, "PERSON", id_number=id_number(person.serial))
    await world.payroll("2019-05", "2019-06")
    await stated(world, person, {"survivalStatus": "DECEASED", "occurredOn": "2019-06-10"}, "2019-06-20")
    await world.payroll("2019-07", "2019-08")
    case = await reported(world.at("2019-08-20"), person, as_=PERSON)
    opened = (await decide(world.at("2019-08-21"), case))["reinstatement"]
    assert (opened["months"], opened["amount"]) == (["2019-07", "2019-08"], "6000.00")
    assert codes(await world.at("2019-08-22").review(opened["id"], as_=CHIEF)) == []
    await world.payroll("2019-09")
    money = await world.money(person.id)
    assert (money["paymentStatus"], ledger(money)["2019-09"]) == ("PAYING", "PAID 3000.00")
    assert money["payments"][-1]["total"] == "9000.00"


async def test_the_unit_may_report_its_own_mistake(world: World) -> None:
    person = await stated_dead(world)
    assert (await reported(world, person))["lane"] == "FAST"


async def test_a_paper_alone_proves_nothing_here_either(world: World) -> None:
    """Notice 四(四)."""
    person = await stated_dead(world)
    case = await reported(world, person, proofs=[PAPER])
    assert named(await decide(world, case)) == [("PROOF_REQUIRED", "input.proofs")]


async def test_a_fail_of_the_same_month_is_withdrawn(world: World) -> None:
    """Nothing was lost, so that nothing is asked for."""
    person = await stated_dead(world)
    ruled = await decide(world, await reported(world, person))
    assert (ruled["userErrors"], ruled["reinstatement"], ruled["missing"]) == ([], None, [])
    row = await world.person(person.id)
    assert (row["paymentStatus"], row["paidThrough"]) == ("PAYING", "2020-06")


async def test_a_hint_is_not_found_false_by_it(world: World) -> None:
    """PENDING by a letter that came back; and a death that was recorded since is false like any other."""
    await world.units()
    [person] = await enrolled(world.at("2019-06-01"))
    await world.officers()
    await seen(world, (person, "human_resources", "returned_mail", "2019-05-10"))
    await world.at("2019-06-04").publish("2019-05", release=True)
    await stated(world, person, {"survivalStatus": "DECEASED", "occurredOn": "2019-06-01"}, "2019-06-05")
    await seen(world, (person, "justice", "cremation", "2019-06-02"))
    ruled = await decide(world, await reported(world, person))
    assert [record["kind"] for record in ruled["objection"]["falseRecords"]] == ["cremation"]


@pytest.mark.parametrize("outcome", ["RULE_WRONG", "VERDICT_RIGHT"])
async def test_another_outcome_restores_nobody(world: World, outcome: str) -> None:
    person = await stated_dead(world)
    before = await world.person(person.id)
    assert (await decide(world, await reported(world, person), outcome))["userErrors"] == []
    assert await world.person(person.id) == before


@pytest.mark.parametrize("status", ["MISSING", "IMPRISONED"])
async def test_who_was_stated_something_else_is_told_what_to_do(world: World, status: str) -> None:
    """Certify in the app or at a window, and ask for the reinstatement; or object in another kind."""
    person = await stated_dead(world, status)
    answer = await report(world, person, as_=PERSON)
    assert named(answer) == [("NOT_DECLARED_DEAD", "input.kind")]
    [error] = answer["userErrors"]
    for word in ("手机APP", "经办窗口", "待遇恢复", "其他"):
        assert word in error["message"]


async def test_a_statement_that_a_pass_has_answered_stands_no_more(world: World) -> None:
    person = await stated_dead(world)
    await stated(world, person, {"survivalStatus": "NORMAL", "reason": "本人到场"}, "2019-07-10")
    assert named(await report(world, person)) == [("NOT_DECLARED_DEAD", "input.kind")]
    given: dict[str, Any] = {"kind": "OTHER", "proofs": []}
    assert (await reported(world, person, **given))["lane"] == "ORDINARY"
