"""The keys of access tokens: rotated while workers run, and published."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import jwt
import pytest
import structlog

import storage.signing_keys
from resolvers import keyring, signing_keys
from security.gate import Gate
from security.keys import Secret, WrongSecret
from security.tokens import SigningKey
from storage.database import Reader
from storage.signing_keys import KeyRow
from tests.api.signing import SIGN_IN, bearer, code, refresh, seen_as, sign_in
from tests.world import PASSWORD, SCHOOL, World


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
    """Under another SECRET_KEY it cannot be opened: no key is known, and the worker does not start."""
    stranger = world.context()
    stranger.gate = Gate(Secret("another secret, of more than forty characters"))
    await signing_keys.refresh(stranger)
    assert stranger.gate.tokens.jwks() == {"keys": []}
    with pytest.raises(WrongSecret):
        await keyring.load(stranger)


@pytest.mark.parametrize("change", ["SET public = $1", "SET public = $1, wrapped = 'garbage'"])
async def test_a_public_half_that_the_databases_owner_put_there_verifies_nothing(
    world: World, dsn: str, change: str
) -> None:
    """The owner has a key pair, but no SECRET_KEY to wrap its private half by: the row is left out, and that is all."""
    await world.units()
    await signing_keys.rotate(world.context())
    world.phone.advance(seconds=5)
    genuine = bearer(await sign_in(world))
    session = await world.owner.fetchval("SELECT id FROM sessions ORDER BY began_at DESC LIMIT 1")
    viewer = replace(await world.viewer(SCHOOL), session=session)
    theirs = replace(SigningKey.made(), kid=kid(genuine))
    await world.owner.execute(f"UPDATE signing_keys {change} WHERE kid = $2", theirs.public, theirs.kid)
    async with world.another_worker(dsn) as other:
        other.gate.tokens.know([theirs], other.phone.now())
        forged = other.gate.tokens.issue(viewer, world.clock.now()).text
    async with world.another_worker(dsn) as other:
        with structlog.testing.capture_logs() as logged:
            assert await seen_as(other, {"Authorization": f"Bearer {forged}"}) == "UNAUTHENTICATED"
            world.phone.advance(minutes=1)
            assert await seen_as(other, genuine) == "UNAUTHENTICATED"
        assert {"event": "signing key left out", "log_level": "error", "kid": theirs.kid} in logged
        [left] = (await other.http.get("/.well-known/jwks.json")).json()["keys"]
        assert left["kid"] != theirs.kid
        assert await seen_as(other, bearer(await sign_in(other))) == SCHOOL
        assert (await other.http.get("/readyz")).status_code == 200


async def test_a_rotation_mends_a_key_that_was_tampered_with(world: World, dsn: str) -> None:
    """Also where no key is left that fits: nobody is signed in until then, and nothing else breaks."""
    await world.units()
    await world.owner.execute("UPDATE signing_keys SET public = $1", SigningKey.made().public)
    async with world.another_worker(dsn) as other:
        document = {"query": SIGN_IN, "variables": {"input": {"username": SCHOOL, "password": PASSWORD}}}
        [error] = (await other.post(document)).json()["errors"]
        assert error["extensions"]["code"] == "INTERNAL"
        assert await seen_as(other, {"Authorization": "Bearer a.b.c"}) == "UNAUTHENTICATED"
        await signing_keys.rotate(world.context())
        world.phone.advance(minutes=1)
        assert await seen_as(other, bearer(await sign_in(other))) == SCHOOL


async def test_there_is_one_key_that_signs(world: World) -> None:
    """However often the service is started or two operators rotate."""
    await asyncio.gather(*(signing_keys.ensure(world.context()) for _ in range(2)))
    await asyncio.gather(*(signing_keys.rotate(world.context()) for _ in range(2)))
    rows = await world.owner.fetch("SELECT verifies_until IS NULL AS signs FROM signing_keys ORDER BY id")
    assert [row["signs"] for row in rows] == [False, False, True]
    held = await world.owner.fetchval("SELECT min(verifies_until) FROM signing_keys")
    assert held - world.clock.now() == timedelta(minutes=16)
