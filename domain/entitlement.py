"""Whether a month is payable, by which rule, and what would change that. Notice 三; rules 5."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from domain.history import Life
from domain.month import Month, months
from domain.period import Period
from domain.policy import Policy
from domain.stops import Suspension, lost
from domain.vocabulary import Category


class Basis(StrEnum):
    """The rule by which a month is paid or not. Its words stand in the message catalogue under `basis.<basis>`."""

    COVERED = "COVERED"
    LAPSED = "LAPSED"
    SUSPENDED = "SUSPENDED"
    TERMINATED = "TERMINATED"
    REINSTATED = "REINSTATED"
    LATE_ENROLMENT = "LATE_ENROLMENT"
    NOT_BEGUN = "NOT_BEGUN"
    UNKNOWN = "UNKNOWN"

    @property
    def payable(self) -> bool:
        return self in (Basis.COVERED, Basis.REINSTATED)

    @property
    def clause(self) -> str:
        """Where the notice says so."""
        return _CLAUSES[self]


_CLAUSES = {
    Basis.COVERED: "三(一)",
    Basis.LAPSED: "三(一)",
    Basis.SUSPENDED: "三(二)",
    Basis.TERMINATED: "附11",
    Basis.REINSTATED: "三(三)",
    Basis.LATE_ENROLMENT: "三(二)",
    Basis.NOT_BEGUN: "三(一)",
    Basis.UNKNOWN: "二",
}


@dataclass(frozen=True, slots=True)
class Ruling:
    """The rule for one month: of a period its first and last month, of a stop the first."""

    basis: Basis
    since: Month | None = None
    through: Month | None = None


def rule(life: Life, month: Month) -> Ruling:
    """Payable in M: a period covers M, no suspension holds in M, not terminated before M. Rules 5.2.

    `storage/payroll.py` says the same over whole populations; a property test holds the two together.
    """
    standing = life.standing
    if month < standing.benefit_from:
        return Ruling(Basis.NOT_BEGUN, standing.benefit_from)
    if standing.terminated_from is not None and month >= standing.terminated_from:
        return Ruling(Basis.TERMINATED, standing.terminated_from)
    if (suspension := suspension_in(life, month)) is not None:
        return Ruling(Basis.SUSPENDED, suspension.start)
    if (period := period_in(life, month)) is not None:
        return Ruling(Basis.COVERED, period.start, period.end)
    ended = max((p.end for p in life.in_force if p.end < month), default=None)
    return Ruling(Basis.LAPSED, None if ended is None else ended + 1)


def suspension_in(life: Life, month: Month) -> Suspension | None:
    return next((s for s in life.suspensions if s.holds(month)), None)


def period_in(life: Life, month: Month) -> Period | None:
    return next((p for p in life.in_force if p.covers(month)), None)


def rule_with_claims(life: Life, month: Month) -> Ruling:
    """As `rule`, but a month that an approved case pays back is payable. Notice 三(三)."""
    claim = life.claims.get(month)
    if claim is not None and not lost(life.losses, month):
        return Ruling(Basis.REINSTATED, claim.approved_in)
    return rule(life, month)


@dataclass(frozen=True, slots=True)
class Stop:
    """A run of months that are not paid by one rule; `last` is None while it lasts.

    `version` is that of the FAIL behind a suspension: two that follow each other are two stops.
    """

    basis: Basis
    first: Month
    last: Month | None = None
    version: int | None = field(default=None, compare=False)


def stops(life: Life, month: Month) -> list[Stop]:
    """Every stop since the first period, oldest first; up to the month, or where one is known to begin or end later."""
    standing = life.standing
    released = standing.held_through + 1 if standing.held_through else None
    known = (month, standing.suspended_from, released, standing.terminated_from)
    until = max(m for m in known if m is not None)
    found: list[Stop] = []
    for one in months(life.granted[0].start, until):
        stop = _stop(life, one)
        if found and found[-1].last is None:
            if stop is not None and (stop.basis, stop.version) == (found[-1].basis, found[-1].version):
                continue
            found[-1] = replace(found[-1], last=one - 1)
        if stop is not None:
            found.append(stop)
    return found


def _stop(life: Life, month: Month) -> Stop | None:
    basis = rule(life, month).basis
    if basis.payable:
        return None
    suspension = suspension_in(life, month) if basis is Basis.SUSPENDED else None
    return Stop(basis, month, version=suspension.version if suspension else None)


class Lever(StrEnum):
    """What would change the answer. Its words stand in the message catalogue under `lever.<lever>`."""

    PASS = "PASS"
    PASS_AND_CASE = "PASS_AND_CASE"
    CASE = "CASE"
    REVIEW = "REVIEW"
    NEXT_PAYROLL = "NEXT_PAYROLL"
    FAIL = "FAIL"
    TERMINATION = "TERMINATION"
    OVERPAYMENT = "OVERPAYMENT"


@dataclass(frozen=True, slots=True)
class Change:
    """What would change the answer; `by` is the last day on which it does, None where any day does."""

    lever: Lever
    by: date | None = None
    not_before: date | None = None
    """The first day on which it does, where that lies ahead."""


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a month has come."""

    frozen: bool
    """No payroll will write it down any more."""
    paid: bool
    claimable: bool
    """A case approved now would pay it back."""
    recoverable: bool
    """A case could, after a PASS."""
    passed_since: bool
    """The last act on the person is a PASS, whose period reaches the month."""
    case_open: bool
    ended: bool = False
    """The benefit was terminated: nobody passes or fails the person any more, but what was owed is still claimed."""
    held_from: Month | None = None
    """The first month of the suspension that keeps the back pay of the month from going out, once it was approved."""
    pass_by: date | None = None
    """The last day of a PASS that leaves the month out of the time in prison; None where that is not at stake."""


def changes(ruling: Ruling, month: Month, at: Stage, policy: Policy, category: Category, today: date) -> list[Change]:
    """What would still change whether that month is paid, and by when. Notice 三(一) to 三(三)."""
    if ruling.basis.payable and at.paid:
        return [Change(Lever.OVERPAYMENT)]
    if at.held_from is not None:
        return [_release(at.held_from, at, today)]
    if ruling.basis is Basis.REINSTATED:
        return [Change(Lever.NEXT_PAYROLL)]
    if at.ended:
        return [Change(_case(at))] if at.claimable else []
    match ruling.basis:
        case Basis.COVERED if not at.frozen:
            eve = _eve(month, today)
            return [*([Change(Lever.FAIL, eve)] if eve else []), Change(Lever.TERMINATION)]
        case Basis.LAPSED if not at.frozen and month >= Month.of(today):
            return [_pass_in_time(month, policy, category, today)]
        case Basis.SUSPENDED if ruling.since is not None and month > Month.of(today):
            return [_ahead(ruling.since, month, at, policy.cycle_months[category], today)]
        case Basis.COVERED | Basis.LAPSED | Basis.LATE_ENROLMENT | Basis.SUSPENDED if at.claimable:
            return [Change(_case(at))]
        case Basis.COVERED | Basis.LAPSED | Basis.LATE_ENROLMENT | Basis.SUSPENDED if at.recoverable:
            return [Change(Lever.PASS_AND_CASE, at.pass_by)]
        case _:
            return []


def _case(at: Stage) -> Lever:
    return Lever.REVIEW if at.case_open else Lever.CASE


def _pass_in_time(month: Month, policy: Policy, category: Category, today: date) -> Change:
    """A PASS counts for a payroll as long as that is not frozen."""
    before_payroll = month.day(policy.payroll_day) - timedelta(days=1)
    by = before_payroll if before_payroll >= today else None
    return Change(Lever.PASS, by, _reached_from(month, policy.cycle_months[category], today))


def _reached_from(month: Month, cycle: int, today: date) -> date | None:
    """The first day on which a PASS reaches the month, where that lies ahead: it reaches no further than its cycle."""
    first = (month - cycle).first_day
    return first if first > today else None


def _ahead(since: Month, month: Month, at: Stage, cycle: int, today: date) -> Change:
    """A FAIL of this month is corrected by a PASS alone; later a case ends the suspension before the month. Rules 4."""
    not_before = _reached_from(month, cycle, today)
    if since > Month.of(today) and not_before is None:
        return Change(Lever.PASS, _eve(since, today))
    if at.passed_since:
        return Change(_case(at), _eve(month, today))
    return Change(Lever.PASS_AND_CASE, _eve(month, today), not_before)


def _release(held_from: Month, at: Stage, today: date) -> Change:
    """What was approved goes out once the FAIL that came since is corrected, or its suspension ended. Rules 4, 5.4."""
    if held_from > Month.of(today):
        return Change(Lever.PASS, _eve(held_from, today))
    return Change(_case(at)) if at.passed_since else Change(Lever.PASS_AND_CASE, at.pass_by)


def _eve(month: Month, today: date) -> date | None:
    """The day before the month, unless it has passed."""
    first = month.first_day
    return first - timedelta(days=1) if first > today else None
