"""Who finds somebody by the whole ID number is told of in the trail, and so is who finds nobody. Rules 6."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.scenes import account, enrolled
from tests.audit.trail import Shown, entries, newest
from tests.world import BUREAU, OFFICER, SCHOOL, World, id_number

SEARCH = """query($unit: String, $n: String!) { unit(siNumber: $unit) {
    one: beneficiaries(search: $n) { totalCount edges { node { id } } }
    two: beneficiaries(search: $n, attention: LAPSED, first: 1) { totalCount edges { node { id } } } } }"""
BY_NUMBER = """query($n: String!) { one: beneficiariesByIdNumber(idNumber: $n) { id }
    two: beneficiariesByIdNumber(idNumber: $n) { id } }"""


async def searched(world: World, number: str, as_: str) -> list[str]:
    found = (await world.ask(SEARCH, {"unit": SCHOOL, "n": number}, as_=as_))["unit"]["one"]
    shown = [edge["node"]["id"] for edge in found["edges"]]
    assert found["totalCount"] == len(shown)
    return shown


def missed(world: World, unit: int | None, username: str, asked: str, serial: int) -> list[tuple[Any, ...]]:
    """One entry, in which the number is told by its fingerprint."""
    fingerprint = world.gate.sealer.fingerprint("idNumber", id_number(serial))
    [ids] = [[f"idNumber #{fingerprint}"]]
    return [("ACCESS_REFUSED", username, unit, None, [asked], ids)]


def told(found: list[Shown]) -> list[tuple[Any, ...]]:
    facts = [one.body.get("facts", {}) for one in found]
    return [
        (one.action, one.username, one.unit_id, one.beneficiary_id, fact.get("asked"), sorted(set(fact.get("ids", []))))
        for one, fact in zip(found, facts, strict=True)
    ]


@pytest.mark.parametrize(("username", "unit"), [(SCHOOL, 1), (OFFICER, None)])
async def test_a_search_by_a_whole_number_is_recorded_once_a_request(
    world: World, username: str, unit: int | None
) -> None:
    """However many fields ask, and though a list and its count are read apart; so is the one that finds nobody."""
    await world.units(SCHOOL, BUREAU)
    await world.officers()
    [ours] = await enrolled(world)
    await enrolled(world, first=2, unit=BUREAU)
    since = await newest(world)
    assert await searched(world, f" {id_number(1)} ", username) == [ours.node]
    assert told(await entries(world, since)) == [("FOUND_BY_NUMBER", username, 1, ours.id, None, [])]
    since = await newest(world)
    for serial in (2, 7):  # another unit's, and nobody's
        assert await searched(world, id_number(serial), username) == []
    expected = [missed(world, unit, username, "unit", serial)[0] for serial in (2, 7)]
    assert told(await entries(world, since)) == expected


@pytest.mark.parametrize("role", ["AUDITOR", "SERVICE"])
async def test_who_may_not_unmask_finds_nobody_by_a_number(world: World, role: str) -> None:
    """A number that is found is a number that is known to be somebody's: they search by names."""
    await world.units()
    [ours] = await enrolled(world)
    await account(world, "watcher", role)
    since = await newest(world)
    assert await searched(world, id_number(1), "watcher") == []
    assert await searched(world, "张三", "watcher") == [ours.node]
    assert await entries(world, since) == []


@pytest.mark.parametrize("username", [OFFICER, "window"])
async def test_who_finds_somebody_at_the_desk_is_recorded(world: World, username: str) -> None:
    """Each benefit in the chain of its unit, which may read it there."""
    await world.units(SCHOOL, BUREAU)
    await world.officers()
    await account(world, "window", "WINDOW", district="市南区")
    both = [(await enrolled(world, unit=unit))[0] for unit in (SCHOOL, BUREAU)]
    since = await newest(world)
    found = await world.ask(BY_NUMBER, {"n": id_number(1)}, as_=username)
    assert [row["id"] for row in found["two"]] == [person.node for person in both]
    assert told(await entries(world, since)) == [
        ("FOUND_BY_NUMBER", username, 1, both[0].id, None, []),
        ("FOUND_BY_NUMBER", username, 2, both[1].id, None, []),
    ]
    since = await newest(world)
    await world.ask(BY_NUMBER, {"n": id_number(7)}, as_=username)
    assert told(await entries(world, since)) == missed(world, None, username, "beneficiariesByIdNumber", 7)


async def test_a_request_that_is_run_twice_is_recorded_once(world: World) -> None:
    """An error in one field lets the whole of a compiled read run once more."""
    await world.units()
    [ours] = await enrolled(world)
    since = await newest(world)
    document = """query($n: String!) { unit { one: beneficiaries(search: $n) { totalCount }
        two: beneficiaries(after: "nowhere") { totalCount } } }"""
    assert len(await world.errors(document, {"n": id_number(1)})) == 1
    found = [one for one in await entries(world, since) if one.action == "FOUND_BY_NUMBER"]
    assert [one.beneficiary_id for one in found] == [ours.id]
