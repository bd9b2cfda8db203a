"""`runProgress` and `verdictsPublished` under attack: wrong roles, tokens of elsewhere, breaks while a run goes on."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import asyncpg
import pytest

from storage import publication
from storage.database import Database
from storage.events import Topic
from tests.api.scenes import account
from tests.sockets.test_sse import streamed
from tests.sockets.wire import (
    PATIENCE,
    ROSTER,
    RUNS,
    VERDICTS,
    Wire,
    change,
    changed,
    connected,
    numbers,
    sealed,
    token_now,
)  # fmt: skip
from tests.storage.publishing import interrupted
from tests.world import BUREAU, OFFICER, SCHOOL, World, id_number

OF_UNIT = """subscription Published($after: String, $unit: String) {
  verdictsPublished(after: $after, siNumber: $unit) { month unit { siNumber } resumeToken } }"""
ROLES = {"person": "PERSON", "window": "WINDOW", "auditor": "AUDITOR", "service": "SERVICE"}


async def everybody(world: World) -> None:
    """An account of each role."""
    await world.officers()
    await world.officers("officer-shibei", district="市北区")
    await world.units(BUREAU)
    for username, role in ROLES.items():
        belongs = {"PERSON": {"id_number": id_number(1)}, "WINDOW": {"district": "市南区"}}.get(role, {})
        await account(world, username, role, **belongs)


@pytest.mark.parametrize(
    ("as_", "document", "given", "code"),
    [
        (SCHOOL, RUNS, {}, "FORBIDDEN"),
        ("person", RUNS, {}, "FORBIDDEN"),
        ("window", RUNS, {}, "FORBIDDEN"),
        ("person", VERDICTS, {}, "FORBIDDEN"),
        ("window", VERDICTS, {}, "FORBIDDEN"),
        ("service", OF_UNIT, {"unit": SCHOOL}, "FORBIDDEN"),
        (BUREAU, OF_UNIT, {"unit": SCHOOL}, "NOT_FOUND"),
        ("officer-shibei", OF_UNIT, {"unit": SCHOOL}, "NOT_FOUND"),
        (OFFICER, OF_UNIT, {"unit": "370299999999"}, "NOT_FOUND"),
        (OFFICER, OF_UNIT, {"unit": "0"}, "NOT_FOUND"),
        (OFFICER, VERDICTS, {}, "BAD_USER_INPUT"),
        ("auditor", OF_UNIT, {"unit": None}, "BAD_USER_INPUT"),
    ],
)
async def test_who_may_not_follow_is_refused_on_a_socket_and_in_a_stream(
    world: World, address: str, as_: str, document: str, given: dict[str, Any], code: str
) -> None:
    """Before anything is followed, and with a publication that it does not hear of."""
    await everybody(world)
    async with connected(world, address, as_) as wire:
        await wire.subscribe("r", document, **given)
        assert (await wire.error("r"))["extensions"]["code"] == code
        await world.at("2019-06-05").publish("2019-05")
        assert await wire.is_quiet()
    async with streamed(address, document, await world.token(as_), **given) as stream:
        kind, answer = await stream.event()
        assert (kind, answer["errors"][0]["extensions"]["code"]) == ("next", code)
        assert await stream.event() == ("complete", None)
    recorded = await world.owner.fetchval("SELECT count(*) FROM audit_entries WHERE action = 'ACCESS_REFUSED'")
    assert recorded == (0 if code == "BAD_USER_INPUT" else 2)


async def test_tokens_of_elsewhere_are_none(world: World, address: str) -> None:
    """Of another unit, of the agency, of another account, or with a byte changed: each is refused, nothing is told."""
    await everybody(world)
    await world.at("2019-06-05").publish("2019-05")
    own, runs = await sealed(world, 0, 1, OFFICER), await sealed(world, 0, 0, OFFICER)
    of_another_unit, of_another = await sealed(world, 0, 2, OFFICER), await sealed(world, 0, 0, "auditor")
    async with connected(world, address, OFFICER) as wire:
        for token in (own, of_another_unit, of_another, await sealed(world, 0, 1, SCHOOL), *tampered(runs)):
            await wire.subscribe("r", RUNS, after=token)
            assert (await wire.error("r"))["extensions"]["code"] == "BAD_USER_INPUT"
        for token in (runs, of_another_unit, await sealed(world, 0, 1, SCHOOL), *tampered(own)):
            await wire.subscribe("r", OF_UNIT, after=token, unit=SCHOOL)
            assert (await wire.error("r"))["extensions"]["code"] == "BAD_USER_INPUT"
        assert await wire.is_quiet()
        await wire.subscribe("r", OF_UNIT, after=own, unit=SCHOOL)
        assert (await wire.of("r"))["data"]["verdictsPublished"]["month"] == "2019-05"


def tampered(token: str) -> list[str]:
    """The token with one bit of each byte turned, shortened, lengthened, written otherwise."""
    sent = base64.urlsafe_b64decode(token)
    turned = [sent[:place] + bytes([byte ^ 1]) + sent[place + 1 :] for place, byte in enumerate(sent)]
    written = [base64.urlsafe_b64encode(other).decode() for other in (*turned, sent[:-1], sent + b"0", b"")]
    return [*written, f"{token} ", f" {token}", token + "=", token.swapcase(), token[::-1], token * 20]


@pytest.mark.parametrize("after", [0, 1.5, True, [], {}, ["x", "y"], "\ud800", "\x00", "一" * 10_000])
async def test_what_is_no_token_at_all_is_refused(world: World, address: str, after: Any) -> None:
    await world.officers()
    async with connected(world, address, OFFICER) as wire:
        await wire.subscribe("r", RUNS, after=after)
        assert (await wire.error("r"))["extensions"]["code"] == "BAD_USER_INPUT"
        assert await wire.is_quiet()


@pytest.mark.parametrize(
    "document",
    [
        "subscription { a: runProgress { done } b: runProgress { done } }",
        "subscription { runProgress { done } verdictsPublished { month } }",
        "subscription { __typename }",
        "subscription { ...F } fragment F on Subscription { runProgress { done } heartbeat }",
        "subscription { runProgress { unit { siNumber } } }",
    ],
)
async def test_a_subscription_follows_one_thing(world: World, address: str, document: str) -> None:
    await world.officers()
    async with connected(world, address, OFFICER) as wire:
        await wire.subscribe("r", document)
        assert (await wire.error("r"))["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
        assert await wire.is_quiet()


@pytest.mark.parametrize("directive", ["@skip(if: $no)", "@include(if: $yes)"])
async def test_a_subscription_that_leaves_its_field_out_is_the_clients_mistake(
    world: World, address: str, directive: str
) -> None:
    """Nothing is left to follow: it is refused, and not as our own failure."""
    await world.officers()
    document = f"subscription S($no: Boolean = true, $yes: Boolean = false) {{ runProgress {directive} {{ done }} }}"
    async with connected(world, address, OFFICER) as wire:
        await wire.subscribe("r", document)
        message = await wire.message()
        assert (message["type"], message["id"]) == ("error", "r")
        assert {error["extensions"]["code"] for error in message["payload"]} == {"GRAPHQL_VALIDATION_FAILED"}
    async with streamed(address, document, await world.token(OFFICER)) as stream:
        assert (await stream.event())[1]["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


async def test_a_publication_is_told_when_it_stands_and_not_before(
    world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who connect, break off and connect again while it runs hear of it once, and then read what it published."""
    start, watching = await about_to_publish(world)
    running, go_on = asyncio.Event(), asyncio.Event()
    asyncio.get_running_loop().call_later(PATIENCE, go_on.set)
    publish_part = publication.publish_part

    async def held(*given: Any) -> None:
        await publish_part(*given)
        running.set()
        await go_on.wait()

    with monkeypatch.context() as patch:
        patch.setattr(publication, "publish_part", held)
        publishing = asyncio.create_task(world.publish_only("2019-05"))
        await asyncio.wait_for(running.wait(), PATIENCE)
        async with connected(world, address, OFFICER) as agency:
            await agency.subscribe("r", RUNS, after=watching)
            assert await run_of(agency) == ("ASSESS", "RUNNING")
            last = await finished(agency, "ASSESS")
            assert await run_of(agency) == ("PUBLISH", "RUNNING")
        for _ in range(3):
            async with connected(world, address) as wire:
                await wire.subscribe("p", VERDICTS, after=start)
                await wire.subscribe("r", ROSTER, after=start)
                await asyncio.sleep(0.3)
                assert await wire.is_quiet()
                assert await world.ask("{ unit { summary { pending } } }") == {"unit": {"summary": {"pending": 0}}}
    go_on.set()
    await publishing
    async with connected(world, address) as wire:
        await wire.subscribe("p", VERDICTS, after=start)
        told = (await wire.of("p"))["data"]["verdictsPublished"]
        assert told["month"] == "2019-05"
        assert await world.ask("{ unit { summary { pending } } }") == {"unit": {"summary": {"pending": 2}}}
        await wire.send({"id": "p", "type": "complete"})
        await wire.subscribe("q", VERDICTS, after=told["resumeToken"])
        await asyncio.sleep(0.3)
        assert await wire.is_quiet()
    async with connected(world, address, OFFICER) as agency:
        await agency.subscribe("r", RUNS, after=last)
        await finished(agency, "PUBLISH")
        assert await agency.is_quiet()


async def test_a_publication_that_ends_early_is_told_once_everybodys_verdict_stands(
    world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is there of it can be read; nobody is told that it is the month, and then everybody once."""
    start, watching = await about_to_publish(world)
    monkeypatch.setattr(publication, "CHUNK", 1)
    await interrupted(world, 1)
    async with connected(world, address) as wire, connected(world, address, OFFICER) as agency:
        await wire.subscribe("p", VERDICTS, after=start)
        await agency.subscribe("r", RUNS, after=watching)
        await finished(agency, "ASSESS")
        while (told := await run_of(agency)) == ("PUBLISH", "RUNNING"):
            pass
        assert told == ("PUBLISH", "FAILED")
        assert await wire.is_quiet()
        assert await world.ask("{ unit { summary { pending } } }") == {"unit": {"summary": {"pending": 1}}}
        await world.publish_only("2019-05")
        assert (await wire.of("p"))["data"]["verdictsPublished"]["month"] == "2019-05"
        assert await world.ask("{ unit { summary { pending } } }") == {"unit": {"summary": {"pending": 2}}}
        assert await wire.is_quiet()


async def about_to_publish(world: World) -> tuple[str, str]:
    """May is assessed; the places from which a unit and an officer watch what comes."""
    await world.officers()
    await world.assess("2019-05")
    world.at("2019-06-05")
    return await token_now(world), await sealed(world, 0, 0, OFFICER)


async def run_of(wire: Wire) -> tuple[str, str]:
    run = (await wire.of("r"))["data"]["runProgress"]
    return run["kind"], run["state"]


async def finished(wire: Wire, kind: str) -> str:
    """Until that run has finished; the token of it."""
    while True:
        run = (await wire.of("r"))["data"]["runProgress"]
        assert run["kind"] == kind
        if run["state"] == "FINISHED":
            return str(run["resumeToken"])


async def test_a_publication_that_is_undone_is_told_to_nobody_but_the_agency(
    world: World, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run has failed; no unit hears that its verdicts are there."""
    await world.officers()
    await world.assess("2019-05")
    start = await token_now(world)

    async def broken(*_: object) -> None:
        raise asyncpg.PostgresError("no more room")

    with monkeypatch.context() as patch:
        patch.setattr("resolvers.audit.record", broken)
        with pytest.raises(asyncpg.PostgresError):
            await world.at("2019-06-05").publish_only("2019-05")
    async with connected(world, address) as wire, connected(world, address, OFFICER) as agency:
        await wire.subscribe("p", VERDICTS, after=start)
        await agency.subscribe("r", RUNS, after=await sealed(world, 0, 0, OFFICER))
        await finished(agency, "ASSESS")
        while (told := await run_of(agency)) == ("PUBLISH", "RUNNING"):
            pass
        assert told == ("PUBLISH", "FAILED")
        assert await wire.is_quiet()
        await world.publish_only("2019-05")
        assert (await wire.of("p"))["data"]["verdictsPublished"]["month"] == "2019-05"


async def test_one_who_breaks_off_between_two_months_gets_the_second(world: World, address: str) -> None:
    """Each has a token of its own, though both came together; acts in between are another stream's."""
    start = await token_now(world)
    await world.at("2019-06-05").publish("2019-05")
    await changed(world, 1)
    await world.at("2019-07-05").publish("2019-06")
    async with connected(world, address) as wire:
        await wire.subscribe("p", VERDICTS, after=start)
        first = (await wire.of("p"))["data"]["verdictsPublished"]
    async with connected(world, address) as wire:
        await wire.subscribe("p", VERDICTS, after=first["resumeToken"])
        second = (await wire.of("p"))["data"]["verdictsPublished"]
        assert [first["month"], second["month"]] == ["2019-05", "2019-06"]
        await wire.subscribe("r", ROSTER, after=first["resumeToken"])
        assert [row["name"] for row in (await change(wire))["beneficiaries"]] == ["张三1"]
        await wire.subscribe("s", ROSTER, after=second["resumeToken"])
        await asyncio.sleep(0.3)
        assert await wire.is_quiet()


async def test_a_stream_of_the_runs_is_resumed_without_loss(world: World, address: str) -> None:
    """Read one event at a time, each on a connection of its own: every event comes once, in order."""
    await world.officers()
    await world.payroll("2019-06")
    headers = await world.token(OFFICER)
    after, told = await sealed(world, 0, 0, OFFICER), []
    wanted = await numbers(world.owner, 0)
    for _ in wanted:
        async with streamed(address, RUNS, headers, after=after) as stream:
            run = (await stream.event())[1]["data"]["runProgress"]
        after = run["resumeToken"]
        told.append((run["kind"], run["state"]))
    account_id = (await world.viewer(OFFICER)).account_id
    assert world.gate.cursors.read(f"{account_id}:events:0", after) == [wanted[-1]]
    assert [kind for kind, state in told if state == "FINISHED"] == ["ASSESS", "PUBLISH", "PAYROLL"]


@pytest.mark.parametrize(("as_", "seen"), [(SCHOOL, 0), ("person", 0), ("window", 0), ("auditor", 1), ("service", 1)])
async def test_the_database_itself_shows_runs_to_the_agency_alone(
    world: World, address: str, as_: str, seen: int
) -> None:
    """Whatever the API would ask for."""
    await everybody(world)
    await world.assess("2019-05")
    async with world.context(await world.viewer(as_)).reading() as connection:
        assert bool(await connection.fetchval("SELECT count(*) FROM events WHERE topic = 'RUN'")) is bool(seen)
        assert await connection.fetchval("SELECT count(*) FROM event_heads WHERE unit_id = 0") == seen


@pytest.mark.parametrize("topic", [Topic.VERDICTS, Topic.RUN])
@pytest.mark.parametrize("as_", [SCHOOL, OFFICER, "service"])
async def test_the_api_can_tell_of_no_run_and_no_publication(
    world: World, address: str, as_: str, topic: Topic, callers: Database
) -> None:
    """Those are the commands' to tell."""
    await everybody(world)
    async with world.context(await world.viewer(as_)).begin() as transaction:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await transaction.execute(
                "INSERT INTO events (unit_id, topic, month, run, state, done, at)"
                " VALUES ($1, $2, '2019-05-01', 'PUBLISH', 'FINISHED', 1, now())",
                0 if topic is Topic.RUN else 1,
                topic,
            )
