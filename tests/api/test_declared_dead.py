"""The story of a living person declared dead by data: from the verdict to the paid back pay. Notice 三(三), 三(四)."""

from __future__ import annotations

import pytest

from resolvers import check
from resolvers.check import Checked
from tests.api.favours import decide as decide_review
from tests.api.favours import reviews
from tests.api.money import CHIEF, DEATH, PASS, codes, ended, ledger, named, stated
from tests.api.objections import PERSON, SEEN, decide, declared_dead, listed, reported, take
from tests.api.scenes import account, acts, enrolled, judged, period, saved, seen
from tests.api.test_reinstatement import case_of
from tests.audit.trail import entries, newest
from tests.world import OFFICER, World, id_number


async def test_from_a_false_death_to_the_paid_back_pay(world: World) -> None:
    """3000 a month. Cremated on 2019-05-02, says a record of somebody else.

    DISQUALIFIED for May, failed by the unit on 20 June, unpaid in July and August, objected on 20 August by the person,
    found alive the day after, reviewed by another officer on the 22nd, and paid 9000.00 in September.
    """
    await world.at("2019-01-05").units()
    [person] = await enrolled(world)
    await world.officers(OFFICER, CHIEF)
    await account(world, PERSON, "PERSON", id_number=id_number(person.serial))
    await world.payroll("2019-05")
    await seen(world.at("2019-06-01"), (person, "justice", "cremation", "2019-05-02"))
    await world.at("2019-06-04").publish("2019-05", release=True)
    assert (await world.person(person.id))["verdict"]["conclusion"] == "DISQUALIFIED"
    await world.payroll("2019-06")
    fail = {"beneficiaryId": person.node, "survivalStatus": "DECEASED", "occurredOn": "2019-05-02"}
    assert codes(await world.at("2019-06-20").act("overrideVerdict", fail)) == []
    assert (await world.money(person.id))["overpayment"]["amount"] == "3000.00"  # June, as long as the FAIL stands
    for month in ("2019-06", "2019-07"):
        await world.at(f"2019-0{int(month[-1]) + 1}-04").publish(month, release=True)
        await world.payroll(f"2019-0{int(month[-1]) + 1}")
    assert (await world.person(person.id))["paymentStatus"] == "SUSPENDED"

    case = await reported(world.at("2019-08-20"), person, as_=PERSON, month="2019-05")
    assert (case["lane"], case["dueAt"]) == ("FAST", "2019-08-23T09:00:00+08:00")
    assert (await listed(world, lane="FAST", status="REPORTED"))["totalCount"] == 1
    await take(world, case)
    ruled = await decide(world.at("2019-08-21"), case, reason="火化记录属他人，本人到窗口核实")
    assert (ruled["userErrors"], ruled["missing"]) == ([], [])
    assert ruled["objection"]["falseRecords"] == [{"kind": "cremation", "label": "火化记录", "month": "2019-05"}]
    opened = ruled["reinstatement"]
    assert opened == {"id": opened["id"], "status": "SUBMITTED", "months": ["2019-07", "2019-08"],
                      "amount": "6000.00", "submittedBy": OFFICER}  # fmt: skip
    row = await world.person(person.id)
    assert acts(row) == [("SERVICE_WINDOW", "NORMAL", "PASS"), ("OVERRIDE", "DECEASED", "FAIL")]
    assert (period(row), row["paymentStatus"]) == ("2019-08..2020-08 SERVICE_WINDOW", "SUSPENDED")
    assert row["certifications"]["edges"][0]["node"]["reason"] == "火化记录属他人，本人到窗口核实"

    assert codes(await world.at("2019-08-22").review(opened["id"])) == ["REVIEWER_IS_SUBMITTER"]
    approved = (await world.review(opened["id"], as_=CHIEF))["reinstatement"]
    assert (approved["status"], approved["amount"], approved["resumesFrom"]) == ("APPROVED", "6000.00", "2019-09")
    await world.payroll("2019-09")
    money = await world.money(person.id)
    assert (money["paymentStatus"], money["overpayment"]) == ("PAYING", None)
    assert ledger(money) == {
        "2019-05": "PAID 3000.00",
        "2019-06": "PAID 3000.00",
        "2019-07": "WITHHELD SUSPENDED",
        "2019-08": "WITHHELD SUSPENDED",
        "2019-09": "PAID 3000.00",
    }
    september = money["payments"][-1]
    assert (september["backPayFor"], september["total"]) == (["2019-07", "2019-08"], "9000.00")
    assert (await world.person(person.id))["verdict"]["conclusion"] == "PENDING"  # nothing known, nobody dead
    assert await check.standings(world.context()) == Checked(1, [])


async def test_the_proofs_of_the_objection_are_those_of_the_case(world: World) -> None:
    """Each once, under the objector's own statement; whoever handled the report answers for the case."""
    [person] = await declared_dead(world)
    fail = {"beneficiaryId": person.node, "survivalStatus": "DECEASED", "occurredOn": "2019-05-02"}
    await world.at("2019-06-20").act("overrideVerdict", fail)
    report = await reported(world.at("2019-07-20"), person)
    home = {"kind": "HOME_VISIT", "document": {"name": "上门核实记录.pdf", "sha256": "e" * 64}}
    opened = (await decide(world, report, proofs=[home]))["reinstatement"]
    case = await case_of(world, opened)
    assert case["documents"] == [SEEN["document"], home["document"]]
    assert (case["statement"], case["handlerName"], case["months"]) == ("本人健在，死亡记录有误", "李经办", ["2019-07"])


async def test_a_pass_by_a_ruling_against_the_data_is_looked_at_by_another_officer(world: World) -> None:
    """Notice 四(四): whoever ruled has passed the person alone, and does not find that in order as well."""
    [person] = await declared_dead(world)
    case = await reported(world, person)
    assert await reviews(world) == []
    ruled = await decide(world.at("2019-06-06"), case)
    assert (codes(ruled), ruled["missing"]) == ([], [])
    [review] = await reviews(world)
    assert (review["kind"], review["status"], review["month"]) == ("AGAINST_DISQUALIFIED", "OPEN", "2019-06")
    assert (review["beneficiary"], review["certification"]) == (
        {"id": person.node}, {"method": "SERVICE_WINDOW", "result": "PASS"}
    )  # fmt: skip
    assert review["openedAt"] == "2019-06-06T09:00:00+08:00"
    assert (await world.person(person.id))["paymentStatus"] == "PAYING"

    before, since = await saved(world), await newest(world)
    for outcome in ("IN_ORDER", "WITHOUT_GROUND", "TO_INVESTIGATE"):
        assert named(await decide_review(world, review, outcome)) == [("REVIEWER_IS_SUBMITTER", "input.reviewId")]
    assert await saved(world) == before
    told = await entries(world, since)
    assert [(one.action, one.username, one.body["codes"]) for one in told] == [
        ("REFUSED", OFFICER, ["REVIEWER_IS_SUBMITTER"])
    ] * 3
    decided = (await decide_review(world, review, "IN_ORDER", as_=CHIEF))["review"]
    assert (decided["status"], decided["decidedBy"]) == ("DECIDED", CHIEF)


async def test_a_ruling_without_ground_is_stated_anew_by_the_unit(world: World) -> None:
    """The second officer's finding feeds back as ever; the PASS stands, and payment goes on."""
    [person] = await declared_dead(world)
    await decide(world.at("2019-06-06"), await reported(world, person))
    [review] = await reviews(world)
    answer = await decide_review(world, review, "WITHOUT_GROUND", as_=CHIEF)
    assert (answer["review"]["answerBy"], answer["review"]["answerAgain"]) == ("2019-06-21", "AWAITED")
    assert (await world.person(person.id))["paymentStatus"] == "PAYING"


async def test_a_termination_that_the_data_had_asked_for_is_withdrawn_under_the_same_eyes(world: World) -> None:
    """The data say dead, the unit ended the benefit, and one officer brings it back: another looks at that too."""
    [person] = await declared_dead(world)
    await ended(world.at("2019-06-06"), person, "2019-05-02")
    ruled = await decide(world.at("2019-06-10"), await reported(world, person))
    assert (codes(ruled), ruled["missing"]) == ([], [])
    [review] = await reviews(world)
    assert (review["kind"], review["beneficiary"]["id"]) == ("AGAINST_DISQUALIFIED", person.node)
    assert codes(await decide_review(world, review, "IN_ORDER")) == ["REVIEWER_IS_SUBMITTER"]


async def test_only_a_ruling_that_passes_against_the_data_is_looked_at(world: World) -> None:
    """Neither one that passes nobody, nor one about a unit's own word where the data say that the person lives."""
    [right, stated_dead] = await judged(world, "DISQUALIFIED", "QUALIFIED")
    await world.officers()
    await decide(world, await reported(world, right), "VERDICT_RIGHT")
    await stated(world, stated_dead, {"survivalStatus": "DECEASED", "occurredOn": "2019-05-02"})
    assert codes(await decide(world, await reported(world, stated_dead))) == []
    assert acts(await world.person(stated_dead.id))[0] == ("SERVICE_WINDOW", "NORMAL", "PASS")
    assert await reviews(world) == []


async def test_whoever_ruled_decides_about_the_passes_of_others(world: World) -> None:
    """The unit's own PASS before the ruling has its review, and that is anybody's of the district."""
    [person] = await declared_dead(world)
    case = await reported(world, person)
    await stated(world, person, PASS | {"reason": "本人到场"})
    await decide(world.at("2019-06-06"), case)
    of_the_unit, of_the_ruling = await reviews(world)
    assert (of_the_unit["certification"]["method"], of_the_ruling["certification"]["method"]) == (
        "OVERRIDE", "SERVICE_WINDOW"
    )  # fmt: skip
    assert codes(await decide_review(world, of_the_unit, "IN_ORDER")) == []


async def test_a_ruling_passes_the_row_that_was_objected_about_and_no_other(world: World) -> None:
    """A second benefit of the same ID number: the false record counts no more there either, and nobody has passed it.

    It may be another district's; its own act or objection passes it.
    """
    await world.at("2019-01-05").units()
    [own] = await enrolled(world)
    [other] = await enrolled(world, category="SURVIVOR")
    await world.officers()
    await seen(world.at("2019-06-01"), (own, "justice", "cremation", "2019-05-02"))
    await world.at("2019-06-04").publish("2019-05", release=True)
    assert (await world.person(other.id))["verdict"]["conclusion"] == "DISQUALIFIED"
    case = await reported(world.at("2019-06-10"), own)
    assert codes(await decide(world.at("2019-06-11"), case)) == []
    assert acts(await world.person(own.id)) == [("SERVICE_WINDOW", "NORMAL", "PASS")]
    assert acts(await world.person(other.id)) == []
    await world.at("2019-07-04").publish("2019-06", release=True)
    assert (await world.person(other.id))["verdict"]["conclusion"] == "PENDING"


@pytest.mark.parametrize("failed", [True, False])
async def test_a_wrong_rule_passes_nobody_and_says_what_is_left_to_do(world: World, failed: bool) -> None:
    """The case is closed; the living person is not passed by it, and where they were failed, not paid."""
    [person] = await declared_dead(world)
    if failed:
        await stated(world, person, DEATH, "2019-06-20")
    case = await reported(world.at("2019-07-20"), person, as_=PERSON)
    ruled = await decide(world, case, "RULE_WRONG")
    assert (codes(ruled), ruled["objection"]["status"], ruled["reinstatement"]) == ([], "DECIDED", None)
    [missing] = ruled["missing"]
    assert (missing["code"], missing["path"]) == ("PASS_REQUIRED_FIRST", ["beneficiary"])
    for word in ("手机APP", "经办窗口", "数据有误", "待遇恢复"):
        assert word in missing["message"]
    again = await reported(world, person, as_=PERSON)
    assert (await decide(world, again))["missing"] == []
    assert acts(await world.person(person.id))[0] == ("SERVICE_WINDOW", "NORMAL", "PASS")


async def test_a_wrong_rule_takes_no_termination_back(world: World) -> None:
    [person] = await declared_dead(world)
    await ended(world, person, "2019-05-02")
    ruled = await decide(world, await reported(world, person), "RULE_WRONG")
    [missing] = ruled["missing"]
    assert (missing["code"], missing["path"]) == ("ALREADY_TERMINATED", ["beneficiary"])
    assert "不填月份" in missing["message"]
    assert (await decide(world, await reported(world, person)))["missing"] == []


@pytest.mark.parametrize(("kind", "outcome"), [("DECLARED_DEAD", "VERDICT_RIGHT"), ("OTHER", "RULE_WRONG")])
async def test_nothing_is_left_to_do_where_nobody_is_said_to_live(world: World, kind: str, outcome: str) -> None:
    [person] = await declared_dead(world)
    assert (await decide(world, await reported(world, person, kind=kind), outcome))["missing"] == []


async def test_nothing_is_left_to_do_for_whoever_was_passed_meanwhile(world: World) -> None:
    [person] = await declared_dead(world)
    case = await reported(world, person)
    await stated(world, person, {"survivalStatus": "NORMAL", "reason": "本人到场"})
    assert (await decide(world, case, "RULE_WRONG"))["missing"] == []
