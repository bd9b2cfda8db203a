"""The roster (人员名单): order, filters, counts. Notice 附5, 附6."""

from typing import Any

import pytest

from tests.api.rosters import nodes, roster, shown, summary
from tests.api.scenes import Person, concluded, enrolled, judged, qualified
from tests.world import BUREAU, SCHOOL, World, node_id

FILTERS = {
    "total": "",
    "disqualified": "conclusion: [DISQUALIFIED]",
    "pending": "conclusion: [PENDING]",
    "qualified": "conclusion: [QUALIFIED]",
    "unanswered": "attention: UNANSWERED",
    "lapsingSoon": "attention: LAPSING_SOON",
    "lapsed": "attention: LAPSED",
    "suspended": "attention: SUSPENDED",
    "contactIncomplete": "attention: CONTACT_INCOMPLETE",
    "confirmationOverdue": "attention: CONFIRMATION_OVERDUE",
    "answerAgain": "attention: ANSWER_AGAIN",
}
"""Each count of the summary with the filter of the list that it counts."""
COUNTS = " ".join(FILTERS)
LISTS = " ".join(
    f"{category}: summary(category: {category}) {{ {COUNTS} }} "
    + " ".join(
        f"{category}_{name}: beneficiaries(category: {category} {chosen}) {{ totalCount edges {{ cursor }} }}"
        for name, chosen in FILTERS.items()
    )
    for category in ("RETIREE", "SURVIVOR")
)
"""Every count, and beside it every list."""


async def everybody(world: World) -> dict[str, Person]:
    """One person for every reason to look, by that reason, in June 2019."""
    await world.units()
    world.at("2019-06-01")
    fields: dict[str, dict[str, Any]] = {
        "qualified": {},
        "pending": {"certified_in": "2019-02"},
        "disqualified": {"certified_in": "2019-03"},
        "bare": {"phone": "", "residence_address": ""},
        "lapsing": {"certified_in": "2018-08"},
        "lapsed": {"certified_in": "2018-05"},
        "overdue": {"certified_in": "2018-04"},
        "failed": {},
        "gone": {},
        "survivor": {"category": "SURVIVOR", "certified_in": "2019-05"},
    }
    people = {}
    for serial, (name, other) in enumerate(fields.items(), start=1):
        [people[name]] = await enrolled(world, first=serial, **other)
    alive = ("qualified", "bare", "failed", "gone")
    conclusions = {"disqualified": "DISQUALIFIED", **dict.fromkeys(alive, "QUALIFIED")}
    await concluded(world, *((person, conclusions.get(name, "PENDING")) for name, person in people.items()))
    return people


async def acted(world: World) -> dict[str, Person]:
    """Everybody, one of them failed and one terminated in June; it is 1 July 2019."""
    people = await everybody(world)
    day = {"occurredOn": "2019-06-03"}
    await world.act("overrideVerdict", {"beneficiaryId": people["failed"].node, "survivalStatus": "MISSING", **day})
    await world.act("terminateBenefit", {"beneficiaryId": people["gone"].node, "cause": "DECEASED", **day})
    world.at("2019-07-01")
    return people


async def test_the_roster_shows_the_worst_first_then_a_stable_order(world: World) -> None:
    """DISQUALIFIED, PENDING, QUALIFIED, then a stable order [附6]; who has no verdict yet comes after."""
    people = await judged(world, "QUALIFIED", "PENDING", "DISQUALIFIED", "QUALIFIED", "CONFLICT", "DISQUALIFIED")
    [new] = await enrolled(world, first=50)
    expected = nodes(*(people[place] for place in (2, 5, 1, 4, 0, 3)), new)
    page = await roster(world)
    assert shown(page) == expected
    verdicts = [edge["node"]["verdict"] for edge in page["edges"]]
    conclusions = ["DISQUALIFIED"] * 2 + ["PENDING"] * 2 + ["QUALIFIED"] * 2
    assert verdicts == [*({"conclusion": conclusion} for conclusion in conclusions), None]
    assert shown(await roster(world)) == expected


async def test_answering_a_verdict_does_not_move_the_row(world: World) -> None:
    """The order is by conclusion, not by whether something is still to be done: a page stays while it is worked on."""
    people = await judged(world, "PENDING", "QUALIFIED", "PENDING")
    before = shown(await roster(world))
    await world.act("overrideVerdict", {"beneficiaryId": people[0].node, "survivalStatus": "NORMAL"})
    assert shown(await roster(world)) == before


async def test_a_page_has_20_rows_unless_asked(world: World) -> None:
    """20 a page by default (附5), at most 200."""
    people = await qualified(world, 25)
    page = await roster(world)
    assert shown(page) == nodes(*people[:20])
    assert page["totalCount"] == 25
    assert page["pageInfo"]["hasNextPage"] is True
    assert len(shown(await roster(world, first=200))) == 25
    assert len(shown(await roster(world, last=25))) == 25


async def test_only_retirees_are_shown_unless_asked(world: World) -> None:
    """Only the RETIREE category unless asked (附5)."""
    people = await everybody(world)
    retirees = shown(await roster(world))
    assert people["survivor"].node not in retirees
    assert len(retirees) == 9
    assert shown(await roster(world, category="SURVIVOR")) == nodes(people["survivor"])


async def test_rows_are_chosen_by_conclusion(world: World) -> None:
    """One or several conclusions; none of none; null is no choice."""
    good, pending, lost = await judged(world, "QUALIFIED", "PENDING", "DISQUALIFIED")
    [new] = await enrolled(world, first=50)
    assert shown(await roster(world, conclusion=["PENDING"])) == nodes(pending)
    assert shown(await roster(world, conclusion=["QUALIFIED", "DISQUALIFIED"])) == nodes(lost, good)
    assert shown(await roster(world, conclusion=[])) == []
    assert shown(await roster(world, conclusion=None)) == nodes(lost, pending, good, new)


@pytest.mark.parametrize(
    ("attention", "expected"),
    [
        ("UNANSWERED", ["disqualified", "pending", "lapsing", "lapsed", "overdue"]),
        ("LAPSING_SOON", ["lapsing"]),
        ("LAPSED", ["lapsed", "overdue"]),
        ("SUSPENDED", ["failed"]),
        ("CONTACT_INCOMPLETE", ["bare"]),
        ("CONFIRMATION_OVERDUE", ["lapsed", "overdue"]),
    ],
)
async def test_rows_are_chosen_by_what_they_want(world: World, attention: str, expected: list[str]) -> None:
    """Unanswered verdicts, the warning window, the stops, missing contact data, the yearly duty."""
    people = await acted(world)
    assert shown(await roster(world, attention=attention)) == nodes(*(people[name] for name in expected))


@pytest.mark.parametrize(
    ("day", "soon", "lapsed"),
    [("2019-05-31", 0, 0), ("2019-06-01", 1, 0), ("2019-08-31", 1, 0), ("2019-09-01", 0, 1)],
)
async def test_the_warning_window_is_the_last_three_months_of_a_period(
    world: World, day: str, soon: int, lapsed: int
) -> None:
    """The last 3 months before a period ends are the warning window (rules 2.8)."""
    await world.units()
    await enrolled(world, certified_in="2018-08")
    counted = await summary(world.at(day))
    assert (counted["lapsingSoon"], counted["lapsed"]) == (soon, lapsed)


@pytest.mark.parametrize(("day", "overdue"), [("2020-01-31", 0), ("2020-02-01", 1)])
async def test_the_yearly_duty_is_overdue_after_twelve_months(world: World, day: str, overdue: int) -> None:
    """单位每年至少确认一次: `confirmBy` is the last day on which it is not yet overdue (rules 2.7)."""
    await world.units()
    [person] = await enrolled(world, certified_in="2019-01")
    assert (await world.at(day).person(person.id))["confirmBy"] == "2020-01-31"
    assert (await summary(world))["confirmationOverdue"] == overdue
    assert len(shown(await roster(world, attention="CONFIRMATION_OVERDUE"))) == overdue


async def test_the_summary_counts_what_each_filter_lists(world: World) -> None:
    """Counted by the very predicate that the list uses (contract), on whatever day and for each category."""
    await acted(world)
    for day in ("2019-06-30", "2019-07-01", "2019-09-01", "2020-06-01"):
        unit = (await world.at(day).ask(f"{{ unit {{ both: summary {{ {COUNTS} }} {LISTS} }} }}"))["unit"]
        for category in ("RETIREE", "SURVIVOR"):
            lists = {name: unit[f"{category}_{name}"] for name in FILTERS}
            assert {name: len(found["edges"]) for name, found in lists.items()} == unit[category]
            assert {name: found["totalCount"] for name, found in lists.items()} == unit[category]
        assert unit["both"] == {name: unit["RETIREE"][name] + unit["SURVIVOR"][name] for name in FILTERS}


async def test_the_summary_of_june_in_numbers(world: World) -> None:
    """The counts themselves, once, as literals."""
    await acted(world)
    assert await summary(world, "RETIREE") == {
        "total": 8, "disqualified": 1, "pending": 4, "qualified": 3, "unanswered": 5, "lapsingSoon": 1, "lapsed": 2,
        "suspended": 1, "contactIncomplete": 1, "confirmationOverdue": 2,
    }  # fmt: skip
    assert (await summary(world))["total"] == 9


async def test_filters_work_together(world: World) -> None:
    """Every condition holds of every row."""
    people = await acted(world)
    chosen: dict[str, Any] = {"conclusion": ["PENDING"], "attention": "LAPSED", "search": "三7"}
    assert shown(await roster(world, **chosen)) == nodes(people["overdue"])
    assert shown(await roster(world, **{**chosen, "conclusion": ["QUALIFIED"]})) == []


async def test_a_roster_holds_its_own_unit_only(world: World) -> None:
    """Two units with people of the same names: each sees its own."""
    ours = await qualified(world, 3)
    await world.units(BUREAU)
    theirs = await enrolled(world, 2, first=1, unit=BUREAU)
    assert shown(await roster(world)) == nodes(*ours)
    assert shown(await roster(world, as_=BUREAU)) == nodes(*theirs)
    assert (await summary(world))["total"] == 3


async def test_one_person_with_two_benefits_has_two_rows_and_one_evidence(world: World) -> None:
    """A person who draws two has two rows; evidence about the person feeds both (rules 1)."""
    await world.units(SCHOOL)
    [own] = await enrolled(world)
    [survivor] = await enrolled(world, category="SURVIVOR")
    await concluded(world, (own, "QUALIFIED"))
    for person, end in ((own, "2020-05"), (survivor, "2019-11")):
        row = await world.person(person.id)
        assert (row["verdict"]["conclusion"], row["paidThrough"]) == ("QUALIFIED", end)


async def test_who_is_never_answered_for_stands_on_the_overdue_list_in_every_month(world: World) -> None:
    """rules.md 3.5: the next month's verdict gives a new day to answer by, and does not forgive the old one."""
    await world.units()
    person = await world.enrol(1)
    overdue = (
        "query { unit { summary { overdue } beneficiaries(attention: OVERDUE) { totalCount edges { node { id } } } } }"
    )
    counts = []
    for day, month in (("2019-06-04", "2019-05"), ("2019-07-04", "2019-06"), ("2019-08-04", "2019-07")):
        await world.at(day).publish(month)
        unit = (await world.ask(overdue))["unit"]
        assert unit["summary"]["overdue"] == unit["beneficiaries"]["totalCount"] == len(unit["beneficiaries"]["edges"])
        counts.append(unit["summary"]["overdue"])
    assert counts == [0, 1, 1]
    await world.at("2019-08-05").act("overrideVerdict", {"beneficiaryId": node_id(person), "survivalStatus": "NORMAL"})
    assert (await world.ask(overdue))["unit"]["summary"]["overdue"] == 0
    await world.at("2019-09-04").publish("2019-08")
    assert (await world.ask(overdue))["unit"]["summary"]["overdue"] == 0
    assert (await world.at("2019-10-01").ask(overdue))["unit"]["summary"]["overdue"] == 1
