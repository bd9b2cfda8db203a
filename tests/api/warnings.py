"""What the tests of warnings share: how one is asked for, a post that keeps what it is given, and one that dies."""

from __future__ import annotations

import asyncio

from domain.month import Month
from resolvers import warnings
from resolvers.warnings import Letter
from schema import messages
from tests.api.scenes import Person, qualified
from tests.world import World

WARNINGS = """{ warnings(first: 50) { edges { node { kind month text warnedOn beneficiary { id }
    delivery { state channel attempts lastError } } } } }"""


OWN = "{ benefits { warnings { kind month text warnedOn delivery { state attempts } } } }"


class Killing(Exception):
    """The worker ends here."""


class Post:
    """A sender that keeps what it was given, and fails as it is told."""

    channel = "WEBHOOK"

    def __init__(self, *failures: str) -> None:
        self.letters: list[Letter] = []
        self.failures = list(failures)

    async def send(self, letter: Letter) -> str | None:
        self.letters.append(letter)
        await asyncio.sleep(0)
        return self.failures.pop(0) if self.failures else None


async def warned(world: World) -> list[tuple[str, str, int]]:
    """Warn as of today; every warning there is, as kind, month and person."""
    await warnings.warn(world.context())
    rows = await world.owner.fetch("SELECT kind, month, beneficiary_id FROM warnings ORDER BY id")
    return [(row["kind"], str(Month.of(row["month"])), row["beneficiary_id"]) for row in rows]


async def sent(world: World, post: Post) -> list[str]:
    """What went out now, by kind."""
    await warnings.deliver(world.context(), post, messages.warning)
    return [letter.kind.value for letter in post.letters]


async def suspended(world: World, status: str) -> Person:
    """Failed on 20 June, out of a QUALIFIED verdict."""
    [person] = await qualified(world)
    fail = {"beneficiaryId": person.node, "survivalStatus": status, "occurredOn": "2019-06-10"}
    await world.at("2019-06-20").act("overrideVerdict", fail)
    return person


async def overtaken(world: World) -> None:
    """Nothing goes out of what was written down before, and its delivery says why."""
    post = Post()
    assert await sent(world, post) == []
    assert await world.owner.fetchval("SELECT string_agg(DISTINCT state, ' ') FROM messages") == "OVERTAKEN"
