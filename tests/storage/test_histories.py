"""Histories of many people at once, each up to a version of the person's row."""

from __future__ import annotations

from storage import histories
from storage.histories import Moment
from storage.parts import Part
from tests.world import World


async def test_one_person_at_two_versions_has_two_pages_each_as_of_its_own(world: World) -> None:
    """A request may meet a row before and after an act; both pages showed what the later one did, twice."""
    await world.at("2019-06-01").units()
    person = await world.enrol()
    await world.at("2019-06-04").evidence(1, "rail_travel", "2019-05-03")
    await world.publish("2019-05")
    version = await world.owner.fetchval("SELECT version FROM beneficiaries")
    moments = [Moment.latest(person), Moment(person, version - 1), Moment(person, 0), Moment(person + 1, 9)]
    async with world.database.connection() as connection:
        verdicts = await histories.verdicts(connection, moments, Part(5))
        periods = await histories.periods(connection, moments, Part(5))
    assert [[str(verdict.month) for _, verdict in page] for page in verdicts] == [["2019-05"], [], [], []]
    assert [[str(period.start) for _, period in page] for page in periods] == [
        ["2019-05", "2019-01"],
        ["2019-01"],
        [],
        [],
    ]
