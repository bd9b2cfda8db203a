"""How often signing in may fail: counted in the database, so that it holds over every worker."""

from __future__ import annotations

import asyncio

from resolvers import second_factors
from security import totp
from storage import throttle
from tests.api.scenes import account
from tests.api.signing import code, codes, sign_in
from tests.world import BUREAU, OFFICER, PASSWORD, SCHOOL, World, id_number

WRONG = ["wrong"] * 5


async def test_after_five_failures_even_the_right_password_waits(world: World) -> None:
    """A quarter of an hour from the first one; the message says for how long."""
    await world.units()
    assert await codes(world, *WRONG, PASSWORD) == ["BAD_CREDENTIALS"] * 5 + ["TOO_MANY_ATTEMPTS"]
    world.clock.advance(minutes=14, seconds=30)
    refused = await sign_in(world)
    assert refused["userErrors"] == [
        {"code": "TOO_MANY_ATTEMPTS", "message": "登录失败次数过多，请于1分钟后重试。", "path": ["input"],
         "beneficiaryId": None}
    ]  # fmt: skip
    world.clock.advance(seconds=30)
    assert code(await sign_in(world)) == "IN"


async def test_an_account_that_does_not_exist_is_counted_alike(world: World) -> None:
    """Neither the number of tries nor the words tell whether there is one."""
    await world.units()
    said = []
    for username in (SCHOOL, "nobody"):
        tried = [await sign_in(world, username, "wrong") for _ in range(7)]
        said.append([payload["userErrors"] for payload in tried])
    assert said[0] == said[1]
    assert said[0][-1][0]["message"] == "登录失败次数过多，请于15分钟后重试。"


async def test_a_success_begins_the_count_anew(world: World) -> None:
    """Four failures and a success, again and again."""
    await world.units()
    for _ in range(4):
        assert await codes(world, *WRONG[:4], PASSWORD) == ["BAD_CREDENTIALS"] * 4 + ["IN"]


async def test_attempts_at_the_same_moment_on_two_workers_do_not_slip_by(world: World, dsn: str) -> None:
    """Each is counted before its password is looked at: five are, of twenty."""
    await world.units()
    async with world.another_worker(dsn) as other:
        tried = await asyncio.gather(*(sign_in(each, SCHOOL, "wrong") for each in (world, other) for _ in range(10)))
        assert sorted(map(code, tried)) == ["BAD_CREDENTIALS"] * 5 + ["TOO_MANY_ATTEMPTS"] * 15
        assert [code(await sign_in(each)) for each in (world, other)] == ["TOO_MANY_ATTEMPTS"] * 2


async def test_the_right_password_many_times_at_once_is_no_failure(world: World) -> None:
    """What is under way counts, so that a client asks one by one; nothing of it stays."""
    await world.units()
    for _ in range(12):
        assert {code(payload) for payload in await asyncio.gather(*(sign_in(world) for _ in range(5)))} == {"IN"}


async def test_somebody_elses_failures_elsewhere_keep_nobody_out(world: World) -> None:
    """Five from one address; the clerk at the own desk comes in."""
    await world.units()
    async with world.seen_from("203.0.113.7") as stranger:
        assert (await codes(stranger, *WRONG, PASSWORD))[-1] == "TOO_MANY_ATTEMPTS"
    assert code(await sign_in(world)) == "IN"


async def test_an_account_that_is_tried_from_everywhere_is_closed_for_the_hour(world: World) -> None:
    """Fifty failures from ten addresses; then nobody comes in from an eleventh."""
    await world.units(SCHOOL, BUREAU)
    for n in range(10):
        async with world.seen_from(f"203.0.113.{n}") as stranger:
            assert await codes(stranger, *WRONG) == ["BAD_CREDENTIALS"] * 5
    assert code(await sign_in(world)) == "TOO_MANY_ATTEMPTS"
    assert code(await sign_in(world, BUREAU)) == "IN"
    world.clock.advance(hours=1)
    assert code(await sign_in(world)) == "IN"


async def closed_for_strangers(world: World, username: str = SCHOOL) -> None:
    """Fifty failures from ten addresses of others."""
    for n in range(10):
        async with world.seen_from(f"203.0.113.{n}") as stranger:
            assert await codes(stranger, *WRONG, username=username) == ["BAD_CREDENTIALS"] * 5


async def test_where_an_account_has_signed_in_it_goes_on_whatever_others_do(world: World) -> None:
    """For thirty days; elsewhere it is closed to everybody. The own limit of the pair holds there as ever."""
    await world.units()
    assert code(await sign_in(world)) == "IN"
    world.clock.advance(days=29)
    await closed_for_strangers(world)
    async with world.seen_from("198.51.100.1") as elsewhere:
        assert code(await sign_in(elsewhere)) == "TOO_MANY_ATTEMPTS"
    assert await codes(world, "wrong", PASSWORD, *WRONG, PASSWORD) == [
        "BAD_CREDENTIALS", "IN", *["BAD_CREDENTIALS"] * 5, "TOO_MANY_ATTEMPTS",
    ]  # fmt: skip


async def test_a_network_is_forgotten_after_thirty_days(world: World) -> None:
    await world.units()
    assert code(await sign_in(world)) == "IN"
    world.clock.advance(days=30)
    async with world.database.begin() as transaction:
        await throttle.purge(transaction, world.clock.now())
    await closed_for_strangers(world)
    assert code(await sign_in(world)) == "TOO_MANY_ATTEMPTS"


async def test_a_password_without_the_second_factor_makes_no_network_known(world: World) -> None:
    """Nor does it make one that the account of another is known in."""
    await world.units()
    await world.officers()
    await second_factors.enrol(world.context(), OFFICER, totp.made())
    assert code(await sign_in(world)) == "IN"
    assert code(await sign_in(world, OFFICER)) == "SECOND_FACTOR_REQUIRED"
    await closed_for_strangers(world, OFFICER)
    assert code(await sign_in(world, OFFICER)) == "TOO_MANY_ATTEMPTS"


async def test_an_address_that_tries_many_accounts_is_closed(world: World) -> None:
    """Fifty names, once each; a /56 of IPv6 is one address."""
    await world.units()
    for n in range(50):
        async with world.seen_from(f"2001:db8:0:{n:x}::1") as stranger:
            assert code(await sign_in(stranger, f"name-{n}")) == "BAD_CREDENTIALS"
    async with world.seen_from("2001:db8::ffff") as stranger, world.seen_from("2001:db8:0:100::1") as neighbour:
        assert code(await sign_in(stranger)) == "TOO_MANY_ATTEMPTS"
        assert code(await sign_in(neighbour)) == "IN"


async def test_an_office_of_many_clerks_does_not_lock_itself_out(world: World) -> None:
    """Successes from one address count for nothing."""
    await world.units()
    assert {code(await sign_in(world)) for _ in range(55)} == {"IN"}


async def test_what_is_counted_names_nobody(world: World) -> None:
    """A person's username may be an ID number: the keys are HMACs, and the rows hold nothing else."""
    person = await account(world, id_number(1), "PERSON", id_number=id_number(1))
    async with world.seen_from("203.0.113.7") as elsewhere:
        await sign_in(elsewhere, person, "wrong")
    rows = await world.owner.fetch("SELECT * FROM sign_in_attempts")
    assert [(set(row.keys()), len(row["key"])) for row in rows] == [({"key", "tries", "ends_at"}, 32)] * 3
    assert not [row for row in rows if id_number(1).encode() in row["key"] or b"203.0.113.7" in row["key"]]
