"""The words that clerks read, from the message catalogue `locales/zh_CN.po`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from domain.month import Month
from domain.policy import Policy
from domain.refusal import Refusal
from domain.verdict import Fact, Rule, Verdict
from domain.vocabulary import Category

FOLDER = Path(__file__).parents[1] / "locales"


@cache
def catalogue(locale: str = "zh_CN") -> dict[str, str]:
    with (FOLDER / f"{locale}.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=locale) if m.id}


def say(key: str, **facts: object) -> str:
    return catalogue()[key].format(**facts)


def refusal(refused: Refusal) -> str:
    return say(f"error.{refused.code}", **refused.facts)


def description(verdict: Verdict, category: Category, policy: Policy) -> str:
    """大数据认证描述: the rule, the evidence and its class. Kinds and months, never a place or an amount."""
    finding = verdict.finding
    last = verdict.month
    first = last - (policy.evidence_window[category] - 1)
    by_cards = finding.rule is Rule.LIFE and finding.activity is not None and _class(finding.activity, policy) == "C"
    return say(
        "verdict.life_by_cards" if by_cards else f"verdict.{finding.rule}",
        loss=_fact(finding.loss, policy),
        activity=_fact(finding.activity, policy),
        first=_month(first),
        last=_month(last),
    )


def kind(name: str) -> str:
    return say(f"kind.{name}")


def _fact(fact: Fact | None, policy: Policy) -> str:
    if fact is None:
        return say("fact.none")
    month = _month(Month.of(fact.occurred_on))
    return say("fact", month=month, kind=kind(fact.kind), evidence_class=_class(fact, policy))


def _class(fact: Fact, policy: Policy) -> str:
    return policy.evidence_class.get(fact.kind, "")


def _month(month: Month) -> str:
    return say("month", year=month.year, month=month.month)
