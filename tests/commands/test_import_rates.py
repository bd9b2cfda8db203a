"""`import rates`: amounts from a month on, dated back or ahead; what was paid is never lowered, nothing forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from resolvers.intake.reading import BadFile
from tests.commands.files import HEADERS, Desk, good, text
from tests.commands.ledger import failed, ledger, lines, passed
from tests.world import BUREAU, SCHOOL, id_number

LOWERS = "lowers a month that is paid already; let the lower amount begin with the first month that is not frozen"
NOBODY = "nobody with this ID number draws a benefit of this category through this unit"
PAID = ("2019-06", "2019-07", "2019-08")


def rates(*since: tuple[str, str], **values: str) -> str:
    """A file with a line of person 1 for each month and amount."""
    return text("rates", *(good("rates", from_month=m, monthly_amount=a, **values) for m, a in since))


async def held(desk: Desk, id: int = 1) -> list[str]:
    """The amounts that somebody has as is known now, as `2019-07 3100.00`."""
    rows = await desk.world.owner.fetch(
        "SELECT * FROM benefit_rates WHERE beneficiary_id = $1 AND upper_inf(known) ORDER BY from_month", id
    )
    return [f"{row['from_month']:%Y-%m} {row['monthly_amount']}" for row in rows]


async def superseded(desk: Desk) -> list[str]:
    """The amounts that are held to be true no more."""
    rows = await desk.world.owner.fetch("SELECT * FROM benefit_rates WHERE NOT upper_inf(known) ORDER BY lower(known)")
    assert not [row for row in rows if row["known"].lower >= row["known"].upper]
    return [f"{row['from_month']:%Y-%m} {row['monthly_amount']}" for row in rows]


@pytest.fixture
async def paid(desk: Desk) -> Desk:
    """Person 1 with 3000 a month, paid from 2019-06 to 2019-08; it is 2019-08-20."""
    await desk.world.payroll(*PAID)
    desk.world.at("2019-08-20")
    return desk


async def test_a_raise_holds_from_its_month_on(paid: Desk) -> None:
    """Announced ahead: the months before it are paid as before."""
    assert (await paid.load("rates", rates(("2019-10", "3100.00")))).counts == {"added": 1, "changed": 0}
    await paid.world.payroll("2019-09", "2019-10")
    found = await ledger(paid.world, 1)
    assert (found["2019-09"], found["2019-10"]) == ("PAID 3000.00", "PAID 3100.00")
    assert await lines(paid.world, 1) == []


async def test_a_raise_dated_back_goes_out_as_adjustments(paid: Desk) -> None:
    """The ledger stays; the next payroll pays the rest month by month, and only once (rules 5.5)."""
    await paid.load("rates", rates(("2019-07", "3100.50")))
    await paid.world.payroll("2019-09", "2019-10")
    assert await ledger(paid.world, 1) == {
        **dict.fromkeys(PAID, "PAID 3000.00"),
        **dict.fromkeys(("2019-09", "2019-10"), "PAID 3100.50"),
    }
    assert await lines(paid.world, 1) == ["2019-09: ADJUSTMENT 2019-07 100.50", "2019-09: ADJUSTMENT 2019-08 100.50"]


async def test_a_raise_dated_back_reaches_what_case_17_says(desk: Desk) -> None:
    """rules.md 7: raised on 2019-10-15 to 3100 from 2019-08: 2019-11 pays 3100 and three lines of 100."""
    await desk.world.payroll("2019-06", "2019-07", "2019-08", "2019-09", "2019-10")
    await desk.world.at("2019-10-15").raised(1, "2019-08", "3100.00")
    await desk.world.payroll("2019-11")
    assert (await ledger(desk.world, 1))["2019-11"] == "PAID 3100.00"
    assert await lines(desk.world, 1) == [f"2019-11: ADJUSTMENT {m} 100.00" for m in ("2019-08", "2019-09", "2019-10")]


async def test_several_raises_of_one_file_each_hold_until_the_next(paid: Desk) -> None:
    """In whatever order the lines stand."""
    steps = [("2019-09", "3300.00"), ("2019-07", "3100.00"), ("2019-08", "3200.00")]
    assert (await paid.load("rates", rates(*steps))).counts == {"added": 3, "changed": 0}
    assert await held(paid) == ["2005-01 3000.00", "2019-07 3100.00", "2019-08 3200.00", "2019-09 3300.00"]
    await paid.world.payroll("2019-09")
    assert await lines(paid.world, 1) == ["2019-09: ADJUSTMENT 2019-07 100.00", "2019-09: ADJUSTMENT 2019-08 200.00"]
    assert (await ledger(paid.world, 1))["2019-09"] == "PAID 3300.00"


async def test_a_later_file_takes_the_place_of_the_same_month(paid: Desk) -> None:
    """A mistake is corrected; what was held before stays, with until when."""
    await paid.load("rates", rates(("2019-10", "3100.00")))
    loaded = await paid.load("rates", rates(("2019-10", "3050.00")))
    assert loaded.counts == {"added": 0, "changed": 1}
    assert await held(paid) == ["2005-01 3000.00", "2019-10 3050.00"]
    assert await superseded(paid) == ["2019-10 3100.00"]
    await paid.world.payroll("2019-09", "2019-10")
    assert (await ledger(paid.world, 1))["2019-10"] == "PAID 3050.00"


async def test_taking_it_back_and_saying_it_again_is_all_kept(paid: Desk) -> None:
    """Three files, three sentences: each is known from its instant until the next."""
    for amount in ("3100.00", "3050.00", "3100.00"):
        await paid.load("rates", rates(("2019-10", amount)))
    assert await held(paid) == ["2005-01 3000.00", "2019-10 3100.00"]
    assert await superseded(paid) == ["2019-10 3100.00", "2019-10 3050.00"]


async def test_the_first_amount_can_be_corrected_upwards(paid: Desk) -> None:
    """From the first month of the benefit on: an adjustment for each month that was paid."""
    assert (await paid.load("rates", rates(("2005-01", "3000.01")))).counts == {"added": 0, "changed": 1}
    await paid.world.payroll("2019-09")
    assert await lines(paid.world, 1) == [f"2019-09: ADJUSTMENT {month} 0.01" for month in PAID]


async def test_the_same_file_again_changes_nothing(paid: Desk) -> None:
    """Also after its raise was paid out: nobody is paid a raise twice."""
    content = rates(("2019-07", "3100.00"), ("2019-10", "3200.00"))
    await paid.load("rates", content)
    await paid.world.payroll("2019-09")
    before = await paid.dump()
    assert (await paid.load("rates", content)).counts == {"added": 0, "changed": 0}
    assert await paid.dump() == before
    await paid.world.payroll("2019-10")
    assert len(await lines(paid.world, 1)) == 2


async def test_an_amount_that_says_nothing_new_of_a_later_month_is_kept(paid: Desk) -> None:
    """3000 from 2019-10 on, for somebody who has 3000: it holds even if an earlier month is raised afterwards."""
    assert (await paid.load("rates", rates(("2019-10", "3000.00")))).counts == {"added": 1, "changed": 0}
    await paid.load("rates", rates(("2019-09", "3100.00")))
    await paid.world.payroll("2019-09", "2019-10")
    found = await ledger(paid.world, 1)
    assert (found["2019-09"], found["2019-10"]) == ("PAID 3100.00", "PAID 3000.00")


@pytest.mark.parametrize("since", ["2005-01", "2019-06", "2019-07", "2019-08"])
async def test_a_paid_month_is_never_lowered(paid: Desk, since: str) -> None:
    """Money is not taken back by a file (rules 5.7); the message says where the lower amount may begin."""
    content = rates(("2019-10", "3200.00"), (since, "2999.99"))
    assert await paid.problems("rates", content) == [(3, "monthly_amount", LOWERS)]


async def test_a_month_that_is_not_frozen_may_be_lowered(paid: Desk) -> None:
    """From the first month that is not frozen on."""
    assert (await paid.load("rates", rates(("2019-09", "2900.00")))).counts == {"added": 1, "changed": 0}
    await paid.world.payroll("2019-09")
    assert (await ledger(paid.world, 1))["2019-09"] == "PAID 2900.00"
    assert await lines(paid.world, 1) == []


async def test_a_raise_that_was_paid_out_is_not_taken_back(paid: Desk) -> None:
    """Its adjustments are paid amounts too, in each of their months."""
    await paid.load("rates", rates(("2019-07", "3100.00")))
    await paid.world.payroll("2019-09")
    for since, amount in (("2019-07", "3050.00"), ("2019-08", "3000.00"), ("2019-09", "3099.99")):
        assert await paid.problems("rates", rates((since, amount))) == [(2, "monthly_amount", LOWERS)]


async def test_a_mistyped_raise_is_corrected_before_it_goes_out(paid: Desk) -> None:
    """31000 for 3100, dated back: as long as nobody was paid it, the right amount lowers no month that is paid."""
    await paid.load("rates", rates(("2019-07", "31000.00")))
    assert (await paid.load("rates", rates(("2019-07", "3100.00")))).counts == {"added": 0, "changed": 1}
    await paid.world.payroll("2019-09")
    assert await lines(paid.world, 1) == ["2019-09: ADJUSTMENT 2019-07 100.00", "2019-09: ADJUSTMENT 2019-08 100.00"]


async def test_a_lower_amount_between_two_that_were_held_is_no_lowering(paid: Desk) -> None:
    """A month may be raised by less than a later one was, as long as none that is paid sinks."""
    await paid.load("rates", rates(("2019-08", "3200.00")))
    assert (await paid.load("rates", rates(("2019-06", "3100.00")))).counts == {"added": 1, "changed": 0}
    await paid.world.payroll("2019-09")
    assert await lines(paid.world, 1) == [
        "2019-09: ADJUSTMENT 2019-06 100.00",
        "2019-09: ADJUSTMENT 2019-07 100.00",
        "2019-09: ADJUSTMENT 2019-08 200.00",
    ]


async def test_one_bad_line_among_good_ones_is_named_alone(paid: Desk) -> None:
    """What the other lines of the file raise does not cover the month that this one lowers."""
    await paid.load("rates", rates(("2019-07", "3100.00")))
    await paid.world.payroll("2019-09")
    content = rates(("2019-06", "3200.00"), ("2019-07", "3100.00"), ("2019-08", "3000.00"))
    assert await paid.problems("rates", content) == [(4, "monthly_amount", LOWERS)]


async def test_withheld_months_may_be_lowered_until_they_are_paid_back(paid: Desk) -> None:
    """Nothing went out for them; once the back pay has gone out, they are paid months like others."""
    world = paid.world
    await world.officers()
    await failed(world, 1, "2019-08-20", "2019-08-10")
    await world.payroll("2019-09", "2019-10")
    await paid.load("rates", rates(("2019-09", "2900.00")))
    await passed(world, 1, "2019-10-20")
    case: Any = await world.request(1)
    await world.at("2019-10-21").review(case["reinstatement"]["id"])
    await world.payroll("2019-11")
    assert await lines(world, 1) == ["2019-11: BACK_PAY 2019-09 2900.00", "2019-11: BACK_PAY 2019-10 2900.00"]
    assert await paid.problems("rates", rates(("2019-10", "2800.00"))) == [(2, "monthly_amount", LOWERS)]


async def test_a_month_before_the_benefit_is_refused(desk: Desk) -> None:
    """Its first month is the first that can have an amount."""
    found = await desk.problems("rates", rates(("2004-12", "3100.00"), ("0001-01", "3100.00")))
    assert found == [(line, "from_month", "lies before the first month of the benefit") for line in (2, 3)]
    assert (await desk.load("rates", rates(("2005-01", "3100.00")))).counts == {"added": 0, "changed": 1}


async def test_whoever_is_not_known_is_refused(desk: Desk) -> None:
    """Another number, unit or category is another benefit, or nobody's."""
    await desk.world.units(BUREAU)
    strangers = [{"id_number": id_number(2)}, {"unit_si_number": BUREAU}, {"category": "SURVIVOR"},
                 {"unit_si_number": "370202000999"}]  # fmt: skip
    content = text("rates", *(good("rates", **stranger) for stranger in strangers))
    assert await desk.problems("rates", content) == [(line, "id_number", NOBODY) for line in (2, 3, 4, 5)]


async def test_each_of_a_persons_benefits_has_its_own_amounts(desk: Desk) -> None:
    """A raise of the pension is none of the survivor's benefit."""
    await desk.world.units(BUREAU)
    survivor = await desk.world.enrol(1, category="SURVIVOR")
    elsewhere = await desk.world.enrol(1, unit=BUREAU)
    await desk.load("rates", rates(("2019-07", "3100.00"), unit_si_number=BUREAU))
    assert await held(desk, elsewhere) == ["2005-01 3000.00", "2019-07 3100.00"]
    assert await held(desk, survivor) == await held(desk, 1) == ["2005-01 3000.00"]


async def test_two_amounts_for_one_month_are_refused(desk: Desk) -> None:
    """Which of the two is right nobody here knows; the same amount written otherwise is the same."""
    content = rates(("2019-07", "3100.00"), ("2019-07", "3100"), ("2019-07", "3100.01"))
    reason = "stands in an earlier line for the same person and month with another amount"
    assert await desk.problems("rates", content) == [(4, "monthly_amount", reason)]
    assert (await desk.load("rates", rates(("2019-07", "3100.0"), ("2019-07", "3100")))).counts["added"] == 1


@pytest.mark.parametrize("written", ["{}", " {} ", "\u3000{}"])
async def test_an_id_number_is_the_same_however_it_is_typed(desk: Desk, written: str) -> None:
    """A small x and blanks are no other person, here as in the other files."""
    serial = next(n for n in range(100, 999) if id_number(n).endswith("X"))
    await desk.world.enrol(serial)
    content = rates(("2019-07", "3100.00"), id_number=written.format(id_number(serial).lower()))
    assert (await desk.load("rates", content)).counts == {"added": 1, "changed": 0}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HEADERS["rates"].replace("from_month", "month") + "\n", "missing: from_month, unknown: 1, repeated: 0"),
        (HEADERS["rates"] + "\n" + f'{SCHOOL},RETIREE,"{id_number(1)},2019-07,3100.00\n', "line 2: unexpected end"),
        ("", "the file is empty"),
    ],
)
async def test_a_file_that_is_none_is_refused(desk: Desk, content: str, said: str) -> None:
    """Nothing of it is loaded, and no number of it is shown."""
    before = await desk.dump()
    with pytest.raises(BadFile, match=said) as refused:
        await desk.load("rates", content)
    assert id_number(1) not in str(refused.value)
    assert await desk.dump() == before


async def test_what_was_known_before_stays_known(paid: Desk) -> None:
    """Asked as of a day before the file came, the service answers as it would have on that day."""
    world = paid.world
    world.at("2019-08-25")
    await paid.load("rates", rates(("2019-10", "3100.00")))
    world.at("2019-08-27")
    await paid.load("rates", rates(("2019-10", "3200.00")))
    world.at("2019-08-30")
    answers = {day: (await world.entitlement(1, "2019-10", day))["amount"] for day in
               ("2019-08-24", "2019-08-25", "2019-08-26", "2019-08-27", "2019-08-30")}  # fmt: skip
    assert answers == {
        "2019-08-24": "3000.00",
        "2019-08-25": "3100.00",
        "2019-08-26": "3100.00",
        "2019-08-27": "3200.00",
        "2019-08-30": "3200.00",
    }
