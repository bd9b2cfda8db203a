"""My standing: what a phone shows to one person, in one query and a fixed number of statements. Rules 3.6, 6."""

from __future__ import annotations

from argparse import Namespace
from typing import Any

import pytest

from commands.accounts import agency_contact
from resolvers import warnings
from resolvers.errors import Refused
from tests.api.objections import PERSON, decide, declared_dead, reported
from tests.api.scenes import Person, account, enrolled, judged, qualified, seen
from tests.api.test_statements import statements
from tests.faces import certify, claims, nonce, with_app
from tests.world import BUREAU, SCHOOL, World, id_number

MINE = """{ myStanding { today seen { kind label month }
    benefits {
      beneficiary { name unit { name } paymentStatus paidThrough certificationPeriod { startMonth endMonth method }
        verdict { conclusion description } certifications { edges { node { method result presence } } }
        warnings { kind text } reinstatement { status } }
      nextSteps { step by text }
      agency { district phone address hours } } } }"""


async def mine(world: World) -> Any:
    return (await world.ask(MINE, as_="person-1"))["myStanding"]


async def steps(world: World) -> list[tuple[str, str | None]]:
    [benefit] = (await mine(world))["benefits"]
    return [(step["step"], step["by"]) for step in benefit["nextSteps"]]


async def contact(world: World, **other: str) -> None:
    given = {"district": "市南区", "phone": "0532-12333", "address": "社保大厅", "hours": "工作日"}
    await agency_contact(world.context(), Namespace(**given | other))


async def test_everything_that_a_phone_shows(world: World) -> None:
    """Until when, what was seen, what comes next, whom to ask, what was warned of."""
    [person] = await judged(world, "QUALIFIED")
    await with_app(world, person)
    await contact(world)
    told = await mine(world)
    [benefit] = told["benefits"]
    assert told["today"] == "2019-06-05"
    assert told["seen"] == [{"kind": "rail_travel", "label": "铁路实名乘车", "month": "2019-05"}]
    assert benefit["beneficiary"]["paidThrough"] == "2020-05"
    assert benefit["agency"] == {"district": "市南区", "phone": "0532-12333", "address": "社保大厅", "hours": "工作日"}
    assert benefit["nextSteps"] == [
        {"step": "CERTIFY", "by": "2020-05-31",
         "text": "请通过手机APP、经办窗口或所在单位完成资格认证（截止2020年5月31日）"},
        {"step": "PAYROLL", "by": "2019-06-08", "text": "下一次发放核定日为2019年6月8日"},
    ]  # fmt: skip


async def test_an_open_verdict_is_the_units_to_answer_and_the_payday_moves_on(world: World) -> None:
    [person] = await judged(world, "PENDING")
    await with_app(world, person)
    assert await steps(world) == [("CERTIFY", "2020-01-31"), ("UNIT_ANSWERS", "2019-06-30"), ("PAYROLL", "2019-06-08")]
    world.at("2019-06-09")
    assert (await steps(world))[2] == ("PAYROLL", "2019-07-08")


async def test_after_a_face_check_the_next_step_is_a_year_away(world: World) -> None:
    """The act and what it left are seen at once."""
    [person] = await judged(world, "PENDING")
    faces = await with_app(world, person)
    await certify(world, person, faces.sign(claims(world, await nonce(world, person))))
    told = await mine(world)
    assert told["seen"][0] == {"kind": "app_face_check", "label": "手机APP人脸认证", "month": "2019-06"}
    assert await steps(world) == [("CERTIFY", "2020-06-30"), ("PAYROLL", "2019-06-08")]


async def test_the_way_back_after_a_fail(world: World) -> None:
    """Certify, have the case requested, wait for the review; no payday meanwhile. 三(三)."""
    [person] = await qualified(world)
    faces = await with_app(world, person)
    await world.officers()
    fail = {"beneficiaryId": person.node, "survivalStatus": "MISSING", "occurredOn": "2019-06-03"}
    await world.act("overrideVerdict", fail)
    world.at("2019-09-10").phone.instant = world.clock.instant
    assert await steps(world) == [("CERTIFY", None)]
    await certify(world, person, faces.sign(claims(world, await nonce(world, person))))
    assert await steps(world) == [("REQUEST_REINSTATEMENT", None)]
    case = (await world.request(person.id))["reinstatement"]["id"]
    assert await steps(world) == [("AWAIT_REVIEW", None)]
    await world.review(case)
    assert await steps(world) == [("CERTIFY", "2020-09-30"), ("PAYROLL", "2019-10-08")]


async def test_a_fail_of_this_month_can_still_be_undone(world: World) -> None:
    """June is paid; the phone says what to do, and that July is not."""
    [person] = await qualified(world)
    await with_app(world, person)
    fail = {"beneficiaryId": person.node, "survivalStatus": "MISSING", "occurredOn": "2019-06-03"}
    await world.act("overrideVerdict", fail)
    assert await steps(world) == [("CERTIFY", None), ("PAYROLL", "2019-06-08")]


async def test_who_lapsed_certifies_as_soon_as_possible(world: World) -> None:
    await world.units()
    [person] = await enrolled(world)
    await with_app(world, person)
    assert await steps(world.at("2020-02-10")) == [("CERTIFY", None)]


async def test_whoever_was_declared_dead_is_told_so(world: World) -> None:
    """No message goes to somebody recorded dead; nothing is kept from whoever asks: the record, and the way back."""
    [person] = await judged(world, "DISQUALIFIED")
    await with_app(world, person)
    await warnings.warn(world.context())
    told = await mine(world)
    assert told["seen"] == [{"kind": "cremation", "label": "火化记录", "month": "2019-05"}]
    [benefit] = told["benefits"]
    assert benefit["beneficiary"]["warnings"] == []
    assert benefit["beneficiary"]["verdict"]["conclusion"] == "DISQUALIFIED"
    assert [step["step"] for step in benefit["nextSteps"]] == ["CERTIFY", "UNIT_ANSWERS", "PAYROLL"]


async def test_what_was_found_wrong_and_who_gave_a_hint_is_not_shown(world: World) -> None:
    """Nor what is older than a year; the same kind in a month is one line."""
    await world.units()
    [person] = await enrolled(world)
    await with_app(world, person)
    world.at("2019-06-01")
    for source, kind, day in (
        ("human_resources", "tip_off", "2019-05-01"),
        ("transport", "rail_travel", "2019-05-01"),
        ("transport", "rail_travel", "2019-05-20"),
        ("health", "vaccination", "2018-06-01"),
        ("health", "vaccination", "2018-05-31"),
        ("justice", "cremation", "2019-05-02"),
    ):
        await seen(world, (person, source, kind, day))
    await world.owner.execute(
        "INSERT INTO evidence_found_wrong SELECT id, '错', now() FROM evidence WHERE kind = 'cremation'"
    )
    assert [(one["kind"], one["month"]) for one in (await mine(world))["seen"]] == [
        ("rail_travel", "2019-05"), ("vaccination", "2018-06")
    ]  # fmt: skip


async def test_what_a_ruling_quarantined_is_not_shown(world: World) -> None:
    """三(四): the agency has found that it was never theirs."""
    [person] = await declared_dead(world)
    await seen(world, (person, "transport", "rail_travel", "2019-06-01"))
    await decide(world, await reported(world, person))
    [own] = (await world.ask(MINE, as_=PERSON))["myStanding"]["seen"]
    assert (own["kind"], own["month"]) == ("rail_travel", "2019-06")


async def test_two_benefits_take_the_same_statements_as_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number of benefits, records and warnings."""
    await world.units(SCHOOL, BUREAU)
    [person] = await enrolled(world)
    await with_app(world, person)
    await contact(world)
    counts = []
    for number in (1, 2):
        await warnings.warn(world.at("2019-11-01").context())
        headers = await world.token("person-1")
        told, asked = await statements(world, monkeypatch, MINE, {}, headers)
        units = [benefit["beneficiary"]["unit"]["name"] for benefit in told["myStanding"]["benefits"]]
        assert units == [f"单位{SCHOOL}", f"单位{BUREAU}"][:number]
        counts.append(len(asked))
        await enrolled(world, unit=BUREAU)
    assert counts == [STATEMENTS, STATEMENTS]


async def test_units_of_benefits_are_looked_up_however_many_there_are(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A join that goes through all units asks of each whether it is the caller's: fourteen milliseconds of 2,000."""
    await world.units(SCHOOL, BUREAU)
    [person] = await enrolled(world)
    await with_app(world, person)
    headers = await world.token("person-1")
    _, [asked] = await statements(world, monkeypatch, "{ benefits { id unit { name } } }", {}, headers)
    session = await world.owner.fetchval("SELECT id FROM sessions ORDER BY began_at DESC LIMIT 1")
    async with world.callers.connection() as connection, connection.transaction():
        # Any other join would be taken, if there were one; two units would not be looked up by an index.
        await connection.execute("SET LOCAL enable_nestloop = off; SET LOCAL enable_seqscan = off")
        plan = await connection.fetch(f"EXPLAIN {asked}", session)
    told = "\n".join(row[0] for row in plan)
    assert "Index Cond: (id = b.unit_id)" in told
    assert "Merge Join" not in told and "Hash Join" not in told


STATEMENTS = 7
"""The benefits with their units, what was seen, agencies, certifications, warnings, open cases and what they hold."""


async def test_it_is_a_persons_only(world: World) -> None:
    await world.units()
    for as_ in (SCHOOL, await account(world, "auditor", "AUDITOR")):
        [error] = await world.errors("{ myStanding { today } }", as_=as_)
        assert error["extensions"]["code"] == "FORBIDDEN"


async def test_nobody_sees_what_was_recorded_of_another(world: World) -> None:
    first, second = await judged(world, "QUALIFIED", "DISQUALIFIED")
    await with_app(world, first)
    await account(world, "stranger", "PERSON", id_number=id_number(900))
    assert [one["kind"] for one in (await mine(world))["seen"]] == ["rail_travel"]
    assert (await world.ask(MINE, as_="stranger"))["myStanding"] == {"today": "2019-06-05", "seen": [], "benefits": []}
    assert second != first


async def test_a_contact_is_kept_anew_and_is_plain_text(world: World) -> None:
    await world.units()
    [person] = await enrolled(world)
    await with_app(world, person)
    assert (await mine(world))["benefits"][0]["agency"] is None
    await contact(world)
    await contact(world, phone="0532-85911200")
    assert (await mine(world))["benefits"][0]["agency"]["phone"] == "0532-85911200"
    with pytest.raises(Refused):
        await contact(world, hours=" ")
    assert isinstance(person, Person)
