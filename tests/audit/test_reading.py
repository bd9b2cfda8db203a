"""`auditTrail`: an AUDITOR's, and of a unit's own people."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.scenes import Person, account, enrolled, qualified, unit_of
from tests.audit.trail import sealed
from tests.world import BUREAU, HANDLER, OFFICER, SCHOOL, World

TRAIL = """
query($unit: ID, $person: ID, $action: [AuditAction!], $from: Date, $through: Date, $first: Int, $after: String) {
  auditTrail(unitId: $unit, beneficiaryId: $person, action: $action, from: $from, through: $through, first: $first,
             after: $after) {
    pageInfo { hasNextPage endCursor }
    edges { node { id entryNumber at action username role address unit { siNumber } beneficiary { name }
                   changes { field before after } reasons facts { name value } sealed } } } }
"""


async def trail(world: World, *, as_: str = SCHOOL, **asked: Any) -> list[dict[str, Any]]:
    found = await world.ask(TRAIL, asked, as_=as_)
    return [edge["node"] for edge in found["auditTrail"]["edges"]]


@pytest.fixture
async def people(world: World) -> list[Person]:
    """One person of the school, one of the bureau; each was confirmed by its unit on 5 June 2019, at nine."""
    [mine] = await qualified(world)
    await world.units(BUREAU)
    [theirs] = await enrolled(world, unit=BUREAU, first=2)
    await account(world, "auditor", "AUDITOR")
    await world.officers()
    await world.act("confirmCertification", {"beneficiaryId": mine.node})
    await world.act("overrideVerdict", {"beneficiaryId": theirs.node, "survivalStatus": "NORMAL", "reason": "本人到场"},
                    as_=BUREAU)  # fmt: skip
    return [mine, theirs]


async def test_an_entry_says_who_did_what_to_whom_and_when(world: World, people: list[Person]) -> None:
    [entry] = await trail(world, as_="auditor", action=["CONFIRM"])
    assert entry == {
        "id": entry["id"],
        "entryNumber": entry["entryNumber"],
        "at": "2019-06-05T09:00:00+08:00",
        "action": "CONFIRM",
        "username": SCHOOL,
        "role": "UNIT",
        "address": "127.0.0.1",
        "unit": {"siNumber": SCHOOL},
        "beneficiary": {"name": "张三1"},
        "changes": [
            {"field": "answered", "before": "false", "after": "true"},
            {"field": "confirmed_in", "before": "2019-01", "after": "2019-06"},
            {"field": "paid_through", "before": "2020-05", "after": "2020-06"},
            {"field": "period", "before": "2019-05..2020-05 VERDICT", "after": "2019-06..2020-06 CONFIRM"},
            {"field": "version", "before": "2", "after": "3"},
        ],
        "reasons": [],
        "facts": [
            {"name": "method", "value": "CONFIRM"},
            {"name": "occurred_on", "value": None},
            {"name": "result", "value": "PASS"},
            {"name": "survival_status", "value": "NORMAL"},
            {"name": "verdict_month", "value": "2019-05"},
        ],
        "sealed": False,
    }


async def test_a_unit_sees_what_concerns_its_own_people_and_nothing_else(world: World, people: list[Person]) -> None:
    """Neither another unit's chain nor the agency's, however it asks."""
    mine, theirs = people
    assert {entry["unit"]["siNumber"] for entry in await trail(world)} == {SCHOOL}
    assert [entry["action"] for entry in await trail(world, person=mine.node)] == ["CONFIRM"]
    assert await trail(world, person=theirs.node) == []
    assert await trail(world, unit=await unit_of(world, BUREAU)) == []
    assert await trail(world, action=["IMPORTED"]) == []


async def test_an_auditor_sees_all_of_it(world: World, people: list[Person]) -> None:
    _, theirs = people
    everything = await trail(world, as_="auditor")
    assert {entry["unit"] and entry["unit"]["siNumber"] for entry in everything} == {None, SCHOOL, BUREAU}
    assert [entry["action"] for entry in await trail(world, as_="auditor", person=theirs.node)] == ["OVERRIDE"]
    by_unit = await trail(world, as_="auditor", unit=await unit_of(world, BUREAU))
    assert {entry["action"] for entry in by_unit} == {"OVERRIDE", "SIGNED_IN", "ACCOUNT_ADDED"}


@pytest.mark.parametrize("role", ["OFFICER", "SERVICE"])
async def test_nobody_else_reads_it(world: World, people: list[Person], role: str) -> None:
    username = OFFICER if role == "OFFICER" else await account(world, "service", "SERVICE")
    [error] = await world.errors(TRAIL, as_=username)
    assert error["extensions"]["code"] == "FORBIDDEN"


async def test_pages_go_back_in_time(world: World, people: list[Person]) -> None:
    """Newest first; every entry once, whatever is written meanwhile."""
    ids, after = [], None
    while True:
        page = (await world.ask(TRAIL, {"first": 3, "after": after}, as_="auditor"))["auditTrail"]
        ids += [int(edge["node"]["entryNumber"]) for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
        await world.act("batchPass", {"page": []})
    assert ids == sorted(ids, reverse=True)
    assert ids[-1] == 1 and len(ids) == len(set(ids)) == ids[0]


async def test_days_are_civil_days_and_both_belong_to_the_span(world: World, people: list[Person]) -> None:
    mine, _ = people
    for day, hour in (("2019-06-06", 0), ("2019-06-06", 23), ("2019-06-07", 0)):
        await world.at(day, hour).act("confirmCertification", {"beneficiaryId": mine.node})
    found = await trail(world, action=["CONFIRM"], **{"from": "2019-06-06", "through": "2019-06-06"})
    assert [entry["at"] for entry in found] == ["2019-06-06T23:00:00+08:00", "2019-06-06T00:00:00+08:00"]


async def test_an_entry_says_whether_its_day_is_sealed(world: World, people: list[Person]) -> None:
    mine, _ = people
    await sealed(world.at("2019-06-06"))
    await world.act("updateContact", {"beneficiaryId": mine.node, "contact": {"phone": "13899995678"}})
    assert [entry["sealed"] for entry in await trail(world, person=mine.node)] == [False, True]


async def test_where_the_agency_acts_from_is_the_auditors_to_know(world: World, people: list[Person]) -> None:
    """A unit sees what an officer did to its people, and from where its own accounts act."""
    mine, _ = people
    await world.payroll("2019-06")
    end = {"beneficiaryId": mine.node, "cause": "DECEASED", "occurredOn": "2019-05-20"}
    await world.at("2019-06-20").act("terminateBenefit", end)
    document = "mutation($i: SettleOverpaymentInput!) { settleOverpayment(input: $i) { userErrors { code } } }"
    given = {"beneficiaryId": mine.node, "kind": "PAID_BACK", "amount": "3000.00"}
    await world.ask(document, {"i": given}, as_=OFFICER)
    settled, ended, *_ = await trail(world, person=mine.node)
    assert (settled["action"], settled["username"], settled["address"]) == ("SETTLED", OFFICER, None)
    assert (ended["action"], ended["address"]) == ("TERMINATE", "127.0.0.1")
    assert (await trail(world, as_="auditor", person=mine.node))[0]["address"] == "127.0.0.1"


async def test_reasons_of_a_refusal_are_codes(world: World, people: list[Person]) -> None:
    mine, _ = people
    given = {"beneficiaryId": mine.node, "survivalStatus": "MISSING", "handler": {**HANDLER, "name": ""}}
    await world.act("overrideVerdict", given)
    [entry] = await trail(world, action=["REFUSED"])
    assert (entry["action"], entry["reasons"]) == ("REFUSED", ["HANDLER_REQUIRED", "OCCURRED_ON_REQUIRED"])


async def test_an_entry_is_found_again_by_its_id_by_whoever_sees_it(world: World, people: list[Person]) -> None:
    document = "query($id: ID!) { node(id: $id) { id ... on AuditEntry { entryNumber action } } }"
    entry = (await trail(world, as_="auditor", action=["CONFIRM"]))[0]
    found = {"id": entry["id"], "entryNumber": entry["entryNumber"], "action": "CONFIRM"}
    for reader in ("auditor", SCHOOL):
        assert await world.ask(document, {"id": entry["id"]}, as_=reader) == {"node": found}
    assert await world.ask(document, {"id": entry["id"]}, as_=BUREAU) == {"node": None}
    bare = "query($id: ID!) { node(id: $id) { id } }"
    assert await world.ask(bare, {"id": entry["id"]}, as_=OFFICER) == {"node": None}


async def test_the_trail_is_read_from_its_beginning_too(world: World, people: list[Person]) -> None:
    """`last` shows the oldest entries, still newest first; `before` goes on towards now."""
    document = """query($last: Int, $before: String) { auditTrail(last: $last, before: $before) {
        pageInfo { hasNextPage hasPreviousPage startCursor } edges { node { entryNumber } } } }"""
    oldest = (await world.ask(document, {"last": 2}, as_="auditor"))["auditTrail"]
    assert [edge["node"]["entryNumber"] for edge in oldest["edges"]] == ["2", "1"]
    assert (oldest["pageInfo"]["hasPreviousPage"], oldest["pageInfo"]["hasNextPage"]) == (True, False)
    asked = {"last": 2, "before": oldest["pageInfo"]["startCursor"]}
    newer = (await world.ask(document, asked, as_="auditor"))["auditTrail"]
    assert [edge["node"]["entryNumber"] for edge in newer["edges"]] == ["4", "3"]
    assert newer["pageInfo"]["hasNextPage"] is True


@pytest.mark.parametrize("day", ["0001-01-01", "1970-01-01", "9999-12-31"])
async def test_the_ends_of_the_calendar_are_days_like_any_other(world: World, day: str) -> None:
    """From the first day that can be written, or through the last: everything, or nothing."""
    await world.units()
    signed_in = await world.token(SCHOOL)
    await world.post({"query": "mutation { signOut { ended } }"}, signed_in)
    begins_early = day < "2019"
    assert bool(await trail(world, **{"from": day})) is begins_early
    assert bool(await trail(world, through=day)) is not begins_early
