"""A batch pass of a page: the service, and pgbench with the very statements that the service sends, each over a copy.

What the standing on the row costs a write is pgbench's difference with and without the statement that writes it. The
guard that looks whether a period's change is told of under the row's version must then be off, in both.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import psutil
from tqdm import tqdm

from bench import pgbench
from bench.asking import Question
from bench.cluster import Cluster, gate, login
from bench.load import Driven, drive
from bench.loads import CONNECTIONS
from bench.machine import wait_until_idle
from bench.operations import SERVICE, Asked
from bench.pgbench import CLIENTS
from bench.recording import keep, recorded, script
from bench.rounds import Contender, Course, Round, measured
from bench.service import Accounts, accounts, served, viewers
from domain.submission import Act, Entry, Handler, Submission
from schema import ids
from schema.ids import Kind

TITLE = "batch pass of 20"
PGBENCH = "pgbench, the same statements"
UNGUARDED = "pgbench, without the guard of periods"
BARE = "pgbench, without that and the standing on the row"
ROWS = 20
_STANDING = "UPDATE beneficiaries"
_GUARD = "ALTER TABLE certification_periods DISABLE TRIGGER period_is_recorded"
_WARM = 64  # pages
_HANDLER = Handler("王经办", "0532-85911234")
_PASS = Asked(
    """mutation Asked($input: BatchPassInput!) { batchPass(input: $input) {
         renewed beneficiaries { id version paidThrough } userErrors { code path } } }""",
    (),
)
_PAGES = f"""
SELECT u.si_number, array_agg(b.id ORDER BY b.id), array_agg(version ORDER BY b.id) FROM (
    SELECT id, unit_id, version, (row_number() OVER (PARTITION BY unit_id ORDER BY id) - 1) / {ROWS} AS page
    FROM beneficiaries
    WHERE conclusion = 'QUALIFIED' AND contact_complete AND suspended_from IS NULL AND terminated_from IS NULL) AS b
JOIN units u ON u.id = b.unit_id
GROUP BY u.si_number, page HAVING count(*) = {ROWS}
"""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one unit that nothing stands in the way of."""

    si_number: str
    ids: list[int]
    versions: list[int]

    def question(self, token: str) -> Question:
        rows = [
            {"beneficiaryId": ids.encode(Kind.BENEFICIARY, id), "version": version}
            for id, version in zip(self.ids, self.versions, strict=True)
        ]
        handler = {"name": _HANDLER.name, "contact": _HANDLER.contact}
        return Question(_PASS, {"input": {"page": rows, "handler": handler}}, token)

    def submission(self) -> Submission:
        entries = tuple(
            Entry(str(id), id, ("input", "page", str(place)), version)
            for place, (id, version) in enumerate(zip(self.ids, self.versions, strict=True))
        )
        return Submission(Act.BATCH_PASS, entries, _HANDLER)


async def passed(cluster: Cluster, name: str, course: Course, most: int) -> dict[str, list[Round]]:
    """Rounds of so many pages at most, each over a fresh copy of the database."""
    pages = await _pages(cluster, name, most)
    scripts = await _scripts(cluster, name, pages)
    requests = _requests(pages, await accounts(cluster, name))
    found: dict[str, list[Round]] = {one: [] for one in (SERVICE, *scripts)}
    for _ in tqdm(range(course.rounds), desc=TITLE, unit="round", leave=False):
        found[SERVICE].append(await _by_service(cluster, name, course, requests))
        for one, written in scripts.items():
            before = None if one == PGBENCH else _GUARD
            found[one].append(await _by_pgbench(cluster, name, course, (before, written), len(pages)))
    return found


async def alone(cluster: Cluster, name: str, course: Course, most: int) -> list[Round]:
    """The service's rounds, as in `passed`."""
    requests = _requests(await _pages(cluster, name, most), await accounts(cluster, name))
    rounds = tqdm(range(course.rounds), desc=TITLE, unit="round", leave=False)
    return [await _by_service(cluster, name, course, requests) for _ in rounds]


async def _pages(cluster: Cluster, name: str, most: int) -> list[Page]:
    """Drawn at random: pages of one unit take turns, as its acts do."""
    async with cluster.owner(name) as owner:
        found = [Page(*row) for row in await owner.fetch(_PAGES)]
    random.Random(0).shuffle(found)
    return found[:most]


async def _scripts(cluster: Cluster, name: str, pages: Sequence[Page]) -> dict[str, str]:
    by_unit = await viewers(cluster, name)
    held = await recorded(cluster, name, [(by_unit[page.si_number], page.submission()) for page in pages])
    async with cluster.owner(name) as owner:
        await keep(owner, held)
    whole = script(held.statements)
    return {PGBENCH: whole, UNGUARDED: whole, BARE: script(held.statements, _STANDING)}


def _requests(pages: Sequence[Page], asking: Accounts) -> list[bytes]:
    """The accounts of a unit take turns."""
    tokens: dict[str, list[str]] = defaultdict(list)
    for number, token in asking.units:
        tokens[number].append(token)
    return [
        page.question(tokens[page.si_number][place % len(tokens[page.si_number])]).request()
        for place, page in enumerate(pages)
    ]


async def _by_service(cluster: Cluster, name: str, course: Course, requests: list[bytes]) -> Round:
    async with cluster.copied(name) as copy:
        with served(cluster.dsn(copy), course.cores.servers) as server:
            warm = min(_WARM, len(requests) // 4)
            drive(server.port, requests[:warm], CONNECTIONS)
            run = partial(drive, server.port, requests[warm:], CONNECTIONS)
            return _idly(course, run, server.process)


async def _by_pgbench(
    cluster: Cluster, name: str, course: Course, scripts: tuple[str | None, str], pages: int
) -> Round:
    """What the owner does before, and what is measured."""
    before, written = scripts
    async with cluster.copied(name) as copy:
        if before is not None:
            async with cluster.owner(copy) as owner:
                await owner.execute(before)
        dsn = login(gate()).at(cluster.dsn(copy))
        run = partial(pgbench.run, dsn, written, course.cores.servers, transactions=pages // CLIENTS)
        return _idly(course, run, None)


def _idly(course: Course, run: Callable[[], Driven], process: psutil.Process | None) -> Round:
    if course.patience:
        wait_until_idle(course.cores.all, course.patience)
    return measured(course, Contender(run, process))
