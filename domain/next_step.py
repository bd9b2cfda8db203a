"""What comes next for somebody who draws a benefit, and by when. Notice 三(一), 三(三), 四(二)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.month import Month
from domain.policy import Policy
from domain.standing import Standing
from domain.vocabulary import PaymentStatus


class Step(StrEnum):
    """What is to be done or awaited. The words stand in the message catalogue under `step.<step>`."""

    CERTIFY = "CERTIFY"
    UNIT_ANSWERS = "UNIT_ANSWERS"
    REQUEST_REINSTATEMENT = "REQUEST_REINSTATEMENT"
    AWAIT_REVIEW = "AWAIT_REVIEW"
    PAYROLL = "PAYROLL"


@dataclass(frozen=True, slots=True)
class NextStep:
    """`by` is the last day for it, or of PAYROLL the day itself; None: as soon as possible, or nobody can say."""

    step: Step
    by: date | None = None


def next_steps(row: Standing, *, case_open: bool, policy: Policy, today: date) -> list[NextStep]:
    """In the order in which somebody would want to hear of them. Whoever's benefit has ended has none."""
    if row.terminated_from is not None:
        return []
    return [*_to_do(row, case_open, Month.of(today)), *_of_the_unit(row), *_of_the_payroll(row, policy, today)]


def _to_do(row: Standing, case_open: bool, month: Month) -> Iterator[NextStep]:
    """After a FAIL a PASS comes first, then the case, then its review. Notice 三(三)."""
    if case_open:
        yield NextStep(Step.AWAIT_REVIEW)
    if row.suspended_from is None:
        running = row.paid_through is not None and row.paid_through >= month
        yield NextStep(Step.CERTIFY, row.paid_through.last_day if running and row.paid_through else None)
    elif row.period_covering(max(month, row.suspended_from)) is None:
        yield NextStep(Step.CERTIFY)  # the FAIL ended the period; only a PASS opens another
    elif not case_open:
        yield NextStep(Step.REQUEST_REINSTATEMENT)


def _of_the_unit(row: Standing) -> Iterator[NextStep]:
    if row.verdict is not None and row.verdict.answer_by is not None:
        yield NextStep(Step.UNIT_ANSWERS, row.verdict.answer_by)


def _of_the_payroll(row: Standing, policy: Policy, today: date) -> Iterator[NextStep]:
    """The next day on which this benefit is paid, as things stand."""
    month = Month.of(today)
    coming = month if today <= month.day(policy.payroll_day) else month + 1
    if row.payment_status(coming) is PaymentStatus.PAYING:
        yield NextStep(Step.PAYROLL, coming.day(policy.payroll_day))
