"""`work`: what has to be done from time to time, for as long as the service runs."""

from __future__ import annotations

import asyncio
import time
from argparse import Namespace
from dataclasses import replace
from datetime import timedelta

import asyncpg
import structlog

from resolvers import upkeep
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.sealing import NEXT, midnight

SUPERVISOR = "RENZHENG_SUPERVISOR"
"""The process that started the workers. They end with it: an orphan would keep the port, and one's database alive."""
REGULARLY = timedelta(hours=1)
_AFTER_MIDNIGHT = timedelta(seconds=1)


async def work(context: Context, arguments: Namespace) -> None:
    """Run the upkeep now, every hour and after midnight, until it is stopped; with `--once`, now."""
    began = time.monotonic()
    while True:
        now = context.now + timedelta(seconds=time.monotonic() - began)
        turn = replace(context, now=now)
        if arguments.once:
            return await _turn(turn)
        await _patiently(turn)
        await asyncio.sleep(pause(turn).total_seconds())


def pause(turn: Context) -> timedelta:
    """Until the next turn: an hour, or until the day is over and can be sealed."""
    return min(REGULARLY, midnight(turn, turn.today + NEXT) + _AFTER_MIDNIGHT - turn.now)


async def _turn(context: Context) -> None:
    sealed = await upkeep.run(context)
    if sealed.days and sealed.newest:
        print(f"{sealed.days} days sealed; root of {sealed.newest.day}: {sealed.newest.root.hex()}", flush=True)


async def _patiently(context: Context) -> None:
    """What fails now may be done in an hour; that it failed is in the log."""
    try:
        await _turn(context)
    except Refused as refused:
        structlog.get_logger().error("upkeep refused", why=str(refused))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        structlog.get_logger().error("upkeep failed", error=type(error).__qualname__)
