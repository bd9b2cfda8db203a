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
from resolvers.runs import Shown
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
    """Conclude the month's verdicts from the evidence. Repeatable until its publication begins."""
    _require_ended(context, month)
    policy = policy_of(context, month)
    async with runs.told(context, RunKind.ASSESS, month) as run, context.begin() as transaction:
        at = await batches.enter(transaction, context.now)
        if await publication.is_published(transaction, month):
            raise Refused(f"{month} is published; its verdicts stand")
        if await publication.unfinished(transaction) == month:
            raise Refused(f"{month} is published in part; its verdicts stand; run: publish {month}")
        run.begin()
        conclusions = await assessment.assess(transaction, month, policy, at)
        await audit.record(context, transaction, _run(AuditAction.ASSESSED, month, **conclusions))
        run.advance(people := sum(conclusions.values()), people)
        return Assessed(month, conclusions)


async def publish(
    context: Context, month: Month, *, release: bool = False, progress: Shown = lambda done, all: None
) -> Published:
    """Publish the assessed month from the publication day of the next month on. Twice changes nothing.

    It begins, goes on with some people after the other and is finished, each in a transaction of its own: what ends
    early goes on there when it is asked for again.
    """
    _require_ended(context, month)
    policy = policy_of(context, month)
    opens = (month + 1).day(policy.publication_day)
    if context.today < opens:
        raise Refused(f"the verdicts of {month} are published from {opens} on; today is {context.today}")
    async with (
        runs.told(context, RunKind.PUBLISH, month) as run,
        batches.turn(context.database, batches.PUBLISHING),
    ):
        if not await _begin(context, month, policy, run, release=release):
            return Published(month, earlier=True)
        advance = run.also(progress)
        while part := await _publish_part(context, month, policy):
            advance(part.last, part.end)
        published = await _finish(context, month)
        run.advance(published.people, published.people)
        return published


async def _begin(context: Context, month: Month, policy: Policy, run: runs.Progress, *, release: bool) -> bool:
    """Whether the publication has begun, now or earlier, and is to go on; False where it is finished.

    At one moment, so that what is concluded about somebody is of the version of the row that is written down beside it.
    """
    async with context.begin(at_one_moment=True) as transaction:
        at = await batches.enter(transaction, context.now)
        if await publication.is_published(transaction, month):
            return False
        going_on = await publication.unfinished(transaction)
        if going_on not in (month, None):
            raise Refused(f"the publication of {going_on} is not finished; run first: publish {going_on}")
        if going_on is None and not await assessment.is_assessed(transaction, month):
            raise Refused(f"{month} is not assessed; run: assess {month}")
        run.begin()
        if going_on is None:
            await _conclude(context, transaction, month, policy, at, release=release)
        return True


async def _conclude(
    context: Context, transaction: Connection, month: Month, policy: Policy, at: datetime, *, release: bool
) -> None:
    """Conclude once more, because records, marks, answers and people may have come since: that is what is published."""
    await assessment.conclude(transaction, month, policy)
    turning = await publication.turning(transaction)
    if not release and brakes(turning, policy):
        raise Refused(
            f"held: {turning.disqualified} of {turning.people} people would turn DISQUALIFIED, more than "
            f"{policy.brake_share:.1%}; look at the evidence, then run: publish {month} --release"
        )
    await publication.begin(transaction, month, context.today, at)
    figures = {"people": turning.people, "disqualified": turning.disqualified, "released": release}
    await audit.record(context, transaction, _run(AuditAction.PUBLICATION_BEGUN, month, **figures))


async def _publish_part(context: Context, month: Month, policy: Policy) -> publication.Part | None:
    """Publish for the next people; who they were, or None where nobody is left."""
    async with context.begin() as transaction:
        at = await batches.enter(transaction, context.now)
        part = await publication.next_part(transaction, month, context.today)
        if part is not None:
            await publication.publish_part(transaction, month, policy, part, at)
        return part


async def _finish(context: Context, month: Month) -> Published:
    """Tell that the month is published, unless somebody has done so who did not wait for this one's end."""
    async with context.begin() as transaction:
        at = await batches.enter(transaction, context.now)
        if await publication.is_published(transaction, month):
            return Published(month, earlier=True)
        people, renewed = await publication.finish(transaction, month, at)
        await audit.record(context, transaction, _run(AuditAction.PUBLISHED, month, people=people, renewed=renewed))
        await events.tell_verdicts(transaction, month, context.now)
        return Published(month, people, renewed)


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
