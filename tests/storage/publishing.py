"""A month of eight people of every fate, published in parts, and all that a publication leaves behind."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from domain.month import Month
from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from resolvers import batch
from resolvers.batch import Published
from storage import publication
from tests.emptied import emptied
from tests.world import BUREAU, SCHOOL, World

MAY = Month(2019, 5)
LIFE: tuple[tuple[str, str, str | None], ...] = (
    (SCHOOL, "RETIREE", "2019-03-11"),  # QUALIFIED, renews 2019-03..2020-03
    (BUREAU, "RETIREE", None),  # PENDING
    (SCHOOL, "RETIREE", None),  # DISQUALIFIED
    (SCHOOL, "RETIREE", "2019-05-20"),  # terminated before it begins: nothing is due
    (BUREAU, "RETIREE", "2019-04-01"),  # failed before: QUALIFIED, and not renewed
    (SCHOOL, "SURVIVOR", "2019-05-10"),  # QUALIFIED, renews 2019-05..2019-11
    (BUREAU, "RETIREE", "2018-12-15"),  # QUALIFIED, and the running period ends as late
    (SCHOOL, "RETIREE", "2019-05-25"),  # QUALIFIED, renews 2019-05..2020-05
)
"""Unit, category and last sign of life of the people 1 to 8, all in a period since 2018-12."""
DUE = 7
TERMINATED, FAILED = 4, 5


class Interrupted(Exception):
    """The process ends here."""


def in_parts_of(patch: pytest.MonkeyPatch, people: int) -> None:
    patch.setattr(publication, "CHUNK", people)


async def assessed(world: World) -> None:
    """An empty database is filled, and on 4 June 2019 May is assessed."""
    await emptied(world.owner)
    await world.at("2019-05-31").units(SCHOOL, BUREAU)
    for serial, (unit, category, life) in enumerate(LIFE, start=1):
        await world.enrol(serial, unit=unit, category=category, certified_in="2018-12")
        if life is not None:
            await world.evidence(serial, "rail_travel", life)
    await world.evidence(3, "cremation", "2019-05-02", "justice")
    world.at("2019-06-03")
    dead = SurvivalStatus.DECEASED
    await world.submit(Act.TERMINATE, TERMINATED, status=dead, since="2019-06-01")
    await world.submit(Act.OVERRIDE, FAILED, status=dead, since="2019-06-01", as_=BUREAU)
    await world.at("2019-06-04").assess("2019-05")


async def published(world: World) -> Published:
    return await batch.publish(world.context(), MAY)


async def interrupted(world: World, parts: int, month: Month = MAY, *, release: bool = False) -> None:
    """Publish so many parts of the month, and end; where there are fewer, it is finished."""
    left = parts

    def end(*_: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Interrupted

    with suppress(Interrupted):
        await batch.publish(world.context(), month, release=release, progress=end)


LEFT = {
    "verdicts": "SELECT * FROM verdicts ORDER BY beneficiary_id, month",
    "rows": "SELECT * FROM beneficiaries ORDER BY id",
    "periods": """SELECT beneficiary_id, version, start_month, end_month, method, in_force FROM certification_periods
                  ORDER BY 1, 2""",
    "publications": """SELECT month, published_on, assessed_at, at, through, people, renewed FROM publications
                       ORDER BY 1""",
    "unfinished": "SELECT count(*) FROM publications WHERE finished_at IS NULL",
    "drafts": "SELECT (SELECT count(*) FROM verdicts_due), (SELECT count(*) FROM draft_verdicts),"
    " (SELECT count(*) FROM assessments)",
    "told": "SELECT unit_id, number, month FROM events WHERE topic = 'VERDICTS' ORDER BY 1, 2",
    "recorded": "SELECT action, body FROM audit_entries WHERE action LIKE 'PUBLI%' ORDER BY id",
}


async def left_by(world: World) -> dict[str, Any]:
    """All that a publication writes, but the instants at which its parts were."""
    return {name: [tuple(row) for row in await world.owner.fetch(statement)] for name, statement in LEFT.items()}


async def verdicts(world: World) -> dict[int, tuple[int, str, date | None]]:
    """By person: the version that the verdict made, the conclusion, and the later day of its publication."""
    rows = await world.owner.fetch("SELECT beneficiary_id, version, conclusion, published_on FROM verdicts")
    return {row[0]: tuple(row)[1:] for row in rows}
