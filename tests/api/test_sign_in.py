"""`signIn`: with a unit's social insurance number and its password. Notice 附3."""

from __future__ import annotations

import asyncio
import re

from argon2 import PasswordHasher

from tests.api.scenes import account
from tests.api.signing import bearer, code, codes, seen_as, sign_in, why_ended
from tests.world import PASSWORD, SCHOOL, World


async def test_a_unit_signs_in_with_its_number_and_is_told_who_it_is(world: World) -> None:
    """Two tokens, when they end, and the viewer with the date on which the server thinks it is."""
    await world.units()
    payload = await sign_in(world.at("2019-06-05", hour=9))
    assert payload["userErrors"] == []
    assert payload["expiresAt"] == "2019-06-05T09:15:00+08:00"
    assert payload["refreshExpiresAt"] == "2019-06-05T21:00:00+08:00"
    viewer = {"role": "UNIT", "username": SCHOOL, "today": "2019-06-05", "unit": {"siNumber": SCHOOL}}
    assert payload["viewer"] == viewer
    document = {"query": "{ viewer { role username today unit { siNumber } } }"}
    assert (await world.post(document, bearer(payload))).json()["data"] == {"viewer": viewer}


async def test_the_access_token_holds_for_a_quarter_of_an_hour(world: World) -> None:
    """The service's clock decides."""
    await world.units()
    headers = bearer(await sign_in(world))
    seen = []
    for minutes in (14, 1, 10**6):
        world.clock.advance(minutes=minutes)
        seen.append(await seen_as(world, headers))
    assert seen == [SCHOOL, "UNAUTHENTICATED", "UNAUTHENTICATED"]


async def test_accounts_without_a_unit_sign_in_too(world: World) -> None:
    """An auditor signs in with another username."""
    auditor = await account(world, "auditor", "AUDITOR")
    payload = await sign_in(world, auditor, PASSWORD)
    assert payload["viewer"] == {"role": "AUDITOR", "username": "auditor", "today": "2019-06-05", "unit": None}


async def test_whoever_signs_in_is_nobody_before(world: World) -> None:
    """A token that has ended, or is somebody else's, neither hinders nor helps."""
    await world.units()
    document = f'mutation {{ signIn(input: {{ username: "{SCHOOL}", password: "%s" }}) {{ viewer {{ username }} }} }}'
    headers = bearer(await sign_in(world))
    await world.owner.execute("UPDATE sessions SET ended_at = now(), ended_because = 'test'")
    for password, viewer in ((PASSWORD, {"username": SCHOOL}), ("wrong", None)):
        answer = await world.post({"query": document % password}, headers)
        assert answer.json()["data"] == {"signIn": {"viewer": viewer}}
    assert await seen_as(world, headers) == "UNAUTHENTICATED"


async def test_bad_credentials_are_told_apart_by_nothing(world: World) -> None:
    """An unknown name and a wrong password are answered alike: BAD_CREDENTIALS, in Chinese, without a token."""
    await world.units()
    wrong = ["wrong password", "", PASSWORD + " ", PASSWORD.upper(), "密码" * 5000, "\0"]
    nobody = ["nobody", "", f" {SCHOOL}", "\0", "' OR '1'='1"]
    pairs = [(SCHOOL, password) for password in wrong] + [(username, PASSWORD) for username in nobody]
    said = []
    for username, password in pairs:
        payload = await sign_in(world, username, password)
        assert {payload.pop(field) for field in list(payload) if field != "userErrors"} == {None}
        said.append(payload["userErrors"])
    assert said == [said[0]] * len(pairs)
    [error] = said[0]
    assert re.fullmatch(r"[\u4e00-\u9fff]{8,}。", error.pop("message"))
    assert error == {"code": "BAD_CREDENTIALS", "path": ["input"], "beneficiaryId": None}


async def test_a_changed_password_holds_at_once(world: World) -> None:
    """Accounts are loaded again with a new password; the old one is of no use any more."""
    await world.units()
    await account(world, SCHOOL, "UNIT", unit_si_number=SCHOOL, password="another horse")
    assert await codes(world, PASSWORD, "another horse") == ["BAD_CREDENTIALS", "IN"]


async def test_a_password_that_is_being_changed_opens_nothing(world: World) -> None:
    """It fitted when it was checked; the session waits for the import, and does not begin after it."""
    await world.units()
    async with world.database.begin() as importing:
        await importing.execute("UPDATE accounts SET password_hash = 'another one'")
        signing_in = asyncio.create_task(sign_in(world))
        await asyncio.sleep(0.3)
        assert not signing_in.done()
    assert code(await signing_in) == "BAD_CREDENTIALS"
    assert await why_ended(world) == []


async def test_a_hash_of_weaker_parameters_is_made_anew(world: World) -> None:
    """Only a sign-in knows the password: it is then that its hash can grow."""
    await world.units()
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, hash_len=16).hash(PASSWORD)
    await world.owner.execute("UPDATE accounts SET password_hash = $1", weak)
    assert await codes(world, "wrong", PASSWORD) == ["BAD_CREDENTIALS", "IN"]
    held = await world.owner.fetchval("SELECT password_hash FROM accounts")
    assert held != weak
    assert code(await sign_in(world)) == "IN"
    assert await world.owner.fetchval("SELECT password_hash FROM accounts") == held
