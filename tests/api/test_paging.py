"""Keyset pages of the roster: no row skipped, none repeated, whatever is written meanwhile."""

from typing import Any

import pytest

from schema import ids
from tests.api.rosters import ROSTER, joined, nodes, roster, shown, walked
from tests.api.scenes import Person, account, judged, qualified, seen
from tests.world import BUREAU, SCHOOL, World

SIXTY = ["QUALIFIED", "PENDING", "DISQUALIFIED"] * 20


async def sixty(world: World) -> list[Person]:
    """60 people in roster order."""
    people = await judged(world, *SIXTY)
    return people[2::3] + people[1::3] + people[0::3]


async def test_60_people_are_three_pages_forward_and_backward(world: World) -> None:
    """No row is skipped or repeated, and both ways show the same."""
    people = await sixty(world)
    pages = [nodes(*people[start : start + 20]) for start in (0, 20, 40)]
    assert await walked(world) == pages
    assert await walked(world, backwards=True) == pages


async def test_pages_of_any_size_make_the_same_list(world: World) -> None:
    """7 and 59 do not divide 60."""
    people = await sixty(world)
    for size in (7, 59, 60):
        assert joined(await walked(world, first=size)) == nodes(*people)
        assert joined(await walked(world, backwards=True, last=size)) == nodes(*people)


async def test_a_page_says_where_it_lies(world: World) -> None:
    """Page info after the Relay specification."""
    await sixty(world)
    first = await roster(world)
    info = first["pageInfo"]
    assert (info["hasPreviousPage"], info["hasNextPage"]) == (False, True)
    assert (info["startCursor"], info["endCursor"]) == (first["edges"][0]["cursor"], first["edges"][-1]["cursor"])
    second = await roster(world, after=info["endCursor"])
    assert (second["pageInfo"]["hasPreviousPage"], second["pageInfo"]["hasNextPage"]) == (True, True)
    third = await roster(world, after=second["pageInfo"]["endCursor"])
    assert (third["pageInfo"]["hasPreviousPage"], third["pageInfo"]["hasNextPage"]) == (True, False)
    beyond = await roster(world, after=third["pageInfo"]["endCursor"])
    assert beyond["edges"] == []
    assert beyond["pageInfo"]["endCursor"] is None
    assert beyond["totalCount"] == 60
    last = await roster(world, last=20)
    assert (last["pageInfo"]["hasPreviousPage"], last["pageInfo"]["hasNextPage"]) == (True, False)


async def test_a_page_between_two_cursors_holds_what_lies_between(world: World) -> None:
    """After and before together, from either end."""
    people = await sixty(world)
    edges = (await roster(world, first=60))["edges"]
    between = {"after": edges[9]["cursor"], "before": edges[15]["cursor"]}
    assert shown(await roster(world, **between)) == nodes(*people[10:15])
    assert shown(await roster(world, first=2, **between)) == nodes(*people[10:12])
    assert shown(await roster(world, last=2, **between)) == nodes(*people[13:15])


async def test_a_filtered_list_is_paged_alike(world: World) -> None:
    """The cursor of a filtered list goes on in it."""
    people = await sixty(world)
    pages = await walked(world, conclusion=["PENDING", "QUALIFIED"], first=15)
    assert pages == [nodes(*people[20:35]), nodes(*people[35:50]), nodes(*people[50:60])]


async def test_a_cursor_is_of_its_list_whatever_the_filters(world: World) -> None:
    """It names a place in the order of the roster: a list that is filtered otherwise goes on from there."""
    people = await sixty(world)
    everybody = await roster(world, first=25)
    pending = await roster(world, conclusion=["PENDING"], first=60, after=everybody["pageInfo"]["endCursor"])
    assert shown(pending) == nodes(*people[25:40])


@pytest.mark.parametrize("backwards", [False, True], ids=["forward", "backward"])
async def test_rows_that_leave_between_pages_make_no_other_row_skip(world: World, backwards: bool) -> None:
    """Terminated rows of the pages read so far leave the list; of the rest every row comes exactly once."""
    people = await sixty(world)
    one, other = ("last", "before") if backwards else ("first", "after")
    size: dict[str, Any] = {one: 20}
    page = await roster(world, **size)
    read = people[40:] if backwards else people[:20]
    assert shown(page) == nodes(*read)
    for person in read[3:9]:
        ended = {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-06-01"}
        await world.act("terminateBenefit", ended)
    cursor = page["pageInfo"]["startCursor" if backwards else "endCursor"]
    rest = joined(await walked(world, backwards=backwards, **{other: cursor}))
    assert rest == nodes(*(people[:40] if backwards else people[20:]))


async def test_rows_that_change_rank_between_pages_make_no_other_row_skip_or_repeat(world: World) -> None:
    """A month is published between two pages and turns people over; who keeps the rank comes exactly once."""
    people = await sixty(world)
    read = shown(await roster(world))
    cursor = (await roster(world))["pageInfo"]["endCursor"]
    world.at("2019-06-30")
    up, down = people[40:43], people[:2]
    await seen(world, *((person, "justice", "cremation", "2019-06-15") for person in up))
    await seen(world, *((person, "transport", "rail_travel", "2019-06-16") for person in down))
    await world.at("2019-07-04").publish("2019-06", release=True)
    rest = joined(await walked(world, after=cursor))
    assert len(set(rest)) == len(rest)
    kept = [node for node in nodes(*people) if node not in nodes(*up, *down)]
    assert [node for node in read + rest if node in kept] == kept
    assert sorted(shown(await roster(world, first=60))) == sorted(nodes(*people))


async def test_the_cursor_of_a_row_that_has_gone_still_marks_its_place(world: World) -> None:
    """A cursor is a place in the order, not a row."""
    people = await qualified(world, 5)
    cursor = (await roster(world, first=2))["pageInfo"]["endCursor"]
    ended = {"beneficiaryId": people[1].node, "cause": "DECEASED", "occurredOn": "2019-06-01"}
    await world.act("terminateBenefit", ended)
    assert shown(await roster(world, after=cursor)) == nodes(*people[2:])


async def test_a_page_of_nothing_is_empty(world: World) -> None:
    """`first: 0` is a question for the count."""
    await qualified(world, 3)
    page = await roster(world, first=0)
    assert (page["edges"], page["totalCount"]) == ([], 3)


def cursor(world: World, account: int, of: str, numbers: tuple[int, ...]) -> str:
    """As the service makes them for that account and that list."""
    return world.gate.cursors.made(f"{account}:{of}", numbers)


async def test_what_is_no_page_is_refused_as_bad_input(world: World) -> None:
    """An error with its code, and no word of what was sent."""
    await qualified(world)
    account, unit = 1, 1
    sizes: list[dict[str, Any]] = [{"first": -1}, {"first": 201}, {"last": -1}, {"last": 201}, {"first": 2, "last": 2}]
    bad = ["x", "", "§", "a" * 5000, ids.pack("Beneficiary", 1), ids.pack("roster", 1), ids.pack("history", 1, 1)]
    bad += [cursor(world, account + 1, f"roster:{unit}", (1, 1)), cursor(world, account, "units", (1,))]
    bad += [cursor(world, account, f"roster:{unit + 1}", (1, 1))]
    bad += [ids.pack("roster", 10, 1), ids.pack("roster", 1, 2**63), ids.pack("roster", -1, 1)]
    for asked in [*sizes, *({side: cursor} for side in ("after", "before") for cursor in bad)]:
        [error] = await world.errors(ROSTER, asked)
        assert (asked, error["extensions"]["code"]) == (asked, "BAD_USER_INPUT")
        assert not any(len(str(value)) > 5 and str(value) in error["message"] for value in asked.values())


async def test_the_list_of_units_is_paged(world: World) -> None:
    """Units in a stable order, each once."""
    numbers = [f"3702030009{n:02}" for n in range(5)]
    await world.units(SCHOOL, BUREAU, *numbers)
    await account(world, "auditor", "AUDITOR")
    document = """query($after: String, $search: String, $first: Int) {
        units(first: $first, after: $after, search: $search) {
            totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { node { siNumber } } } }"""
    found: list[str] = []
    after = None
    for count in (3, 3, 1):
        page = (await world.ask(document, {"first": 3, "after": after}, as_="auditor"))["units"]
        assert (page["totalCount"], len(page["edges"])) == (7, count)
        assert page["pageInfo"]["hasNextPage"] is (count == 3)
        found += [edge["node"]["siNumber"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert found == [SCHOOL, BUREAU, *numbers]
    for search, number in (("单位3702030009", 5), ("3702030009", 5), ("02000101", 1), ("%", 0), (" ", 7)):
        assert (await world.ask(document, {"search": search}, as_="auditor"))["units"]["totalCount"] == number
