"""Every act, refusal, sign-in, unmasking, export and command leaves exactly its entry."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from domain.month import Month
from resolvers import export
from resolvers.errors import Refused
from tests.api.scenes import account, enrolled, judged, qualified, unit_of
from tests.api.signing import code, refresh, sign_in
from tests.audit.trail import Shown, entries, newest, sealed, suspended, verified
from tests.commands.ledger import ran, said
from tests.world import BUREAU, DOCUMENT, OFFICER, PASSWORD, SCHOOL, World, id_number, node_id

KEYED = {"idempotencyKey": "k-1"}


async def the_entry(world: World, since: int) -> Shown:
    [entry] = await entries(world, since)
    return entry


async def test_an_act_is_recorded_with_what_it_changed(world: World) -> None:
    """Who, on whom, before and after; nothing of it names the person."""
    [person] = await qualified(world)
    since = await newest(world)
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    assert await the_entry(world, since) == Shown(
        "CONFIRM",
        SCHOOL,
        1,
        person.id,
        3,
        {
            "before": {"answered": False, "confirmed_in": "2019-01", "paid_through": "2020-05",
                       "period": "2019-05..2020-05 VERDICT", "version": 2},
            "after": {"answered": True, "confirmed_in": "2019-06", "paid_through": "2020-06",
                      "period": "2019-06..2020-06 CONFIRM", "version": 3},
            "facts": {"method": "CONFIRM", "occurred_on": None, "result": "PASS", "survival_status": "NORMAL",
                      "verdict_month": "2019-05"},
        },
    )  # fmt: skip


async def test_a_page_leaves_an_entry_for_each_person(world: World) -> None:
    people = await qualified(world, 5)
    since = await newest(world)
    await world.act("batchPass", {"page": [{"beneficiaryId": person.node} for person in people]})
    found = await entries(world, since)
    assert [(one.action, one.beneficiary_id) for one in found] == [("BATCH_PASS", person.id) for person in people]


@pytest.mark.parametrize(
    ("mutation", "given", "action"),
    [
        ("overrideVerdict", {"survivalStatus": "DECEASED", "occurredOn": "2019-06-03"}, "OVERRIDE"),
        ("updateContact", {"contact": {"phone": "13900001111"}}, "UPDATE_CONTACT"),
        ("terminateBenefit", {"cause": "DECEASED", "occurredOn": "2019-06-03"}, "TERMINATE"),
    ],
)
async def test_each_act_has_a_name_of_its_own(world: World, mutation: str, given: dict[str, Any], action: str) -> None:
    [person] = await qualified(world)
    since = await newest(world)
    await world.act(mutation, {"beneficiaryId": person.node, **given})
    entry = await the_entry(world, since)
    assert (entry.action, entry.beneficiary_id, entry.version) == (action, person.id, 3)


async def test_contact_data_appear_masked_and_a_hidden_change_shows(world: World) -> None:
    """Two phones that look alike masked have different fingerprints; neither is in the trail."""
    [person] = await judged(world, "PENDING")
    since = await newest(world)
    await world.act("updateContact", {"beneficiaryId": person.node, "contact": {"phone": "13899995678"}})
    body = (await the_entry(world, since)).body
    before, after = body["before"]["phone"], body["after"]["phone"]
    assert before.startswith("138****5678 #") and after.startswith("138****5678 #") and before != after
    held = await world.owner.fetchval("SELECT string_agg(body, '') FROM audit_entries")
    assert "13812345678" not in held and "13899995678" not in held and "张三" not in held


async def test_a_refused_act_is_recorded_and_nothing_else_saved(world: World) -> None:
    """The refusal is committed although the act is not."""
    [person] = await judged(world, "DISQUALIFIED")
    since = await newest(world)
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    assert await the_entry(world, since) == Shown(
        "REFUSED",
        SCHOOL,
        1,
        person.id,
        None,
        {"codes": ["VERDICT_NOT_QUALIFIED"], "facts": {"act": "confirmCertification"}},
    )


async def test_a_refused_page_is_one_entry_that_names_the_people(world: World) -> None:
    people = await judged(world, "DISQUALIFIED", "DISQUALIFIED")
    since = await newest(world)
    await world.act("batchPass", {"page": [{"beneficiaryId": person.node} for person in people]})
    entry = await the_entry(world, since)
    assert (entry.action, entry.beneficiary_id) == ("REFUSED", None)
    assert entry.body["facts"] == {"act": "batchPass", "rows": 2, "people": [str(person.id) for person in people]}


async def test_a_refusal_of_too_many_rows_names_no_more_than_a_page(world: World) -> None:
    """Whoever sends more ids than a page has does not fill the trail with them."""
    await qualified(world)
    since = await newest(world)
    await world.act("batchPass", {"page": [{"beneficiaryId": node_id(id)} for id in range(1, 501)]})
    entry = await the_entry(world, since)
    assert entry.body["codes"] == ["TOO_MANY_ROWS"]
    assert (entry.body["facts"]["rows"], len(entry.body["facts"]["people"])) == (500, 200)


async def test_an_answer_given_again_is_no_act(world: World) -> None:
    """Under an idempotency key the first answer comes back; a key for something else is refused, and that recorded."""
    first, second = await qualified(world, 2)
    await world.act("confirmCertification", {"beneficiaryId": first.node, **KEYED})
    since = await newest(world)
    await world.act("confirmCertification", {"beneficiaryId": first.node, **KEYED})
    assert await entries(world, since) == []
    await world.act("confirmCertification", {"beneficiaryId": second.node, **KEYED})
    assert (await the_entry(world, since)).body["codes"] == ["IDEMPOTENCY_KEY_REUSED"]


async def test_a_case_is_recorded_at_each_of_its_steps(world: World) -> None:
    """Requested, withdrawn, requested, rejected, requested and approved; who reviewed is the officer."""
    person = await suspended(world)
    since = await newest(world)
    withdraw = "mutation($i: WithdrawReinstatementInput!) { withdrawReinstatement(input: $i) { userErrors { code } } }"
    for end in ("withdraw", "reject", "approve"):
        case = (await world.request(person.id))["reinstatement"]["id"]
        if end == "withdraw":
            await world.ask(withdraw, {"i": {"reinstatementId": case}})
        else:
            await world.review(case, approve=end == "approve", **({"reason": "材料不全"} if end == "reject" else {}))
    found = await entries(world, since)
    assert [(one.action.removeprefix("REINSTATEMENT_"), one.username, one.unit_id) for one in found] == [
        ("REQUESTED", SCHOOL, 1),
        ("WITHDRAWN", SCHOOL, 1),
        ("REQUESTED", SCHOOL, 1),
        ("REJECTED", OFFICER, 1),
        ("REQUESTED", SCHOOL, 1),
        ("APPROVED", OFFICER, 1),
    ]
    assert {one.beneficiary_id for one in found} == {person.id}
    assert found[-1].body == {
        "before": {"held_through": None, "paid_through": "2019-06", "suspended_from": "2019-07", "version": 5},
        "after": {"held_through": "2019-07", "paid_through": "2020-07", "suspended_from": None, "version": 6},
        "facts": {"case": 3, "months": ["2019-07"]},
    }
    assert not any(word in str(found) for word in ("材料不全", "本人", DOCUMENT["name"]))


async def test_a_settlement_is_recorded_with_what_is_left(world: World) -> None:
    [person] = await qualified(world)
    await world.officers()
    await world.payroll("2019-06")
    end = {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-05-20"}
    await world.at("2019-06-20").act("terminateBenefit", end)
    since = await newest(world)
    document = "mutation($i: SettleOverpaymentInput!) { settleOverpayment(input: $i) { userErrors { code } } }"
    given = {"beneficiaryId": person.node, "kind": "INSTALMENT", "amount": "1000.00"}
    await world.ask(document, {"i": given}, as_=OFFICER)
    entry = await the_entry(world, since)
    assert (entry.action, entry.username, entry.unit_id) == ("SETTLED", OFFICER, 1)
    assert (entry.body["before"], entry.body["after"]) == ({"outstanding": "3000.00"}, {"outstanding": "2000.00"})
    assert entry.body["facts"] == {"kind": "INSTALMENT", "amount": "1000.00", "months": ["2019-06"]}
    since = await newest(world)
    await world.ask(document, {"i": {**given, "amount": "9000.00"}}, as_=OFFICER)
    refused = await the_entry(world, since)
    assert (refused.action, refused.unit_id, refused.body["codes"]) == ("REFUSED", None, ["INVALID_AMOUNT"])


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


async def test_a_session_that_has_ended_is_recorded_when_it_is_used_once(world: World) -> None:
    """Somebody has its token; the account is told, and nobody is taken for it."""
    await world.units()
    headers = await world.token(SCHOOL)
    await said(world, "revoke", SCHOOL, "--reason", "电脑被盗")
    since = await newest(world)
    for document in ("{ viewer { role } }", "{ unit { name } }", '{ node(id: "x") { id } }'):
        answer = (await world.post({"query": document}, headers)).json()
        assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    told = {"facts": {"account": 1, "because": "SESSION_ENDED"}}
    assert await the_entry(world, since) == Shown("ACCESS_REFUSED", None, 1, None, None, told)


async def test_a_sign_in_says_by_what_it_was_proven(world: World) -> None:
    """And a session that moves to another address says so, each time it does."""
    await world.units()
    token = (await sign_in(world))["refreshToken"]
    async with world.seen_from("203.0.113.9") as elsewhere:
        token = (await refresh(elsewhere, token))["refreshToken"]
        await refresh(elsewhere, token)
    rows = await world.owner.fetch("SELECT address, body FROM audit_entries WHERE action = 'SIGNED_IN' ORDER BY id")
    assert [(row["address"], row["body"]) for row in rows] == [
        ("127.0.0.1", '{"facts":{"means":"PASSWORD"}}'),
        ("203.0.113.9", '{"facts":{"means":"REFRESH_FROM_ANOTHER_ADDRESS"}}'),
    ]


async def test_an_import_of_accounts_tells_each_that_came_or_changed(world: World) -> None:
    """Which, in what role, where it belongs, whether its password is another; never the password or a number."""
    await world.units()
    since = await newest(world)
    await account(world, "window", "WINDOW", district="市南区")
    await account(world, "window", "WINDOW", district="市北区", password="another password")
    await account(world, "window", "WINDOW", district="市北区", password="another password")
    found = [one for one in await entries(world, since) if one.action != "IMPORTED"]
    is_of = {"account": 2, "role": "WINDOW", "holder_changed": False, "password_changed": True, "operator": "operator"}
    assert [(one.action, one.unit_id, one.body) for one in found] == [
        ("ACCOUNT_ADDED", None, {"after": {"district": "市南区", "unit": None}, "facts": is_of}),
        ("ACCOUNT_CHANGED", None, {"before": {"district": "市南区", "unit": None},
                                   "after": {"district": "市北区", "unit": None}, "facts": is_of}),
    ]  # fmt: skip


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


async def test_an_import_is_recorded_with_its_files_digest(world: World, tmp_path: Path) -> None:
    """The same file again is an import again, of which everything stays as it was."""
    file = tmp_path / "units.csv"
    file.write_text("si_number,name,district\n370202000101,小学,市南区\n", encoding="utf-8")
    for added in (1, 0):
        since = await newest(world)
        await said(world, "import", "units", file)
        entry = await the_entry(world, since)
        assert (entry.action, entry.username, entry.unit_id) == ("IMPORTED", None, None)
        assert entry.body["facts"] == {
            "kind": "units", "operator": "operator", "rows": 1, "added": added, "changed": 0, "rejected": 0,
            "sha256": "e0a86e86e28452b143fe4e71ce38db98fff06562dd30e85ad263487b86a5c339",
        }  # fmt: skip


async def test_the_monthly_run_is_recorded_step_by_step(world: World) -> None:
    """Assessed, published, frozen, exported: the month and its figures, and who ran it."""
    await world.units()
    await enrolled(world.at("2019-06-01"), 2)
    since = await newest(world)
    for day, command in (("2019-06-03", "assess 2019-05"), ("2019-06-04", "publish 2019-05"),
                         ("2019-06-08", "payroll 2019-06")):  # fmt: skip
        await said(world.at(day), *command.split())
    async with export.frozen_payroll(world.context(), Month.parse("2019-06")):
        pass
    month = {"operator": "operator", "month": "2019-05"}
    paid = {"operator": "operator", "month": "2019-06"}
    assert [(one.action, one.body["facts"]) for one in await entries(world, since)] == [
        ("ASSESSED", {**month, "PENDING": 2}),
        ("PUBLISHED", {**month, "people": 2, "renewed": 0, "released": False}),
        ("PAYROLL_FROZEN", {**paid, "COVERED": "2, 6000.00 yuan"}),
        ("EXPORTED", {**paid, "what": "payroll", "people": 2, "total": "6000.00"}),
    ]


async def test_doing_it_again_changes_nothing_and_is_no_act(world: World) -> None:
    await world.units()
    await enrolled(world.at("2019-06-01"), 2)
    await world.payroll("2019-06")
    since = await newest(world)
    for command in ("publish 2019-05", "payroll 2019-06"):
        await said(world, *command.split())
    assert await entries(world, since) == []


async def test_a_record_found_wrong_is_recorded(world: World) -> None:
    await world.units()
    await world.enrol(1)
    await world.evidence(1, "rail_travel", "2019-05-20")
    since = await newest(world)
    await said(world, "found-wrong", "transport", "R-4", "--reason", "他人的车票")
    entry = await the_entry(world, since)
    assert (entry.action, entry.body["facts"]["source"]) == ("FOUND_WRONG", "transport")
    assert "他人的车票" not in str(entry)
    with pytest.raises(Refused):
        await said(world, "found-wrong", "transport", "R-4", "--reason", "他人的车票")


async def test_an_undone_act_leaves_no_entry(world: World) -> None:
    """The entry lives and dies with the transaction of its act."""
    people = await qualified(world, 2)
    since = await newest(world)
    await world.owner.execute("ALTER TABLE certifications ADD CONSTRAINT nobody CHECK (false) NOT VALID")
    try:
        given = {"handler": {"name": "李经办", "contact": "0532-85911234"}, "beneficiaryId": people[0].node}
        document = "mutation($i: ConfirmCertificationInput!) { confirmCertification(input: $i) { renewed } }"
        [error] = await world.errors(document, {"i": given})
        assert error["extensions"]["code"] == "INTERNAL"
    finally:
        await world.owner.execute("ALTER TABLE certifications DROP CONSTRAINT nobody")
    assert await entries(world, since) == []


SIGN_IN = "mutation($i: SignInInput!) { signIn(input: $i) { userErrors { code } } }"


async def test_signing_in_is_recorded_in_the_chain_of_the_accounts_unit(world: World) -> None:
    """With the session, in its transaction; an auditor's in the agency's chain."""
    await world.units()
    await account(world, "auditor", "AUDITOR")
    for username, unit in ((SCHOOL, 1), ("auditor", None)):
        since = await newest(world)
        await world.post({"query": SIGN_IN, "variables": {"i": {"username": username, "password": PASSWORD}}})
        [row] = await world.owner.fetch(
            "SELECT e.*, s.account_id AS whose FROM audit_entries e JOIN sessions s ON s.id = e.session_id"
            " WHERE e.id > $1",
            since,
        )
        assert (row["action"], row["unit_id"], row["address"]) == ("SIGNED_IN", unit, "127.0.0.1")
        assert row["whose"] == row["account_id"] is not None


@pytest.mark.parametrize(
    ("username", "password", "tried"),
    [
        (SCHOOL, "a wrong one", {"codes": ["BAD_CREDENTIALS"], "facts": {"account": 1}}),
        ("nobody", PASSWORD, {"codes": ["BAD_CREDENTIALS"]}),
        ("x" * 300, PASSWORD, {"codes": ["BAD_CREDENTIALS"]}),
    ],
)
async def test_a_refused_sign_in_is_recorded_without_what_was_typed(
    world: World, username: str, password: str, tried: dict[str, Any]
) -> None:
    """Which account was tried, where there is one; what was typed may be a password, or somebody's number."""
    await world.units()
    since = await newest(world)
    answer = await world.post({"query": SIGN_IN, "variables": {"i": {"username": username, "password": password}}})
    assert answer.json()["data"]["signIn"]["userErrors"] == [{"code": "BAD_CREDENTIALS"}]
    unit = 1 if "facts" in tried else None
    if unit is None:  # by a keyed fingerprint of the name
        tried = {**tried, "facts": {"username": f"#{world.gate.sealer.fingerprint('username', username)}"}}
    assert await the_entry(world, since) == Shown("SIGN_IN_REFUSED", None, unit, None, None, tried)


async def test_signing_out_is_recorded(world: World) -> None:
    await world.units()
    await world.viewer(SCHOOL)
    since = await newest(world)
    await world.ask("mutation { signOut { ended } }")
    await world.ask("mutation { signOutEverywhere { ended } }")
    assert [(one.action, one.username, one.unit_id, one.body["facts"]) for one in await entries(world, since)] == [
        ("SIGNED_OUT", SCHOOL, 1, {"because": "SIGNED_OUT", "sessions": 1}),
        ("SIGNED_OUT", SCHOOL, 1, {"because": "SIGNED_OUT_EVERYWHERE", "sessions": 2}),
    ]


async def test_a_refresh_token_that_comes_twice_is_recorded_with_the_session_that_it_ends(world: World) -> None:
    """Whoever has it the second time is not the account."""
    await world.units()
    token = (await sign_in(world))["refreshToken"]
    since = await newest(world)
    assert [code(await refresh(world, token)) for _ in range(2)] == ["IN", "BAD_REFRESH_TOKEN"]
    assert [(one.action, one.username, one.unit_id, one.body) for one in await entries(world, since)] == [
        ("SESSION_ENDED", None, 1, {"facts": {"account": 1, "because": "REFRESH_TOKEN_REUSED"}}),
        ("SIGN_IN_REFUSED", None, 1, {"codes": ["BAD_REFRESH_TOKEN"], "facts": {"account": 1}}),
    ]


async def test_what_an_operator_does_to_an_account_is_recorded(world: World) -> None:
    """Sessions revoked, a phone enrolled, a signing key given up."""
    await world.officers()
    await world.viewer(OFFICER)
    since = await newest(world)
    await said(world, "revoke", OFFICER, "--reason", "离职")
    await said(world, "second-factor", OFFICER)
    await said(world, "rotate-signing-key", "--at-once")
    kid = await world.owner.fetchval("SELECT kid FROM signing_keys ORDER BY id DESC LIMIT 1")
    by = {"operator": "operator"}
    assert [(one.action, one.body["facts"]) for one in await entries(world, since)] == [
        ("SESSION_ENDED", {**by, "account": 1, "sessions": 1, "because": "离职"}),
        ("SECOND_FACTOR_ENROLLED", {**by, "account": 1}),
        ("KEYS_ROTATED", {**by, "keys": "signing", "kid": kid, "at_once": True, "sessions": 0}),
    ]


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


async def test_a_rotation_of_keys_is_recorded_and_takes_the_trails_along(world: World) -> None:
    """Its keys are wrapped under the current secret like the others; what they vouch for stays."""
    await qualified(world)
    since = await newest(world)
    before = await world.owner.fetchval("SELECT wrapped FROM audit_keys")
    await said(world, "rotate-keys")
    entry = await the_entry(world, since)
    assert (entry.action, entry.body["facts"]["purposes"]) == ("KEYS_ROTATED", ["ID_NUMBER"])
    assert await world.owner.fetchval("SELECT wrapped FROM audit_keys") != before
    await sealed(world)
    await verified(world)


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


@pytest.mark.parametrize(
    ("command", "facts"),
    [
        (["revoke", SCHOOL, "--reason", " "], {"account": 1}),
        (["revoke", "nobody", "--reason", "x"], {"username": "#"}),
        (["export", "roster", "--unit", BUREAU], {"what": "roster", "format": "csv", "siNumber": "#"}),
    ],
)
async def test_a_refused_command_tells_which_account_or_unit_it_named(
    world: World, dsn: str, command: list[str], facts: dict[str, Any]
) -> None:
    """By its id where there is one, else by a fingerprint of what was typed."""
    await world.units()
    since = await newest(world)
    assert ran(dsn, "2019-06-05", *command).returncode == 1
    found = (await the_entry(world, since)).body["facts"]
    assert found.pop("operator") and found.pop("act") == command[0]
    assert {name: value[:1] if str(value).startswith("#") else value for name, value in found.items()} == facts
