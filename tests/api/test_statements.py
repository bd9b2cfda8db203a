"""The number of SQL statements is fixed: it does not grow with the rows of a page or of a submission."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from storage.database import Connection, Database
from tests.api.scenes import Person, judged, qualified
from tests.world import HANDLER, SCHOOL, World, id_number

EVERYTHING = """
query Page($first: Int) { unit {
  siNumber
  summary { total unanswered lapsingSoon }
  beneficiaries(first: $first) { totalCount pageInfo { endCursor hasNextPage } edges { cursor node {
    id name idNumber version contactComplete paymentStatus paidThrough answerBy confirmBy
    unit { id name }
    verdict { id month description lastActivity { label month } }
    certificationPeriod { startMonth endMonth }
    verdicts(first: 3) { edges { node { id description answered } } pageInfo { hasNextPage } }
    certifications { edges { node { id method at handlerName } } }
    certificationPeriods { edges { node { startMonth endMonth method } } }
  } } }
} }
"""
PAGE = 8
"""The unit, its summary, the page, the total, the units of the rows, and three histories."""


DRIVER = ("typeinfo_tree", "current_setting('jit')")
"""What the driver asks for itself, once a connection: how a type is encoded."""


class Counted:
    """The statements that the service has sent since it was asked to listen."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def hear(self, record: Any) -> None:
        if not any(mark in record.query for mark in DRIVER):
            self.statements.append(record.query)


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    """Hear every statement of every connection that is taken from the pool meanwhile."""
    counted = Counted()
    with monkeypatch.context() as patch:
        for name in ("reading", "begin"):
            patch.setattr(Database, name, _heard(getattr(Database, name), counted))
        yield counted


def _heard(use: Any, counted: Counted) -> Any:
    @asynccontextmanager
    async def heard(database: Database) -> AsyncIterator[Connection]:
        async with use(database) as connection:
            with connection.query_logger(counted.hear):
                yield connection

    return heard


async def statements(
    world: World, monkeypatch: pytest.MonkeyPatch, document: str, variables: dict[str, Any], headers: dict[str, str]
) -> tuple[Any, list[str]]:
    """The data, and the statements that it took."""
    with counting(monkeypatch) as counted:
        answer = (await world.post({"query": document, "variables": variables}, headers)).json()
    assert "errors" not in answer, answer
    return answer["data"], counted.statements


async def test_a_page_takes_the_same_statements_whatever_its_size(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1, 20 or 100 rows with all of their history: the same fixed number."""
    people = await judged(world, *["QUALIFIED", "PENDING"] * 50)
    await world.act("batchPass", {"page": [{"beneficiaryId": person.node} for person in people]})
    headers = await world.token(SCHOOL)
    taken = {}
    for first in (1, 20, 100):
        data, sent = await statements(world, monkeypatch, EVERYTHING, {"first": first}, headers)
        edges = data["unit"]["beneficiaries"]["edges"]
        assert len(edges) == first
        assert all(len(edge["node"]["certifications"]["edges"]) == 1 for edge in edges)
        assert all(len(edge["node"]["verdicts"]["edges"]) == 1 for edge in edges)
        taken[first] = len(sent)
    assert taken == {1: PAGE, 20: PAGE, 100: PAGE}


async def test_only_what_is_asked_for_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without histories, counts and units a page is the unit and one range of its index."""
    await qualified(world, 30)
    headers = await world.token(SCHOOL)
    document = "{ unit { beneficiaries { edges { node { id name paymentStatus verdict { conclusion } } } } } }"
    data, sent = await statements(world, monkeypatch, document, {}, headers)
    assert len(data["unit"]["beneficiaries"]["edges"]) == 20
    assert len(sent) == 2


async def test_many_nodes_are_read_together(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """`nodes` of one person and of fifty take the same statements."""
    people = await qualified(world, 50)
    headers = await world.token(SCHOOL)
    person_fields = "... on Beneficiary { name certifications { edges { cursor } } }"
    document = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ {person_fields} }} }}"
    taken = []
    for some in (people[:1], people):
        ids = [person.node for person in some]
        data, sent = await statements(world, monkeypatch, document, {"ids": ids}, headers)
        assert len(data["nodes"]) == len(some)
        taken.append(len(sent))
    assert taken == [3, 3]


@pytest.mark.parametrize("keyed", [False, True], ids=["without key", "with key"])
async def test_a_batch_pass_takes_the_same_statements_whatever_its_size(
    world: World, monkeypatch: pytest.MonkeyPatch, keyed: bool
) -> None:
    """1 row or 50, all of them renewed: the same number."""
    people = await judged(world, *["QUALIFIED"] * 51)
    headers = await world.token(SCHOOL)
    document = "mutation($i: BatchPassInput!) { batchPass(input: $i) { renewed userErrors { code } } }"
    taken = []
    for some in (people[:1], people[1:]):
        given: dict[str, Any] = {**page(some), "idempotencyKey": f"k-{len(some)}" if keyed else None}
        data, sent = await statements(world, monkeypatch, document, {"i": given}, headers)
        assert data["batchPass"] == {"renewed": len(some), "userErrors": []}
        taken.append(len(sent))
    assert taken[0] == taken[1]


def page(people: list[Person]) -> dict[str, Any]:
    return {"handler": HANDLER, "page": [{"beneficiaryId": person.node} for person in people]}


async def test_no_statement_carries_a_value_in_its_text(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a client sends goes as a parameter: the same text whatever is searched for."""
    await qualified(world, 3)
    headers = await world.token(SCHOOL)
    document = "query($s: String) { unit { beneficiaries(search: $s) { totalCount edges { cursor } } } }"
    texts = [
        (await statements(world, monkeypatch, document, {"s": search}, headers))[1]
        for search in ("张三1", "' OR TRUE --", id_number(2))
    ]
    assert texts[0] == texts[1] == texts[2]
