"""The beneficiary row, read as a standing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from domain.contact import Contact
from domain.month import Month
from domain.period import Period
from domain.remembered import Remembered
from domain.standing import Standing
from domain.verdict import Fact, Finding, Rule, Verdict
from domain.vocabulary import Category, Method
from storage.database import Connection, Reader, Record
from storage.days import DATES, INSTANTS, MONTHS, number, seconds
from storage.units import Unit

_READ = (
    "id", "unit_id", "category", "name", "id_number_masked", "phone", "household_address", "residence_address",
    "version", "benefit_from", "confirmed_in", "verdict_month", "verdict_rule", "loss_kind", "loss_on",
    "activity_kind", "activity_on", "verdict_published_on", "verdict_answered", "verdict_assessed_at",
    "period_start", "period_end", "period_method", "paid_through", "suspended_from", "held_through", "terminated_from",
)  # fmt: skip
_DAYS = (
    "benefit_from", "confirmed_in", "verdict_month", "loss_on", "activity_on", "verdict_published_on",
    "period_start", "period_end", "paid_through", "suspended_from", "held_through", "terminated_from",
)  # fmt: skip
_AS = {**dict.fromkeys(_DAYS, number), "verdict_assessed_at": seconds}


def _column(name: str) -> str:
    return f"{_AS[name](f'b.{name}')} AS {name}" if name in _AS else f"b.{name}"


COLUMNS = ", ".join(map(_column, _READ))
"""Of `beneficiaries AS b`, what a standing is read from; they stand first in a row, in this order."""
_WIDTH = len(_READ)
_VERDICT = slice(_READ.index("verdict_month"), _READ.index("period_start"))
_PERIOD = slice(_READ.index("period_start"), _READ.index("paid_through"))


# Looking a member up takes a fifth of what it takes to ask its class for it, and a page has eighty of them.
_CATEGORIES = {one.value: one for one in Category}
_METHODS = {one.value: one for one in Method}
_RULES = {one.value: one for one in Rule}


def standing_of(row: Record) -> Standing:
    values = row[:_WIDTH]
    (
        id, unit_id, category, name, id_number_masked, phone, household_address, residence_address,
        version, benefit_from, confirmed_in, verdict_month, _, _, _, _, _, _, _, _,
        period_start, _, _, paid_through, suspended_from, held_through, terminated_from,
    ) = values  # fmt: skip
    return Standing(
        id,
        unit_id,
        _CATEGORIES[category],
        name,
        id_number_masked,
        Contact(phone, household_address, residence_address),
        version,
        MONTHS[benefit_from],
        MONTHS[confirmed_in],
        None if verdict_month is None else VERDICT_OF[values[_VERDICT]],
        None if period_start is None else PERIOD_OF[values[_PERIOD]],
        None if paid_through is None else MONTHS[paid_through],
        None if suspended_from is None else MONTHS[suspended_from],
        None if held_through is None else MONTHS[held_through],
        None if terminated_from is None else MONTHS[terminated_from],
    )


def _verdict(values: tuple[Any, ...]) -> Verdict:
    month, rule, loss_kind, loss_on, activity_kind, activity_on, published_on, answered, assessed_at = values
    loss, activity = (None if day is None else DATES[day] for day in (loss_on, activity_on))
    finding = _finding(rule, loss_kind, loss, activity_kind, activity)
    return Verdict(MONTHS[month], finding, DATES[published_on], INSTANTS[assessed_at], answered)


def _finding(
    rule: str, loss_kind: str | None, loss_on: date | None, activity_kind: str | None, activity_on: date | None
) -> Finding:
    return Finding(
        _RULES[rule],
        Fact(loss_kind, loss_on) if loss_kind and loss_on else None,
        Fact(activity_kind, activity_on) if activity_kind and activity_on else None,
    )


def _period(values: tuple[Any, ...]) -> Period:
    start, end, method = values
    return Period(MONTHS[start], MONTHS[end], _METHODS[method])


# The same verdicts and periods come again and again.
VERDICT_OF = Remembered(_verdict)
"""By month, rule, loss, activity, day of publication, whether answered, and instant of assessment."""
PERIOD_OF = Remembered(_period)
"""By first and last month, and method."""


def finding_of(row: Record, rule: str) -> Finding:
    return _finding(row[rule], row["loss_kind"], row["loss_on"], row["activity_kind"], row["activity_on"])


def month_of(day: date | None) -> Month | None:
    return None if day is None else MONTHS[day.toordinal() - 1]


def day_of(month: Month | None) -> date | None:
    return None if month is None else month.first_day


async def by_id(connection: Reader, ids: Sequence[int]) -> dict[int, Standing]:
    rows = await connection.fetch(f"SELECT {COLUMNS} FROM beneficiaries b WHERE b.id = ANY($1)", ids)
    return {row["id"]: standing_of(row) for row in rows}


async def of_caller(connection: Reader) -> list[tuple[Standing, Unit]]:
    """The rows of the PERSON who has entered, each with its unit: a phone shows both.

    OFFSET 0: each unit is looked up. A join may go through all units, and whether they are the caller's takes a
    statement each.
    """
    rows = await connection.fetch(
        f"""SELECT {COLUMNS}, u.si_number, u.name AS unit_name, u.district
            FROM beneficiaries b
            CROSS JOIN LATERAL (SELECT si_number, name, district FROM units WHERE id = b.unit_id OFFSET 0) AS u
            WHERE b.person_id = caller_person() ORDER BY b.id"""
    )
    return [(standing_of(row), Unit(row["unit_id"], *row[_WIDTH:])) for row in rows]


async def of_person(connection: Reader, person_id: int) -> list[Standing]:
    rows = await connection.fetch(
        f"SELECT {COLUMNS} FROM beneficiaries b WHERE b.person_id = $1 ORDER BY b.id", person_id
    )
    return [standing_of(row) for row in rows]


async def lock_of_unit(connection: Connection, unit_id: int, ids: Sequence[int]) -> dict[int, Standing]:
    """The unit's own rows among the ids, locked in the order of their ids until the transaction ends."""
    rows = await connection.fetch(
        f"""SELECT {COLUMNS} FROM beneficiaries b
            WHERE b.id = ANY($1) AND b.unit_id = $2 ORDER BY b.id FOR NO KEY UPDATE""",
        ids,
        unit_id,
    )
    return {row["id"]: standing_of(row) for row in rows}


async def lock(connection: Connection, id: int) -> Standing | None:
    """The row, locked until the transaction ends."""
    row = await connection.fetchrow(f"SELECT {COLUMNS} FROM beneficiaries b WHERE b.id = $1 FOR NO KEY UPDATE OF b", id)
    return standing_of(row) if row else None


async def hold(connection: Connection, id: int) -> Standing | None:
    """The same for a PERSON or a WINDOW, who may change a row only once they have certified."""
    await connection.execute("SELECT hold_row($1)", id)
    return (await by_id(connection, [id])).get(id)
