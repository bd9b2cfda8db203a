"""A ruling that somebody declared dead lives: passed, and reinstatement and back pay asked for, in the same step."""

from __future__ import annotations

from dataclasses import dataclass

from domain import objection
from domain.audit import AuditAction, Told, Values, act_of
from domain.certification import Decision
from domain.objection import ObjectionKind, Ruling
from domain.refusal import ErrorCode, Refusal
from domain.reinstatement import Request, claimable, request_obstacles
from domain.standing import Standing
from domain.submission import Handler
from resolvers import accounts, audit
from resolvers.context import Context
from resolvers.reinstatements import CaseInFull, in_full
from storage import acts, reinstatements
from storage.database import Connection
from storage.objections import Objection


@dataclass(frozen=True, slots=True)
class Plan:
    """The PASS that a ruling comes to, or what is missing for one; neither where nobody is to be restored."""

    decision: Decision | None = None
    missing: tuple[Refusal, ...] = ()

    @property
    def version(self) -> int | None:
        return self.decision.standing.version if self.decision else None


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: the entry of the PASS, and the case for another officer to review."""

    told: Told | None = None
    full: CaseInFull | None = None
    missing: tuple[Refusal, ...] = ()


def plan(context: Context, kind: ObjectionKind, ruling: Ruling, row: Standing) -> Plan:
    """Notice 三(三), 三(四)."""
    if not objection.restores(ruling, kind):
        return Plan()
    if missing := objection.missing_for_a_pass(row):
        return Plan(missing=tuple(missing))
    return Plan(objection.passed(row, ruling.reason.strip(), context.policy, context.month))


async def carry_out(
    context: Context, transaction: Connection, case: Objection, ruling: Ruling, before: Standing, plan: Plan
) -> Restored:
    """Pass the person, and submit the case of reinstatement if there is anything to reinstate."""
    if plan.decision is None:
        return Restored(missing=plan.missing)
    viewer = context.viewer
    officer = Handler(viewer.username, viewer.district or viewer.username)
    await acts.record(transaction, [plan.decision], acts.Actor(viewer.account_id, officer, context.today, context.now))
    told = act_of(AuditAction.OBJECTION_DECIDED, before, plan.decision, context.gate.sealer.fingerprint)
    documents = objection.papers((*case.proofs, *ruling.proofs))
    asked = Request("", case.beneficiary_id, case.statement, documents, case.handler or officer)
    full, missing = await _requested(context, transaction, asked)
    return Restored(told, full, missing)


async def _requested(
    context: Context, transaction: Connection, asked: Request
) -> tuple[CaseInFull | None, tuple[Refusal, ...]]:
    """The case, submitted by the officer who ruled; another one reviews it. Nothing lost, nothing to ask for."""
    assert asked.beneficiary_id is not None
    at = (await accounts.latest(context, transaction, asked.beneficiary_id)).situation(context.month)
    if refusals := request_obstacles(asked, at):
        return None, tuple(r for r in refusals if r.code is not ErrorCode.NOTHING_TO_REINSTATE)
    months, by = claimable(at), context.viewer.account_id
    case_id = await reinstatements.submit(transaction, asked, months, by, context.today, context.now)
    case = (await reinstatements.by_id(transaction, [case_id]))[case_id]
    full = in_full(context, case, await accounts.latest(context, transaction, asked.beneficiary_id))
    facts: Values = {"case": case_id, "months": [str(month) for month in months]}
    unit_id = at.account.life.standing.unit_id
    told = Told(AuditAction.REINSTATEMENT_REQUESTED, unit_id, asked.beneficiary_id, facts=facts)
    await audit.record(context, transaction, told)
    return full, ()
