"""The second factor of an OFFICER: a code from a phone, of use once."""

from __future__ import annotations

import re

import pytest

from resolvers import second_factors
from security import totp
from tests.api.scenes import account
from tests.api.signing import bearer, code, refresh, seen_as, sign_in, why_ended
from tests.world import OFFICER, PASSWORD, SCHOOL, World

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
async def enrolled(world: World) -> World:
    """An officer whose phone knows the secret."""
    await world.officers()
    await second_factors.enrol(world.context(), OFFICER, SECRET)
    return world


def shown(world: World, secret: str = SECRET) -> str:
    """What the phone shows."""
    return totp.code(secret, world.phone.now())


async def test_an_officer_signs_in_with_a_code(enrolled: World) -> None:
    payload = await sign_in(enrolled, OFFICER, code=shown(enrolled))
    assert code(payload) == "IN"
    assert await seen_as(enrolled, bearer(payload)) == OFFICER


async def test_without_a_code_it_is_asked_for(enrolled: World) -> None:
    """Only after the right password: nobody learns by it who has one."""
    asked = [await sign_in(enrolled, OFFICER, code=typed) for typed in (None, "", "  ")]
    assert {code(payload) for payload in asked} == {"SECOND_FACTOR_REQUIRED"}
    assert asked[0]["userErrors"][0]["path"] == ["input", "code"]
    assert code(await sign_in(enrolled, OFFICER, "wrong")) == "BAD_CREDENTIALS"
    assert code(await sign_in(enrolled, OFFICER, "wrong", shown(enrolled))) == "BAD_CREDENTIALS"


async def test_being_asked_for_a_code_is_no_failure(enrolled: World) -> None:
    """Every sign-in begins with it; what was wrong before is not forgotten by it either."""
    for _ in range(3):
        assert code(await sign_in(enrolled, OFFICER, "wrong")) == "BAD_CREDENTIALS"
    assert {code(await sign_in(enrolled, OFFICER)) for _ in range(6)} == {"SECOND_FACTOR_REQUIRED"}
    for _ in range(2):
        assert code(await sign_in(enrolled, OFFICER, "wrong")) == "BAD_CREDENTIALS"
    assert code(await sign_in(enrolled, OFFICER, code=shown(enrolled))) == "TOO_MANY_ATTEMPTS"


async def test_a_wrong_code_counts_as_a_failure(enrolled: World) -> None:
    """A million codes are not many: after five the right one waits as well."""
    refused = [code(await sign_in(enrolled, OFFICER, code="000000")) for _ in range(6)]
    assert refused == ["BAD_SECOND_FACTOR"] * 5 + ["TOO_MANY_ATTEMPTS"]
    enrolled.clock.advance(minutes=15)
    assert code(await sign_in(enrolled, OFFICER, code=shown(enrolled))) == "IN"


async def test_a_code_is_of_use_once(enrolled: World) -> None:
    """Whoever looked over the officer's shoulder is half a minute late; an older code is no way around."""
    earlier = shown(enrolled)
    enrolled.phone.advance(seconds=30)
    current = shown(enrolled)
    tried = [code(await sign_in(enrolled, OFFICER, code=typed)) for typed in (current, current, earlier)]
    assert tried == ["IN", "BAD_SECOND_FACTOR", "BAD_SECOND_FACTOR"]
    enrolled.phone.advance(seconds=30)
    assert code(await sign_in(enrolled, OFFICER, code=shown(enrolled))) == "IN"


async def test_a_code_goes_by_the_real_time_not_by_the_services_clock(enrolled: World) -> None:
    """In a rehearsal of 2026 the officer's phone is still in the present."""
    enrolled.at("2026-11-24")
    assert code(await sign_in(enrolled, OFFICER, code=shown(enrolled))) == "IN"


async def test_refreshing_needs_no_code(enrolled: World) -> None:
    """The session was begun with one."""
    payload = await sign_in(enrolled, OFFICER, code=shown(enrolled))
    assert code(await refresh(enrolled, payload["refreshToken"])) == "IN"


async def test_an_officer_without_a_phone_is_told_what_to_do(world: World) -> None:
    """Only after the right password."""
    await world.officers()
    payload = await sign_in(world, OFFICER, code="123456")
    assert code(payload) == "SECOND_FACTOR_NOT_ENROLLED"
    assert re.search("办理绑定", payload["userErrors"][0]["message"])
    assert code(await sign_in(world, OFFICER, "wrong")) == "BAD_CREDENTIALS"


async def test_another_phone_replaces_the_former_and_ends_its_sessions(enrolled: World) -> None:
    """A phone was lost: neither its codes nor what was opened with them is of use."""
    payload = await sign_in(enrolled, OFFICER, code=shown(enrolled))
    other = totp.made()
    await second_factors.enrol(enrolled.context(), OFFICER, other)
    assert await seen_as(enrolled, bearer(payload)) == "UNAUTHENTICATED"
    assert await why_ended(enrolled) == ["SECOND_FACTOR_CHANGED"]
    enrolled.phone.advance(minutes=1)
    tried = [code(await sign_in(enrolled, OFFICER, code=shown(enrolled, secret))) for secret in (SECRET, other)]
    assert tried == ["BAD_SECOND_FACTOR", "IN"]


async def test_the_others_sign_in_without(world: World) -> None:
    """A code that was typed all the same is not looked at."""
    await world.units()
    auditor = await account(world, "auditor", "AUDITOR")
    assert [code(await sign_in(world, username, PASSWORD, "123456")) for username in (SCHOOL, auditor)] == ["IN", "IN"]


async def test_the_secret_lies_wrapped_and_bound_to_its_account(enrolled: World) -> None:
    """A copy of the database opens nothing, and a secret that is moved to another row neither."""
    held = await enrolled.owner.fetchval("SELECT wrapped FROM second_factors")
    assert SECRET.encode() not in held
    await enrolled.officers("officer-two")
    await enrolled.owner.execute(
        "INSERT INTO second_factors SELECT id, $1, now() FROM accounts WHERE username = 'officer-two'", held
    )
    given = {"username": "officer-two", "password": PASSWORD, "code": shown(enrolled)}
    document = "mutation($i: SignInInput!) { signIn(input: $i) { accessToken } }"
    answer = (await enrolled.post({"query": document, "variables": {"i": given}})).json()
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
