"""`revoke`, `second-factor` and `rotate-signing-key`, over a database in which an officer is signed in."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from commands import accounts
from demo import DEMO_SECOND_FACTOR
from resolvers import second_factors
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.sessions import entered
from security import totp
from storage import accounts as stored
from tests.api.scenes import account
from tests.api.signing import bearer, code, codes, refresh, seen_as, sign_in, why_ended
from tests.audit.trail import entries, newest
from tests.world import OFFICER, PASSWORD, SCHOOL, World

Printed = pytest.CaptureFixture[str]
Command = Callable[[Context, Namespace], Awaitable[None]]


@pytest.fixture
async def signed_in(world: World) -> dict[str, str]:
    """The officer's token."""
    await world.units()
    await world.officers()
    return await world.token(OFFICER)


def given(**arguments: object) -> Namespace:
    return Namespace(**{"username": OFFICER, "code": False, **arguments})


async def test_revoking_ends_every_session_and_keeps_the_reason(
    world: World, signed_in: dict[str, str], capsys: Printed
) -> None:
    """The account's own, at once, and nobody else's."""
    other = await world.token(SCHOOL)
    for said in ("1 session ended\n", "0 sessions ended\n"):
        await accounts.revoke(world.context(), given(reason="手机遗失"))
        assert capsys.readouterr().out == said
    assert [await seen_as(world, headers) for headers in (signed_in, other)] == ["UNAUTHENTICATED", SCHOOL]
    assert set(await why_ended(world)) == {"手机遗失", None}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [({"username": "nobody", "reason": "x"}, "no account has that username"), ({"reason": " "}, "--reason is empty")],
)
async def test_what_cannot_be_revoked_is_said(
    world: World, signed_in: dict[str, str], arguments: dict[str, str], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        await accounts.revoke(world.context(), given(**arguments))
    assert await seen_as(world, signed_in) == OFFICER


async def test_a_closed_account_is_nobodys_until_it_is_opened(
    world: World, signed_in: dict[str, str], capsys: Printed
) -> None:
    """Its sessions end at once; neither the password nor an import opens it; the trail tells both."""
    clerk = await sign_in(world)
    since = await newest(world)
    await accounts.close(world.context(), given(username=SCHOOL))
    said = "closed: nobody signs in to it any more; sessions ended: 1\n"
    assert capsys.readouterr().out.endswith(said)
    assert await seen_as(world, bearer(clerk)) == "UNAUTHENTICATED"
    assert code(await refresh(world, clerk["refreshToken"])) == "BAD_REFRESH_TOKEN"
    assert await codes(world, "wrong", PASSWORD) == ["BAD_CREDENTIALS"] * 2
    await account(world, SCHOOL, "UNIT", unit_si_number=SCHOOL, password="a new password")
    assert await codes(world, "a new password") == ["BAD_CREDENTIALS"]
    await accounts.reopen(world.context(), given(username=SCHOOL))
    assert capsys.readouterr().out.endswith("open: its password, or the outside provider, lets it in again\n")
    assert code(await sign_in(world, SCHOOL, "a new password")) == "IN"
    assert await seen_as(world, bearer(clerk)) == "UNAUTHENTICATED"
    told = {one.action: (one.unit_id, one.body["facts"]) for one in await entries(world, since)}
    assert told["ACCOUNT_CLOSED"] == (1, {"account": 1, "operator": "operator", "sessions": 1})
    assert told["ACCOUNT_OPENED"] == (1, {"account": 1, "operator": "operator"})


async def test_a_session_that_begins_while_the_account_is_closed_ends_with_it(world: World) -> None:
    """The password was right a moment ago: the database is asked once more."""
    await world.units()
    async with world.callers.reading() as connection:
        found = await stored.credentials(connection, SCHOOL)
    assert found is not None and not found.closed
    await accounts.close(world.context(), given(username=SCHOOL))
    assert await entered(world.context(), found) is None


@pytest.mark.parametrize(
    ("command", "username", "said"),
    [
        (accounts.close, "nobody", "no account has that username"),
        (accounts.reopen, "nobody", "no account has that username"),
        (accounts.reopen, SCHOOL, "the account is not closed"),
    ],
)
async def test_what_cannot_be_closed_or_opened_is_said(
    world: World, signed_in: dict[str, str], command: Command, username: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        await command(world.context(), given(username=username))


async def test_an_officer_is_enrolled_in_person(world: World, signed_in: dict[str, str], capsys: Printed) -> None:
    """The phone is shown the secret once, and its codes open the account."""
    await accounts.second_factor(world.context(), given())
    uri = capsys.readouterr().out.splitlines()[-1]
    [secret] = parse_qs(urlsplit(uri).query)["secret"]
    assert await seen_as(world, signed_in) == "UNAUTHENTICATED"
    assert code(await sign_in(world, OFFICER, code=totp.code(secret, world.phone.now()))) == "IN"


@pytest.mark.parametrize(
    ("username", "said"),
    [("nobody", "no account has that username"), (SCHOOL, "only an OFFICER signs in with a second factor")],
)
async def test_nobody_else_is_enrolled(world: World, signed_in: dict[str, str], username: str, said: str) -> None:
    for show in (False, True):
        with pytest.raises(Refused, match=said):
            await accounts.second_factor(world.context(), given(username=username, code=show))


async def test_a_code_is_shown_of_the_demos_secret_only(
    world: World, signed_in: dict[str, str], capsys: Printed
) -> None:
    """Any other is on a phone and nowhere else."""
    await second_factors.enrol(world.context(), OFFICER, DEMO_SECOND_FACTOR)
    await accounts.second_factor(world.context(), given(code=True))
    shown = capsys.readouterr().out.strip()
    assert code(await sign_in(world, OFFICER, code=shown)) == "IN"
    await second_factors.enrol(world.context(), OFFICER, totp.made())
    with pytest.raises(Refused, match="for the demo's officers only"):
        await accounts.second_factor(world.context(), given(code=True))


@pytest.mark.parametrize(
    ("at_once", "former"),
    [
        (False, "verifies until its last token has ended"),
        (True, "verifies no more\nevery session was ended (1): everybody signs in again"),
    ],
)
async def test_a_signing_key_is_rotated(
    world: World, signed_in: dict[str, str], capsys: Printed, at_once: bool, former: str
) -> None:
    await accounts.rotate_signing_key(world.context(), Namespace(at_once=at_once))
    kid = await world.owner.fetchval("SELECT kid FROM signing_keys WHERE verifies_until IS NULL")
    assert capsys.readouterr().out == f"key {kid} signs from now on; the former one {former}\n"
