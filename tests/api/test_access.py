"""Who sees and does what (rules 6)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest

from domain.access import Viewer
from domain.vocabulary import Role
from security.tokens import SigningKey, Tokens
from tests.api.scenes import Person, account, enrolled, qualified, saved, unit_of
from tests.world import BUREAU, HANDLER, PASSWORD, SCHOOL, World, id_number

READ = "{ viewer { username } }"
ACTS: dict[str, dict[str, Any]] = {
    "confirmCertification": {},
    "overrideVerdict": {"survivalStatus": "NORMAL"},
    "submitCertifications": {},
    "batchPass": {},
    "updateContact": {"contact": {"phone": "13900001111"}},
    "terminateBenefit": {"cause": "DECEASED", "occurredOn": "2019-06-03"},
}
EYES = "query($n: String, $ids: [ID!]!) { unit(siNumber: $n) { siNumber } nodes(ids: $ids) { id } }"
UNITS = "{ units { totalCount edges { node { siNumber } } } }"


def act(mutation: str, person: Person) -> tuple[str, dict[str, Any]]:
    """The document and the input of an act on a person."""
    row = {"beneficiaryId": person.node}
    given = {
        "submitCertifications": {"entries": [{**row, "survivalStatus": "NORMAL"}]},
        "batchPass": {"page": [row]},
    }.get(mutation, {**row, **ACTS[mutation]})
    kind = mutation[0].upper() + mutation[1:]
    document = f"mutation($i: {kind}Input!) {{ {mutation}(input: $i) {{ userErrors {{ code }} }} }}"
    return document, {"i": {"handler": HANDLER, **given}}


async def codes(world: World, headers: dict[str, str], document: str = READ, variables: Any = None) -> list[str]:
    answer = (await world.post({"query": document, "variables": variables or {}}, headers)).json()
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


async def viewer(world: World) -> Viewer:
    """The school's account, as a token says it."""
    header = (await world.token(SCHOOL))["Authorization"]
    found = world.gate.tokens.read(header.split()[1], world.clock.now())
    assert found is not None
    return found


async def test_without_a_token_nothing_is_read_and_nothing_done(world: World) -> None:
    """Nobody reads without signing in; the schema may be read by anybody."""
    [person] = await qualified(world)
    before = await saved(world)
    for document in (READ, "{ unit { name } }", "{ units { totalCount } }", '{ node(id: "x") { id } }',
                     '{ nodes(ids: ["x"]) { id } }', f'{{ node(id: "{person.node}") {{ id }} }}'):  # fmt: skip
        assert await codes(world, {}, document) == ["UNAUTHENTICATED"]
    for mutation in ACTS:
        assert await codes(world, {}, *act(mutation, person)) == ["UNAUTHENTICATED"]
    assert await saved(world) == before
    assert await codes(world, {}, "{ __typename }") == []


async def test_a_token_that_is_none_is_no_token(world: World) -> None:
    """Garbage, another scheme, another secret, another algorithm, a changed claim."""
    await world.units()
    good = (await world.token(SCHOOL))["Authorization"].split()[1]
    who, now = await viewer(world), world.clock.now()
    others = Tokens()
    others.know([SigningKey.made()], now)
    foreign = others.issue(who, now).text
    claims = jwt.decode(good, options={"verify_signature": False})
    unsigned = jwt.encode(claims, "", algorithm="none")
    head, body, signature = good.split(".")
    _, other, _ = world.gate.tokens.issue(replace(who, role=Role.AUDITOR, unit_id=None), now).text.split(".")
    bad = ["", "garbage", "a.b.c", foreign, unsigned, f"{head}.{other}.{signature}", f"{head}.{body}.", f"{good}x"]
    for token in bad:
        assert await codes(world, {"Authorization": f"Bearer {token}"}) == ["UNAUTHENTICATED"]
    for header in (good, f"Basic {good}", f"Token {good}", "Bearer"):
        assert await codes(world, {"Authorization": header}) == ["UNAUTHENTICATED"]
    assert await codes(world, {"Authorization": f"Bearer {good}"}) == []


async def test_a_token_ends(world: World) -> None:
    """Nine hours later nobody is signed in any more."""
    await world.units()
    headers = await world.token(SCHOOL)
    assert await codes(world, headers) == []
    world.clock.instant += timedelta(hours=9)
    assert await codes(world, headers) == ["UNAUTHENTICATED"]


async def test_an_expired_token_does_nothing(world: World) -> None:
    """Nothing is saved under a token that has ended."""
    [person] = await qualified(world)
    headers = await world.token(SCHOOL)
    before = await saved(world)
    world.clock.instant += timedelta(hours=9)
    assert await codes(world, headers, *act("confirmCertification", person)) == ["UNAUTHENTICATED"]
    assert await saved(world) == before


async def two_units(world: World) -> tuple[Person, Person]:
    """One QUALIFIED person of the school (市南区) and one of the bureau, which is of another district."""
    [ours] = await qualified(world)
    await world.load("units", [{"si_number": BUREAU, "name": "城阳区某局", "district": "城阳区"}])
    await account(world, BUREAU, "UNIT", unit_si_number=BUREAU)
    [theirs] = await enrolled(world, first=50, unit=BUREAU)
    return ours, theirs


async def test_a_unit_sees_itself_only(world: World) -> None:
    """UNIT: its own rows only; a row that is not yours looks exactly like a row that does not exist (rules 6)."""
    ours, theirs = await two_units(world)
    hidden = [theirs.node, await unit_of(world, BUREAU), ours.node, await unit_of(world, SCHOOL)]
    seen = await world.ask(EYES, {"n": BUREAU, "ids": hidden})
    assert seen == {"unit": None, "nodes": [None, None, {"id": ours.node}, {"id": await unit_of(world, SCHOOL)}]}
    assert (await world.ask("{ unit { siNumber } }"))["unit"] == {"siNumber": SCHOOL}
    assert (await world.ask(EYES, {"n": SCHOOL, "ids": []}))["unit"] == {"siNumber": SCHOOL}
    assert (await world.ask(EYES, {"n": "370299999999", "ids": []}))["unit"] is None
    assert (await world.ask(UNITS))["units"] == {"totalCount": 1, "edges": [{"node": {"siNumber": SCHOOL}}]}


@pytest.mark.parametrize("mutation", ACTS)
async def test_a_unit_acts_on_its_own_people_only(world: World, mutation: str) -> None:
    """Another unit's person is NOT_FOUND for every act, and nothing is saved."""
    _, theirs = await two_units(world)
    before = await saved(world)
    document, variables = act(mutation, theirs)
    assert (await world.ask(document, variables))[mutation]["userErrors"] == [{"code": "NOT_FOUND"}]
    assert await saved(world) == before


async def test_an_officer_reads_the_own_district(world: World) -> None:
    """OFFICER: its district; units beyond it do not exist."""
    ours, theirs = await two_units(world)
    officer = await account(world, "officer", "OFFICER", district="城阳区")
    assert (await world.ask(UNITS, as_=officer))["units"]["edges"] == [{"node": {"siNumber": BUREAU}}]
    seen = await world.ask(EYES, {"n": SCHOOL, "ids": [ours.node, theirs.node]}, as_=officer)
    assert seen == {"unit": None, "nodes": [None, {"id": theirs.node}]}
    assert (await world.ask(EYES, {"n": BUREAU, "ids": []}, as_=officer))["unit"] == {"siNumber": BUREAU}
    assert (await world.ask("{ unit { siNumber } }", as_=officer))["unit"] is None
    roster = "query($n: String) { unit(siNumber: $n) { beneficiaries { totalCount } summary { total } } }"
    counted = (await world.ask(roster, {"n": BUREAU}, as_=officer))["unit"]
    assert counted == {"beneficiaries": {"totalCount": 1}, "summary": {"total": 1}}


async def test_an_auditor_reads_everything(world: World) -> None:
    """AUDITOR: reads all, changes nothing."""
    ours, theirs = await two_units(world)
    auditor = await account(world, "auditor", "AUDITOR")
    assert (await world.ask(UNITS, as_=auditor))["units"]["totalCount"] == 2
    seen = await world.ask(EYES, {"n": BUREAU, "ids": [ours.node, theirs.node]}, as_=auditor)
    assert seen == {"unit": {"siNumber": BUREAU}, "nodes": [{"id": ours.node}, {"id": theirs.node}]}


BENEFITS = "{ benefits { id name phone idNumber unit { siNumber } } }"
BY_NUMBER = "query($n: String!) { beneficiariesByIdNumber(idNumber: $n) { id phone } }"


async def test_a_person_sees_the_own_rows_and_nobody_elses(world: World) -> None:
    """PERSON: own rows, by app (rules 6); the own contact data are not masked, the ID number is."""
    ours, theirs = await two_units(world)
    await account(world, "person", "PERSON", id_number=id_number(1))
    [benefit] = (await world.ask(BENEFITS, as_="person"))["benefits"]
    assert benefit == {
        "id": ours.node,
        "name": "张三1",
        "phone": "13812345678",
        "idNumber": f"3702{'*' * 10}{id_number(1)[-4:]}",
        "unit": {"siNumber": SCHOOL},
    }
    seen = await world.ask(EYES, {"n": BUREAU, "ids": [ours.node, theirs.node]}, as_="person")
    assert seen == {"unit": None, "nodes": [{"id": ours.node}, None]}
    for document in (UNITS, "{ unit { summary { total } } }", "{ unit { beneficiaries { totalCount } } }"):
        assert await codes(world, await world.token("person"), document) == ["FORBIDDEN"]


async def test_who_draws_two_benefits_sees_both(world: World) -> None:
    """One person, two rows, of two units even."""
    await world.units(SCHOOL, BUREAU)
    await enrolled(world)
    await enrolled(world, unit=BUREAU)
    await account(world, "person", "PERSON", id_number=id_number(1))
    found = (await world.ask(BENEFITS, as_="person"))["benefits"]
    assert [row["unit"]["siNumber"] for row in found] == [SCHOOL, BUREAU]


async def test_a_window_finds_whom_it_is_shown_the_id_card_of(world: World) -> None:
    """WINDOW: certifies in person (rules 6): it finds people of its district by their number, and has no lists."""
    ours, _ = await two_units(world)
    await account(world, "window", "WINDOW", district="市南区")
    found = await world.ask(BY_NUMBER, {"n": id_number(1)}, as_="window")
    assert found["beneficiariesByIdNumber"] == [{"id": ours.node, "phone": "138****5678"}]
    for number in (id_number(50), id_number(999), "nonsense", ""):  # of another district, unknown, none
        assert (await world.ask(BY_NUMBER, {"n": number}, as_="window"))["beneficiariesByIdNumber"] == []
    for document in (UNITS, "{ unit { summary { total } } }"):
        assert await codes(world, await world.token("window"), document) == ["FORBIDDEN"]
    assert await codes(world, await world.token(SCHOOL), BY_NUMBER, {"n": id_number(1)}) == ["FORBIDDEN"]


@pytest.mark.parametrize(
    ("role", "belongs"),
    [
        ("OFFICER", {"district": "市南区"}),
        ("AUDITOR", {}),
        ("SERVICE", {}),
        ("WINDOW", {"district": "市南区"}),
        ("PERSON", {"id_number": id_number(1)}),
    ],
)
async def test_only_units_act(world: World, role: str, belongs: dict[str, str]) -> None:
    """Whoever is no UNIT is told so, whatever the row: FORBIDDEN, and nothing is saved."""
    [person] = await qualified(world)
    other = await account(world, "other", role, **belongs)
    before = await saved(world)
    for mutation in ACTS:
        for whom in (person, Person(10**9, 0)):
            document, variables = act(mutation, whom)
            assert await codes(world, await world.token(other), document, variables) == ["FORBIDDEN"]
    assert await saved(world) == before


async def test_id_numbers_are_masked_for_everybody(world: World) -> None:
    """ID numbers (3702**********1234) are masked (rules 6)."""
    [person] = await qualified(world)
    auditor = await account(world, "auditor", "AUDITOR")
    document = "query($id: ID!) { node(id: $id) { ... on Beneficiary { idNumber } } }"
    full = id_number(1)
    for who in (SCHOOL, auditor):
        found = await world.ask(document, {"id": person.node}, as_=who)
        assert found["node"]["idNumber"] == f"3702{'*' * 10}{full[-4:]}"


async def test_contact_data_is_masked_outside_the_persons_own_unit(world: World) -> None:
    """Outside the person's own unit, phones (138****5678) and addresses are masked (rules 6)."""
    ours, _ = await two_units(world)
    document = "query($id: ID!) { node(id: $id) { ... on Beneficiary { phone householdAddress residenceAddress } } }"
    await account(world, "officer", "OFFICER", district="市南区")
    await account(world, "auditor", "AUDITOR")
    own = (await world.ask(document, {"id": ours.node}))["node"]
    assert own["phone"] == "13812345678"
    for who in ("officer", "auditor"):
        found = (await world.ask(document, {"id": ours.node}, as_=who))["node"]
        assert found["phone"] == "138****5678"
        for address in ("householdAddress", "residenceAddress"):
            assert "*" in found[address]
            assert "香港中路" not in found[address]


async def test_operators_of_a_unit_share_its_roster(world: World) -> None:
    """A unit may have several accounts; each sees and acts for the unit."""
    [person] = await qualified(world)
    second = await account(world, f"{SCHOOL}/2", "UNIT", unit_si_number=SCHOOL)
    answer = await world.act("confirmCertification", {"beneficiaryId": person.node}, as_=second)
    assert (answer["userErrors"], answer["renewed"]) == ([], 1)
    assert PASSWORD not in str(answer)
