"""What every answer says besides its content, on every path; and to whose pages it may be shown."""

from __future__ import annotations

import pytest

from tests.world import World
from web.hardening.openness import Openness

PATHS = ["/", "/graphql", "/graphql/", "/healthz", "/readyz", "/.well-known/jwks.json", "/nowhere", "/graphiql/none.js"]
APP = "https://app.example.org"


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_is_guarded(world: World, path: str) -> None:
    """Not guessed at, not framed, no referrer, no banner; kept nowhere but where it says so itself."""
    response = await world.http.get(path)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == ("max-age=60" if path.endswith("jwks.json") else "no-store")
    assert not {"server", "x-powered-by", "strict-transport-security"} & set(response.headers)


@pytest.mark.parametrize("path", ["/nowhere", "/graphql/", "/graphiql/none.js", "/graphiql/../settings.py"])
async def test_what_is_not_there_is_404_in_json(world: World, path: str) -> None:
    response = await world.http.get(path)
    assert (response.status_code, response.headers["content-type"]) == (404, "application/json; charset=utf-8")
    assert response.json() == {"errors": [{"message": "没有这一地址。", "extensions": {"code": "NOT_FOUND"}}]}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "QUERY"])
async def test_another_method_is_405_and_says_which_there_are(world: World, method: str) -> None:
    response = await world.http.request(method, "/graphql")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")
    if method != "HEAD":
        assert response.json()["errors"][0]["extensions"] == {"code": "METHOD_NOT_ALLOWED"}


async def test_the_other_paths_say_their_methods_too(world: World) -> None:
    response = await world.http.post("/healthz")
    assert (response.status_code, set(response.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})
    assert response.json()["errors"][0]["extensions"] == {"code": "METHOD_NOT_ALLOWED"}


async def test_over_https_the_next_request_comes_over_https_too(world: World) -> None:
    response = await world.http.get("https://renzheng.test/healthz")
    assert response.headers["strict-transport-security"] == "max-age=31536000"


async def test_pages_of_other_origins_are_shown_nothing_unless_they_are_named(world: World) -> None:
    """Off without a setting; with one, those origins, those methods and no cookies."""
    ask = {"Origin": APP, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    assert (await world.http.options("/graphql", headers=ask)).status_code == 405
    assert "access-control-allow-origin" not in (await world.http.get("/healthz", headers={"Origin": APP})).headers
    async with world.opened(Openness(origins=(APP,))) as opened:
        asked = await opened.http.options("/graphql", headers=ask)
        assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, APP)
        assert "access-control-allow-credentials" not in asked.headers
        answered = await opened.http.get("/graphql?query={__typename}", headers={"Origin": APP})
        assert answered.headers["access-control-allow-origin"] == APP
        other = ask | {"Origin": "https://evil.example"}
        refused = await opened.http.options("/graphql", headers=other)
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
        assert "access-control-allow-origin" not in refused.headers
