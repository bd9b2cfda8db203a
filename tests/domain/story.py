"""One person's life as it happens, and the ledger that the payrolls write along, by the domain alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal

from domain.certification import Certification, Termination, Withdrawal
from domain.documents import Document
from domain.entitlement import Ruling, rule
from domain.history import Fact, Life, Reinstated, last_act_passed, replay
from domain.money import Rate
from domain.month import Month
from domain.payroll import Account, Entry, Frozen, LedgerStatus, Line, freeze, overpaid
from domain.refusal import Refusal
from domain.reinstatement import (
    Request,
    Review,
    Situation,
    claimable,
    request_obstacles,
    review_obstacles,
)
from domain.verdict import Verdict
from domain.vocabulary import Category, CertificationResult, Method, SurvivalStatus
from tests.lives import BOOK, HANDLER, months, period, standing

PROOF = Document("户籍证明.pdf", "ab" * 32)
REQUEST = Request("row-1", 1, "本人健在，申请恢复待遇并补发。", (PROOF,), HANDLER)
APPROVE = Review(approve=True)


@dataclass
class Story:
    """Days and months are given as literals: `2019-06-20`, `2019-06`, `2019-07..2019-10`."""

    first: str
    """The first period, as `2019-06..2020-06`."""
    amount: str = "3000.00"
    category: Category = Category.RETIREE
    benefit_from: str | None = None
    """The month of the first period, unless told otherwise."""
    frozen: list[Month] = field(default_factory=list)
    """Months whose payroll was run, those before the enrolment included."""
    facts: list[Fact] = field(default_factory=list)
    rates: dict[Month, Rate] = field(default_factory=dict)
    entries: dict[Month, Entry] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    _told: tuple[int, Life] | None = None

    def __post_init__(self) -> None:
        self.benefit_from = self.benefit_from or self.first[:7]
        self.raised(self.benefit_from + "-01", since=self.benefit_from, amount=self.amount)

    # What is known.

    @property
    def life(self) -> Life:
        """Told again from all facts; kept until the next one, for lives with many payrolls."""
        if self._told is None or self._told[0] != len(self.facts):
            self._told = len(self.facts), self._replayed()
        return self._told[1]

    def _replayed(self) -> Life:
        beginning = standing(None, category=self.category, benefit_from=self.benefit_from or "", confirmed_in="2018-12")
        return replay(beginning, period(self.first), self.facts, BOOK)

    @property
    def account(self) -> Account:
        return Account(self.life, list(self.rates.values()), dict(self.entries), list(self.lines))

    @property
    def so_far(self) -> Frozen:
        """The months that are frozen."""
        return Frozen(min(self.frozen, default=None), max(self.frozen, default=None))

    @property
    def last_act_passed(self) -> bool:
        return last_act_passed(self.facts)

    def at(self, month: str, *, case_open: bool = False) -> Situation:
        """What a case is judged by in that month."""
        return Situation(self.account, self.so_far, Month.parse(month), self.last_act_passed, case_open)

    # What happens.

    def told(self, fact: Verdict | Certification | Termination | Withdrawal | Reinstated, on: date) -> Story:
        self.facts.append(Fact(len(self.facts) + 2, fact, on))
        return self

    def passed(self, on: str, method: Method = Method.OVERRIDE) -> Story:
        return self.told(Certification(method, CertificationResult.PASS, SurvivalStatus.NORMAL), _day(on))

    def failed(self, on: str, *, since: str, status: SurvivalStatus = SurvivalStatus.DECEASED) -> Story:
        act = Certification(Method.OVERRIDE, CertificationResult.FAIL, status, _day(since))
        return self.told(act, _day(on))

    def terminated(self, on: str, *, since: str, cause: SurvivalStatus = SurvivalStatus.DECEASED) -> Story:
        return self.told(Termination(cause, _day(since)), _day(on))

    def withdrawn(self, on: str) -> Story:
        """The last termination is taken back."""
        version = next(fact.version for fact in reversed(self.facts) if isinstance(fact.fact, Termination))
        return self.told(Withdrawal(version), _day(on))

    def informed(self, verdict: Verdict) -> Story:
        return self.told(verdict, verdict.published_on)

    def raised(self, on: str, *, since: str, amount: str) -> Story:
        day = _day(on)
        known_from = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
        self.rates[Month.parse(since)] = Rate(Month.parse(since), Decimal(amount), known_from)
        return self

    def approved(self, on: str, case_id: int = 1) -> list[str]:
        """A case is requested and approved, in whose way nothing may stand; the months that it claimed."""
        at = self.at(on[:7])
        assert request_obstacles(REQUEST, at) == []
        assert review_obstacles(APPROVE, own=False, at=at) == []
        claimed = claimable(at)
        self.told(Reinstated(case_id, tuple(claimed)), _day(on))
        return [str(month) for month in claimed]

    def payrolls(self, span: str) -> Story:
        """Freeze these months, one after another."""
        for month in months(span):
            self.payroll(month)
        return self

    def payroll(self, month: Month) -> tuple[list[Entry], list[Line]]:
        """Freeze a month; what was written down."""
        written, paid = freeze(self.account, month, self.so_far)
        self.entries |= {entry.month: entry for entry in written}
        self.lines += paid
        self.frozen.append(month)
        return written, paid

    # What came of it, as text.

    def ledger(self, span: str) -> list[str]:
        """The months as they were written down: `PAID 3000.00` or `WITHHELD SUSPENDED`."""
        return [_written(self.entries[month]) for month in months(span)]

    def went_out(self, payroll: str) -> list[str]:
        """The lines of that payroll: `BACK_PAY 2019-07 3000.00`."""
        return [f"{n.kind} {n.month} {n.amount}" for n in self.lines if n.payroll == Month.parse(payroll)]

    def claimable(self, month: str) -> list[str]:
        return [str(one) for one in claimable(self.at(month))]

    def overpaid(self) -> dict[str, str]:
        return {str(month): str(amount) for month, amount in overpaid(self.account).items()}

    def rule(self, month: str) -> Ruling:
        return rule(self.life, Month.parse(month))


def codes(refusals: list[Refusal]) -> list[str]:
    return [refusal.code.value for refusal in refusals]


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _written(entry: Entry) -> str:
    paid = entry.status is LedgerStatus.PAID
    return f"PAID {entry.amount}" if paid else f"WITHHELD {entry.basis}"
