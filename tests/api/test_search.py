"""The roster's search: a part of a name, or a whole ID number."""

from tests.api.rosters import ROSTER, nodes, roster, shown
from tests.api.scenes import Person, enrolled
from tests.world import BUREAU, SCHOOL, World, id_number

NAMES = ["王建国", "王建军", "李国强", "欧阳修", "Anna Lang", "张%三", "赵_四", "孙\\五", "𠮷田", "买买提·艾力"]

FOUND: dict[str, list[str]] = {
    "王建国": ["王建国"],
    "建": ["王建国", "王建军"],
    "国": ["王建国", "李国强"],
    "欧阳": ["欧阳修"],
    "anna": ["Anna Lang"],
    "A L": ["Anna Lang"],
    "%": ["张%三"],
    "_": ["赵_四"],
    "\\": ["孙\\五"],
    "𠮷": ["𠮷田"],
    "提·艾": ["买买提·艾力"],
    "  建国 ": ["王建国"],
    "国建": [],
    "王%": [],
    "王__": [],
    "' OR 1=1 --": [],
}


async def named(world: World) -> dict[str, Person]:
    """People of the school by their names."""
    await world.units()
    return {name: (await enrolled(world, first=n, name=name))[0] for n, name in enumerate(NAMES, start=1)}


async def test_people_are_found_by_a_part_of_their_name(world: World) -> None:
    """A part of the name, one character or more, Chinese included; no character is a wildcard."""
    people = await named(world)
    for search, names in FOUND.items():
        page = await roster(world, search=search)
        assert (search, shown(page)) == (search, nodes(*(people[name] for name in names)))
        assert page["totalCount"] == len(names)


async def test_a_blank_search_is_no_search(world: World) -> None:
    """An empty field of a form shows everybody."""
    people = await named(world)
    for blank in ("", " ", "\t\n", "\u3000"):
        assert shown(await roster(world, search=blank)) == nodes(*people.values())


async def test_people_are_found_by_a_whole_id_number_and_by_no_part_of_it(world: World) -> None:
    """ID numbers are masked; a search must not let anybody find them out piece by piece."""
    people = list((await named(world)).values())
    assert shown(await roster(world, search=id_number(3))) == nodes(people[2])
    assert shown(await roster(world, search=f" {id_number(3)} ")) == nodes(people[2])
    for part in (id_number(3)[:17], id_number(3)[-4:], id_number(3)[6:14]):
        assert shown(await roster(world, search=part)) == []


async def test_a_check_character_may_be_typed_small(world: World) -> None:
    """An X is an X."""
    await world.units()
    serial = next(n for n in range(1, 99) if id_number(n).endswith("X"))
    [person] = await enrolled(world, first=serial)
    assert shown(await roster(world, search=id_number(serial).lower())) == nodes(person)


async def test_another_units_people_are_found_by_nothing(world: World) -> None:
    """A row that is not yours looks exactly like a row that does not exist (rules 6)."""
    await world.units(SCHOOL, BUREAU)
    await enrolled(world, first=1, unit=BUREAU, name="王建国")
    for search in ("王建国", id_number(1)):
        assert shown(await roster(world, search=search)) == []


async def test_what_is_no_text_is_refused_without_an_echo(world: World) -> None:
    """Too long, or characters that are not text."""
    await world.units()
    for search in ("王" * 101, "王\u0000", "王\u0007"):
        [error] = await world.errors(ROSTER, {"search": search})
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert "王" not in error["message"]
