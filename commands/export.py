"""`export`: a frozen payroll as CSV or XLSX, with its control total."""

from __future__ import annotations

import csv
import os
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import xlsxwriter

from commands.files import naming
from commands.progress import steps
from domain.money import ZERO
from domain.month import Month
from resolvers import export
from resolvers.context import Context
from resolvers.errors import Refused
from storage.export import Control, ExportRow

HEADER = (
    "month", "unit_si_number", "unit_name", "category", "beneficiary_id", "name", "id_number", "status", "reason",
    "since", "amount", "back_pay", "adjustments", "total", "back_pay_for",
)  # fmt: skip
SHEET_ROWS = 1_000_000  # a sheet holds 1,048,576
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Write: TypeAlias = Callable[[Sequence[Any]], None]


async def payroll(context: Context, arguments: Namespace) -> None:
    """Write the file beside its place, and put it there once it is whole and adds up."""
    month: Month = arguments.month
    target: Path = arguments.out or Path(f"payroll-{month}.{arguments.format}")
    kind = arguments.format if arguments.out is None else target.suffix.lstrip(".").lower()
    if kind not in FORMATS:
        raise Refused(f"{target.name}: name the file .csv or .xlsx")
    beside = target.with_name(f"{target.name}.part")
    with naming(target):
        beside.unlink(missing_ok=True)
        try:
            control = await _written(context, month, beside, kind)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    print(
        f"{target}: {control.people} people, {control.paid} paid {control.amount},"
        f" back pay {control.back_pay}, adjustments {control.adjustments}, control total {control.total}"
    )


async def _written(context: Context, month: Month, file: Path, kind: str) -> Control:
    count, total = 0, ZERO
    async with export.frozen_payroll(context, month) as exported:
        with FORMATS[kind](file) as write, steps(f"writing {month}") as progress:
            write(HEADER)
            async for row in exported.rows:
                write(_cells(month, row))
                count, total = count + 1, total + row.total
                if count % 1000 == 0:
                    progress(count, exported.control.people)
            write(_trailer(exported.control))
    if (count, total) != (exported.control.people, exported.control.total):
        raise Refused(f"the rows of {month} do not add up to the control total; nothing was written")
    return exported.control


def _cells(month: Month, row: ExportRow) -> list[Any]:
    return [
        str(month), row.si_number, row.unit_name, row.category, row.beneficiary_id, row.name, row.id_number,
        row.status, "" if row.status == "PAID" else row.basis, str(Month.of(row.since)) if row.since else "",
        row.amount, row.back_pay, row.adjustments, row.total, " ".join(str(Month.of(day)) for day in row.back_pay_for),
    ]  # fmt: skip


def _trailer(control: Control) -> list[Any]:
    """The control total: how many rows, and what they add up to."""
    sums = [control.amount, control.back_pay, control.adjustments, control.total]
    return ["TOTAL", "", "", "", control.people, "", "", f"{control.paid} PAID", "", "", *sums, ""]


@contextmanager
def _csv(file: Path) -> Iterator[Write]:
    """UTF-8 with a BOM, for spreadsheets; a text that one would take for a formula is set in quotes."""
    with open(file, "w", encoding="utf-8-sig", newline="", opener=_private) as out:
        writer = csv.writer(out)
        yield lambda cells: writer.writerow([_harmless(cell) for cell in cells])


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


@contextmanager
def _xlsx(file: Path) -> Iterator[Write]:
    """One sheet, and another after every million rows."""
    os.close(_private(str(file), os.O_WRONLY | os.O_CREAT))
    book = xlsxwriter.Workbook(str(file), {"constant_memory": True, "strings_to_formulas": False})
    money, bold = book.add_format({"num_format": "0.00"}), book.add_format({"bold": True})
    sheet, line = book.add_worksheet(), 0

    def write(cells: Sequence[Any]) -> None:
        nonlocal sheet, line
        if line > SHEET_ROWS:
            sheet, line = book.add_worksheet(), 0
            write(HEADER)
        for column, cell in enumerate(cells):
            if isinstance(cell, Decimal):
                sheet.write_number(line, column, cell, money)
            elif isinstance(cell, int):
                sheet.write_number(line, column, cell)
            else:
                sheet.write_string(line, column, cell, bold if line == 0 else None)
        line += 1

    try:
        yield write
    finally:
        book.close()


def _private(path: str, flags: int) -> int:
    """A new file that nobody but its owner reads: it holds names."""
    return os.open(path, flags | os.O_EXCL, 0o600)


FORMATS = {"csv": _csv, "xlsx": _xlsx}
