"""Whatever happens to a person, in whatever order: what always holds, against a second, simpler telling."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import period as periods
from domain.certification import Decision, decide
from domain.contact import Contact
from domain.history import Fact, replay
from domain.month import Month
from domain.period import Period
from domain.policy import FILE, PolicyBook
from domain.refusal import ErrorCode, Refusal
from domain.standing import Standing, enrolled
from domain.submission import Act, Submission
from domain.verdict import Fact as Evidence
from domain.verdict import Finding, Rule, Verdict
from domain.vocabulary import Category, Conclusion, Method, SurvivalStatus
from tests.lives import ASSESSED, BOOK, CATEGORIES, COMPLETE, LOST, entry, period, standing, submission

FIRST_DAY = date(2019, 1, 15)
CYCLE = {Category.RETIREE: 12, Category.SURVIVOR: 6}
FIRST_PERIOD = {
    Category.RETIREE: period("2019-01..2020-01"),
    Category.SURVIVOR: period("2019-01..2019-07"),
}
INCOMPLETE = replace(COMPLETE, residence_address=None)


def renewing_on_confirmation() -> PolicyBook:
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))
    entries["verdict_renews"][0]["value"] = "on_confirmation"
    return PolicyBook(entries)


BOOKS = [BOOK, renewing_on_confirmation()]


# What may happen.


@dataclass(frozen=True)
class Step:
    """An act of the unit or, without one, the publication of a verdict."""

    days: int
    """Since the step before."""
    act: Act | None
    status: SurvivalStatus
    rule: Rule
    late: int
    """How many months late the verdict is published."""
    back: int
    """How many months back the last sign of life, or the loss, lies."""
    completes: bool
    """Whether the act brings the contact data that may be missing."""

    def since(self, today: date) -> date:
        return today - timedelta(days=30 * self.back)

    def submission(self, today: date) -> Submission:
        assert self.act is not None
        stated = self.act in (Act.OVERRIDE, Act.SUBMIT, Act.TERMINATE)
        row = entry(
            1,
            self.status if stated else SurvivalStatus.NORMAL,
            since=self.since(today) if stated else None,
            reason="上门核实",
            contact=Contact(residence_address="青岛市崂山区海尔路60号") if self.completes else None,
        )
        return submission(self.act, row, reason="上门核实", acknowledged=["row-1"])

    def verdict(self, today: date) -> Verdict:
        month = Month.of(today) - 1 - self.late
        seen = Evidence("rail_travel", (month - self.back).day(20))
        loss = None if self.rule is Rule.LIFE else Evidence("cremation", month.first_day)
        return Verdict(month, Finding(self.rule, loss, seen), today, ASSESSED)


# Terminations are rare, or few lives would come far; they come with every cause.
_PASSES = [Act.CONFIRM, Act.BATCH_PASS, Act.UPDATE_CONTACT]
STEPS = st.one_of(
    st.builds(
        Step,
        days=st.integers(0, 100),
        act=st.sampled_from([None, None, *_PASSES, Act.OVERRIDE, Act.SUBMIT]),
        status=st.one_of(st.just(SurvivalStatus.NORMAL), LOST),
        rule=st.sampled_from([Rule.LIFE, Rule.LIFE, Rule.LOSS, Rule.LOSS_CONTRADICTED]),
        late=st.integers(0, 2),
        back=st.integers(0, 5),
        completes=st.booleans(),
    ),
    st.builds(
        Step,
        days=st.integers(0, 400),
        act=st.sampled_from([None, Act.OVERRIDE, Act.SUBMIT, Act.TERMINATE]),
        status=LOST,
        rule=st.just(Rule.LIFE),
        late=st.just(0),
        back=st.integers(0, 24),
        completes=st.just(True),
    ),
)


@dataclass(frozen=True)
class Plan:
    """Somebody of a category, under a policy, to whom things happen."""

    category: Category
    book: PolicyBook
    contact: Contact
    steps: list[Step]


PLANS = st.builds(
    Plan,
    CATEGORIES,
    st.sampled_from(BOOKS),
    st.sampled_from([COMPLETE, INCOMPLETE]),
    st.lists(STEPS, min_size=1, max_size=14),
)

always = settings(deadline=None, max_examples=250)


# How the domain tells it.


@dataclass(frozen=True)
class State:
    """A standing with its periods, kept as a history keeps them."""

    standing: Standing
    in_force: tuple[Period, ...]
    granted: tuple[Period, ...]
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Moment:
    """One step of a life as it was told."""

    step: Step
    today: date
    before: State
    after: State
    opened: Period | None = None
    refusals: tuple[Refusal, ...] = ()


def beginning(plan: Plan) -> Standing:
    return standing(None, category=plan.category, contact=plan.contact, confirmed_in="2019-01")


def told(plan: Plan) -> list[Moment]:
    first, today = FIRST_PERIOD[plan.category], FIRST_DAY
    state = State(enrolled(beginning(plan), first), (first,), (first,))
    moments = []
    for step in plan.steps:
        today += timedelta(days=step.days)
        moment = (_published if step.act is None else _acted)(step, today, state, plan.book)
        moments.append(moment)
        state = moment.after
    return moments


def _published(step: Step, today: date, before: State, book: PolicyBook) -> Moment:
    verdict = step.verdict(today)
    after, opened = before.standing.informed(verdict, book.of(verdict.month))
    after = replace(after, version=after.version + 1)
    fact = Fact(after.version, verdict, today)
    return Moment(step, today, before, _with(before, after, opened, None, fact), opened)


def _acted(step: Step, today: date, before: State, book: PolicyBook) -> Moment:
    people, in_force = {1: before.standing}, {1: before.in_force}
    outcome = decide(step.submission(today), people, in_force, policy=book.on(today), today=today)
    refusals = tuple(one for one in outcome if isinstance(one, Refusal))
    if refusals:
        return Moment(step, today, before, before, refusals=refusals)
    [decision] = [one for one in outcome if isinstance(one, Decision)]
    said = decision.certification or decision.termination
    fact = Fact(decision.standing.version, said, today) if said else None
    after = _with(before, decision.standing, decision.opened, decision.ended_after, fact)
    return Moment(step, today, before, after, decision.opened)


def _with(before: State, after: Standing, opened: Period | None, ended_after: Month | None, fact: Fact | None) -> State:
    in_force = before.in_force
    if ended_after is not None:
        in_force = periods.in_force_after(in_force, ended_after)
    if opened is not None:
        in_force = periods.in_force_with(in_force, opened)
    granted = before.granted if opened is None else (*before.granted, opened)
    return State(after, in_force, granted, before.facts if fact is None else (*before.facts, fact))


# How a second telling goes: months are whole numbers, and a life is the set of those in force.


def number(month: Month) -> int:
    return month.year * 12 + month.month


@dataclass
class Reference:
    """The rules once more, over sets of months, with no periods at all."""

    cycle: int
    renews_on_publication: bool
    contact_complete: bool
    in_force: set[int]
    stopped: int | None = None
    over: int | None = None
    verdict_month: int = 0
    qualified: bool = False

    @classmethod
    def of(cls, plan: Plan) -> Reference:
        cycle, january = CYCLE[plan.category], 2019 * 12 + 1
        on_publication = plan.book is BOOK
        return cls(cycle, on_publication, plan.contact == COMPLETE, set(range(january, january + cycle + 1)))

    @property
    def payable(self) -> set[int]:
        return {month for month in self.in_force if self.stopped is None or month < self.stopped}

    def live(self, step: Step, today: date) -> bool:
        """Let the step happen; False if it is refused."""
        now = today.year * 12 + today.month
        if step.act is None:
            self._learns(step, now)
            return True
        complete = self.contact_complete or step.completes
        if self.over is not None or not self._allows(step.act, step.status, complete):
            return False
        self.contact_complete = complete
        self._acts(step, now, number(Month.of(step.since(today))))
        return True

    def _allows(self, act: Act, status: SurvivalStatus, complete: bool) -> bool:
        if act is Act.TERMINATE:
            return status is not SurvivalStatus.NORMAL
        if act is Act.UPDATE_CONTACT:
            return True
        return complete and (self.qualified or act is not Act.CONFIRM)

    def _acts(self, step: Step, now: int, event: int) -> None:
        if step.act is Act.TERMINATE:
            self.in_force = {month for month in self.in_force if month <= event}
            self.over = event + 1
        elif step.act in (Act.OVERRIDE, Act.SUBMIT) and step.status is not SurvivalStatus.NORMAL:
            self.in_force = {month for month in self.in_force if month <= now}
            self.stopped = now + 1 if self.stopped is None else min(self.stopped, now + 1)
        elif step.act is not Act.UPDATE_CONTACT or self._maintained(step):
            if self.stopped == now + 1:
                self.stopped = None
            self._renew(now)

    def _maintained(self, step: Step) -> bool:
        return step.completes and self.qualified and self.contact_complete and self.stopped is None

    def _learns(self, step: Step, now: int) -> None:
        month = now - 1 - step.late
        if month > self.verdict_month:
            self.verdict_month, self.qualified = month, step.rule is Rule.LIFE
        stopped = self.stopped is not None or self.over is not None
        if step.rule is Rule.LIFE and self.renews_on_publication and not stopped:
            self._renew(month - step.back)

    def _renew(self, start: int) -> None:
        if start + self.cycle > max(self.in_force, default=0):
            self.in_force |= set(range(start, start + self.cycle + 1))


# What always holds.


@always
@given(PLANS)
def test_the_standing_is_what_the_reference_says(plan: Plan) -> None:
    """The last month payable, the stops, what is in force, and which acts are refused."""
    reference = Reference.of(plan)
    for moment in told(plan):
        person = moment.after.standing
        assert reference.live(moment.step, moment.today) is not bool(moment.refusals)
        covered = {month for one in moment.after.in_force for month in range(number(one.start), number(one.end) + 1)}
        last_payable = max(reference.payable, default=None)
        assert covered == reference.in_force
        assert (number(person.paid_through) if person.paid_through else None) == last_payable
        assert (number(person.suspended_from) if person.suspended_from else None) == reference.stopped
        assert (number(person.terminated_from) if person.terminated_from else None) == reference.over


@always
@given(PLANS)
def test_periods_in_force_never_overlap_and_the_last_is_the_standings(plan: Plan) -> None:
    for moment in told(plan):
        in_force = moment.after.in_force
        assert all(one.start <= one.end for one in in_force)
        assert all(one.end < two.start for one, two in pairwise(in_force))
        assert moment.after.standing.period == (in_force[-1] if in_force else None)


@always
@given(PLANS)
def test_no_pass_shortens(plan: Plan) -> None:
    """Only a FAIL and a termination take months away."""
    for moment in told(plan):
        before, after = moment.before.standing, moment.after.standing
        takes_away = moment.step.status is not SurvivalStatus.NORMAL and moment.step.act in (
            Act.OVERRIDE,
            Act.SUBMIT,
            Act.TERMINATE,
        )
        if not takes_away and before.period is not None:
            assert after.period is not None
            assert after.period.end >= before.period.end
        if not takes_away and before.paid_through is not None:
            assert after.paid_through is not None
            assert after.paid_through >= before.paid_through


@always
@given(PLANS)
def test_every_opened_period_ends_one_cycle_after_its_month(plan: Plan) -> None:
    for moment in told(plan):
        if moment.opened is None:
            continue
        start, verdict = number(moment.opened.start), moment.step.act is None
        now = moment.today.year * 12 + moment.today.month
        assert start == (now - 1 - moment.step.late - moment.step.back if verdict else now)
        assert number(moment.opened.end) == start + CYCLE[plan.category]
        assert (moment.opened.method is Method.VERDICT) is verdict


@always
@given(PLANS)
def test_no_verdict_changes_anything_of_somebody_stopped(plan: Plan) -> None:
    for moment in told(plan):
        before, after = moment.before, moment.after
        stopped = before.standing.suspended_from or before.standing.terminated_from
        if moment.step.act is not None or stopped is None:
            continue
        assert moment.opened is None
        assert (after.in_force, after.granted) == (before.in_force, before.granted)
        verdict, version = before.standing.verdict, before.standing.version
        assert replace(after.standing, verdict=verdict, version=version) == before.standing


@always
@given(PLANS, st.sampled_from(Act))
def test_the_terminated_are_untouchable(plan: Plan, last: Act) -> None:
    death = Step(0, Act.TERMINATE, SurvivalStatus.DECEASED, Rule.LIFE, 0, 0, True)
    moments = told(replace(plan, steps=[*plan.steps, death, replace(death, act=last)]))
    for moment in moments:
        if moment.before.standing.terminated_from is not None and moment.step.act is not None:
            assert [refusal.code for refusal in moment.refusals] == [ErrorCode.ALREADY_TERMINATED]
            assert moment.after == moment.before
    assert moments[-1].refusals


@always
@given(PLANS, st.randoms(use_true_random=False))
def test_the_recorded_facts_tell_the_same_life(plan: Plan, random: Random) -> None:
    """Contact data is kept on the row alone; an edit that confirms nothing leaves no fact, only a version."""
    lived = told(plan)[-1].after
    facts = sorted(lived.facts, key=lambda _: random.random())
    life = replay(beginning(plan), FIRST_PERIOD[plan.category], facts, plan.book)
    last_version = max((fact.version for fact in facts), default=1)
    assert life.standing == replace(lived.standing, contact=plan.contact, version=last_version)
    assert life.granted == lived.granted
    assert life.in_force == lived.in_force


@always
@given(PLANS)
def test_a_qualified_verdict_is_what_a_confirmation_needs(plan: Plan) -> None:
    for moment in told(plan):
        verdict = moment.before.standing.verdict
        qualified = verdict is not None and verdict.conclusion is Conclusion.QUALIFIED
        codes = {refusal.code for refusal in moment.refusals}
        if moment.step.act is Act.CONFIRM and ErrorCode.ALREADY_TERMINATED not in codes:
            assert (ErrorCode.VERDICT_NOT_QUALIFIED in codes) is not qualified
