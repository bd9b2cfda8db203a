"""Random lives of two years with their payrolls: what may happen, and how the rules of the domain write it down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum, auto

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from domain.history import Reinstated
from domain.money import rate_of
from domain.month import Month
from domain.payroll import Entry, Line
from domain.reinstatement import claimable, request_obstacles, review_obstacles
from domain.verdict import Fact as Evidence
from domain.verdict import Finding, Rule, Verdict
from domain.vocabulary import Category, SurvivalStatus
from tests.domain.story import APPROVE, REQUEST, Story
from tests.lives import ASSESSED, CATEGORIES, LOST, months

ENROLLED = date(2019, 1, 5)
PAYROLLS = months("2019-01..2021-02")
FIRST_PERIOD = {Category.RETIREE: "2019-01..2020-01", Category.SURVIVOR: "2019-01..2019-07"}


class Kind(Enum):
    PASS = auto()
    FAIL = auto()
    TERMINATE = auto()
    WITHDRAW = auto()
    """Of a termination that a ruling may take back."""
    VERDICT = auto()
    RAISE = auto()
    CASE = auto()
    """Requested where none is open, else reviewed: approved where the rules allow it, and rejected where not."""
    PAYROLL = auto()


@dataclass(frozen=True)
class Step:
    """What happens next, so many days after the step before."""

    days: int
    kind: Kind
    status: SurvivalStatus = SurvivalStatus.DECEASED
    back: int = 0
    """How many months back the event, the raise or the sign of life lies."""
    amount: int = 1
    """By how many times 50 yuan a raise raises."""


@dataclass(frozen=True)
class Plan:
    category: Category
    enrolled_after: int
    """How many days after the first payday of the benefit the person came to be known."""
    steps: list[Step]
    late: list[int]
    """How many days late each payroll is run, one after another and again from the start."""


@dataclass(frozen=True)
class Moment:
    """Something that happened, with what the domain made of it."""

    on: date
    kind: Kind
    month: Month
    """Of the event, of the raise's beginning, of the sign of life or of the payroll; of the day where it has none."""
    status: SurvivalStatus = SurvivalStatus.NORMAL
    amount: Decimal = Decimal("0.00")
    requested: bool | None = None
    """Whether a request was let through."""
    approved: bool | None = None
    """Whether a case was approved."""
    claimed: tuple[Month, ...] = ()
    entries: tuple[Entry, ...] = ()
    lines: tuple[Line, ...] = ()


_GAPS = st.sampled_from([0, 1, 3, 7, 14, 25, 31, 45, 70, 130, 230])


def _arc(*kinds: Kind, status: SearchStrategy[SurvivalStatus] = LOST) -> SearchStrategy[list[Step]]:
    """Steps that make sense together, at some distance."""
    parts = [st.builds(Step, _GAPS, st.just(kind), status, st.integers(0, 6), st.integers(1, 9)) for kind in kinds]
    return st.tuples(*parts).map(list)


_NEITHER = st.sampled_from([SurvivalStatus.DECEASED, SurvivalStatus.MISSING])
_PARTS = st.one_of(
    _arc(Kind.PASS),
    _arc(Kind.FAIL),
    _arc(Kind.RAISE),
    _arc(Kind.VERDICT),
    _arc(Kind.CASE),
    _arc(Kind.FAIL, Kind.PASS, Kind.CASE, Kind.CASE),
    _arc(Kind.FAIL, Kind.RAISE, Kind.PASS, Kind.CASE, Kind.CASE, Kind.RAISE),
    _arc(Kind.PASS, Kind.CASE, Kind.CASE),
    _arc(Kind.TERMINATE, Kind.WITHDRAW, Kind.PASS, Kind.CASE, Kind.CASE, status=_NEITHER),
    _arc(Kind.FAIL, Kind.TERMINATE, Kind.CASE, Kind.RAISE, Kind.WITHDRAW, Kind.PASS, Kind.CASE, status=_NEITHER),
)
_NOTHING: SearchStrategy[list[Step]] = st.just([])
_ENDS = st.one_of(_NOTHING, _NOTHING, _arc(Kind.TERMINATE), _arc(Kind.TERMINATE, Kind.RAISE, Kind.CASE))
_STEPS = st.tuples(st.lists(_PARTS, min_size=2, max_size=5), _ENDS).map(
    lambda parts: [step for part in (*parts[0], parts[1]) for step in part]
)
PLANS = st.builds(
    Plan,
    CATEGORIES,
    st.sampled_from([0, 0, 2, 10, 40, 100]),
    _STEPS,
    st.lists(st.sampled_from([0, 0, 0, 5, 20, 60]), min_size=1, max_size=5),
)


def lived(plan: Plan) -> list[Moment]:
    return list(_Life(plan).told())


class _Life:
    """Drives the domain: every fact is one that the domain lets through."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.story = Story(FIRST_PERIOD[plan.category], category=plan.category)
        self.enrolled_on = ENROLLED + timedelta(days=plan.enrolled_after)
        self.cases = 0
        self.case_open = False

    def told(self) -> Iterator[Moment]:
        """Payrolls in their order, each when it is due or late; between them what happens to the person."""
        due = list(self._runs())
        today = self.enrolled_on
        for step in self.plan.steps:
            today += timedelta(days=step.days)
            while due and due[0][0] <= today:
                yield self._payroll(*due.pop(0))
            moment = self._happens(step, today) if due else None
            if moment is not None:
                yield moment
        for on, month in due:
            yield self._payroll(on, month)

    def _runs(self) -> Iterator[tuple[date, Month]]:
        last = date.min
        for place, month in enumerate(PAYROLLS):
            last = max(last, month.day(8) + timedelta(days=self.plan.late[place % len(self.plan.late)]))
            yield last, month

    def _payroll(self, on: date, month: Month) -> Moment:
        if on < self.enrolled_on:
            self.story.frozen.append(month)
            return Moment(on, Kind.PAYROLL, month)
        written, paid = self.story.payroll(month)
        return Moment(on, Kind.PAYROLL, month, entries=tuple(written), lines=tuple(paid))

    def _happens(self, step: Step, today: date) -> Moment | None:
        ended = self.story.life.ended
        if ended and step.kind in (Kind.PASS, Kind.FAIL, Kind.TERMINATE):
            return None  # ALREADY_TERMINATED
        if step.kind is Kind.WITHDRAW and not (ended and ended.by.declares_dead):
            return None
        event = max(today - timedelta(days=30 * step.back), PAYROLLS[0].first_day)
        match step.kind:
            case Kind.PASS:
                self.story.passed(str(today))
                return Moment(today, step.kind, Month.of(today))
            case Kind.FAIL:
                self.story.failed(str(today), since=str(event), status=step.status)
                return Moment(today, step.kind, Month.of(event), step.status)
            case Kind.TERMINATE:
                self.story.terminated(str(today), since=str(event), cause=step.status)
                return Moment(today, step.kind, Month.of(event), step.status)
            case Kind.WITHDRAW:
                self.story.withdrawn(str(today))
                return Moment(today, step.kind, Month.of(today))
            case Kind.VERDICT:
                return self._informed(step, today)
            case Kind.RAISE:
                return self._raised(step, today, Month.of(event))
            case _:
                return self._case(today)

    def _informed(self, step: Step, today: date) -> Moment:
        month = Month.of(today) - 1
        seen = Evidence("rail_travel", (month - step.back).day(20))
        self.story.informed(Verdict(month, Finding(Rule.LIFE, None, seen), today, ASSESSED))
        return Moment(today, Kind.VERDICT, month - step.back)

    def _raised(self, step: Step, today: date, since: Month) -> Moment:
        before = rate_of(self.story.rates.values(), since)
        assert before is not None
        amount = before.amount + 50 * step.amount
        self.story.raised(str(today), since=str(since), amount=str(amount))
        return Moment(today, Kind.RAISE, since, amount=amount)

    def _case(self, today: date) -> Moment:
        month = Month.of(today)
        at = self.story.at(str(month))
        if not self.case_open:
            self.case_open = not request_obstacles(REQUEST, at)
            return Moment(today, Kind.CASE, month, requested=self.case_open)
        self.case_open = False
        if review_obstacles(APPROVE, own=False, at=at):
            return Moment(today, Kind.CASE, month, approved=False)
        self.cases += 1
        claimed = tuple(claimable(at))
        self.story.told(Reinstated(self.cases, claimed), today)
        return Moment(today, Kind.CASE, month, approved=True, claimed=claimed)
