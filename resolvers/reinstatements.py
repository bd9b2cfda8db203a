"""Cases of reinstatement and back pay (待遇恢复, 补发): request, review, withdraw, read. Notice 三(三)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal

from pydantic import TypeAdapter

from domain.audit import AuditAction, Told, Values, act_on, attempt
from domain.money import ZERO, rate_of
from domain.month import Month
from domain.refusal import ErrorCode, Refusal
from domain.reinstatement import (
    ReinstatementStatus,
    Request,
    Review,
    claimable,
    closing_obstacles,
    lifted_from,
    months_of,
    request_obstacles,
    resumes_from,
    review_obstacles,
)
from domain.standing import Standing
from domain.text import is_blank
from domain.warning import WarningKind
from resolvers import accounts, audit, events, warnings
from resolvers.accounts import Known
from resolvers.context import Context
from resolvers.errors import Forbidden
from resolvers.once import once
from storage import reinstatements, standings
from storage.accounts import is_about_caller
from storage.database import Connection
from storage.parts import Part
from storage.reinstatements import Case, Closing


@dataclass(frozen=True, slots=True)
class ClaimedMonth:
    """A month of a case at its own rate; `paid_with` is the payroll with which it has gone out."""

    month: Month
    amount: Decimal
    paid_with: Month | None


@dataclass(frozen=True, slots=True)
class CaseInFull:
    """A case with its months: those it would pay back if approved now, was approved for, or had asked for."""

    case: Case
    months: tuple[ClaimedMonth, ...]

    @property
    def amount(self) -> Decimal:
        return sum((month.amount for month in self.months), ZERO)


@dataclass(frozen=True, slots=True)
class CaseOutcome:
    """The case as it now stands, or why nothing was saved."""

    full: CaseInFull | None = None
    standing: Standing | None = None
    """The person's row beside it."""
    refusals: tuple[Refusal, ...] = ()


_FORM = TypeAdapter(CaseOutcome)


async def request(context: Context, asked: Request, key: str | None) -> CaseOutcome:
    """Submit a case for somebody who is suspended and was passed since, or has unpaid months to claim."""
    said = {"act": "requestReinstatement", **asdict(asked)}
    tried = attempt("requestReinstatement", context.viewer.unit_id, [asked.beneficiary_id])
    return await once(
        context, key, said, tried, lambda transaction: _request(context, transaction, asked), _FORM, _refusing
    )


async def review(context: Context, case_id: int | None, decided: Review, key: str | None) -> CaseOutcome:
    """Approve or reject a case; another account than the one that submitted it."""
    said = {"act": "reviewReinstatement", "case": case_id, **asdict(decided)}
    tried = attempt("reviewReinstatement", context.viewer.unit_id, case=case_id)
    return await once(
        context, key, said, tried, lambda transaction: _review(context, transaction, case_id, decided), _FORM, _refusing
    )


async def withdraw(context: Context, case_id: int | None, key: str | None) -> CaseOutcome:
    """Take a case back: a unit what one of its accounts submitted, an officer what that officer did."""
    said = {"act": "withdrawReinstatement", "case": case_id}
    tried = attempt("withdrawReinstatement", context.viewer.unit_id, case=case_id)
    return await once(
        context, key, said, tried, lambda transaction: _withdraw(context, transaction, case_id), _FORM, _refusing
    )


async def page(
    context: Context, status: ReinstatementStatus | None, beneficiary_id: int | None, part: Part
) -> list[Case]:
    async with context.reading() as connection:
        return await reinstatements.listed(connection, context.scope, status, beneficiary_id, part)


async def total(context: Context, status: ReinstatementStatus | None, beneficiary_id: int | None) -> int:
    async with context.reading() as connection:
        return await reinstatements.total(connection, context.scope, status, beneficiary_id)


async def by_id(context: Context, ids: Sequence[int]) -> list[Case | None]:
    async with context.reading() as connection:
        found = await reinstatements.by_id(connection, ids)
    return [found.get(id) for id in ids]


async def open_of(context: Context, beneficiary_ids: Sequence[int]) -> list[Case | None]:
    """Each person's open case."""
    async with context.reading() as connection:
        ids = await reinstatements.open_of(connection, beneficiary_ids)
        found = await reinstatements.by_id(connection, list(ids.values()))
    return [found.get(ids[one]) if one in ids else None for one in beneficiary_ids]


async def _request(context: Context, transaction: Connection, asked: Request) -> CaseOutcome:
    known = await _locked(context, transaction, asked.beneficiary_id)
    at = known.situation(context.month) if known else None
    if refusals := request_obstacles(asked, at):
        return CaseOutcome(refusals=tuple(refusals))
    assert at is not None
    viewer = context.viewer
    case_id = await reinstatements.submit(
        transaction, asked, claimable(at), viewer.account_id, context.today, context.now
    )
    return await _saved(context, transaction, case_id)


async def _review(context: Context, transaction: Connection, case_id: int | None, decided: Review) -> CaseOutcome:
    case, known = await _case_locked(context, transaction, case_id)
    if case is None or known is None:
        return _refusing(Refusal(ErrorCode.NOT_FOUND, ("input", "reinstatementId"), about="case"))
    at = replace(known.situation(context.month), case_open=False)
    own = case.submitted_by_id == context.viewer.account_id
    about = await is_about_caller(transaction, case.beneficiary_id)
    closed = closing_obstacles(case.status, case.submitted_on, context.today)
    if refusals := closed or review_obstacles(decided, own=own, about_reviewer=about, at=at):
        return CaseOutcome(refusals=tuple(refusals))
    status = ReinstatementStatus.APPROVED if decided.approve else ReinstatementStatus.REJECTED
    reason = None if decided.reason is None or is_blank(decided.reason) else decided.reason.strip()
    closing = Closing(status, context.viewer.account_id, context.today, context.now, reason)
    if decided.approve:
        before = (await standings.by_id(transaction, [case.beneficiary_id]))[case.beneficiary_id]
        after = replace(before.reinstated(at.month), version=before.version + 1)
        months, lifted, resumes = claimable(at), lifted_from(at), resumes_from(at)
        await reinstatements.approve(transaction, case.id, closing, after, months, lifted, resumes)
        await warnings.at_once(context, transaction, WarningKind.REINSTATED, [(after.id, case.id)])
        return await _saved(context, transaction, case.id, before)
    await reinstatements.close(transaction, case.id, closing)
    return await _saved(context, transaction, case.id)


async def _withdraw(context: Context, transaction: Connection, case_id: int | None) -> CaseOutcome:
    case, _ = await _case_locked(context, transaction, case_id)
    if case is None:
        return _refusing(Refusal(ErrorCode.NOT_FOUND, ("input", "reinstatementId"), about="case"))
    viewer = context.viewer
    if case.submitted_by_id != viewer.account_id and (viewer.unit_id is None or case.submitter_unit != viewer.unit_id):
        raise Forbidden
    if refusals := closing_obstacles(case.status, case.submitted_on, context.today):
        return CaseOutcome(refusals=tuple(refusals))
    closing = Closing(ReinstatementStatus.WITHDRAWN, viewer.account_id, context.today, context.now)
    await reinstatements.close(transaction, case.id, closing)
    return await _saved(context, transaction, case.id)


async def _case_locked(
    context: Context, transaction: Connection, case_id: int | None
) -> tuple[Case | None, Known | None]:
    """The case with its person's row locked: whoever else acts on either waits."""
    seen = await _case(transaction, case_id)
    if seen is None:
        return None, None
    known = await _locked(context, transaction, seen.beneficiary_id)
    return await _case(transaction, case_id), known


async def _case(transaction: Connection, case_id: int | None) -> Case | None:
    if case_id is None:
        return None
    return (await reinstatements.by_id(transaction, [case_id])).get(case_id)


async def _locked(context: Context, transaction: Connection, beneficiary_id: int | None) -> Known | None:
    if beneficiary_id is None or await standings.lock(transaction, beneficiary_id) is None:
        return None
    return await accounts.latest(context, transaction, beneficiary_id)


async def _saved(
    context: Context, transaction: Connection, case_id: int, before: Standing | None = None
) -> CaseOutcome:
    """The case as it now stands, recorded; `before` is the person's standing where the case has changed it."""
    case = (await reinstatements.by_id(transaction, [case_id]))[case_id]
    known = await accounts.latest(context, transaction, case.beneficiary_id)
    standing = (await standings.by_id(transaction, [case.beneficiary_id]))[case.beneficiary_id]
    full = in_full(context, case, known)
    await audit.record(context, transaction, _told(context, full, standing, before))
    await events.roster_changed(context, transaction, standing.unit_id, [standing.id])
    return CaseOutcome(full, standing)


def _told(context: Context, full: CaseInFull, standing: Standing, before: Standing | None) -> Told:
    status = full.case.status
    action = AuditAction[f"REINSTATEMENT_{'REQUESTED' if status is ReinstatementStatus.SUBMITTED else status}"]
    facts: Values = {"case": full.case.id, "months": [str(line.month) for line in full.months]}
    if before is None:
        return Told(action, standing.unit_id, standing.id, facts=facts)
    return act_on(action, before, standing, context.gate.sealer.fingerprint, facts)


def in_full(context: Context, case: Case, known: Known) -> CaseInFull:
    """The case with its months, from what is known of its person."""
    match case.status:
        case ReinstatementStatus.SUBMITTED:
            months = claimable(known.situation(context.month))
        case ReinstatementStatus.APPROVED:
            months = months_of(case.id, known.account)
        case ReinstatementStatus.REJECTED | ReinstatementStatus.WITHDRAWN:
            months = list(case.claimed)
    return CaseInFull(case, tuple(_claimed(known, month) for month in months))


def _claimed(known: Known, month: Month) -> ClaimedMonth:
    """The month as it went out, or as it would at the rate known now."""
    line, rate = known.account.back_pay(month), rate_of(known.account.rates, month)
    if line is not None:
        return ClaimedMonth(month, line.amount, line.payroll)
    return ClaimedMonth(month, rate.amount if rate else ZERO, None)


def _refusing(refusal: Refusal) -> CaseOutcome:
    return CaseOutcome(refusals=(refusal,))
