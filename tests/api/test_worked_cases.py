"""The worked cases of the rules (section 7) through the API, from the import of evidence to the first unpaid month."""

from tests.api.scenes import Person, enrolled, judged, period, qualified, seen
from tests.world import World

PASS = {"survivalStatus": "NORMAL"}
DEATH = {"survivalStatus": "DECEASED", "occurredOn": "2019-06-10"}


async def first_unpaid(world: World, person: Person, *months: str) -> str | None:
    """The first of the months whose first day does not read PAYING."""
    for month in months:
        if (await world.at(f"{month}-01").person(person.id))["paymentStatus"] != "PAYING":
            return month
    return None


async def test_case_1_a_retiree_confirmed_in_june(world: World) -> None:
    """1: retiree confirmed 2019-06-05: period 2019-06..2020-06; first unpaid 2020-07."""
    [person] = await qualified(world)
    await world.at("2019-06-05").act("confirmCertification", {"beneficiaryId": person.node})
    assert period(await world.person(person.id)) == "2019-06..2020-06 CONFIRM"
    assert await first_unpaid(world, person, "2019-07", "2020-05", "2020-06", "2020-07") == "2020-07"


async def test_case_2_a_survivor_batch_passed_at_the_end_of_june(world: World) -> None:
    """2: survivor batch-passed 2019-06-30: 2019-06..2019-12; first unpaid 2020-01."""
    [person] = await judged(world, "PENDING", category="SURVIVOR")
    await world.at("2019-06-30", hour=23).act("batchPass", {"page": [{"beneficiaryId": person.node}]})
    assert period(await world.person(person.id)) == "2019-06..2019-12 BATCH_PASS"
    assert await first_unpaid(world, person, "2019-07", "2019-12", "2020-01") == "2020-01"


async def test_case_3_a_retiree_confirmed_again_in_september(world: World) -> None:
    """3: retiree 2019-06..2020-06, confirmed again 2019-09: 2019-09..2020-09 (not 2021-06)."""
    [person] = await qualified(world)
    await world.at("2019-06-05").act("confirmCertification", {"beneficiaryId": person.node})
    await world.at("2019-09-10").act("confirmCertification", {"beneficiaryId": person.node})
    row = await world.person(person.id)
    assert (period(row), row["paidThrough"]) == ("2019-09..2020-09 CONFIRM", "2020-09")
    assert await first_unpaid(world, person, "2020-07", "2020-09", "2020-10", "2021-06") == "2020-10"


async def qualified_in_march(world: World, certified_in: str) -> Person:
    """A retiree whose last activity was on 11 March, in the verdict of May that is published on 4 June."""
    await world.units()
    [person] = await enrolled(world.at("2019-05-01"), certified_in=certified_in)
    await seen(world, (person, "transport", "rail_travel", "2019-03-11"))
    await world.at("2019-06-04").publish("2019-05")
    return person


async def test_case_4_a_verdict_renews_from_the_month_of_the_last_activity(world: World) -> None:
    """4: QUALIFIED for 2019-05, last activity 2019-03-11, running period to 2019-12: 2019-03..2020-03."""
    person = await qualified_in_march(world, "2018-12")
    row = await world.person(person.id)
    assert (period(row), row["paidThrough"]) == ("2019-03..2020-03 VERDICT", "2020-03")
    assert row["verdict"]["conclusion"] == "QUALIFIED"
    assert row["verdict"]["lastActivity"] == {"kind": "rail_travel", "month": "2019-03"}
    assert await first_unpaid(world, person, "2020-01", "2020-03", "2020-04") == "2020-04"


async def test_case_5_a_verdict_does_not_shorten_a_longer_period(world: World) -> None:
    """5: the same, but running period to 2020-04: stays to 2020-04."""
    person = await qualified_in_march(world, "2019-04")
    row = await world.person(person.id)
    assert (period(row), row["paidThrough"]) == ("2019-04..2020-04 ENROLMENT", "2020-04")
    assert row["verdict"]["conclusion"] == "QUALIFIED"
    assert await first_unpaid(world, person, "2020-04", "2020-05") == "2020-05"


async def failed_on_20_june(world: World) -> Person:
    [person] = await qualified(world)
    await world.at("2019-06-05").act("confirmCertification", {"beneficiaryId": person.node})
    await world.at("2019-06-20").act("overrideVerdict", {"beneficiaryId": person.node, **DEATH})
    return person


async def test_case_6_a_fail_in_june_suspends_from_july(world: World) -> None:
    """6: overridden FAIL (DECEASED 2019-06-10) on 2019-06-20: period ends 2019-06; SUSPENDED from 2019-07."""
    person = await failed_on_20_june(world)
    row = await world.person(person.id)
    assert (period(row), row["paidThrough"], row["paymentStatus"]) == ("2019-06..2019-06 CONFIRM", "2019-06", "PAYING")
    assert (await world.at("2019-06-30").person(person.id))["paymentStatus"] == "PAYING"
    assert (await world.at("2019-07-01").person(person.id))["paymentStatus"] == "SUSPENDED"
    assert (await world.at("2020-07-01").person(person.id))["paymentStatus"] == "SUSPENDED"


async def test_case_7_a_pass_in_the_month_of_the_fail_never_suspends(world: World) -> None:
    """7: case 6, PASS again on 2019-06-28: 2019-06..2020-06, never suspended."""
    person = await failed_on_20_june(world)
    await world.at("2019-06-28").act("overrideVerdict", {"beneficiaryId": person.node, **PASS})
    row = await world.person(person.id)
    assert (period(row), row["paidThrough"]) == ("2019-06..2020-06 OVERRIDE", "2020-06")
    assert await first_unpaid(world, person, "2019-07", "2019-12", "2020-06", "2020-07") == "2020-07"
    assert (await world.person(person.id))["paymentStatus"] == "LAPSED"


async def test_case_8_a_pass_in_september_waits_for_the_reinstatement(world: World) -> None:
    """8, as far as the unit's acts go: case 6, PASS on 2019-09-10: held until a reinstatement is approved."""
    person = await failed_on_20_june(world)
    await world.at("2019-09-10").act("overrideVerdict", {"beneficiaryId": person.node, **PASS})
    row = await world.person(person.id)
    assert (period(row), row["paidThrough"]) == ("2019-09..2020-09 OVERRIDE", "2019-06")
    assert row["paymentStatus"] == "SUSPENDED"
    assert (await world.at("2019-10-01").person(person.id))["paymentStatus"] == "SUSPENDED"


async def test_case_12_a_loss_contradicted_by_a_later_journey_is_pending(world: World) -> None:
    """12: cremation record 2019-05-02, rail gate 2019-05-20: PENDING, conflict."""
    [person] = await judged(world, "CONFLICT")
    row = await world.person(person.id)
    assert row["verdict"]["conclusion"] == "PENDING"
    assert row["verdict"]["description"].startswith("数据相互矛盾")
    assert (row["answerBy"], period(row)) == ("2019-06-30", "2019-01..2020-01 ENROLMENT")
