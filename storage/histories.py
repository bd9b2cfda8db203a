"""Histories of many people at once, newest first: verdicts, periods and certifications, a page of each.

Each is read up to a version of the person's row, so that a row and its edges always tell of the same moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias, TypeVar

from domain.month import Month
from domain.period import Period
from domain.remembered import Remembered
from domain.verdict import Verdict
from domain.vocabulary import CertificationResult, Method, Presence, SurvivalStatus
from storage.database import Reader, Record
from storage.days import number, seconds
from storage.parts import Part
from storage.standings import PERIOD_OF, VERDICT_OF, month_of

T = TypeVar("T")


class Moment(NamedTuple):
    """A person's row at one of its versions."""

    beneficiary_id: int
    version: int

    @classmethod
    def latest(cls, beneficiary_id: int) -> Moment:
        """The row as it stands, at whichever version."""
        return cls(beneficiary_id, 2**31 - 1)


Item: TypeAlias = tuple[int, T]
"""One entry of a person's history, behind the position at which a page goes on after it."""


@dataclass(frozen=True, slots=True)
class CertificationRecord:
    """A certification as it stands in history."""

    method: Method
    survival_status: SurvivalStatus
    result: CertificationResult
    at: datetime
    handler_name: str | None
    reason: str | None
    occurred_on: date | None
    verdict_month: Month | None
    presence: Presence | None


def month_number(month: Month) -> int:
    """The position of a month's verdict in a history."""
    return 12 * month.year + month.month


async def verdicts(connection: Reader, moments: Sequence[Moment], part: Part) -> list[list[Item[Verdict]]]:
    """Published verdicts of each, the newest month first; the position is its `month_number`."""
    shown = _VERDICTS.format(part.stretch("v.month", 3, newest_first=True, bound=_FIRST_DAY))
    return await _pages(connection, shown, moments, part, _verdict)


async def periods(connection: Reader, moments: Sequence[Moment], part: Part) -> list[list[Item[Period]]]:
    """Every period of each as it was opened, the newest first."""
    shown = _PERIODS.format(part.stretch("p.version", 3, newest_first=True))
    return await _pages(connection, shown, moments, part, _period)


async def certifications(
    connection: Reader, moments: Sequence[Moment], part: Part
) -> list[list[Item[CertificationRecord]]]:
    """Every recorded act on each, the newest first."""
    shown = _CERTIFICATIONS.format(part.stretch("c.version", 3, newest_first=True))
    return await _pages(connection, shown, moments, part, _certification)


async def _pages(
    connection: Reader, shown: str, moments: Sequence[Moment], part: Part, made: Callable[[Record], Item[T]]
) -> list[list[Item[T]]]:
    """What is `shown` of each `person`: an index range each. A row begins with the person's place among the moments."""
    rows = await connection.fetch(
        f"""SELECT person.place, shown.*
            FROM unnest($1::bigint[], $2::int[]) WITH ORDINALITY AS person (id, version, place)
            CROSS JOIN LATERAL ({shown}) AS shown""",
        [moment.beneficiary_id for moment in moments],
        [moment.version for moment in moments],
        *part.values,
    )
    pages: list[list[Item[T]]] = [[] for _ in moments]
    for row in rows:
        pages[row[0] - 1].append(made(row))
    return pages


_FIRST_DAY = "(date '0001-01-01' + make_interval(months => {}::int - 13))::date"
"""Of the month with that `month_number`."""

_PUBLISHED_ON = number("coalesce(v.published_on, p.published_on)")
"""Of a verdict: the day on which the publication began, or the later one on which it came to the person."""

# Answered is a verdict that an act names, and the newest one of somebody whose benefit has ended since.
# Acts and the last end are looked up once a person, not once a verdict.
_VERDICTS = f"""
SELECT {number("v.month")} AS month, v.rule, v.loss_kind, {number("v.loss_on")} AS loss_on, v.activity_kind,
       {number("v.activity_on")} AS activity_on,
       {_PUBLISHED_ON} AS published_on,
       v.month = ANY (ARRAY(SELECT c.verdict_month FROM certifications c
                            WHERE c.beneficiary_id = person.id AND c.version <= person.version
                              AND c.verdict_month IS NOT NULL))
       OR (SELECT max(t.version) FROM terminations t
           WHERE t.beneficiary_id = person.id AND t.version <= person.version) > v.version IS TRUE
          AND NOT EXISTS (SELECT FROM verdicts n WHERE n.beneficiary_id = v.beneficiary_id AND n.month > v.month)
       AS answered, {seconds("p.assessed_at")} AS assessed_at
FROM verdicts v JOIN publications p USING (month)
WHERE v.beneficiary_id = person.id AND v.version <= person.version AND {{}}
"""
_PERIODS = f"""
SELECT p.version, {number("p.start_month")} AS start_month, {number("p.end_month")} AS end_month, p.method
FROM certification_periods p
WHERE p.beneficiary_id = person.id AND p.version <= person.version AND {{}}
"""
_CERTIFICATIONS = """
SELECT c.version, c.method, c.survival_status, c.result, c.at, c.handler_name, c.reason, c.occurred_on,
       c.verdict_month, (SELECT a.presence FROM appearances a
                         WHERE a.beneficiary_id = c.beneficiary_id AND a.version = c.version) AS presence
FROM certifications c
WHERE c.beneficiary_id = person.id AND c.version <= person.version AND {}
"""


def _verdict(row: Record) -> Item[Verdict]:
    return _AT_ITS_MONTH[row[1:]]


def _at_its_month(values: tuple[Any, ...]) -> Item[Verdict]:
    verdict = VERDICT_OF[values]
    return month_number(verdict.month), verdict


_AT_ITS_MONTH = Remembered(_at_its_month)


def _period(row: Record) -> Item[Period]:
    return row[1], PERIOD_OF[row[2:]]


def _certification(row: Record) -> Item[CertificationRecord]:
    record = CertificationRecord(
        Method(row["method"]),
        SurvivalStatus(row["survival_status"]),
        CertificationResult(row["result"]),
        row["at"],
        row["handler_name"],
        row["reason"],
        row["occurred_on"],
        month_of(row["verdict_month"]),
        Presence(row["presence"]) if row["presence"] else None,
    )
    return row["version"], record
