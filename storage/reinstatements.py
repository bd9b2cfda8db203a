"""Reinstatement cases (待遇恢复, 补发) in the database: submitted once, closed once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.access import Scope
from domain.documents import Document
from domain.month import Month
from domain.reinstatement import ReinstatementStatus, Request
from domain.standing import Standing
from domain.submission import Handler
from storage.database import Connection, Reader, Record
from storage.parts import Part
from storage.standings import day_of, month_of
from storage.units import WITHIN, within


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands; `claimed` are the months it asked for, `approved` those it pays back."""

    id: int
    beneficiary_id: int
    status: ReinstatementStatus
    statement: str
    documents: tuple[Document, ...]
    handler: Handler
    claimed: tuple[Month, ...]
    submitted_by: str
    submitted_by_id: int
    submitter_unit: int | None
    submitted_on: date
    submitted_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    reason: str | None
    resumes_from: Month | None


_CASES = """
SELECT r.*, username_of(r.submitted_by) AS submitter, unit_of_account(r.submitted_by) AS submitter_unit,
       username_of(r.reviewed_by) AS reviewer
FROM reinstatements r
JOIN beneficiaries b ON b.id = r.beneficiary_id
JOIN units u ON u.id = b.unit_id
"""


async def by_id(connection: Reader, ids: Sequence[int]) -> dict[int, Case]:
    rows = await connection.fetch(f"{_CASES} WHERE r.id = ANY($1)", list(ids))
    return {row["id"]: _case(row) for row in rows}


async def listed(
    connection: Reader,
    scope: Scope,
    status: ReinstatementStatus | None,
    beneficiary_id: int | None,
    part: Part,
) -> list[Case]:
    """Cases in the order in which they were submitted."""
    rows = await connection.fetch(
        f"{_CASES} WHERE {WITHIN} AND {_CHOSEN} AND {part.stretch('r.id', 5)}",
        *within(scope),
        status,
        beneficiary_id,
        *part.values,
    )
    return [_case(row) for row in rows]


async def total(
    connection: Reader, scope: Scope, status: ReinstatementStatus | None, beneficiary_id: int | None
) -> int:
    found: int = await connection.fetchval(
        f"""SELECT count(*) FROM reinstatements r JOIN beneficiaries b ON b.id = r.beneficiary_id
            JOIN units u ON u.id = b.unit_id WHERE {WITHIN} AND {_CHOSEN}""",
        *within(scope),
        status,
        beneficiary_id,
    )
    return found


_CHOSEN = "($3::text IS NULL OR r.status = $3) AND ($4::bigint IS NULL OR r.beneficiary_id = $4)"


async def open_of(connection: Reader, ids: Sequence[int], as_of: date | None = None) -> dict[int, int]:
    """The id of each person's open case, as of the end of that day or now."""
    rows = await connection.fetch(
        """SELECT beneficiary_id, id FROM reinstatements
           WHERE beneficiary_id = ANY($1)
             AND CASE WHEN $2::date IS NULL THEN status = 'SUBMITTED'
                      ELSE submitted_on <= $2 AND (reviewed_on IS NULL OR reviewed_on > $2) END""",
        list(ids),
        as_of,
    )
    return {row["beneficiary_id"]: row["id"] for row in rows}


async def submit(
    connection: Connection, request: Request, claimed: Sequence[Month], account_id: int, on: date, at: datetime
) -> int:
    """Write the case down; its id."""
    found: int = await connection.fetchval(
        """INSERT INTO reinstatements (beneficiary_id, statement, document_names, document_sha256, claimed,
                                       handler_name, handler_contact, submitted_by, submitted_on, submitted_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id""",
        request.beneficiary_id,
        request.statement.strip(),
        [document.name.strip() for document in request.documents],
        [document.sha256.lower() for document in request.documents],
        [month.first_day for month in claimed],
        request.handler.name.strip(),
        request.handler.contact.strip(),
        account_id,
        on,
        at,
    )
    return found


@dataclass(frozen=True, slots=True)
class Closing:
    """How a case is closed, by whom and when."""

    status: ReinstatementStatus
    account_id: int
    on: date
    at: datetime
    reason: str | None = None


async def close(connection: Connection, case_id: int, closing: Closing) -> None:
    """Reject or withdraw a case."""
    await _close(connection, case_id, closing)


async def approve(
    connection: Connection,
    case_id: int,
    closing: Closing,
    after: Standing,
    months: Sequence[Month],
    lifted_from: Month | None,
    resumes_from: Month | None,
) -> None:
    """Approve a case: its months, the end of the suspension, and the standing after it."""
    await _close(connection, case_id, closing, after.version, lifted_from, resumes_from)
    await connection.execute(
        """INSERT INTO reinstatement_months (beneficiary_id, month, reinstatement_id)
           SELECT $1, month, $2 FROM unnest($3::date[]) AS month""",
        after.id,
        case_id,
        [month.first_day for month in months],
    )
    if lifted_from is not None:
        await connection.execute(
            "UPDATE suspensions SET held = held * daterange(NULL, $2) WHERE beneficiary_id = $1 AND upper_inf(held)",
            after.id,
            lifted_from.first_day,
        )
    await connection.execute(
        """UPDATE beneficiaries SET version = $2, suspended_from = $3, held_through = $4, paid_through = $5
           WHERE id = $1""",
        after.id,
        after.version,
        day_of(after.suspended_from),
        day_of(after.held_through),
        day_of(after.paid_through),
    )


async def _close(
    connection: Connection,
    case_id: int,
    closing: Closing,
    version: int | None = None,
    lifted_from: Month | None = None,
    resumes_from: Month | None = None,
) -> None:
    await connection.execute(
        """UPDATE reinstatements
           SET status = $2, reviewed_by = $3, reviewed_on = $4, reviewed_at = $5, reason = $6, approved_version = $7,
               lifted_from = $8, resumes_from = $9
           WHERE id = $1""",
        case_id,
        closing.status,
        closing.account_id,
        closing.on,
        closing.at,
        closing.reason,
        version,
        day_of(lifted_from),
        day_of(resumes_from),
    )


def _case(row: Record) -> Case:
    return Case(
        row["id"],
        row["beneficiary_id"],
        ReinstatementStatus(row["status"]),
        row["statement"],
        tuple(Document(*pair) for pair in zip(row["document_names"], row["document_sha256"], strict=True)),
        Handler(row["handler_name"], row["handler_contact"]),
        tuple(Month.of(month) for month in row["claimed"]),
        row["submitter"],
        row["submitted_by"],
        row["submitter_unit"],
        row["submitted_on"],
        row["submitted_at"],
        row["reviewer"],
        row["reviewed_at"],
        row["reason"],
        month_of(row["resumes_from"]),
    )
