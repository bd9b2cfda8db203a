"""A session: refreshed by tokens that are of use once, and ended at once on every worker."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from storage import sessions, throttle
from tests.api.scenes import account
from tests.api.signing import bearer, code, refresh, seen_as, sign_in, sign_out, why_ended
from tests.world import SCHOOL, World, id_number


async def begun(world: World, username: str = SCHOOL) -> Any:
    """The payload of a new session."""
    payload = await sign_in(world, username)
    assert code(payload) == "IN"
    return payload


async def test_a_refresh_token_brings_the_next_two(world: World) -> None:
    """The session goes on; so does the access token that was given before, until it ends."""
    await world.units()
    first = await begun(world)
    world.clock.advance(minutes=10)
    second = await refresh(world, first["refreshToken"])
    assert (code(second), second["viewer"]) == ("IN", {"username": SCHOOL})
    assert second["expiresAt"] == "2019-06-05T09:25:00+08:00"
    assert len({payload[field] for payload in (first, second) for field in ("accessToken", "refreshToken")}) == 4
    assert [await seen_as(world, bearer(payload)) for payload in (first, second)] == [SCHOOL, SCHOOL]
    assert await why_ended(world) == [None]


async def test_a_used_refresh_token_ends_the_session_at_once(world: World) -> None:
    """Two have it, and one of them should not: neither goes on."""
    await world.units()
    first, other = await begun(world), await begun(world)
    second = await refresh(world, first["refreshToken"])
    assert code(await refresh(world, first["refreshToken"])) == "BAD_REFRESH_TOKEN"
    assert code(await refresh(world, second["refreshToken"])) == "BAD_REFRESH_TOKEN"
    assert [await seen_as(world, bearer(of)) for of in (first, second)] == ["UNAUTHENTICATED"] * 2
    assert await seen_as(world, bearer(other)) == SCHOOL
    assert sorted(map(str, await why_ended(world))) == ["None", "REFRESH_TOKEN_REUSED"]


async def test_of_two_refreshes_at_once_one_wins_and_the_session_ends(world: World, dsn: str) -> None:
    """On two workers as on one: the database decides who was first."""
    await world.units()
    async with world.another_worker(dsn) as other:
        for _ in range(5):
            token = (await begun(world))["refreshToken"]
            answers = await asyncio.gather(*(refresh(each, token) for each in (world, other, world, other)))
            assert sorted(map(code, answers)) == ["BAD_REFRESH_TOKEN"] * 3 + ["IN"]
            [winner] = [answer for answer in answers if code(answer) == "IN"]
            assert await seen_as(world, bearer(winner)) == "UNAUTHENTICATED"
    assert await why_ended(world) == ["REFRESH_TOKEN_REUSED"] * 5


@pytest.mark.parametrize("token", ["", "garbage", "\0", "x" * 50_000])
async def test_a_refresh_token_that_is_none_ends_nothing(world: World, token: str) -> None:
    """Nobody is signed out by what somebody makes up."""
    await world.units()
    payload = await begun(world)
    refused = await refresh(world, token)
    assert refused["userErrors"] == [
        {"code": "BAD_REFRESH_TOKEN", "message": "登录已失效，请重新登录。", "path": ["input", "refreshToken"],
         "beneficiaryId": None}
    ]  # fmt: skip
    assert await seen_as(world, bearer(payload)) == SCHOOL


async def test_a_refresh_token_is_nowhere_in_the_database(world: World) -> None:
    """Nor is an access token: only digests are kept."""
    await world.units()
    payload = await begun(world)
    for table in ("sessions", "refresh_tokens"):
        kept = str(await world.owner.fetch(f"SELECT t::text FROM {table} AS t"))
        assert payload["refreshToken"] not in kept and payload["accessToken"] not in kept
    assert len(payload["refreshToken"]) == 43


async def test_a_units_session_is_over_after_a_working_day(world: World) -> None:
    """Twelve hours from signing in, however often it was refreshed; the last access token ends with it."""
    await world.units()
    payload = await begun(world)
    for _ in range(2):
        world.clock.advance(hours=5, minutes=55)
        payload = await refresh(world, payload["refreshToken"])
    assert (payload["expiresAt"], payload["refreshExpiresAt"]) == ("2019-06-05T21:00:00+08:00",) * 2
    world.clock.advance(minutes=10)
    assert code(await refresh(world, payload["refreshToken"])) == "BAD_REFRESH_TOKEN"
    assert await seen_as(world, bearer(payload)) == "UNAUTHENTICATED"


async def test_a_person_stays_signed_in_for_thirty_days(world: World) -> None:
    """On the own phone, as long as it is used every twelve hours."""
    person = await account(world, "person", "PERSON", id_number=id_number(1))
    payload = await begun(world, person)
    for _ in range(60):
        world.clock.advance(hours=11, minutes=59)
        payload = await refresh(world, payload["refreshToken"])
    assert payload["refreshExpiresAt"] == "2019-07-05T09:00:00+08:00"
    world.clock.advance(hours=1)
    assert code(await refresh(world, payload["refreshToken"])) == "BAD_REFRESH_TOKEN"


async def test_twelve_hours_without_a_refresh_are_the_end(world: World) -> None:
    person = await account(world, "person", "PERSON", id_number=id_number(1))
    payload = await begun(world, person)
    assert payload["refreshExpiresAt"] == "2019-06-05T21:00:00+08:00"
    world.clock.advance(hours=12)
    assert code(await refresh(world, payload["refreshToken"])) == "BAD_REFRESH_TOKEN"


async def test_signing_out_holds_with_the_next_request_on_every_worker(world: World, dsn: str) -> None:
    """Although the access token has not expired, and the worker has seen it before. Other sessions go on."""
    await world.units()
    mine, other = await begun(world), await begun(world)
    async with world.another_worker(dsn) as elsewhere:
        assert [await seen_as(each, bearer(mine)) for each in (world, elsewhere)] == [SCHOOL, SCHOOL]
        assert await sign_out(world, bearer(mine)) == {"ended": 1, "userErrors": []}
        assert [await seen_as(each, bearer(mine)) for each in (elsewhere, world)] == ["UNAUTHENTICATED"] * 2
        assert await seen_as(elsewhere, bearer(other)) == SCHOOL
    assert code(await refresh(world, mine["refreshToken"])) == "BAD_REFRESH_TOKEN"
    assert await sign_out(world, bearer(mine)) == "UNAUTHENTICATED"
    assert sorted(map(str, await why_ended(world))) == ["None", "SIGNED_OUT"]


async def test_signing_out_everywhere_ends_the_accounts_sessions_and_nobody_elses(world: World) -> None:
    await world.units()
    auditor = await begun(world, await account(world, "auditor", "AUDITOR"))
    mine = [await begun(world) for _ in range(3)]
    assert await sign_out(world, bearer(mine[0]), "signOutEverywhere") == {"ended": 3, "userErrors": []}
    assert [await seen_as(world, bearer(payload)) for payload in mine] == ["UNAUTHENTICATED"] * 3
    assert await seen_as(world, bearer(auditor)) == "auditor"


async def test_nobody_signs_out_without_a_session(world: World) -> None:
    assert [await sign_out(world, {}, field) for field in ("signOut", "signOutEverywhere")] == ["UNAUTHENTICATED"] * 2


async def test_another_password_ends_the_sessions_and_a_new_hash_of_the_same_does_not(world: World) -> None:
    """Loading an account again with the password that it has changes nothing."""
    await world.units()
    payload = await begun(world)
    await account(world, SCHOOL, "UNIT", unit_si_number=SCHOOL)
    assert await seen_as(world, bearer(payload)) == SCHOOL
    await account(world, SCHOOL, "UNIT", unit_si_number=SCHOOL, password="another horse")
    assert await seen_as(world, bearer(payload)) == "UNAUTHENTICATED"
    assert code(await refresh(world, payload["refreshToken"])) == "BAD_REFRESH_TOKEN"
    assert await why_ended(world) == ["ACCOUNT_CHANGED"]


async def test_other_rights_end_the_sessions(world: World) -> None:
    """A window that moves to another district signs in there."""
    window = await account(world, "window", "WINDOW", district="市南区")
    payload = await begun(world, window)
    await account(world, window, "WINDOW", district="市北区")
    assert await seen_as(world, bearer(payload)) == "UNAUTHENTICATED"


async def test_a_session_says_from_where_it_began(world: World) -> None:
    await world.units()
    async with world.seen_from("203.0.113.7") as elsewhere:
        await begun(elsewhere)
    [row] = await world.owner.fetch("SELECT address, began_at, ends_at FROM sessions")
    assert (row["address"], (row["ends_at"] - row["began_at"]).total_seconds()) == ("203.0.113.7", 12 * 3600)


async def test_what_is_over_is_forgotten_in_time(world: World) -> None:
    """Refresh tokens and attempts when they count no more, networks after thirty days, sessions after ninety."""
    await world.units()
    await begun(world)
    await sign_in(world, password="wrong")
    left = []
    for days in (0, 1, 90):
        world.clock.advance(days=days)
        async with world.database.begin() as transaction:
            await sessions.purge(transaction, world.clock.now())
            await throttle.purge(transaction, world.clock.now())
        tables = ("sessions", "refresh_tokens", "sign_in_attempts")
        left.append([await world.owner.fetchval(f"SELECT count(*) FROM {table}") for table in tables])
    assert left == [[1, 1, 4], [1, 0, 1], [0, 0, 0]]
