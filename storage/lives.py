"""Whole lives: rows together with every fact of their history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.certification import Certification, Termination
from domain.history import Fact
from domain.month import Month
from domain.period import Period
from domain.standing import Standing
from domain.verdict import Verdict
from domain.vocabulary import CertificationResult, Method, SurvivalStatus
from storage import periods
from storage.database import Connection, Record
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
            terminated_from=None,
        )


async def after(connection: Connection, id: int, limit: int) -> list[Held]:
    """The next lives behind that id, in the order of their ids."""
    rows = await connection.fetch(
        f"SELECT {COLUMNS} FROM beneficiaries b WHERE b.id > $1 ORDER BY b.id LIMIT $2", id, limit
    )
    ids = [row["id"] for row in rows]
    facts = await _facts(connection, ids)
    granted = await _granted(connection, ids)
    in_force = await periods.in_force(connection, ids)
    return [
        Held(
            standing_of(row),
            row["conclusion"],
            facts[row["id"]],
            tuple(granted.get(row["id"], ())),
            tuple(in_force.get(row["id"], ())),
        )
        for row in rows
    ]


async def _granted(connection: Connection, ids: Sequence[int]) -> dict[int, list[Period]]:
    found = await _by_person(
        connection, "SELECT * FROM certification_periods WHERE beneficiary_id = ANY($1) ORDER BY version", ids
    )
    return {
        id: [Period(Month.of(r["start_month"]), Month.of(r["end_month"]), Method(r["method"])) for r in rows]
        for id, rows in found.items()
    }


async def _facts(connection: Connection, ids: Sequence[int]) -> dict[int, list[Fact]]:
    facts: dict[int, list[Fact]] = defaultdict(list)
    for statement, read in (
        ("SELECT * FROM verdicts JOIN publications USING (month) WHERE beneficiary_id = ANY($1)", _verdict),
        ("SELECT * FROM certifications WHERE beneficiary_id = ANY($1)", _certification),
        ("SELECT * FROM terminations WHERE beneficiary_id = ANY($1)", _termination),
    ):
        for id, rows in (await _by_person(connection, statement, ids)).items():
            facts[id] += [read(row) for row in rows]
    return facts


async def _by_person(connection: Connection, statement: str, ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in await connection.fetch(statement, ids):
        found[row["beneficiary_id"]].append(row)
    return found


def _verdict(row: Record) -> Fact:
    finding = finding_of(row, "rule")
    verdict = Verdict(Month.of(row["month"]), finding, row["published_on"], row["assessed_at"])
    return Fact(row["version"], verdict, row["published_on"])


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


def _termination(row: Record) -> Fact:
    termination = Termination(SurvivalStatus(row["cause"]), row["occurred_on"])
    return Fact(row["version"], termination, row["acted_on"])
