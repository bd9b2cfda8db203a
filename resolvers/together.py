"""What a ruling decides beside its own case: the person's other cases of the same benefit on the same mistake."""

from __future__ import annotations

from collections.abc import Collection

from domain import objection
from domain.audit import AuditAction, Told, Values
from domain.objection import Ruling
from domain.standing import Standing
from domain.verdict import Fact
from resolvers import audit
from resolvers.context import Context
from storage import objections
from storage.database import Connection
from storage.objections import Judge, Objection


async def decide(
    context: Context,
    transaction: Connection,
    case: Objection,
    ruling: Ruling,
    row: Standing,
    void: Collection[Fact],
    *,
    passed: bool,
) -> tuple[Objection, ...]:
    """Close them with the outcome and the reason of the case, whoever had taken them; the trail tells of each."""
    if not objection.restores(ruling, case.kind):
        return ()
    beside = await objections.open_beside(transaction, case)
    ids = [id for id, finding in beside.items() if objection.answered_with(finding, void, passed=passed)]
    judge = Judge(context.viewer.account_id, context.today, context.now)
    await objections.decide_with(transaction, case, ids, ruling, judge)
    for id in ids:
        facts: Values = {"objection": id, "outcome": ruling.outcome, "decided_with": case.id}
        await audit.record(context, transaction, Told(AuditAction.OBJECTION_DECIDED, row.unit_id, row.id, facts=facts))
    closed = await objections.by_id(transaction, ids)
    return tuple(closed[id] for id in ids)
