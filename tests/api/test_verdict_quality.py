"""Machine against human, and a death that was missed for five months. Notice 三(四), 附11; rules 5.7."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.favours import decide as decide_review
from tests.api.favours import reviews
from tests.api.money import CHIEF, ended, ledger, overpayments, stated
from tests.api.objections import decide, reported
from tests.api.scenes import Person, account, concluded, enrolled, qualified, seen
from tests.world import BUREAU, OFFICER, SCHOOL, World, node_id

QUALITY = """
query($from: Month!, $through: Month!, $by: VerdictQualityDimension!, $first: Int, $after: String) {
  verdictQuality(from: $from, through: $through, by: $by) { totalCount edges { node {
    key unit { siNumber } falseDisqualified { ...Number } missedDeaths { ...Number } } } } }
fragment Number on VerdictMistakes {
  count days medianDays longestDays
  cases(first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
    edges { node { months since until days beneficiary { id } verdict { id month conclusion } } } } }
"""
NAMES = ("falseDisqualified", "missedDeaths")


async def quality(world: World, by: str = "MONTH", *, as_: str = OFFICER, **other: Any) -> list[Any]:
    asked = {"from": "2019-01", "through": "2019-12", "by": by, **other}
    return rows(await world.ask(QUALITY, asked, as_=as_))


def rows(answer: Any) -> list[Any]:
    shown = answer["verdictQuality"]
    assert shown["totalCount"] == len(shown["edges"])
    return [edge["node"] for edge in shown["edges"]]


def counts(rows: list[Any]) -> dict[str, tuple[int, int]]:
    """False DISQUALIFIED and missed deaths by key."""
    return {row["key"]: (row[NAMES[0]]["count"], row[NAMES[1]]["count"]) for row in rows}


async def test_a_death_missed_for_five_months(world: World) -> None:
    """Died on 10 March, seen on a train five days before: QUALIFIED from March to July, 3000 a month.

    Told on 20 August: paid for April to August and owed for none of them.
    """
    await world.at("2019-01-05").units()
    [person] = await enrolled(world)
    await world.officers()
    await seen(world.at("2019-03-20"), (person, "transport", "rail_travel", "2019-03-05"))
    for month in range(4, 9):
        await world.at(f"2019-0{month}-04").publish(f"2019-0{month - 1}")
        await world.payroll(f"2019-0{month}")
    row = await world.person(person.id)
    assert (row["verdict"]["month"], row["verdict"]["conclusion"], row["paymentStatus"]) == (
        "2019-07", "QUALIFIED", "PAYING"
    )  # fmt: skip
    await ended(world.at("2019-08-20"), person, "2019-03-10")

    money = await world.money(person.id)
    assert money["overpayment"]["amount"] == "15000.00"
    assert [month["month"] for month in money["overpayment"]["months"]] == [f"2019-0{month}" for month in range(4, 9)]
    await world.payroll("2019-09")
    assert ledger(await world.money(person.id)) == {
        **{f"2019-0{month}": "PAID 3000.00" for month in range(4, 9)},
        "2019-09": "WITHHELD TERMINATED",
    }
    assert (await overpayments(world))["totalCount"] == 1

    [march] = await quality(world)
    assert (march["key"], march["falseDisqualified"]["count"]) == ("2019-03", 0)
    missed = march["missedDeaths"]
    assert (missed["count"], missed["days"], missed["medianDays"], missed["longestDays"]) == (1, 138, 138.0, 138)
    [case] = [edge["node"] for edge in missed["cases"]["edges"]]
    assert case == {
        "months": ["2019-03", "2019-04", "2019-05", "2019-06", "2019-07"],
        "since": "2019-04-04",
        "until": "2019-08-20",
        "days": 138,
        "beneficiary": {"id": person.node},
        "verdict": {"id": case["verdict"]["id"], "month": "2019-03", "conclusion": "QUALIFIED"},
    }
    assert counts(await quality(world, "SOURCE")) == {"transport": (0, 1)}
    assert counts(await quality(world, "CLASS")) == {"B": (0, 1)}


async def judged(world: World) -> list[Person]:
    """Six people of two units: three wrongly called dead, one of them ruled so; one rightly; one alive; one missed."""
    units = [SCHOOL, SCHOOL, SCHOOL, BUREAU, BUREAU, BUREAU]
    await world.at("2019-06-01").units(SCHOOL, BUREAU)
    await world.officers(OFFICER, CHIEF)
    people = [(await enrolled(world, unit=unit, first=n))[0] for n, unit in enumerate(units, 1)]
    await seen(world, (people[1], "health", "death_certificate", "2019-05-03"))
    kinds = ["DISQUALIFIED", "PENDING", "DISQUALIFIED", "DISQUALIFIED", "QUALIFIED", "QUALIFIED"]
    await concluded(world, *zip(people, kinds, strict=True))
    alive = {"survivalStatus": "NORMAL", "reason": "本人到场"}
    await stated(world, people[0], alive, "2019-06-10")
    case = await reported(world.at("2019-06-12"), people[1])
    await decide(world.at("2019-06-14"), case)
    await stated(world, people[2], {"survivalStatus": "DECEASED", "occurredOn": "2019-05-02"}, "2019-06-20")
    for person, status in ((people[3], alive), (people[5], {"survivalStatus": "DECEASED", "occurredOn": "2019-05-30"})):
        answer = await world.at("2019-06-24").act(
            "overrideVerdict", {"beneficiaryId": person.node, **status}, as_=BUREAU
        )
        assert answer["userErrors"] == []
    return people


async def test_every_number_is_that_of_the_list_behind_it(world: World) -> None:
    people = await judged(world)
    expected = {
        "MONTH": {"2019-05": (3, 1)},
        "UNIT": {SCHOOL: (2, 0), BUREAU: (1, 1)},
        "SOURCE": {"health": (1, 0), "justice": (2, 0), "transport": (0, 1)},
        "CLASS": {"B": (0, 1), "D": (3, 0)},
    }
    for by, numbers in expected.items():
        rows = await quality(world, by)
        assert counts(rows) == numbers
        for row in rows:
            for name in NAMES:
                cases = [edge["node"] for edge in row[name]["cases"]["edges"]]
                assert row[name]["count"] == row[name]["cases"]["totalCount"] == len(cases)
                assert row[name]["days"] == sum(case["days"] for case in cases)
                assert row[name]["longestDays"] == max((case["days"] for case in cases), default=0)
    [may] = await quality(world)
    stood = {edge["node"]["beneficiary"]["id"]: edge["node"]["days"] for edge in may[NAMES[0]]["cases"]["edges"]}
    assert stood == {people[0].node: 6, people[1].node: 10, people[3].node: 20}
    assert may["falseDisqualified"]["medianDays"] == 10.0


async def test_a_record_found_false_makes_every_verdict_on_it_false(world: World) -> None:
    """三(四): of earlier months, and of the person's other benefit, about which nobody objected."""
    await world.at("2019-01-05").units(SCHOOL, BUREAU)
    [own] = await enrolled(world)
    [other] = await enrolled(world, unit=BUREAU, category="SURVIVOR")
    await world.officers()
    await seen(world.at("2019-06-01"), (own, "justice", "cremation", "2019-05-02"))
    await world.at("2019-06-04").publish("2019-05", release=True)
    await seen(world.at("2019-06-20"), (own, "health", "death_certificate", "2019-06-10"))
    await world.at("2019-07-04").publish("2019-06", release=True)
    case = await reported(world.at("2019-07-10"), own, kind="WRONG_PERSON", proofs=[])
    false = [
        {"kind": "cremation", "occurredOn": "2019-05-02"},
        {"kind": "death_certificate", "occurredOn": "2019-06-10"},
    ]
    assert (await decide(world.at("2019-07-14"), case, falseRecords=false))["userErrors"] == []
    assert counts(await quality(world)) == {"2019-05": (2, 0), "2019-06": (2, 0)}
    assert counts(await quality(world, "UNIT")) == {SCHOOL: (2, 0), BUREAU: (2, 0)}
    assert other.serial == own.serial


async def test_a_death_is_missed_from_the_day_that_was_stated_last(world: World) -> None:
    """Failed for a day in June, ended for one in May."""
    [person] = await qualified(world)
    await world.officers()
    await stated(world, person, {"survivalStatus": "DECEASED", "occurredOn": "2019-06-10"}, "2019-06-20")
    assert await quality(world) == []
    await ended(world.at("2019-06-24"), person, "2019-05-30")
    assert counts(await quality(world)) == {"2019-05": (0, 1)}


async def test_the_cases_are_paged(world: World) -> None:
    people = await judged(world)
    [first] = await quality(world, first=2)
    page = first["falseDisqualified"]["cases"]
    assert (page["totalCount"], len(page["edges"]), page["pageInfo"]["hasNextPage"]) == (3, 2, True)
    asked = {"from": "2019-01", "through": "2019-12", "by": "MONTH", "after": page["pageInfo"]["endCursor"]}
    [rest] = rows(await world.ask(QUALITY.replace("missedDeaths { ...Number }", ""), asked, as_=OFFICER))
    [last] = [edge["node"] for edge in rest["falseDisqualified"]["cases"]["edges"]]
    assert last["beneficiary"]["id"] == people[3].node
    [error] = await world.errors(QUALITY, asked, as_=OFFICER)
    assert error["path"] == [
        "verdictQuality",
        "edges",
        0,
        "node",
        "missedDeaths",
        "cases",
    ]  # a cursor is of use in its own list


async def test_a_pass_without_ground_makes_no_verdict_false(world: World) -> None:
    people = await judged(world)
    [review] = [one for one in await reviews(world) if one["beneficiary"]["id"] == people[3].node]
    await decide_review(world, review, "WITHOUT_GROUND")
    await account(world, "service", "SERVICE")
    for as_ in (OFFICER, "service"):
        assert counts(await quality(world, as_=as_)) == {"2019-05": (2, 1)}


async def test_only_what_began_in_the_range_is_counted_in_the_own_district(world: World) -> None:
    await judged(world)
    await world.officers("officer-far", district="城阳区")
    await account(world, "auditor", "AUDITOR")
    assert await quality(world, **{"from": "2019-06"}) == []
    assert counts(await quality(world, as_="auditor")) == {"2019-05": (3, 1)}
    assert await quality(world, as_="officer-far") == []
    [error] = await world.errors(QUALITY, {"from": "2019-01", "through": "2019-12", "by": "MONTH"}, as_=SCHOOL)
    assert error["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize(("first", "last"), [("2019-06", "2019-05"), ("2019-01", "2022-01")])
async def test_a_range_that_is_none_or_too_long_is_refused(world: World, first: str, last: str) -> None:
    await world.officers()
    [error] = await world.errors(QUALITY, {"from": first, "through": last, "by": "MONTH"}, as_=OFFICER)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert node_id(1) not in str(error)
