"""`export`: a frozen payroll with its control total, or the roster as it stands, as CSV or XLSX."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import Any

from commands.progress import steps
from commands.sheets import table
from domain.money import ZERO
from domain.month import Month
from domain.standing import Standing
from resolvers import export
from resolvers.context import Context
from resolvers.errors import Refused
from storage.export import Control, ExportRow, RosterRow

PAYROLL = (
    "month", "unit_si_number", "unit_name", "category", "beneficiary_id", "name", "id_number", "status", "reason",
    "since", "amount", "back_pay", "adjustments", "total", "back_pay_for",
)  # fmt: skip
ROSTER = (
    "unit_si_number", "unit_name", "category", "beneficiary_id", "name", "id_number", "conclusion", "verdict_month",
    "answer_by", "period_start", "period_end", "payment_status", "paid_through", "confirm_by", "contact_complete",
)  # fmt: skip
EVERY = 1000  # rows between two words of progress


async def payroll(context: Context, arguments: Namespace) -> None:
    """Write the file beside its place, and put it there once it is whole and adds up."""
    month: Month = arguments.month
    target, kind = _place(arguments, f"payroll-{month}")
    count, total = 0, ZERO
    with table(target, kind, PAYROLL) as write:
        async with export.frozen_payroll(context, month) as exported:
            with steps(f"writing {month}") as progress:
                async for row in exported.rows:
                    write(_paid(month, row))
                    count, total = count + 1, total + row.total
                    if count % EVERY == 0:
                        progress(count, exported.control.people)
            control = exported.control
            write(_trailer(control))
        if (count, total) != (control.people, control.total):
            raise Refused(f"the rows of {month} do not add up to the control total; nothing was written")
    print(
        f"{target}: {control.people} people, {control.paid} paid {control.amount},"
        f" back pay {control.back_pay}, adjustments {control.adjustments}, control total {control.total}"
    )


async def roster(context: Context, arguments: Namespace) -> None:
    """Write everybody who has not been terminated, of one unit or of all, as they stand today."""
    target, kind = _place(arguments, f"roster-{context.today}")
    count = 0
    with table(target, kind, ROSTER) as write:
        async with export.roster(context, arguments.unit) as exported:
            with steps("writing the roster") as progress:
                async for row in exported.rows:
                    write(_standing(context, row))
                    count += 1
                    if count % EVERY == 0:
                        progress(count, exported.people)
        if count != exported.people:
            raise Refused("the rows are not as many as were counted; nothing was written")
    print(f"{target}: {count} people")


def _place(arguments: Namespace, name: str) -> tuple[Path, str]:
    """Where the file goes, and of which kind it is."""
    if arguments.out is None:
        return Path(f"{name}.{arguments.format}"), arguments.format
    out: Path = arguments.out
    return out, out.suffix.lstrip(".").lower()


def _standing(context: Context, row: RosterRow) -> list[Any]:
    person: Standing = row.standing
    verdict, period = person.verdict, person.period
    return [
        row.si_number, row.unit_name, person.category, person.id, person.name, person.id_number_masked,
        *((verdict.conclusion, str(verdict.month), _or_empty(verdict.answer_by)) if verdict else ("", "", "")),
        *((str(period.start), str(period.end)) if period else ("", "")),
        person.payment_status(context.month), _or_empty(person.paid_through),
        str(person.confirm_by(context.policy)), "yes" if person.contact.complete else "no",
    ]  # fmt: skip


def _or_empty(value: object) -> str:
    return "" if value is None else str(value)


def _paid(month: Month, row: ExportRow) -> list[Any]:
    return [
        str(month), row.si_number, row.unit_name, row.category, row.beneficiary_id, row.name, row.id_number,
        row.status, "" if row.status == "PAID" else row.basis, str(Month.of(row.since)) if row.since else "",
        row.amount, row.back_pay, row.adjustments, row.total, " ".join(str(Month.of(day)) for day in row.back_pay_for),
    ]  # fmt: skip


def _trailer(control: Control) -> list[Any]:
    """The control total: how many rows, and what they add up to."""
    sums = [control.amount, control.back_pay, control.adjustments, control.total]
    return ["TOTAL", "", "", "", control.people, "", "", f"{control.paid} PAID", "", "", *sums, ""]
