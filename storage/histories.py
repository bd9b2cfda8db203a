"""Histories of many people at once, newest first: verdicts, periods and certifications, a page of each.

Each is read up to a version of the person's row, so that a row and its edges always tell of the same moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, NamedTuple, TypeVar

from domain.month import Month
from domain.period import Period
from domain.verdict import Verdict
from domain.vocabulary import CertificationResult, Method, Presence, SurvivalStatus
from storage.database import Reader, Record
from storage.parts import Part
from storage.standings import finding_of, month_of

T = TypeVar("T")


class Moment(NamedTuple):
    """A person's row at one of its versions."""

    beneficiary_id: int
    version: int

    @classmethod
    def latest(cls, beneficiary_id: int) -> Moment:
        """The row as it stands, at whichever version."""
        return cls(beneficiary_id, 2**31 - 1)


@dataclass(frozen=True, slots=True)
class Item(Generic[T]):
    """One entry of a person's history; `position` is where a page goes on after it."""

    beneficiary_id: int
    position: int
    value: T


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


async def verdicts(connection: Reader, moments: Sequence[Moment], part: Part) -> list[Item[Verdict]]:
    """Published verdicts, the newest month first; the position is its `month_number`."""
    return await _pages(connection, _VERDICTS, moments, part, _verdict)


async def periods(connection: Reader, moments: Sequence[Moment], part: Part) -> list[Item[Period]]:
    """Every period as it was opened, the newest first."""
    return await _pages(connection, _PERIODS, moments, part, _period)


async def certifications(connection: Reader, moments: Sequence[Moment], part: Part) -> list[Item[CertificationRecord]]:
    """Every recorded act, the newest first."""
    return await _pages(connection, _CERTIFICATIONS, moments, part, _certification)


async def _pages(
    connection: Reader,
    source: str,
    moments: Sequence[Moment],
    part: Part,
    read: Callable[[Record], T],
) -> list[Item[T]]:
    rows = await connection.fetch(
        f"""SELECT h.* FROM unnest($1::bigint[], $2::int[]) AS person (id, version)
            CROSS JOIN LATERAL (SELECT * FROM ({source}) AS s
                                WHERE s.beneficiary_id = person.id AND s.version <= person.version
                                      AND {part.stretch("s.position", 3, newest_first=True)}) AS h""",
        [moment.beneficiary_id for moment in moments],
        [moment.version for moment in moments],
        *part.values,
    )
    return [Item(row["beneficiary_id"], row["position"], read(row)) for row in rows]


_VERDICTS = """
SELECT v.*, (12 * extract(year FROM v.month) + extract(month FROM v.month))::bigint AS position, p.published_on,
       p.assessed_at,
       EXISTS (SELECT FROM certifications c WHERE c.beneficiary_id = v.beneficiary_id AND c.verdict_month = v.month
                                                  AND c.version <= person.version)
       OR EXISTS (SELECT FROM terminations t WHERE t.beneficiary_id = v.beneficiary_id AND t.version > v.version
                                                   AND t.version <= person.version)
           AND NOT EXISTS (SELECT FROM verdicts n WHERE n.beneficiary_id = v.beneficiary_id AND n.month > v.month)
           AS answered
FROM verdicts v JOIN publications p USING (month)
"""
_PERIODS = "SELECT *, version::bigint AS position FROM certification_periods"
_CERTIFICATIONS = """
SELECT c.*, c.version::bigint AS position, a.presence
FROM certifications c LEFT JOIN appearances a USING (beneficiary_id, version)
"""


def _verdict(row: Record) -> Verdict:
    return Verdict(
        Month.of(row["month"]),
        finding_of(row, "rule"),
        row["published_on"],
        row["assessed_at"],
        row["answered"],
    )


def _period(row: Record) -> Period:
    return Period(Month.of(row["start_month"]), Month.of(row["end_month"]), Method(row["method"]))


def _certification(row: Record) -> CertificationRecord:
    return CertificationRecord(
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
