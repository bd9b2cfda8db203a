"""`export payroll` and `export roster` as CSV or XLSX: whole, with its control total, and harmless to open."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from pathlib import Path

import pytest

from commands import sheets as sheets_of_files
from domain.month import Month
from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from resolvers.errors import Refused
from storage import export
from storage.database import Connection
from storage.export import Control, ExportRow
from tests.commands.files import Desk, good
from tests.commands.ledger import PERSONAL, changing, failed, ran, said
from tests.commands.sheets import csv_rows, xlsx_rows, xlsx_sheets
from tests.world import BUREAU, SCHOOL, World, id_number

HEADER = [
    "month", "unit_si_number", "unit_name", "category", "beneficiary_id", "name", "id_number", "status", "reason",
    "since", "amount", "back_pay", "adjustments", "total", "back_pay_for",
]  # fmt: skip
UNIT = [SCHOOL, f"单位{SCHOOL}", "RETIREE"]
CLAIMED = "2019-07 2019-08 2019-09 2019-10"
TOTAL = ["TOTAL", "", "", "", "5", "", "", "4 PAID", "", "", "11700.50", "12300.00", "300.00", "24300.50", ""]
READ: dict[str, Callable[[Path], list[list[str]]]] = {"csv": csv_rows, "xlsx": xlsx_rows}
BOTH = pytest.mark.parametrize("kind", list(READ))


def masked(serial: int) -> str:
    return f"3702**********{id_number(serial)[-4:]}"


@pytest.fixture
async def paid(world: World) -> World:
    """The payrolls from 2019-06 to 2019-11; November has one of every kind of change."""
    await changing(world)
    await world.payroll("2019-11")
    return world


async def written(world: World, kind: str, month: str = "2019-11") -> list[list[str]]:
    """The rows of the file that an export of the month writes."""
    file = world.folder / f"out.{kind}"
    await said(world, "export", "payroll", month, "--out", file)
    return READ[kind](file)


@BOTH
async def test_every_person_of_the_month_is_a_row(paid: World, kind: str) -> None:
    """In the order of units and people, amounts with two places, back pay with its months, the totals at the end."""
    header, *rows, total = await written(paid, kind)
    assert header == HEADER
    assert rows == [
        ["2019-11", *UNIT, "1", "张三1", masked(1), "WITHHELD", "SUSPENDED", "2019-11",
         "0.00", "0.00", "0.00", "0.00", ""],
        ["2019-11", *UNIT, "2", "张三2", masked(2), "PAID", "", "2019-09",
         "3100.00", "12300.00", "0.00", "15400.00", CLAIMED],
        ["2019-11", *UNIT, "3", "张三3", masked(3), "PAID", "", "2019-01",
         "3100.00", "0.00", "300.00", "3400.00", ""],
        ["2019-11", *UNIT, "4", "张三4", masked(4), "PAID", "", "2019-01",
         "3000.00", "0.00", "0.00", "3000.00", ""],
        ["2019-11", *UNIT, "5", "张三5", masked(5), "PAID", "", "2019-11",
         "2500.50", "0.00", "0.00", "2500.50", ""],
    ]  # fmt: skip
    assert total == TOTAL


@BOTH
async def test_the_trailer_is_the_sum_of_the_rows_and_what_is_printed(
    paid: World, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever takes the file over can see that nothing of it is missing."""
    capsys.readouterr()
    _, *rows, total = await written(paid, kind)
    sums = [str(sum(Decimal(row[column]) for row in rows)) for column in range(10, 14)]
    assert total[10:14] == sums
    assert total[4] == str(len(rows))
    assert capsys.readouterr().out == (
        f"{paid.folder / f'out.{kind}'}: 5 people, 4 paid {sums[0]}, back pay {sums[1]}, adjustments {sums[2]},"
        f" control total {sums[3]}\n"
    )


async def test_an_earlier_month_is_exported_as_it_was_frozen(paid: World) -> None:
    """Whoever was enrolled later, or paid for it later, is in the later file."""
    before = await written(paid, "csv", "2019-08")
    assert [row[7] for row in before] == ["status", "PAID", "WITHHELD", "PAID", "PAID", "3 PAID"]
    await paid.at("2019-11-20").enrol(7)
    await paid.payroll("2019-12")
    assert await written(paid, "csv", "2019-08") == before
    assert (await written(paid, "csv", "2019-12"))[-1][4] == "6"


@BOTH
async def test_a_payroll_of_nobody_is_a_header_and_a_total_of_nothing(world: World, kind: str) -> None:
    """Not an error: a new agency has one."""
    await world.units()
    await world.payroll("2019-06")
    assert await written(world, kind, "2019-06") == [
        HEADER,
        ["TOTAL", "", "", "", "0", "", "", "0 PAID", "", "", "0.00", "0.00", "0.00", "0.00", ""],
    ]


@BOTH
async def test_numbers_are_shown_masked_and_nothing_else_of_a_person(paid: World, kind: str) -> None:
    """The bank matches by its own file; no whole ID number, phone or address leaves with this one."""
    shown = "\n".join(",".join(row) for row in await written(paid, kind))
    assert [word for word in PERSONAL if word in shown and word != "张三"] == []
    assert masked(2) in shown


HOSTILE = ["=1+1", "+1", "-1", "@x", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"]


async def hostile(world: World) -> None:
    """People whose names a spreadsheet would run, in a unit whose name it would too."""
    await world.at("2019-06-05").units()
    await world.load("units", [{"si_number": SCHOOL, "name": "=1+1", "district": "@市南区"}])
    await world.load("beneficiaries", [
        good("beneficiaries", unit_si_number=SCHOOL, name=name, id_number=id_number(n))
        for n, name in enumerate(HOSTILE, 1)
    ])  # fmt: skip
    await world.payroll("2019-06")


async def test_a_formula_for_a_name_is_text_in_csv(world: World) -> None:
    """No cell of a text begins as a formula does; what stands behind the quote is the name."""
    await hostile(world)
    _, *rows, _ = await written(world, "csv", "2019-06")
    assert [row[5] for row in rows] == [f"'{name}" for name in HOSTILE]
    assert {row[2] for row in rows} == {"'=1+1"}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


async def test_a_formula_for_a_name_is_a_string_in_xlsx(world: World) -> None:
    """As it is, in a cell that no spreadsheet runs; the reader of these tests refuses formulas."""
    await hostile(world)
    _, *rows, _ = await written(world, "xlsx", "2019-06")
    assert [row[5] for row in rows] == HOSTILE
    assert {row[2] for row in rows} == {"=1+1"}


@BOTH
@pytest.mark.parametrize("remnant", [None, "", ".part"], ids=["new", "older file", "remnant"])
async def test_a_file_is_its_owners_alone(paid: World, kind: str, remnant: str | None) -> None:
    """It holds names and amounts: 0600, whatever the umask, an older file or a remnant beside it allowed."""
    before = os.umask(0)
    try:
        if remnant is not None:
            (paid.folder / f"out.{kind}{remnant}").write_text("old")
        await written(paid, kind)
    finally:
        os.umask(before)
    assert (paid.folder / f"out.{kind}").stat().st_mode & 0o777 == 0o600


async def left(world: World, kind: str, expected: type[Exception]) -> list[str]:
    """Export over an older file and fail; the older file must be as it was. What else is there of that name."""
    file = world.folder / f"out.{kind}"
    file.write_text("the older file")
    with pytest.raises(expected):
        await written(world, kind)
    assert file.read_text() == "the older file"
    return [other.name for other in world.folder.glob("out.*") if other != file]


@BOTH
async def test_a_failure_midway_leaves_the_older_file(paid: World, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is there whole or not at all."""
    real = export.rows

    async def failing(connection: Connection, month: Month) -> AsyncIterator[ExportRow]:
        async for row in real(connection, month):
            yield row
            raise ConnectionResetError

    monkeypatch.setattr(export, "rows", failing)
    assert await left(paid, kind, ConnectionResetError) == []


@BOTH
async def test_rows_that_do_not_add_up_leave_the_older_file(
    paid: World, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database has counted them by itself."""

    async def other(_: Connection, __: Month) -> Control:
        return Control(5, 4, Decimal("11700.51"), Decimal("12300.00"), Decimal("300.00"))

    monkeypatch.setattr(export, "control", other)
    assert await left(paid, kind, Refused) == []


@BOTH
async def test_a_later_export_takes_the_place_of_the_older_file(paid: World, kind: str) -> None:
    """Without a trace of it."""
    (paid.folder / f"out.{kind}").write_text("the older file\n" * 9999)
    assert (await written(paid, kind))[-1] == TOTAL
    assert [file.name for file in paid.folder.glob("out.*")] == [f"out.{kind}"]


@pytest.mark.parametrize("month", ["2019-05", "2019-12", "2017-12", "0001-01", "9999-12"])
async def test_a_month_that_is_not_frozen_is_refused(paid: World, month: str) -> None:
    """Neither before the ledger begins nor after its last month; no file is made."""
    before = await Desk(paid).dump()
    with pytest.raises(Refused, match=f"^the payroll of {month} is not frozen|^the ledger begins with 2019-06$"):
        await written(paid, "csv", month)
    assert list(paid.folder.glob("out.*")) == []
    assert await Desk(paid).dump() == before


@pytest.mark.parametrize("name", ["out.pdf", "out.xls", "out", ".csv", "out.csv.gz"])
async def test_a_file_of_another_kind_is_refused(paid: World, name: str) -> None:
    """The name says the kind; nobody gets CSV under a name that promises something else."""
    with pytest.raises(Refused, match=r"name the file \.csv or \.xlsx$"):
        await said(paid, "export", "payroll", "2019-11", "--out", paid.folder / name)
    assert not (paid.folder / name).exists()


@pytest.mark.parametrize(
    ("typed", "name"),
    [([], "payroll-2019-11.csv"), (["--format", "xlsx"], "payroll-2019-11.xlsx"), (["--out", "Out.XLSX"], "Out.XLSX")],
)
async def test_the_file_is_named_after_the_month_unless_told_otherwise(
    paid: World, monkeypatch: pytest.MonkeyPatch, typed: list[str], name: str
) -> None:
    """In the folder where the command is run; the case of the suffix does not matter."""
    monkeypatch.chdir(paid.folder)
    await said(paid, "export", "payroll", "2019-11", *typed)
    file = paid.folder / name
    assert READ[file.suffix.lower().lstrip(".")](file)[-1] == TOTAL


async def test_a_sheet_that_is_full_is_followed_by_another(paid: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with its header; the total is the last row of the last."""
    monkeypatch.setattr(sheets_of_files, "SHEET_ROWS", 2)
    file = paid.folder / "out.xlsx"
    await said(paid, "export", "payroll", "2019-11", "--out", file)
    sheets = xlsx_sheets(file)
    assert [sheet[0] for sheet in sheets] == [HEADER] * 3
    assert [[row[4] for row in sheet[1:]] for sheet in sheets] == [["1", "2"], ["3", "4"], ["5", "5"]]
    assert sheets[-1][-1] == TOTAL


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("no such folder/out.csv", "No such file or directory"),
        ("no such folder/out.xlsx", "No such file or directory"),
        ("file/out.csv", "Not a directory"),
        ("folder.csv", "Is a directory"),
    ],
)
async def test_a_file_that_cannot_be_written_is_one_clear_line(paid: World, dsn: str, name: str, why: str) -> None:
    """Exit status 1, and the line names the place and the reason; nothing is left behind."""
    (paid.folder / "file").write_text("")
    (paid.folder / "folder.csv").mkdir()
    before = sorted(paid.folder.rglob("*"))
    failure = ran(dsn, "2019-11-20", "export", "payroll", "2019-11", "--out", paid.folder / name)
    assert (failure.returncode, failure.stdout) == (1, "")
    assert sorted(paid.folder.rglob("*")) == before
    last = failure.stderr.splitlines()[-1]
    assert last.startswith("renzheng: ")
    assert str(paid.folder / name) in last
    assert why in last


async def test_the_process_says_how_it_ended(paid: World, dsn: str) -> None:
    """0 and the control total; 1 for a month that is not frozen."""
    file = paid.folder / "out.xlsx"
    done = ran(dsn, "2019-11-20", "export", "payroll", "2019-11", "--out", file)
    assert (done.returncode, done.stderr) == (0, "writing 2019-11 …\n")
    assert done.stdout.endswith("control total 24300.50\n")
    assert xlsx_rows(file)[-1] == TOTAL
    refused = ran(dsn, "2019-12-20", "export", "payroll", "2019-12", "--out", file)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "renzheng: the payroll of 2019-12 is not frozen; run: payroll 2019-12\n"
    assert xlsx_rows(file)[-1] == TOTAL


ROSTER = [
    "unit_si_number", "unit_name", "category", "beneficiary_id", "name", "id_number", "conclusion", "verdict_month",
    "answer_by", "period_start", "period_end", "payment_status", "paid_through", "confirm_by", "contact_complete",
]  # fmt: skip


async def listed(world: World, kind: str, *typed: str) -> list[list[str]]:
    """The rows of the file that an export of the roster writes."""
    file = world.folder / f"roster.{kind}"
    await said(world, "export", "roster", "--out", file, *typed)
    return READ[kind](file)


@pytest.fixture
async def two_units(world: World) -> World:
    """A school of three, one of them failed and one without data, and a bureau of one."""
    await world.at("2019-05-20").units(SCHOOL, BUREAU)
    for serial in (1, 2):
        await world.enrol(serial)
    await world.enrol(3, phone="", certified_in="2018-03")
    await world.enrol(4, unit=BUREAU, category="SURVIVOR")
    await world.evidence(1, "rail_travel", "2019-05-11")
    await world.evidence(2, "cremation", "2019-05-02", "health")
    await world.at("2019-06-04").publish("2019-05")
    await failed(world, 2, "2019-06-05", "2019-05-02")
    return world.at("2019-07-02")


@BOTH
async def test_the_roster_is_everybody_as_they_stand_today(
    two_units: World, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """By unit, worst first; payment as of this month; the count is printed."""
    capsys.readouterr()
    header, *rows = await listed(two_units, kind)
    school, bureau = [SCHOOL, f"单位{SCHOOL}", "RETIREE"], [BUREAU, f"单位{BUREAU}", "SURVIVOR"]
    assert header == ROSTER
    assert rows == [
        [*school, "2", "张三2", masked(2), "DISQUALIFIED", "2019-05", "", "2019-01", "2019-06", "SUSPENDED",
         "2019-06", "2020-01-31", "yes"],
        [*school, "3", "张三3", masked(3), "PENDING", "2019-05", "2019-06-30", "2018-03", "2019-03", "LAPSED",
         "2019-03", "2019-03-31", "no"],
        [*school, "1", "张三1", masked(1), "QUALIFIED", "2019-05", "", "2019-05", "2020-05", "PAYING",
         "2020-05", "2020-01-31", "yes"],
        [*bureau, "4", "张三4", masked(4), "PENDING", "2019-05", "2019-06-30", "2019-01", "2019-07", "PAYING",
         "2019-07", "2020-01-31", "yes"],
    ]  # fmt: skip
    assert capsys.readouterr().out == f"{two_units.folder / f'roster.{kind}'}: 4 people\n"


async def test_a_roster_of_one_unit_is_recorded_as_about_it(two_units: World) -> None:
    """The trail holds how many people left the service; a unit that is none is refused."""
    assert [row[3] for row in await listed(two_units, "csv", "--unit", BUREAU)] == ["beneficiary_id", "4"]
    [told] = await two_units.owner.fetch(
        "SELECT u.si_number, e.body FROM audit_entries e JOIN units u ON u.id = e.unit_id WHERE e.action = 'EXPORTED'"
    )
    assert told is not None
    assert (told["si_number"], json.loads(told["body"])["facts"]["people"]) == (BUREAU, 1)
    with pytest.raises(Refused, match=r"^there is no unit of this number$"):
        await listed(two_units, "csv", "--unit", "370299999999")


async def test_who_was_terminated_is_not_in_the_roster(two_units: World) -> None:
    """As in the API, unless asked for."""
    await two_units.submit(Act.TERMINATE, 2, status=SurvivalStatus.DECEASED, since="2019-05-02")
    assert [row[3] for row in await listed(two_units, "csv", "--unit", SCHOOL)] == ["beneficiary_id", "3", "1"]
