"""The units of a district, as row-level security knows them: written down with every change of the units."""

from __future__ import annotations

import asyncio

import asyncpg

from tests.district import District
from tests.world import BUREAU, OFFICER

WRITTEN = "SELECT d.name, u.id FROM districts d CROSS JOIN LATERAL unnest(d.units) AS r JOIN units u ON u.id <@ r"
THERE = "SELECT district AS name, id FROM units"


async def test_the_units_of_a_district_follow_the_units(district: District) -> None:
    """Added, moved to a district that is new, moved back and deleted."""
    owner = district.world.owner
    add = "INSERT INTO units (si_number, name, district) VALUES ('88', '新单位', '崂山区') RETURNING id"
    added: int = await owner.fetchval(add)
    for statement in (
        "UPDATE units SET district = '李沧区' WHERE id = $1",
        "UPDATE units SET district = '市南区' WHERE id = $1",
        "DELETE FROM units WHERE id = $1",
    ):
        assert set(await owner.fetch(WRITTEN)) == set(await owner.fetch(THERE))
        await owner.execute(statement, added)
    assert set(await owner.fetch(WRITTEN)) == set(await owner.fetch(THERE))
    assert await owner.fetchval("SELECT count(*) FROM districts WHERE name IN ('崂山区', '李沧区')") == 0


async def test_two_who_add_units_at_once_both_write_theirs_down(dsn: str, district: District) -> None:
    """The second waits for the first, and then sees its units."""
    add = "INSERT INTO units (si_number, name, district) VALUES ($1, '新单位', '崂山区')"
    one, other = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    try:
        async with one.transaction():
            await one.execute(add, "88")
            waiting = asyncio.create_task(other.execute(add, "89"))
            await asyncio.sleep(0.2)
            assert not waiting.done()
        await waiting
        assert len([row for row in await one.fetch(WRITTEN) if row["name"] == "崂山区"]) == 2
    finally:
        await district.world.owner.execute("DELETE FROM units WHERE si_number IN ('88', '89')")
        await one.close()
        await other.close()


async def test_who_moves_to_another_district_is_seen_by_its_officer_alone(district: District) -> None:
    """The officer of the former district loses the unit's people with the statement that moves it."""
    owner = district.world.owner
    mine = await owner.fetchval("SELECT district FROM units WHERE si_number = $1", BUREAU)
    before = await district.seen(OFFICER, "beneficiaries")
    assert before >= district.people[BUREAU]
    await owner.execute("UPDATE units SET district = '崂山区' WHERE si_number = $1", BUREAU)
    try:
        assert await district.seen(OFFICER, "beneficiaries") == before - district.people[BUREAU]
    finally:
        await owner.execute("UPDATE units SET district = $2 WHERE si_number = $1", BUREAU, mine)
    assert await district.seen(OFFICER, "beneficiaries") == before
