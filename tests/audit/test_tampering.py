"""Whoever owns the database may alter, remove and insert what they like: `verify-audit` names it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.audit import AuditAction, Told
from resolvers import audit, sealing
from resolvers.errors import Refused
from security.gate import Gate
from security.keys import Secret
from storage import seals
from tests.audit.trail import found, sealed, verified
from tests.world import World

COLUMNS = {
    "chain": "77",
    "number": "1000",
    "format": "1",
    "at": "at + interval '1 microsecond'",
    "unit_id": "coalesce(unit_id, 0) + 1",
    "account_id": "77",
    "session_id": "gen_random_uuid()",
    "role": "'OFFICER'",
    "address": "'10.0.0.1'",
    "action": "'OVERRIDE'",
    "beneficiary_id": "beneficiary_id + 1",
    "version": "version + 1",
    "body": "replace(body, '2020-06', '2021-06')",
    "key_id": "key_id + 1",
    "mac": "sha256(mac)",
}


@pytest.fixture
async def trail(world: World) -> World:
    """Ids 1 to 4 of unit 7, 5 and 6 of the agency on 5 June 2019; 7 of unit 7 on the 6th; 8 and 9 on the 7th, today.

    8 is the seal's own entry.
    """
    await told(world.at("2019-06-05"), *[7] * 4)
    await told(world, None, None)
    await told(world.at("2019-06-06"), 7)
    await sealed(world.at("2019-06-07"))
    await told(world, 7)
    return world


async def told(world: World, *units: int | None) -> None:
    context = world.context()
    acts = [
        Told(AuditAction.CONFIRM, unit, 3, 2 + place, after={"paid_through": "2020-06"})
        for place, unit in enumerate(units)
    ]
    async with context.begin() as transaction:
        await audit.record(context, transaction, *acts)


async def test_a_trail_that_nobody_touched_fits(trail: World) -> None:
    """Seven entries are sealed in two days, two wait for the end of theirs."""
    result = await verified(trail)
    assert (result.entries, result.days, result.unsealed) == (9, 2, 2)
    assert result.unsealed_since == date(2019, 6, 7)


@pytest.mark.parametrize("id", [2, 9], ids=["sealed", "not sealed yet"])
@pytest.mark.parametrize("column", COLUMNS)
async def test_an_altered_entry_is_named(trail: World, column: str, id: int) -> None:
    """Each of its columns, before its day is sealed and after."""
    await trail.owner.execute(f"UPDATE audit_entries SET {column} = {COLUMNS[column]} WHERE id = $1", id)
    assert f"entry {id} (" in (said := await found(trail))
    assert "was altered, or never written by the service" in said


async def test_an_entry_with_another_id_is_named(trail: World) -> None:
    await renumbered(trail, "UPDATE audit_entries SET id = 99 WHERE id = 2")
    assert await found(trail) == "entry 99 (unit 7, 2019-06-05) was altered, or never written by the service"


async def tampered(world: World, statements: str) -> None:
    """The owner does it, and no trigger stands in the way."""
    await world.owner.execute(f"SET session_replication_role = replica; {statements}; RESET session_replication_role")


async def renumbered(world: World, statements: str) -> None:
    always = "ALTER TABLE audit_entries ALTER id SET GENERATED"
    await world.owner.execute(f"{always} BY DEFAULT; {statements}; {always} ALWAYS")


@pytest.mark.parametrize("id", [1, 3, 4, 5, 6, 7])
async def test_a_removed_entry_is_named(trail: World, id: int) -> None:
    """The first, one in the middle, the last, and the only one of a day."""
    await trail.owner.execute("DELETE FROM audit_entries WHERE id = $1", id)
    whose, on = ("the agency" if id in (5, 6) else "unit 7"), ("2019-06-06" if id == 7 else "2019-06-05")
    assert await found(trail) == f"entry {id} ({whose}, {on}) is missing"


async def test_an_inserted_entry_is_named(trail: World) -> None:
    """Even one that copies another's every column: the id is vouched for as well."""
    await tampered(
        trail,
        """INSERT INTO audit_entries (id, chain, number, format, at, unit_id, account_id, session_id, role, address,
                                      action, beneficiary_id, version, body, key_id, mac) OVERRIDING SYSTEM VALUE
           SELECT 99, chain, 99, format, at, unit_id, account_id, session_id, role, address, action, beneficiary_id,
                  version, body, key_id, mac
           FROM audit_entries WHERE id = 9""",
    )
    assert await found(trail) == "entry 99 (unit 7, 2019-06-07) was altered, or never written by the service"


async def test_an_entry_added_to_a_sealed_day_with_the_services_own_key_is_named(trail: World) -> None:
    """Whoever has the key as well still cannot put anything into a day that is sealed."""
    await trail.owner.execute("UPDATE audit_clock SET opens = '2000-01-01'")
    await told(trail.at("2019-06-05"), 7)
    assert await found(trail.at("2019-06-07")) == "entry 10 (unit 7, 2019-06-05) was added after the day was sealed"


async def test_two_entries_that_changed_places_are_named(trail: World) -> None:
    """The order of what happened is held as well."""
    await renumbered(
        trail,
        """UPDATE audit_entries SET id = id + 1000 WHERE id IN (2, 3);
           UPDATE audit_entries SET id = 1005 - id WHERE id IN (1002, 1003)""",
    )
    assert await found(trail) == "entry 2 (unit 7, 2019-06-05) was altered, or never written by the service"


@pytest.mark.parametrize(
    "change",
    ["entries = entries[1:3]", "previous = sha256(previous)", "head = sha256(head)", "key_id = 2", "mac = sha256(mac)"],
)
async def test_a_changed_seal_is_named(trail: World, change: str) -> None:
    await trail.owner.execute(f"UPDATE audit_seals SET {change} WHERE chain = 7 AND day = '2019-06-05'")
    said = "2019-06-05: the seal of unit 7 was altered, or never made by the service"
    assert await found(trail) == said


@pytest.mark.parametrize("change", ["previous = sha256(previous)", "root = sha256(root)", "mac = sha256(mac)"])
async def test_a_changed_day_is_named(trail: World, change: str) -> None:
    await trail.owner.execute(f"UPDATE audit_days SET {change} WHERE day = '2019-06-06'")
    assert await found(trail) == "2019-06-06: the day's root was altered, or never sealed by the service"


async def test_a_removed_seal_is_named(trail: World) -> None:
    await trail.owner.execute("DELETE FROM audit_seals WHERE chain = 0")
    assert await found(trail) == "2019-06-05: the seal of the agency is missing"


async def test_a_seal_that_went_with_its_entries_is_missed(trail: World) -> None:
    """A whole chain of a unit and day: the root of the day holds it."""
    await trail.owner.execute("DELETE FROM audit_seals WHERE chain = 0; DELETE FROM audit_entries WHERE id IN (5, 6)")
    said = "2019-06-05: the root does not fit: a seal is missing, and its entries with it"
    assert await found(trail) == said


REMOVED = """
DELETE FROM audit_seals WHERE day = '{day}';
DELETE FROM audit_days WHERE day = '{day}';
DELETE FROM audit_entries WHERE (at AT TIME ZONE 'Asia/Shanghai')::date = '{day}';
"""


FORGOTTEN = """
UPDATE audit_chains c SET newest = (SELECT count(*) FROM audit_entries e WHERE e.chain = c.chain)
"""


async def test_a_day_that_went_with_everything_in_it_is_missed(trail: World) -> None:
    """From the middle, and from the beginning."""
    await sealed(trail.at("2019-06-08"))
    await trail.owner.execute(REMOVED.format(day="2019-06-06"))
    assert await found(trail) == "2019-06-06: the day is missing"
    await trail.owner.execute(REMOVED.format(day="2019-06-05"))
    assert await found(trail) == "2019-06-07: the day does not go on from the one before it: days are missing"


async def test_the_newest_day_that_went_with_everything_in_it_is_missed_by_a_root_kept_outside(trail: World) -> None:
    """Inside the database nothing tells of it any more; --expect does."""
    newest = (await verified(trail)).root
    assert newest is not None
    await verified(trail, newest)
    await trail.owner.execute(REMOVED.format(day="2019-06-06"))
    await tampered(trail, "DELETE FROM audit_entries WHERE id > 7; " + FORGOTTEN)
    await verified(trail)
    said = "no sealed day has the root that was kept: days are missing, or the trail was replaced"
    assert await found(trail, newest) == said


async def test_a_root_kept_long_ago_is_still_there(trail: World) -> None:
    """An older root vouches for everything up to its day."""
    kept = (await verified(trail)).root
    await sealed(trail.at("2019-07-01"))
    assert (await verified(trail, kept)).days == 26


async def test_seals_under_another_key_are_named(trail: World) -> None:
    """The owner seals anew what was altered, with a key of their own."""
    await trail.owner.execute("DELETE FROM audit_seals; DELETE FROM audit_days")
    await trail.owner.execute("DELETE FROM audit_entries WHERE action = 'AUDIT_SEALED'")
    own = Gate(Secret("a secret of the owner's, of forty characters"))
    own.sealer.hold({1: own.sealer.new_key()})
    await sealing.seal(replace(trail.context(), gate=own))
    assert await found(trail) == "2019-06-05: the day's root was altered, or never sealed by the service"


async def test_entries_put_before_the_beginning_are_named(trail: World) -> None:
    await trail.owner.execute("UPDATE audit_entries SET at = '2018-01-01 09:00+08' WHERE id = 9")
    assert await found(trail) == "entry 9 (unit 7, 2018-01-01) lies before the first sealed day, 2019-06-05"


async def test_an_entry_that_went_with_all_seals_from_its_day_on_is_missed(trail: World) -> None:
    """Its chain has a number less; and the past is not sealed anew."""
    await sealed(trail.at("2019-06-09"))
    await trail.owner.execute("DELETE FROM audit_seals; DELETE FROM audit_days; DELETE FROM audit_entries WHERE id = 3")
    said = "number 3 of unit 7 is missing; entry 4 follows on it"
    assert await found(trail) == said
    with pytest.raises(Refused, match="2019-06-05: the day was sealed, and its seals were removed"):
        await sealed(trail)
    assert await trail.owner.fetchval("SELECT count(*) FROM audit_days") == 0


async def test_a_past_that_was_sealed_anew_does_not_have_the_roots_that_were_told(trail: World) -> None:
    """Somebody had the key, or an older program sealed what was left."""
    await trail.owner.execute("UPDATE audit_entries SET action = 'ASSESSED' WHERE id = 8")
    await trail.owner.execute("DELETE FROM audit_seals; DELETE FROM audit_days")
    await trail.owner.execute("UPDATE audit_clock SET opens = '2000-01-01'")
    await told(trail.at("2019-06-05"), 9)
    await sealed(trail.at("2019-06-07"))
    await trail.owner.execute("UPDATE audit_entries SET action = 'AUDIT_SEALED' WHERE id = 8")
    assert await found(trail) == (
        "2019-06-06: its root, told by entry 8 (the agency, 2019-06-07), is not the root of that day"
    )


async def test_seals_that_were_removed_are_missed_by_the_root_that_was_told(trail: World) -> None:
    await trail.owner.execute("DELETE FROM audit_seals; DELETE FROM audit_days")
    said = "2019-06-06: its root, told by entry 8 (the agency, 2019-06-07), and the day is missing"
    assert await found(trail) == said


@pytest.mark.parametrize(("id", "said"), [(9, "number 6 of unit 7"), (8, "number 3 of the agency")])
async def test_the_newest_entry_is_missed_before_its_day_is_sealed(trail: World, id: int, said: str) -> None:
    """The chain remembers how far it has counted."""
    await trail.owner.execute("DELETE FROM audit_entries WHERE id = $1", id)
    assert await found(trail) == f"{said} is missing; nothing follows on it"


async def test_days_that_nobody_seals_make_the_check_fail(trail: World) -> None:
    """Yesterday may wait for its seal; the day before may not."""
    await verified(trail.at("2019-06-08"))
    said = "2019-06-07 is not sealed: run seal-audit; if that was done, its seals were removed"
    assert await found(trail.at("2019-06-09")) == said
    await sealed(trail)
    await verified(trail)


async def test_an_emptied_trail_beside_a_used_database_is_no_trail(trail: World) -> None:
    """Where units and accounts are, their import was told."""
    await trail.units()
    await trail.owner.execute("TRUNCATE audit_entries, audit_seals, audit_days, audit_chains")
    assert await found(trail) == "the trail is empty, beside a database that was used: it was removed"


async def test_entries_of_before_there_were_numbers_are_held_by_the_first_that_has_one(trail: World) -> None:
    """Their own MAC leaves the number out: renumbered without a gap, they come to fewer than the next one says."""
    sealer = trail.gate.sealer
    async with trail.database.begin() as connection:
        held = [entry async for entry in seals.entries(connection, None, None)]
    for entry in held:
        if entry.id < 9:
            older = entry._replace(format=1)
            mac = sealer.mac(*older.vouched())
            await trail.owner.execute("UPDATE audit_entries SET format = 1, mac = $2 WHERE id = $1", entry.id, mac)
    await trail.owner.execute("DELETE FROM audit_seals; DELETE FROM audit_days; DELETE FROM audit_entries WHERE id = 8")
    await tampered(trail, FORGOTTEN)
    await sealed(trail)
    await verified(trail)
    await trail.owner.execute("DELETE FROM audit_entries WHERE id = 2")
    await trail.owner.execute("UPDATE audit_entries SET number = number - 1 WHERE chain = 7 AND id BETWEEN 3 AND 7")
    await trail.owner.execute("DELETE FROM audit_seals; DELETE FROM audit_days")
    assert await found(trail) == "number 5 of unit 7 is missing; entry 9 follows on it"
