"""`work`: what has to be done from time to time, for as long as the service runs."""

from __future__ import annotations

import asyncio
import time
from argparse import Namespace
from dataclasses import replace
from datetime import timedelta

import asyncpg

from commands import demonstration
from commands.senders import sender_of
from resolvers import upkeep, warnings
from resolvers.calendar import Calendar
from resolvers.context import Context
from resolvers.warnings import Sender
from schema import messages
from settings import Settings
from web import log

HOURLY = 3600  # seconds
UNREACHABLE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError)
_EACH = 60  # seconds: how soon a message that failed is tried again


async def work(context: Context, arguments: Namespace) -> None:
    """Run the calendar, the warnings and the upkeep now and every hour, until it is stopped; with `--once`, now."""
    sender = sender_of(Settings.read(), context, demo=await demonstration.is_there(context))
    calendar = Calendar() if arguments.calendar == "on" else None
    began, worked = time.monotonic(), -float(HOURLY)
    while True:
        passed = time.monotonic() - began
        now = replace(context, now=context.now + timedelta(seconds=passed))
        try:
            if passed - worked >= HOURLY:
                await _hourly(now, calendar)
                worked = passed
            if sender is not None:
                await _deliver(now, sender)
        except UNREACHABLE as error:
            if arguments.once:
                raise
            log.failure(error)  # a database that restarts is tried again a minute later
        if arguments.once:
            return
        await asyncio.sleep(_EACH)


async def _hourly(context: Context, calendar: Calendar | None) -> None:
    if calendar is not None:
        for line in await calendar.run(context):
            _say(line)
        if warned := await warnings.warn(context):
            _say("warned: " + ", ".join(f"{people} {kind}" for kind, people in sorted(warned.items())))
    sealed = await upkeep.run(context)
    if sealed.days and sealed.newest:
        _say(f"{sealed.days} days sealed; root of {sealed.newest.day}: {sealed.newest.root.hex()}")


async def _deliver(context: Context, sender: Sender) -> None:
    delivered = await warnings.deliver(context, sender, messages.warning)
    stale = await warnings.give_up_stale(context)
    if delivered.sent or delivered.failed or stale:
        _say(f"messages: {delivered.sent} sent, {delivered.failed} not, {stale} too old")


async def inbox(context: Context, arguments: Namespace) -> None:
    """Show what has arrived in the demo's inbox, the newest first."""
    for recipient, text, at in await warnings.arrived(context, arguments.number):
        _say(f"{at.astimezone(context.now.tzinfo):%Y-%m-%d %H:%M}  {recipient}  {text}")


def _say(line: str) -> None:
    print(line, flush=True)
