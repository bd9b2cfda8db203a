"""Objections to verdicts: report, take, decide, read. Notice 三(四)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from pydantic import TypeAdapter

from domain import objection
from domain.audit import AuditAction, Told, Values, attempt
from domain.certification import Termination
from domain.month import Month
from domain.objection import Report, Ruling, Situation
from domain.refusal import ErrorCode, Refusal
from domain.standing import Standing
from domain.verdict import Fact, Verdict
from domain.vocabulary import Role, SurvivalStatus
from resolvers import audit, events, restoring, together
from resolvers.context import Context
from resolvers.once import once
from resolvers.reinstatements import CaseInFull
from resolvers.restoring import Restored
from storage import accounts, histories, objections, quarantines, standings, terminations
from storage.database import Connection, Reader
from storage.histories import Moment, month_number
from storage.objections import Chosen, Judge, Objection, Reporter
from storage.parts import Part
from storage.quarantines import EarlierRuling


@dataclass(frozen=True, slots=True)
class ObjectionOutcome:
    """The case as it now stands and what the ruling opened, or why nothing was saved."""

    case: Objection | None = None
    standing: Standing | None = None
    """The person's row beside it."""
    reinstatement: CaseInFull | None = None
    missing: tuple[Refusal, ...] = ()
    """What keeps the person from being passed, or the payment from being asked for, in the same step."""
    also_decided: tuple[Objection, ...] = ()
    """The person's other cases of the benefit that the same ruling has decided."""
    refusals: tuple[Refusal, ...] = ()


_FORM = TypeAdapter(ObjectionOutcome)


async def report(context: Context, said: Report, key: str | None) -> ObjectionOutcome:
    """A unit says that a verdict about its person is wrong, or the person does."""
    tried = attempt("reportVerdictError", context.viewer.unit_id, [said.beneficiary_id])
    asked = {"act": "reportVerdictError", **asdict(said)}
    return await once(
        context, key, asked, tried, lambda transaction: _report(context, transaction, said), _FORM, _refusing
    )


async def take(context: Context, case_id: int | None, key: str | None) -> ObjectionOutcome:
    """An officer answers for the case from now on, whoever did before."""
    tried = attempt("takeObjection", None, objection=case_id)
    asked = {"act": "takeObjection", "objection": case_id}
    return await once(
        context, key, asked, tried, lambda transaction: _take(context, transaction, case_id), _FORM, _refusing
    )


async def decide(context: Context, case_id: int | None, ruling: Ruling, key: str | None) -> ObjectionOutcome:
    """Say what was wrong; what was false is quarantined, and who was declared dead is passed in the same step."""
    tried = attempt("decideObjection", None, objection=case_id)
    asked = {"act": "decideObjection", "objection": case_id, **asdict(ruling)}
    return await once(
        context, key, asked, tried, lambda transaction: _decide(context, transaction, case_id, ruling), _FORM, _refusing
    )


async def page(context: Context, chosen: Chosen, part: Part) -> list[Objection]:
    async with context.reading() as connection:
        return await objections.listed(connection, context.scope, chosen, context.now, part)


async def total(context: Context, chosen: Chosen) -> int:
    async with context.reading() as connection:
        return await objections.total(connection, context.scope, chosen, context.now)


async def by_id(context: Context, ids: Sequence[int]) -> list[Objection | None]:
    async with context.reading() as connection:
        found = await objections.by_id(connection, ids)
    return [found.get(id) for id in ids]


async def of_people(context: Context, ids: Sequence[int]) -> list[list[Objection]]:
    async with context.reading() as connection:
        found = await objections.of_people(connection, ids)
    return [found.get(id, []) for id in ids]


async def quarantined(context: Context, ids: Sequence[int]) -> list[list[Fact]]:
    """What each case found false."""
    async with context.reading() as connection:
        found = await quarantines.quarantined(connection, ids)
    return [found.get(id, []) for id in ids]


async def earlier_rulings(context: Context, ids: Sequence[int]) -> list[EarlierRuling | None]:
    """The ruling on another case that found the record behind each case false."""
    async with context.reading() as connection:
        found = await quarantines.earlier_rulings(connection, ids)
    return [found.get(id) for id in ids]


async def _report(context: Context, transaction: Connection, said: Report) -> ObjectionOutcome:
    viewer, now = context.viewer, context.now
    place, about = await _about(transaction, said)
    dead, by_unit = await _stated_dead(transaction, said.beneficiary_id), viewer.role is Role.UNIT
    refusals = objection.report_obstacles(said, about, by_unit=by_unit, stated_dead=dead)
    if refusals or place is None:
        return ObjectionOutcome(refusals=tuple(refusals))
    due_at = objection.due(said.kind, now, context.policy)
    by = Reporter(viewer.account_id, viewer.role, context.today, now, due_at)
    case_id = await objections.report(transaction, said, place, by)
    if case_id is None:
        return _refusing(Refusal(ErrorCode.OBJECTION_OPEN, ("input", "beneficiaryId"), said.reference))
    return await _saved(context, transaction, case_id, AuditAction.OBJECTION_REPORTED, kind=said.kind)


async def _about(connection: Reader, said: Report) -> tuple[Month | int | None, Verdict | Termination | None]:
    """The termination with its version, or the verdict with its month; of neither where the account sees none."""
    end = await terminations.standing(connection, said.beneficiary_id)
    if end is not None and objection.is_about_the_end(said, end[1]):
        return end
    verdict = await _verdict(connection, said.beneficiary_id, said.month)
    return (verdict.month, verdict) if verdict else (None, None)


async def _verdict(connection: Reader, beneficiary_id: int | None, month: Month | None) -> Verdict | None:
    """The verdict of the month, or the latest; None where the account sees none."""
    if beneficiary_id is None:
        return None
    before = None if month is None else month_number(month) + 1
    [found] = await histories.verdicts(connection, [Moment.latest(beneficiary_id)], Part(1, before))
    return next((verdict for _, verdict in found if month is None or verdict.month == month), None)


async def _stated_dead(connection: Reader, beneficiary_id: int | None) -> bool:
    """Whether the last act on the person says that they have died."""
    if beneficiary_id is None:
        return False
    [last] = await histories.certifications(connection, [Moment.latest(beneficiary_id)], Part(1))
    return any(act.survival_status is SurvivalStatus.DECEASED for _, act in last)


async def _take(context: Context, transaction: Connection, case_id: int | None) -> ObjectionOutcome:
    case, _ = await _locked(transaction, case_id)
    if case is None:
        return _not_found()
    if refusals := objection.taking_obstacles(await _situation(context, transaction, case), context.today):
        return ObjectionOutcome(refusals=tuple(refusals))
    await objections.take(transaction, case.id, context.viewer.account_id, context.now)
    return await _saved(context, transaction, case.id, AuditAction.OBJECTION_TAKEN, before=case.owner)


async def _decide(context: Context, transaction: Connection, case_id: int | None, ruling: Ruling) -> ObjectionOutcome:
    case, before = await _locked(transaction, case_id)
    if case is None or before is None:
        return _not_found()
    at = await _situation(context, transaction, case)
    if refusals := objection.ruling_obstacles(ruling, at, context.policy, context.today):
        return ObjectionOutcome(refusals=tuple(refusals))
    false = objection.false_records(ruling, at, context.policy)
    plan = await restoring.plan(context, transaction, case, ruling, before, ended=at.ended)
    judge = Judge(context.viewer.account_id, context.today, context.now)
    await objections.decide(transaction, case, ruling, judge, plan.version)
    await quarantines.quarantine(transaction, case, false, context.now)
    restored = await restoring.carry_out(context, transaction, case, ruling, before, plan)
    outcome = await _decided(context, transaction, case, restored, len(false))
    void, passed = at.void.union(false), plan.version is not None
    also = await together.decide(context, transaction, case, ruling, before, void, passed=passed)
    return replace(outcome, also_decided=also)


async def _decided(
    context: Context, transaction: Connection, case: Objection, restored: Restored, false: int
) -> ObjectionOutcome:
    if restored.full is not None:
        await objections.opened(transaction, case.id, restored.full.case.id)
    now = (await objections.by_id(transaction, [case.id]))[case.id]
    standing = (await standings.by_id(transaction, [case.beneficiary_id]))[case.beneficiary_id]
    facts: Values = {"objection": case.id, "outcome": now.outcome, "false_records": false}
    told = restored.told or Told(AuditAction.OBJECTION_DECIDED, standing.unit_id, standing.id)
    withdrawn = [restored.withdrawn] if restored.withdrawn else []
    await audit.record(context, transaction, *withdrawn, told.with_facts(facts))
    if restored.told or withdrawn:  # the ruling has changed the person's row
        await events.roster_changed(context, transaction, standing.unit_id, [standing.id])
    return ObjectionOutcome(now, standing, restored.full, restored.missing)


async def _situation(context: Context, transaction: Connection, case: Objection) -> Situation:
    another = case.owner_id is not None and case.owner_id != context.viewer.account_id
    own = await accounts.is_about_caller(transaction, case.beneficiary_id)
    known, void = await quarantines.records_known_of(transaction, case.id)
    loss, ended = None, False
    if case.terminated_version is not None:
        end = await terminations.standing(transaction, case.beneficiary_id)
        ended = end is not None and end[0] == case.terminated_version
    elif (verdict := await _verdict(transaction, case.beneficiary_id, case.verdict_month)) is not None:
        loss = objection.loss_of(case.kind, verdict.finding)
    return Situation(case.status, case.kind, case.reported_on, case.proofs, another, own, known, void, loss, ended)


async def _locked(transaction: Connection, case_id: int | None) -> tuple[Objection | None, Standing | None]:
    """The case with its person's row locked: whoever else acts on either waits."""
    seen = (await objections.by_id(transaction, [case_id or 0])).get(case_id or 0)
    if seen is None:
        return None, None
    standing = await standings.lock(transaction, seen.beneficiary_id)
    return (await objections.by_id(transaction, [seen.id]))[seen.id], standing


async def _saved(
    context: Context, transaction: Connection, case_id: int, action: AuditAction, **facts: str | None
) -> ObjectionOutcome:
    case = (await objections.by_id(transaction, [case_id]))[case_id]
    standing = (await standings.by_id(transaction, [case.beneficiary_id]))[case.beneficiary_id]
    told = Told(action, standing.unit_id, standing.id, facts={"objection": case_id, **facts})
    await audit.record(context, transaction, told)
    return ObjectionOutcome(case, standing)


def _not_found() -> ObjectionOutcome:
    return _refusing(Refusal(ErrorCode.NOT_FOUND, ("input", "objectionId"), about="objection"))


def _refusing(refusal: Refusal) -> ObjectionOutcome:
    return ObjectionOutcome(refusals=(refusal,))
