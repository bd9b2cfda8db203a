"""Tokens of an outside provider, which publishes its keys over HTTP."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from security.outside import Outside, Outsider, Unreachable
from security.outside import Provider as Settings
from tests.provider import AUDIENCE, Provider, running

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
IN_AN_HOUR = NOW + timedelta(hours=1)
GOOD: dict[str, Any] = {"preferred_username": "officer-shinan", "exp": IN_AN_HOUR, "amr": ["pwd", "otp"]}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running() as made:
        yield made


def outside(provider: Provider, **settings: Any) -> Outside:
    return Outside(Settings(provider.issuer, AUDIENCE, **settings))


async def test_a_good_token_says_who_was_signed_in_and_how(provider: Provider) -> None:
    """The keys are found through the discovery document, and asked for once."""
    reader = outside(provider)
    provider.asked.clear()
    for _ in range(2):
        assert await reader.read(provider.token(**GOOD), NOW) == Outsider("officer-shinan", True, IN_AN_HOUR)
    assert provider.asked == ["/.well-known/openid-configuration", "/keys"]


async def test_the_settings_say_where_the_keys_and_the_name_are(provider: Provider) -> None:
    reader = outside(provider, jwks_url=f"{provider.issuer}/keys", username_claim="upn")
    provider.asked.clear()
    assert await reader.read(provider.token(upn="auditor", exp=IN_AN_HOUR), NOW) == Outsider(
        "auditor", False, IN_AN_HOUR
    )
    assert provider.asked == ["/keys"]


@pytest.mark.parametrize(
    ("amr", "counts"),
    [(["otp"], True), (["pwd", "mfa"], True), (["hwk"], False), (["pwd"], False), ("otp", False), ([7], False)],
)
async def test_what_counts_as_a_second_factor(provider: Provider, amr: Any, counts: bool) -> None:
    """`amr` is a list of methods (RFC 8176); anything else proves nothing."""
    found = await outside(provider).read(provider.token(**{**GOOD, "amr": amr}), NOW)
    assert found is not None and found.second_factor is counts


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another-service"},
        {"exp": NOW},
        {"exp": NOW - timedelta(seconds=1)},
        {"nbf": NOW + timedelta(minutes=2)},
        {"exp": "tomorrow"},
        {"exp": 10**20},
        {"typ": "ID"},
        {"typ": "id_token"},
        {"aud": [AUDIENCE, "another-service"], "azp": "another-service"},
        {"preferred_username": None},
        {"preferred_username": ["officer-shinan"]},
    ],
)
async def test_a_token_that_is_not_for_here_and_now_is_none(provider: Provider, claims: dict[str, Any]) -> None:
    assert await outside(provider).read(provider.token(**{**GOOD, **claims}), NOW) is None


async def test_of_several_audiences_the_token_is_the_authorized_partys(provider: Provider) -> None:
    """Of one audience a client of the provider's may have been given it. OpenID Connect Core 2, 3.1.3.7."""
    ours: dict[str, Any] = {"aud": [AUDIENCE, "another-service"], "azp": AUDIENCE, "typ": "Bearer"}
    for claims in (ours, {"aud": [AUDIENCE], "azp": "a-web-application"}):
        assert await outside(provider).read(provider.token(**GOOD, **claims), NOW) is not None


async def test_a_clock_that_is_a_little_behind_is_forgiven(provider: Provider) -> None:
    found = await outside(provider).read(provider.token(**GOOD, nbf=NOW + timedelta(seconds=20)), NOW)
    assert found is not None


async def test_a_forged_token_is_none(provider: Provider) -> None:
    """Another key under the same name, no signature, a shared secret, no key at all, garbage."""
    claims = {"iss": provider.issuer, "aud": AUDIENCE, **GOOD}
    with running() as other:
        foreign = jwt.encode(claims, other.keys["first"], "ES256", {"kid": "first"})
    forged = [
        foreign,
        jwt.encode(claims, "", "none", {"kid": "first"}),
        jwt.encode(claims, "x" * 64, "HS256", {"kid": "first"}),
        jwt.encode(claims, provider.keys["first"], "ES256"),
        "garbage",
        "a.b.c",
    ]
    reader = outside(provider)
    assert [await reader.read(token, NOW) for token in forged] == [None] * 6


async def test_it_is_asked_about_by_its_own_tokens_only(provider: Provider) -> None:
    reader = outside(provider)
    ours = jwt.encode({"iss": "renzheng"}, "x" * 64, "HS256")
    deep = "eyJhbGciOiJub25lIn0." + jwt.utils.base64url_encode(b"[" * 100_000).decode() + "."
    assert [reader.is_named_by(token) for token in (provider.token(**GOOD), ours, "", "a.b.c", deep)] == [
        True, False, False, False, False,
    ]  # fmt: skip


async def test_a_provider_that_does_not_answer_is_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    nobody = Provider(f"http://127.0.0.1:{port}")
    nobody.add_key("first")
    for settings in ({}, {"jwks_url": f"{nobody.issuer}/keys"}):
        with pytest.raises(Unreachable):
            await outside(nobody, **settings).read(nobody.token(**GOOD), NOW)


async def test_a_discovery_document_of_another_issuer_is_not_followed(provider: Provider) -> None:
    reader = Outside(Settings(f"{provider.issuer}/", AUDIENCE))
    assert await reader.read(provider.token(**{**GOOD, "iss": f"{provider.issuer}/"}), NOW) is None
