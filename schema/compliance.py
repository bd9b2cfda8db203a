"""Compliance reviews and random draws in the API. Notice 四(四)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.compliance import AnswerAgainStatus, ReviewKind, ReviewOutcome, ReviewStatus
from domain.month import Month
from domain.vocabulary import Role
from resolvers import compliance, roster, signals
from schema import ids
from schema.connections import Connection, Listing, Places, Window, connection
from schema.context import Info
from schema.histories import Certification, entry
from schema.ids import Kind
from schema.node import Node
from storage.compliance import Chosen, Review
from storage.histories import month_number
from storage.rechecks import Draw

if TYPE_CHECKING:
    from schema.beneficiaries import Beneficiary
    from schema.units import Unit

REVIEWERS = (Role.OFFICER, Role.AUDITOR)


@strawberry.type(description="What a unit is asked to state anew.")
class AnswerAgain:
    id: strawberry.ID = strawberry.field(description="Its own id: the person's.")
    answer_by: date = strawberry.field(description="By when.")
    reason: str = strawberry.field(description="Why the PASS had no ground.")


@strawberry.type(description="A figure behind a review.")
class ReviewFact:
    id: strawberry.ID = strawberry.field(description="Its own id: the review's figure of that name.")
    name: str = strawberry.field(description="What it is: rows, seconds, people, units, acts, handler or kind.")
    value: str = strawberry.field(description="Its value.")


@strawberry.type(description="An act, a unit's month or a handler that the agency looks at. Notice 四(四).")
class ComplianceReview(Node):
    review: strawberry.Private[Review]

    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(ids.encode(Kind.COMPLIANCE_REVIEW, self.review.id))

    @strawberry.field(description="Why the agency looks.")
    def kind(self) -> ReviewKind:
        return self.review.kind

    @strawberry.field(description="How it stands.")
    def status(self) -> ReviewStatus:
        return self.review.status

    @strawberry.field(description="The unit whose act it is about.")
    async def unit(self, info: Info) -> Annotated[Unit, strawberry.lazy("schema.units")]:
        from schema.units import Unit

        found = await info.context.units.load(self.review.unit_id)
        assert found is not None  # whoever sees the review sees the unit
        return Unit(unit=found)

    @strawberry.field(description="The month of the acts that it is about.")
    def month(self) -> Month:
        return self.review.month

    @strawberry.field(description="Whom it is about; null for a signal about a whole unit.")
    async def beneficiary(self, info: Info) -> Annotated[Beneficiary, strawberry.lazy("schema.beneficiaries")] | None:
        from schema.beneficiaries import Beneficiary

        id = self.review.beneficiary_id
        found = None if id is None else await info.context.beneficiaries.load(id)
        return Beneficiary(found) if found else None

    @strawberry.field(description="The PASS that it is about; null for a signal about a whole unit.")
    async def certification(self, info: Info) -> Certification | None:
        id, version = self.review.beneficiary_id, self.review.version
        row = None if id is None else await info.context.beneficiaries.load(id)
        if row is None or version is None:
            return None
        act = await entry(info, row, roster.certifications, version)
        return Certification(beneficiary=row, position=version, record=act) if act else None

    @strawberry.field(description="The figures behind it.")
    def facts(self) -> list[ReviewFact]:
        return [
            ReviewFact(id=ids.part("ReviewFact", self.review.id, text=name), name=name, value=value)
            for name, value in sorted(self.review.facts.items())
        ]

    @strawberry.field(description="When it was opened.")
    def opened_at(self, info: Info) -> datetime:
        return self.review.opened_at.astimezone(info.context.now.tzinfo)

    @strawberry.field(description="What the officer found.")
    def outcome(self) -> ReviewOutcome | None:
        return self.review.outcome

    @strawberry.field(description="Why.")
    def reason(self, info: Info) -> str | None:
        return info.context.words(self.review.reason)

    @strawberry.field(description="The officer's account.")
    def decided_by(self) -> str | None:
        return self.review.decided_by

    @strawberry.field(description="When it was decided.")
    def decided_at(self, info: Info) -> datetime | None:
        at = self.review.decided_at
        return None if at is None else at.astimezone(info.context.now.tzinfo)

    @strawberry.field(description="By when the unit is to state anew what it passed without ground.")
    def answer_by(self) -> date | None:
        return self.review.answer_by

    @strawberry.field(description="Whether it has; null where it is asked nothing.")
    def answer_again(self, info: Info) -> AnswerAgainStatus | None:
        return self.review.answer_again(info.context.today)


@strawberry.type(
    description="A random draw of a district's passes of a month. Drawn are the `size` people with the smallest"
    " SHA-256 of `seed:id`, the id being the row's number."
)
class RecheckDraw(Node):
    draw: strawberry.Private[Draw]

    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(ids.encode(Kind.RECHECK_DRAW, self.draw.number))

    @strawberry.field(description="The month of the passes.")
    def month(self) -> Month:
        return self.draw.month

    @strawberry.field(description="The district.")
    def district(self) -> str:
        return self.draw.district

    @strawberry.field(description="By which it was drawn.")
    def seed(self) -> str:
        return self.draw.seed

    @strawberry.field(description="The margin of error of the sample.")
    def margin(self) -> float:
        return self.draw.margin

    @strawberry.field(description="How surely the share lies within the margin.")
    def confidence(self) -> float:
        return self.draw.confidence

    @strawberry.field(description="How many people were passed.")
    def population(self) -> int:
        return self.draw.population

    @strawberry.field(description="How many of them were drawn.")
    def size(self) -> int:
        return self.draw.size

    @strawberry.field(description="When.")
    def drawn_at(self, info: Info) -> datetime:
        return self.draw.drawn_at.astimezone(info.context.now.tzinfo)

    @strawberry.field(description="Whether the seed, drawn again from the history, names those whom the reviews name.")
    async def holds(self, info: Info) -> bool:
        return await signals.holds(info.context, self.draw)


async def reviews_page(info: Info, chosen: Chosen, window: Window) -> Connection[ComplianceReview]:
    """In the order in which they were opened."""
    found = Listing[Review](
        lambda part: compliance.page(info.context, chosen, part),
        lambda review: review.id,
        lambda: compliance.total(info.context, chosen),
    )
    return await connection(Places(info, "reviews"), window, found, lambda one: ComplianceReview(review=one))


async def draws_page(info: Info, month: Month, window: Window) -> Connection[RecheckDraw]:
    """In the order in which they were drawn."""
    draws = Listing[Draw](
        lambda part: signals.draws(info.context, month, part),
        lambda draw: draw.number,
        lambda: signals.count_draws(info.context, month),
    )
    places = Places(info, "draws", month_number(month))
    return await connection(places, window, draws, lambda draw: RecheckDraw(draw=draw))
