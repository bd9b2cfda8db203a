"""Certifying in person, whatever the code above the database does: no PASS without its evidence, no nonce twice."""

from __future__ import annotations

import asyncpg
import pytest

from tests.api.scenes import Person, account, judged
from tests.faces import certify, claims, nonce, with_app
from tests.world import World, id_number

INSERT = """
INSERT INTO certifications (beneficiary_id, version, method, result, survival_status, handler_name, handler_contact,
                            account_id, acted_on, at)
VALUES ({id}, 9, '{method}', 'PASS', 'NORMAL', {handler}, (SELECT id FROM accounts WHERE username = '{who}'),
        '2019-06-05', '2019-06-05 09:00+08')
"""
NOBODY, SOMEBODY = "NULL, NULL", "'窗口王', '0532-85911200'"


async def scene(world: World) -> Person:
    """Somebody with the app, a window of their district, and a challenge that was used."""
    [person] = await judged(world, "PENDING")
    faces = await with_app(world, person)
    await account(world, "window", "WINDOW", district="市南区")
    assert (await certify(world, person, faces.sign(claims(world, await nonce(world, person)))))["userErrors"] == []
    return person


async def refused(world: World, who: str | None, *statements: str) -> str:
    """What the database says to the statements of that account, or of its owner, when they are committed."""
    try:
        if who is None:
            async with world.owner.transaction():
                await world.owner.execute(";".join(statements))
        else:
            async with world.callers.begin((await world.viewer(who)).session) as connection:
                for statement in statements:
                    await connection.execute(statement)
    except asyncpg.PostgresError as error:
        return str(error)
    raise AssertionError("it was allowed")


@pytest.mark.parametrize(
    ("who", "method", "handler"), [("person-1", "SELF", NOBODY), ("window", "SERVICE_WINDOW", SOMEBODY)]
)
async def test_no_certification_in_person_without_its_evidence(
    world: World, who: str, method: str, handler: str
) -> None:
    """The role that may certify so, and the owner of the database, leave the evidence of it or nothing."""
    person = await scene(world)
    statement = INSERT.format(id=person.id, method=method, handler=handler, who=who)
    for as_ in (who, None):
        assert "leaves the evidence of it" in await refused(world, as_, statement)


@pytest.mark.parametrize(
    ("who", "method", "handler"),
    [
        ("person-1", "SERVICE_WINDOW", SOMEBODY),
        ("person-1", "CONFIRM", SOMEBODY),
        ("window", "SELF", NOBODY),
        ("window", "OVERRIDE", SOMEBODY),
        ("370202000101", "SELF", NOBODY),
        ("370202000101", "SERVICE_WINDOW", SOMEBODY),
    ],
)
async def test_each_role_certifies_in_its_own_way(world: World, who: str, method: str, handler: str) -> None:
    """A unit cannot say that a person certified themselves."""
    person = await scene(world)
    statement = INSERT.format(id=person.id, method=method, handler=handler, who=who)
    assert "row-level security" in await refused(world, who, statement)


async def test_nobody_answers_for_a_person_and_somebody_for_every_other_act(world: World) -> None:
    person = await scene(world)
    for method, handler in (("SELF", SOMEBODY), ("CONFIRM", NOBODY)):
        statement = INSERT.format(id=person.id, method=method, handler=handler, who="person-1")
        assert "somebody_answers_for_an_act" in await refused(world, None, statement)


@pytest.mark.parametrize(
    "change",
    [
        "used_at = '2019-06-05 09:01+08'",
        "used_at = NULL",
        "expires_at = expires_at + interval '1 year'",
        "beneficiary_id = beneficiary_id",
    ],
)
async def test_a_used_challenge_stays_used(world: World, change: str) -> None:
    await scene(world)
    assert "of use once" in await refused(world, None, f"UPDATE face_check_challenges SET {change}")


@pytest.mark.parametrize("used_at", ["2019-06-05 09:11+08", "2019-06-05 08:59+08"])
async def test_a_challenge_is_used_while_it_lives(world: World, used_at: str) -> None:
    person = await scene(world)
    await nonce(world, person)
    statement = f"UPDATE face_check_challenges SET used_at = '{used_at}' WHERE used_at IS NULL"
    assert "of use once" in await refused(world, None, statement)


async def test_a_nonce_used_for_one_act_is_used_for_no_other(world: World) -> None:
    """Also after its challenge was forgotten."""
    await scene(world)
    again = """INSERT INTO appearances (beneficiary_id, version, evidence_id, challenge)
               SELECT beneficiary_id, version + 1, evidence_id + 1, challenge FROM appearances"""
    assert "appearances_challenge_key" in await refused(world, None, again)


RECORD = "SELECT record_appearance({id}, {version}, 'app_face_check', 'R', NULL, {nonce}, NULL, NULL, NULL)"


async def test_a_person_records_no_evidence_but_of_an_act_of_their_own(world: World) -> None:
    """Without the act there is none; with a nonce that is somebody else's, or used, neither."""
    person = await scene(world)
    digest = await world.owner.fetchval("SELECT digest FROM face_check_challenges")
    act = INSERT.format(id=person.id, method="SELF", handler=NOBODY, who="person-1")
    used, other = f"'\\x{digest.hex()}'::bytea", "sha256('another')"
    without = RECORD.format(id=person.id, version=9, nonce=used)
    assert "query returned no rows" in await refused(world, "person-1", without)
    for made, said in ((used, "of use once"), (other, "no such challenge")):
        record = RECORD.format(id=person.id, version=9, nonce=made)
        assert said in await refused(world, "person-1", act, record)


@pytest.mark.parametrize("who", ["person-1", "window"])
async def test_evidence_and_appearances_are_written_by_one_door_only(world: World, who: str) -> None:
    person = await scene(world)
    for statement in (
        "INSERT INTO evidence (person_id, source, kind, occurred_on, reference, received_at)"
        " VALUES (1, 'health', 'vaccination', '2019-06-01', 'R', now())",
        f"INSERT INTO appearances VALUES ({person.id}, 3, 1, 'IN_PERSON')",
        "UPDATE face_check_challenges SET used_at = now()",
        "SELECT note FROM appearances",
    ):
        assert "permission denied" in await refused(world, who, statement)


@pytest.mark.parametrize("who", ["person-1", "window"])
async def test_a_row_is_changed_only_by_who_has_just_certified_it(world: World, who: str) -> None:
    """The session of yesterday's certification changes nothing today."""
    await scene(world)
    async with world.callers.begin((await world.viewer(who)).session) as connection:
        for table, change in (
            ("beneficiaries", "paid_through = '2030-01-01'"),
            ("certification_periods", "in_force = 'empty'"),
            ("suspensions", "held = 'empty'"),
        ):
            assert await connection.execute(f"UPDATE {table} SET {change}") == "UPDATE 0"


async def test_how_somebody_was_seen_is_seen_by_who_sees_the_person(world: World) -> None:
    """The unit, the person and the window of the district; nobody else."""
    person = await scene(world)
    await account(world, "person-2", "PERSON", id_number=id_number(2))
    await account(world, "elsewhere", "WINDOW", district="城阳区")
    for who, expected in (
        ("370202000101", [person.id]),
        ("person-1", [person.id]),
        ("window", [person.id]),
        ("person-2", []),
        ("elsewhere", []),
    ):
        async with world.callers.begin((await world.viewer(who)).session) as connection:
            rows = await connection.fetch("SELECT beneficiary_id FROM appearances")
        assert [row["beneficiary_id"] for row in rows] == expected


async def test_a_challenge_is_seen_and_asked_for_by_its_account_only(world: World) -> None:
    person = await scene(world)
    await account(world, "person-2", "PERSON", id_number=id_number(2))
    async with world.callers.begin((await world.viewer("person-2")).session) as connection:
        assert await connection.fetch("SELECT * FROM face_check_challenges") == []
        assert await connection.execute("DELETE FROM face_check_challenges") == "DELETE 0"
    other = f"""INSERT INTO face_check_challenges VALUES (sha256('n'), caller_account(), {person.id},
                '2019-06-05 09:00+08', '2019-06-05 09:10+08')"""
    assert "row-level security" in await refused(world, "person-2", other)
