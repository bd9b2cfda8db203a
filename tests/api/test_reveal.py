"""Masked data in full: for whom, for a reason, and never otherwise (rules 6)."""

from __future__ import annotations

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, build_schema

from domain.contact import Contact
from schema import ids
from schema.build import SCHEMA
from schema.ids import Kind
from tests.api.scenes import account, enrolled
from tests.world import BUREAU, CONTACT, OFFICER, SCHOOL, World, id_number, node_id

REASON = "核对银行退回的待遇发放明细"
REVEAL = """mutation Reveal($input: RevealPersonalDataInput!) { revealPersonalData(input: $input) {
    idNumber phone householdAddress residenceAddress userErrors { code message path beneficiaryId } } }"""
NOTHING = {"idNumber": None, "phone": None, "householdAddress": None, "residenceAddress": None}
BUILT = build_schema(SCHEMA.as_str())


async def reveal(world: World, node: str, reason: str = REASON, *, as_: str = SCHOOL) -> Any:
    return (await world.ask(REVEAL, {"input": {"beneficiaryId": node, "reason": reason}}, as_=as_))[
        "revealPersonalData"
    ]


async def two_districts(world: World) -> tuple[str, str]:
    """Somebody of the school, and somebody of the bureau in another district, by their ids."""
    await world.units()
    await world.officers()
    await account(world, "window-shinan", "WINDOW", district="市南区")
    await world.load("units", [{"si_number": BUREAU, "name": "城阳区某局", "district": "城阳区"}])
    [ours] = await enrolled(world, first=1)
    [theirs] = await enrolled(world, first=2, unit=BUREAU)
    return ours.node, theirs.node


@pytest.mark.parametrize("username", [SCHOOL, OFFICER, "window-shinan"])
async def test_who_needs_them_sees_the_data_in_full(world: World, username: str) -> None:
    """The own unit, the district's officer and its window."""
    ours, _ = await two_districts(world)
    assert await reveal(world, ours, as_=username) == {
        "idNumber": id_number(1),
        "phone": CONTACT["phone"],
        "householdAddress": CONTACT["household_address"],
        "residenceAddress": CONTACT["residence_address"],
        "userErrors": [],
    }


@pytest.mark.parametrize("username", [SCHOOL, OFFICER, "window-shinan"])
async def test_what_is_not_there_and_what_is_not_theirs_look_alike(world: World, username: str) -> None:
    """Unknown, foreign, of another kind, malformed."""
    ours, theirs = await two_districts(world)
    unit = ids.encode(Kind.UNIT, 1)
    for node in (theirs, node_id(999), unit, "", "garbage", f"{ours}x"):
        refused = await reveal(world, node, as_=username)
        [error] = refused.pop("userErrors")
        assert refused == NOTHING
        assert (error["code"], error["path"], error["beneficiaryId"]) == ("NOT_FOUND", ["input", "beneficiaryId"], node)


@pytest.mark.parametrize(
    ("reason", "code"),
    [("", "REASON_REQUIRED"), (" \n", "REASON_REQUIRED"), ("用" * 501, "INVALID_TEXT"), ("a\0", "INVALID_TEXT")],
)
async def test_without_a_reason_nothing_is_shown(world: World, reason: str, code: str) -> None:
    """Not even whether the person is there."""
    ours, theirs = await two_districts(world)
    for node in (ours, theirs, "garbage"):
        refused = await reveal(world, node, reason)
        [error] = refused.pop("userErrors")
        assert refused == NOTHING
        assert (error["code"], error["path"], error["beneficiaryId"]) == (code, ["input", "reason"], node)


@pytest.mark.parametrize("role", ["AUDITOR", "SERVICE", "PERSON"])
async def test_other_roles_may_not_ask(world: World, role: str) -> None:
    """An auditor audits with masked data; programs need none in full."""
    ours, _ = await two_districts(world)
    belongs = {"id_number": id_number(1)} if role == "PERSON" else {}
    await account(world, "other", role, **belongs)
    [error] = await world.errors(REVEAL, {"input": {"beneficiaryId": ours, "reason": REASON}}, as_="other")
    assert error["extensions"]["code"] == "FORBIDDEN"


async def test_a_sealed_number_put_beside_another_person_is_not_shown(world: World) -> None:
    """It is bound to the digest of its own row: who writes to the table cannot make one number another's."""
    ours, _ = await two_districts(world)
    await world.owner.execute(
        "UPDATE persons SET id_number_sealed = (SELECT id_number_sealed FROM persons WHERE id = 2) WHERE id = 1"
    )
    [error] = await world.errors(REVEAL, {"input": {"beneficiaryId": ours, "reason": REASON}})
    assert error["extensions"]["code"] == "INTERNAL"
    assert id_number(2) not in str(error)


async def test_no_list_shows_a_whole_number(world: World) -> None:
    """To nobody, the own unit included: whoever needs it asks for it."""
    await two_districts(world)
    document = "{ units { edges { node { beneficiaries { edges { node { idNumber } } } } } } }"
    for username in (SCHOOL, OFFICER):
        answer = await world.ask(document, as_=username)
        assert "3702**********" in str(answer)
        assert not [serial for serial in (1, 2) if id_number(serial) in str(answer)]


def test_a_whole_number_is_in_the_answer_to_this_one_question() -> None:
    """Everywhere else `idNumber` is the masked one, and says so."""
    fields = {
        f"{kind.name}.{name}": field.description or ""
        for kind in BUILT.type_map.values()
        if isinstance(kind, GraphQLObjectType)
        for name, field in kind.fields.items()
        if name.lower() in ("idnumber", "number")
    }
    assert [name for name, said in fields.items() if "masked" not in said] == ["PersonalDataPayload.idNumber"]


def test_no_type_of_the_api_names_a_birth_date() -> None:
    """A masked number with the birth date beside it has hardly a digit left to guess."""
    names = {
        name.lower()
        for kind in BUILT.type_map.values()
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType)
        for name in kind.fields
    }
    assert not [name for name in names if "birth" in name or "born" in name or name == "age"]


def test_a_masked_phone_and_address_show_a_part() -> None:
    """As an officer's list shows them: 138****5678."""
    masked = Contact(**CONTACT).masked()
    assert (masked.phone, masked.household_address) == ("138****5678", "青岛市市南区****")
