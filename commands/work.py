"""`work`: what has to be done from time to time, for as long as the service runs."""

from __future__ import annotations

import asyncio
import time
from argparse import Namespace
from dataclasses import replace
from datetime import timedelta

from resolvers import upkeep
from resolvers.context import Context

HOURLY = 3600  # seconds


async def work(context: Context, arguments: Namespace) -> None:
    """Run the upkeep now and every hour, until it is stopped; with `--once`, now."""
    began = time.monotonic()
    while True:
        now = context.now + timedelta(seconds=time.monotonic() - began)
        sealed = await upkeep.run(replace(context, now=now))
        if sealed.days and sealed.newest:
            print(f"{sealed.days} days sealed; root of {sealed.newest.day}: {sealed.newest.root.hex()}", flush=True)
        if arguments.once:
            return
        await asyncio.sleep(HOURLY)
