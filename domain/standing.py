"""How a person stands, as facts say it; what also depends on today is asked of it with a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from domain import period as periods
from domain.contact import Contact
from domain.month import Month
from domain.period import Period
from domain.policy import Policy
from domain.record import record
from domain.verdict import Verdict
from domain.vocabulary import Category, Conclusion, Method, PaymentStatus, VerdictRenews

# Python 3.11 looks a member of an enum up by a function each time, and a page asks this of everybody on it.
_PAYING, _LAPSED = PaymentStatus.PAYING, PaymentStatus.LAPSED
_SUSPENDED, _TERMINATED = PaymentStatus.SUSPENDED, PaymentStatus.TERMINATED


@record
class Standing:
    """One person drawing one benefit through one unit (参保单位).

    `period` is the last one in force, `paid_through` the last month payable as the facts stand, `suspended_from` and
    `terminated_from` the first months of a stop, `held_through` the last month that a reinstatement left unpaid,
    `confirmed_in` the month of the unit's last confirmation.
    """

    id: int
    unit_id: int
    category: Category
    name: str
    id_number_masked: str
    contact: Contact
    version: int
    benefit_from: Month
    confirmed_in: Month
    verdict: Verdict | None = None
    period: Period | None = None
    paid_through: Month | None = None
    suspended_from: Month | None = None
    held_through: Month | None = None
    terminated_from: Month | None = None

    # What also depends on the month in which it is asked.

    def payment_status(self, month: Month) -> PaymentStatus:
        """LAPSED, SUSPENDED and TERMINATED are three stops, undone in three ways. Notice 三(一), 三(二), 附11."""
        if self.terminated_from is not None and self.terminated_from <= month:
            return _TERMINATED
        if self.held(month):
            return _SUSPENDED
        if self.paid_through is not None and month <= self.paid_through:
            return _PAYING
        return _LAPSED

    def held(self, month: Month) -> bool:
        """Whether a suspension holds in the month, as of now and later; what was, its history says. Notice 三(三)."""
        suspended = self.suspended_from is not None and self.suspended_from <= month
        return suspended or (self.held_through is not None and month <= self.held_through)

    def period_covering(self, month: Month) -> Period | None:
        return self.period if self.period is not None and self.period.covers(month) else None

    def lapses_soon(self, month: Month, policy: Policy) -> bool:
        """Whether the month lies in the warning window, the last months before a period ends. Notice 三(一)."""
        running = self.suspended_from is None and self.terminated_from is None and not self.held(month)
        end = self.paid_through
        return running and end is not None and month <= end < month + policy.warning_months

    def confirm_by(self, policy: Policy) -> date:
        """The last day of the unit's yearly duty to confirm. Missing it stops nobody's payment. Notice 四(一)."""
        return _last_day_after(self.confirmed_in, policy.confirm_every_months)

    # What a fact changes. Each returns the standing after it.

    def passed(self, method: Method, month: Month, policy: Policy) -> tuple[Standing, Period | None]:
        """A PASS in that month, with the period it opened (None where the running one reaches as far).

        A FAIL of the same month is corrected by it. After an older one payment waits for the reinstatement.
        Notice 三(二), 三(三), 四(一).
        """
        after = self
        if self.suspended_from is not None and self.suspended_from > month:
            after = replace(self, suspended_from=None)
        return after._renewed(periods.opened(self.category, month, method, policy))

    def failed(self, month: Month) -> Standing:
        """A FAIL in that month: the period ends with it, payment stops from the next. Notice 三(二)."""
        stop = month + 1
        ended = periods.in_force_after([self.period] if self.period else [], month)
        return replace(
            self,
            period=ended[-1] if ended else None,
            paid_through=min(self.paid_through, month) if self.paid_through else None,
            suspended_from=min(self.suspended_from, stop) if self.suspended_from else stop,
        )

    def terminated(self, event: Month, in_force: Sequence[Period]) -> Standing:
        """The benefit ends after the month of the event; what was in force later than that is not. Notice 附11."""
        left = sorted(periods.in_force_after(in_force, event), key=lambda p: p.start)
        paid = [p for p in left if self.suspended_from is None or p.start < self.suspended_from]
        through = paid[-1].end if paid else None
        return replace(self, period=left[-1] if left else None, paid_through=through, terminated_from=event + 1)

    def reinstated(self, month: Month) -> Standing:
        """A reinstatement was approved in that month: paid again from the next, as far as a period runs. Notice 三(三).

        Of somebody who is not suspended, or whose benefit has ended, it pays back what was withheld, and no more.
        """
        if self.suspended_from is None or self.terminated_from is not None:
            return self
        through = self.period.end if self.period else self.paid_through
        return replace(self, suspended_from=None, held_through=month, paid_through=through)

    def informed(self, verdict: Verdict, policy: Policy) -> tuple[Standing, Period | None]:
        """A verdict is published, with the period it opened. A machine never undoes a human's FAIL. Notice 一(三)."""
        latest = self.verdict is None or verdict.month > self.verdict.month
        after = replace(self, verdict=verdict) if latest else self
        activity = verdict.finding.activity
        renews = (
            verdict.conclusion is Conclusion.QUALIFIED
            and policy.verdict_renews is VerdictRenews.ON_PUBLICATION
            and self.suspended_from is None
            and self.terminated_from is None
        )
        if not renews or activity is None:
            return after, None
        start = Month.of(activity.occurred_on)
        return after._renewed(periods.opened(self.category, start, Method.VERDICT, policy))

    def answered(self) -> Standing:
        """The unit has acted on the latest verdict."""
        return replace(self, verdict=replace(self.verdict, answered=True)) if self.verdict else self

    def _renewed(self, new: Period) -> tuple[Standing, Period | None]:
        opened = periods.renewal(self.period, new)
        if opened is None:
            return self, None
        paid_through = opened.end if self.suspended_from is None else self.paid_through
        return replace(self, period=opened, paid_through=paid_through), opened


@lru_cache(maxsize=4096)  # a page asks for the same few of them
def _last_day_after(month: Month, months: int) -> date:
    return (month + months).last_day


def enrolled(standing: Standing, first: Period) -> Standing:
    """A new beneficiary with the first period. Notice 三(一)."""
    return replace(standing, period=first, paid_through=first.end)
