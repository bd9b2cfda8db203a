"""Whether every row says what its history says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.history import replay
from domain.vocabulary import Method
from resolvers.context import Context
from storage import lives

CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Checked:
    people: int
    differing: list[int]
    """The ids of the rows that differ."""


async def standings(context: Context) -> Checked:
    """Tell every life again from its facts and compare: the standing, the periods opened, the periods in force."""
    people, differing, after = 0, [], 0
    async with context.snapshot() as connection:
        while chunk := await lives.after(connection, after, CHUNK):
            after = chunk[-1].standing.id
            people += len(chunk)
            differing += [life.standing.id for life in chunk if not _holds(life, context)]
    return Checked(people, differing)


def _holds(held: lives.Held, context: Context) -> bool:
    if not held.granted or held.granted[0].method is not Method.ENROLMENT:
        return False  # nobody is here without having been enrolled
    told = replay(held.at_enrolment(), held.granted[0], held.facts, context.book)
    standing = replace(told.standing, contact=held.standing.contact, version=held.standing.version)
    return (
        standing == held.standing
        and held.conclusion == (standing.verdict.conclusion if standing.verdict else None)
        and told.standing.version <= held.standing.version
        and told.granted == held.granted
        and told.in_force == held.in_force
        and told.suspensions == held.suspensions
    )
