"""Cursors, resume tokens and bearer tokens that were not made for whoever sends them: each is told of in the trail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt

from security.outside import Outside
from security.outside import Provider as Settings
from tests.api.scenes import account, enrolled
from tests.api.signing import seen_as
from tests.audit.trail import entries, newest
from tests.provider import AUDIENCE, running
from tests.world import BUREAU, SCHOOL, World

ROSTER = "query($after: String) { unit { beneficiaries(first: 1, after: $after) { edges { cursor node { id } } } } }"


def bearing(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def altered(token: str) -> str:
    """The same with another account among its claims."""
    head, _, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False}) | {"sub": "2"}
    return ".".join((head, jwt.encode(claims, "x" * 32).split(".")[1], signature))


async def told(world: World, since: int) -> list[tuple[str, str | None, dict[str, Any]]]:
    return [(one.action, one.username, one.body["facts"]) for one in await entries(world, since)]


async def test_a_cursor_of_another_list_is_among_what_was_missed(world: World) -> None:
    """Another account's, an altered one, or one made up: one entry a request, however many."""
    await world.units(SCHOOL, BUREAU)
    await enrolled(world, 2, unit=BUREAU)
    page = await world.ask(ROSTER, as_=BUREAU)
    theirs = page["unit"]["beneficiaries"]["edges"][0]["cursor"]
    since = await newest(world)
    document = """query($after: String) { one: unit { beneficiaries(after: $after) { totalCount } }
        two: unit { beneficiaries(before: "nowhere") { totalCount } } }"""
    assert len(await world.errors(document, {"after": theirs})) == 2
    facts = {"asked": ["unit"], "fields": [], "cursors": 2, "not_found": 2}
    assert await told(world, since) == [("ACCESS_REFUSED", SCHOOL, facts)]


async def test_a_token_that_is_none_is_recorded_once_as_nobodys_doing(world: World) -> None:
    """Altered, forged or garbage, with the address; one that has ended was none's forgery."""
    await world.units()
    await account(world, "auditor", "AUDITOR")
    headers = await world.token(SCHOOL)
    since = await newest(world)
    genuine = headers["Authorization"].removeprefix("Bearer ")
    forged = [altered(genuine), jwt.encode({"sub": "1"}, "x" * 32, "HS256", {"kid": "made-up"}), "garbage"]
    for text in forged * 2:
        assert await seen_as(world, bearing(text)) == "UNAUTHENTICATED"
    assert await told(world, since) == [("ACCESS_REFUSED", None, {"because": "FORGED_TOKEN"})] * 3
    row = await world.owner.fetchrow("SELECT address, unit_id, account_id FROM audit_entries ORDER BY id DESC LIMIT 1")
    assert row is not None and tuple(row) == ("127.0.0.1", None, None)
    since = await newest(world)
    world.clock.advance(minutes=20)
    assert await seen_as(world, headers) == "UNAUTHENTICATED"
    assert await told(world, since) == []


async def test_whoever_makes_up_tokens_does_not_fill_the_trail(world: World) -> None:
    """Ten a minute and worker; the next that is recorded says how many were left out."""
    await world.units()
    since = await newest(world)
    for n in range(15):
        await seen_as(world, bearing(f"made-up-{n}"))
    assert len(await told(world, since)) == 10
    world.phone.advance(minutes=1)
    await seen_as(world, bearing("one-more"))
    assert (await told(world, since))[10:] == [("ACCESS_REFUSED", None, {"because": "FORGED_TOKEN", "left_out": 5})]


async def test_a_forged_token_of_the_outside_provider_is_recorded_alike(world: World, dsn: str) -> None:
    """One that is over is not."""
    await world.units()
    with running() as provider, running() as other:
        async with world.another_worker(dsn, Outside(Settings(provider.issuer, AUDIENCE))) as outside:
            claims: dict[str, Any] = {"preferred_username": SCHOOL, "exp": world.phone.now() + timedelta(hours=1)}
            forged = other.token(iss=provider.issuer, **claims)
            over = provider.token(**{**claims, "exp": world.phone.now()})
            since = await newest(world)
            for text in (forged, over):
                assert await seen_as(outside, bearing(text)) == "UNAUTHENTICATED"
    assert await told(world, since) == [("ACCESS_REFUSED", None, {"because": "FORGED_TOKEN"})]
