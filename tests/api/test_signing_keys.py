"""The keys of access tokens: rotated while workers run, and published."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import jwt
import pytest

import storage.signing_keys
from resolvers import signing_keys
from security.gate import Gate
from security.keys import Secret, WrongSecret
from storage.database import Reader
from storage.signing_keys import KeyRow
from tests.api.signing import bearer, code, refresh, seen_as, sign_in
from tests.world import SCHOOL, World


def kid(headers: dict[str, str]) -> str:
    return str(jwt.get_unverified_header(headers["Authorization"].split()[1])["kid"])


async def test_a_new_key_signs_and_the_former_verifies_until_its_last_token_has_ended(world: World) -> None:
    """Sixteen minutes: a token's life, and one for a worker that has not looked yet."""
    await world.units()
    old = bearer(await sign_in(world))
    made, _ = await signing_keys.rotate(world.context())
    world.phone.advance(seconds=5)
    new = bearer(await sign_in(world))
    assert (kid(new), kid(old) != made) == (made, True)
    assert [await seen_as(world, headers) for headers in (old, new)] == [SCHOOL, SCHOOL]
    assert len((await world.http.get("/.well-known/jwks.json")).json()["keys"]) == 2
    world.clock.advance(minutes=16)
    world.phone.advance(minutes=16)
    [left] = (await world.http.get("/.well-known/jwks.json")).json()["keys"]
    assert left["kid"] == made


async def test_a_running_worker_learns_of_a_key_from_its_first_token(world: World, dsn: str) -> None:
    """Another worker signed with it already."""
    await world.units()
    async with world.another_worker(dsn) as other:
        await signing_keys.rotate(world.context())
        world.phone.advance(seconds=5)
        new = bearer(await sign_in(other))
        assert await seen_as(world, new) == SCHOOL


async def test_made_up_keys_do_not_keep_the_database_busy(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many tokens name one, it is looked for every five seconds at most."""
    await world.units()
    world.phone.advance(minutes=1)
    asked = 0
    verifying = storage.signing_keys.verifying

    async def counted(connection: Reader, at: datetime) -> list[KeyRow]:
        nonlocal asked
        asked += 1
        return await verifying(connection, at)

    monkeypatch.setattr(storage.signing_keys, "verifying", counted)
    for n in range(20):
        forged = jwt.encode({}, "x" * 64, "HS256", {"kid": f"made-up-{n}"})
        assert await seen_as(world, {"Authorization": f"Bearer {forged}"}) == "UNAUTHENTICATED"
    assert asked == 1


async def test_a_key_that_has_leaked_is_of_no_use_with_the_next_request(world: World) -> None:
    """Whatever session a token names that was made with it: every one has ended, before a worker knows of the key."""
    await world.units()
    payload = await sign_in(world)
    session = jwt.decode(payload["accessToken"], options={"verify_signature": False})["sid"]
    viewer = await world.viewer(SCHOOL)
    forged = world.gate.tokens.issue(replace(viewer, session=UUID(session)), world.clock.now()).text
    _, ended = await signing_keys.rotate(world.context(), at_once=True)
    assert ended == 2
    for token in (payload["accessToken"], forged):
        assert await seen_as(world, {"Authorization": f"Bearer {token}"}) == "UNAUTHENTICATED"
    assert code(await refresh(world, payload["refreshToken"])) == "BAD_REFRESH_TOKEN"
    world.phone.advance(minutes=1)
    assert await seen_as(world, bearer(await sign_in(world))) == SCHOOL


async def test_the_published_keys_verify_our_tokens(world: World) -> None:
    """For whoever checks them elsewhere; no private half is among them."""
    await world.units()
    token = bearer(await sign_in(world))["Authorization"].split()[1]
    response = await world.http.get("/.well-known/jwks.json")
    assert (response.status_code, response.headers["cache-control"]) == (200, "max-age=60")
    [key] = response.json()["keys"]
    assert set(key) == {"kty", "crv", "x", "use", "alg", "kid"}
    claims = jwt.decode(token, jwt.PyJWK(key), ["EdDSA"], audience="renzheng", options={"verify_exp": False})
    assert claims["username"] == SCHOOL


async def test_the_private_half_lies_wrapped(world: World) -> None:
    """Under another SECRET_KEY it cannot be opened, and the worker does not start."""
    stranger = world.context()
    stranger.gate = Gate(Secret("another secret, of more than forty characters"))
    with pytest.raises(WrongSecret):
        await signing_keys.refresh(stranger)


async def test_there_is_one_key_that_signs(world: World) -> None:
    """However often the service is started or two operators rotate."""
    await asyncio.gather(*(signing_keys.ensure(world.context()) for _ in range(2)))
    await asyncio.gather(*(signing_keys.rotate(world.context()) for _ in range(2)))
    rows = await world.owner.fetch("SELECT verifies_until IS NULL AS signs FROM signing_keys ORDER BY id")
    assert [row["signs"] for row in rows] == [False, False, True]
    held = await world.owner.fetchval("SELECT min(verifies_until) FROM signing_keys")
    assert held - world.clock.now() == timedelta(minutes=16)
