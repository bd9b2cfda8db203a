"""`confirmCertification`. Notice 一(五), 四(一)."""

from tests.api.scenes import acts, enrolled, judged, period, periods, qualified, saved, seen
from tests.world import HANDLER, World, node_id


async def test_confirming_a_qualified_person_restarts_the_period_this_month(world: World) -> None:
    """单位每年至少确认一次认证信息…每确认一次，认证服务期开始时间就会自动更新，服务期相应递延。"""
    await world.units()
    person = await world.enrol(1, certified_in="2018-12")
    await world.at("2019-06-01").evidence(1, "rail_travel", "2019-05-20")
    await world.at("2019-06-04").publish("2019-05")
    answer = await world.at("2019-06-05").act("confirmCertification", {"beneficiaryId": node_id(person)})
    assert answer["userErrors"] == []
    assert answer["renewed"] == 1
    [row] = answer["beneficiaries"]
    assert row["certificationPeriod"] == {"startMonth": "2019-06", "endMonth": "2020-06", "method": "CONFIRM"}
    assert row["paidThrough"] == "2020-06"
    assert row["verdict"]["answered"] is True
    assert await world.person(person) == row


async def test_the_row_before_an_act_is_what_the_verdict_made_it(world: World) -> None:
    """A QUALIFIED verdict of May renews from the month of its last activity, on publication (rules 2.4)."""
    [person] = await qualified(world)
    row = await world.person(person.id)
    assert row["version"] == 2
    assert periods(row) == ["2019-05..2020-05 VERDICT", "2019-01..2020-01 ENROLMENT"]
    assert row["paidThrough"] == "2020-05"
    assert row["paymentStatus"] == "PAYING"
    assert row["verdict"]["month"] == "2019-05"
    assert row["verdict"]["publishedOn"] == "2019-06-04"
    assert row["verdict"]["lastActivity"] == {"kind": "rail_travel", "month": "2019-05"}
    assert row["verdict"]["answered"] is False
    assert row["answerBy"] is None
    assert acts(row) == []


async def test_a_confirmation_is_kept_with_who_when_and_on_which_verdict(world: World) -> None:
    """`Certification`: one recorded act: who, when, how, on which verdict, with what result (rules 1)."""
    [person] = await qualified(world)
    await world.at("2019-06-05", hour=14).act("confirmCertification", {"beneficiaryId": person.node})
    row = await world.person(person.id)
    assert row["version"] == 3
    assert acts(row) == [("CONFIRM", "NORMAL", "PASS")]
    [edge] = row["certifications"]["edges"]
    assert edge["node"]["at"] == "2019-06-05T14:00:00+08:00"
    assert edge["node"]["handlerName"] == HANDLER["name"]
    assert edge["node"]["reason"] is None
    document = "query($id: ID!) { node(id: $id) { ... on Certification { verdictMonth occurredOn } } }"
    found = await world.ask(document, {"id": edge["node"]["id"]})
    assert found["node"] == {"verdictMonth": "2019-05", "occurredOn": None}


async def test_every_period_stays_readable_as_it_was_opened(world: World) -> None:
    """Periods are history: a renewed one stays readable with what it said before (rules 2.6)."""
    [person] = await qualified(world)
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    row = await world.person(person.id)
    assert periods(row) == [
        "2019-06..2020-06 CONFIRM",
        "2019-05..2020-05 VERDICT",
        "2019-01..2020-01 ENROLMENT",
    ]


async def test_a_second_confirmation_in_the_month_leaves_the_period_and_is_recorded(world: World) -> None:
    """A second pass in the same month leaves the period as it is; the act is still recorded (rules 2.3)."""
    [person] = await qualified(world)
    first = await world.act("confirmCertification", {"beneficiaryId": person.node})
    second = await world.at("2019-06-30").act("confirmCertification", {"beneficiaryId": person.node})
    assert (first["renewed"], second["renewed"]) == (1, 0)
    [row] = second["beneficiaries"]
    assert period(row) == "2019-06..2020-06 CONFIRM"
    assert len(periods(row)) == 3
    assert acts(row) == [("CONFIRM", "NORMAL", "PASS")] * 2
    assert row["version"] == 4


async def test_the_yearly_duty_starts_again_with_a_confirmation_only(world: World) -> None:
    """单位每年至少确认一次: `confirmBy` is a clock beside the period, and no verdict winds it (rules 2.7)."""
    [person] = await qualified(world)
    assert (await world.person(person.id))["confirmBy"] == "2020-01-31"
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    assert (await world.person(person.id))["confirmBy"] == "2020-06-30"


async def test_contact_edits_are_saved_with_the_confirmation(world: World) -> None:
    """Contact edits saved with it (rules 4, submit); what is left out stays, and blanks around are cut."""
    [person] = await qualified(world, phone="", residence_address="")
    edit = {"phone": " 0532-85911234 ", "residenceAddress": "青岛市崂山区海尔路60号"}
    answer = await world.act("confirmCertification", {"beneficiaryId": person.node, "contact": edit})
    assert answer["userErrors"] == []
    row = await world.person(person.id)
    assert row["phone"] == "0532-85911234"
    assert row["householdAddress"] == "青岛市市南区香港中路1号"
    assert row["residenceAddress"] == "青岛市崂山区海尔路60号"
    assert row["contactComplete"] is True


async def test_the_version_that_was_seen_is_accepted(world: World) -> None:
    """Rows carry a `version`; acting on what was read is not stale (rules 4)."""
    [person] = await qualified(world)
    answer = await world.act("confirmCertification", {"beneficiaryId": person.node, "version": 2})
    assert answer["userErrors"] == []
    assert [row["version"] for row in answer["beneficiaries"]] == [3]


async def test_a_survivors_period_is_six_months(world: World) -> None:
    """SURVIVOR 6 months: passed 2019-06, through 2019-12, stopped from 2020-01 (rules 2.2)."""
    [person] = await qualified(world, category="SURVIVOR")
    assert period(await world.person(person.id)) == "2019-05..2019-11 VERDICT"
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    assert period(await world.person(person.id)) == "2019-06..2019-12 CONFIRM"
    assert (await world.at("2019-12-31").person(person.id))["paymentStatus"] == "PAYING"
    stopped = await world.at("2020-01-01").person(person.id)
    assert (stopped["paymentStatus"], stopped["paidThrough"], period(stopped)) == ("LAPSED", "2019-12", None)


async def test_somebody_who_lapsed_is_paid_again_from_the_month_of_the_pass(world: World) -> None:
    """LAPSED: a later pass makes the months from the pass payable again by itself (rules 5.3)."""
    await world.units()
    [person] = await enrolled(world, certified_in="2018-04")
    lapsed = await world.at("2019-06-05").person(person.id)
    assert (lapsed["paymentStatus"], lapsed["paidThrough"], period(lapsed)) == ("LAPSED", "2019-04", None)
    await seen(world, (person, "transport", "rail_travel", "2018-12-01"))
    await world.publish("2019-05")
    after = await world.person(person.id)
    assert (after["paymentStatus"], period(after)) == ("PAYING", "2018-12..2019-12 VERDICT")
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    after = await world.person(person.id)
    assert (after["paymentStatus"], after["paidThrough"]) == ("PAYING", "2020-06")
    assert period(after) == "2019-06..2020-06 CONFIRM"


async def test_an_act_touches_nobody_else(world: World) -> None:
    """大数据认证为每人设立独立的认证服务期: the neighbour's row stays as it is."""
    person, neighbour = await judged(world, "QUALIFIED", "PENDING")
    before = await world.person(neighbour.id)
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    assert await world.person(neighbour.id) == before


async def test_reading_saves_nothing(world: World) -> None:
    """What depends on today's date is derived when read and never stored."""
    [person] = await qualified(world)
    before = await saved(world)
    assert (await world.at("2021-01-01").person(person.id))["paymentStatus"] == "LAPSED"
    assert await saved(world) == before
