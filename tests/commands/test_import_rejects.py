"""`import --rejects FILE`: the good rows are loaded, the bad ones written there with their reasons."""

from __future__ import annotations

import csv
from argparse import Namespace
from pathlib import Path

import pytest

from commands.load import load
from resolvers.errors import Refused
from tests.commands.files import HEADERS, KINDS, Desk, another, good, text
from tests.world import CONTACT, id_number

BAD = {
    "units": ("name", "", "is empty"),
    "accounts": ("password", "short", "is shorter than 8 characters"),
    "beneficiaries": ("benefit_from", "May", "is not a month; write YYYY-MM"),
    "rates": ("monthly_amount", "3100.005", "is not an amount in yuan with at most two places"),
    "evidence": ("occurred_on", "May", "is not a date; write YYYY-MM-DD"),
}


def rejected(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("kind", KINDS)
async def test_good_rows_are_loaded_and_bad_ones_written(desk: Desk, kind: str) -> None:
    """The bad row stands in the rejects file as it was, with line, column and reason beside it."""
    column, value, reason = BAD[kind]
    bad = another(kind) | {column: value}
    rejects = desk.world.folder / "rejects.csv"
    loaded = await desk.load(kind, text(kind, good(kind), bad), rejects)
    assert (loaded.rows, loaded.counts["added"], list(loaded.rejected)) == (2, 1, [(3, column, reason)])
    reasons = {"reject_line": "3", "reject_column": column, "reject_reason": reason}
    assert rejected(rejects) == [bad | reasons]


@pytest.mark.parametrize("kind", KINDS)
async def test_the_mended_rejects_can_be_loaded_as_they_are(desk: Desk, kind: str) -> None:
    """The columns with the reasons are passed over; a spreadsheet may have kept the BOM."""
    column, value, _ = BAD[kind]
    rejects = desk.world.folder / "rejects.csv"
    await desk.load(kind, text(kind, good(kind), another(kind) | {column: value}), rejects)
    mended = rejects.read_text(encoding="utf-8").replace(f",{value},", f",{good(kind)[column]},", 1)
    if column == "password":
        mended = mended.replace(",short,", ",long enough,")
    loaded = await desk.load(kind, mended)
    assert (loaded.rows, loaded.counts["added"], loaded.rejected) == (1, 1, [])


async def test_rejects_that_are_rejected_again_can_still_be_mended(desk: Desk) -> None:
    """A clerk mends one mistake and makes another: the second rejects file has one set of reasons, the newer."""
    first, second = desk.world.folder / "first.csv", desk.world.folder / "second.csv"
    await desk.load("units", text("units", good("units", name="")), first)
    worse = first.read_text(encoding="utf-8").replace("370202000909,,", "37020200/909,小学,")
    await desk.load("units", worse, second)
    [row] = rejected(second)
    assert list(row) == [*HEADERS["units"].split(","), "reject_line", "reject_column", "reject_reason"]
    assert (row["reject_line"], row["reject_column"]) == ("2", "si_number")
    loaded = await desk.load("units", second.read_text(encoding="utf-8").replace("37020200/909", "370202000909"))
    assert loaded.counts["added"] == 1


async def test_a_row_with_several_mistakes_stands_there_once(desk: Desk) -> None:
    """Its columns and reasons stand side by side, in the same order."""
    rejects = desk.world.folder / "rejects.csv"
    row = good("beneficiaries", name="", benefit_from="May")
    await desk.load("beneficiaries", text("beneficiaries", row), rejects)
    [found] = rejected(rejects)
    assert found["reject_column"] == "benefit_from; name"
    assert found["reject_reason"] == "is not a month; write YYYY-MM; is empty"


async def test_what_contradicts_the_database_is_rejected_too(desk: Desk) -> None:
    """Unknown units, and references that came before with other content."""
    rejects = desk.world.folder / "rejects.csv"
    unknown = good("beneficiaries", unit_si_number="370202000999", id_number=id_number(8))
    loaded = await desk.load("beneficiaries", text("beneficiaries", good("beneficiaries"), unknown), rejects)
    assert loaded.counts == {"added": 1}
    assert [row["reject_reason"] for row in rejected(rejects)] == ["no such unit; import units first"]
    await desk.load("evidence", text("evidence", good("evidence")))
    rows = [good("evidence", occurred_on="2019-05-21"), good("evidence", reference="T-2")]
    loaded = await desk.load("evidence", text("evidence", *rows), rejects)
    assert loaded.counts == {"added": 1, "unmatched": 0}
    assert [row["reject_line"] for row in rejected(rejects)] == ["2"]


async def test_bytes_that_are_no_text_are_written_back_as_they_were(desk: Desk) -> None:
    """Nothing of the row is lost, whatever its encoding."""
    rejects = desk.world.folder / "rejects.csv"
    gbk = "370202000909,小学,市南区\n".encode("gbk")
    await desk.load("units", HEADERS["units"].encode() + b"\n" + gbk, rejects)
    assert gbk.strip() in rejects.read_bytes()


async def test_a_row_with_too_few_values_is_written_back(desk: Desk) -> None:
    """Also rows that fit no column are there to be mended."""
    rejects = desk.world.folder / "rejects.csv"
    loaded = await desk.load("units", text("units", good("units")) + "370202000910,中学\n", rejects)
    assert loaded.counts["added"] == 1
    assert "370202000910,中学" in rejects.read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
async def test_without_bad_rows_the_rejects_are_a_header(desk: Desk, kind: str) -> None:
    """An older file of that name does not stay behind as if it were about this one."""
    rejects = desk.file("old\n")
    await desk.load(kind, text(kind, good(kind)), rejects)
    assert rejected(rejects) == []
    assert rejects.read_text(encoding="utf-8-sig").startswith(HEADERS[kind])


async def run(desk: Desk, kind: str, files: list[Path], rejects: Path) -> None:
    await load(desk.world.context(), Namespace(kind=kind, files=files, rejects=rejects))


async def test_the_report_says_where_the_bad_rows_are(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """How many were read, loaded and set aside."""
    file, rejects = desk.file(text("units", good("units"), good("units", name=""))), desk.world.folder / "bad.csv"
    await run(desk, "units", [file], rejects)
    assert capsys.readouterr().out == f"{file.name}: 2 rows read, 1 added, 0 changed, 1 row written to {rejects}\n"


@pytest.mark.parametrize("kind", KINDS)
async def test_without_a_place_for_the_bad_rows_nothing_is_loaded(desk: Desk, kind: str) -> None:
    """A rejects file that cannot be written would lose them; the message names that file."""
    column, value, _ = BAD[kind]
    before = await desk.dump()
    rejects = desk.world.folder / "no such folder" / "rejects.csv"
    with pytest.raises(Refused, match="No such file or directory") as refused:
        await run(desk, kind, [desk.file(text(kind, good(kind), another(kind) | {column: value}))], rejects)
    assert await desk.dump() == before
    assert str(rejects) in str(refused.value)


async def test_the_rejects_never_overwrite_the_file_itself(desk: Desk) -> None:
    """Half of a clerk's work would be gone."""
    file = desk.file(text("units", good("units"), good("units", name="")))
    before, held = file.read_bytes(), await desk.dump()
    for name in (file, file.parent / "." / file.name):
        with pytest.raises(Refused, match="overwrite"):
            await run(desk, "units", [file], name)
    assert file.read_bytes() == before
    assert await desk.dump() == held


async def test_several_files_do_not_share_one_rejects_file(desk: Desk) -> None:
    """The second file's bad rows would take the place of the first's."""
    files = [desk.file(text("units", good("units", name=""))), desk.file(text("units", good("units")))]
    held = await desk.dump()
    with pytest.raises(Refused, match="one FILE"):
        await run(desk, "units", files, desk.world.folder / "rejects.csv")
    assert await desk.dump() == held


async def test_names_are_never_in_the_reasons(desk: Desk) -> None:
    """The reasons beside a row say nothing that the row does not say itself."""
    rejects = desk.world.folder / "rejects.csv"
    row = good("beneficiaries", name="王小二" * 40, id_number="3702021945", phone=CONTACT["phone"])
    await desk.load("beneficiaries", text("beneficiaries", row), rejects)
    [found] = rejected(rejects)
    assert not any(value in found["reject_reason"] for value in ("王小二", "3702021945", CONTACT["phone"]))
