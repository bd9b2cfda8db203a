"""Why a month is paid or not: the rule, the facts behind it, and what would change it, now or as known on a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from domain.certification import Certification, Termination, Withdrawal
from domain.entitlement import (
    Basis,
    Change,
    Ruling,
    Stage,
    Stop,
    changes,
    period_in,
    rule_with_claims,
    stops,
    suspension_in,
)
from domain.history import Fact, Reinstated
from domain.money import Rate, rate_of
from domain.month import Month
from domain.payroll import Entry, Line
from domain.period import Period
from domain.reinstatement import stage
from domain.stops import Loss
from domain.verdict import Verdict
from resolvers.accounts import Known
from resolvers.context import Context
from storage import ledger

Ground: TypeAlias = Fact | Rate | Entry | Line | Period | Loss
"""What an answer rests on."""


class GroundKind(StrEnum):
    """What kind of fact an answer rests on."""

    PERIOD = "PERIOD"
    VERDICT = "VERDICT"
    ACT = "ACT"
    TERMINATION = "TERMINATION"
    WITHDRAWAL = "WITHDRAWAL"
    CASE = "CASE"
    LOSS = "LOSS"
    RATE = "RATE"
    PAYMENT = "PAYMENT"
    BACK_PAY = "BACK_PAY"


@dataclass(frozen=True, slots=True)
class Explained:
    """The answer for one person and month; `amount` is the month's own rate where it is payable."""

    beneficiary_id: int
    month: Month
    ruling: Ruling
    paid: bool
    amount: Decimal | None
    grounds: tuple[tuple[GroundKind, Ground], ...]
    changes: tuple[Change, ...]


def explain(context: Context, id: int, known: Known | None, month: Month, as_of: date | None) -> Explained:
    """The answer for one person, from what was known of them at the end of the day or is now."""
    if known is None:
        return Explained(id, month, Ruling(Basis.UNKNOWN), False, None, (), ())
    account, today = known.account, as_of or context.today
    ruling, at = rule_with_claims(account.life, month), stage(known.situation(Month.of(today)), month)
    rate = rate_of(account.rates, month) if ruling.basis.payable else None
    policy = context.book.of(max(month, Month.of(context.book.first_day)))
    return Explained(
        id,
        month,
        ruling,
        at.paid,
        rate.amount if rate else None,
        tuple(_grounds(known, ruling, at, month)),
        tuple(changes(ruling, month, at, policy, account.life.standing.category, today)),
    )


def _grounds(known: Known, ruling: Ruling, at: Stage, month: Month) -> Iterator[tuple[GroundKind, Ground]]:
    account = known.account
    yield from _of_the_rule(known, ruling, month)
    if ruling.basis is Basis.REINSTATED and at.held_from is not None:
        yield from _of_the_suspension(known, at.held_from)
    verdicts = [f for f in known.facts if isinstance(f.fact, Verdict)]
    if verdicts:
        yield GroundKind.VERDICT, verdicts[-1]
    if (loss := next((n for n in account.life.losses if n.covers(month)), None)) is not None:
        yield GroundKind.LOSS, loss
    if (rate := rate_of(account.rates, month)) is not None and ruling.basis is not Basis.NOT_BEGUN:
        yield GroundKind.RATE, rate
    if (entry := account.entries.get(month)) is not None:
        yield GroundKind.PAYMENT, entry
    if (line := account.back_pay(month)) is not None:
        yield GroundKind.BACK_PAY, line


def _of_the_rule(known: Known, ruling: Ruling, month: Month) -> Iterator[tuple[GroundKind, Ground]]:
    life = known.account.life
    match ruling.basis:
        case Basis.COVERED:
            period = period_in(life, month)
            assert period is not None
            yield GroundKind.PERIOD, period
            if (opening := _opening(known.facts, period)) is not None:
                yield GroundKind.ACT, opening
        case Basis.SUSPENDED:
            yield from _of_the_suspension(known, month)
        case Basis.TERMINATED:
            yield GroundKind.TERMINATION, _termination(known)
        case Basis.REINSTATED:
            case_id = life.claims[month].case_id
            yield (
                GroundKind.CASE,
                next(f for f in known.facts if isinstance(f.fact, Reinstated) and f.fact.case_id == case_id),
            )
        case Basis.LAPSED:
            ended = [p for p in life.in_force if p.end < month]
            if ended:
                yield GroundKind.PERIOD, max(ended, key=lambda p: p.end)
        case Basis.LATE_ENROLMENT | Basis.NOT_BEGUN | Basis.UNKNOWN:
            return


def _of_the_suspension(known: Known, month: Month) -> Iterator[tuple[GroundKind, Ground]]:
    """The FAIL or the withdrawal behind the suspension that holds in the month, and the last act since."""
    suspension = suspension_in(known.account.life, month)
    assert suspension is not None
    began = next(f for f in known.facts if f.version == suspension.version)
    yield kind_of(began), began
    acts = [f for f in known.facts if isinstance(f.fact, Certification) and f.version > suspension.version]
    if acts:
        yield GroundKind.ACT, acts[-1]


def _termination(known: Known) -> Fact:
    """The one that stands: the last."""
    return next(f for f in reversed(known.facts) if isinstance(f.fact, Termination))


def kind_of(act: Fact) -> GroundKind:
    """Of what stops payment, by what it is."""
    match act.fact:
        case Termination():
            return GroundKind.TERMINATION
        case Withdrawal():
            return GroundKind.WITHDRAWAL
        case _:
            return GroundKind.ACT


def _opening(facts: Sequence[Fact], period: Period) -> Fact | None:
    """The act that opened the period, where an act did."""
    return next(
        (
            f
            for f in facts
            if isinstance(f.fact, Certification) and f.fact.method is period.method and Month.of(f.on) == period.start
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class DatedStop:
    """A stop with the fact that caused it: the FAIL, the termination or its withdrawal; a lapse has none."""

    stop: Stop
    cause: Fact | None


def stops_of(known: Known, month: Month) -> list[DatedStop]:
    """Every stop of the person up to that month, oldest first."""
    return [_dated(known, stop) for stop in stops(known.account.life, month)]


def _dated(known: Known, stop: Stop) -> DatedStop:
    match stop.basis:
        case Basis.SUSPENDED:
            suspension = suspension_in(known.account.life, stop.first)
            assert suspension is not None
            return DatedStop(stop, next(f for f in known.facts if f.version == suspension.version))
        case Basis.TERMINATED:
            return DatedStop(stop, _termination(known))
        case _:
            return DatedStop(stop, None)


async def payments(
    context: Context, ids: Sequence[int], first: Month | None, last: Month | None
) -> list[list[ledger.Payment]]:
    """Each person's months in the ledger, oldest first, with what went out with them for earlier ones."""
    async with context.reading() as connection:
        found = await ledger.payments(connection, ids, first, last)
    return [found.get(id, []) for id in ids]
