"""`assess`, `publish`, `payroll` and what an operator needs beside them."""

from __future__ import annotations

import csv
from argparse import Namespace
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from commands.files import naming
from commands.progress import steps, working
from domain.entitlement import Basis
from resolvers import batch, check
from resolvers import payroll as payrolls
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.payroll import SHOWN, Preview
from storage.payroll import Difference, Totals


async def assess(context: Context, arguments: Namespace) -> None:
    with working(f"assessing {arguments.month}"):
        assessed = await batch.assess(context, arguments.month)
    counts = ", ".join(f"{people} {conclusion}" for conclusion, people in sorted(assessed.conclusions.items()))
    print(f"{assessed.month}: {counts or 'nobody to assess'}")


async def publish(context: Context, arguments: Namespace) -> None:
    with steps(f"publishing {arguments.month}") as progress:
        published = await batch.publish(context, arguments.month, release=arguments.release, progress=progress)
    if published.earlier:
        print(f"{published.month}: was published before; nothing changed")
        return
    print(f"{published.month}: {published.people} verdicts published, {published.renewed} periods renewed")


async def found_wrong(context: Context, arguments: Namespace) -> None:
    await batch.find_wrong(context, arguments.source, arguments.reference, arguments.reason)
    print("the record counts no more")


async def verify_standings(context: Context, _: Namespace) -> None:
    with working("telling every life again"):
        result = await check.standings(context)
    if result.differing:
        shown = ", ".join(map(str, result.differing[:20]))
        raise Refused(f"{len(result.differing)} of {result.people} rows differ from their history: {shown}")
    print(f"{result.people} rows equal their history")


async def payroll(context: Context, arguments: Namespace) -> None:
    if arguments.list is not None and not arguments.preview:
        raise Refused("--list goes with --preview; a frozen payroll is written by: export payroll")
    if arguments.preview:
        await _preview(context, arguments)
        return
    with steps(f"freezing {arguments.month}") as progress:
        frozen = await payrolls.freeze(context, arguments.month, progress)
    if frozen.earlier:
        print(f"{frozen.month}: was frozen before; nothing changed")
    _show_totals(f"{frozen.month}", frozen.totals)


async def _preview(context: Context, arguments: Namespace) -> None:
    limit = SHOWN if arguments.list is None else None
    with steps(f"trying {arguments.month}, writing nothing") as progress:
        preview = await payrolls.preview(context, arguments.month, limit=limit, progress=progress)
    _show_totals(f"{preview.month}, a preview", preview.totals)
    _show_differences(preview)
    _show_unanswered(preview.unanswered)
    if preview.not_before is not None:
        print(f"it cannot be frozen yet: {preview.not_before}")
    if arguments.list is not None:
        with naming(arguments.list):
            _write(arguments.list, preview.people)
        print(f"{len(preview.people)} people who differ written to {arguments.list}")


def _show_totals(title: str, totals: Totals) -> None:
    paid = totals.entries.get(Basis.COVERED, (0, Decimal("0.00")))
    print(f"{title}: {sum(people for people, _ in totals.entries.values())} people")
    print(f"  PAID      {paid[0]:>10}  {paid[1]:>18} yuan")
    for basis, (people, _) in sorted(totals.entries.items()):
        if basis is not Basis.COVERED:
            print(f"  WITHHELD  {people:>10}  {basis}")
    for kind, (lines, amount) in sorted(totals.lines.items()):
        print(f"  {kind:<9} {lines:>10}  {amount:>18} yuan")


_SAID = {
    "STOPS": "stop: paid last month, not now",
    "RESUMES": "resume: not paid last month, paid now",
    "STARTS": "start: nothing last month, paid now",
    "AMOUNT": "get another amount",
}


def _show_differences(preview: Preview) -> None:
    print(f"against {preview.month - 1}:")
    for kind, said in _SAID.items():
        people, amount = preview.differences.get(kind, (0, Decimal("0.00")))
        print(f"  {people:>10} {said} ({amount:+} yuan)")
        for one in [d for d in preview.people if d.kind == kind][:SHOWN]:
            print(f"             {_line(one)}")


def _line(one: Difference) -> str:
    before = "-" if one.amount_before is None else one.amount_before
    reason = "" if one.basis is Basis.COVERED else f", {one.basis}"
    return f"unit {one.si_number}, {one.id_number}: {before} -> {one.amount}{reason}"


def _show_unanswered(units: Sequence[tuple[str, int]]) -> None:
    people = sum(number for _, number in units)
    print(f"unanswered: {people} people in {len(units)} units")
    for si_number, number in units[:SHOWN]:
        print(f"             unit {si_number}: {number}")
    if len(units) > SHOWN:
        print(f"             … and {len(units) - SHOWN} more units")


def _write(file: Path, people: Sequence[Difference]) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["change", "unit_si_number", "id_number", "amount_before", "amount", "reason"])
        for one in people:
            reason = "" if one.basis is Basis.COVERED else one.basis
            writer.writerow([one.kind, one.si_number, one.id_number, one.amount_before, one.amount, reason])
