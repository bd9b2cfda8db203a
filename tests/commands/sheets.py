"""Exported files, read back."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TWO_PLACES = "2"
"""The number format `0.00` of every spreadsheet."""


def csv_rows(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def xlsx_sheets(file: Path) -> list[list[list[str]]]:
    """The rows of every sheet: texts as they are, numbers as a reader sees them."""
    with zipfile.ZipFile(file) as book:
        assert book.testzip() is None
        formats = [xf.attrib["numFmtId"] for xf in _xml(book, "xl/styles.xml").iterfind(f"{_SHEET}cellXfs/{_SHEET}xf")]
        names = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        sheets = [_xml(book, f"xl/worksheets/sheet{number}.xml") for number in range(1, len(names) + 1)]
    return [[[_shown(cell, formats) for cell in row] for row in sheet.iter(f"{_SHEET}row")] for sheet in sheets]


def xlsx_rows(file: Path) -> list[list[str]]:
    [rows] = xlsx_sheets(file)
    return rows


def _xml(book: zipfile.ZipFile, name: str) -> Element:
    return ElementTree.fromstring(book.read(name))


def _shown(cell: Element, formats: list[str]) -> str:
    assert cell.find(f"{_SHEET}f") is None, "a formula"
    if cell.attrib.get("t") == "inlineStr":
        return "".join(text.text or "" for text in cell.iter(f"{_SHEET}t"))
    value = cell.find(f"{_SHEET}v")
    assert value is not None and value.text is not None and cell.attrib.get("t", "n") == "n"
    two_places = formats[int(cell.attrib.get("s", 0))] == TWO_PLACES
    return f"{float(value.text):.2f}" if two_places else value.text
