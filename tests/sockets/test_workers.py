"""The real service with two workers: what happens on one reaches whoever is connected to the other."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from tests.commands.files import good, text
from tests.commands.service import Service, run, started
from tests.sockets.wire import PATIENCE, ROSTER, Wire, opened
from tests.world import HANDLER, SCHOOL

CLOCK = {"CLOCK": "2019-06-05T09:00:00+08:00"}
SIGN_IN = (
    f"""mutation {{ signIn(input: {{username: "{SCHOOL}/li", password: "a good password"}}) {{ accessToken }} }}"""
)
MOVE = """mutation Move($input: UpdateContactInput!) { updateContact(input: $input) { userErrors { code } } }"""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A school with one person, served by two workers."""
    folder = tmp_path_factory.mktemp("workers")
    with started(folder / "data", "--empty", "--workers", 2, **CLOCK) as served:
        served.await_ready()
        rows = {"units": good("units", si_number=SCHOOL), "accounts": good("accounts")}
        for kind, row in (rows | {"beneficiaries": good("beneficiaries")}).items():
            (folder / f"{kind}.csv").write_text(text(kind, row), encoding="utf-8")
            loaded = run("import", kind, folder / f"{kind}.csv", DATA_DIR=str(served.data_dir), **CLOCK)
            assert loaded.returncode == 0, loaded.stderr
        yield served


def signed_in(service: Service) -> str:
    return str(service.ask(SIGN_IN)["signIn"]["accessToken"])


async def connected(service: Service, held: AsyncExitStack, token: str) -> Wire:
    wire = await held.enter_async_context(opened(f"127.0.0.1:{service.port}"))
    await wire.send({"type": "connection_init", "payload": {"Authorization": f"Bearer {token}"}})
    assert (await wire.message())["type"] == "connection_ack"
    return wire


def moved(service: Service, token: str, phone: str) -> Any:
    [edge] = service.ask("{ unit { beneficiaries { edges { node { id } } } } }", token)["unit"]["beneficiaries"][
        "edges"
    ]
    given = {"beneficiaryId": edge["node"]["id"], "contact": {"phone": phone}, "handler": HANDLER}
    return service.ask(MOVE, token, input=given)["updateContact"]["userErrors"]


async def test_an_act_reaches_the_subscribers_of_every_worker(service: Service) -> None:
    """Eight sockets lie on both workers, whichever of them answers the act: all are told of it."""
    token = await asyncio.to_thread(signed_in, service)
    start = (await asyncio.to_thread(service.ask, "{ unit { resumeToken } }", token))["unit"]["resumeToken"]
    async with AsyncExitStack() as held:
        wires = [await connected(service, held, token) for _ in range(8)]
        for wire in wires:
            await wire.subscribe("r", ROSTER, after=start)
        for phone in ("13700000001", "13700000002"):
            assert await asyncio.to_thread(moved, service, token, phone) == []
            told = [await wire.of("r") for wire in wires]
            seen = [answer["data"]["rosterChanged"]["beneficiaries"][0]["phone"] for answer in told]
            assert seen == [phone] * 8


async def test_an_operator_who_revokes_ends_the_sockets_of_every_worker(service: Service) -> None:
    token = await asyncio.to_thread(signed_in, service)
    async with AsyncExitStack() as held:
        wires = [await connected(service, held, token) for _ in range(8)]
        revoke = ("revoke", f"{SCHOOL}/li", "--reason", "手机遗失")
        done = await asyncio.to_thread(lambda: run(*revoke, DATA_DIR=str(service.data_dir), **CLOCK))
        assert done.returncode == 0, done.stderr
        assert [await asyncio.wait_for(wire.closed(), PATIENCE) for wire in wires] == [(4401, "Unauthorized")] * 8


async def test_what_is_logged_of_sockets_holds_nothing_personal(service: Service) -> None:
    """A line for each socket that ended."""
    said = service.said()
    assert '"event":"socket"' in said
    assert not [word for word in ("张三", "13700000001", "a good password", "eyJ") if word in said]
