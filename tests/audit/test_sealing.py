"""Sealing: days that are over, each once, and whoever writes meanwhile is neither lost nor late."""

from __future__ import annotations

import asyncio
from datetime import date

import asyncpg
import pytest

from domain.audit import AuditAction, Told
from resolvers import audit
from security.keys import Secret
from security.seals import Sealer
from storage import audit as trail
from tests.audit.trail import newest, sealed, verified
from tests.world import SECRET, World

OTHER = "another secret of the tests, of forty characters"
TOLD = Told(AuditAction.CONFIRM, 7, 3, 2)


async def told(world: World) -> None:
    context = world.context()
    async with context.begin() as transaction:
        await audit.record(context, transaction, TOLD)


async def days(world: World) -> list[date]:
    return [row["day"] for row in await world.owner.fetch("SELECT day FROM audit_days ORDER BY day")]


async def test_every_day_that_is_over_is_sealed_without_a_gap(world: World) -> None:
    """Days in which nothing happened as well; today is not over."""
    await told(world.at("2019-06-05"))
    await told(world.at("2019-06-08"))
    assert (await sealed(world)).days == 3
    assert await days(world) == [date(2019, 6, 5), date(2019, 6, 6), date(2019, 6, 7)]
    assert (await sealed(world)).days == 0


async def test_nothing_is_sealed_where_nothing_has_happened(world: World) -> None:
    result = await sealed(world)
    assert (result.days, result.newest) == (0, None)
    found = await verified(world)
    assert (found.entries, found.days, found.root, found.unsealed_since) == (0, 0, None, None)


async def test_a_day_ends_at_midnight_in_shanghai(world: World) -> None:
    """Whatever the clock of the database's machine says."""
    await told(world.at("2019-06-05", 0))
    await told(world.at("2019-06-05", 23))
    await told(world.at("2019-06-06", 0))
    await sealed(world)
    [seal] = await world.owner.fetch("SELECT day, entries FROM audit_seals")
    assert (seal["day"], seal["entries"]) == (date(2019, 6, 5), [1, 2])


async def test_sealing_records_itself_with_the_root(world: World) -> None:
    await told(world.at("2019-06-05"))
    result = await sealed(world.at("2019-06-06"))
    body = await world.owner.fetchval("SELECT body FROM audit_entries WHERE action = 'AUDIT_SEALED'")
    assert result.newest is not None and f'"root":"{result.newest.root.hex()}"' in body


async def test_what_comes_late_opens_the_next_day(world: World) -> None:
    """An act that began before midnight and ends after its day was sealed is not lost."""
    await told(world.at("2019-06-05"))
    late = world.at("2019-06-05", 23).context()
    await sealed(world.at("2019-06-06"))
    async with late.begin() as transaction:
        await audit.record(late, transaction, TOLD)
    at = await world.owner.fetchval(
        "SELECT at AT TIME ZONE 'Asia/Shanghai' FROM audit_entries WHERE id = $1", await newest(world)
    )
    assert str(at) == "2019-06-06 00:00:00"
    assert (await verified(world)).entries == 3


async def test_sealing_waits_for_whoever_is_writing(world: World) -> None:
    """A slow transaction that has its ids already is in the day when it is sealed."""
    context = world.at("2019-06-05").context()
    async with context.begin() as transaction:
        await audit.record(context, transaction, TOLD)
        sealing = asyncio.create_task(sealed(world.at("2019-06-06")))
        await asyncio.sleep(0.2)
        assert not sealing.done()
    assert (await sealing).days == 1
    assert await world.owner.fetchval("SELECT entries FROM audit_seals") == [1]


async def test_two_who_seal_at_once_seal_once(world: World) -> None:
    for day in ("2019-06-05", "2019-06-06", "2019-06-07"):
        await told(world.at(day))
    await asyncio.gather(*(sealed(world.at("2019-06-09")) for _ in range(3)))
    assert len(await days(world)) == 4
    await verified(world)


async def test_a_closed_day_takes_no_entry_whoever_writes_it(world: World) -> None:
    """The database refuses what the service would not write."""
    await told(world.at("2019-06-05"))
    await sealed(world.at("2019-06-06"))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="a closed day takes no more entries"):
        await world.owner.execute(
            """INSERT INTO audit_entries (chain, number, format, at, action, body, key_id, mac)
               VALUES (7, 2, 2, '2019-06-05 09:00+08', 'CONFIRM', '{}', 1, sha256(''))"""
        )


async def test_the_trail_is_whole_after_a_new_key_and_another_secret(world: World) -> None:
    """Each entry is checked under the key that made it, however it is wrapped now."""
    await told(world.at("2019-06-05"))
    await sealed(world.at("2019-06-06"))
    changing = Sealer(Secret(OTHER, SECRET))
    async with world.database.begin() as transaction:
        await audit.hold(changing, transaction)
        await trail.rewrap(transaction, changing.wrapped_anew())
    await world.owner.execute("INSERT INTO audit_keys (wrapped, made_at) VALUES ($1, now())", changing.new_key())
    async with world.database.reading() as connection:
        world.gate.sealer = await audit.hold(Sealer(Secret(OTHER)), connection)
    await told(world)
    await sealed(world.at("2019-06-07"))
    assert [row[0] for row in await world.owner.fetch("SELECT key_id FROM audit_entries ORDER BY id")] == [1, 1, 2, 2]
    assert (await verified(world)).entries == 4


def test_a_mac_tells_every_field_and_its_place() -> None:
    """What moves from one field to the next, or from one key to another, is not the same."""
    secret = Secret(SECRET)
    sealer = Sealer(secret)
    sealer.hold({1: secret.wrap(b"a" * 32, "audit"), 2: secret.wrap(b"b" * 32, "audit")})
    mac = sealer.mac("entry", 1, "ab", None, "c")
    assert sealer.fits(mac, 2, "entry", 1, "ab", None, "c")
    assert not sealer.fits(mac, 1, "entry", 1, "ab", None, "c")
    assert not sealer.fits(mac, 3, "entry", 1, "ab", None, "c")
    for other in (("entry", 1, "a", None, "bc"), ("entry", 1, "ab", "c"), ("seal", 1, "ab", None, "c"),
                  ("entry", "1", "ab", None, "c"), ("entry", 1, "ab", "", "c")):  # fmt: skip
        assert not sealer.fits(mac, 2, *other)
