"""Every list goes both ways: `first` and `after`, `last` and `before`."""

from __future__ import annotations

from typing import Any

from schema import ids
from tests.api.scenes import account, qualified
from tests.world import BUREAU, OFFICER, SCHOOL, World

UNITS = """
query($first: Int, $after: String, $last: Int, $before: String) {
  units(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { siNumber } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }
"""
THIRD = "370214000001"
PERIODS = """
query($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { node(id: $id) { ... on Beneficiary {
  certificationPeriod { id startMonth endMonth }
  certificationPeriods(first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id startMonth endMonth } } pageInfo { hasNextPage hasPreviousPage } } } } }
"""


async def units(world: World, **window: Any) -> Any:
    return (await world.ask(UNITS, window, as_="auditor"))["units"]


def shown(page: Any) -> list[str]:
    return [edge["node"]["siNumber"] for edge in page["edges"]]


async def test_a_list_is_read_from_its_end(world: World) -> None:
    """Pages from the end hold what pages from the beginning hold, in the same order."""
    await world.units(SCHOOL, BUREAU, THIRD)
    await account(world, "auditor", "AUDITOR")
    end = await units(world, last=2)
    assert shown(end) == [BUREAU, THIRD]
    assert (end["pageInfo"]["hasPreviousPage"], end["pageInfo"]["hasNextPage"]) == (True, False)
    rest = await units(world, last=2, before=end["pageInfo"]["startCursor"])
    assert shown(rest) == [SCHOOL]
    assert (rest["pageInfo"]["hasPreviousPage"], rest["pageInfo"]["hasNextPage"]) == (False, True)


async def test_a_page_lies_between_two_cursors(world: World) -> None:
    await world.units(SCHOOL, BUREAU, THIRD)
    await account(world, "auditor", "AUDITOR")
    first, _, third = [edge["cursor"] for edge in (await units(world))["edges"]]
    assert shown(await units(world, after=first, before=third)) == [BUREAU]
    assert shown(await units(world, last=5, after=first, before=third)) == [BUREAU]


async def test_first_and_last_together_are_refused(world: World) -> None:
    await account(world, "auditor", "AUDITOR")
    [error] = await world.errors(UNITS, {"first": 1, "last": 1}, as_="auditor")
    assert error["message"] == "first和last只能给出一个。"
    [error] = await world.errors(UNITS, {"last": 201}, as_="auditor")
    assert error["message"] == "last应在0至200之间。"


async def periods(world: World, id: str, **window: Any) -> Any:
    return (await world.ask(PERIODS, {"id": id, **window}))["node"]


async def test_a_history_is_read_from_its_end(world: World) -> None:
    """The oldest period is the last of the list."""
    [person] = await qualified(world)
    everything = (await periods(world, person.node))["certificationPeriods"]["edges"]
    assert len(everything) == 2
    oldest = (await periods(world, person.node, last=1))["certificationPeriods"]
    assert oldest["edges"] == everything[1:]
    assert oldest["pageInfo"] == {"hasNextPage": False, "hasPreviousPage": True}
    newer = (await periods(world, person.node, last=1, before=everything[1]["cursor"]))["certificationPeriods"]
    assert newer["edges"] == everything[:1]


async def test_a_period_as_it_stands_is_another_object_than_as_it_was_opened(world: World) -> None:
    """A FAIL cuts the one short and leaves the other: a client's cache must not take them for the same."""
    [person] = await qualified(world)
    await world.act("overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "MISSING",
                                        "occurredOn": "2019-06-01"})  # fmt: skip
    found = await periods(world, person.node)
    current, opened = found["certificationPeriod"], found["certificationPeriods"]["edges"][0]["node"]
    assert (current["endMonth"], opened["endMonth"]) == ("2019-06", "2020-05")
    assert current["id"] != opened["id"]
    node = "query($id: ID!) { node(id: $id) { id ... on CertificationPeriod { startMonth endMonth } } }"
    assert (await world.ask(node, {"id": opened["id"]}))["node"] == opened


async def test_a_period_in_force_is_found_again_by_its_id(world: World) -> None:
    [person] = await qualified(world)
    found = await periods(world, person.node)
    current, opened = found["certificationPeriod"], found["certificationPeriods"]["edges"][0]["node"]
    assert (current["startMonth"], current["id"] != opened["id"]) == (opened["startMonth"], True)
    node = "query($id: ID!) { node(id: $id) { id ... on CertificationPeriod { startMonth endMonth } } }"
    assert (await world.ask(node, {"id": current["id"]}))["node"] == current
    elsewhen = ids.encode(ids.Kind.PERIOD_IN_FORCE, person.id, 1)
    assert (await world.ask(node, {"id": elsewhen}))["node"] is None


async def test_benefits_are_bounded(world: World) -> None:
    """A root list has a `first`, with the limits of every other."""
    await qualified(world)
    await world.officers()
    document = 'query($first: Int) { beneficiariesByIdNumber(idNumber: "x", first: $first) { id } }'
    [error] = await world.errors(document, {"first": 201}, as_=OFFICER)
    assert error["message"] == "first应在0至200之间。"
