"""`import`: what a file as a whole may look like, and that it is loaded whole or not at all."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from commands.load import load, load_file
from resolvers.errors import Refused
from resolvers.intake.files import Rejected
from resolvers.intake.reading import BadFile
from storage import intake
from tests.commands.files import HEADERS, KINDS, Desk, another, good, text


def units(*names: str) -> str:
    return text("units", *(good("units", si_number=f"37020200{n:04}", name=name) for n, name in enumerate(names, 1)))


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_file_is_loaded(desk: Desk, kind: str) -> None:
    """units, accounts, beneficiaries, rates and evidence, each with the columns of its header."""
    loaded = await desk.load(kind, text(kind, good(kind)))
    assert (loaded.rows, loaded.counts["added"], loaded.rejected, loaded.warnings) == (1, 1, [], [])


@pytest.mark.parametrize("kind", KINDS)
async def test_a_header_alone_is_a_file_without_rows(desk: Desk, kind: str) -> None:
    """A month without news is no mistake."""
    before = await desk.dump()
    loaded = await desk.load(kind, HEADERS[kind] + "\n")
    assert (loaded.rows, loaded.counts["added"]) == (0, 0)
    assert await desk.dump() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda content: "\ufeff" + content,
        lambda content: content.replace("\n", "\r\n"),
        lambda content: "\ufeff" + content.replace("\n", "\r\n"),
        lambda content: content.rstrip("\n"),
        lambda content: content.replace("\n", "\n\n"),
        lambda content: content + "\r\n\r\n",
        lambda content: content.replace(",", " , "),
        lambda content: "\n".join('"' + line.replace(",", '","') + '"' for line in content.splitlines()),
        lambda content: "\n".join(",".join(line.split(",")[::-1]) for line in content.splitlines()),
    ],
    ids=["bom", "crlf", "bom and crlf", "no last newline", "blank lines", "blank end", "blanks", "quoted", "reordered"],
)
@pytest.mark.parametrize("kind", ["units", "rates", "evidence"])
async def test_the_same_rows_in_another_dress_are_the_same_rows(desk: Desk, kind: str, change: object) -> None:
    """A BOM, CRLF, blank lines, blanks around values, quotes or another order of columns change nothing."""
    assert callable(change)
    content = text(kind, good(kind), another(kind))
    await desk.load(kind, content)
    before = await desk.dump()
    loaded = await desk.load(kind, change(content))
    assert (loaded.rows, set(loaded.counts.values())) == (2, {0})
    assert await desk.dump() == before


async def test_quotes_hold_commas_newlines_and_quotes(desk: Desk) -> None:
    """RFC 4180."""
    await desk.load("units", HEADERS["units"] + '\n370202000909,"一,""二""\n三",市南区\n')
    assert await desk.world.owner.fetchval("SELECT name FROM units WHERE si_number = '370202000909'") == '一,"二"\n三'


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("si_number,name", "missing: district, unknown: 0, repeated: 0"),
        ("si_number,name,district,phone", "missing: none, unknown: 1, repeated: 0"),
        ("si_number,name,district,name", "missing: none, unknown: 0, repeated: 1"),
        ("370202000101,张三,市南区", "missing: si_number, name, district, unknown: 3, repeated: 0"),
        ("SI_NUMBER;name;district", "missing: si_number, name, district, unknown: 1, repeated: 0"),
        ("", "missing: si_number, name, district"),
    ],
)
async def test_a_wrong_header_is_refused_with_the_right_one(desk: Desk, header: str, said: str) -> None:
    """Unknown names are counted, not shown: a file without a header has people in its first line."""
    with pytest.raises(BadFile, match=said) as refused:
        await desk.load("units", f"{header}\n370202000909,小学,市南区\n")
    assert "the header must be si_number,name,district" in str(refused.value)
    assert "张三" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf"])
async def test_an_empty_file_is_refused(desk: Desk, content: bytes) -> None:
    """It is more likely a failed transfer than a file without rows."""
    with pytest.raises(BadFile, match="the file is empty; it needs a header row"):
        await desk.load("units", content)


async def test_a_file_in_another_encoding_is_named_row_by_row(desk: Desk) -> None:
    """Half a file of a wrong encoding is not loaded as question marks."""
    content = units("小学").encode() + "370202000909,第二小学,市南区\n".encode("gbk")
    reason = "holds characters that are not text (is the file UTF-8?)"
    assert await desk.problems("units", content) == [(3, "district", reason), (3, "name", reason)]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
async def test_a_file_of_wide_characters_is_refused(desk: Desk, encoding: str) -> None:
    """Its header cannot be read."""
    with pytest.raises(BadFile, match="the header must be"):
        await desk.load("units", units("小学").encode(encoding))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('370202000909,"小学,市南区\n370202000910,中学,市南区', "line 3: unexpected end of data"),
        ('370202000909,"小"学,市南区', "line 3: ',' expected after '\"'"),
        ("370202000909," + "学" * 200_000 + ",市南区", "line 3: field larger than field limit"),
    ],
)
async def test_a_row_that_cannot_be_told_from_the_next_ends_the_file(desk: Desk, row: str, said: str) -> None:
    """A quote that is not closed, or is not alone: the line where it opened is named, nothing was loaded."""
    before = await desk.dump()
    with pytest.raises(BadFile) as refused:
        await desk.load("units", units("一小") + row + "\n")
    assert str(refused.value).startswith(said)
    assert "nothing after it can be read" in str(refused.value)
    assert await desk.dump() == before


async def test_lines_are_those_that_an_editor_shows(desk: Desk) -> None:
    """The header is line 1; a quoted newline and a blank line count, a row is where it begins."""
    content = HEADERS["units"] + '\n1,"一\n二\n三",南区\n\n*,四,南区\n2,"五\n六",南区\n*,七,南区\n'
    assert [line for line, *_ in await desk.problems("units", content)] == [6, 9]


async def test_a_row_with_another_number_of_values_is_refused(desk: Desk) -> None:
    """Too few and too many: nobody guesses which value is missing."""
    content = units("小学") + "370202000909,中学\n370202000910,大学,市南区,\n"
    assert await desk.problems("units", content) == [
        (3, "", "has 2 values, the header another number"),
        (4, "", "has 4 values, the header another number"),
    ]


@pytest.mark.parametrize("kind", ["units", "beneficiaries", "rates", "evidence"])
async def test_a_failure_in_the_middle_leaves_nothing(desk: Desk, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was merged before the failure is undone with everything else."""

    async def fail(*_: object) -> None:
        raise ConnectionResetError

    before = await desk.dump()
    monkeypatch.setattr(intake, "drop", fail)
    with pytest.raises(ConnectionResetError):
        await desk.load(kind, text(kind, good(kind)))
    assert await desk.dump() == before


async def test_a_refusal_shows_the_rows_and_says_what_to_do(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """Each bad row by line, column and reason; then one line with the way on."""
    file = desk.file(text("evidence", good("evidence", source="police"), good("evidence", occurred_on="2019-06-31")))
    with pytest.raises(Refused) as refused:
        await load_file(desk.world.context(), "evidence", file, None)
    assert str(refused.value) == (
        f"{file.name}: 2 rows cannot be loaded, so nothing was."
        " Mend the file, or load the good rows with --rejects FILE"
    )
    sources = "human_resources, medical_insurance, health, transport, justice, banks"
    assert capsys.readouterr().err.splitlines() == [
        f"reading {file.name}",
        f"line 2, source: is not one of {sources}",
        "line 3, occurred_on: is not a date; write YYYY-MM-DD",
    ]


async def test_thousands_of_bad_rows_do_not_fill_the_terminal(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The first thousand are shown and the rest counted; --rejects has them all."""
    file = desk.file(units(*[""] * 1050))
    with pytest.raises(Refused, match="1050 rows cannot be loaded"):
        await load_file(desk.world.context(), "units", file, None)
    assert capsys.readouterr().err.splitlines()[-1] == "… and 50 more; --rejects FILE writes all bad rows"


async def test_files_are_loaded_in_their_order_up_to_the_first_bad_one(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each file is whole by itself; the report says which are in."""
    files = [desk.file(units("小学")), desk.file("nothing\n"), desk.file(units("大学"))]
    with pytest.raises(Refused, match=rf"^{files[1].name}: the header must be"):
        await load(desk.world.context(), Namespace(kind="units", files=files, rejects=None))
    assert capsys.readouterr().out == f"{files[0].name}: 1 rows read, 1 added, 0 changed\n"


@pytest.mark.parametrize(("name", "said"), [("none.csv", "No such file or directory"), ("", "Is a directory")])
async def test_a_file_that_cannot_be_opened_is_named(desk: Desk, name: str, said: str) -> None:
    """The operator reads which file, and why."""
    file = Path(desk.world.folder) / name
    with pytest.raises(Refused) as refused:
        await load_file(desk.world.context(), "units", file, None)
    assert str(refused.value) == f"{file}: {said}"


async def test_a_refused_file_says_how_many_problems_it_has(desk: Desk) -> None:
    """The exception itself names no value."""
    with pytest.raises(Rejected, match=r"^1 problems; nothing was loaded$"):
        await desk.load("units", units(""))
