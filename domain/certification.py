"""What a unit may do with its rows, and what follows. Notice 一(五), 三(二), 四(一) to 四(三), 附7 to 附11."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.contact import Contact
from domain.month import Month
from domain.obstacles import obstacles
from domain.period import Period
from domain.policy import Policy
from domain.refusal import Refusal
from domain.standing import Standing
from domain.submission import Act, Entry, Submission
from domain.text import is_blank
from domain.vocabulary import CertificationResult, Conclusion, Method, SurvivalStatus


@dataclass(frozen=True, slots=True)
class Certification:
    """One recorded act: how, on which verdict, with what result. Who and when is the submission's."""

    method: Method
    result: CertificationResult
    survival_status: SurvivalStatus
    occurred_on: date | None = None
    reason: str | None = None
    verdict_month: Month | None = None
    answers_losses_through: datetime | None = None
    """A PASS on a verdict that rests on loss records answers those received up to here."""
    opens_review: bool = False
    """A PASS against DISQUALIFIED is looked at by the agency. Notice 三(二), 四(四)."""


@dataclass(frozen=True, slots=True)
class Termination:
    cause: SurvivalStatus
    occurred_on: date

    @property
    def declares_dead(self) -> bool:
        """Whether it is refuted by the person being seen: the dead and missing were neither, prison was real."""
        return self.cause is not SurvivalStatus.IMPRISONED

    def as_fail(self) -> Certification:
        """What a withdrawn one counts as, on its own day: the benefit is held, and has not ended."""
        return Certification(Method.OVERRIDE, CertificationResult.FAIL, self.cause, self.occurred_on)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A ruling took a termination back; `terminated_version` is that of the termination. Notice 三(四)."""

    terminated_version: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What one row of a submission comes to: the standing after it, and the facts to record."""

    standing: Standing
    certification: Certification | None = None
    opened: Period | None = None
    """The period that the act opened."""
    ended_after: Month | None = None
    """Nothing stays in force after this month."""
    termination: Termination | None = None
    suspends_from: Month | None = None
    """A suspension begins with this month."""
    withdraws: bool = False
    """A suspension that had not begun yet is withdrawn."""

    @property
    def passes(self) -> bool:
        return self.certification is not None and self.certification.result is CertificationResult.PASS


def result_of(status: SurvivalStatus) -> CertificationResult:
    """生存状态 decides 认定结果; nobody sends the result. Notice 附7."""
    return CertificationResult.PASS if status is SurvivalStatus.NORMAL else CertificationResult.FAIL


def decide(
    submission: Submission,
    standings: Mapping[int, Standing],
    in_force: Mapping[int, Sequence[Period]],
    *,
    policy: Policy,
    today: date,
) -> list[Decision] | list[Refusal]:
    """Every row decided, or every obstacle of every row: all or nothing. Notice 附8, 附9.

    `standings` holds the rows that the account may act on, `in_force` their periods in force.
    """
    refusals = obstacles(submission, standings, policy=policy, today=today)
    if refusals:
        return refusals
    rows = ((entry, standings[entry.id]) for entry in submission.entries if entry.id is not None)
    return [
        _decision(submission, entry, standing, in_force.get(standing.id, ()), policy, Month.of(today))
        for entry, standing in rows
    ]


def _decision(
    submission: Submission,
    entry: Entry,
    before: Standing,
    in_force: Sequence[Period],
    policy: Policy,
    month: Month,
) -> Decision:
    row = replace(before, contact=before.contact.edited(entry.contact.trimmed()), version=before.version + 1)
    match submission.act:
        case Act.TERMINATE:
            return _terminate(entry, row, in_force)
        case Act.UPDATE_CONTACT if not _counts_as_confirmation(entry, row):
            return Decision(row)
        case _:
            return certify(_certification(submission, entry, row), row, policy, month)


def _counts_as_confirmation(entry: Entry, row: Standing) -> bool:
    """Keeping the contact data of a qualified person is a confirmation too. Notice 四(三).

    A FAIL is never undone by the way: whoever means that says so with an act that states the survival status.
    """
    maintained = entry.contact != Contact()
    qualified = _conclusion(row) is Conclusion.QUALIFIED and row.suspended_from is None
    return maintained and qualified and row.contact.complete


def _terminate(entry: Entry, row: Standing, in_force: Sequence[Period]) -> Decision:
    assert entry.occurred_on is not None  # the schema demands it
    event = Month.of(entry.occurred_on)
    return Decision(
        row.terminated(event, in_force).answered(),
        ended_after=event,
        termination=Termination(entry.survival_status, entry.occurred_on),
    )


def certify(certification: Certification, row: Standing, policy: Policy, month: Month) -> Decision:
    """Record the act and let its result work on the period. Notice 三(二), 四(一)."""
    if certification.result is CertificationResult.FAIL:
        after = row.failed(month).answered()
        begins = after.suspended_from if row.suspended_from is None else None
        return Decision(after, certification, ended_after=month, suspends_from=begins)
    after, opened = row.passed(certification.method, month, policy)
    by_unit = certification.method not in (Method.SELF, Method.SERVICE_WINDOW)
    confirmed_in = month if by_unit else row.confirmed_in
    return Decision(
        replace(after.answered(), confirmed_in=confirmed_in),
        certification,
        opened,
        withdraws=row.suspended_from is not None and after.suspended_from is None,
    )


def _certification(submission: Submission, entry: Entry, row: Standing) -> Certification:
    disqualified = _conclusion(row) is Conclusion.DISQUALIFIED
    reason = entry.reason or (submission.reason if disqualified else None)
    method = _method(submission.act, entry, row)
    return stated(method, entry.survival_status, row, occurred_on=entry.occurred_on, reason=reason)


def stated(
    method: Method,
    status: SurvivalStatus,
    row: Standing,
    *,
    occurred_on: date | None = None,
    reason: str | None = None,
) -> Certification:
    """What was stated of a person, on the latest verdict: a PASS answers the losses that it knew. Notice 三(二)."""
    result = result_of(status)
    passes = result is CertificationResult.PASS
    verdict = row.verdict
    answers_loss = passes and verdict is not None and verdict.finding.rule.rests_on_loss
    return Certification(
        method,
        result,
        status,
        None if passes else occurred_on,
        None if is_blank(reason) else reason,
        verdict.month if verdict else None,
        answers_losses_through=verdict.assessed_at if verdict and answers_loss else None,
        opens_review=passes and _conclusion(row) is Conclusion.DISQUALIFIED,
    )


def _method(act: Act, entry: Entry, row: Standing) -> Method:
    match act:
        case Act.CONFIRM:
            return Method.CONFIRM
        case Act.BATCH_PASS:
            return Method.BATCH_PASS
        case Act.UPDATE_CONTACT:
            return Method.CONTACT_UPDATE
        case _:
            agrees = (
                act is Act.SUBMIT
                and entry.survival_status is SurvivalStatus.NORMAL
                and _conclusion(row) is Conclusion.QUALIFIED
            )
            return Method.CONFIRM if agrees else Method.OVERRIDE


def _conclusion(row: Standing) -> Conclusion | None:
    return row.verdict.conclusion if row.verdict else None
