"""What attacks cost the service, beside one ordinary page: `python -m bench.attacks [TIMES]`.

Each request of `tests.attacks.payloads` is sent to the application in this process, first new and then known to it;
its processor time is told as a ratio to one roster page of 20 rows in the same run. The address and the account have
budgets without end here: what is measured is one request, not how soon a flood is stopped.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
import structlog

from domain.policy import PolicyBook
from resolvers import keyring
from resolvers.context import Context
from resolvers.sessions import entered
from security.gate import Gate
from security.keys import Secret
from storage import accounts, migrate
from storage.database import Database, Login
from storage.embedded import EmbeddedPostgres
from tests.attacks.payloads import ATTACKS, HEAPS, Attack
from web.app import application
from web.clock import SHANGHAI, Clock
from web.hardening import limits

SECRET = "x" * 40
UNIT = "370202000101"
FILL = f"""
INSERT INTO units (si_number, name, district) VALUES ('{UNIT}', '单位', '市南区');
INSERT INTO accounts (username, role, unit_id, password_hash) VALUES ('{UNIT}', 'UNIT', 1, 'none');
INSERT INTO persons (id_number_digest, id_number_sealed)
SELECT sha256(p::text::bytea), sha256(p::text::bytea) FROM generate_series(1, 2000) AS p;
INSERT INTO beneficiaries (unit_id, category, person_id, name, id_number_masked, phone, household_address,
    residence_address, benefit_from, confirmed_in)
SELECT 1, 'RETIREE', id, '张' || id, '3702**********1234', '13812345678', '香港中路1号', '香港中路1号', '2010-01-01',
       '2019-01-01'
FROM persons ORDER BY id;
"""
PAGE = Attack(
    """query Page($first: Int) { unit { name beneficiaries(first: $first) {
    pageInfo { endCursor hasNextPage } edges { cursor
    node { id name idNumber version contactComplete paymentStatus paidThrough answerBy
           verdict { month conclusion } certificationPeriod { startMonth endMonth } } } } } }""",
    "",
    {"first": 20},
)

Send = Callable[[bool, bytes], Awaitable[Any]]
"""A body, of somebody who is signed in or of nobody."""
JSON = {"Content-Type": "application/json"}


async def measured(times: int) -> None:
    structlog.configure(processors=[], logger_factory=structlog.ReturnLoggerFactory())
    for role, allowed in limits.TABLE.items():
        limits.TABLE[role] = replace(allowed, budget=10**12, refill=10**9)
    with tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(Path(folder) / "postgres")
        try:
            await _runs(postgres.start(), times)
        finally:
            postgres.stop()


async def _runs(dsn: str, times: int) -> None:
    gate, login, book = Gate(Secret(SECRET)), Login.of(b"x" * 32), PolicyBook.read()
    await migrate.upgrade(dsn, book, login, gate.personal)
    owner = await asyncpg.connect(dsn)
    await owner.execute(FILL)
    await owner.execute("VACUUM ANALYZE")
    batches = await Database.for_batches(dsn)
    clock = Clock(datetime(2019, 6, 5, 9, tzinfo=SHANGHAI) - datetime.now(SHANGHAI))
    await keyring.begin(Context(batches, book, clock.now(), gate))
    app = application(lambda: Database.for_callers(login.at(dsn)), book, clock, gate)
    transport = httpx2.ASGITransport(app=app)
    async with app.router.lifespan_context(app), httpx2.AsyncClient(transport=transport, base_url="http://x") as http:
        headers = {"Authorization": f"Bearer {await _token(batches, login, dsn, book, clock, gate)}"}

        async def send(signed_in: bool, body: bytes) -> Any:
            credentials = headers if signed_in else {}
            return await http.post("/graphql", content=body, headers={**JSON, **credentials})

        await _table(send, times)
    await batches.close()
    await owner.close()


async def _token(batches: Database, login: Login, dsn: str, book: PolicyBook, clock: Clock, gate: Gate) -> str:
    callers = await Database.for_callers(login.at(dsn), size=1)
    async with callers.reading() as connection:
        account = await accounts.credentials(connection, UNIT)
    assert account is not None
    viewer = await entered(Context(callers, book, clock.now(), gate), account)
    assert viewer is not None
    await callers.close()
    return gate.tokens.issue(viewer, clock.now()).text


async def _table(send: Send, times: int) -> None:
    edges = (await send(True, _body(PAGE))).json()["data"]["unit"]["beneficiaries"]["edges"]
    assert len(edges) == 20
    page = await _milliseconds(send, True, [_body(PAGE)] * times)
    print(f"a roster page of 20 rows takes {page:.2f} ms of processor time", flush=True)
    print(f"{'':<38} {'bytes':>9} {'new':>7} {'known':>7}  code")
    for name, attack in ATTACKS.items():
        answer = (await send(attack.signed_in, _body(attack))).json()
        assert {error["extensions"]["code"] for error in answer["errors"]} == {attack.code}, (name, answer)
        new = await _milliseconds(send, attack.signed_in, [_body(attack, f"#{n}") for n in range(times)])
        known = await _milliseconds(send, attack.signed_in, [_body(attack)] * times)
        print(
            f"{name:<38} {len(_body(attack)):>9} {new / page:>6.2f}x {known / page:>6.2f}x  {attack.code}", flush=True
        )
    await _heaps(send, times, page)


async def _heaps(send: Send, times: int, page: float) -> None:
    """Bodies of one size with a value that no document tells of: never known."""
    for name, heap in HEAPS.items():
        answer = (await send(heap.signed_in, heap.body)).json()
        assert {error["extensions"]["code"] for error in answer["errors"]} == {heap.code}, (name, answer)
        taken = await _milliseconds(send, heap.signed_in, [heap.body] * times)
        print(f"{name:<38} {len(heap.body):>9} {taken / page:>6.2f}x {'':>7}  {heap.code}", flush=True)


def _body(attack: Attack, comment: str = "") -> bytes:
    """The request; with a comment it is one that the service has not seen yet."""
    return json.dumps({"query": attack.document + comment, "variables": attack.variables or {}}).encode()


async def _milliseconds(send: Send, signed_in: bool, bodies: list[bytes]) -> float:
    """The median of this process's processor time; the sending of the request is in it, and small."""
    taken = []
    for body in bodies:
        start = time.process_time()
        await send(signed_in, body)
        taken.append((time.process_time() - start) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.attacks", description=__doc__)
    parser.add_argument("times", nargs="?", type=int, default=30, help="requests of each kind (default: %(default)s)")
    asyncio.run(measured(parser.parse_args().times))
