"""Whole lives: rows together with every fact of their history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from domain.certification import Certification, Termination, Withdrawal
from domain.history import Fact, Reinstated
from domain.month import Month
from domain.period import Period
from domain.standing import Standing
from domain.stops import Suspension
from domain.verdict import Verdict
from domain.vocabulary import CertificationResult, Method, SurvivalStatus
from storage import periods
from storage.database import Reader, Record
from storage.standings import COLUMNS, finding_of, month_of, standing_of


@dataclass(frozen=True, slots=True)
class Held:
    """What the database holds of one person."""

    standing: Standing
    conclusion: str | None
    """The column of its own by which the roster is ordered."""
    facts: list[Fact]
    granted: tuple[Period, ...]
    in_force: tuple[Period, ...]
    suspensions: tuple[Suspension, ...]
    enrolled_on: date
    """The day on which the first period was opened."""

    def at_enrolment(self) -> Standing:
        """The row as it was before its first period."""
        return replace(
            self.standing,
            version=1,
            confirmed_in=self.granted[0].start,
            verdict=None,
            period=None,
            paid_through=None,
            suspended_from=None,
            held_through=None,
            terminated_from=None,
        )


async def after(connection: Reader, id: int, limit: int) -> list[Held]:
    """The next lives behind that id, in the order of their ids."""
    rows = await connection.fetch(
        f"SELECT {COLUMNS}, b.conclusion FROM beneficiaries b WHERE b.id > $1 ORDER BY b.id LIMIT $2", id, limit
    )
    return await _held(connection, rows)


async def of(connection: Reader, ids: Sequence[int]) -> list[Held]:
    """The lives of these people, in the order of their ids."""
    rows = await connection.fetch(
        f"SELECT {COLUMNS}, b.conclusion FROM beneficiaries b WHERE b.id = ANY($1) ORDER BY b.id", list(ids)
    )
    return await _held(connection, rows)


async def _held(connection: Reader, rows: Sequence[Record]) -> list[Held]:
    ids = [row["id"] for row in rows]
    facts = await _facts(connection, ids)
    opened = await _by_person(
        connection,
        """SELECT *, (at AT TIME ZONE 'Asia/Shanghai')::date AS opened_on FROM certification_periods
           WHERE beneficiary_id = ANY($1) ORDER BY version""",
        ids,
    )
    in_force = await periods.in_force(connection, ids)
    suspensions = await _by_person(connection, _SUSPENSIONS, ids)
    return [
        Held(
            standing_of(row),
            row["conclusion"],
            facts[row["id"]],
            tuple(_period(opening) for opening in opened[row["id"]]),
            tuple(in_force.get(row["id"], ())),
            tuple(_suspension(held) for held in suspensions[row["id"]]),
            opened[row["id"]][0]["opened_on"] if opened[row["id"]] else date.max,
        )
        for row in rows
    ]


async def _facts(connection: Reader, ids: Sequence[int]) -> dict[int, list[Fact]]:
    facts: dict[int, list[Fact]] = defaultdict(list)
    for statement, read in (
        (_PUBLISHED, _verdict),
        ("SELECT * FROM certifications WHERE beneficiary_id = ANY($1)", _certification),
        (_ENDS, _end),
        (_REINSTATED, _reinstated),
    ):
        for id, rows in (await _by_person(connection, statement, ids)).items():
            facts[id] += [read(row) for row in rows]
    return facts


_PUBLISHED = """
SELECT v.*, coalesce(v.published_on, p.published_on) AS informed_on, p.assessed_at
FROM verdicts v JOIN publications p USING (month) WHERE v.beneficiary_id = ANY($1)
"""
_SUSPENSIONS = """
SELECT *, lower(held) AS start_month, (upper(held) - interval '1 month')::date AS end_month FROM suspensions
WHERE beneficiary_id = ANY($1) AND NOT isempty(held) ORDER BY version
"""
_ENDS = """
SELECT beneficiary_id, version, acted_on, cause, occurred_on, NULL AS withdraws FROM terminations
WHERE beneficiary_id = ANY($1)
UNION ALL
SELECT beneficiary_id, version, withdrawn_on, NULL, NULL, terminated_version FROM termination_withdrawals
WHERE beneficiary_id = ANY($1)
"""
_REINSTATED = """
SELECT r.*, ARRAY(SELECT m.month FROM reinstatement_months m WHERE m.reinstatement_id = r.id ORDER BY month) AS months
FROM reinstatements r WHERE r.beneficiary_id = ANY($1) AND r.status = 'APPROVED'
"""


async def _by_person(connection: Reader, statement: str, ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in await connection.fetch(statement, ids):
        found[row["beneficiary_id"]].append(row)
    return found


def _verdict(row: Record) -> Fact:
    finding = finding_of(row, "rule")
    verdict = Verdict(Month.of(row["month"]), finding, row["informed_on"], row["assessed_at"])
    return Fact(row["version"], verdict, row["informed_on"])


def _certification(row: Record) -> Fact:
    certification = Certification(
        Method(row["method"]),
        CertificationResult(row["result"]),
        SurvivalStatus(row["survival_status"]),
        row["occurred_on"],
        row["reason"],
        month_of(row["verdict_month"]),
        row["answers_losses_through"],
    )
    return Fact(row["version"], certification, row["acted_on"])


def _end(row: Record) -> Fact:
    """A termination, or the withdrawal of one."""
    if row["withdraws"] is not None:
        return Fact(row["version"], Withdrawal(row["withdraws"]), row["acted_on"])
    return Fact(row["version"], Termination(SurvivalStatus(row["cause"]), row["occurred_on"]), row["acted_on"])


def _reinstated(row: Record) -> Fact:
    months = tuple(Month.of(month) for month in row["months"])
    return Fact(row["approved_version"], Reinstated(row["id"], months), row["reviewed_on"])


def _period(row: Record) -> Period:
    return Period(Month.of(row["start_month"]), Month.of(row["end_month"]), Method(row["method"]))


def _suspension(row: Record) -> Suspension:
    return Suspension(Month.of(row["start_month"]), row["version"], month_of(row["end_month"]))
