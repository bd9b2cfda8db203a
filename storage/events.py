"""What happened in a unit, numbered in the order of the commits: told within the act, read behind a number.

A number is given under the lock of the unit's head, which is held until the act commits. So whoever sees an event sees
every earlier one of the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.month import Month
from storage.database import Connection, Reader, Record

AGENCY = 0
"""The unit of what concerns no single one."""
KEPT = timedelta(days=7)


class Topic(StrEnum):
    ROSTER = "ROSTER"
    VERDICTS = "VERDICTS"
    RUN = "RUN"


class RunKind(StrEnum):
    """A monthly run of the agency."""

    ASSESS = "ASSESS"
    PUBLISH = "PUBLISH"
    PAYROLL = "PAYROLL"


class RunState(StrEnum):
    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Run:
    """How far a run is: how many people of how many; the total is None while nobody knows it."""

    kind: RunKind
    month: Month
    state: RunState = RunState.RUNNING
    done: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """The people of a change of the roster, the month of published verdicts, or a run."""

    number: int
    people: Sequence[int] = ()
    month: Month | None = None
    run: Run | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The numbers of a unit's oldest event that is still kept, where there is one, and of its newest; 0 before it."""

    oldest: int | None
    newest: int

    def goes_on_after(self, number: int) -> bool:
        """Whether everything behind that number is still there."""
        oldest = self.newest + 1 if self.oldest is None else self.oldest
        return oldest - 1 <= number <= self.newest


async def tell_roster(connection: Connection, unit_id: int, people: Sequence[int], at: datetime) -> None:
    """The rows of these people have changed."""
    await connection.execute(
        "INSERT INTO events (unit_id, topic, people, at) VALUES ($1, 'ROSTER', $2, $3)", unit_id, list(people), at
    )


async def tell_verdicts(connection: Connection, month: Month, at: datetime) -> None:
    """The month's verdicts stand, in every unit that has one; in the order of their ids, as no two wait in a circle."""
    await connection.execute(
        """INSERT INTO events (unit_id, topic, month, at)
           SELECT id, 'VERDICTS', $1, $2 FROM (
               SELECT u.id FROM units u
               WHERE EXISTS (SELECT FROM beneficiaries b JOIN verdicts v ON v.beneficiary_id = b.id AND v.month = $1
                             WHERE b.unit_id = u.id OFFSET 0) ORDER BY u.id) AS judged""",
        month.first_day,
        at,
    )


async def tell_run(connection: Connection, run: Run, at: datetime) -> None:
    await connection.execute(
        """INSERT INTO events (unit_id, topic, month, run, state, done, total, at)
           VALUES (0, 'RUN', $1, $2, $3, $4, $5, $6)""",
        run.month.first_day,
        run.kind,
        run.state,
        run.done,
        run.total,
        at,
    )


async def held(connection: Reader, unit_ids: Sequence[int]) -> dict[int, Held]:
    """What is kept of each unit that has had an event."""
    rows = await connection.fetch(
        """SELECT h.unit_id, h.number AS newest,
                  (SELECT min(e.number) FROM events e WHERE e.unit_id = h.unit_id) AS oldest
           FROM event_heads h WHERE h.unit_id = ANY($1)""",
        list(unit_ids),
    )
    return {row["unit_id"]: Held(row["oldest"], row["newest"]) for row in rows}


async def after(connection: Reader, unit_id: int, topic: Topic, number: int, limit: int) -> list[Event]:
    """The next events of the topic behind that number."""
    rows = await connection.fetch(
        """SELECT number, people, month, run, state, done, total FROM events
           WHERE unit_id = $1 AND number > $2 AND topic = $3 ORDER BY number LIMIT $4""",
        unit_id,
        number,
        topic,
        limit,
    )
    return [_event(row) for row in rows]


async def purge(connection: Connection, at: datetime) -> None:
    """Forget what nobody goes on after any more."""
    await connection.execute("DELETE FROM events WHERE at < $1", at - KEPT)


def _event(row: Record) -> Event:
    month = None if row["month"] is None else Month.of(row["month"])
    run = None
    if row["run"] is not None and month is not None:
        run = Run(RunKind(row["run"]), month, RunState(row["state"]), row["done"], row["total"])
    return Event(row["number"], tuple(row["people"] or ()), month, run)
