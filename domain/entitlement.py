"""Whether a month is payable, by which rule, and what would change that. Notice 三; rules 5."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from domain.history import Life
from domain.month import Month
from domain.period import Period
from domain.policy import Policy
from domain.stops import Suspension, lost


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
    return Ruling(Basis.LAPSED, standing.benefit_from if ended is None else ended + 1)


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
    """A run of months that are not paid by one rule; `last` is None while it lasts."""

    basis: Basis
    first: Month
    last: Month | None = None


def stops(life: Life, month: Month) -> list[Stop]:
    """Every stop since the first period, up to the month or to one that is known to begin later, oldest first."""
    known = (month, life.standing.suspended_from, life.standing.terminated_from)
    until = max(m for m in known if m is not None)
    found: list[Stop] = []
    month = life.granted[0].start
    before = Basis.COVERED
    while month <= until:
        basis = rule(life, month).basis
        if basis is not before and found and found[-1].last is None:
            found[-1] = replace(found[-1], last=month - 1)
        if basis is not before and not basis.payable:
            found.append(Stop(basis, month))
        before, month = basis, month + 1
    return found


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
    """What would change the answer; until the day `by` for the month's own payroll, None where any day does."""

    lever: Lever
    by: date | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a month has come: frozen by a payroll or not, paid or not, and whether a case is open."""

    frozen: bool
    paid: bool
    passed_since: bool
    """The last act of a suspended person is a PASS."""
    case_open: bool


def changes(ruling: Ruling, month: Month, at: Progress, policy: Policy, today: date) -> list[Change]:
    """What would still change whether that month is paid, and by when. Notice 三(一) to 三(三)."""
    ahead = _eve(month, today)
    match ruling.basis:
        case Basis.COVERED | Basis.REINSTATED if at.paid:
            return [Change(Lever.OVERPAYMENT)]
        case Basis.COVERED if not at.frozen:
            fails = [Change(Lever.FAIL, ahead)] if ahead else []
            return [*fails, Change(Lever.TERMINATION)]
        case Basis.REINSTATED:
            return [Change(Lever.NEXT_PAYROLL)]
        case Basis.LAPSED if not at.frozen:
            before_payroll = month.day(policy.payroll_day) - timedelta(days=1)
            return [Change(Lever.PASS, before_payroll if before_payroll >= today else None)]
        case Basis.SUSPENDED if ruling.since is not None and ruling.since > Month.of(today):
            return [Change(Lever.PASS, _eve(ruling.since, today))]
        case Basis.COVERED | Basis.LAPSED | Basis.LATE_ENROLMENT | Basis.SUSPENDED if at.case_open:
            return [Change(Lever.REVIEW, ahead)]
        case Basis.COVERED:
            return [Change(Lever.CASE)]
        case Basis.LAPSED | Basis.LATE_ENROLMENT:
            return [Change(Lever.PASS_AND_CASE)]
        case Basis.SUSPENDED:
            return [Change(Lever.CASE if at.passed_since else Lever.PASS_AND_CASE, ahead)]
        case Basis.TERMINATED | Basis.NOT_BEGUN | Basis.UNKNOWN:
            return []


def _eve(month: Month, today: date) -> date | None:
    """The day before the month, unless it has passed."""
    first = month.first_day
    return first - timedelta(days=1) if first > today else None
