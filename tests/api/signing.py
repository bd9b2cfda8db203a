"""Signing in as a client does it: with what somebody typed, and with what came back."""

from __future__ import annotations

from typing import Any

from tests.world import PASSWORD, SCHOOL, World

_TOKENS = "accessToken expiresAt refreshToken refreshExpiresAt userErrors { code message path beneficiaryId }"
_WHO = "viewer { role username today unit { siNumber } }"
SIGN_IN = f"mutation($input: SignInInput!) {{ signIn(input: $input) {{ {_TOKENS} {_WHO} }} }}"
REFRESH = (
    f"mutation($input: RefreshSessionInput!) {{ refreshSession(input: $input) {{ {_TOKENS} viewer {{ username }} }} }}"
)


async def sign_in(world: World, username: str = SCHOOL, password: str = PASSWORD, code: str | None = None) -> Any:
    """The payload, asked for without a token."""
    given = {"username": username, "password": password, "code": code}
    return await _answered(world, SIGN_IN, given, "signIn")


async def refresh(world: World, token: str) -> Any:
    return await _answered(world, REFRESH, {"refreshToken": token}, "refreshSession")


async def _answered(world: World, document: str, given: dict[str, Any], field: str) -> Any:
    answer = (await world.post({"query": document, "variables": {"input": given}})).json()
    assert "errors" not in answer, answer
    return answer["data"][field]


async def codes(world: World, *passwords: str, username: str = SCHOOL) -> list[str]:
    """What became of trying these passwords one after the other: an error's code, or IN."""
    return [code(await sign_in(world, username, password)) for password in passwords]


def code(payload: Any) -> str:
    """The only error of a payload, or IN."""
    if payload["accessToken"] is not None:
        assert payload["userErrors"] == []
        return "IN"
    [error] = payload["userErrors"]
    return str(error["code"])


def bearer(payload: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {payload['accessToken']}"}


async def seen_as(world: World, headers: dict[str, str]) -> str:
    """The username as which a request is taken, or the code by which it is refused."""
    answer = (await world.post({"query": "{ viewer { username } }"}, headers)).json()
    if answer.get("errors"):
        return str(answer["errors"][0]["extensions"]["code"])
    return str(answer["data"]["viewer"]["username"])


async def sign_out(world: World, headers: dict[str, str], field: str = "signOut") -> Any:
    answer = (await world.post({"query": f"mutation {{ {field} {{ ended userErrors {{ code }} }} }}"}, headers)).json()
    return answer["data"][field] if "errors" not in answer else answer["errors"][0]["extensions"]["code"]


async def why_ended(world: World) -> list[str | None]:
    """Of every session, in the order in which they began."""
    rows = await world.owner.fetch("SELECT ended_because FROM sessions ORDER BY began_at, id")
    return [row["ended_because"] for row in rows]
