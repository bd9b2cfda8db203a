"""Compliance reviews: read them, decide them. Notice 四(四)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pydantic import TypeAdapter

from domain import compliance
from domain.audit import AuditAction, Told, Values, attempt
from domain.compliance import Finding, ReviewStatus
from domain.refusal import ErrorCode, Refusal
from domain.standing import Standing
from resolvers import audit, events
from resolvers.context import Context
from resolvers.once import once
from storage import accounts, standings
from storage import compliance as reviews
from storage.compliance import Asked, Chosen, Decided, Review
from storage.database import Connection
from storage.parts import Part


@dataclass(frozen=True, slots=True)
class ReviewDecision:
    """The review as it now stands, or why nothing was saved."""

    review: Review | None = None
    refusals: tuple[Refusal, ...] = ()


_FORM = TypeAdapter(ReviewDecision)


async def decide(context: Context, id: int | None, finding: Finding, key: str | None) -> ReviewDecision:
    """Say whether a pass was in order. Of one without ground the unit is asked anew; nobody's payment stops by it."""
    tried = attempt("decideComplianceReview", None, review=id)
    asked = {"act": "decideComplianceReview", "review": id, **asdict(finding)}
    return await once(
        context, key, asked, tried, lambda transaction: _decide(context, transaction, id, finding), _FORM, _refusing
    )


async def page(context: Context, chosen: Chosen, part: Part) -> list[Review]:
    async with context.reading() as connection:
        return await reviews.listed(connection, context.scope, chosen, context.today, part)


async def total(context: Context, chosen: Chosen) -> int:
    async with context.reading() as connection:
        return await reviews.total(connection, context.scope, chosen, context.today)


async def by_id(context: Context, ids: Sequence[int]) -> list[Review | None]:
    async with context.reading() as connection:
        found = await reviews.by_id(connection, ids)
    return [found.get(id) for id in ids]


async def asked_of(context: Context, ids: Sequence[int]) -> list[Asked | None]:
    async with context.reading() as connection:
        found = await reviews.asked_of(connection, ids)
    return [found.get(id) for id in ids]


async def _decide(context: Context, transaction: Connection, id: int | None, finding: Finding) -> ReviewDecision:
    review = None if id is None else await reviews.locked(transaction, id)
    if review is None:
        return _refusing(Refusal(ErrorCode.NOT_FOUND, ("input", "reviewId"), about="review"))
    if refusals := await _obstacles(context, transaction, review, finding):
        return ReviewDecision(refusals=tuple(refusals))
    await _found(context, transaction, review, finding)
    return ReviewDecision((await reviews.by_id(transaction, [review.id]))[review.id])


async def _obstacles(context: Context, transaction: Connection, review: Review, finding: Finding) -> list[Refusal]:
    return compliance.finding_obstacles(
        finding,
        decided=review.status is ReviewStatus.DECIDED,
        own=await accounts.is_about_caller(transaction, review.beneficiary_id),
        own_act=await reviews.is_of_act_by(transaction, review, context.viewer.account_id),
        opened_on=review.opened_at.astimezone(context.now.tzinfo).date(),
        today=context.today,
    )


async def _found(context: Context, transaction: Connection, review: Review, finding: Finding) -> None:
    """Write the finding down; of a pass without ground the unit is told that its row has changed."""
    of_an_act = review.beneficiary_id is not None
    answer_by = compliance.answer_by(finding, of_an_act=of_an_act, policy=context.policy, today=context.today)
    row = await _row(transaction, review) if answer_by else None
    version = row.version if row else None
    said = Decided(finding, context.viewer.account_id, context.now, answer_by, version)
    await reviews.decide(transaction, review.id, said)
    # In the agency's own chain: whom it has investigated is not the unit's to read.
    facts: Values = {"review": review.id, "unit": review.unit_id, "kind": review.kind, "outcome": finding.outcome}
    told = Told(AuditAction.REVIEW_DECIDED, None, review.beneficiary_id, facts=facts)
    await audit.record(context, transaction, told)
    if row is not None:
        await events.roster_changed(context, transaction, row.unit_id, [row.id])


async def _row(transaction: Connection, review: Review) -> Standing:
    """The person's row as the unit is asked about it, locked: an act that came before is no answer."""
    assert review.beneficiary_id is not None
    row = await standings.lock(transaction, review.beneficiary_id)
    assert row is not None  # who sees the review sees the person
    return row


def _refusing(refusal: Refusal) -> ReviewDecision:
    return ReviewDecision(refusals=(refusal,))
