"""`/metrics`: what it counts, that nothing of a client's choosing is in it, and who may read it."""

from __future__ import annotations

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from storage.database import Database
from tests.world import LOGIN, SCHOOL, World
from web.app import application
from web.hardening.accept import GRAPHQL

Numbers = dict[tuple[str, ...], float]
TOKEN = "a token of thirty-two characters, or more"
ROSTER = "{ unit { beneficiaries(first: 5) { totalCount } } }"


async def numbers(world: World) -> Numbers:
    """Each number by its name and the values of its labels."""
    answer = await world.http.get("/metrics")
    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, "text/plain")
    return read(answer.text)


def read(text: str) -> Numbers:
    families = text_string_to_metric_families(text)
    return {(found.name, *found.labels.values()): found.value for one in families for found in one.samples}


def more(before: Numbers, after: Numbers, *name: str) -> float:
    return after[name] - before.get(name, 0.0)


async def test_requests_operations_points_and_errors_are_counted(world: World) -> None:
    """A request by path and status, an operation by kind with what `extensions.cost` says, an error by its code."""
    await world.units()
    headers = await world.token(SCHOOL)
    before = await numbers(world)
    cost = 0
    for _ in range(3):
        answer = (await world.post({"query": ROSTER}, headers)).json()
        cost += answer["extensions"]["cost"]["requested"]
    await world.post({"query": "mutation { signOut { userErrors { code } } }"}, headers)
    await world.post({"query": "{ units { totalCount } }"}, {"Accept": GRAPHQL})
    await world.post({"query": "{ nothing }"})
    await world.http.get("/nowhere")
    after = await numbers(world)
    assert more(before, after, "renzheng_operations_total", "query") == 3
    assert more(before, after, "renzheng_cost_points_total", "query") == cost
    assert more(before, after, "renzheng_operations_total", "mutation") == 1
    assert more(before, after, "renzheng_errors_total", "UNAUTHENTICATED") == 1
    assert more(before, after, "renzheng_errors_total", "GRAPHQL_VALIDATION_FAILED") == 1
    assert more(before, after, "renzheng_errors_total", "NOT_FOUND") == 1
    assert more(before, after, "renzheng_request_seconds_count", "/graphql", "200") == 5
    assert more(before, after, "renzheng_request_seconds_count", "/graphql", "401") == 1
    assert more(before, after, "renzheng_request_seconds_count", "(other)", "404") == 1
    assert more(before, after, "renzheng_request_seconds_bucket", "+Inf", "/graphql", "200") == 5
    assert after["renzheng_requests_in_flight",] == 1  # this one
    assert (after["renzheng_sockets_open",], after["renzheng_streams_open",]) == (0, 0)
    assert after["renzheng_pool_connections", "idle"] >= 1


async def test_nothing_that_a_client_chooses_is_a_label(world: World) -> None:
    """However many names it makes up: there are as many numbers as before."""
    await world.units()
    headers = await world.token(SCHOOL)

    async def asked(word: str) -> None:
        await world.http.get(f"/{word}")
        await world.http.request(word[:4].upper(), "/graphql")
        await world.http.get("/graphql", headers={"Accept": word, "Authorization": word, word: word})
        for document in (f"query {word} {{ {word}: unit {{ siNumber }} }}", f"{{ {word} }}", f"@{word}"):
            await world.post({"query": document, "operationName": word}, headers)
        await world.post({"query": "{ unit { name } }", word: word}, headers)

    await asked("first")
    before = await numbers(world)
    for number in range(5):
        await asked(f"word{number}of{SCHOOL}")
    after = await numbers(world)
    assert set(after) == set(before)
    assert not [name for name in after if any("word" in part or SCHOOL in part for part in name)]


async def test_without_a_token_it_is_this_machines_alone(world: World) -> None:
    """Not that of a proxy's clients, who all seem to come from here, nor of an address that is none."""
    cases: list[tuple[str, dict[str, str], int]] = [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("203.0.113.7", {}, 403),
        ("10.0.0.1", {}, 403),
        ("testclient", {}, 403),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, 403),
        ("127.0.0.1", {"Forwarded": "for=203.0.113.7"}, 403),
        ("127.0.0.1", {"Via": "1.1 proxy"}, 403),
        ("127.0.0.1", {"X-Forwarded-Host": "renzheng.example"}, 403),
        ("127.0.0.1", {"True-Client-IP": "203.0.113.7"}, 403),
        ("127.0.0.1", {"CF-Connecting-IP": "203.0.113.7"}, 403),
        ("203.0.113.7", {"Authorization": f"Bearer {TOKEN}"}, 403),
    ]
    for address, headers, status in cases:
        async with world.seen_from(address) as there:
            answer = await there.http.get("/metrics", headers=headers)
        assert answer.status_code == status, (address, headers)
        if status == 403:
            assert answer.json()["errors"][0]["extensions"] == {"code": "FORBIDDEN"}
            assert "METRICS_TOKEN" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize("address", ["127.0.0.1", "203.0.113.7"])
async def test_with_a_token_it_is_for_whoever_sends_it(world: World, dsn: str, address: str) -> None:
    """From wherever, and nobody else, whatever role their own token has."""
    await world.officers()

    async def connect() -> Database:
        return await Database.for_callers(LOGIN.at(dsn), size=2)

    app = application(connect, world.book, world.clock, world.gate, metrics_token=TOKEN)
    transport = httpx2.ASGITransport(app=app, client=(address, 1))
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=transport, base_url="http://x") as http:
        wrong: list[dict[str, str]] = [{}, {"Authorization": TOKEN}, {"Authorization": f"Bearer {TOKEN}x"}]
        for headers in [*wrong, await world.token("officer-shinan")]:
            refused: httpx2.Response = await http.get("/metrics", headers=headers)
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert (await http.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).status_code == 200


async def test_it_is_guarded_as_every_answer_is(world: World) -> None:
    answer = await world.http.get("/metrics")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await world.http.post("/metrics")).status_code == 405
