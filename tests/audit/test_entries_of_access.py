"""What is told of looking: ids and numbers that led nowhere, rights that were refused, masked data that were shown."""

from __future__ import annotations

import re

import pytest

from tests.api.scenes import account, enrolled, qualified, unit_of
from tests.audit.trail import Shown, entries, newest, the_entry
from tests.world import BUREAU, OFFICER, SCHOOL, World, id_number, node_id


async def test_what_is_not_the_accounts_is_one_entry_a_request(world: World) -> None:
    """Ids that lead nowhere, or to what is another's: which they were; a lookup that finds leaves nothing."""
    [mine] = await qualified(world)
    await world.units(BUREAU)
    [theirs] = await enrolled(world, unit=BUREAU, first=2)
    since = await newest(world)
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    await world.ask(document, {"ids": [mine.node]})
    assert await entries(world, since) == []
    await world.ask(document, {"ids": [mine.node, theirs.node, node_id(999), "garbage"]})
    entry = await the_entry(world, since)
    assert (entry.action, entry.username, entry.unit_id) == ("ACCESS_REFUSED", SCHOOL, 1)
    said = {"asked": ["nodes"], "ids": [f"Beneficiary {theirs.id}", "Beneficiary 999"], "malformed": 1}
    assert entry.body == {"facts": {"fields": [], "not_found": 3, **said}}
    since = await newest(world)
    await world.ask("query($n: String) { unit(siNumber: $n) { name } }", {"n": BUREAU})
    facts = (await the_entry(world, since)).body["facts"]
    assert (facts["not_found"], facts["asked"]) == (1, ["unit"])
    assert re.fullmatch(r"siNumber #[0-9a-f]{16}", facts["ids"][0])


async def test_no_more_than_a_page_of_what_was_looked_for_is_named(world: World) -> None:
    """Whoever asks 40 times for 200 does not fill the trail."""
    await world.units()
    since = await newest(world)
    ids = [node_id(id) for id in range(1000, 1200)]
    many = " ".join(f"n{place}: nodes(ids: $ids) {{ id }}" for place in range(3))
    await world.ask(f"query($ids: [ID!]!) {{ {many} }}", {"ids": ids})
    facts = (await the_entry(world, since)).body["facts"]
    assert (facts["not_found"], len(facts["ids"])) == (600, 200)


async def test_a_number_that_nobody_has_is_told_by_its_fingerprint(world: World) -> None:
    """It may be somebody's of another district."""
    await world.units()
    await world.officers()
    since = await newest(world)
    await world.ask("query($n: String!) { beneficiariesByIdNumber(idNumber: $n) { id } }", {"n": id_number(7)},
                    as_=OFFICER)  # fmt: skip
    [told] = (await the_entry(world, since)).body["facts"]["ids"]
    assert told == f"idNumber #{world.gate.sealer.fingerprint('idNumber', id_number(7))}" and id_number(7) not in told


async def test_a_fingerprint_of_one_kind_says_nothing_of_another(world: World) -> None:
    """An AUDITOR may have any text fingerprinted as a unit's number; that of a phone or an address is another."""
    [person] = await qualified(world)
    await account(world, "auditor", "AUDITOR")
    since = await newest(world)
    phone, address = "13812340001", "青岛市市南区香港中路9号"
    given = {"phone": phone, "householdAddress": address, "residenceAddress": address}
    await world.act("updateContact", {"beneficiaryId": person.node, "contact": given})
    for typed in (phone, address):
        await world.ask("query($n: String) { unit(siNumber: $n) { name } }", {"n": typed}, as_="auditor")
    act, *asked = await entries(world, since)
    after = act.body["after"]
    told = [after[name] for name in ("phone", "household_address", "residence_address")]
    told += [one.body["facts"]["ids"][0] for one in asked]
    assert len({text.split(" #")[1] for text in told}) == 5


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        ("reinstatements(beneficiaryId: $person) { edges { node { id } } }", SCHOOL),
        ("auditTrail(beneficiaryId: $person) { edges { node { id } } }", SCHOOL),
        ("auditTrail(unitId: $unit) { edges { node { id } } }", SCHOOL),
    ],
)
async def test_a_list_bound_by_what_is_anothers_is_recorded_like_a_lookup(world: World, asked: str, who: str) -> None:
    await world.units(SCHOOL, BUREAU)
    [theirs] = await enrolled(world, unit=BUREAU)
    since = await newest(world)
    given = {"person": theirs.node, "unit": await unit_of(world, BUREAU)}
    name = "unit" if "$unit" in asked else "person"
    answer = await world.ask(f"query(${name}: ID) {{ found: {asked} }}", {name: given[name]}, as_=who)
    assert answer["found"]["edges"] == []
    entry = await the_entry(world, since)
    assert (entry.action, entry.body["facts"]["not_found"], len(entry.body["facts"]["ids"])) == ("ACCESS_REFUSED", 1, 1)


async def test_a_right_that_the_role_does_not_have_is_recorded(world: World) -> None:
    [person] = await qualified(world)
    auditor = await account(world, "auditor", "AUDITOR")
    since = await newest(world)
    document = "mutation($i: OverrideVerdictInput!) { overrideVerdict(input: $i) { userErrors { code } } }"
    given = {"handler": {"name": "审计", "contact": "0532-85911234"}, "beneficiaryId": person.node}
    [error] = await world.errors(document, {"i": {**given, "survivalStatus": "NORMAL"}}, as_=auditor)
    assert error["extensions"]["code"] == "FORBIDDEN"
    entry = await the_entry(world, since)
    assert (entry.action, entry.username, entry.unit_id) == ("ACCESS_REFUSED", "auditor", None)
    whom = [f"Beneficiary {person.id}"]
    asked = {"asked": ["overrideVerdict"], "fields": ["overrideVerdict"], "given": whom, "not_found": 0}
    assert entry.body == {"facts": asked}


REVEAL = "mutation($i: RevealPersonalDataInput!) { revealPersonalData(input: $i) { userErrors { code } } }"


async def test_a_look_at_masked_data_is_recorded_with_its_reason(world: World) -> None:
    """Who looked at whose data and why; in the chain of the person's unit, so that the unit sees it."""
    [person] = await qualified(world)
    await world.officers()
    since = await newest(world)
    given = {"beneficiaryId": person.node, "reason": "核对银行退回的待遇发放明细"}
    await world.ask(REVEAL, {"i": given}, as_=OFFICER)
    reason = {"facts": {"reason": "核对银行退回的待遇发放明细"}}
    assert await the_entry(world, since) == Shown("REVEALED", OFFICER, 1, person.id, None, reason)


@pytest.mark.parametrize(("id", "reason", "why"), [(1, " ", "REASON_REQUIRED"), (999, "核对", "NOT_FOUND")])
async def test_a_refused_look_is_recorded_as_well(world: World, id: int, reason: str, why: str) -> None:
    await qualified(world)
    since = await newest(world)
    await world.ask(REVEAL, {"i": {"beneficiaryId": node_id(id), "reason": reason}})
    body = {"codes": [why], "facts": {"act": "revealPersonalData"}}
    assert await the_entry(world, since) == Shown("REFUSED", SCHOOL, 1, id, None, body)


async def test_a_refused_right_names_for_what_it_was_given(world: World) -> None:
    """Written out or in variables, at any depth; a unit's number by its fingerprint."""
    [person] = await qualified(world)
    auditor = await account(world, "auditor", "AUDITOR")
    since = await newest(world)
    document = """mutation($i: BatchPassInput!) { batchPass(input: $i) { userErrors { code } } }"""
    given = {"handler": {"name": "审计", "contact": "0532-85911234"}, "page": [{"beneficiaryId": person.node}]}
    await world.errors(document, {"i": given}, as_=auditor)
    await world.errors(f'{{ node(id: "{node_id(99)}") {{ id }} complianceReviews {{ totalCount }} }}')
    await world.errors("query($n: String) { unit(siNumber: $n) { id } benefits { id } }", {"n": BUREAU}, as_=auditor)
    number = f"siNumber #{world.gate.sealer.fingerprint('siNumber', BUREAU)}"
    assert [one.body["facts"]["given"] for one in await entries(world, since)] == [
        [f"Beneficiary {person.id}"], ["Beneficiary 99"], [number],
    ]  # fmt: skip


async def test_malformed_ids_in_acts_are_counted(world: World) -> None:
    """Beside the people whose ids are none of that kind."""
    [person] = await qualified(world)
    since = await newest(world)
    for wrong in ("nowhere", await unit_of(world, SCHOOL)):
        await world.act("confirmCertification", {"beneficiaryId": wrong})
    await world.act("batchPass", {"page": [{"beneficiaryId": id} for id in ("nowhere", person.node)]})
    found = await entries(world, since)
    assert [one.body["facts"] for one in found] == [
        {"act": "confirmCertification", "malformed": 1},
        {"act": "confirmCertification", "malformed": 1},
        {"act": "batchPass", "malformed": 1, "people": [str(person.id)], "rows": 2},
    ]
    assert [one.beneficiary_id for one in found] == [None] * 3


async def test_acknowledging_what_is_not_the_accounts_is_recorded_like_a_look(world: World) -> None:
    """The own row beside the page is nothing to record."""
    first, second = await qualified(world, 2)
    await world.units(BUREAU)
    [theirs] = await enrolled(world, first=9, unit=BUREAU)
    since = await newest(world)
    acknowledged = [theirs.node, second.node, "nowhere"]
    given = {"page": [{"beneficiaryId": first.node}], "acknowledgedDisqualified": acknowledged, "reason": "本人到场"}
    await world.act("batchPass", given)
    told = {one.action: one.body["facts"] for one in await entries(world, since)}
    assert told["ACCESS_REFUSED"] == {
        "asked": ["batchPass"], "fields": [], "ids": [f"Beneficiary {theirs.id}"], "malformed": 1, "not_found": 2,
    }  # fmt: skip
