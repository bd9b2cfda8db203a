"""The words that people read, from the message catalogues in `locales/`, in the language of the request."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from babel.messages.pofile import read_po

from domain.certification import Certification, Termination, Withdrawal
from domain.entitlement import Basis, Change
from domain.history import Fact as LifeFact
from domain.history import Reinstated
from domain.money import Rate
from domain.month import Month
from domain.next_step import NextStep, Step
from domain.payroll import Entry, Line
from domain.period import Period
from domain.policy import Policy
from domain.refusal import Refusal
from domain.stops import Loss
from domain.verdict import Fact, Rule, Verdict
from domain.vocabulary import Category, SurvivalStatus
from domain.warning import Audience, Message, WarningKind
from resolvers.entitlement import Ground, GroundKind
from schema.languages import DEFAULT, Language, spoken

FOLDER = Path(__file__).parents[1] / "locales"


def catalogue(language: Language = DEFAULT) -> dict[str, str]:
    locale = language.replace("-", "_")
    with (FOLDER / f"{locale}.po").open("rb") as file:
        return {str(m.id): str(m.string) for m in read_po(file, locale=locale) if m.id}


_CATALOGUES = {language: catalogue(language) for language in Language}
"""Read once, when the process starts."""


def say(key: str, **facts: object) -> str:
    return _CATALOGUES[spoken()][key].format(**facts)


def excess(what: str, requested: int, limit: int) -> str:
    """One limit, what was asked for and what is allowed."""
    return say("limit.excess", what=say(f"limit.{what}"), requested=requested, limit=limit)


def variable(name: str, place: str | None, how: str | None) -> str:
    """A variable that does not fit: where within it, and how such a value is written (`scalar.*`)."""
    at = say("variable.at", place=place) if place else ""
    return say("variable", name=name, at=at, how=say("variable.how", how=say(how)) if how else "")


def refusal(refused: Refusal) -> str:
    key = f"error.{refused.code}.{refused.about}" if refused.about else f"error.{refused.code}"
    label = {"label": kind(str(refused.facts["kind"]))} if "kind" in refused.facts else {}
    return say(key, **refused.facts, **label)


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


def ruling(reason: str | None, decided_with: Month | None) -> str | None:
    """The reason of a ruling; of one that was made about the verdict of another month, that it was."""
    if reason is None or decided_with is None:
        return reason
    return say("objection.decided_with", month=_month(decided_with), reason=reason)


def basis(of: Basis, since: Month | None, through: Month | None) -> str:
    """Why a month is paid or not."""
    months = {name: _month(month) for name, month in (("since", since), ("through", through)) if month is not None}
    key = "basis.LAPSED.before" if of is Basis.LAPSED and since is None else f"basis.{of}"
    return say(key, **{"since": "", "through": "", **months})


def change(of: Change) -> str:
    from_ = say("lever.not_before", day=_day(of.not_before)) if of.not_before else ""
    return say(f"lever.{of.lever}") + from_ + (say("lever.by", by=_day(of.by)) if of.by else "")


def warned(kind: WarningKind, month: Month, status: SurvivalStatus | None) -> str:
    """What somebody is warned of: no name, no number, no link."""
    said = say(f"status.{status}") if status is not None else ""
    return say(f"warning.{kind}", month=_month(month), last=_month(month - 1), status=said)


def warning(message: Message) -> str:
    """A message as it goes out."""
    if message.audience is Audience.UNIT:
        return say(f"warning.{message.kind}.unit", people=message.people)
    return warned(message.kind, message.month, message.status)


def next_step(of: NextStep) -> str:
    """What comes next for a person, and by when."""
    by = say("step.by", by=_day(of.by)) if of.by is not None and of.step is not Step.PAYROLL else ""
    return say(f"step.{of.step}", by=_day(of.by)) + by


def ground(kind: GroundKind, of: Ground) -> str:
    """A fact that an answer rests on; a verdict in kinds and months, as everywhere."""
    match of:
        case Period():
            return say(
                f"ground.{kind}", since=_month(of.start), through=_month(of.end), method=say(f"method.{of.method}")
            )
        case Rate():
            return say(f"ground.{kind}", since=_month(of.start), amount=of.amount)
        case Entry():
            why = basis(of.basis, of.since, of.through)
            return say(f"ground.{kind}.{of.status}", month=_month(of.month), amount=of.amount, reason=why)
        case Loss():
            key = f"ground.{kind}.open" if of.end is None else f"ground.{kind}.ended"
            through = _month(of.end) if of.end else ""
            return say(key, status=say(f"status.{of.status}"), since=_month(of.start), through=through)
        case Line():
            return say(f"ground.{kind}", payroll=_month(of.payroll), amount=of.amount)
        case LifeFact(fact=Verdict() as verdict):
            said = say(f"conclusion.{verdict.conclusion}")
            return say(f"ground.{kind}", month=_month(verdict.month), on=_day(of.on), conclusion=said)
        case LifeFact(fact=Certification() as act):
            words = {"method": say(f"method.{act.method}"), "status": say(f"status.{act.survival_status}")}
            return say(f"ground.{kind}.{act.result}", on=_day(of.on), since=_day(act.occurred_on), **words)
        case LifeFact(fact=Termination() as end):
            return say(f"ground.{kind}", on=_day(of.on), since=_day(end.occurred_on), status=say(f"status.{end.cause}"))
        case LifeFact(fact=Withdrawal() | Reinstated()):
            return say(f"ground.{kind}", on=_day(of.on))
    raise AssertionError(kind)


def _day(day: date | None) -> str:
    return "" if day is None else say("day", year=day.year, month=day.month, day=day.day)


def _fact(fact: Fact | None, policy: Policy) -> str:
    if fact is None:
        return say("fact.none")
    month = _month(Month.of(fact.occurred_on))
    return say("fact", month=month, kind=kind(fact.kind), evidence_class=_class(fact, policy))


def _class(fact: Fact, policy: Policy) -> str:
    return policy.evidence_class.get(fact.kind, "")


def _month(month: Month) -> str:
    return say("month", year=month.year, month=month.month)
