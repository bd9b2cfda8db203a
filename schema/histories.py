"""A person's history in the API: verdicts, periods, certifications."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Generic, TypeAlias, TypeVar

import strawberry

from domain.month import Month
from domain.period import Period
from domain.standing import Standing
from domain.verdict import Verdict as PublishedVerdict
from domain.vocabulary import CertificationResult, Conclusion, Method, Presence, SurvivalStatus
from resolvers import roster
from resolvers.roster import History
from schema import ids, messages
from schema.connections import Edge, Places, Uncounted, Window, one_more, shown
from schema.context import Info
from schema.ids import Kind
from schema.loading import Gathering, Loading
from schema.node import Node
from storage.histories import CertificationRecord, Item, Moment, month_number
from storage.parts import Part

T = TypeVar("T")
N = TypeVar("N")
Asked: TypeAlias = "tuple[int | None, str | None, int | None, str | None]"
"""A `Window` to be: a page of people asks for dozens of lists, and by the same one."""
_moment = partial(tuple.__new__, Moment)
"""Moment itself takes four times as long to make one."""


@strawberry.type(description="The last sign of life (最近行为): its kind and month, never a place or an amount.")
class LastActivity:
    id: strawberry.ID = strawberry.field(
        description="Its own id: the verdict's, or the kind and month of what was seen."
    )
    kind: str = strawberry.field(description="The kind of evidence, such as rail_travel.")
    label: str = strawberry.field(description="The kind in words.")
    month: Month = strawberry.field(description="The month in which it was.")

    @classmethod
    def seen(cls, account_id: int, kind: str, month: Month) -> LastActivity:
        """What a person is told of themselves."""
        id = ids.part("LastActivity", account_id, month_number(month), text=kind)
        return cls(id=id, kind=kind, label=messages.kind(kind), month=month)


@strawberry.type(description="A month's published result of data matching (大数据认证结论).")
class Verdict(Node):
    beneficiary: strawberry.Private[Standing]
    verdict: strawberry.Private[PublishedVerdict]

    def __init__(self, beneficiary: Standing, verdict: PublishedVerdict) -> None:
        self.beneficiary, self.verdict = beneficiary, verdict

    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(ids.encode(Kind.VERDICT, self.beneficiary.id, month_number(self.verdict.month)))

    @strawberry.field(description="The month whose evidence was assessed.")
    def month(self) -> Month:
        return self.verdict.month

    @strawberry.field(description="大数据认证结论.")
    def conclusion(self) -> Conclusion:
        return self.verdict.conclusion

    @strawberry.field(description="Why, in words (大数据认证描述): the rule, the evidence and its class.")
    def description(self, info: Info) -> str:
        policy = info.context.book.of(self.verdict.month)
        return messages.description(self.verdict, self.beneficiary.category, policy)

    @strawberry.field(description="The day of publication; before it nobody sees the verdict.")
    def published_on(self) -> date:
        return self.verdict.published_on

    @strawberry.field(description="最近行为, null where nothing was ever seen.")
    def last_activity(self) -> LastActivity | None:
        fact = self.verdict.finding.activity
        if fact is None:
            return None
        id = ids.part("LastActivity", self.beneficiary.id, month_number(self.verdict.month))
        month = Month.of(fact.occurred_on)
        return LastActivity(id=id, kind=fact.kind, label=messages.kind(fact.kind), month=month)

    @strawberry.field(description="Whether the unit has acted on it.")
    def answered(self) -> bool:
        return self.verdict.answered


@strawberry.type(description="A service period (认证服务期): the months in which the benefit is paid, both included.")
class CertificationPeriod(Node):
    beneficiary_id: strawberry.Private[int]
    period: strawberry.Private[Period]
    opened_at: strawberry.Private[int | None]
    """Its place in the history; None for a period as it stands."""

    def __init__(self, beneficiary_id: int, period: Period, opened_at: int | None = None) -> None:
        self.beneficiary_id, self.period, self.opened_at = beneficiary_id, period, opened_at

    @strawberry.field(description="The global id; of a period in force another than of the same as it was opened.")
    def id(self) -> strawberry.ID:
        if self.opened_at is None:
            return strawberry.ID(ids.encode(Kind.PERIOD_IN_FORCE, self.beneficiary_id, month_number(self.period.start)))
        return strawberry.ID(ids.encode(Kind.CERTIFICATION_PERIOD, self.beneficiary_id, self.opened_at))

    @strawberry.field(description="The first month.")
    def start_month(self) -> Month:
        return self.period.start

    @strawberry.field(description="The last month; payment stops from the next.")
    def end_month(self) -> Month:
        return self.period.end

    @strawberry.field(description="What opened it.")
    def method(self) -> Method:
        return self.period.method


@strawberry.type(description="One recorded act (认证): who, when, how, on which verdict, with what result.")
class Certification(Node):
    beneficiary: strawberry.Private[Standing]
    position: strawberry.Private[int]
    record: strawberry.Private[CertificationRecord]

    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(ids.encode(Kind.CERTIFICATION, self.beneficiary.id, self.position))

    @strawberry.field(description="How it came about.")
    def method(self) -> Method:
        return self.record.method

    @strawberry.field(description="生存状态, as stated.")
    def survival_status(self) -> SurvivalStatus | None:
        return self.record.survival_status

    @strawberry.field(description="认定结果, as it followed.")
    def result(self) -> CertificationResult:
        return self.record.result

    @strawberry.field(description="Since when, for a FAIL.")
    def occurred_on(self) -> date | None:
        return self.record.occurred_on

    @strawberry.field(description="The moment of the act.")
    def at(self, info: Info) -> datetime:
        return self.record.at.astimezone(info.context.now.tzinfo)

    @strawberry.field(description="经办人: who answers for it; null where somebody certified themselves.")
    def handler_name(self) -> str | None:
        return self.record.handler_name

    @strawberry.field(description="The reason given.")
    def reason(self, info: Info) -> str | None:
        return info.context.words(self.record.reason)

    @strawberry.field(description="How a service window saw the person; null for every other act.")
    def presence(self) -> Presence | None:
        return self.record.presence

    @strawberry.field(description="The month of the verdict on which the unit acted.")
    def verdict_month(self) -> Month | None:
        return self.record.verdict_month


@dataclass(frozen=True, slots=True)
class _Entries(Generic[T, N]):
    """One of the lists of a history: what its cursors are for, where it is read, and what an entry is in the API."""

    name: str
    source: History[T]
    node: Callable[[Standing, int, T], N]


_VERDICTS = _Entries("verdicts", roster.verdicts, lambda person, _, verdict: Verdict(person, verdict))
_PERIODS = _Entries("periods", roster.periods, lambda person, at, period: CertificationPeriod(person.id, period, at))
_CERTIFICATIONS = _Entries(
    "certifications",
    roster.certifications,
    lambda person, at, act: Certification(beneficiary=person, position=at, record=act),
)


def verdicts_of(info: Info, beneficiary: Standing, asked: Asked) -> Loading[Uncounted[Verdict]]:
    """Newest first."""
    return _page(info, beneficiary, _VERDICTS, asked)


def periods_of(info: Info, beneficiary: Standing, asked: Asked) -> Loading[Uncounted[CertificationPeriod]]:
    """Newest first, each as it was opened."""
    return _page(info, beneficiary, _PERIODS, asked)


def certifications_of(info: Info, beneficiary: Standing, asked: Asked) -> Loading[Uncounted[Certification]]:
    """Newest first."""
    return _page(info, beneficiary, _CERTIFICATIONS, asked)


def _page(info: Info, beneficiary: Standing, of: _Entries[T, N], asked: Asked) -> Loading[Uncounted[N]]:
    places, node = Places(info, of.name, beneficiary.id), of.node
    part, loader = _brought(places, of, asked)

    def made(found: list[Item[T]]) -> Uncounted[N]:
        shows = found[: part.limit - 1]
        return shown(part, found, [Edge(places, (at,), node(beneficiary, at, value)) for at, value in shows])

    return Loading(loader, _moment((beneficiary.id, beneficiary.version)), made)


def _brought(places: Places, of: _Entries[T, N], asked: Asked) -> tuple[Part, Gathering]:
    """The part, and who brings it. Where no cursor is given both are the same for everybody, and found out once."""
    context = places.info.context
    if (known := context.asked.get((of.name, asked))) is not None:
        return known
    part = one_more(places, Window(*asked))
    found = part, context.history(of.source, part)
    if part.after is None and part.before is None:
        context.asked[of.name, asked] = found
    return found


async def entry(info: Info, beneficiary: Standing, source: History[T], at: int) -> T | None:
    """The entry of a person's history at exactly that position."""
    for position, value in await info.context.history(source, Part(1, at + 1)).load(
        Moment(beneficiary.id, beneficiary.version)
    ):
        return value if position == at else None
    return None
