"""A living person whose benefit was terminated as of somebody dead, and the way back. Notice 三(三), 三(四), 附11."""

from __future__ import annotations

from typing import Any

import pytest

from resolvers import check, warnings
from resolvers.check import Checked
from tests.api.money import CHIEF, PASS, codes, ended, ledger, named, settle, stated
from tests.api.objections import PAPER, PERSON, decide, report, reported, take
from tests.api.scenes import Person, account, acts, enrolled, period, periods, seen
from tests.api.test_refunds import claim, figures
from tests.api.test_verdict_quality import counts, quality
from tests.audit.trail import entries, newest, sealed, verified
from tests.world import BUREAU, OFFICER, SCHOOL, World, id_number


async def terminated(world: World, cause: str = "DECEASED", **fields: Any) -> Person:
    """3000 a month, paid through 2019-06; on 2019-06-20 the unit ends the benefit: lost on 2019-05-10."""
    await world.at("2019-01-05").units()
    [person] = await enrolled(world, **fields)
    await world.officers(OFFICER, CHIEF)
    await account(world, PERSON, "PERSON", id_number=id_number(person.serial))
    await world.payroll("2019-05", "2019-06")
    await ended(world.at("2019-06-20"), person, "2019-05-10", cause)
    return person


async def basis(world: World, person: Person, month: str, as_of: str | None = None) -> str:
    found: str = (await world.entitlement(person.id, month, as_of))["basis"]
    return found


async def about(world: World, case: Any) -> tuple[bool, Any]:
    """Whether the case is about the termination, and its verdict."""
    document = "query($id: ID!) { node(id: $id) { ... on Objection { aboutTermination verdict { month } } } }"
    found = (await world.ask(document, {"id": case["id"]}, as_=OFFICER))["node"]
    return found["aboutTermination"], found["verdict"]


async def test_from_a_false_termination_to_the_paid_back_pay(world: World) -> None:
    """Unpaid in July and August, objected to on 20 August by the person, withdrawn the day after, paid in September.

    Another officer reviews it on the 22nd. June, paid before the termination, is no overpayment any more.
    """
    person = await terminated(world)
    assert (await claim(world, person))["outstanding"] == "3000.00"
    await world.payroll("2019-07", "2019-08")
    assert (await world.person(person.id))["paymentStatus"] == "TERMINATED"

    case = await reported(world.at("2019-08-20"), person, as_=PERSON)
    assert (case["lane"], case["dueAt"]) == ("FAST", "2019-08-23T09:00:00+08:00")
    assert await about(world, case) == (True, None)
    await take(world, case)
    ruled = await decide(world.at("2019-08-21"), case)
    assert (ruled["userErrors"], ruled["missing"], ruled["objection"]["falseRecords"]) == ([], [], [])
    opened = ruled["reinstatement"]
    assert opened == {"id": opened["id"], "status": "SUBMITTED", "months": ["2019-07", "2019-08"],
                      "amount": "6000.00", "submittedBy": OFFICER}  # fmt: skip
    row = await world.person(person.id)
    assert acts(row) == [("SERVICE_WINDOW", "NORMAL", "PASS")]
    assert periods(row) == ["2019-08..2020-08 SERVICE_WINDOW", "2019-01..2020-01 ENROLMENT"]
    assert (period(row), row["paymentStatus"]) == ("2019-08..2020-08 SERVICE_WINDOW", "SUSPENDED")
    assert await claim(world, person) is None
    assert await check.standings(world.context()) == Checked(1, [])

    assert codes(await world.at("2019-08-22").review(opened["id"])) == ["REVIEWER_IS_SUBMITTER"]
    approved = (await world.review(opened["id"], as_=CHIEF))["reinstatement"]
    assert (approved["status"], approved["amount"], approved["resumesFrom"]) == ("APPROVED", "6000.00", "2019-09")
    await world.payroll("2019-09")
    money = await world.money(person.id)
    assert ledger(money) == {
        "2019-05": "PAID 3000.00",
        "2019-06": "PAID 3000.00",
        "2019-07": "WITHHELD TERMINATED",
        "2019-08": "WITHHELD TERMINATED",
        "2019-09": "PAID 3000.00",
    }
    september = money["payments"][-1]
    assert (september["backPayFor"], september["total"]) == (["2019-07", "2019-08"], "9000.00")
    assert (money["paymentStatus"], money["overpayment"]) == ("PAYING", None)
    assert await check.standings(world.context()) == Checked(1, [])


async def test_it_reads_as_terminated_as_known_before_the_withdrawal(world: World) -> None:
    """And from then on as after a FAIL of 20 June: June was covered, July is held, and the stop says by what."""
    person = await terminated(world)
    await world.payroll("2019-07")
    case = await reported(world.at("2019-07-19"), person)
    await decide(world.at("2019-07-20"), case)
    months = ("2019-05", "2019-06", "2019-07", "2019-12")
    assert [await basis(world, person, m, "2019-07-19") for m in months] == ["COVERED", *["TERMINATED"] * 3]
    assert [await basis(world, person, m) for m in months] == ["COVERED", "COVERED", "SUSPENDED", "SUSPENDED"]
    facts = (await world.entitlement(person.id, "2019-07"))["facts"]
    assert [(fact["kind"], fact["text"]) for fact in facts[:2]] == [
        ("WITHDRAWAL", "2019年7月20日撤回待遇终止：补发业务复核通过前，按认定不通过暂停发放。"),
        ("ACT", "2019年7月20日窗口认证：生存状态“正常”，通过。"),
    ]
    [stop] = (await world.money(person.id))["stops"]
    assert (stop["basis"], stop["firstMonth"], stop["act"]["kind"]) == ("SUSPENDED", "2019-07", "WITHDRAWAL")


async def test_a_termination_withdrawn_in_its_own_month_costs_no_payment_that_was_not_missed(world: World) -> None:
    """As a FAIL that a PASS of the same month corrects: July is paid by itself, and there is nothing to reinstate."""
    person = await terminated(world)
    ruled = await decide(world, await reported(world.at("2019-06-25"), person))
    assert (ruled["reinstatement"], ruled["missing"]) == (None, [])
    await world.payroll("2019-07")
    assert ledger(await world.money(person.id))["2019-07"] == "PAID 3000.00"
    assert await check.standings(world.context()) == Checked(1, [])


async def test_a_month_that_its_own_payroll_missed_is_claimed(world: World) -> None:
    """Terminated on 2 July, before the payroll of July, and withdrawn on the 20th: nothing is held, July is owed."""
    await world.at("2019-01-05").units()
    [person] = await enrolled(world)
    await world.officers(OFFICER, CHIEF)
    await world.payroll("2019-06")
    await ended(world.at("2019-07-02"), person, "2019-06-10")
    await world.payroll("2019-07")
    opened = (await decide(world, await reported(world.at("2019-07-20"), person)))["reinstatement"]
    assert (opened["months"], opened["amount"]) == (["2019-07"], "3000.00")
    assert codes(await world.review(opened["id"], as_=CHIEF)) == []
    await world.payroll("2019-08")
    assert (await world.money(person.id))["payments"][-1]["total"] == "6000.00"


async def test_what_was_collected_because_of_it_is_to_be_given_back(world: World) -> None:
    """June was recovered; the termination withdrawn, it was owed."""
    person = await terminated(world)
    assert codes(await settle(world, person, "PAID_BACK", "3000.00")) == []
    await decide(world, await reported(world.at("2019-07-20"), person))
    assert figures(await claim(world, person)) == ("0.00", "0.00", "0.00", "3000.00")
    assert codes(await settle(world, person, "REFUNDED", "3000.00")) == []


async def test_a_raise_that_was_held_back_by_it_goes_out(world: World) -> None:
    """Announced between termination and withdrawal, from May on: June's goes out with August.

    Terminated on 2 July and withdrawn on the 20th, so that nothing was ever suspended.
    """
    await world.at("2019-01-05").units()
    [person] = await enrolled(world)
    await world.officers(OFFICER, CHIEF)
    await world.payroll("2019-05", "2019-06")
    await ended(world.at("2019-07-02"), person, "2019-05-10")
    await world.at("2019-07-03").raised(person.serial, "2019-05", "3100.00")
    await world.payroll("2019-07")
    await decide(world, await reported(world.at("2019-07-20"), person))
    await world.payroll("2019-08")
    july, august = (await world.money(person.id))["payments"][-2:]
    lines = [[(line["month"], line["kind"], line["amount"]) for line in one["lines"]] for one in (july, august)]
    assert lines == [[("2019-05", "ADJUSTMENT", "100.00")], [("2019-06", "ADJUSTMENT", "100.00")]]


@pytest.mark.parametrize("cause", ["MISSING", "IMPRISONED"])
async def test_the_missing_come_back_too_and_prison_is_refuted_by_no_visit(world: World, cause: str) -> None:
    """Whoever is seen was neither dead nor missing; what the person did before says nothing of prison."""
    person = await terminated(world, cause)
    await world.payroll("2019-07")  # with a verdict that rests on no loss
    answer = await report(world.at("2019-07-20"), person)
    assert codes(answer) == ([] if cause == "MISSING" else ["NOT_DECLARED_DEAD"])
    if answer["objection"]:
        assert (await decide(world, answer["objection"]))["reinstatement"]["months"] == ["2019-07"]


async def test_death_records_are_quarantined_with_it(world: World) -> None:
    """The record on which the unit believed the person dead: the machine does not declare the person dead again."""
    person = await terminated(world)
    await seen(world, (person, "justice", "cremation", "2019-05-10"))
    ruled = await decide(world, await reported(world.at("2019-07-02"), person))
    assert [record["kind"] for record in ruled["objection"]["falseRecords"]] == ["cremation"]
    await world.at("2019-07-04").publish("2019-06", release=True)
    assert (await world.person(person.id))["verdict"]["conclusion"] == "PENDING"


async def test_it_is_withdrawn_even_where_the_person_cannot_be_passed_yet(world: World) -> None:
    """Contact data are incomplete: suspended, and until the unit has passed the person no case is opened."""
    person = await terminated(world, residence_address="")
    await world.payroll("2019-07")
    ruled = await decide(world, await reported(world.at("2019-07-20"), person))
    assert [one["code"] for one in ruled["missing"]] == ["CONTACT_INCOMPLETE"]
    assert (await world.person(person.id))["paymentStatus"] == "SUSPENDED"
    assert codes(await world.request(person.id)) == ["PASS_REQUIRED_FIRST"]
    assert (await claim(world, person))["months"] == [{"month": "2019-06", "amount": "3000.00", "settled": "0.00"}]
    contact = {"residenceAddress": "青岛市崂山区海尔路60号"}
    await stated(world, person, {**PASS, "contact": contact})
    assert codes(await world.request(person.id)) == []
    assert await check.standings(world.context()) == Checked(1, [])


async def test_it_is_told_to_the_trail_and_to_whoever_follows_the_unit(world: World) -> None:
    person = await terminated(world)
    case = await reported(world.at("2019-07-20"), person)
    before = await newest(world)
    told = await world.owner.fetchval("SELECT count(*) FROM events WHERE topic = 'ROSTER'")
    await decide(world, case)
    found = [(one.action, one.username, one.version) for one in await entries(world, before)]
    assert found == [
        ("REINSTATEMENT_REQUESTED", OFFICER, None),
        ("TERMINATION_WITHDRAWN", OFFICER, 5),
        ("OBJECTION_DECIDED", OFFICER, 6),
    ]
    [withdrawn] = [one for one in await entries(world, before) if one.action == "TERMINATION_WITHDRAWN"]
    assert withdrawn.body["before"]["terminated_from"] == "2019-06"
    assert withdrawn.body["after"]["suspended_from"] == "2019-07"
    assert withdrawn.body["facts"] == {"objection": 1, "terminated_version": 4}
    assert await world.owner.fetchval("SELECT count(*) FROM events WHERE topic = 'ROSTER'") == told + 1
    await sealed(world)
    await verified(world)


async def test_a_withdrawal_is_seen_by_whoever_sees_the_person(world: World) -> None:
    """By the database's own rule: the unit, the person, an officer of the district, and nobody else."""
    person = await terminated(world)
    await world.units(BUREAU)
    await world.officers("officer-far", district="城阳区")
    await decide(world, await reported(world.at("2019-07-20"), person))
    found = {}
    for who in (SCHOOL, PERSON, OFFICER, BUREAU, "officer-far"):
        async with world.callers.reading((await world.viewer(who)).session) as connection:
            found[who] = len(await connection.fetch("SELECT * FROM termination_withdrawals"))
    assert found == {SCHOOL: 1, PERSON: 1, OFFICER: 1, BUREAU: 0, "officer-far": 0}


async def test_whoever_came_back_is_warned_again(world: World) -> None:
    """`recorded_dead` counts no withdrawn termination."""
    person = await terminated(world)
    assert await warnings.warn(world.at("2019-07-19").context()) == {}
    opened = (await decide(world, await reported(world.at("2019-07-20"), person)))["reinstatement"]
    assert await warnings.warn(world.context()) == {"SUSPENDED": 1}
    await world.review(opened["id"], as_=CHIEF)
    kinds = await world.owner.fetch("SELECT kind FROM warnings ORDER BY id")
    assert [row["kind"] for row in kinds] == ["SUSPENDED", "REINSTATED"]


async def test_a_benefit_that_came_back_may_end_once_more_and_come_back_once_more(world: World) -> None:
    person = await terminated(world)
    await decide(world, await reported(world.at("2019-06-25"), person))
    await ended(world.at("2019-08-02"), person, "2019-08-01")
    assert await basis(world, person, "2019-09") == "TERMINATED"
    assert codes(await report(world, person, kind="OTHER")) == []
    await decide(world, await reported(world.at("2019-08-03"), person))
    assert await basis(world, person, "2019-09") == "COVERED"
    assert await world.owner.fetchval("SELECT array_agg(place ORDER BY version) FROM terminations") == [1, 2]
    assert await check.standings(world.context()) == Checked(1, [])


async def test_what_is_refused(world: World) -> None:
    """Another district, no proof in person, a second objection at once, a second ruling, a second withdrawal."""
    person = await terminated(world)
    await world.officers("officer-far", district="城阳区")
    case = await reported(world.at("2019-07-20"), person, proofs=[PAPER])
    assert codes(await report(world, person, as_=PERSON)) == ["OBJECTION_OPEN"]
    assert named(await decide(world, case, as_="officer-far")) == [("NOT_FOUND", "input.objectionId")]
    assert named(await decide(world, case)) == [("PROOF_REQUIRED", "input.proofs")]
    for outcome in ("VERDICT_RIGHT", "RULE_WRONG"):
        assert codes(await decide(world, case, outcome)) == []
        assert await basis(world, person, "2019-07") == "TERMINATED"
        case = await reported(world, person)
    assert codes(await decide(world, case)) == []
    assert named(await decide(world, case)) == [("ALREADY_DECIDED", "input.objectionId")]
    assert codes(await report(world, person)) == ["NOT_DECLARED_DEAD"]  # nothing is terminated any more
    assert await world.owner.fetchval("SELECT count(*) FROM termination_withdrawals") == 1


async def test_an_objection_to_a_verdict_withdraws_no_termination(world: World) -> None:
    """It is another claim: the month of the verdict says which. The answer tells what to do instead."""
    await world.at("2019-01-05").units()
    [person] = await enrolled(world)
    await world.officers(OFFICER, CHIEF)
    await seen(world.at("2019-06-01"), (person, "justice", "cremation", "2019-05-02"))
    await world.at("2019-06-04").publish("2019-05", release=True)
    await ended(world.at("2019-06-20"), person, "2019-05-02")
    case = await reported(world, person, month="2019-05")
    assert await about(world, case) == (False, {"month": "2019-05"})
    ruled = await decide(world, case)
    assert [one["code"] for one in ruled["missing"]] == ["ALREADY_TERMINATED"]
    assert await basis(world, person, "2019-07") == "TERMINATED"
    assert codes(await decide(world, await reported(world, person))) == []
    assert await basis(world, person, "2019-07") == "COVERED"


async def test_a_death_that_was_none_was_not_missed(world: World) -> None:
    """The verdicts that said QUALIFIED were right after all."""
    await world.at("2019-01-05").units()
    [person] = await enrolled(world)
    await world.officers(OFFICER, CHIEF)
    await seen(world.at("2019-06-01"), (person, "transport", "rail_travel", "2019-05-20"))
    await world.at("2019-06-04").publish("2019-05", release=True)
    await ended(world.at("2019-06-20"), person, "2019-05-10")
    assert counts(await quality(world)) == {"2019-05": (0, 1)}
    await decide(world, await reported(world, person))
    assert counts(await quality(world)) == {}
