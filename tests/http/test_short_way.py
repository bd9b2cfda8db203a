"""A read that was admitted before is answered by the short way: to whom it may be, and as far as it may be."""

from __future__ import annotations

import asyncio
import hashlib
import json
from itertools import pairwise
from typing import Any

import asyncpg
import pytest

from schema.messages import say
from tests.http.test_documents import persist
from tests.world import BUREAU, OFFICER, SCHOOL, World
from web.hardening import limits, short_way
from web.hardening.short_way import ShortWay
from web.hardening.within import Within

ROSTER = "query Roster($first: Int) { unit { siNumber beneficiaries(first: $first) { edges { node { id name } } } } }"


def endpoint(world: World) -> Any:
    routes: list[Any] = world.app.routes
    [found, *_] = [route.endpoint for route in routes if getattr(route, "path", "") == "/graphql"]
    return found


def short(world: World) -> ShortWay:
    way: ShortWay = endpoint(world).short_way
    return way


async def asked(world: World, who: str | None, body: dict[str, Any], **headers: str) -> tuple[Any, int]:
    """The answer, and how many came by the short way for it."""
    before = short(world).taken
    token = await world.token(who) if who else {}
    sent = await world.post(body, {**token, **headers})
    return sent, short(world).taken - before


async def test_the_second_time_a_read_goes_the_short_way(world: World) -> None:
    """With the same bytes and headers, but for what is left of the budget."""
    await world.units(SCHOOL)
    await world.enrol(1)
    body = {"query": ROSTER, "variables": {"first": 5}}
    (long, none), (again, one) = [await asked(world, SCHOOL, body) for _ in range(2)]
    assert (none, one) == (0, 1)
    assert again.json()["data"] == long.json()["data"]
    assert again.json()["extensions"]["cost"].keys() == long.json()["extensions"]["cost"].keys()
    assert again.headers == long.headers


async def test_a_document_is_admitted_for_each_role_by_itself(world: World) -> None:
    """What a unit may ask, an officer may be refused, and who is not signed in always is."""
    await world.units(SCHOOL)
    await world.officers()
    body = {"query": "{ reinstatements { totalCount } complianceReviews { totalCount } }"}
    for _ in range(2):
        assert (await asked(world, OFFICER, body))[0].json()["data"]["complianceReviews"] == {"totalCount": 0}
        refused, by_short = await asked(world, SCHOOL, body)
        assert (refused.json()["errors"][0]["extensions"]["code"], by_short) == ("FORBIDDEN", 0)
        refused, by_short = await asked(world, None, body)
        assert (refused.json()["errors"][0]["extensions"]["code"], by_short) == ("UNAUTHENTICATED", 0)


async def test_each_account_is_shown_its_own(world: World) -> None:
    await world.units(SCHOOL, BUREAU)
    await world.enrol(1)
    await world.enrol(2, unit=BUREAU)
    for who in (SCHOOL, BUREAU, SCHOOL, BUREAU):
        sent, _ = await asked(world, who, {"query": ROSTER})
        assert sent.json()["data"]["unit"]["siNumber"] == who
        assert len(sent.json()["data"]["unit"]["beneficiaries"]["edges"]) == 1


async def test_a_session_that_was_ended_reads_no_more(world: World) -> None:
    """The token is known and the document admitted: the database says that it is over, and the trail is told."""
    await world.units(SCHOOL)
    token = await world.token(SCHOOL)
    for _ in range(2):
        assert "data" in (await world.post({"query": ROSTER}, token)).json()
    await world.post({"query": "mutation { signOut { ended } }"}, token)
    refused = (await world.post({"query": ROSTER}, token)).json()
    assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    told = await world.owner.fetchval("SELECT body FROM audit_entries ORDER BY id DESC LIMIT 1")
    assert json.loads(told)["facts"]["because"] == "SESSION_ENDED"


async def test_an_id_that_leads_nowhere_is_told_to_the_trail(world: World) -> None:
    """By the short way as by the long one, each time."""
    await world.units(SCHOOL)
    body = {"query": '{ node(id: "x") { id } }'}
    counted = "SELECT count(*) FROM audit_entries WHERE action = 'ACCESS_REFUSED'"
    before = await world.owner.fetchval(counted)
    taken = [(await asked(world, SCHOOL, body))[1] for _ in range(3)]
    assert taken == [0, 1, 1]
    assert await world.owner.fetchval(counted) == before + 3


async def test_what_the_variables_ask_for_is_weighed_each_time(world: World) -> None:
    """A page that is dear, one that is wrong, and too many values: refused by the long way, after it was admitted."""
    await world.units(SCHOOL)
    for _ in range(2):
        await asked(world, SCHOOL, {"query": ROSTER, "variables": {"first": 5}})
    cheap = (await asked(world, SCHOOL, {"query": ROSTER, "variables": {"first": 5}}))[0].json()["extensions"]["cost"]
    dear = (await asked(world, SCHOOL, {"query": ROSTER, "variables": {"first": 200}}))[0].json()["extensions"]["cost"]
    assert dear["requested"] > cheap["requested"]
    for first, code in ((-1, "BAD_USER_INPUT"), ("x", "BAD_USER_INPUT")):
        sent, by_short = await asked(world, SCHOOL, {"query": ROSTER, "variables": {"first": first}})
        assert (sent.json()["errors"][0]["extensions"]["code"], by_short) == (code, 0)
    sent, by_short = await asked(world, SCHOOL, {"query": ROSTER, "variables": {"first": 5, "many": [1] * 501}})
    assert (sent.json()["errors"][0]["extensions"]["code"], by_short) == ("LIMIT_LIST", 0)


async def test_what_runs_twice_is_paid_twice(world: World) -> None:
    """A page that fails by the short way runs once more; variables that do not fit run nowhere."""
    await world.units(SCHOOL)
    left = []
    for first in (5, 5, 5, "x", -1, 5):
        sent, _ = await asked(world, SCHOOL, {"query": ROSTER, "variables": {"first": first}})
        left.append(sent.json()["extensions"]["cost"])
    prices = [before["remaining"] - after["remaining"] for before, after in pairwise(left)]
    times = [price // one["requested"] for price, one in zip(prices, left[1:], strict=True)]
    assert times == [1, 1, 1, 2, 1]
    assert prices == [one["requested"] * often for one, often in zip(left[1:], times, strict=True)]


async def test_a_number_beyond_all_floats_is_refused(world: World) -> None:
    """By either way, in the variables of a page."""
    await world.units(SCHOOL)
    for first in (10**400, 5, 5, 10**400, -(10**400)):
        sent, _ = await asked(world, SCHOOL, {"query": ROSTER, "variables": {"first": first}})
        codes = [error["extensions"]["code"] for error in sent.json().get("errors", [])]
        assert (sent.status_code, codes) == (200, [] if first == 5 else ["BAD_USER_INPUT"])


async def test_an_ended_session_that_reads_nothing_is_answered_as_by_the_long_way(world: World) -> None:
    """A number that cannot be one's sends no statement; that the session has ended is found when the trail is told."""
    await world.units(SCHOOL)
    token = await world.token(SCHOOL)
    body = {"query": "query($s: String) { unit(siNumber: $s) { name } }", "variables": {"s": "\u0000"}}
    first = [(await world.post(body, token)).json()["data"] for _ in range(3)]
    await world.post({"query": "mutation { signOut { ended } }"}, token)
    after = [await world.post(body, token) for _ in range(2)]
    assert [(one.status_code, one.json()["data"]) for one in after] == [(200, {"unit": None})] * 2
    assert first == [{"unit": None}] * 3
    told = await world.owner.fetchval("SELECT body FROM audit_entries ORDER BY id DESC LIMIT 1")
    assert json.loads(told)["facts"]["because"] == "SESSION_ENDED"


async def test_a_read_that_fails_is_run_by_the_executor_next(world: World) -> None:
    """Not compiled a second time first."""
    await world.units(SCHOOL)
    taken = endpoint(world).schema.reads.taken
    await asked(world, SCHOOL, {"query": ROSTER, "variables": {"first": 5}})
    before = dict(taken)
    await asked(world, SCHOOL, {"query": ROSTER, "variables": {"first": -1}})
    assert taken["compiled"] == before["compiled"]
    assert taken["ordinary after all"] == before.get("ordinary after all", 0) + 1


async def test_other_limits_are_not_those_under_which_it_was_admitted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await world.units(SCHOOL)
    for _ in range(2):
        await asked(world, SCHOOL, {"query": ROSTER})
    tight = {role: one.__class__(**{**_fields(one), "fields": 2}) for role, one in limits.TABLE.items()}
    monkeypatch.setattr(limits, "TABLE", tight)
    sent, by_short = await asked(world, SCHOOL, {"query": ROSTER})
    assert (sent.json()["errors"][0]["extensions"]["code"], by_short) == ("LIMIT_FIELDS", 0)


async def test_time_that_runs_out_is_told_as_by_the_long_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is run a second time."""
    await world.units(SCHOOL)
    body = {"query": ROSTER}
    await asked(world, SCHOOL, body)
    runs = []

    async def endless(*_: Any) -> dict[str, Any]:
        runs.append(1)
        await asyncio.sleep(60)
        return {}

    monkeypatch.setattr(short_way, "answered", endless)
    monkeypatch.setattr(short(world), "_within", Within(0.01))
    sent, _ = await asked(world, SCHOOL, body)
    assert sent.json()["errors"] == [{"message": say("request.TIMEOUT"), "extensions": {"code": "TIMEOUT"}}]
    assert runs == [1]


async def test_a_persisted_document_goes_the_short_way_by_its_hash(world: World) -> None:
    await world.units(SCHOOL)
    hash = hashlib.sha256(ROSTER.encode()).hexdigest()
    sent, _ = await asked(world, SCHOOL, {"documentId": hash})
    assert sent.json()["errors"][0]["extensions"]["code"] == "PERSISTED_DOCUMENT_NOT_FOUND"
    await persist(world, ROSTER)
    taken = []
    for _ in range(3):
        sent, by_short = await asked(world, SCHOOL, {"documentId": hash})
        assert sent.json()["data"]["unit"]["siNumber"] == SCHOOL
        taken.append(by_short)
    assert taken == [0, 1, 1]


async def test_an_operation_of_several_is_admitted_by_its_name(world: World) -> None:
    await world.units(SCHOOL)
    text = "query A { unit { name } } query B { unit { district } }"
    for name, field in (("A", "name"), ("B", "district"), ("A", "name"), ("B", "district")):
        sent, _ = await asked(world, SCHOOL, {"query": text, "operationName": name})
        assert list(sent.json()["data"]["unit"]) == [field]
    sent, by_short = await asked(world, SCHOOL, {"query": text})
    assert (sent.json()["errors"][0]["extensions"]["code"], by_short) == ("OPERATION_NOT_FOUND", 0)


def _fields(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


async def test_a_statement_that_took_too_long_is_sent_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told of by the long way, which does not ask again."""
    await world.units(SCHOOL)
    await asked(world, SCHOOL, {"query": ROSTER})
    sent = []

    async def page(*_: Any) -> None:
        sent.append(1)
        raise asyncpg.QueryCanceledError

    monkeypatch.setattr("resolvers.roster.page", page)
    refused, _ = await asked(world, SCHOOL, {"query": ROSTER})
    assert refused.json()["data"] == {"unit": None}
    assert [(error["path"], error["extensions"]["code"]) for error in refused.json()["errors"]] == [
        (["unit", "beneficiaries"], "TIMEOUT")
    ]
    assert sent == [1]
