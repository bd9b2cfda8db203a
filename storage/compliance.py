"""Compliance reviews in the database: listed, decided once, and what a unit is asked to state anew. Notice 四(四)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from domain.access import Scope
from domain.compliance import (
    ANSWERING,
    AnswerAgainStatus,
    Finding,
    ReviewKind,
    ReviewOutcome,
    ReviewStatus,
    answer_again,
)
from domain.month import Month
from storage.database import Connection, Reader, Record
from storage.parts import Part
from storage.units import WITHIN, within


@dataclass(frozen=True, slots=True)
class Review:
    """What the agency looks at; an act has a person and the version of its certification, a signal only a unit."""

    id: int
    kind: ReviewKind
    unit_id: int
    month: Month
    beneficiary_id: int | None
    version: int | None
    facts: Mapping[str, str]
    opened_at: datetime
    status: ReviewStatus
    outcome: ReviewOutcome | None
    reason: str | None
    decided_by: str | None
    decided_at: datetime | None
    answer_by: date | None
    answered: bool
    """Whether somebody has stated the person's status or seen them since (`ANSWERING`), or the benefit has ended."""

    def answer_again(self, today: date) -> AnswerAgainStatus | None:
        return answer_again(self.answer_by, answered=self.answered, today=today)


class Chosen(NamedTuple):
    """Which reviews a list shows."""

    kind: ReviewKind | None = None
    status: ReviewStatus | None = None
    answer_again: AnswerAgainStatus | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A unit is asked to state the person's survival status anew, by a day and for a reason."""

    answer_by: date
    reason: str


@dataclass(frozen=True, slots=True)
class Decided:
    """Who decides what, when; by when the unit answers, and which version of the row it is asked about."""

    finding: Finding
    account_id: int
    at: datetime
    answer_by: date | None
    asked_version: int | None


_ANSWERING = ", ".join(f"'{method}'" for method in ANSWERING)
# Of a review `r` that asks for an answer: no later act has given it, and the benefit goes on.
OWED = f"""(
    NOT EXISTS (SELECT FROM certifications c WHERE c.beneficiary_id = r.beneficiary_id AND c.version > r.asked_version
                                               AND c.method IN ({_ANSWERING}))
    AND EXISTS (SELECT FROM beneficiaries o WHERE o.id = r.beneficiary_id AND o.terminated_from IS NULL))"""
_REVIEWS = f"""
SELECT r.*, username_of(r.decided_by) AS decider, r.answer_by IS NOT NULL AND NOT {OWED} AS answered
FROM compliance_reviews r JOIN units u ON u.id = r.unit_id
"""
_CHOSEN = f"""
($3::text IS NULL OR r.kind = $3) AND ($4::text IS NULL OR r.status = $4)
AND ($5::text IS NULL OR r.answer_by IS NOT NULL AND
     CASE WHEN NOT {OWED} THEN 'ANSWERED' WHEN r.answer_by < $6 THEN 'OVERDUE' ELSE 'AWAITED' END = $5)
"""


async def by_id(connection: Reader, ids: Sequence[int]) -> dict[int, Review]:
    rows = await connection.fetch(f"{_REVIEWS} WHERE r.id = ANY($1)", list(ids))
    return {row["id"]: _review(row) for row in rows}


async def listed(connection: Reader, scope: Scope, chosen: Chosen, today: date, part: Part) -> list[Review]:
    """Reviews in the order in which they were opened."""
    rows = await connection.fetch(
        f"{_REVIEWS} WHERE {WITHIN} AND {_CHOSEN} AND {part.stretch('r.id', 7)}",
        *within(scope),
        *chosen,
        today,
        *part.values,
    )
    return [_review(row) for row in rows]


async def total(connection: Reader, scope: Scope, chosen: Chosen, today: date) -> int:
    found: int = await connection.fetchval(
        f"SELECT count(*) FROM compliance_reviews r JOIN units u ON u.id = r.unit_id WHERE {WITHIN} AND {_CHOSEN}",
        *within(scope),
        *chosen,
        today,
    )
    return found


async def locked(connection: Connection, id: int) -> Review | None:
    """The review, its row locked until the transaction ends: of two who decide at once the second sees the first's."""
    await connection.execute("SELECT FROM compliance_reviews r WHERE r.id = $1 FOR UPDATE", id)
    return (await by_id(connection, [id])).get(id)


async def is_of_act_by(connection: Reader, review: Review, account_id: int) -> bool:
    """Whether the review is about an act of that account."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM certifications WHERE beneficiary_id = $1 AND version = $2 AND account_id = $3)",
        review.beneficiary_id,
        review.version,
        account_id,
    )
    return found


async def decide(connection: Connection, id: int, decided: Decided) -> None:
    await connection.execute(
        """UPDATE compliance_reviews
           SET outcome = $2, reason = $3, decided_by = $4, decided_at = $5, answer_by = $6, asked_version = $7
           WHERE id = $1""",
        id,
        decided.finding.outcome,
        decided.finding.reason.strip(),
        decided.account_id,
        decided.at,
        decided.answer_by,
        decided.asked_version,
    )


async def asked_of(connection: Reader, ids: Sequence[int]) -> dict[int, Asked]:
    """What a unit is to answer again of each person: the most urgent, until that is stated or the benefit ends."""
    rows = await connection.fetch(
        f"""SELECT DISTINCT ON (r.beneficiary_id) r.beneficiary_id, r.answer_by, r.reason FROM compliance_reviews r
            WHERE r.beneficiary_id = ANY($1) AND r.answer_by IS NOT NULL AND {OWED}
            ORDER BY r.beneficiary_id, r.answer_by, r.id""",
        list(ids),
    )
    return {row["beneficiary_id"]: Asked(row["answer_by"], row["reason"]) for row in rows}


def _review(row: Record) -> Review:
    return Review(
        row["id"],
        ReviewKind(row["kind"]),
        row["unit_id"],
        Month.of(row["month"]),
        row["beneficiary_id"],
        row["version"],
        {name: str(value) for name, value in json.loads(row["facts"]).items()},
        row["opened_at"],
        ReviewStatus(row["status"]),
        ReviewOutcome(row["outcome"]) if row["outcome"] else None,
        row["reason"],
        row["decider"],
        row["decided_at"],
        row["answer_by"],
        row["answered"],
    )
