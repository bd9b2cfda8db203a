"""`assess`, `publish` and what an operator needs beside them."""

from __future__ import annotations

from argparse import Namespace

from commands.progress import working
from resolvers import batch, check
from resolvers.context import Context
from resolvers.errors import Refused


async def assess(context: Context, arguments: Namespace) -> None:
    with working(f"assessing {arguments.month}"):
        assessed = await batch.assess(context, arguments.month)
    counts = ", ".join(f"{people} {conclusion}" for conclusion, people in sorted(assessed.conclusions.items()))
    print(f"{assessed.month}: {counts or 'nobody to assess'}")


async def publish(context: Context, arguments: Namespace) -> None:
    with working(f"publishing {arguments.month}"):
        published = await batch.publish(context, arguments.month, release=arguments.release)
    if published.earlier:
        print(f"{published.month}: was published before; nothing changed")
        return
    print(f"{published.month}: {published.people} verdicts published, {published.renewed} periods renewed")


async def found_wrong(context: Context, arguments: Namespace) -> None:
    await batch.find_wrong(context, arguments.source, arguments.reference, arguments.reason)
    print("the record counts no more")


async def verify_standings(context: Context, _: Namespace) -> None:
    with working("telling every life again"):
        result = await check.standings(context)
    if result.differing:
        shown = ", ".join(map(str, result.differing[:20]))
        raise Refused(f"{len(result.differing)} of {result.people} rows differ from their history: {shown}")
    print(f"{result.people} rows equal their history")
