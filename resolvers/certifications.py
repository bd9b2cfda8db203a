"""A unit's acts on its rows: lock, decide, record, all in one transaction. Notice 一(五), 三(二), 四, 附7 to 附11."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from domain.certification import Decision, decide
from domain.refusal import ErrorCode, Refusal
from domain.standing import Standing
from domain.submission import Act, Submission
from domain.text import problem
from resolvers.context import Context
from resolvers.errors import Forbidden
from resolvers.outcome import Outcome
from storage import acts, idempotency, periods, standings
from storage.database import Connection

_KEY_LONGEST = 200


async def submit(context: Context, submission: Submission) -> Outcome:
    """Carry the submission out, all rows or none; under an idempotency key, once."""
    if context.viewer.acts_for is None:
        raise Forbidden
    key = submission.idempotency_key
    if key is not None and (not key or problem(key, _KEY_LONGEST)):
        return Outcome([], refusals=(Refusal(ErrorCode.INVALID_TEXT, ("input", "idempotencyKey")),))
    async with context.begin() as transaction:
        if key is None:
            return await _carry_out(context, transaction, submission)
        return await _once(context, transaction, submission, key)


async def _once(context: Context, transaction: Connection, submission: Submission, key: str) -> Outcome:
    """The first answer under this key, be it given now or earlier."""
    account, digest = context.viewer.account_id, _digest(submission)
    earlier = await idempotency.claim(transaction, account, key, digest, context.now)
    if earlier is None:
        outcome = await _carry_out(context, transaction, submission)
        await idempotency.keep(transaction, account, key, outcome.to_json())
        return outcome
    if earlier.digest != digest:
        return Outcome([], refusals=(Refusal(ErrorCode.IDEMPOTENCY_KEY_REUSED, ("input", "idempotencyKey")),))
    return Outcome.from_json(earlier.answer)


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


def _digest(submission: Submission) -> bytes:
    """The same for the same input of the same act, whatever the key."""
    said: dict[str, Any] = asdict(submission) | {
        "idempotency_key": None,
        "acknowledged": sorted(submission.acknowledged),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).digest()
