"""What is told of accounts: signing in and out, sessions, and what an operator does to them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.scenes import account
from tests.api.signing import code, refresh, sign_in
from tests.audit.trail import Shown, entries, newest, the_entry
from tests.commands.ledger import said
from tests.world import OFFICER, PASSWORD, SCHOOL, World


async def test_a_session_that_has_ended_is_recorded_when_it_is_used_once(world: World) -> None:
    """Somebody has its token; the account is told, and nobody is taken for it."""
    await world.units()
    headers = await world.token(SCHOOL)
    await said(world, "revoke", SCHOOL, "--reason", "电脑被盗")
    since = await newest(world)
    for document in ("{ viewer { role } }", "{ unit { name } }", '{ node(id: "x") { id } }'):
        answer = (await world.post({"query": document}, headers)).json()
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    told = {"facts": {"account": 1, "because": "SESSION_ENDED"}}
    assert await the_entry(world, since) == Shown("ACCESS_REFUSED", None, 1, None, None, told)


async def test_a_sign_in_says_by_what_it_was_proven(world: World) -> None:
    """And a session that moves to another address says so, each time it does."""
    await world.units()
    token = (await sign_in(world))["refreshToken"]
    async with world.seen_from("203.0.113.9") as elsewhere:
        token = (await refresh(elsewhere, token))["refreshToken"]
        await refresh(elsewhere, token)
    rows = await world.owner.fetch("SELECT address, body FROM audit_entries WHERE action = 'SIGNED_IN' ORDER BY id")
    assert [(row["address"], row["body"]) for row in rows] == [
        ("127.0.0.1", '{"facts":{"means":"PASSWORD"}}'),
        ("203.0.113.9", '{"facts":{"means":"REFRESH_FROM_ANOTHER_ADDRESS"}}'),
    ]


async def test_an_import_of_accounts_tells_each_that_came_or_changed(world: World) -> None:
    """Which, in what role, where it belongs, whether its password is another; never the password or a number."""
    await world.units()
    since = await newest(world)
    await account(world, "window", "WINDOW", district="市南区")
    await account(world, "window", "WINDOW", district="市北区", password="another password")
    await account(world, "window", "WINDOW", district="市北区", password="another password")
    found = [one for one in await entries(world, since) if one.action != "IMPORTED"]
    is_of = {"account": 2, "role": "WINDOW", "holder_changed": False, "password_changed": True, "operator": "operator"}
    assert [(one.action, one.unit_id, one.body) for one in found] == [
        ("ACCOUNT_ADDED", None, {"after": {"district": "市南区", "unit": None}, "facts": is_of}),
        ("ACCOUNT_CHANGED", None, {"before": {"district": "市南区", "unit": None},
                                   "after": {"district": "市北区", "unit": None}, "facts": is_of}),
    ]  # fmt: skip


SIGN_IN = "mutation($i: SignInInput!) { signIn(input: $i) { userErrors { code } } }"


async def test_signing_in_is_recorded_in_the_chain_of_the_accounts_unit(world: World) -> None:
    """With the session, in its transaction; an auditor's in the agency's chain."""
    await world.units()
    await account(world, "auditor", "AUDITOR")
    for username, unit in ((SCHOOL, 1), ("auditor", None)):
        since = await newest(world)
        await world.post({"query": SIGN_IN, "variables": {"i": {"username": username, "password": PASSWORD}}})
        [row] = await world.owner.fetch(
            "SELECT e.*, s.account_id AS whose FROM audit_entries e JOIN sessions s ON s.id = e.session_id"
            " WHERE e.id > $1",
            since,
        )
        assert (row["action"], row["unit_id"], row["address"]) == ("SIGNED_IN", unit, "127.0.0.1")
        assert row["whose"] == row["account_id"] is not None


@pytest.mark.parametrize(
    ("username", "password", "tried"),
    [
        (SCHOOL, "a wrong one", {"codes": ["BAD_CREDENTIALS"], "facts": {"account": 1}}),
        ("nobody", PASSWORD, {"codes": ["BAD_CREDENTIALS"]}),
        ("x" * 300, PASSWORD, {"codes": ["BAD_CREDENTIALS"]}),
    ],
)
async def test_a_refused_sign_in_is_recorded_without_what_was_typed(
    world: World, username: str, password: str, tried: dict[str, Any]
) -> None:
    """Which account was tried, where there is one; what was typed may be a password, or somebody's number."""
    await world.units()
    since = await newest(world)
    answer = await world.post({"query": SIGN_IN, "variables": {"i": {"username": username, "password": password}}})
    assert answer.json()["data"]["signIn"]["userErrors"] == [{"code": "BAD_CREDENTIALS"}]
    unit = 1 if "facts" in tried else None
    if unit is None:  # by a keyed fingerprint of the name
        tried = {**tried, "facts": {"username": f"#{world.gate.sealer.fingerprint('username', username)}"}}
    assert await the_entry(world, since) == Shown("SIGN_IN_REFUSED", None, unit, None, None, tried)


async def test_signing_out_is_recorded(world: World) -> None:
    await world.units()
    await world.viewer(SCHOOL)
    since = await newest(world)
    await world.ask("mutation { signOut { ended } }")
    await world.ask("mutation { signOutEverywhere { ended } }")
    assert [(one.action, one.username, one.unit_id, one.body["facts"]) for one in await entries(world, since)] == [
        ("SIGNED_OUT", SCHOOL, 1, {"because": "SIGNED_OUT", "sessions": 1}),
        ("SIGNED_OUT", SCHOOL, 1, {"because": "SIGNED_OUT_EVERYWHERE", "sessions": 2}),
    ]


async def test_a_refresh_token_that_comes_twice_is_recorded_with_the_session_that_it_ends(world: World) -> None:
    """Whoever has it the second time is not the account."""
    await world.units()
    token = (await sign_in(world))["refreshToken"]
    since = await newest(world)
    assert [code(await refresh(world, token)) for _ in range(2)] == ["IN", "BAD_REFRESH_TOKEN"]
    assert [(one.action, one.username, one.unit_id, one.body) for one in await entries(world, since)] == [
        ("SESSION_ENDED", None, 1, {"facts": {"account": 1, "because": "REFRESH_TOKEN_REUSED"}}),
        ("SIGN_IN_REFUSED", None, 1, {"codes": ["BAD_REFRESH_TOKEN"], "facts": {"account": 1}}),
    ]


async def test_what_an_operator_does_to_an_account_is_recorded(world: World) -> None:
    """Sessions revoked, a phone enrolled, a signing key given up."""
    await world.officers()
    await world.viewer(OFFICER)
    since = await newest(world)
    await said(world, "revoke", OFFICER, "--reason", "离职")
    await said(world, "second-factor", OFFICER)
    await said(world, "rotate-signing-key", "--at-once")
    kid = await world.owner.fetchval("SELECT kid FROM signing_keys ORDER BY id DESC LIMIT 1")
    by = {"operator": "operator"}
    assert [(one.action, one.body["facts"]) for one in await entries(world, since)] == [
        ("SESSION_ENDED", {**by, "account": 1, "sessions": 1, "because": "离职"}),
        ("SECOND_FACTOR_ENROLLED", {**by, "account": 1}),
        ("KEYS_ROTATED", {**by, "keys": "signing", "kid": kid, "at_once": True, "sessions": 0}),
    ]
