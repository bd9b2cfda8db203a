"""Authorization headers that are none: whoever sends one is nobody, and nothing breaks."""

from __future__ import annotations

import base64

import pytest

from tests.world import SCHOOL, World
from web.hardening.accept import GRAPHQL

DEEP = 5000


def part(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


HEADS = [
    "", "x", "1", "null", "[]", "[" * DEEP, '{"alg":' * 1000, '{"alg": "none"}', '{"alg": "HS256", "kid": "a"}',
    '{"alg": "EdDSA", "kid": {"a": 1}}', '{"alg": "EdDSA", "kid": 1}', '{"alg": ["EdDSA"], "kid": "a"}',
    '{"alg": "EdDSA", "kid": "a", "crit": ["b64"], "b64": false}', '{"alg": "EdDSA", "kid": ' + "9" * DEEP + "}",
    '{"alg": "EdDSA", "kid": "\\ud800"}', '{"alg": "EdDSA", "kid": "a", "typ": 1e999}',
]  # fmt: skip


@pytest.mark.parametrize("head", HEADS, ids=range(len(HEADS)))
async def test_a_token_that_cannot_be_read_is_nobodys(world: World, head: str) -> None:
    for payload in ("{}", "[" * 2000, '{"iss": {}}', '{"iss": "renzheng", "exp": ' + "9" * 2000 + "}", "\x00"):
        token = f"{part(head)}.{part(payload)}.{part('signature')}"
        answer = await world.post({"query": "{ viewer { role } }"}, {"Authorization": f"Bearer {token}"})
        assert answer.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer a.b", "Bearer a.b.c.d.e", "Basic x", "bearer\tx", "Bearer é", "\xff" * 900],
)
async def test_a_header_of_another_form_is_nobodys(world: World, header: str) -> None:
    sent = [("Authorization", header), ("Accept", GRAPHQL), ("Content-Type", "application/json")]
    headers = [(name.encode(), value.encode("latin-1")) for name, value in sent]
    answer = await world.http.post("/graphql", content=b'{"query": "{ viewer { role } }"}', headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


async def test_a_token_with_another_head_or_tail_is_nobodys(world: World) -> None:
    """A true one, changed in one place."""
    await world.units()
    token = (await world.token(SCHOOL))["Authorization"].removeprefix("Bearer ")
    head, payload, signature = token.split(".")
    for other in (f"{head}.{payload}.", f"{head}.{payload}", f"{part(HEADS[7])}.{payload}.", f".{payload}.{signature}"):
        answer = await world.post({"query": "{ viewer { role } }"}, {"Authorization": f"Bearer {other}"})
        assert answer.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}
