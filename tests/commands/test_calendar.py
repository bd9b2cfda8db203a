"""The month's calendar: what is due is done once, whoever comes first; a refusal is said once. Rules 3.1, 5.1."""

from __future__ import annotations

import asyncio
from argparse import Namespace

import pytest

from commands.work import work
from domain.month import Month
from resolvers import payroll
from resolvers.calendar import Calendar
from resolvers.context import Context
from resolvers.sealing import Sealed
from tests.api.scenes import Person, enrolled, seen
from tests.audit.trail import entries, newest
from tests.world import World


async def run(world: World, day: str, calendar: Calendar | None = None) -> list[str]:
    return await (calendar or Calendar()).run(world.at(day).context())


async def scene(world: World, number: int = 1) -> list[Person]:
    """People enrolled in May 2019."""
    await world.at("2019-05-10").units()
    return await enrolled(world, number)


async def published(world: World) -> list[str]:
    return [str(Month.of(row[0])) for row in await world.owner.fetch("SELECT month FROM publications ORDER BY 1")]


async def frozen(world: World) -> list[str]:
    return [str(Month.of(row[0])) for row in await world.owner.fetch("SELECT month FROM payrolls ORDER BY 1")]


async def test_a_month_is_assessed_and_published_from_its_day_on(world: World) -> None:
    """一(四): on the 4th, not on the 3rd; a second run finds nothing to do."""
    [person] = await scene(world)
    await seen(world.at("2019-06-02"), (person, "transport", "rail_travel", "2019-05-20"))
    await world.at("2019-05-10").publish("2019-04")
    assert await run(world, "2019-06-03") == []
    assert await run(world, "2019-06-04") == ["2019-05: 1 verdicts published, 1 periods renewed"]
    assert await run(world, "2019-06-05") == []
    assert await published(world) == ["2019-04", "2019-05"]


async def test_a_worker_that_was_away_on_the_day_does_it_later(world: World) -> None:
    """Also when the next month has begun, before its own day."""
    await scene(world)
    assert await run(world, "2019-07-02") == ["2019-05: 1 verdicts published, 0 periods renewed"]
    assert await run(world, "2019-07-04") == ["2019-06: 1 verdicts published, 0 periods renewed"]


async def test_where_nobody_draws_anything_nothing_is_published(world: World) -> None:
    """A month that was published empty would take no verdicts any more."""
    assert await run(world, "2019-06-10") == []
    assert await published(world) == []


async def test_a_ledger_is_begun_by_nobody_but_an_operator(world: World) -> None:
    """From then on each month follows on its payroll day, those that were missed first."""
    await scene(world)
    await run(world, "2019-06-08")
    assert await frozen(world) == []
    await payroll.freeze(world.at("2019-06-08").context(), Month(2019, 6))
    assert await run(world, "2019-07-07") == ["2019-06: 1 verdicts published, 0 periods renewed"]
    assert await run(world, "2019-07-08") == ["2019-07: payroll of 1 people frozen"]
    assert await run(world, "2019-07-09") == []
    await world.at("2019-08-05").publish("2019-07")
    assert await run(world, "2019-09-08") == [
        "2019-08: 1 verdicts published, 0 periods renewed",
        "2019-08: payroll of 1 people frozen",
        "2019-09: payroll of 1 people frozen",
    ]
    assert await frozen(world) == ["2019-06", "2019-07", "2019-08", "2019-09"]


async def test_a_held_brake_is_said_once_and_released_by_a_human(world: World) -> None:
    """Twenty people die in one file: nothing is published, and nothing is paid on top of it."""
    people = await scene(world, 20)
    await payroll.freeze((await _published(world, "2019-04")).at("2019-05-10").context(), Month(2019, 5))
    await seen(world.at("2019-06-02"), *((person, "justice", "cremation", "2019-05-20") for person in people))
    calendar, since = Calendar(), await newest(world)
    [line] = await run(world, "2019-06-08", calendar)
    assert line.startswith("publish waits: held: 20 of 20 people would turn DISQUALIFIED")
    assert await run(world, "2019-06-08", calendar) == []
    told = [one for one in await entries(world, since) if one.action == "REFUSED"]
    assert [one.body["facts"]["act"] for one in told] == ["publish"]
    assert (await published(world), await frozen(world)) == (["2019-04"], ["2019-05"])
    await world.publish_only("2019-05", release=True)
    assert await run(world, "2019-06-08", calendar) == ["2019-06: payroll of 20 people frozen"]


async def _published(world: World, month: str) -> World:
    await world.publish(month)
    return world


async def test_two_workers_do_it_once(world: World) -> None:
    """One has the turn; the other finds nothing to do, now or later."""
    await scene(world, 3)
    lines = await asyncio.gather(*(run(world, "2019-06-04") for _ in range(3)))
    assert [line for said in lines for line in said] == ["2019-05: 3 verdicts published, 0 periods renewed"]
    assert await published(world) == ["2019-05"]


async def test_the_worker_says_in_plain_lines_what_it_did(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """`work --once`: the calendar, the warnings, the upkeep, a witness; a second time only that."""
    await scene(world)
    once = Namespace(once=True, calendar="on")
    await work(world.at("2019-11-04").context(), once)
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["2019-10: 1 verdicts published, 0 periods renewed", "warned: 1 WINDOW_ENTERED"]
    assert "days sealed" in said[2]
    assert said[3].startswith("witness of the audit trail: 2019-11-03/")
    await work(world.context(), once)
    assert capsys.readouterr().out.splitlines() == said[3:4]


class Enough(Exception):
    """The worker has gone on."""


async def test_a_database_that_is_away_ends_no_worker(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It tries again a minute later; with --once it fails."""
    tries = []

    async def away(_: Context) -> Sealed:
        tries.append(1)
        raise ConnectionRefusedError

    async def slept(seconds: float) -> None:
        assert seconds == 60
        if len(tries) == 3:
            raise Enough

    monkeypatch.setattr("commands.work.upkeep.run", away)
    monkeypatch.setattr("commands.work.asyncio.sleep", slept)
    with pytest.raises(Enough):
        await work(world.context(), Namespace(once=False, calendar="off"))
    with pytest.raises(ConnectionRefusedError):
        await work(world.context(), Namespace(once=True, calendar="off"))


async def test_the_calendar_can_be_switched_off(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Where an agency's own scheduler runs the commands: the upkeep goes on."""
    await scene(world)
    await work(world.at("2019-11-04").context(), Namespace(once=True, calendar="off"))
    assert "published" not in (said := capsys.readouterr().out)
    assert "days sealed" in said
    assert await published(world) == []
    assert await world.owner.fetchval("SELECT count(*) FROM warnings") == 0
