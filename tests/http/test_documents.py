"""Documents by their hash: persisted ones, automatic ones, and a service that takes no others."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from resolvers import documents as use_case
from tests.api.scenes import account
from tests.world import PASSWORD, SCHOOL, World
from web.hardening import documents
from web.hardening.accept import GRAPHQL
from web.hardening.openness import Documents, Openness

WHO = "query Who { viewer { username } }"
NOT_FOUND = {"errors": [{"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_DOCUMENT_NOT_FOUND"}}]}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()


def hashed(hash: object, **also: Any) -> dict[str, Any]:
    """As Apollo's clients send it."""
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash}}, **also}


async def persist(world: World, *texts: str) -> int:
    return await use_case.persist(world.context(), {sha256(text): text for text in texts})


async def code(world: World, body: Any, headers: dict[str, str]) -> str:
    [error] = (await world.post(body, headers)).json()["errors"]
    return str(error["extensions"]["code"])


async def test_a_persisted_document_is_asked_for_by_its_hash(world: World) -> None:
    """By `documentId` with its algorithm or bare, as Apollo does; by POST and by GET."""
    await world.units()
    assert await persist(world, WHO) == 1
    headers, hash = await world.token(SCHOOL), sha256(WHO)
    for body in ({"documentId": f"sha256:{hash}"}, {"documentId": hash}, hashed(hash), hashed(hash, query=WHO)):
        assert (await world.post(body, headers)).json()["data"] == {"viewer": {"username": SCHOOL}}
        address = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
        answered = await world.http.get("/graphql", params=address, headers=headers)
        assert answered.json()["data"] == {"viewer": {"username": SCHOOL}}


async def test_a_document_known_by_its_sha_1_is_found_too(world: World) -> None:
    """As the client preset makes them unless it is told otherwise."""
    await world.units()
    await use_case.persist(world.context(), {sha1(WHO): WHO})
    answered = await world.post({"documentId": sha1(WHO)}, await world.token(SCHOOL))
    assert answered.json()["data"] == {"viewer": {"username": SCHOOL}}


@pytest.mark.parametrize("hash", ["a" * 64, "sha256:" + "a" * 64, "sha256:" + "a" * 40, "", "x", "a" * 5000, "\ud800"])
async def test_an_unknown_hash_is_answered_as_clients_understand(world: World, hash: str) -> None:
    """Apollo's clients go by the words, and send the document as well then."""
    for body in ({"documentId": hash}, hashed(hash)):
        response = await world.http.post(
            "/graphql", content=json.dumps(body), headers={"Content-Type": "application/json", "Accept": GRAPHQL}
        )
        assert (response.status_code, response.json()) == (400, NOT_FOUND)


async def test_a_hash_that_is_not_the_documents_is_refused(world: World) -> None:
    await persist(world, WHO)
    await world.units()
    headers = await world.token(SCHOOL)
    assert await code(world, hashed(sha256(WHO), query="{ __typename }"), headers) == "BAD_REQUEST"
    wrongs: list[Any] = [None, 1, {}, []]
    for wrong in wrongs:
        assert await code(world, hashed(wrong), headers) == "BAD_REQUEST"
    assert await code(world, {"extensions": {"persistedQuery": 1}}, headers) == "BAD_REQUEST"


async def test_a_mutation_by_its_hash_is_not_for_get(world: World) -> None:
    """A link could carry it."""
    out = "mutation Out { signOutEverywhere { ended } }"
    await world.units()
    await persist(world, out)
    response = await world.http.get("/graphql", params={"documentId": sha256(out)}, headers=await world.token(SCHOOL))
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_what_is_persisted_is_known_to_every_worker_at_once(world: World, dsn: str) -> None:
    """A hash that was not found is looked for again; one that was is remembered."""
    await world.units()
    headers = await world.token(SCHOOL)
    async with world.another_worker(dsn) as other:
        assert (await other.post({"documentId": sha256(WHO)}, headers)).json() == NOT_FOUND
        await persist(world, WHO)
        for worker in (other, world):
            assert (await worker.post({"documentId": sha256(WHO)}, headers)).json()["data"]
        await world.owner.execute("TRUNCATE persisted_documents")
        assert (await other.post({"documentId": sha256(WHO)}, headers)).json()["data"]


async def test_persisting_twice_changes_nothing(world: World) -> None:
    """Not even the audit trail: it tells what was new."""
    more = "{ __typename }"
    assert [await persist(world, *texts) for texts in ([WHO], [WHO], [WHO, more])] == [1, 0, 1]
    query = "SELECT body::jsonb -> 'facts' ->> 'documents' FROM audit_entries WHERE action = 'DOCUMENTS_PERSISTED'"
    assert [row[0] for row in await world.owner.fetch(query)] == ["1", "1"]


async def test_the_api_reads_documents_and_writes_none(world: World) -> None:
    """Nor is one changed or removed by the commands."""
    await persist(world, WHO)
    for role, statement in (
        ("renzheng_app", "INSERT INTO persisted_documents VALUES ('a', 'b', now())"),
        ("renzheng_batch", "UPDATE persisted_documents SET text = ''"),
        ("renzheng_batch", "DELETE FROM persisted_documents"),
    ):
        with pytest.raises(Exception, match="permission denied"):
            async with world.owner.transaction():
                await world.owner.execute(f"SET LOCAL ROLE {role}; {statement}")
    with pytest.raises(Exception, match="check constraint"):
        await world.owner.execute("INSERT INTO persisted_documents VALUES ($1, 'x', now())", sha256("y"))


async def test_automatic_documents_are_off_by_default(world: World) -> None:
    """Sent with its hash a document runs, and is not remembered for it."""
    body = hashed(sha256("{ __typename }"), query="{ __typename }")
    assert (await world.post(body)).json() == {"data": {"__typename": "Query"}}
    assert (await world.post(hashed(sha256("{ __typename }")))).json() == NOT_FOUND


async def test_automatic_documents_are_remembered_within_bounds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What did not validate is not, nor what is long; the one that was used longest ago is forgotten first."""
    monkeypatch.setattr(documents, "MOST", 2)
    texts = ["{ __typename }", "{ a: __typename }", "{ b: __typename }", "{ nothing }", "{ __typename }" + " " * 10_000]
    async with world.opened(Openness(documents=Documents.AUTOMATIC)) as opened:
        for text in texts:
            await opened.post(hashed(sha256(text), query=text))
            await opened.post(hashed(sha1(text), query=text))
        found = ["data" in (await opened.post(hashed(sha256(text)))).json() for text in texts]
        by_sha1 = ["data" in (await opened.post(hashed(sha1(text)))).json() for text in texts]
    assert (found, by_sha1) == ([False, True, True, False, False], [False] * 5)


SIGN_IN = """
mutation SignIn($username: String!, $password: String!) {
  signIn(input: {username: $username, password: $password}) { accessToken }
}
"""


async def test_where_only_trusted_documents_run_nobody_else_sends_another(world: World) -> None:
    """Signing in must be persisted too. A persisted one may be sent as text; internal tooling sends what it likes."""
    await world.units()
    await account(world, "auditor", "AUDITOR")
    credentials = {"username": SCHOOL, "password": PASSWORD}
    async with world.opened(Openness(documents=Documents.TRUSTED)) as opened:
        assert await code(opened, {"query": SIGN_IN, "variables": credentials}, {}) == "DOCUMENT_NOT_TRUSTED"
        assert await code(opened, {"query": "{"}, {}) == "DOCUMENT_NOT_TRUSTED"
        await persist(world, SIGN_IN, WHO)
        for body in ({"documentId": sha256(SIGN_IN)}, {"query": SIGN_IN}):
            signed_in = (await opened.post({**body, "variables": credentials})).json()["data"]["signIn"]
            headers = {"Authorization": f"Bearer {signed_in['accessToken']}"}
            assert (await opened.post({"documentId": sha256(WHO)}, headers)).json()["data"]
            refused = await opened.post({"query": f"{WHO} "}, headers | {"Accept": GRAPHQL})
            assert refused.status_code == 403
            assert refused.json()["errors"][0]["extensions"] == {"code": "DOCUMENT_NOT_TRUSTED"}
            other = hashed(sha256(f"{WHO} "), query=f"{WHO} ")
            assert await code(opened, other, headers) == "DOCUMENT_NOT_TRUSTED"
        tooling = await opened.post({"query": "{ viewer { role } }"}, await world.token("auditor"))
        assert tooling.json()["data"] == {"viewer": {"role": "AUDITOR"}}
