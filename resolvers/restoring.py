"""A ruling that somebody declared dead lives: passed, with a termination withdrawn and back pay asked for at once."""

from __future__ import annotations

from dataclasses import dataclass

from domain import objection
from domain.audit import AuditAction, Told, Values, act_of, act_on
from domain.certification import Decision, Withdrawal
from domain.history import Fact, Life, after
from domain.objection import Ruling
from domain.refusal import ErrorCode, Refusal
from domain.reinstatement import Request, claimable, request_obstacles
from domain.standing import Standing
from domain.submission import Handler
from resolvers import accounts, audit
from resolvers.context import Context
from resolvers.reinstatements import CaseInFull, in_full
from storage import acts, reinstatements, terminations
from storage.database import Connection
from storage.objections import Judge, Objection


@dataclass(frozen=True, slots=True)
class Plan:
    """The PASS that a ruling comes to, or what is missing for one; neither where nobody is found to live."""

    back: Life | None = None
    """The life after the withdrawal of its termination, where the ruling is about one."""
    decision: Decision | None = None
    missing: tuple[Refusal, ...] = ()

    @property
    def version(self) -> int | None:
        return self.decision.standing.version if self.decision else None


@dataclass(frozen=True, slots=True)
class Restored:
    """What was done: the entries of the withdrawal and the PASS, and the case for another officer to review."""

    withdrawn: Told | None = None
    told: Told | None = None
    full: CaseInFull | None = None
    missing: tuple[Refusal, ...] = ()


async def plan(
    context: Context, transaction: Connection, case: Objection, ruling: Ruling, row: Standing, *, ended: bool
) -> Plan:
    """What the ruling comes to; `ended`: whether the case is about a termination that stands. Notice 三(三), 三(四)."""
    if not objection.restores(ruling, case.kind):
        return Plan(missing=tuple(objection.left_undone(ruling, case.kind, row)))
    back = await _back(context, transaction, case, row) if ended else None
    row = back.standing if back else row
    if missing := objection.missing_for_a_pass(row):
        return Plan(back, missing=tuple(missing))
    return Plan(back, objection.passed(row, ruling.reason.strip(), context.policy, context.month))


async def _back(context: Context, transaction: Connection, case: Objection, row: Standing) -> Life:
    """The life once the termination that the case is about is withdrawn: as if it had been a FAIL."""
    assert case.terminated_version is not None
    known = await accounts.latest(context, transaction, row.id)
    withdrawal = Fact(row.version + 1, Withdrawal(case.terminated_version), context.today)
    return after(known.account.life, withdrawal, context.book)


async def carry_out(
    context: Context, transaction: Connection, case: Objection, ruling: Ruling, before: Standing, plan: Plan
) -> Restored:
    """Withdraw the termination, pass the person, and submit the case of reinstatement: whatever there is to do."""
    withdrawn = None
    if plan.back is not None:
        withdrawn = await _withdraw(context, transaction, case, before, plan.back)
        before = plan.back.standing
    if plan.decision is None:
        return Restored(withdrawn, missing=plan.missing)
    viewer = context.viewer
    officer = Handler(viewer.username, viewer.district or viewer.username)
    await acts.record(transaction, [plan.decision], acts.Actor(viewer.account_id, officer, context.today, context.now))
    told = act_of(AuditAction.OBJECTION_DECIDED, before, plan.decision, context.gate.sealer.fingerprint)
    documents = objection.papers((*case.proofs, *ruling.proofs))
    asked = Request("", case.beneficiary_id, case.statement, documents, case.handler or officer)
    full, missing = await _requested(context, transaction, asked)
    return Restored(withdrawn, told, full, missing)


async def _withdraw(context: Context, transaction: Connection, case: Objection, before: Standing, back: Life) -> Told:
    """Write the withdrawal; its entry."""
    judge = Judge(context.viewer.account_id, context.today, context.now)
    await terminations.withdraw(transaction, case, back, judge)
    facts: Values = {"objection": case.id, "terminated_version": case.terminated_version}
    fingerprint = context.gate.sealer.fingerprint
    return act_on(AuditAction.TERMINATION_WITHDRAWN, before, back.standing, fingerprint, facts)


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
