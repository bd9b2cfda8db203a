"""Tokens of an outside OpenID provider, where one is set."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import pytest

from resolvers import sessions
from security.outside import Outside
from security.outside import Provider as Settings
from tests.api.scenes import account
from tests.api.signing import seen_as, sign_out
from tests.audit.trail import entries, newest
from tests.provider import AUDIENCE, Provider, running
from tests.world import OFFICER, SCHOOL, World

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running() as made:
        yield made


@pytest.fixture
async def outside(world: World, provider: Provider, dsn: str) -> AsyncIterator[World]:
    """A worker that takes the provider's tokens."""
    await world.units()
    async with world.another_worker(dsn, Outside(Settings(provider.issuer, AUDIENCE))) as worker:
        yield worker


def token(world: World, provider: Provider, username: str = SCHOOL, **claims: Any) -> dict[str, str]:
    """The header of somebody whom the provider has signed in for an hour."""
    said = {"preferred_username": username, "exp": world.phone.now() + timedelta(hours=1), **claims}
    return {"Authorization": f"Bearer {provider.token(**said)}"}


async def test_a_token_of_the_provider_is_its_account(outside: World, provider: Provider) -> None:
    """The account must be there: the provider says who, the service knows what that one may."""
    assert await seen_as(outside, token(outside, provider)) == SCHOOL
    assert await seen_as(outside, token(outside, provider, "nobody")) == "UNAUTHENTICATED"
    assert await seen_as(outside, token(outside, provider, "\0")) == "UNAUTHENTICATED"


async def test_without_a_provider_its_tokens_are_nothing(world: World, provider: Provider) -> None:
    await world.units()
    assert await seen_as(world, token(world, provider)) == "UNAUTHENTICATED"


async def test_our_own_tokens_hold_beside_it(outside: World, world: World) -> None:
    assert await seen_as(outside, await world.token(SCHOOL)) == SCHOOL


async def test_a_token_ends(outside: World, provider: Provider) -> None:
    """By the real time, which the provider goes by; also one that was seen before."""
    headers = token(outside, provider)
    assert await seen_as(outside, headers) == SCHOOL
    outside.phone.advance(hours=1)
    assert await seen_as(outside, headers) == "UNAUTHENTICATED"


async def test_an_officer_needs_a_second_factor_there(outside: World, provider: Provider) -> None:
    await outside.officers()
    proven = [{"amr": ["pwd", "otp"]}, {"amr": ["mfa"]}, {"amr": ["hwk"]}, {}]
    seen = [await seen_as(outside, token(outside, provider, OFFICER, **claims)) for claims in proven]
    assert seen == [OFFICER, OFFICER, "UNAUTHENTICATED", "UNAUTHENTICATED"]


async def test_a_token_is_one_session_however_often_and_wherever_it_is_sent(
    outside: World, provider: Provider, dsn: str
) -> None:
    """The provider is asked for its keys once a worker, and not with every request."""
    headers = token(outside, provider)
    provider.asked.clear()
    settings = Settings(provider.issuer, AUDIENCE, f"{provider.issuer}/keys")
    async with outside.another_worker(dsn, Outside(settings)) as other:
        for worker in (outside, other, outside, other):
            assert await seen_as(worker, headers) == SCHOOL
    assert provider.asked == ["/.well-known/openid-configuration", "/keys", "/keys"]
    [row] = await outside.owner.fetch(
        "SELECT ends_at - began_at AS life, length(outside_token) AS digest FROM sessions"
    )
    assert (row["life"], row["digest"]) == (timedelta(hours=1), 32)


async def test_its_sessions_end_like_any_other(outside: World, provider: Provider) -> None:
    """Signing out and revoking hold at once, although the provider's token has not expired."""
    first, second = token(outside, provider), token(outside, provider, jti="2")
    assert await sign_out(outside, first) == {"ended": 1, "userErrors": []}
    assert [await seen_as(outside, headers) for headers in (first, second)] == ["UNAUTHENTICATED", SCHOOL]
    assert await sessions.revoke(outside.context(), SCHOOL, "电脑被盗") == 1
    assert [await seen_as(outside, headers) for headers in (first, second)] == ["UNAUTHENTICATED"] * 2


def spelled_otherwise(headers: dict[str, str]) -> list[dict[str, str]]:
    """The same token with a signature of other characters: padded, with unused bits, and as (r, n - s)."""
    head, body, signature = headers["Authorization"].removeprefix("Bearer ").split(".")
    raw = base64.urlsafe_b64decode(f"{signature}==")
    mirrored = raw[:32] + (P256_ORDER - int.from_bytes(raw[32:])).to_bytes(32)
    loose = signature[:-1] + LETTERS[LETTERS.index(signature[-1]) + 1]
    others = (f"{signature}==", loose, base64.urlsafe_b64encode(mirrored).decode().rstrip("="))
    return [{"Authorization": f"Bearer {head}.{body}.{other}"} for other in others]


async def test_a_token_that_is_spelled_otherwise_does_not_come_back_to_life(outside: World, provider: Provider) -> None:
    """Neither after signing out nor after it was revoked; what the signature covers is one session."""
    first, second = token(outside, provider), token(outside, provider, jti="2")
    assert await seen_as(outside, first) == SCHOOL
    await sign_out(outside, first)
    assert [await seen_as(outside, other) for other in spelled_otherwise(first)] == ["UNAUTHENTICATED"] * 3
    assert await seen_as(outside, second) == SCHOOL
    await sessions.revoke(outside.context(), SCHOOL, "电脑被盗")
    assert [await seen_as(outside, other) for other in spelled_otherwise(second)] == ["UNAUTHENTICATED"] * 3
    assert await outside.owner.fetchval("SELECT count(*) FROM sessions") == 2


async def test_the_other_signature_of_what_was_signed_is_the_same_session(outside: World, provider: Provider) -> None:
    """And one that does not fit is none, although the same words were seen before."""
    headers = token(outside, provider)
    *_, mirrored = spelled_otherwise(headers)
    assert [await seen_as(outside, each) for each in (headers, mirrored)] == [SCHOOL, SCHOOL]
    assert await outside.owner.fetchval("SELECT count(*) FROM sessions") == 1
    head, body, _ = headers["Authorization"].split(".")
    assert await seen_as(outside, {"Authorization": f"{head}.{body}.{'A' * 86}"}) == "UNAUTHENTICATED"


async def test_a_provider_that_does_not_answer_keeps_nobody_else_out(world: World, dsn: str) -> None:
    await world.units()
    with running() as gone:
        headers = token(world, gone)
    async with world.another_worker(dsn, Outside(Settings(gone.issuer, AUDIENCE))) as worker:
        assert await seen_as(worker, headers) == "UNAUTHENTICATED"
        assert await seen_as(worker, await world.token(SCHOOL)) == SCHOOL


async def test_a_closed_account_is_not_entered_from_outside(outside: World, provider: Provider) -> None:
    """With a token that was seen before, or another one; opened again, the former session stays ended."""
    first, second = token(outside, provider), token(outside, provider, jti="2")
    assert await seen_as(outside, first) == SCHOOL
    await sessions.close(outside.context(), SCHOOL)
    assert [await seen_as(outside, headers) for headers in (first, second)] == ["UNAUTHENTICATED"] * 2
    await sessions.reopen(outside.context(), SCHOOL)
    assert [await seen_as(outside, headers) for headers in (first, second)] == ["UNAUTHENTICATED", SCHOOL]


async def test_another_unit_account_of_the_same_provider_is_another(outside: World, provider: Provider) -> None:
    clerk = await account(outside, f"{SCHOOL}/li", "UNIT", unit_si_number=SCHOOL)
    assert [await seen_as(outside, token(outside, provider, name)) for name in (SCHOOL, clerk)] == [SCHOOL, clerk]


async def test_a_token_of_somebody_unknown_or_proven_too_little_is_recorded_once(
    outside: World, provider: Provider
) -> None:
    """Its signature is good: whoever is behind it was turned away, and of which account is said where there is one."""
    await outside.officers()
    since = await newest(outside)
    for headers in (token(outside, provider, "nobody"), token(outside, provider, OFFICER)):
        for _ in range(3):
            assert await seen_as(outside, headers) == "UNAUTHENTICATED"
    nobody = {"username": f"#{outside.gate.sealer.fingerprint('username', 'nobody')}"}
    assert [(one.action, one.username, one.body) for one in await entries(outside, since)] == [
        ("SIGN_IN_REFUSED", None, {"codes": ["BAD_CREDENTIALS"], "facts": nobody}),
        ("SIGN_IN_REFUSED", None, {"codes": ["SECOND_FACTOR_REQUIRED"], "facts": {"account": 2}}),
    ]
    await seen_as(outside, token(outside, provider))
    body = await outside.owner.fetchval("SELECT body FROM audit_entries WHERE action = 'SIGNED_IN'")
    assert body == '{"facts":{"means":"OUTSIDE_PROVIDER"}}'


async def test_a_session_lasts_no_longer_than_one_of_our_own(outside: World, provider: Provider) -> None:
    """Twelve hours for a desk, whatever the provider says; the token does not begin another one."""
    headers = token(outside, provider, exp=outside.phone.now() + timedelta(days=365))
    assert await seen_as(outside, headers) == SCHOOL
    for hours, expected in ((11, SCHOOL), (1, "UNAUTHENTICATED"), (24, "UNAUTHENTICATED")):
        outside.clock.advance(hours=hours)
        outside.phone.advance(hours=hours)
        assert await seen_as(outside, headers) == expected
    assert await outside.owner.fetchval("SELECT count(*) FROM sessions") == 1
    ended = [one for one in await entries(outside) if one.action == "ACCESS_REFUSED"]
    assert [one.body["facts"]["because"] for one in ended] == ["SESSION_ENDED"]
