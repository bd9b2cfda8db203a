"""Cases on one false record: the first ruling decides them, or shows their officer that it was made. 三(四)."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.api.money import CHIEF, codes, named, stated
from tests.api.objections import PERSON, decide, declared_dead, listed, reported, take
from tests.api.scenes import Person, account, acts, enrolled, seen
from tests.audit.trail import entries, newest
from tests.world import BUREAU, OFFICER, SCHOOL, World

FAR = "officer-far"
EARLIER = """
query($id: ID!) { node(id: $id) { ... on Objection {
  status overdue dueAt earlierRuling { id kind label month decidedOn district objection { id } } } } }
"""
WITH = """
query($id: ID!) { node(id: $id) { ... on Objection {
  status outcome reason owner decidedWith { id } falseRecords { kind } reinstatement { id } } } }
"""


async def of_two_months(world: World, **second: Any) -> tuple[Person, Any, Any]:
    """DISQUALIFIED for May and for June by one cremation, reported for each on 5 July: the two cases."""
    [person] = await declared_dead(world)
    await world.at("2019-07-04").publish("2019-06", release=True)
    may = await reported(world.at("2019-07-05"), person, month="2019-05")
    june = await reported(world, person, **{"month": "2019-06", **second})
    return person, may, june


async def shown(world: World, document: str, case: Any, *, as_: str = OFFICER) -> Any:
    return (await world.ask(document, {"id": case["id"]}, as_=as_))["node"]


async def test_the_cases_of_other_months_are_decided_in_the_same_step(world: World) -> None:
    """With the same outcome, for a reason that names the first, which alone passes the person."""
    person, may, june = await of_two_months(world)
    await take(world, june, as_=CHIEF)
    since = await newest(world)
    ruled = await decide(world, may, reason="火化记录属他人")
    assert ruled["userErrors"] == []
    assert [one["id"] for one in ruled["alsoDecided"]] == [june["id"]]
    for as_ in (SCHOOL, PERSON, OFFICER):
        assert await shown(world, WITH, june, as_=as_) == {
            "status": "DECIDED",
            "outcome": "DATA_WRONG",
            "reason": "与2019年5月认证结论的异议一并裁决：火化记录属他人",
            "owner": OFFICER,
            "decidedWith": {"id": may["id"]},
            "falseRecords": [],
            "reinstatement": None,
        }
    assert (await shown(world, WITH, may))["decidedWith"] is None
    assert (await listed(world, status="REPORTED"))["totalCount"] == 0
    assert acts(await world.person(person.id)) == [("SERVICE_WINDOW", "NORMAL", "PASS")]
    told = [(one.action, one.body["facts"].get("objection"), one.body["facts"].get("decided_with"))
            for one in await entries(world, since)]  # fmt: skip
    assert told == [("OBJECTION_DECIDED", 1, None), ("OBJECTION_DECIDED", 2, 1)]


async def test_of_two_rulings_at_the_same_moment_one_decides_both(world: World) -> None:
    """Whichever comes first; the person is passed once."""
    person, may, june = await of_two_months(world)
    answers = await asyncio.gather(decide(world, may), decide(world, june, as_=CHIEF))
    assert sorted(code for answer in answers for code in codes(answer)) == ["ALREADY_DECIDED"]
    assert (await listed(world, status="DECIDED"))["totalCount"] == 2
    assert acts(await world.person(person.id)) == [("SERVICE_WINDOW", "NORMAL", "PASS")]


async def test_a_verdict_that_rests_on_another_record_stays_open(world: World) -> None:
    """A judgment is no record of a death: what it says is for its own ruling."""
    [person] = await declared_dead(world)
    await seen(world.at("2019-07-01"), (person, "justice", "effective_judgment", "2019-06-10"))
    await world.at("2019-07-04").publish("2019-06", release=True)
    may = await reported(world.at("2019-07-05"), person, month="2019-05")
    june = await reported(world, person, month="2019-06")
    assert (await decide(world, may))["alsoDecided"] == []
    assert (await shown(world, EARLIER, june))["status"] == "REPORTED"


async def test_another_kind_or_outcome_decides_nothing_else(world: World) -> None:
    """An objection of another kind asks something else; a right verdict of May says nothing of June's."""
    _, may, june = await of_two_months(world)
    assert (await decide(world, may, "VERDICT_RIGHT"))["alsoDecided"] == []
    assert (await shown(world, EARLIER, june))["status"] == "REPORTED"


async def test_an_objection_of_another_kind_stays_open(world: World) -> None:
    _, may, june = await of_two_months(world, kind="WRONG_PERSON", proofs=[])
    assert (await decide(world, may))["alsoDecided"] == []
    assert (await shown(world, EARLIER, june))["status"] == "REPORTED"


async def test_a_statement_of_death_is_answered_for_every_month(world: World) -> None:
    """Nobody's record: the ruling's PASS undoes the statement that both cases are about."""
    await world.at("2019-01-05").units()
    [person] = await enrolled(world)
    await world.officers()
    await world.at("2019-06-04").publish("2019-05")
    await stated(world, person, {"survivalStatus": "DECEASED", "occurredOn": "2019-06-10"}, "2019-06-20")
    await world.at("2019-07-04").publish("2019-06")
    may = await reported(world.at("2019-07-05"), person, month="2019-05")
    june = await reported(world, person, month="2019-06")
    await world.owner.execute("UPDATE beneficiaries SET phone = NULL")
    first = await decide(world, may)
    assert ([error["code"] for error in first["missing"]], first["alsoDecided"]) == (["CONTACT_INCOMPLETE"], [])
    await world.owner.execute("UPDATE beneficiaries SET phone = '13800001234'")
    may = await reported(world, person, month="2019-05")
    assert [one["id"] for one in (await decide(world, may))["alsoDecided"]] == [june["id"]]


async def of_two_districts(world: World) -> tuple[Any, Any]:
    """One person's retirement in one district and a survivor's benefit in another, both called dead, both reported."""
    await world.at("2019-01-05").units()
    bureau = {"si_number": BUREAU, "name": "城阳区单位", "district": "城阳区"}
    await world.load("units", [bureau])
    blank = {"district": "", "id_number": "", "password": "Renzheng-2019"}
    await world.load("accounts", [{"username": BUREAU, "role": "UNIT", "unit_si_number": BUREAU, **blank}])
    [own] = await enrolled(world)
    [other] = await enrolled(world, unit=BUREAU, category="SURVIVOR")
    await world.officers()
    await world.officers(FAR, district="城阳区")
    await seen(world.at("2019-06-01"), (own, "justice", "cremation", "2019-05-02"))
    await world.at("2019-06-04").publish("2019-05", release=True)
    world.at("2019-06-05")
    return await reported(world, own), await reported(world, other, as_=BUREAU)


async def test_the_officer_of_another_benefit_sees_the_ruling_and_its_own_hours_remain(world: World) -> None:
    """Which record, when, and where; the case itself is the other district's to read."""
    here, far = await of_two_districts(world)
    assert (await shown(world, EARLIER, far, as_=FAR))["earlierRuling"] is None
    ruled = await decide(world.at("2019-06-06"), here)
    assert ruled["alsoDecided"] == []
    seen_by_far = await shown(world, EARLIER, far, as_=FAR)
    id = seen_by_far["earlierRuling"].pop("id")
    assert id
    assert seen_by_far == {
        "status": "REPORTED",
        "overdue": False,
        "dueAt": "2019-06-08T09:00:00+08:00",
        "earlierRuling": {"kind": "cremation", "label": "火化记录", "month": "2019-05", "decidedOn": "2019-06-06",
                          "district": "市南区", "objection": None},
    }  # fmt: skip
    await account(world, "auditor", "AUDITOR")
    assert (await shown(world, EARLIER, far, as_="auditor"))["earlierRuling"]["objection"] == {"id": here["id"]}
    assert (await shown(world, EARLIER, here))["earlierRuling"] is None  # its own
    assert codes(await decide(world, far, as_=FAR)) == []
    assert named(await take(world, far, as_=FAR)) == [("ALREADY_DECIDED", "input.objectionId")]


async def test_who_objects_is_not_shown_the_other_case(world: World) -> None:
    """Another benefit is another unit's, and its ruling is not theirs to read."""
    _, far = await of_two_districts(world)
    [error] = await world.errors(EARLIER, {"id": far["id"]}, as_=BUREAU)
    assert error["extensions"]["code"] == "FORBIDDEN"


async def test_under_a_key_the_answer_is_given_again(world: World) -> None:
    _, may, _ = await of_two_months(world)
    first = await decide(world, may, idempotencyKey="k-1")
    assert await decide(world, may, idempotencyKey="k-1") == first
    assert len(first["alsoDecided"]) == 1
