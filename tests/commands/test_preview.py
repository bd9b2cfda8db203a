"""`payroll MONTH --preview`: what freezing would do, before or after its day, and nothing is written."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from domain.month import Month
from resolvers import payroll as payrolls
from resolvers.errors import Refused
from storage import payroll
from tests.commands.files import Desk, good
from tests.commands.ledger import changing, failed, ledger, personal_in, ran, said, without_partition
from tests.policies import amended
from tests.world import BUREAU, SCHOOL, World, id_number

MASKED = "3702**********{}"
NOVEMBER = [
    "2019-11, a preview: 5 people",
    "  PAID               4            11700.50 yuan",
    "  WITHHELD           1  SUSPENDED",
    "  ADJUSTMENT          3              300.00 yuan",
    "  BACK_PAY           4            12300.00 yuan",
    "against 2019-10:",
    "           1 stop: paid last month, not now (-3000.00 yuan)",
    f"             unit {SCHOOL}, {{stops}}: 3000.00 -> 0.00, SUSPENDED",
    "           1 resume: not paid last month, paid now (+3100.00 yuan)",
    f"             unit {SCHOOL}, {{resumes}}: 0.00 -> 3100.00",
    "           1 start: nothing last month, paid now (+2500.50 yuan)",
    f"             unit {SCHOOL}, {{starts}}: - -> 2500.50",
    "           1 get another amount (+100.00 yuan)",
    f"             unit {SCHOOL}, {{raised}}: 3000.00 -> 3100.00",
]
SERIALS = {"stops": 1, "resumes": 2, "raised": 3, "same": 4, "starts": 5}


def masked(name: str) -> str:
    return MASKED.format(id_number(SERIALS[name])[-4:])


async def shown(world: World, capsys: pytest.CaptureFixture[str], *typed: object) -> list[str]:
    """What a preview prints; nothing may be written, not even a partition."""
    await without_partition(world, str(typed[1]))
    before = await Desk(world).dump()
    capsys.readouterr()
    await said(world, *typed, "--preview")
    assert await Desk(world).dump() == before
    return capsys.readouterr().out.splitlines()


async def refusal(world: World, *typed: object) -> str:
    """Why the command is refused; it must be, and change nothing."""
    before = await Desk(world).dump()
    with pytest.raises(Refused) as refused:
        await said(world, *typed)
    assert await Desk(world).dump() == before
    return str(refused.value)


async def test_a_preview_shows_who_differs_and_why(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Who stops, resumes, starts and gets another amount; back pay and adjustments; people only by masked numbers."""
    await changing(world)
    found = await shown(world.at("2019-11-08"), capsys, "payroll", "2019-11")
    names = {name: masked(name) for name in SERIALS}
    assert found[: len(NOVEMBER)] == [line.format(**names) for line in NOVEMBER]
    assert personal_in("\n".join(found)) == []
    assert not [line for line in found if masked("same") in line]


async def test_before_the_payroll_day_it_says_why_it_cannot_be_frozen_yet(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """The figures are there three days earlier; with the day, not the reason, they are the same."""
    await changing(world)
    early = await shown(world.at("2019-11-05"), capsys, "payroll", "2019-11")
    assert early[-1] == (
        "it cannot be frozen yet: the payroll of 2019-11 is frozen from 2019-11-08 on; today is 2019-11-05"
    )
    late = await shown(world.at("2019-11-08"), capsys, "payroll", "2019-11")
    assert early[:-1] == late
    assert not [line for line in late if "cannot" in line]


async def test_without_the_verdicts_of_the_month_before_it_cannot_be_frozen(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command that comes first is named."""
    await world.at("2019-06-08").units()
    await world.enrol(1)
    found = await shown(world, capsys, "payroll", "2019-06")
    assert found[0] == "2019-06, a preview: 1 people"
    assert found[-1] == ("it cannot be frozen yet: the verdicts of 2019-05 are not published; run: publish 2019-05")


async def test_the_day_is_the_policys(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The 12th, as a later notice may say."""
    await changing(world)
    world.book = amended("payroll_day", "2019-11-01", value=12)
    found = await shown(world.at("2019-11-11"), capsys, "payroll", "2019-11")
    assert "is frozen from 2019-11-12 on" in found[-1]


@pytest.mark.parametrize("day", ["2019-11-05", "2019-11-08"])
async def test_freezing_does_what_the_preview_has_shown(
    world: World, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    """Whether it was looked at before the day or on it: the same totals, and the same people with the same amounts."""
    ids = await changing(world)
    month = Month(2019, 11)
    preview = await payrolls.preview(world.at(day).context(), month, limit=None)
    frozen = await payrolls.freeze(world.at("2019-11-08").context(), month)
    assert frozen.totals == preview.totals
    async with world.database.connection() as connection:
        assert await payroll.differences(connection, month) == preview.differences
        assert await payroll.different(connection, month, None) == preview.people
    entries = {id: (await ledger(world, id))["2019-11"] for id in ids.values()}
    for one in preview.people:
        expected = f"PAID {one.amount}" if one.amount else f"WITHHELD {one.basis}"
        assert entries[one.beneficiary_id] == expected


async def test_the_first_payroll_is_against_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever is paid starts; whoever is not is in the totals."""
    await world.at("2019-06-05").units()
    await world.enrol(1)
    await world.enrol(2, certified_in="2018-01")
    found = await shown(world.at("2019-06-08"), capsys, "payroll", "2019-06")
    assert found[:8] == [
        "2019-06, a preview: 2 people",
        "  PAID               1             3000.00 yuan",
        "  WITHHELD           1  LAPSED",
        "against 2019-05:",
        "           0 stop: paid last month, not now (+0.00 yuan)",
        "           0 resume: not paid last month, paid now (+0.00 yuan)",
        "           1 start: nothing last month, paid now (+3000.00 yuan)",
        f"             unit {SCHOOL}, {masked('stops')}: - -> 3000.00",
    ]


async def test_it_shows_which_units_owe_answers(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Those who owe most first; an answer given is owed no more."""
    await world.at("2019-06-05").units(SCHOOL, BUREAU)
    for serial, unit in enumerate((SCHOOL, BUREAU, BUREAU, BUREAU), 1):
        await world.enrol(serial, unit=unit)
    await world.publish("2019-05")
    found = await shown(world, capsys, "payroll", "2019-06")
    assert found[found.index("unanswered: 4 people in 2 units") :][:3] == [
        "unanswered: 4 people in 2 units",
        f"             unit {BUREAU}: 3",
        f"             unit {SCHOOL}: 1",
    ]
    await failed(world, 1, "2019-06-05", "2019-06-02")
    found = await shown(world, capsys, "payroll", "2019-06")
    assert "unanswered: 3 people in 1 units" in found


async def test_many_people_are_shown_in_part(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Twenty of a kind; all of them are counted, and in the list."""
    await world.at("2019-06-05").units()
    await world.load("beneficiaries", [good("beneficiaries", unit_si_number=SCHOOL, id_number=id_number(n))
                                       for n in range(1, 26)])  # fmt: skip
    listed = world.folder / "people.csv"
    found = await shown(world.at("2019-06-08"), capsys, "payroll", "2019-06", "--list", listed)
    assert "          25 start: nothing last month, paid now (+75000.00 yuan)" in found
    assert len([line for line in found if line.endswith(": - -> 3000.00")]) == 20
    assert found[-1] == f"25 people who differ written to {listed}"
    assert len(rows(listed)) == 25


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


async def test_the_list_holds_everybody_who_differs(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """As CSV for a spreadsheet: the change, the unit, the masked number, both amounts and the reason."""
    await changing(world)
    listed = world.folder / "people.csv"
    await shown(world, capsys, "payroll", "2019-11", "--list", listed)
    assert [list(row.values()) for row in rows(listed)] == [
        ["STOPS", SCHOOL, masked("stops"), "3000.00", "0.00", "SUSPENDED"],
        ["RESUMES", SCHOOL, masked("resumes"), "0.00", "3100.00", ""],
        ["STARTS", SCHOOL, masked("starts"), "", "2500.50", ""],
        ["AMOUNT", SCHOOL, masked("raised"), "3000.00", "3100.00", ""],
    ]
    assert list(rows(listed)[0]) == ["change", "unit_si_number", "id_number", "amount_before", "amount", "reason"]
    assert personal_in(listed.read_text(encoding="utf-8")) == []


async def test_a_list_without_a_preview_is_refused(world: World) -> None:
    """A frozen payroll is exported; nothing was frozen by mistake, and no file written."""
    await changing(world)
    listed = world.folder / "people.csv"
    assert await refusal(world.at("2019-11-08"), "payroll", "2019-11", "--list", listed) == (
        "--list goes with --preview; a frozen payroll is written by: export payroll"
    )
    assert not listed.exists()


async def test_a_frozen_month_is_not_previewed(world: World) -> None:
    """What was paid is no matter of what would be."""
    await world.units()
    await world.at("2019-06-05").enrol(1)
    await world.payroll("2019-06", "2019-07")
    for month in ("2019-06", "2019-07"):
        assert await refusal(world, "payroll", month, "--preview") == (
            f"the payroll of {month} is frozen; see it with: export payroll {month}"
        )


@pytest.mark.parametrize(
    ("month", "said_of_it"),
    [
        ("2019-05", "the ledger begins with 2019-06; earlier months cannot be frozen any more"),
        ("2019-08", "the payroll of 2019-07 comes first; run: payroll 2019-07"),
        ("9999-12", "the payroll of 2019-07 comes first; run: payroll 2019-07"),
    ],
)
async def test_a_month_out_of_turn_is_not_previewed(world: World, month: str, said_of_it: str) -> None:
    """What it would hold depends on the months between."""
    await world.units()
    await world.at("2019-06-05").enrol(1)
    await world.payroll("2019-06")
    assert await refusal(world, "payroll", month, "--preview") == said_of_it


async def test_a_month_too_far_ahead_is_not_previewed(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The next month at most: further on nobody knows who will have passed."""
    await world.at("2019-06-05").units()
    await world.enrol(1)
    assert (await shown(world, capsys, "payroll", "2019-07"))[0] == "2019-07, a preview: 1 people"
    for month in ("2019-08", "9999-12"):
        assert await refusal(world, "payroll", month, "--preview") == (
            f"{month} lies too far ahead; the next month at most can be previewed"
        )


@pytest.mark.parametrize("month", ["2017-12", "0001-01"])
async def test_a_month_before_the_policy_is_not_previewed(world: World, month: str) -> None:
    """It never can be frozen."""
    await world.at("2019-06-05").units()
    await world.enrol(1)
    assert "the policy has no values before 2018-01-01" in await refusal(world, "payroll", month, "--preview")


async def test_a_list_that_cannot_be_written_is_one_clear_line(world: World, dsn: str) -> None:
    """Exit status 1; the line names the file and why."""
    await world.at("2019-06-05").units()
    await world.enrol(1)
    listed = world.folder / "no such folder" / "people.csv"
    failure = ran(dsn, "2019-06-08", "payroll", "2019-06", "--preview", "--list", listed)
    assert failure.returncode == 1
    assert failure.stderr.splitlines()[-1] == f"renzheng: {listed}: No such file or directory"


async def test_who_was_enrolled_late_starts_and_does_not_resume(world: World) -> None:
    """Enrolled on 03-20 with a benefit from 03 on, whose payroll was frozen: nothing was paid before 04."""
    await world.at("2019-01-05").units()
    await world.enrol(1)
    await world.payroll("2019-02", "2019-03")
    late = await world.at("2019-03-20").enrol(2, benefit_from="2019-03", certified_in="2019-03")
    await world.at("2019-04-04").publish("2019-03")
    preview = await payrolls.preview(world.at("2019-04-08").context(), Month(2019, 4))
    assert [(one.beneficiary_id, one.kind, one.amount_before) for one in preview.people] == [(late, "STARTS", None)]
