"""Whatever happens to a person and whenever payrolls run: what always holds of the money, against a second telling."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from hypothesis import given, settings

from domain.month import Month
from domain.payroll import LedgerStatus, Line, LineKind
from domain.vocabulary import Category, SurvivalStatus
from tests.domain.lived import ENROLLED, PLANS, Kind, Moment, Plan, lived

CYCLE = {Category.RETIREE: 12, Category.SURVIVOR: 6}
FIRST = 2019 * 12 + 1
ZERO = Decimal("0.00")
always = settings(deadline=None, max_examples=200)


def number(month: Month) -> int:
    return month.year * 12 + month.month


# The rules once more: months are whole numbers, and a life is sets of them.


@dataclass
class Reckoning:
    """What is owed, told from what happened and not from what the domain made of it."""

    cycle: int
    covered: set[int]
    rates: dict[int, Decimal] = field(default_factory=lambda: {FIRST: Decimal("3000.00")})
    was_held: set[int] = field(default_factory=set)
    held_since: int | None = None
    over: int | None = None
    before_the_end: tuple[set[int], list[tuple[SurvivalStatus, int, int]]] | None = None
    """What was covered and supposed before the termination, which comes back with a FAIL in its stead."""
    supposed: list[tuple[SurvivalStatus, int, int]] = field(default_factory=list)
    """Of every FAIL that stands: the status, the first lost month, the month in which it was told."""
    served: set[int] = field(default_factory=set)
    last_act_passed: bool = False
    claims: dict[int, int] = field(default_factory=dict)
    """The month of the approval of every claimed month."""
    frozen: set[int] = field(default_factory=set)
    paid_at_first: dict[int, bool] = field(default_factory=dict)
    """Whether a month was PAID with its own payroll."""
    healed: dict[int, int] = field(default_factory=dict)
    """With which payroll a withheld month was paid back."""
    paid: dict[int, Decimal] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> Reckoning:
        cycle = CYCLE[plan.category]
        return cls(cycle, set(range(FIRST, FIRST + cycle + 1)))

    def rate(self, month: int) -> Decimal:
        return self.rates[max(start for start in self.rates if start <= month)]

    def holds(self, month: int) -> bool:
        return month in self.was_held or (self.held_since is not None and month >= self.held_since)

    def ended(self, month: int) -> bool:
        return self.over is not None and month >= self.over

    def lost(self, month: int) -> bool:
        supposed = any(start <= month for _, start, _ in self.supposed)
        return supposed or month in self.served or self.ended(month)

    def claimable(self, now: int) -> set[int]:
        withheld = {m for m, paid in self.paid_at_first.items() if not paid and m <= now}
        withheld |= {m for m in self.frozen if m not in self.paid_at_first}
        held = self.was_held | set(range(self.held_since, now + 1) if self.held_since is not None else ())
        withheld |= {m for m in held if max(self.frozen, default=0) < m <= now}
        if self.frozen:
            over = range(max(self.frozen) + 1, now + 1 if self.over is not None else now)
            withheld |= {m for m in over if m not in self.covered and not self.holds(m)}
        proven = max(self.covered, default=0) if self.over is None else self.over - 1
        return {m for m in withheld if m <= proven and m not in self.claims and not self.lost(m)}

    def may_ask(self, now: int) -> bool:
        """And be approved; once the benefit has ended, for what was owed before."""
        suspended = self.held_since is not None and self.over is None
        return self.last_act_passed if suspended else bool(self.claimable(now))

    def live(self, moment: Moment) -> None:
        now, month = moment.on.year * 12 + moment.on.month, number(moment.month)
        match moment.kind:
            case Kind.PASS:
                self._passed(now)
            case Kind.FAIL:
                self.covered = {m for m in self.covered if m <= now}
                self.supposed.append((moment.status, month + 1, now))
                self.held_since = self.held_since or now + 1
                self.last_act_passed = False
            case Kind.TERMINATE:
                self.before_the_end = self.covered, [*self.supposed, (moment.status, month + 1, now)]
                self.covered = {m for m in self.covered if m <= month}
                self.supposed = [one for one in self.supposed if one[0] is SurvivalStatus.IMPRISONED]
                self.over = month + 1
            case Kind.WITHDRAW:
                self._withdrawn()
            case Kind.VERDICT if self.held_since is None and self.over is None:
                self._renew(month)
            case Kind.RAISE:
                self.rates[month] = moment.amount
            case Kind.CASE if moment.approved:
                self._approved(now)

    def _withdrawn(self) -> None:
        assert self.before_the_end is not None
        covered, self.supposed = self.before_the_end
        ended_in = self.supposed[-1][2]
        self.covered = {m for m in covered if m <= ended_in}
        self.held_since = self.held_since or ended_in + 1
        self.over, self.last_act_passed = None, False

    def _passed(self, now: int) -> None:
        if self.held_since == now + 1:
            self.held_since = None
        for status, start, told in self.supposed:
            if status is SurvivalStatus.IMPRISONED and told != now:
                self.served |= set(range(start, now))
        self.supposed = []
        self.last_act_passed = True
        self._renew(now)

    def _renew(self, start: int) -> None:
        if start + self.cycle > max(self.covered, default=0):
            self.covered |= set(range(start, start + self.cycle + 1))

    def _approved(self, now: int) -> None:
        self.claims |= dict.fromkeys(self.claimable(now), now)
        if self.held_since is not None and self.over is None:
            self.was_held |= set(range(self.held_since, now + 1))
            self.held_since = None

    def pay(self, month: int) -> None:
        """Run the payroll of a month for somebody who is enrolled."""
        for late in self.frozen - set(self.paid_at_first):
            self.paid_at_first[late] = False
        free = self.ended(month) or not self.holds(month)
        if free:
            for claimed, approved_in in self.claims.items():
                withheld = self.paid_at_first.get(claimed) is False
                if withheld and approved_in < month and claimed not in self.healed and not self.lost(claimed):
                    self.healed[claimed] = month
            for earlier, paid in self.paid_at_first.items():
                if (paid or earlier in self.healed) and not self.lost(earlier):
                    self.paid[earlier] = self.rate(earlier)
        pays = month in self.covered and free and not self.ended(month)
        self.paid_at_first[month] = pays
        self.paid[month] = self.rate(month) if pays else ZERO


def reckoned(plan: Plan) -> Iterator[tuple[Moment, Reckoning]]:
    """Every moment with the reckoning before it."""
    reckoning, enrolled = Reckoning.of(plan), ENROLLED.toordinal() + plan.enrolled_after
    for moment in lived(plan):
        yield moment, reckoning
        reckoning.live(moment)
        if moment.kind is Kind.PAYROLL:
            if moment.on.toordinal() >= enrolled:
                reckoning.pay(number(moment.month))
            reckoning.frozen.add(number(moment.month))


def back_pay(moments: list[Moment]) -> list[Line]:
    return [line for moment in moments for line in moment.lines if line.kind is LineKind.BACK_PAY]


# What always holds.


@always
@given(PLANS)
def test_the_ledger_is_what_the_reckoning_says(plan: Plan) -> None:
    """Which months are paid, which are paid back and when, and how much went out for each."""
    paid: dict[int, Decimal] = defaultdict(lambda: ZERO)
    at_first, healed = {}, {}
    end = Reckoning.of(plan)
    for moment, end in reckoned(plan):  # noqa: B007
        for entry in moment.entries:
            at_first[number(entry.month)] = entry.status is LedgerStatus.PAID
            paid[number(entry.month)] += entry.amount
        for line in moment.lines:
            paid[number(line.month)] += line.amount
            if line.kind is LineKind.BACK_PAY:
                healed[number(line.month)] = number(line.payroll)
    assert at_first == end.paid_at_first
    assert healed == end.healed
    assert {m: a for m, a in paid.items() if a} == {m: a for m, a in end.paid.items() if a}


@always
@given(PLANS)
def test_a_case_is_let_through_and_claims_as_the_reckoning_says(plan: Plan) -> None:
    for moment, before in reckoned(plan):
        now = moment.on.year * 12 + moment.on.month
        if moment.requested is not None:
            assert moment.requested is before.may_ask(now)
        if moment.approved is not None:
            assert moment.approved is before.may_ask(now)
            assert [number(m) for m in moment.claimed] == (sorted(before.claimable(now)) if moment.approved else [])


@always
@given(PLANS)
def test_no_month_is_paid_twice(plan: Plan) -> None:
    """One entry a month; PAID, or paid back at most once; a line is for an earlier month and never nothing."""
    moments = lived(plan)
    entries = [entry for moment in moments for entry in moment.entries]
    paid_out = Counter(entry.month for entry in entries if entry.status is LedgerStatus.PAID)
    paid_out.update(line.month for line in back_pay(moments))
    assert max(Counter(entry.month for entry in entries).values(), default=0) <= 1
    assert max(paid_out.values(), default=0) <= 1
    assert all(line.month < line.payroll and line.amount > 0 for moment in moments for line in moment.lines)
    assert all((entry.amount > 0) is (entry.status is LedgerStatus.PAID) for entry in entries)


@always
@given(PLANS)
def test_back_pay_heals_a_withheld_month_of_a_case_approved_before(plan: Plan) -> None:
    moments = lived(plan)
    approved = [moment for moment in moments if moment.approved]
    withheld = {e.month for moment in moments for e in moment.entries if e.status is LedgerStatus.WITHHELD}
    for line in back_pay(moments):
        assert line.month in withheld
        assert line.case_id is not None
        case = approved[line.case_id - 1]
        assert line.month in case.claimed
        assert Month.of(case.on) < line.payroll


@always
@given(PLANS)
def test_nothing_goes_out_while_a_suspension_holds_nor_after_a_termination(plan: Plan) -> None:
    for moment, before in reckoned(plan):
        month = number(moment.month)
        if moment.kind is not Kind.PAYROLL:
            continue
        if before.holds(month) and not before.ended(month):
            assert moment.lines == ()
            assert all(entry.status is LedgerStatus.WITHHELD for entry in moment.entries)
        paid = [*(e.month for e in moment.entries if e.amount), *(line.month for line in moment.lines)]
        assert not any(before.ended(number(m)) for m in paid)


@always
@given(PLANS)
def test_a_month_costs_its_own_rate_and_no_more(plan: Plan) -> None:
    """As known at the last payroll; exactly that where it has been paid, is not lost, and nothing is held back."""
    total: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for moment, before in reckoned(plan):
        for entry in moment.entries:
            total[number(entry.month)] += entry.amount
        for line in moment.lines:
            total[number(line.month)] += line.amount
        if moment.kind is not Kind.PAYROLL:
            continue
        assert all(amount <= before.rate(m) for m, amount in total.items())
        if before.ended(number(moment.month)) or not before.holds(number(moment.month)):
            assert all(amount in (ZERO, before.rate(m)) for m, amount in total.items() if not before.lost(m))


@always
@given(PLANS)
def test_every_month_withheld_through_the_approval_is_paid_back_with_the_next_payroll(plan: Plan) -> None:
    """None missed: unless a FAIL or a termination comes between, time in prison and unproven months apart.

    Of a termination that was withdrawn, a case approved meanwhile has paid the months before it: no month twice.
    """
    expected: dict[int, set[int]] = {}
    recorded: dict[int, bool] = {}
    for moment, before in reckoned(plan):
        now = moment.on.year * 12 + moment.on.month
        recorded |= {number(e.month): e.status is LedgerStatus.PAID for e in moment.entries}
        if moment.kind in (Kind.FAIL, Kind.TERMINATE):
            expected.clear()
        if moment.approved and before.held_since is not None and before.over is None:
            missed = {m for m, paid in recorded.items() if not paid and m <= now and m not in before.healed}
            missed |= set(range(before.held_since, now + 1)) - set(before.healed)
            proven = max(before.covered)
            expected[now + 1] = {m for m in missed if m <= proven and not before.lost(m)}
        if moment.kind is Kind.PAYROLL and number(moment.month) in expected:
            healed = {number(line.month) for line in moment.lines if line.kind is LineKind.BACK_PAY}
            assert expected.pop(number(moment.month)) <= healed
