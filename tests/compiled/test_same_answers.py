"""Random reads answer the same bytes on every path, for every role; and most of them were compiled."""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from random import Random
from typing import Any

import orjson
import pytest

from domain.vocabulary import Role
from schema.compiled.reads import Reads
from tests.access.test_matrix import ACCOUNTS, UNKNOWN, everything_of
from tests.api.test_statements import counting
from tests.compiled.operations import Operations
from tests.district import ELSEWHERE, District
from tests.world import SCHOOL
from web.hardening.short_way import ShortWay

TIMES = int(os.environ.get("READS", "40"))
"""Reads of each role."""
CHANGING = re.compile(rb'[0-9a-f]{32}|(?<="remaining":)[0-9]+')
"""The id of an incident, and what is left of a budget."""


def taken(district: District) -> Counter[str]:
    """How operations were run so far, and how many answers came by the short way."""
    routes: list[Any] = district.world.app.routes
    [endpoint, *_] = [route.endpoint for route in routes if getattr(route, "path", "") == "/graphql"]
    reads: Reads = endpoint.schema.reads
    return reads.taken + Counter(short=endpoint.short_way.taken)


@pytest.mark.parametrize("role", [None, *Role])
async def test_random_reads_answer_the_same_bytes_on_every_path(
    district: District, role: Role | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compiled, by the short way, and by the executor: data, errors, paths and nulls.

    The audit trail gets the same entries, and no more statements are sent.
    """
    ids = [
        id
        for unit in (SCHOOL, ELSEWHERE)
        for person in district.people[unit]
        for id in everything_of(person, unit, district)
    ]
    made = Operations(
        Random(f"{role} {os.environ.get('SEED', '')}"), role, [*ids, *everything_of(UNKNOWN, "", district)]
    )
    headers = {} if role is None else {"Authorization": f"Bearer {await district.token(ACCOUNTS[role])}"}
    before = Counter(taken(district))
    errors = 0
    for time in range(TIMES):
        headers["Accept-Language"] = ("zh-CN", "en")[time % 2]
        document, variables = made.made()
        body = {"query": document, "variables": variables}
        compiled, again = [await answered(district, body, headers, monkeypatch) for _ in range(2)]
        with monkeypatch.context() as patch:
            patch.setattr(Reads, "_read", lambda *_: None)
            patch.setattr(ShortWay, "_admitted", lambda *_: None)
            ordinary = await answered(district, body, headers, monkeypatch)
        for way in (compiled, again):
            if b'"errors"' in ordinary[0]:
                assert told(way[0]) == told(ordinary[0]), (document, variables)
            else:
                assert way[:2] == ordinary[:2], (document, variables)
                assert way[2] <= ordinary[2], (document, variables)
        errors += b'"errors"' in ordinary[0]
    ran = taken(district) - before
    if role is not None:
        assert min(ran["short"], ran["compiled"]) >= TIMES // 2, ran
        assert errors <= TIMES // 2


def told(answer: bytes) -> tuple[Any, set[str]]:
    """Where several rows fail at once, the executor tells of whichever was first, and that changes from run to run."""
    read = orjson.loads(answer)
    return read.get("data"), {error["extensions"]["code"] for error in read["errors"]}


async def answered(
    district: District, body: Any, headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> tuple[bytes, int, int]:
    """The answer's bytes, how many entries the audit trail got, and how many statements were sent."""
    entries = await district.world.owner.fetchval("SELECT count(*) FROM audit_entries")
    with counting(monkeypatch) as counted:
        response = await district.world.post(body, headers)
        await asyncio.sleep(0)  # the driver tells of a statement with the loop's next turn
    entered = await district.world.owner.fetchval("SELECT count(*) FROM audit_entries") - entries
    return CHANGING.sub(b"0", response.content), entered, len(counted.statements)


async def test_what_is_run_twice_is_recorded_once(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """An id that leads to nothing is counted by each run, and told to the trail by the last alone."""
    document = '{ node(id: "x") { id } unit { beneficiaries(first: -1) { totalCount } } }'
    headers = {"Authorization": f"Bearer {await district.token(SCHOOL)}"}
    before = Counter(taken(district))
    answer, entered, _ = await answered(district, {"query": document}, headers, monkeypatch)
    assert told(answer) == ({"node": None, "unit": None}, {"BAD_USER_INPUT"})
    assert taken(district) - before == {"ordinary after all": 1}
    assert entered == 1
    told_of = await district.world.owner.fetchval("SELECT body FROM audit_entries ORDER BY id DESC LIMIT 1")
    assert orjson.loads(told_of)["facts"] == {
        "asked": ["node", "unit"], "fields": [], "malformed": 1, "not_found": 1
    }  # fmt: skip
