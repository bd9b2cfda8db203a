"""The list of cases: what it holds, by which filter, in which order, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.money import CHIEF, DEATH, PASS, asked, cases, withdraw
from tests.api.scenes import Person, qualified
from tests.world import OFFICER, SCHOOL, World, node_id

ERRORS = "query($first: Int, $after: String) { reinstatements(first: $first, after: $after) { totalCount } }"


async def waiting(world: World, number: int) -> list[Person]:
    """People with a FAIL on 2019-06-20 and a PASS on 2019-07-10."""
    people = await qualified(world, number)
    await world.officers(OFFICER, CHIEF)
    rows = [{"beneficiaryId": person.node} for person in people]
    fail = {"entries": [{**row, **DEATH} for row in rows]}
    assert (await world.at("2019-06-20").act("submitCertifications", fail))["userErrors"] == []
    passed = {"entries": [{**row, **PASS} for row in rows]}
    assert (await world.at("2019-07-10").act("submitCertifications", passed))["userErrors"] == []
    return people


def ids(page: Any) -> list[str]:
    return [edge["node"]["id"] for edge in page["edges"]]


async def test_the_list_is_filtered_by_status_and_by_person(world: World) -> None:
    """In the order in which the cases were submitted."""
    first, second, third = await waiting(world, 3)
    rejected = (await asked(world, third))["id"]
    withdrawn = (await asked(world, first))["id"]
    approved = (await asked(world, second))["id"]
    await world.review(rejected, approve=False, reason="材料不足")
    await withdraw(world, withdrawn)
    await world.review(approved)
    again = (await asked(world, first))["id"]

    assert ids(await cases(world)) == [rejected, withdrawn, approved, again]
    for status, found in (
        ("SUBMITTED", [again]),
        ("APPROVED", [approved]),
        ("REJECTED", [rejected]),
        ("WITHDRAWN", [withdrawn]),
    ):
        page = await cases(world, status=status)
        assert (ids(page), page["totalCount"]) == (found, 1)
        assert [edge["node"]["status"] for edge in page["edges"]] == [status]
    of_first = await cases(world, of=first.node)
    assert (ids(of_first), of_first["totalCount"]) == ([withdrawn, again], 2)
    assert [edge["node"]["beneficiary"]["id"] for edge in of_first["edges"]] == [first.node] * 2
    assert ids(await cases(world, of=first.node, status="WITHDRAWN")) == [withdrawn]
    assert ids(await cases(world, of=second.node, status="SUBMITTED")) == []


async def test_a_case_that_nobody_submitted_is_not_listed(world: World) -> None:
    """An unknown person, a malformed id and an id of another kind have no cases."""
    [person] = await waiting(world, 1)
    case = (await asked(world, person))["id"]
    for of in (node_id(10**9), "x", "", case):
        page = await cases(world, of=of)
        assert (page["edges"], page["totalCount"]) == ([], 0)


async def test_the_list_is_paged_without_skip_or_repeat(world: World) -> None:
    """Relay pages; the total is that of the whole list, and a new case comes last."""
    people = await waiting(world, 5)
    submitted = [(await asked(world, person))["id"] for person in people[:4]]
    first = await cases(world, first=3)
    assert (ids(first), first["totalCount"]) == (submitted[:3], 4)
    assert (first["pageInfo"]["hasNextPage"], first["pageInfo"]["hasPreviousPage"]) == (True, False)
    assert first["pageInfo"]["startCursor"] == first["edges"][0]["cursor"]
    assert first["pageInfo"]["endCursor"] == first["edges"][2]["cursor"]

    await world.review(submitted[0])
    last = (await asked(world, people[4]))["id"]
    second = await cases(world, first=3, after=first["pageInfo"]["endCursor"])
    assert (ids(second), second["totalCount"]) == ([submitted[3], last], 5)
    assert (second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)

    open_ones = await cases(world, status="SUBMITTED", first=2, after=first["edges"][1]["cursor"])
    assert (ids(open_ones), open_ones["totalCount"]) == ([submitted[2], submitted[3]], 4)
    nothing = await cases(world, first=0)
    assert (nothing["edges"], nothing["totalCount"], nothing["pageInfo"]["endCursor"]) == ([], 5, None)


async def test_twenty_cases_a_page_unless_asked(world: World) -> None:
    """The policy's page size, as of every list."""
    for person in await waiting(world, 21):
        await asked(world, person)
    page = await cases(world)
    assert (len(page["edges"]), page["totalCount"], page["pageInfo"]["hasNextPage"]) == (20, 21, True)


@pytest.mark.parametrize(
    "given",
    [{"first": 201}, {"first": -1}, {"after": "x"}, {"after": node_id(1)}],
    ids=["too many", "fewer than none", "no cursor", "an id"],
)
async def test_a_page_that_is_none_is_refused(world: World, given: dict[str, Any]) -> None:
    """A mistake of the client, told as one; of overpayments too."""
    await world.units()
    for document in (ERRORS, ERRORS.replace("reinstatements", "overpayments")):
        [error] = await world.errors(document, given)
        assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_an_officer_and_the_unit_see_the_same_case(world: World) -> None:
    """The unit that asks and the agency that decides."""
    [person] = await waiting(world, 1)
    case = (await asked(world, person))["id"]
    for who in (SCHOOL, OFFICER, CHIEF):
        page = await cases(world, as_=who)
        assert (ids(page), page["edges"][0]["node"]["months"]) == ([case], ["2019-07"])
