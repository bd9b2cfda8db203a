"""The monthly run: assess a month, publish it. Notice 一(三), 一(四)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import MAXYEAR, datetime, timedelta

from domain.audit import AuditAction, Told
from domain.month import Month
from domain.policy import Policy, PolicyError
from domain.text import is_blank
from resolvers import audit, runs
from resolvers.context import Context
from resolvers.errors import Refused
from storage import assessment, batches, events, evidence, publication
from storage.database import Connection
from storage.events import RunKind


@dataclass(frozen=True, slots=True)
class Assessed:
    month: Month
    conclusions: dict[str, int]
    """People by conclusion."""


@dataclass(frozen=True, slots=True)
class Published:
    month: Month
    people: int = 0
    renewed: int = 0
    earlier: bool = False
    """It had been published before; nothing was done."""


async def assess(context: Context, month: Month) -> Assessed:
    """Conclude the month's verdicts from the evidence. Repeatable until published."""
    _require_ended(context, month)
    policy = policy_of(context, month)
    async with runs.told(context, RunKind.ASSESS, month) as run, context.begin() as transaction:
        at = await batches.enter(transaction, context.now)
        if await assessment.is_published(transaction, month):
            raise Refused(f"{month} is published; its verdicts stand")
        run.begin()
        conclusions = await assessment.assess(transaction, month, policy, at)
        await audit.record(context, transaction, _run(AuditAction.ASSESSED, month, **conclusions))
        run.advance(people := sum(conclusions.values()), people)
        return Assessed(month, conclusions)


async def publish(context: Context, month: Month, *, release: bool = False) -> Published:
    """Publish the assessed month from the publication day of the next month on. Twice changes nothing."""
    _require_ended(context, month)
    policy = policy_of(context, month)
    opens = (month + 1).day(policy.publication_day)
    if context.today < opens:
        raise Refused(f"the verdicts of {month} are published from {opens} on; today is {context.today}")
    async with runs.told(context, RunKind.PUBLISH, month) as run, context.begin() as transaction:
        at = await batches.enter(transaction, context.now)
        if await assessment.is_published(transaction, month):
            return Published(month, earlier=True)
        if not await assessment.is_assessed(transaction, month):
            raise Refused(f"{month} is not assessed; run: assess {month}")
        run.begin()
        published = await _publish(context, transaction, month, policy, at, release=release)
        run.advance(published.people, published.people)
        return published


async def _publish(
    context: Context, transaction: Connection, month: Month, policy: Policy, at: datetime, *, release: bool
) -> Published:
    """Conclude once more, because records, marks, answers and people may have come since, and publish that."""
    await assessment.assess(transaction, month, policy, at)
    turning = await publication.turning(transaction, month)
    if not release and brakes(turning, policy):
        raise Refused(
            f"held: {turning.disqualified} of {turning.people} people would turn DISQUALIFIED, more than "
            f"{policy.brake_share:.1%}; look at the evidence, then run: publish {month} --release"
        )
    renewed = await publication.publish(transaction, month, policy, context.today, at)
    told = _run(AuditAction.PUBLISHED, month, people=turning.people, renewed=renewed, released=release)
    await audit.record(context, transaction, told)
    await events.tell_verdicts(transaction, month, context.now)
    return Published(month, turning.people, renewed)


def _run(action: AuditAction, month: Month, **figures: int) -> Told:
    return Told(action, facts={"month": str(month), **figures})


def _require_ended(context: Context, month: Month) -> None:
    if context.today <= month.last_day:
        follows = month.last_day + timedelta(days=1) if month.year < MAXYEAR else "its end"
        raise Refused(f"{month} has not ended; it can be assessed from {follows} on")


def brakes(turning: publication.Turning, policy: Policy) -> bool:
    """Whether so many turn DISQUALIFIED at once that the data is the likelier culprit."""
    many = turning.disqualified > policy.brake_share * turning.people
    return many and turning.disqualified >= policy.brake_minimum


def policy_of(context: Context, month: Month) -> Policy:
    try:
        return context.book.of(month)
    except PolicyError as error:
        raise Refused(f"{month}: {error}") from error


async def find_wrong(context: Context, source: str, reference: str, reason: str) -> None:
    """The agency has found a record wrong: no later assessment uses it. Notice 三(四)."""
    if is_blank(reason):
        raise Refused("say why the record is wrong: the reason is kept with it")
    async with context.begin() as transaction:
        at = await batches.enter(transaction, context.now)
        found = await evidence.find_wrong(transaction, source, reference, reason, at)
        if found is None:
            raise Refused("there is no record with this source and reference")
        if not found:
            raise Refused("the record was found wrong before")
        facts = {"source": source, "record": context.gate.sealer.fingerprint("record", reference)}
        await audit.record(context, transaction, Told(AuditAction.FOUND_WRONG, facts=facts))
