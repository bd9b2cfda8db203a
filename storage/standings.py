"""The beneficiary row, read as a standing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.contact import Contact
from domain.month import Month
from domain.period import Period
from domain.standing import Standing
from domain.verdict import Fact, Finding, Rule, Verdict
from domain.vocabulary import Category, Method
from storage.database import Connection, Reader, Record
from storage.tables import Beneficiary

COLUMNS = ", ".join(f"b.{column.name}" for column in Beneficiary.__table__.columns)  # type: ignore[attr-defined]
"""Every column of the row, of `beneficiaries AS b`."""


# Looking a member up takes a fifth of what it takes to ask its class for it, and a page has eighty of them.
_CATEGORIES = {one.value: one for one in Category}
_METHODS = {one.value: one for one in Method}
_RULES = {one.value: one for one in Rule}


def standing_of(row: Record) -> Standing:
    return Standing(
        id=row["id"],
        unit_id=row["unit_id"],
        category=_CATEGORIES[row["category"]],
        name=row["name"],
        id_number_masked=row["id_number_masked"],
        contact=Contact(row["phone"], row["household_address"], row["residence_address"]),
        version=row["version"],
        benefit_from=Month.of(row["benefit_from"]),
        confirmed_in=Month.of(row["confirmed_in"]),
        verdict=_verdict_of(row),
        period=_period_of(row),
        paid_through=month_of(row["paid_through"]),
        suspended_from=month_of(row["suspended_from"]),
        held_through=month_of(row["held_through"]),
        terminated_from=month_of(row["terminated_from"]),
    )


def finding_of(row: Record, rule: str) -> Finding:
    return Finding(
        _RULES[row[rule]],
        Fact(row["loss_kind"], row["loss_on"]) if row["loss_kind"] else None,
        Fact(row["activity_kind"], row["activity_on"]) if row["activity_kind"] else None,
    )


def month_of(day: date | None) -> Month | None:
    return None if day is None else Month.of(day)


def day_of(month: Month | None) -> date | None:
    return None if month is None else month.first_day


async def by_id(connection: Reader, ids: Sequence[int]) -> dict[int, Standing]:
    rows = await connection.fetch(f"SELECT {COLUMNS} FROM beneficiaries b WHERE b.id = ANY($1)", ids)
    return {row["id"]: standing_of(row) for row in rows}


async def of_caller(connection: Reader) -> list[Standing]:
    """The rows of the PERSON who has entered."""
    rows = await connection.fetch(
        f"SELECT {COLUMNS} FROM beneficiaries b WHERE b.person_id = caller_person() ORDER BY b.id"
    )
    return [standing_of(row) for row in rows]


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


def _verdict_of(row: Record) -> Verdict | None:
    if row["verdict_month"] is None:
        return None
    return Verdict(
        Month.of(row["verdict_month"]),
        finding_of(row, "verdict_rule"),
        row["verdict_published_on"],
        row["verdict_assessed_at"],
        row["verdict_answered"],
    )


def _period_of(row: Record) -> Period | None:
    if row["period_start"] is None:
        return None
    return Period(Month.of(row["period_start"]), Month.of(row["period_end"]), _METHODS[row["period_method"]])
