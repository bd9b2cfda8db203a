"""Write what a submission was decided to be: a fixed number of statements, whatever the number of rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from domain.certification import Certification, Decision
from domain.compliance import kind_of
from domain.standing import Standing
from domain.submission import Handler
from storage.database import Connection
from storage.periods import DEFER_OVERLAP, END, OPEN
from storage.standings import day_of


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, for whom, and when."""

    account_id: int
    handler: Handler | None
    """经办人; None where somebody certifies themselves."""
    on: date
    at: datetime


async def record(connection: Connection, decisions: Sequence[Decision], actor: Actor) -> None:
    """Write the facts, then the standings that follow from them."""
    certified = [(d.standing, d.certification) for d in decisions if d.certification is not None]
    if certified:
        await _insert_certifications(connection, certified, actor)
    if any(d.termination for d in decisions):
        await _insert_terminations(connection, decisions, actor)
    await _suspend(connection, decisions)
    await _open_periods(connection, decisions, actor)
    await _end_periods(connection, decisions)
    await _update_standings(connection, decisions)


async def _insert_certifications(
    connection: Connection, certified: Sequence[tuple[Standing, Certification]], actor: Actor
) -> None:
    await connection.execute(
        """WITH act AS (
               INSERT INTO certifications (beneficiary_id, version, method, result, survival_status, occurred_on,
                   reason, verdict_month, answers_losses_through,
                   handler_name, handler_contact, account_id, acted_on, at)
               SELECT n.*, $11::text, $12::text, $13::bigint, $14::date, $15::timestamptz
               FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[],
                           $8::date[], $9::timestamptz[]) AS n
               RETURNING beneficiary_id, version)
           INSERT INTO compliance_reviews (beneficiary_id, version, kind, subject, unit_id, month, opened_at)
           SELECT act.*, r.kind, act.beneficiary_id || ':' || act.version, r.unit_id, date_trunc('month', $14), $15
           FROM act JOIN jsonb_to_recordset($10::jsonb) AS r (id bigint, unit_id bigint, kind text)
               ON r.id = act.beneficiary_id""",
        *_columns(
            (
                row.id,
                row.version,
                act.method,
                act.result,
                act.survival_status,
                act.occurred_on,
                act.reason,
                day_of(act.verdict_month),
                act.answers_losses_through,
            )
            for row, act in certified
        ),
        json.dumps(
            [
                {"id": row.id, "unit_id": row.unit_id, "kind": kind}
                for row, act in certified
                if (kind := kind_of(act)) is not None
            ]
        ),
        *_signature(actor),
    )


async def _insert_terminations(connection: Connection, decisions: Sequence[Decision], actor: Actor) -> None:
    await connection.execute(
        """INSERT INTO terminations (beneficiary_id, version, cause, occurred_on, handler_name, handler_contact,
                                     account_id, acted_on, at)
           SELECT n.*, $5, $6, $7::bigint, $8::date, $9::timestamptz
           FROM unnest($1::bigint[], $2::int[], $3::text[], $4::date[]) AS n""",
        *_columns(
            (d.standing.id, d.standing.version, d.termination.cause, d.termination.occurred_on)
            for d in decisions
            if d.termination is not None
        ),
        *_signature(actor),
    )


async def _suspend(connection: Connection, decisions: Sequence[Decision]) -> None:
    begun = [
        (d.standing.id, d.standing.version, d.suspends_from.first_day) for d in decisions if d.suspends_from is not None
    ]
    if begun:
        await connection.execute(
            """INSERT INTO suspensions (beneficiary_id, version, held)
               SELECT id, version, daterange(first_month, NULL)
               FROM unnest($1::bigint[], $2::int[], $3::date[]) AS n (id, version, first_month)""",
            *_columns(begun),
        )
    if withdrawn := [d.standing.id for d in decisions if d.withdraws]:
        await connection.execute(
            "UPDATE suspensions SET held = 'empty' WHERE beneficiary_id = ANY($1::bigint[]) AND upper_inf(held)",
            withdrawn,
        )


async def _end_periods(connection: Connection, decisions: Sequence[Decision]) -> None:
    ended = [
        (d.standing.id, first, d.standing.version) for d in decisions if (first := _first_month_ended(d)) is not None
    ]
    if ended:
        source = "SELECT * FROM unnest($1::bigint[], $2::date[], $3::int[])"
        await connection.execute(END.format(source=source), *_columns(ended))


def _first_month_ended(decision: Decision) -> date | None:
    """A newly opened period ends the ones before it; a FAIL or an event ends what comes after its month."""
    if decision.opened is not None:
        return decision.opened.start.first_day
    return day_of(decision.ended_after + 1) if decision.ended_after is not None else None


async def _open_periods(connection: Connection, decisions: Sequence[Decision], actor: Actor) -> None:
    opened = [
        (
            d.standing.id,
            d.standing.category,
            d.standing.version,
            d.opened.start.first_day,
            d.opened.months,
            d.opened.method,
        )
        for d in decisions
        if d.opened is not None
    ]
    if opened:
        source = """SELECT n.*, $7::timestamptz
                    FROM unnest($1::bigint[], $2::text[], $3::int[], $4::date[], $5::int[], $6::text[])
                         AS n(beneficiary_id, category, version, start_month, cycle_months, method)"""
        await connection.execute(DEFER_OVERLAP)
        await connection.execute(OPEN.format(source=source), *_columns(opened), actor.at)


async def _update_standings(connection: Connection, decisions: Sequence[Decision]) -> None:
    await connection.execute(
        """UPDATE beneficiaries b
           SET version = n.version, phone = n.phone, household_address = n.household_address,
               residence_address = n.residence_address, confirmed_in = n.confirmed_in,
               verdict_answered = n.verdict_answered, period_start = n.period_start, period_end = n.period_end,
               period_method = n.period_method, paid_through = n.paid_through, suspended_from = n.suspended_from,
               terminated_from = n.terminated_from
           FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::date[], $7::bool[], $8::date[],
                       $9::date[], $10::text[], $11::date[], $12::date[], $13::date[])
                AS n(id, version, phone, household_address, residence_address, confirmed_in, verdict_answered,
                     period_start, period_end, period_method, paid_through, suspended_from, terminated_from)
           WHERE b.id = n.id""",
        *_columns(_row(d.standing) for d in decisions),
    )


def _row(s: Standing) -> tuple[Any, ...]:
    return (
        s.id,
        s.version,
        s.contact.phone,
        s.contact.household_address,
        s.contact.residence_address,
        s.confirmed_in.first_day,
        s.verdict.answered if s.verdict else None,
        s.period.start.first_day if s.period else None,
        s.period.end.first_day if s.period else None,
        s.period.method if s.period else None,
        day_of(s.paid_through),
        day_of(s.suspended_from),
        day_of(s.terminated_from),
    )


def _signature(actor: Actor) -> tuple[Any, ...]:
    named = (actor.handler.name.strip(), actor.handler.contact.strip()) if actor.handler else (None, None)
    return (*named, actor.account_id, actor.on, actor.at)


def _columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """Rows as the arrays that `unnest` takes."""
    return [list(column) for column in zip(*rows, strict=True)]
