"""The kinds of files, and how each is loaded."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from domain.audit import AuditAction, Told, Values
from domain.identity import masked
from domain.month import Month
from domain.vocabulary import Category, Source
from resolvers import audit, keyring
from resolvers.context import Context
from resolvers.intake import values
from resolvers.intake.reading import Column, Problem, Rows, write_rejects
from storage import batches, evidence, intake
from storage.database import Connection
from storage.intake import Check, Staging

Merge = Callable[[Context, Connection], Awaitable[dict[str, int]]]
AddNew = Callable[[Context, Connection], Awaitable[dict[str, int] | None]]
Derive = Callable[[Context], Callable[[tuple[Any, ...]], tuple[Any, ...]] | None]
Progress = Callable[[int], None]


class Rejected(Exception):
    """Rows stand in the way and nothing was loaded."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems; nothing was loaded")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a file's rows."""

    rows: int
    counts: dict[str, int]
    rejected: list[Problem]
    warnings: list[Problem]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file. What is derived from a row keeps of an ID number what the database may hold."""

    name: str
    columns: Callable[[Context], list[Column]]
    staging: Staging
    merge: Merge
    derive: Derive = lambda _: None
    add_new: AddNew | None = None
    """What is quicker where nothing is wrong with a row, and none was there before; None where one was."""
    in_turn: bool = False
    """Whether the file waits for assessments and publications."""


async def load(context: Context, kind: Kind, file: Path, *, rejects: Path | None, progress: Progress) -> Loaded:
    """Load the whole file or nothing; with `rejects`, the good rows, and the bad ones go there."""
    rows = Rows(file, kind.columns(context), kind.derive(context), progress)
    async with context.begin() as transaction:
        await keyring.settled(context.gate.personal, transaction)
        if kind.in_turn:
            await batches.enter(transaction, context.now)
        await kind.staging.copy(transaction, rows)
        problems = {*rows.problems, *await _conflicts(transaction, kind.staging.checks)}
        counts = await kind.add_new(context, transaction) if kind.add_new and not problems else None
        if counts is None:
            problems |= set(await _conflicts(transaction, kind.staging.of_repeats))
            if problems and rejects is None:
                raise Rejected(sorted(problems))
            await intake.discard(transaction, sorted({problem.line for problem in problems}))
            counts = await kind.merge(context, transaction)
        await intake.drop(transaction)
        loaded = Loaded(rows.count, counts, sorted(problems), rows.warnings)
        await audit.record(context, transaction, told(kind.name, file, loaded))
        if rejects is not None:
            write_rejects(file, rejects, loaded.rejected)
    return loaded


async def _conflicts(transaction: Connection, checks: Iterable[Check]) -> list[Problem]:
    return [Problem(*conflict) for conflict in await intake.conflicts(transaction, checks)]


def told(kind: str, file: Path, loaded: Loaded) -> Told:
    """Which file was loaded, by its SHA-256, and what became of its rows."""
    with file.open("rb") as raw:
        digest = hashlib.file_digest(raw, "sha256").hexdigest()
    rejected = len({problem.line for problem in loaded.rejected})
    facts: Values = {"kind": kind, "sha256": digest, "rows": loaded.rows, **loaded.counts, "rejected": rejected}
    return Told(AuditAction.IMPORTED, facts=facts)


async def _merge_units(_: Context, transaction: Connection) -> dict[str, int]:
    added, changed = await intake.merge_units(transaction)
    return {"added": added, "changed": changed}


UNITS = Kind(
    "units",
    lambda _: [
        Column("si_number", values.si_number),
        Column("name", values.text()),
        Column("district", values.text()),
    ],
    intake.UNITS,
    _merge_units,
)


def _beneficiary(context: Context) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    this_month, book, personal = context.month, context.book, context.gate.personal

    def derive(row: tuple[Any, ...]) -> tuple[Any, ...]:
        unit, category, name, number, phone, household, residence, benefit_from, amount, certified_in = row
        if benefit_from > this_month:
            raise ValueError("benefit_from", "lies in the future")
        if certified_in is not None and not benefit_from <= certified_in <= this_month:
            raise ValueError("certified_in", "lies before benefit_from or in the future")
        starts = max((certified_in or benefit_from).first_day, book.first_day)
        months = (_day(benefit_from), amount, _day(certified_in), book.on(starts).cycle_months[category])
        kept = (*personal.sealed(number), masked(number))
        return (unit, category, name, *kept, phone, household, residence, *months)

    return derive


def _day(month: Month | None) -> date | None:
    return month.first_day if month else None


async def _merge_beneficiaries(context: Context, transaction: Connection) -> dict[str, int]:
    enrolled = await intake.merge_beneficiaries(transaction, await batches.enter(transaction, context.now))
    return {"added": enrolled}


BENEFICIARIES = Kind(
    "beneficiaries",
    lambda _: [
        Column("unit_si_number", values.si_number),
        Column("category", values.choice(Category)),
        Column("name", values.text()),
        Column("id_number", values.id_number),
        Column("phone", values.phone),
        Column("household_address", values.address),
        Column("residence_address", values.address),
        Column("benefit_from", values.month),
        Column("monthly_amount", values.amount),
        Column("certified_in", values.optional(values.month)),
    ],
    intake.BENEFICIARIES,
    _merge_beneficiaries,
    _beneficiary,
)


def _found_by(context: Context) -> Callable[[str], bytes]:
    """An ID number as the digest by which a person is found: of people who are known, or nobody."""
    digest = context.gate.personal.digest
    return lambda value: digest(values.any_id_number(value))


async def _merge_rates(context: Context, transaction: Connection) -> dict[str, int]:
    added, changed = await intake.merge_rates(transaction, await batches.enter(transaction, context.now))
    return {"added": added, "changed": changed}


ANNOUNCED_AHEAD = 24  # months: a rate from later on is a slip of the pen

RATES = Kind(
    "rates",
    lambda context: [
        Column("unit_si_number", values.si_number),
        Column("category", values.choice(Category)),
        Column("id_number", _found_by(context)),
        Column("from_month", values.month_until(context.month + ANNOUNCED_AHEAD)),
        Column("monthly_amount", values.amount),
    ],
    intake.RATES,
    _merge_rates,
    in_turn=True,
)


async def _merge_evidence(context: Context, transaction: Connection) -> dict[str, int]:
    return asdict(await evidence.merge(transaction, await batches.enter(transaction, context.now)))


async def _add_new_evidence(context: Context, transaction: Connection) -> dict[str, int] | None:
    added = await evidence.add_new(transaction, await batches.enter(transaction, context.now))
    return None if added is None else asdict(added)


EVIDENCE = Kind(
    "evidence",
    lambda context: [
        Column("id_number", _found_by(context)),
        Column("source", values.choice(Source)),
        Column("kind", values.one_of(context.book.kinds(), "kind of evidence")),
        Column("occurred_on", values.past_day(context.today)),
        Column("reference", values.text()),
    ],
    evidence.EVIDENCE,
    _merge_evidence,
    add_new=_add_new_evidence,
    in_turn=True,
)
