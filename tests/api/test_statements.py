"""The number of SQL statements is fixed: it does not grow with the rows of a page or of a submission."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from storage.database import Connection, Database
from tests.api.scenes import Person, judged, qualified
from tests.world import HANDLER, OFFICER, SCHOOL, World, id_number

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
MONEY = """
query Page($first: Int) { unit { beneficiaries(first: $first) { edges { node {
  id
  payments(from: "2019-06") { month status amount reason backPayFor total healedWith lines { kind month amount } }
  entitlement(month: "2019-07") { payable basis reason paid amount facts { kind text id } changes { text by } }
  stops { basis firstMonth lastMonth reason act { text id } }
  reinstatement { id status months amount submittedBy lines { month amount paidWith } beneficiary { name } }
  overpayment { amount settled outstanding months { month amount established } settlements { kind amount } }
} } } } }
"""
CASES = """
query Cases($first: Int) { reinstatements(first: $first) { totalCount edges { node {
  id months amount lines { month amount paidWith } documents { name } beneficiary { name unit { name } } } } } }
"""
OVERPAYMENTS = """
query Debts($first: Int) { overpayments(first: $first) { totalCount edges { node {
  amount outstanding months { month } settlements { settledBy } beneficiary { name unit { name } } } } } }
"""
PAGE = 8
"""The unit, its summary, the page, the total, the units of the rows, and three histories."""

STATEMENTS = {"beneficiaries": 36, "reinstatements": 17, "overpayments": 7}
"""Of a page of money: entitlement, stops and cases each read whole lives; a shared reading would lower it."""

DRIVER = ("typeinfo_tree", "current_setting('jit')", "lease_points")
"""What is asked for beside the request: by the driver, how a type is encoded; points, once for many requests."""


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
        patch.setattr(Database, "connection", _heard(Database.connection, counted))
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
        await asyncio.sleep(0)  # the driver tells of a statement with the loop's next turn
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


async def in_debt(world: World, number: int) -> None:
    """People paid for 2019-06, of April on in prison as was told that month, passed in July, each with a case."""
    people = await judged(world, *["QUALIFIED"] * number)
    await world.officers()
    await world.payroll("2019-06")
    rows = [{"beneficiaryId": person.node} for person in people]
    fail = {"survivalStatus": "IMPRISONED", "occurredOn": "2019-04-10"}
    for day, stated in (("2019-06-20", fail), ("2019-07-10", {"survivalStatus": "NORMAL"})):
        entries = [{**row, **stated} for row in rows]
        assert (await world.at(day).act("submitCertifications", {"entries": entries}))["userErrors"] == []
    for person in people:
        assert (await world.request(person.id))["userErrors"] == []


async def test_a_page_of_money_takes_the_same_statements_whatever_its_size(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """1, 20 or 100 rows with payments, entitlement, stops, case and overpayment; the lists of the agency likewise."""
    await in_debt(world, 100)
    unit, officer = await world.token(SCHOOL), await world.token(OFFICER)
    for document, headers, field in (
        (MONEY, unit, "beneficiaries"),
        (CASES, officer, "reinstatements"),
        (OVERPAYMENTS, officer, "overpayments"),
    ):
        taken = {}
        for first in (1, 20, 100):
            data, sent = await statements(world, monkeypatch, document, {"first": first}, headers)
            edges = data.get("unit", data)[field]["edges"]
            assert len(edges) == first
            if document is MONEY:
                for node in (edge["node"] for edge in edges):
                    assert node["overpayment"]["outstanding"] == "3000.00"
                    assert (node["reinstatement"]["months"], len(node["stops"])) == (["2019-07"], 1)
                    assert (node["entitlement"]["basis"], len(node["payments"])) == ("SUSPENDED", 1)
            taken[first] = len(sent)
        assert taken == dict.fromkeys((1, 20, 100), STATEMENTS[field]), field


async def test_several_months_of_entitlement_take_the_same_statements_whatever_the_rows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each month asked about is read for the whole page at once."""
    await qualified(world, 30)
    headers = await world.token(SCHOOL)
    document = """query($first: Int) { unit { beneficiaries(first: $first) { edges { node {
        a: entitlement(month: "2019-06") { basis }
        b: entitlement(month: "2019-06", asOf: "2019-06-03") { basis } } } } } }"""
    taken = []
    for first in (1, 30):
        data, sent = await statements(world, monkeypatch, document, {"first": first}, headers)
        assert len(data["unit"]["beneficiaries"]["edges"]) == first
        taken.append(len(sent))
    assert taken[0] == taken[1]


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
    assert taken == [2, 2]


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
    """What a client sends goes as a parameter: the same texts whatever name is searched for, and whatever number."""
    await qualified(world, 3)
    headers = await world.token(SCHOOL)
    document = "query($s: String) { unit { beneficiaries(search: $s) { totalCount edges { cursor } } } }"
    texts = [
        (await statements(world, monkeypatch, document, {"s": search}, headers))[1]
        for search in ("张三1", "' OR TRUE --", id_number(2), id_number(3), id_number(98), id_number(99))
    ]
    for one, other in (texts[:2], texts[2:4], texts[4:]):
        assert one == other
