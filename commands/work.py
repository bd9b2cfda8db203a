"""`work`: what has to be done from time to time, for as long as the service runs."""

from __future__ import annotations

import asyncio
import time
from argparse import Namespace
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta

import structlog

from commands import demonstration
from commands.senders import sender_of
from resolvers import upkeep, warnings, witness
from resolvers.calendar import Calendar
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.sealing import NEXT, midnight
from resolvers.warnings import Sender
from schema import messages
from schema.languages import DEFAULT, speaking
from settings import Settings
from storage.database import TROUBLE
from web import log

SUPERVISOR = "RENZHENG_SUPERVISOR"
"""The process that started the workers. They end with it: an orphan would keep the port, and one's database alive."""
REGULARLY = timedelta(hours=1)
_AFTER_MIDNIGHT = timedelta(seconds=1)
_EACH = timedelta(minutes=1)
"""How soon a message that waits is sent, and what failed is tried again."""


async def work(context: Context, arguments: Namespace) -> None:
    """A turn now, every hour and after midnight, and messages every minute, until it is stopped; `--once`: now."""
    sender = sender_of(Settings.read(), context, demo=await demonstration.is_there(context))
    calendar = Calendar() if arguments.calendar == "on" else None
    began, due = time.monotonic(), context.now
    while True:
        now = replace(context, now=context.now + timedelta(seconds=time.monotonic() - began))
        if arguments.once:
            return await _once(now, calendar, sender)
        if now.now >= due and await _patiently(_turn(now, calendar)):
            due = now.now + pause(now)
        if sender is not None:
            await _patiently(_deliver(now, sender))
        left = due - now.now
        await asyncio.sleep((left if timedelta(0) < left < _EACH else _EACH).total_seconds())


def pause(turn: Context) -> timedelta:
    """Until the next turn: an hour, or until the day is over and can be sealed."""
    return min(REGULARLY, midnight(turn, turn.today + NEXT) + _AFTER_MIDNIGHT - turn.now)


async def _once(context: Context, calendar: Calendar | None, sender: Sender | None) -> None:
    await _turn(context, calendar)
    if sender is not None:
        await _deliver(context, sender)


async def _turn(context: Context, calendar: Calendar | None) -> None:
    if calendar is not None:
        for line in await calendar.run(context):
            _say(line)
        if warned := await warnings.warn(context):
            _say("warned: " + ", ".join(f"{people} {kind}" for kind, people in sorted(warned.items())))
    sealed = await upkeep.run(context)
    if sealed.days and sealed.newest:
        _say(f"{sealed.days} days sealed; root of {sealed.newest.day}: {sealed.newest.root.hex()}")
    _say(f"witness of the audit trail: {await witness.take(context)}")


async def _deliver(context: Context, sender: Sender) -> None:
    stale = await warnings.give_up_stale(context)
    with speaking(DEFAULT):  # whoever is written to has asked for no other language
        delivered = await warnings.deliver(context, sender, messages.warning)
    if delivered.sent or delivered.failed or stale:
        _say(f"messages: {delivered.sent} sent, {delivered.failed} not, {stale} too old")


async def _patiently(turn: Awaitable[None]) -> bool:
    """Whether it went well. What fails now may be done in a minute; that it failed is in the log."""
    try:
        await turn
    except Refused as refused:
        structlog.get_logger().error("work refused", why=str(refused))
    except TROUBLE as error:
        log.failure(error)
    else:
        return True
    return False


async def inbox(context: Context, arguments: Namespace) -> None:
    """Show what has arrived in the demo's inbox, the newest first."""
    for recipient, text, at in await warnings.arrived(context, arguments.number):
        _say(f"{at.astimezone(context.now.tzinfo):%Y-%m-%d %H:%M}  {recipient}  {text}")


def _say(line: str) -> None:
    print(line, flush=True)
