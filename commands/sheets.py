"""A table as a file: CSV or XLSX, nobody's but its owner's, and harmless to open."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import xlsxwriter

from commands.files import naming
from resolvers.errors import Refused

SHEET_ROWS = 1_000_000  # a sheet holds 1,048,576
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Write: TypeAlias = Callable[[Sequence[Any]], None]


@contextmanager
def table(target: Path, kind: str, header: Sequence[str]) -> Iterator[Write]:
    """Write rows beside the place of the file, under the header; the file is put there once it is whole."""
    if kind not in FORMATS:
        raise Refused(f"{target.name}: name the file .csv or .xlsx")
    beside = target.with_name(f"{target.name}.part")
    with naming(target):
        beside.unlink(missing_ok=True)
        try:
            with FORMATS[kind](beside, header) as write:
                yield write
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)


@contextmanager
def _csv(file: Path, header: Sequence[str]) -> Iterator[Write]:
    """UTF-8 with a BOM, for spreadsheets; a text that one would take for a formula is set in quotes."""
    with open(file, "w", encoding="utf-8-sig", newline="", opener=_private) as out:
        writer = csv.writer(out)
        writer.writerow(header)
        yield lambda cells: writer.writerow([_harmless(cell) for cell in cells])


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


@contextmanager
def _xlsx(file: Path, header: Sequence[str]) -> Iterator[Write]:
    """One sheet, and another after every million rows."""
    os.close(_private(str(file), os.O_WRONLY | os.O_CREAT))
    book = xlsxwriter.Workbook(str(file), {"constant_memory": True, "strings_to_formulas": False})
    money, bold = book.add_format({"num_format": "0.00"}), book.add_format({"bold": True})
    sheet, line = book.add_worksheet(), 0

    def write(cells: Sequence[Any]) -> None:
        nonlocal sheet, line
        if line > SHEET_ROWS:
            sheet, line = book.add_worksheet(), 0
            write(header)
        for column, cell in enumerate(cells):
            if isinstance(cell, Decimal):
                sheet.write_number(line, column, cell, money)
            elif isinstance(cell, int):
                sheet.write_number(line, column, cell)
            else:
                sheet.write_string(line, column, cell, bold if line == 0 else None)
        line += 1

    try:
        write(header)
        yield write
    finally:
        book.close()


def _private(path: str, flags: int) -> int:
    """A new file that nobody but its owner reads: it holds names."""
    return os.open(path, flags | os.O_EXCL, 0o600)


FORMATS: dict[str, Callable[[Path, Sequence[str]], AbstractContextManager[Write]]] = {"csv": _csv, "xlsx": _xlsx}
