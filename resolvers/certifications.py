"""A unit's acts on its rows: lock, decide, record, all in one transaction. Notice 一(五), 三(二), 四, 附7 to 附11."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from domain.audit import AuditAction, act_of, attempt
from domain.certification import Decision, decide
from domain.refusal import ErrorCode, Refusal
from domain.standing import Standing
from domain.submission import Act, Submission
from domain.warning import WarningKind
from resolvers import audit, events, warnings
from resolvers.context import Context
from resolvers.once import once
from resolvers.outcome import Outcome
from storage import acts, periods, standings
from storage.database import Connection

_FORM = TypeAdapter(Outcome)


async def submit(context: Context, submission: Submission) -> Outcome:
    """Carry the submission out, all rows or none; under an idempotency key, once."""
    people = [entry.id for entry in submission.entries]
    return await once(
        context,
        submission.idempotency_key,
        {} if submission.idempotency_key is None else _said(submission),
        attempt(submission.act, context.viewer.unit_id, people),
        lambda transaction: _carry_out(context, transaction, submission),
        _FORM,
        lambda refusal: Outcome([], refusals=(refusal,)),
    )


def _said(submission: Submission) -> dict[str, Any]:
    return asdict(submission) | {"idempotency_key": None, "acknowledged": sorted(submission.acknowledged)}


async def _carry_out(context: Context, transaction: Connection, submission: Submission) -> Outcome:
    unit_id = context.viewer.acts_for
    assert unit_id is not None
    ids = [entry.id for entry in submission.entries if entry.id is not None]
    if len(ids) > context.policy.page_limit:
        ids = []  # refused as a whole; nothing needs to be read
    rows = await standings.lock_of_unit(transaction, unit_id, ids)
    in_force = await periods.in_force(transaction, ids) if submission.act is Act.TERMINATE else {}
    decided = decide(submission, rows, in_force, policy=context.policy, today=context.today)
    if refusals := [d for d in decided if isinstance(d, Refusal)]:
        return _refused(rows, submission, refusals)
    decisions = [d for d in decided if isinstance(d, Decision)]
    signature = acts.Actor(context.viewer.account_id, submission.handler, context.today, context.now)
    await acts.record(transaction, decisions, signature)
    suspended = [(d.standing.id, d.standing.version) for d in decisions if d.suspends_from is not None]
    await warnings.at_once(context, transaction, WarningKind.SUSPENDED, suspended)
    action, fingerprint = AuditAction[submission.act.name], context.gate.sealer.fingerprint
    told = (act_of(action, rows[d.standing.id], d, fingerprint) for d in decisions)
    await audit.record(context, transaction, *told)
    await events.roster_changed(context, transaction, unit_id, [d.standing.id for d in decisions])
    return _saved(rows, decisions)


def _saved(before: dict[int, Standing], decisions: list[Decision]) -> Outcome:
    return Outcome(
        [d.standing for d in decisions],
        renewed=sum(d.opened is not None for d in decisions),
        confirmed=sum(d.certification is not None for d in decisions),
        withdrawn=sum(d.passes and before[d.standing.id].suspended_from is not None for d in decisions),
    )


def _refused(rows: dict[int, Standing], submission: Submission, refusals: list[Refusal]) -> Outcome:
    """A stale row is refused together with the new one."""
    stale = {r.reference for r in refusals if r.code is ErrorCode.STALE_VERSION}
    new = [rows[e.id] for e in submission.entries if e.id is not None and e.reference in stale]
    return Outcome(new, refusals=tuple(refusals))
