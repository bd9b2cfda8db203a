"""A person's life, told again from its recorded facts: what the standing on the row must equal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from domain import period as periods
from domain.certification import Certification, Termination, certify
from domain.month import Month
from domain.period import Period
from domain.policy import PolicyBook
from domain.standing import Standing, enrolled
from domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Fact:
    """One recorded fact with the version of the row that it made; versions order a person's life."""

    version: int
    fact: Verdict | Certification | Termination
    on: date


@dataclass(frozen=True, slots=True)
class Life:
    """Where a life has come to."""

    standing: Standing
    granted: tuple[Period, ...]
    """Every period that was ever opened, in order."""
    in_force: tuple[Period, ...]
    """What of them is in force now, in order."""


def replay(at_enrolment: Standing, first: Period, facts: Iterable[Fact], book: PolicyBook) -> Life:
    """Tell the facts in the order of their versions."""
    life = Life(enrolled(at_enrolment, first), (first,), (first,))
    for fact in sorted(facts, key=lambda f: f.version):
        life = _after(life, fact, book)
        life = replace(life, standing=replace(life.standing, version=fact.version))
    return life


def _after(life: Life, fact: Fact, book: PolicyBook) -> Life:
    match fact.fact:
        case Verdict() as verdict:
            after, opened = life.standing.informed(verdict, book.of(verdict.month))
            return _with(life, after, opened)
        case Certification() as certification:
            month = Month.of(fact.on)
            decision = certify(certification, life.standing, book.on(fact.on), month)
            return _with(life, decision.standing, decision.opened, decision.ended_after)
        case Termination() as termination:
            event = Month.of(termination.occurred_on)
            after = life.standing.terminated(event, life.in_force).answered()
            return _with(life, after, None, event)


def _with(life: Life, after: Standing, opened: Period | None, ended_after: Month | None = None) -> Life:
    in_force = life.in_force if ended_after is None else periods.in_force_after(life.in_force, ended_after)
    if opened is None:
        return Life(after, life.granted, in_force)
    return Life(after, (*life.granted, opened), periods.in_force_with(in_force, opened))
