"""A budget holds over every worker, asks the database seldom, and comes back with time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from graphql import GraphQLError

from domain.access import Viewer
from domain.vocabulary import Role
from resolvers import upkeep
from resolvers.context import Context
from storage import allowances
from storage.database import Database
from tests.api.test_statements import counting
from tests.attacks.calls import heard
from tests.attacks.payloads import SIGN_IN
from tests.world import SCHOOL, World
from web.hardening import limits
from web.hardening.budget import LAPSES, Budgets

SMALL = replace(limits.TABLE[Role.UNIT], budget=1_000, refill=10, cost=500)
UNIT = Viewer(1, SCHOOL, Role.UNIT)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit with 1,000 points, 10 more a second; leases of 50."""
    monkeypatch.setitem(limits.TABLE, Role.UNIT, SMALL)


class Seconds:
    """A worker's clock that stands still."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


def worker(world: World, seconds: Seconds) -> tuple[Budgets, Context]:
    return Budgets(world.gate.secret, seconds), Context(
        world.callers, world.book, world.clock.now(), world.gate, UNIT, "192.0.2.1"
    )


async def spent(budgets: Budgets, context: Context, points: int) -> bool:
    try:
        await budgets.spend(context, points)
    except GraphQLError:
        return False
    return True


async def held(world: World) -> list[int]:
    """The points in the database, in full."""
    return [int(row["points"]) for row in await world.owner.fetch("SELECT points FROM allowances ORDER BY points")]


async def passed(world: World, seconds: float) -> None:
    """Let time go by for the buckets."""
    await world.owner.execute("UPDATE allowances SET filled_at = filled_at - make_interval(secs => $1)", seconds)


@pytest.mark.usefixtures("small")
async def test_all_workers_together_spend_no_more_than_the_budget(world: World, seconds: Seconds) -> None:
    """Four workers, many requests at once: what went through is at most the budget and the refill of the moment."""
    workers = [worker(world, seconds) for _ in range(4)]
    went = await asyncio.gather(*(spent(*one, 7) for _ in range(60) for one in workers))
    assert 7 * sum(went) <= 1_000 + 10 * 5
    assert 7 * sum(went) >= 1_000 - 4 * 50


@pytest.mark.usefixtures("small")
async def test_a_lease_is_taken_before_it_is_spent(world: World, seconds: Seconds) -> None:
    """A worker that dies loses points, it never gives any away."""
    budgets, context = worker(world, seconds)
    await budgets.spend(context, 1)
    assert await held(world) == [950]
    assert budgets.remaining(context) == 999


@pytest.mark.usefixtures("small")
async def test_many_requests_take_one_statement(
    world: World, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    budgets, context = worker(world, seconds)
    asked: list[Any] = []
    monkeypatch.setattr(allowances, "lease", heard(asked, allowances.lease))
    for _ in range(50):
        await budgets.spend(context, 1)
    assert [given[2] for given in asked] == [50]
    await budgets.spend(context, 300)
    assert [given[2] for given in asked] == [50, 300]


@pytest.mark.usefixtures("small")
async def test_whoever_is_refused_is_told_when_to_come_back(world: World, seconds: Seconds) -> None:
    budgets, context = worker(world, seconds)
    await budgets.spend(context, 1_000)
    with pytest.raises(GraphQLError) as refused:
        await budgets.spend(context, 300)
    said = dict(refused.value.extensions or {})
    wait = said.pop("retryAfter")
    assert said == {"code": "LIMIT_BUDGET", "limit": 1_000, "requested": 300}
    assert wait in range(20, 31)  # 300 points at 10 a second, less what came back meanwhile
    assert refused.value.message == f"该账号或地址的请求额度已用完，请于{wait}秒后重试，或减少请求的内容。"


@pytest.mark.usefixtures("small")
async def test_time_brings_it_back_and_no_more_than_it_was(world: World, seconds: Seconds) -> None:
    budgets, context = worker(world, seconds)
    await budgets.spend(context, 1_000)
    assert not await spent(budgets, context, 300)
    await passed(world, 29)
    seconds.now += 2
    assert not await spent(budgets, context, 320)
    await passed(world, 3)
    seconds.now += 2
    assert await spent(budgets, context, 300)
    await passed(world, 10_000)
    seconds.now += 2
    assert await spent(budgets, context, 40)
    assert await held(world) == [950]


@pytest.mark.usefixtures("small")
async def test_a_flood_that_has_nothing_left_does_not_ask_the_database(
    world: World, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One statement a second and worker, however many requests come."""
    budgets, context = worker(world, seconds)
    await budgets.spend(context, 1_000)
    asked: list[Any] = []
    monkeypatch.setattr(allowances, "lease", heard(asked, allowances.lease))
    for _ in range(100):
        assert not await spent(budgets, context, 400)
    assert len(asked) == 1
    seconds.now += 1.1
    assert not await spent(budgets, context, 400)
    assert len(asked) == 2


@pytest.mark.usefixtures("small")
async def test_many_requests_at_once_lease_no_more_than_one(world: World, seconds: Seconds) -> None:
    """A share for each would put a whole budget aside, to be spent beside the next."""
    budgets, context = worker(world, seconds)
    await asyncio.gather(*(budgets.spend(context, 1) for _ in range(20)))
    assert (await held(world))[0] in range(950, 960)


@pytest.mark.usefixtures("small")
async def test_an_unspent_lease_lapses(world: World, seconds: Seconds) -> None:
    """What a quiet worker holds is lost, and comes back with the refill."""
    budgets, context = worker(world, seconds)
    await budgets.spend(context, 1)
    seconds.now += LAPSES
    await budgets.spend(context, 1)
    assert (await held(world))[0] in range(900, 950)


async def test_accounts_and_addresses_have_budgets_of_their_own(world: World, seconds: Seconds) -> None:
    """Of IPv6 the /56; neither stands in the database as such."""
    budgets, context = worker(world, seconds)
    whole = limits.TABLE[Role.UNIT].budget
    await budgets.spend(context, whole)
    assert not await spent(budgets, context, 50_000)
    assert await spent(budgets, replace(context, caller=Viewer(2, "another", Role.UNIT)), 50_000)
    nobody = [replace(context, caller=None, address=f"2001:db8::{n}") for n in (1, 2)]
    budget = limits.TABLE[None].budget
    assert await spent(budgets, nobody[0], budget)
    assert not await spent(budgets, nobody[1], 10_000)
    assert await spent(budgets, replace(context, caller=None, address="192.0.2.1"), 10_000)
    rows = await world.owner.fetch("SELECT key FROM allowances")
    assert len(rows) == 4
    assert all(len(row["key"]) == 32 for row in rows)


async def test_buckets_that_are_full_again_are_forgotten(world: World, seconds: Seconds) -> None:
    budgets, context = worker(world, seconds)
    await budgets.spend(context, 1)
    await upkeep.run(world.context())
    assert len(await held(world)) == 1
    await passed(world, 3_601)
    await upkeep.run(world.context())
    assert await held(world) == []


def test_a_bucket_that_is_forgotten_was_full() -> None:
    for allowed in limits.TABLE.values():
        assert allowed.budget / allowed.refill <= allowances.FULL_AFTER.total_seconds()


async def test_points_are_never_put_in(callers: Database) -> None:
    """Whoever runs code as the API's role cannot give itself any: it could only say that it may have more."""
    async with callers.reading() as connection:
        for given in ((-1, 10, 10), (1, -10, 10), (1, 10, -10)):
            with pytest.raises(asyncpg.InvalidParameterValueError):
                await allowances.lease(connection, b"x" * 32, *given)


async def test_an_account_that_has_spent_its_budget_is_refused_on_every_worker(
    world: World, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over HTTP: the code, when to try again, and no statement but the one that asks for points."""
    monkeypatch.setitem(limits.TABLE, Role.UNIT, replace(SMALL, refill=1))
    await world.units()
    headers = await world.token(SCHOOL)
    body = {"query": "{unit{summary{total}}}"}
    codes = []
    async with world.another_worker(dsn) as other:
        for one in (world, other) * 5:
            answer = (await one.post(body, headers)).json()
            codes.append(answer["errors"][0]["extensions"]["code"] if "errors" in answer else "")
        with counting(monkeypatch) as counted:
            [error] = (await other.post(body, headers)).json()["errors"]
    assert codes.count("") == 4
    assert set(codes[4:]) <= {"", "LIMIT_BUDGET"}
    assert 1 <= error["extensions"]["retryAfter"] <= 212
    assert counted.statements == []


async def test_a_flood_of_new_documents_is_paid_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those that are none: whoever is not signed in pays a point for four characters."""
    monkeypatch.setitem(limits.TABLE, None, replace(limits.TABLE[None], budget=4_000, refill=1))
    answers: list[Any] = []
    for n in range(8):
        response = await world.post({"query": f"{{ {'a' * 3_200} {n} "})
        answers.append(response.json()["errors"][0]["extensions"]["code"])
    assert answers == ["GRAPHQL_PARSE_FAILED"] * 4 + ["LIMIT_BUDGET"] * 4


async def test_signing_in_over_and_over_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each costs a thousand points, whatever the name: Argon2 is not to be had for nothing."""
    monkeypatch.setitem(limits.TABLE, None, replace(limits.TABLE[None], budget=5_000, refill=1))
    codes = []
    for n in range(6):
        answer = (await world.post({"query": "mutation{" + SIGN_IN.replace("nobody", f"n{n}") + "}"})).json()
        codes.append("errors" in answer)
    assert codes == [False] * 4 + [True] * 2
