"""The monthly run: `assess`, `publish`, `found-wrong`, `verify-standings`. Notice 一(三), 一(四)."""

from __future__ import annotations

import asyncio
from argparse import Namespace

import pytest

from commands import monthly
from domain.month import Month
from domain.standing import Standing
from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from resolvers import batch
from resolvers.errors import Refused
from storage import standings
from tests.commands.files import Desk
from tests.policies import amended
from tests.world import World, id_number


@pytest.fixture
async def school(world: World) -> World:
    """The school on 2019-06-04, its person 1 with a rail gate in March and a period 2018-12..2019-12."""
    await world.at("2019-05-31").units()
    await world.enrol(1, certified_in="2018-12")
    await world.evidence(1, "rail_travel", "2019-03-11")
    return world.at("2019-06-04")


async def row(world: World, id: int = 1) -> Standing:
    async with world.database.reading() as connection:
        return (await standings.by_id(connection, [id]))[id]


def spans(person: Standing) -> tuple[str, str]:
    """The period on the row, and the last month paid."""
    assert person.period is not None
    return f"{person.period.start}..{person.period.end}", str(person.paid_through)


async def test_a_month_is_assessed_after_its_end(school: World) -> None:
    """What may still happen in a month is not concluded about."""
    with pytest.raises(Refused, match=r"^2019-05 has not ended; it can be assessed from 2019-06-01 on$"):
        await school.at("2019-05-31", hour=23).assess("2019-05")
    assert await school.at("2019-06-01", hour=0).assess("2019-05") == {"QUALIFIED": 1}


async def test_a_month_is_published_from_the_4th_of_the_next_on(school: World) -> None:
    """Notice 一(四): 每月4日."""
    await school.at("2019-06-03", hour=23).assess("2019-05")
    with pytest.raises(
        Refused, match=r"^the verdicts of 2019-05 are published from 2019-06-04 on; today is 2019-06-03"
    ):
        await school.publish_only("2019-05")
    published = await school.at("2019-06-04", hour=0).publish_only("2019-05")
    assert (published.people, published.renewed, published.earlier) == (1, 1, False)


async def test_a_month_without_an_assessment_is_not_published(school: World) -> None:
    """The message names the command that comes first."""
    with pytest.raises(Refused, match=r"^2019-05 is not assessed; run: assess 2019-05$"):
        await school.publish_only("2019-05")


async def test_publishing_twice_changes_nothing(school: World) -> None:
    """Neither the rows nor the day of publication."""
    await school.publish("2019-05")
    desk = Desk(school)
    before = await desk.dump()
    assert (await school.at("2019-06-05").publish_only("2019-05")).earlier
    assert await desk.dump() == before


async def test_a_published_month_is_not_assessed_again(school: World) -> None:
    """Its verdicts stand; new evidence speaks in the next month."""
    await school.publish("2019-05")
    before = await Desk(school).dump()
    with pytest.raises(Refused, match=r"^2019-05 is published; its verdicts stand$"):
        await school.assess("2019-05")
    assert await Desk(school).dump() == before


@pytest.mark.parametrize("month", ["2017-12", "0001-01"])
async def test_a_month_before_the_policy_is_refused(school: World, month: str) -> None:
    """The trial rules begin with 2018; nobody knows by which values an earlier month would be judged."""
    for run in (school.assess, school.publish_only):
        with pytest.raises(Refused, match="the policy has no values before 2018-01-01"):
            await run(month)


async def test_the_last_month_of_the_calendar_has_not_ended(school: World) -> None:
    """A mistyped year is refused like any other month to come."""
    for run in (school.assess, school.publish_only):
        with pytest.raises(Refused, match="9999-12"):
            await run("9999-12")


async def test_case_4_a_verdict_renews_from_the_month_of_the_last_activity(school: World) -> None:
    """rules.md 7: last activity 2019-03-11, published 2019-06-04, running period to 2019-12: 2019-03..2020-03."""
    await school.publish("2019-05")
    assert spans(await row(school)) == ("2019-03..2020-03", "2020-03")


async def test_publishing_at_the_same_time_is_publishing_once(school: World) -> None:
    """Two operators, or an operator and the calendar: one of them finds it done."""
    await school.assess("2019-05")
    results = await asyncio.gather(*(school.publish_only("2019-05") for _ in range(4)))
    assert sorted(result.earlier for result in results) == [False, True, True, True]
    owner = school.owner
    assert await owner.fetchval("SELECT count(*) FROM verdicts") == 1
    assert await owner.fetchval("SELECT count(*) FROM certification_periods") == 2


async def test_assessing_and_publishing_at_the_same_time_follow_one_another(school: World) -> None:
    """Whoever is second is refused or finds the month published; no draft is left behind."""
    await school.assess("2019-05")
    results = await asyncio.gather(
        *(run("2019-05") for run in (school.assess, school.publish_only, school.assess, school.publish_only)),
        return_exceptions=True,
    )
    assert [result for result in results if isinstance(result, Exception) and not isinstance(result, Refused)] == []
    owner = school.owner
    assert await owner.fetchval("SELECT count(*) FROM verdicts") == 1
    assert await owner.fetchval("SELECT count(*) FROM draft_verdicts") == 0


async def test_a_fail_stays_whatever_the_data_say(school: World) -> None:
    """rules.md 2, 5: a machine never undoes a human's FAIL; the contradiction is shown."""
    await school.publish("2019-05")
    await school.at("2019-06-20").submit(Act.OVERRIDE, 1, status=SurvivalStatus.DECEASED, since="2019-06-10")
    await school.evidence(1, "home_visit", "2019-06-19")
    await school.at("2019-07-04").publish("2019-06")
    failed = await row(school)
    assert failed.verdict is not None
    assert (failed.verdict.conclusion, failed.suspended_from) == ("QUALIFIED", Month(2019, 7))
    assert spans(failed) == ("2019-03..2019-06", "2019-06")


async def test_a_pass_stays_whatever_the_data_say(school: World) -> None:
    """A later loss record asks the unit again and takes nothing from what was paid."""
    await school.publish("2019-05")
    await school.at("2019-06-20").submit(Act.CONFIRM, 1)
    await school.evidence(1, "cremation", "2019-06-19")
    await school.at("2019-07-04").publish("2019-06", release=True)
    passed = await row(school)
    assert passed.verdict is not None
    assert (passed.verdict.conclusion, passed.verdict.open) == ("DISQUALIFIED", True)
    assert spans(passed) == ("2019-06..2020-06", "2020-06")


async def test_a_loss_answered_with_pass_is_pending_until_the_agency_decides(school: World) -> None:
    """rules.md 3, 3: the run of the next month neither repeats DISQUALIFIED nor calls the person QUALIFIED."""
    await school.evidence(1, "cremation", "2019-05-02")
    await school.publish("2019-05", release=True)
    await school.at("2019-06-20").submit(Act.OVERRIDE, 1, reason="本人到场")
    await school.at("2019-07-04").publish("2019-06")
    answered = await row(school)
    assert answered.verdict is not None
    assert (answered.verdict.conclusion, answered.verdict.finding.rule) == ("PENDING", "loss_answered")


async def test_an_older_month_published_late_leaves_the_newer_verdict(school: World) -> None:
    """The row shows the latest month; the older one is history, and still renews."""
    await school.at("2019-07-04").evidence(1, "cremation", "2019-06-19")
    await school.publish("2019-06", release=True)
    assert spans(await row(school)) == ("2018-12..2019-12", "2019-12")
    await school.publish("2019-05")
    late = await row(school)
    assert late.verdict is not None
    assert (late.verdict.month, late.verdict.conclusion) == (Month(2019, 6), "DISQUALIFIED")
    assert spans(late) == ("2019-03..2020-03", "2020-03")
    assert await school.owner.fetchval("SELECT count(*) FROM verdicts") == 2


async def test_who_is_terminated_after_the_assessment_gets_no_verdict(school: World) -> None:
    """A draft is not a verdict: an ended benefit is neither judged nor renewed by it."""
    await school.assess("2019-05")
    await school.submit(Act.TERMINATE, 1, status=SurvivalStatus.DECEASED, since="2019-05-10")
    before = await row(school)
    published = await school.publish_only("2019-05")
    assert (published.people, published.renewed) == (0, 0)
    assert await row(school) == before
    assert await school.owner.fetchval("SELECT count(*) FROM verdicts") == 0


async def test_who_is_failed_after_the_assessment_is_not_renewed(school: World) -> None:
    """The act is newer than the draft that the publication writes down."""
    await school.assess("2019-05")
    await school.submit(Act.OVERRIDE, 1, status=SurvivalStatus.DECEASED, since="2019-05-10")
    assert (await school.publish_only("2019-05")).renewed == 0
    assert spans(await row(school)) == ("2018-12..2019-06", "2019-06")


async def test_an_earlier_month_is_judged_by_the_values_of_its_day(school: World) -> None:
    """A later notice shortens the window; May is still judged by the six months that held in May."""
    school.book = amended("evidence_window", "2019-06-01", RETIREE=2, SURVIVOR=1)
    await school.at("2019-07-04").publish("2019-05")
    may = await row(school)
    await school.publish("2019-06")
    june = await row(school)
    assert may.verdict is not None and june.verdict is not None
    assert (may.verdict.conclusion, june.verdict.conclusion) == ("QUALIFIED", "PENDING")


async def test_what_renews_is_the_months_own_rule(school: World) -> None:
    """A month from which on only confirmations renew, and the one before it, published on one day."""
    school.book = amended("verdict_renews", "2019-06-01", value="on_confirmation")
    await school.evidence(1, "rail_travel", "2019-06-01")
    await school.at("2019-07-04").publish("2019-06")
    assert spans(await row(school)) == ("2018-12..2019-12", "2019-12")
    await school.publish("2019-05")
    assert spans(await row(school)) == ("2019-03..2020-03", "2020-03")


async def test_the_day_of_publication_is_the_months_own(school: World) -> None:
    """The 4th for May, the 10th from June on."""
    school.book = amended("publication_day", "2019-06-01", value=10)
    await school.publish("2019-05")
    await school.at("2019-07-09").assess("2019-06")
    with pytest.raises(Refused, match="from 2019-07-10 on"):
        await school.publish_only("2019-06")


async def test_a_record_found_wrong_counts_no_more(school: World) -> None:
    """Notice 三(四): the agency's finding holds for every later assessment."""
    await school.load("evidence", [{"id_number": id_number(1), "source": "health", "kind": "cremation",
                                    "occurred_on": "2019-05-02", "reference": "H-1"}])  # fmt: skip
    assert await school.assess("2019-05") == {"DISQUALIFIED": 1}
    wrong = Namespace(source="health", reference="H-1", reason="他人的记录")
    await monthly.found_wrong(school.context(), wrong)
    assert await school.assess("2019-05") == {"QUALIFIED": 1}
    with pytest.raises(Refused, match="was found wrong before"):
        await monthly.found_wrong(school.context(), wrong)
    for source, reference in (("health", "H-2"), ("banks", "H-1")):
        with pytest.raises(Refused, match="there is no record with this source and reference"):
            await batch.find_wrong(school.context(), source, reference, "他人的记录")
