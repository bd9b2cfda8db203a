"""Reinstatement and back pay (待遇恢复, 补发): a case that one account submits and another reviews. Notice 三(三)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.documents import Document, obstacles_of_documents
from domain.entitlement import Basis, Stage, rule
from domain.history import Life
from domain.month import Month, months
from domain.payroll import Account, Frozen, without_entry
from domain.refusal import ErrorCode, Refusal
from domain.stops import Loss, after_pass, lost
from domain.submission import Handler, obstacles_of_handler
from domain.text import is_blank, problem
from domain.vocabulary import SurvivalStatus


class ReinstatementStatus(StrEnum):
    """SUBMITTED until one of the others, and that for good."""

    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


@dataclass(frozen=True, slots=True)
class Request:
    """What a unit asks for. `beneficiary_id` is None where `reference` leads nowhere."""

    reference: str
    beneficiary_id: int | None
    statement: str
    documents: tuple[Document, ...]
    handler: Handler


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer decides."""

    approve: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    """What a case is judged by: the account, the frozen months, the current month, and the open case."""

    account: Account
    frozen: Frozen
    month: Month
    last_act_passed: bool
    case_open: bool = False


def claimable(at: Situation) -> list[Month]:
    """The months that an approval in the current month would pay back: withheld through it, claimed by no case.

    The life certified last must reach as far; what was lost, time in prison above all, is left out. Rules 5.3 to 5.5.
    """
    proven = _proven_through(at.account.life)
    unpaid = _unpaid(at, at.account.life.losses)
    return [m for m in unpaid if m <= at.month and proven is not None and m <= proven]


def _proven_through(life: Life) -> Month | None:
    """How far the life certified last reaches; whoever ends a benefit states life until the day of the event."""
    standing = life.standing
    if standing.terminated_from is not None:
        return standing.terminated_from - 1
    return standing.period.end if standing.period else None


def recoverable(at: Situation) -> list[Month]:
    """The months that a case could still pay back once the person is passed: all but those served in prison."""
    return _unpaid(at, after_pass(at.account.life.losses, at.month))


def _unpaid(at: Situation, losses: Iterable[Loss]) -> list[Month]:
    """Months withheld, or about to be, that no case has claimed and in which nothing was lost."""
    account, losses = at.account, tuple(losses)
    found = {*account.withheld(), *without_entry(account, at.frozen), *_still_to_be_withheld(at)}
    return sorted(m for m in found if m not in account.life.claims and not lost(losses, m))


def _still_to_be_withheld(at: Situation) -> Iterator[Month]:
    """Months without a payroll that it will withhold: in which a suspension holds, or that lapsed and are over.

    Months before the ledger count only while suspended: nobody else can know that those were withheld.
    """
    life = at.account.life
    ended = life.standing.terminated_from is not None
    if life.suspensions:
        unfrozen = (m for m in months(life.suspensions[0].start, at.month) if not at.frozen.holds(m))
        yield from (m for m in unfrozen if rule(life, m).basis is Basis.SUSPENDED)
    if at.frozen.last is not None:
        over = months(at.frozen.last + 1, at.month if ended else at.month - 1)
        yield from (m for m in over if rule(life, m).basis is Basis.LAPSED)


def stage(at: Situation, month: Month) -> Stage:
    """How far the month has come."""
    standing = at.account.life.standing
    ended = standing.terminated_from is not None
    founded = ended or standing.suspended_from is None or at.last_act_passed
    return Stage(
        at.frozen.last is not None and month <= at.frozen.last,
        at.account.is_paid(month),
        founded and month in claimable(at),
        not ended and month in recoverable(at),
        at.last_act_passed and standing.period is not None and month <= standing.period.end,
        at.case_open,
        ended,
        None if ended else _held_from(at, month),
        _pass_by(at, month),
    )


def _pass_by(at: Situation, month: Month) -> date | None:
    """A PASS ends the time in prison with the month before it: by the end of the month itself, or of this one."""
    open_terms = (n for n in at.account.life.losses if n.status is SurvivalStatus.IMPRISONED and n.end is None)
    return max(month, at.month).last_day if lost(open_terms, month) else None


def _held_from(at: Situation, month: Month) -> Month | None:
    """The first month of the suspension that keeps a claimed month from going out with the next payroll. Rules 5.4."""
    life = at.account.life
    claim, since = life.claims.get(month), life.standing.suspended_from
    served = lost(after_pass(life.losses, at.month), month)
    if claim is None or since is None or served or at.account.is_paid(month):
        return None
    payroll = max(claim.approved_in + 1, at.frozen.last + 1 if at.frozen.last else at.month)
    return since if since <= payroll or lost(life.losses, month) else None


def request_obstacles(request: Request, at: Situation | None) -> list[Refusal]:
    """Everything that stands in the way of a case; `at` is None where the row is not the account's. Rules 4, 5.6."""
    found = [*obstacles_of_handler(request.handler), *_of_the_papers(request)]
    if at is None:
        return [*found, Refusal(ErrorCode.NOT_FOUND, ("input", "beneficiaryId"), request.reference)]
    if at.case_open:
        found.append(Refusal(ErrorCode.REINSTATEMENT_OPEN, ("input", "beneficiaryId"), request.reference))
    else:
        found += _unfounded(at, "beneficiaryId", request.reference)
    return found


def _of_the_papers(request: Request) -> Iterator[Refusal]:
    if is_blank(request.statement):
        yield Refusal(ErrorCode.REASON_REQUIRED, ("input", "statement"), request.reference, about="statement")
    elif problem(request.statement):
        yield Refusal(ErrorCode.INVALID_TEXT, ("input", "statement"), request.reference)
    if not request.documents:
        yield Refusal(ErrorCode.DOCUMENT_REQUIRED, ("input", "documents"), request.reference)
    yield from obstacles_of_documents(request.documents, "documents", request.reference)


def _unfounded(at: Situation, field: str, reference: str | None = None) -> list[Refusal]:
    """Whether there is something to reinstate: a suspension with a PASS given since, or unpaid months to claim.

    Once the benefit has ended only the months are left: the family asks for what was owed. Rules 4, 附11.
    """
    standing, path = at.account.life.standing, ("input", field)
    if standing.suspended_from is not None and standing.terminated_from is None:
        return [] if at.last_act_passed else [Refusal(ErrorCode.PASS_REQUIRED_FIRST, path, reference)]
    if claimable(at):
        return []
    if standing.terminated_from is not None:
        return [Refusal(ErrorCode.ALREADY_TERMINATED, path, reference, about="case")]
    code = ErrorCode.PASS_REQUIRED_FIRST if recoverable(at) else ErrorCode.NOTHING_TO_REINSTATE
    return [Refusal(code, path, reference)]


def closing_obstacles(status: ReinstatementStatus, submitted_on: date, today: date) -> list[Refusal]:
    """A case is closed once, and not before the day of its submission, whatever a machine's clock says. Rules 5.6."""
    if status is not ReinstatementStatus.SUBMITTED:
        return [Refusal(ErrorCode.ALREADY_REVIEWED, ("input", "reinstatementId"))]
    return [Refusal(ErrorCode.CLOCK_BEHIND, ("input", "reinstatementId"))] if today < submitted_on else []


def review_obstacles(review: Review, *, own: bool, about_reviewer: bool = False, at: Situation) -> list[Refusal]:
    """What stands in the way of a review. Rules 5.6.

    `own` is whether the reviewer had submitted the case, `about_reviewer` whether it is theirs to be paid.
    """
    if about_reviewer:
        return [Refusal(ErrorCode.OWN_CASE, ("input", "reinstatementId"))]
    if own:
        return [Refusal(ErrorCode.REVIEWER_IS_SUBMITTER, ("input", "reinstatementId"))]
    if not review.approve and is_blank(review.reason):
        return [Refusal(ErrorCode.REASON_REQUIRED, ("input", "reason"), about="rejection")]
    if review.reason is not None and problem(review.reason):
        return [Refusal(ErrorCode.INVALID_TEXT, ("input", "reason"))]
    return _unfounded(at, "reinstatementId") if review.approve else []


def lifted_from(at: Situation) -> Month | None:
    """The first month in which an approval now holds nothing any more; None where nothing is held. Notice 三(三)."""
    standing = at.account.life.standing
    return at.month + 1 if standing.reinstated(at.month) is not standing else None


def resumes_from(at: Situation) -> Month | None:
    """The first month paid again after an approval now; None where nothing was held or no period reaches it."""
    lifted, period = lifted_from(at), at.account.life.standing.period
    return lifted if lifted is not None and period is not None and period.end >= lifted else None


def months_of(case_id: int, account: Account) -> list[Month]:
    """The months that an approved case claimed, in order."""
    return sorted(m for m, claim in account.life.claims.items() if claim.case_id == case_id)
