"""People and units are warned: of each fact once, by whatever sender the service was given. Notice 三(一), 四(二)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from domain.audit import AuditAction, Told
from domain.warning import Audience, DeliveryState, Message, WarningKind, retry_after
from resolvers import audit
from resolvers.context import Context
from storage import outbox, warnings
from storage.database import Connection
from storage.outbox import Taken
from storage.parts import Part
from storage.warnings import Warned

_AT_ONCE = 20  # messages that a worker takes at a time
SHOWN = 20
"""How many of a person's warnings are shown, the newest."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it goes out. `recipient` is a phone number, or of a unit its 单位社保编号."""

    id: UUID
    kind: WarningKind
    audience: Audience
    recipient: str
    text: str
    at: datetime


class Sender(Protocol):
    """Something that delivers letters. The same id twice is one letter."""

    channel: str

    async def send(self, letter: Letter) -> str | None:
        """None where it was taken; else a short code of what went wrong, without anybody's data."""
        ...


Words = Callable[[Message], str]
"""A message in words: without links, names or ID numbers."""


@dataclass(frozen=True, slots=True)
class Delivered:
    sent: int = 0
    failed: int = 0


async def warn(context: Context) -> dict[str, int]:
    """Find who is to be warned as of today; how many people by kind. Repeatable: nobody is warned twice.

    They are warned in parts, each for good: whoever runs it again after an early end goes on with the others. What a
    false record of a death had withdrawn goes out after all.
    """
    async with context.begin() as transaction:
        await outbox.restore(transaction, context.policy, context.now)
    async with context.reading() as connection:
        parts = await warnings.whom(connection, context.policy, context.today)
    made: Counter[str] = Counter()
    for people in parts:
        made.update(await _warn(context, people))
    return dict(made)


async def _warn(context: Context, people: Sequence[int]) -> dict[str, int]:
    async with context.begin() as transaction:
        made = await warnings.warn(transaction, context.policy, context.today, context.now, people)
        if made:
            await audit.record(context, transaction, Told(AuditAction.WARNED, facts=made))
        return made


async def at_once(
    context: Context, transaction: Connection, kind: WarningKind, done: Sequence[tuple[int, int]]
) -> None:
    """Of what an act has done, in its own transaction: it goes out within a minute. The act's entry tells of both.

    An act that forgets this is found by `warn`, within the hour.
    """
    if done:
        await warnings.of_acts(transaction, context.policy, kind, done)


async def deliver(context: Context, sender: Sender, words: Words) -> Delivered:
    """Send what is waiting, and what failed before and is due again."""
    sent = failed = 0
    while taken := await _take(context):
        for one in taken:
            gone = await _deliver(context, sender, words, one)
            sent, failed = sent + gone, failed + (not gone)
    return Delivered(sent, failed)


async def give_up_stale(context: Context) -> int:
    """Close what nobody could send in time; how many messages."""
    async with context.begin() as transaction:
        return await outbox.give_up_stale(transaction, context.now)


async def _take(context: Context) -> list[Taken]:
    async with context.begin() as transaction:
        return await outbox.take(transaction, context.policy, context.today, context.now, _AT_ONCE)


async def _deliver(context: Context, sender: Sender, words: Words, taken: Taken) -> bool:
    """Whether it has gone out. What is sent was taken in a transaction before, and is written down in one after."""
    message = taken.message
    if taken.recorded_dead:
        return await _close(context, taken, DeliveryState.WITHDRAWN, None, "RECORDED_DEAD")
    if message.people == 0:
        return await _close(context, taken, DeliveryState.OVERTAKEN, None, None)
    recipient = taken.phone if message.audience is Audience.PERSON else taken.si_number
    if recipient is None:
        return await _close(context, taken, DeliveryState.GIVEN_UP, None, "NO_PHONE")
    letter = Letter(message.id, message.kind, message.audience, recipient, words(message), message.made_at)
    error = await sender.send(letter)
    if error is None:
        return await _close(context, taken, DeliveryState.SENT, sender.channel, None)
    return await _failed(context, taken, sender.channel, error)


async def _failed(context: Context, taken: Taken, channel: str, error: str) -> bool:
    pause = retry_after(taken.attempts)
    if pause is None:
        return await _close(context, taken, DeliveryState.GIVEN_UP, channel, error)
    async with context.begin() as transaction:
        await outbox.try_again(transaction, taken.message.id, context.now + pause, error, channel)
    return False


async def _close(context: Context, taken: Taken, state: DeliveryState, channel: str | None, error: str | None) -> bool:
    async with context.begin() as transaction:
        await outbox.close(transaction, taken.message.id, state, context.now, channel, error)
    return state is DeliveryState.SENT


class Inbox:
    """The sender of a demo: messages arrive in a table."""

    channel = "INBOX"

    def __init__(self, context: Context) -> None:
        self._context = context

    async def send(self, letter: Letter) -> str | None:
        async with self._context.begin() as transaction:
            await outbox.arrive(transaction, letter.id, letter.recipient, letter.text, letter.at)
        return None


async def arrived(context: Context, limit: int) -> list[tuple[str, str, datetime]]:
    """The newest messages of the inbox: to whom, what and when."""
    async with context.reading() as connection:
        return [(row["recipient"], row["text"], row["at"]) for row in await outbox.arrived(connection, limit)]


async def of_unit(context: Context, part: Part) -> list[Warned]:
    """The warnings of the people of the caller's unit, the newest first."""
    assert context.viewer.unit_id is not None  # only a UNIT asks
    async with context.reading() as connection:
        return await warnings.of_unit(connection, context.viewer.unit_id, part)


async def by_id(context: Context, ids: Sequence[int]) -> list[Warned | None]:
    async with context.reading() as connection:
        found = await warnings.by_id(connection, ids)
    return [found.get(id) for id in ids]


async def of_people(context: Context, ids: Sequence[int]) -> list[list[Warned]]:
    """The newest warnings of each, in one statement."""
    async with context.reading() as connection:
        found = await warnings.of_people(connection, ids, SHOWN)
    return [[one for one in found if one.beneficiary_id == id] for id in ids]
