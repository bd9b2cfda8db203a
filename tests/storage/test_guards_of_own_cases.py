"""Nobody decides about themself or about an act of their own, whatever the code above the database does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from tests.api.favours import reviews
from tests.api.money import PASS, asked, codes, overpaid, stated, suspended
from tests.api.objections import decide, declared_dead, reported
from tests.api.scenes import Person, account, judged
from tests.world import OFFICER, World, id_number

ME = "(SELECT id FROM accounts WHERE username = '{who}')"
DECIDE = f"""
UPDATE compliance_reviews SET outcome = 'IN_ORDER', reason = 'x', decided_by = {ME}, decided_at = now()
WHERE beneficiary_id = {{id}}
"""
OPEN = """
INSERT INTO compliance_reviews (kind, subject, unit_id, month, beneficiary_id, version, opened_at)
SELECT 'AGAINST_DISQUALIFIED', 'x', b.unit_id, '2019-06-01', c.beneficiary_id, c.version, now()
FROM certifications c JOIN beneficiaries b ON b.id = c.beneficiary_id WHERE b.id = {id}
"""
CERTIFY = f"""
INSERT INTO certifications (beneficiary_id, version, method, result, survival_status, handler_name, handler_contact,
                            account_id, acted_on, at)
VALUES ({{id}}, 9, 'SERVICE_WINDOW', 'PASS', 'NORMAL', '窗口王', '0532-85911200', {ME}, '2019-06-05', now())
"""
SETTLE = f"""
INSERT INTO settlements (beneficiary_id, kind, amount, reason, account_id, settled_on, at)
VALUES ({{id}}, 'WAIVED', 9000, 'x', {ME}, '2019-07-01', now())
"""
TAKE = f"UPDATE objections SET taken_by = {ME}, taken_at = now() WHERE beneficiary_id = {{id}}"
REJECT = f"""
UPDATE reinstatements SET status = 'REJECTED', reviewed_by = {ME}, reviewed_on = '2019-07-12', reviewed_at = now(),
                          reason = 'x'
WHERE beneficiary_id = {{id}}
"""
Scene = Callable[[World], Awaitable[Person]]


async def refused(world: World, statement: str, person: Person, who: str) -> str:
    """What the database says to the statement of that account about that person."""
    try:
        async with world.callers.begin((await world.viewer(who)).session) as connection:
            await connection.execute(statement.format(id=person.id, who=who))
    except asyncpg.PostgresError as error:
        return str(error)
    raise AssertionError("it was allowed")


async def objected(world: World) -> Person:
    [person] = await declared_dead(world)
    await reported(world, person)
    return person


async def passed_by_the_unit(world: World) -> Person:
    [person] = await declared_dead(world)
    await stated(world, person, PASS | {"reason": "本人到场"})
    return person


async def to_reinstate(world: World) -> Person:
    person = await suspended(world)
    await asked(world, person)
    return person


async def in_debt(world: World) -> Person:
    return (await overpaid(world))[0]


async def waiting(world: World) -> Person:
    return (await judged(world, "PENDING"))[0]


@pytest.mark.parametrize(("table", "scene", "role", "statement"), [
    ("objections", objected, "OFFICER", TAKE),
    ("compliance_reviews", passed_by_the_unit, "OFFICER", DECIDE),
    ("reinstatements", to_reinstate, "OFFICER", REJECT),
    ("settlements", in_debt, "OFFICER", SETTLE),
    ("certifications", waiting, "WINDOW", CERTIFY),
])  # fmt: skip
async def test_nobody_decides_about_themself(world: World, table: str, scene: Scene, role: str, statement: str) -> None:
    person = await scene(world)
    await account(world, "herself", role, district="市南区", id_number=id_number(person.serial))
    expected = f'new row violates row-level security policy "of_others" for table "{table}"'
    assert await refused(world, statement, person, "herself") == expected


async def test_whoever_ruled_does_not_review_the_pass_of_it(world: World) -> None:
    [person] = await declared_dead(world)
    assert codes(await decide(world, await reported(world, person))) == []
    assert "by another account than the one whose act" in await refused(world, DECIDE, person, OFFICER)


async def test_an_officer_opens_no_review_but_with_an_own_ruling(world: World) -> None:
    """Neither of the unit's PASS, nor of the PASS of a ruling that is over."""
    by_unit, stated_dead = await judged(world, "QUALIFIED", "QUALIFIED")
    await world.officers()
    await stated(world, by_unit, PASS)
    await stated(world, stated_dead, {"survivalStatus": "DECEASED", "occurredOn": "2019-05-02"})
    assert codes(await decide(world, await reported(world, stated_dead))) == []
    assert await reviews(world) == []
    for person in (by_unit, stated_dead):
        said = await refused(world, OPEN, person, OFFICER)
        assert said == 'new row violates row-level security policy for table "compliance_reviews"'
