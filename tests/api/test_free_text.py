"""What people write may hold whole ID numbers and phones: the unit reads what it wrote, nobody else does (rules 6)."""

from __future__ import annotations

import pytest

from domain.contact import numbers_masked
from resolvers import sessions
from tests.api.money import asked, suspended
from tests.api.scenes import account, judged
from tests.audit.trail import entries, newest
from tests.world import OFFICER, SCHOOL, World, id_number

NUMBER, PHONE = id_number(7), "13812345678"
SAID = f"{NUMBER}已到场，电话{PHONE}"
SHOWN = f"3702**********{NUMBER[-4:]}已到场，电话138****5678"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (SAID, SHOWN),
        ("370202 19450101 0074x", "370202 19450101 0074x"),
        ("370202 19450101 007X。", "3702**********007X。"),
        ("37020219450101007x", "3702**********007X"),
        ("旧号370202450101007", "旧号3702********007"),
        ("138 1234 5678 0532-85911234", "138******5678 053******1234"),
        ("1" * 25 + " 2019-06-05 3000.00 R-20190605001", "1" * 25 + " 2019-06-05 3000.00 R-20190605001"),
    ],
)
def test_whole_numbers_in_a_text_are_shown_as_their_fields_are(text: str, shown: str) -> None:
    assert numbers_masked(text) == shown


async def test_who_is_not_of_the_persons_unit_reads_a_reason_without_numbers(world: World) -> None:
    [person] = await judged(world, "DISQUALIFIED")
    await world.officers()
    await account(world, "auditor", "AUDITOR")
    await world.act("overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "reason": SAID})
    document = (
        "query($id: ID!) { node(id: $id) { ... on Beneficiary { certifications { edges { node { reason } } } } } }"
    )
    read = {}
    for username in (SCHOOL, OFFICER, "auditor"):
        found = await world.ask(document, {"id": person.node}, as_=username)
        read[username] = found["node"]["certifications"]["edges"][0]["node"]["reason"]
    assert read == {SCHOOL: SAID, OFFICER: SHOWN, "auditor": SHOWN}


async def test_a_statement_and_the_names_of_its_papers_as_well(world: World) -> None:
    person = await suspended(world)
    await asked(world, person, statement=SAID, documents=[{"name": f"{NUMBER}.pdf", "sha256": "a" * 64}])
    document = "{ reinstatements { edges { node { statement documents { name } } } } }"
    read = [
        (await world.ask(document, as_=username))["reinstatements"]["edges"][0]["node"]
        for username in (SCHOOL, OFFICER)
    ]
    assert read == [
        {"statement": SAID, "documents": [{"name": f"{NUMBER}.pdf"}]},
        {"statement": SHOWN, "documents": [{"name": f"3702**********{NUMBER[-4:]}.pdf"}]},
    ]


async def test_the_trail_keeps_no_whole_number_of_a_reason(world: World) -> None:
    """Why somebody looked at masked data, and why sessions were ended."""
    [person] = await judged(world, "PENDING")
    await world.officers()
    since = await newest(world)
    document = "mutation($i: RevealPersonalDataInput!) { revealPersonalData(input: $i) { idNumber } }"
    await world.ask(document, {"i": {"beneficiaryId": person.node, "reason": SAID}}, as_=OFFICER)
    await sessions.revoke(world.context(), SCHOOL, SAID)
    look, ended = await entries(world, since)
    assert (look.body["facts"]["reason"], ended.body["facts"]["because"]) == (SHOWN, SHOWN)
