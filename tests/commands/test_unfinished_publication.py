"""While a month is published in part: what waits for it, and what another day makes of it."""

from __future__ import annotations

from datetime import date

import pytest

from domain.month import Month
from resolvers import check, payroll
from resolvers.calendar import Calendar
from resolvers.check import Checked
from resolvers.errors import Refused
from tests.audit.test_unrecorded import forgotten
from tests.audit.trail import found, newest, sealed, verified
from tests.storage.publishing import interrupted, left_by, published, verdicts
from tests.world import BUREAU, SCHOOL, World

# Another day.


async def test_a_verdict_is_published_on_the_day_on_which_its_unit_gets_it(may: World) -> None:
    """Notice 附6: what comes in July is answered by the end of July, and was not known in June."""
    await interrupted(may.at("2019-06-30"), 1)
    await published(may.at("2019-07-02"))
    july = date(2019, 7, 2)
    assert {id: day for id, (_, _, day) in (await verdicts(may)).items()} == {
        1: None, 2: None, 3: july, 5: july, 6: july, 7: july, 8: july
    }  # fmt: skip
    people = [await may.person(2, as_=BUREAU), await may.person(3)]
    assert [(one["answerBy"], one["verdict"]["publishedOn"]) for one in people] == [
        ("2019-06-30", "2019-06-30"), ("2019-07-31", "2019-07-02")
    ]  # fmt: skip
    document = "{ unit { beneficiaries { edges { node { verdicts { edges { node { publishedOn } } } } } } } }"
    rows = (await may.ask(document))["unit"]["beneficiaries"]["edges"]
    days = [one["node"]["publishedOn"] for row in rows for one in row["node"]["verdicts"]["edges"]]
    assert days == ["2019-07-02", "2019-06-30", "2019-07-02"]
    assert await check.standings(may.context()) == Checked(8, [])


async def test_a_later_day_counts_from_its_own_month(may: World) -> None:
    """Two who are not QUALIFIED in June either: only of the first has the answer on May been owed since June.

    In August the other owes one as well, and so does person 7, PENDING since June.
    """
    await interrupted(may.at("2019-06-30"), 1)
    await published(may.at("2019-07-02"))
    await may.at("2019-07-04").publish("2019-06")
    document = "{ unit { beneficiaries(attention: OVERDUE) { totalCount } } }"
    overdue = {}
    for day in ("2019-07-05", "2019-08-01"):
        may.at(day)
        for unit in (SCHOOL, BUREAU):
            owed = await may.ask(document, as_=unit)
            overdue[day, unit] = owed["unit"]["beneficiaries"]["totalCount"]
    assert overdue == {
        ("2019-07-05", SCHOOL): 0, ("2019-07-05", BUREAU): 1, ("2019-08-01", SCHOOL): 1, ("2019-08-01", BUREAU): 2
    }  # fmt: skip


async def test_a_clock_that_is_behind_publishes_nothing_before_it_began(may: World) -> None:
    await interrupted(may.at("2019-06-05"), 1)
    await published(may.at("2019-06-04"))
    assert {day for *_, day in (await verdicts(may)).values()} == {None}


# What waits for it.


async def test_a_month_that_is_published_in_part_is_not_assessed(may: World) -> None:
    await interrupted(may, 1)
    before = await left_by(may)
    with pytest.raises(Refused, match=r"^2019-05 is published in part; its verdicts stand; run: publish 2019-05$"):
        await may.assess("2019-05")
    assert await left_by(may) == before


async def test_a_payroll_waits_until_everybody_has_a_verdict(may: World) -> None:
    """Who is paid in June must not depend on where a run has ended."""
    await interrupted(may, 4)
    may.at("2019-06-08")
    with pytest.raises(Refused, match=r"^the verdicts of 2019-05 are not published; run: publish 2019-05$"):
        await payroll.freeze(may.context(), Month(2019, 6))
    await published(may)
    assert (await payroll.freeze(may.context(), Month(2019, 6))).earlier is False


@pytest.mark.parametrize("other", ["2019-04", "2019-06"])
async def test_another_month_is_published_after_it(may: World, other: str) -> None:
    """The older and the newer alike: whoever it is, the verdicts come in one order. Assessing one waits for none."""
    await interrupted(may, 1)
    await may.at("2019-07-04").assess(other)
    with pytest.raises(Refused, match=r"^the publication of 2019-05 is not finished; run first: publish 2019-05$"):
        await may.publish_only(other)
    await published(may)
    assert (await may.publish_only(other)).people in (5, 7)


async def test_the_calendar_goes_on_with_it_first(may: World) -> None:
    """A worker that was killed in June, and the next one in July: both months are due."""
    await interrupted(may, 1)
    context = may.at("2019-07-04").context()
    assert await Calendar().run(context) == [
        "2019-05: 7 verdicts published, 3 periods renewed",
        "2019-06: 7 verdicts published, 0 periods renewed",
    ]
    assert await Calendar().run(context) == []


async def test_an_unfinished_month_that_nothing_tells_of_is_named(may: World) -> None:
    """It has an entry from the beginning on."""
    await sealed(may)
    since = await newest(may)
    await interrupted(may, 1)
    await verified(may)
    await forgotten(may, since)
    assert await found(may) == (
        "the publication of 2019-06-04 (2019-05) has no entry: it was removed, or the service never did this"
    )
