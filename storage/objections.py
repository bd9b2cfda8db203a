"""Objections in the database: reported once, taken by an officer, decided once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from domain.access import Scope
from domain.documents import Document
from domain.month import Month
from domain.objection import ObjectionKind, ObjectionStatus, Outcome, Proof, Report, Ruling
from domain.submission import Handler
from domain.verdict import Finding
from domain.vocabulary import Lane, ProofKind, Role
from storage.database import Connection, Reader, Record
from storage.parts import Part
from storage.standings import day_of, finding_of, month_of
from storage.units import WITHIN, within


@dataclass(frozen=True, slots=True)
class Objection:
    """A case as it stands."""

    id: int
    beneficiary_id: int
    verdict_month: Month | None
    terminated_version: int | None
    """The termination's, where it is about that and not about a verdict."""
    kind: ObjectionKind
    lane: Lane
    status: ObjectionStatus
    statement: str
    proofs: tuple[Proof, ...]
    handler: Handler | None
    reported_as: Role
    reported_on: date
    reported_at: datetime
    due_at: datetime
    owner: str | None
    owner_id: int | None
    outcome: Outcome | None
    reason: str | None
    decided_at: datetime | None
    passed_version: int | None
    """The version of the certification by which the ruling passed the person."""
    reinstatement_id: int | None
    """The case of reinstatement that the ruling opened."""
    decided_with: int | None = None
    """The case whose ruling has decided this one as well."""
    decided_with_month: Month | None = None
    """The month of the verdict that that case is about."""

    def overdue(self, now: datetime) -> bool:
        """Whether it should have been decided by now, or was decided too late."""
        return self.due_at < (self.decided_at or now)


class Chosen(NamedTuple):
    """Which cases a list shows."""

    status: ObjectionStatus | None = None
    lane: Lane | None = None
    overdue: bool | None = None


_CASES = """
SELECT o.*, username_of(o.taken_by) AS owner, f.verdict_month AS decided_with_month
FROM objections o JOIN beneficiaries b ON b.id = o.beneficiary_id JOIN units u ON u.id = b.unit_id
LEFT JOIN objections f ON f.id = o.decided_with
"""
_CHOSEN = """
($3::text IS NULL OR o.status = $3) AND ($4::text IS NULL OR o.lane = $4)
AND ($5::boolean IS NULL OR (o.due_at < coalesce(o.decided_at, $6)) = $5)
"""


async def by_id(connection: Reader, ids: Sequence[int]) -> dict[int, Objection]:
    rows = await connection.fetch(f"{_CASES} WHERE o.id = ANY($1)", list(ids))
    return {row["id"]: _objection(row) for row in rows}


async def of_people(connection: Reader, ids: Sequence[int]) -> dict[int, list[Objection]]:
    """Everybody's cases, newest first."""
    found: dict[int, list[Objection]] = defaultdict(list)
    for row in await connection.fetch(f"{_CASES} WHERE o.beneficiary_id = ANY($1) ORDER BY o.id DESC", list(ids)):
        found[row["beneficiary_id"]].append(_objection(row))
    return found


async def listed(connection: Reader, scope: Scope, chosen: Chosen, now: datetime, part: Part) -> list[Objection]:
    """Cases in the order in which they are due; a case's number is its id, and says when that is."""
    order = part.order(newest_first=False)
    rows = await connection.fetch(
        f"""{_CASES} WHERE {WITHIN} AND {_CHOSEN}
              AND ($7::bigint IS NULL OR (o.due_at, o.id) > (SELECT due_at, id FROM objections WHERE id = $7))
              AND ($8::bigint IS NULL OR (o.due_at, o.id) < (SELECT due_at, id FROM objections WHERE id = $8))
            ORDER BY o.due_at {order}, o.id {order} LIMIT $9""",
        *within(scope),
        *chosen,
        now,
        *part.values,
    )
    return [_objection(row) for row in rows]


async def total(connection: Reader, scope: Scope, chosen: Chosen, now: datetime) -> int:
    found: int = await connection.fetchval(
        f"""SELECT count(*) FROM objections o JOIN beneficiaries b ON b.id = o.beneficiary_id
            JOIN units u ON u.id = b.unit_id WHERE {WITHIN} AND {_CHOSEN}""",
        *within(scope),
        *chosen,
        now,
    )
    return found


@dataclass(frozen=True, slots=True)
class Reporter:
    """Who reports, and when; by when it is to be decided."""

    account_id: int
    role: Role
    on: date
    at: datetime
    due_at: datetime


async def report(connection: Connection, said: Report, about: Month | int, by: Reporter) -> int | None:
    """Write the case down, about the month's verdict or that version's termination; None where one is open already."""
    month, version = (about, None) if isinstance(about, Month) else (None, about)
    found: int | None = await connection.fetchval(
        """INSERT INTO objections (beneficiary_id, verdict_month, kind, statement, proof_kinds, document_names,
               document_sha256, handler_name, handler_contact, reported_by, reported_as, reported_on, reported_at,
               due_at, terminated_version)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
           ON CONFLICT DO NOTHING RETURNING id""",
        said.beneficiary_id,
        day_of(month),
        said.kind,
        said.statement.strip(),
        *_columns(said.proofs),
        said.handler.name.strip() if said.handler else None,
        said.handler.contact.strip() if said.handler else None,
        by.account_id,
        by.role,
        by.on,
        by.at,
        by.due_at,
        version,
    )
    return found


async def take(connection: Connection, id: int, account_id: int, at: datetime) -> None:
    await connection.execute("UPDATE objections SET taken_by = $2, taken_at = $3 WHERE id = $1", id, account_id, at)


@dataclass(frozen=True, slots=True)
class Judge:
    """Who decides, and when."""

    account_id: int
    on: date
    at: datetime


async def decide(connection: Connection, case: Objection, ruling: Ruling, by: Judge, passed: int | None) -> None:
    """Close the case; whoever decides one that nobody had taken takes it thereby."""
    await connection.execute(
        """UPDATE objections SET taken_by = $2, taken_at = coalesce(taken_at, $3), outcome = $4, reason = $5,
               decided_on = $6, decided_at = $3, passed_version = $7,
               proof_kinds = $8, document_names = $9, document_sha256 = $10
           WHERE id = $1""",
        case.id,
        by.account_id,
        by.at,
        ruling.outcome,
        ruling.reason.strip(),
        by.on,
        passed,
        *_columns((*case.proofs, *ruling.proofs)),
    )


async def open_beside(connection: Connection, case: Objection) -> dict[int, Finding]:
    """The other open cases of who was declared dead, of the same benefit: what their verdicts found."""
    rows = await connection.fetch(
        """SELECT o.id, v.* FROM objections o
           JOIN verdicts v ON v.beneficiary_id = o.beneficiary_id AND v.month = o.verdict_month
           WHERE o.beneficiary_id = $1 AND o.id <> $2 AND o.kind = 'DECLARED_DEAD' AND o.outcome IS NULL
           ORDER BY o.id""",
        case.beneficiary_id,
        case.id,
    )
    return {row["id"]: finding_of(row, "rule") for row in rows}


async def decide_with(connection: Connection, case: Objection, ids: Sequence[int], ruling: Ruling, by: Judge) -> None:
    """Close these as the case is closed, by its ruling and for its reason."""
    await connection.execute(
        """UPDATE objections SET decided_with = $2, taken_by = $3, taken_at = coalesce(taken_at, $4), outcome = $5,
               reason = $6, decided_on = $7, decided_at = $4
           WHERE id = ANY($1)""",
        list(ids),
        case.id,
        by.account_id,
        by.at,
        ruling.outcome,
        ruling.reason.strip(),
        by.on,
    )


async def opened(connection: Connection, id: int, reinstatement_id: int) -> None:
    """The decision of this transaction opened that case of reinstatement."""
    await connection.execute("UPDATE objections SET reinstatement_id = $2 WHERE id = $1", id, reinstatement_id)


def _columns(proofs: Sequence[Proof]) -> tuple[list[str], list[str], list[str]]:
    return (
        [str(proof.kind) for proof in proofs],
        [proof.document.name.strip() for proof in proofs],
        [proof.document.sha256.lower() for proof in proofs],
    )


def _objection(row: Record) -> Objection:
    proofs = zip(row["proof_kinds"], row["document_names"], row["document_sha256"], strict=True)
    handler = Handler(row["handler_name"], row["handler_contact"]) if row["handler_name"] else None
    return Objection(
        row["id"],
        row["beneficiary_id"],
        month_of(row["verdict_month"]),
        row["terminated_version"],
        ObjectionKind(row["kind"]),
        Lane(row["lane"]),
        ObjectionStatus(row["status"]),
        row["statement"],
        tuple(Proof(ProofKind(kind), Document(name, digest)) for kind, name, digest in proofs),
        handler,
        Role(row["reported_as"]),
        row["reported_on"],
        row["reported_at"],
        row["due_at"],
        row["owner"],
        row["taken_by"],
        Outcome(row["outcome"]) if row["outcome"] else None,
        row["reason"],
        row["decided_at"],
        row["passed_version"],
        row["reinstatement_id"],
        row["decided_with"],
        month_of(row["decided_with_month"]),
    )
