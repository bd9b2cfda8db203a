"""A termination is withdrawn once, by the ruling about it, and what had ended then is as after a FAIL of its day."""

from __future__ import annotations

import asyncpg
import pytest

from tests.district import District
from tests.storage.conftest import Write
from tests.storage.history import undone
from tests.storage.money import suspended, terminated
from tests.storage.test_guards_of_objections import NEWEST, decided, reported
from tests.world import OFFICER, SCHOOL

Integrity = asyncpg.IntegrityConstraintViolationError
RULED = "only the ruling that a death was none"


@pytest.fixture
async def write(paid: object, owner: asyncpg.Connection[asyncpg.Record]) -> Write:
    """The batch role writes no withdrawal; the owner may write anything that the guards let through."""
    return lambda statement: undone(owner, statement)


def objected(person: int = 3, version: int = 2, **other: str) -> str:
    """The statement that reports a termination: person 3's of 2019-06-05, lost on 2019-05-02, or person 5's."""
    about = {"beneficiary_id": str(person), "verdict_month": "NULL", "terminated_version": str(version)}
    return reported(**about, **other)


def withdrawn(
    person: int = 3, terminated_version: int = 2, *, version: int = 3, by: int = 2, on: str = "2019-06-06"
) -> str:
    """The statement that withdraws a termination by the newest objection."""
    return f"""INSERT INTO termination_withdrawals
               VALUES ({person}, {terminated_version}, {version}, {NEWEST}, {by}, '{on}', now());"""


BACK = objected() + decided() + withdrawn()


async def test_a_ruling_withdraws_the_termination_that_it_is_about_once(write: Write) -> None:
    await write(BACK)
    again = objected() + decided() + withdrawn(version=4)
    with pytest.raises(asyncpg.UniqueViolationError, match="termination_withdrawals_pkey"):
        await write(BACK + again)
    with pytest.raises(asyncpg.UniqueViolationError, match="objection_id"):
        await write(objected() + decided() + withdrawn() + terminated(3, "2019-06-07") + withdrawn(3, 10, version=11))


@pytest.mark.parametrize("statements", [
    objected() + withdrawn(),
    objected() + decided(outcome="VERDICT_RIGHT") + withdrawn(),
    objected() + decided(outcome="RULE_WRONG") + withdrawn(),
    objected(5) + decided() + withdrawn(),
    objected() + decided(by=3) + withdrawn(),
    objected() + decided() + withdrawn(on="2019-06-07"),
    reported() + decided() + withdrawn(),
    terminated(2, "2019-06-01").replace("DECEASED", "IMPRISONED") + objected(2, 10) + decided()
    + withdrawn(2, 10, version=11),
])  # fmt: skip
async def test_nothing_else_withdraws_it(write: Write, statements: str) -> None:
    """No ruling, another outcome, another person's, another officer's or day's, a verdict's, or one of prison."""
    with pytest.raises(Integrity, match=RULED):
        await write(statements)


async def test_a_withdrawal_is_of_a_termination_and_after_it(write: Write) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await write(objected() + decided() + withdrawn(terminated_version=1))
    with pytest.raises(asyncpg.CheckViolationError):
        await write(objected() + decided() + withdrawn(version=2))


async def test_an_objection_is_about_a_verdict_or_a_termination(write: Write) -> None:
    for about in ({"verdict_month": "NULL"}, {"terminated_version": "2", "beneficiary_id": "3"}):
        with pytest.raises(asyncpg.CheckViolationError, match="objection_is_about_one_thing"):
            await write(reported(**about))
    with pytest.raises(asyncpg.CheckViolationError, match="a_termination_declares_dead"):
        await write(objected(kind="'OTHER'"))
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await write(objected(version=9))
    with pytest.raises(asyncpg.UniqueViolationError, match="objections_one_open_end"):
        await write(objected() + objected())


async def test_a_benefit_ends_again_only_after_a_withdrawal(write: Write) -> None:
    await write(BACK + terminated(3, "2019-06-07"))
    with pytest.raises(asyncpg.UniqueViolationError, match="terminations_pkey"):
        await write(terminated(3, "2019-06-07"))
    with pytest.raises(asyncpg.UniqueViolationError, match="terminations_pkey"):
        await write(BACK + terminated(3, "2019-06-07") + terminated(3, "2019-06-08", version=11))


async def test_it_suspends_from_the_month_after_its_day(write: Write) -> None:
    await write(BACK + suspended(3, "[2019-07-01,)", version=3))
    for before, held in ((BACK, "[2019-06-01,)"), (BACK, "[2019-07-01,2019-09-01)"), ("", "[2019-07-01,)")):
        with pytest.raises(Integrity, match="month after its FAIL"):
            await write(before + suspended(3, held, version=3))


PERIOD = """
INSERT INTO certification_periods (beneficiary_id, category, version, start_month, end_month, cycle_months, method,
                                   in_force, at)
VALUES (3, 'RETIREE', 1, '2019-01-01', '2020-01-01', 12, 'ENROLMENT', '[2019-01-01,2019-06-01)', '2019-01-05 09:00+08');
"""


def in_force(months: str) -> str:
    return f"UPDATE certification_periods SET in_force = '{months}' WHERE beneficiary_id = 3;"


async def test_what_it_had_ended_reaches_to_its_day_again_and_no_further(write: Write) -> None:
    await write(PERIOD + BACK + in_force("[2019-01-01,2019-07-01)"))
    with pytest.raises(Integrity, match="can only end earlier"):
        await write(PERIOD + in_force("[2019-01-01,2019-07-01)"))
    for months in ("[2019-01-01,2020-02-01)", "[2019-01-01,2019-08-01)", "[2019-01-01,2019-05-01)"):
        with pytest.raises(Integrity, match="by a later period, a FAIL or a termination only"):
            await write(PERIOD + BACK + in_force(months))
    with pytest.raises(Integrity, match="can only end earlier"):
        await write(PERIOD + BACK + in_force("[2019-02-01,2019-07-01)"))


async def test_nobody_is_paid_after_a_termination_that_stands(write: Write) -> None:
    """And after one that was withdrawn, as after a FAIL: while nothing holds."""
    paid = """INSERT INTO payrolls VALUES ('2019-11-01', '2019-11-08', '2019-11-08 09:00+08');
              INSERT INTO payments (beneficiary_id, month, payroll, version, status, amount, basis)
              VALUES (5, '2019-11-01', '2019-11-01', 3, 'PAID', 3000, 'COVERED');"""
    back = objected(5) + decided() + withdrawn(5)
    await write(back + paid)
    for before in ("", back + suspended(5, "[2019-10-01,)", version=3)):
        with pytest.raises(Integrity, match="nobody is paid while suspended, or after the end"):
            await write(before + paid)


# By the API's own role, as whoever has signed in.

REPORTED = """INSERT INTO objections (beneficiary_id, terminated_version, kind, statement, proof_kinds, document_names,
    document_sha256, handler_name, handler_contact, reported_by, reported_as, reported_on, reported_at, due_at)
    VALUES ({id}, {ended}, 'DECLARED_DEAD', 's', '{{}}', '{{}}', '{{}}', '李', '1', {account}, 'UNIT', '2019-09-20',
            now(), now() + interval '1 day')"""
TAKEN_BACK = (
    "INSERT INTO termination_withdrawals VALUES ({id}, {ended}, 99, {objection}, {account}, '2019-09-20', now())"
)
HELD = "INSERT INTO suspensions VALUES ({id}, 99, '[2019-07-01,)')"
GROWN = "UPDATE certification_periods SET in_force = daterange(start_month, '2019-07-01') WHERE beneficiary_id = {id}"


@pytest.fixture
async def case(district: District) -> dict[str, int]:
    """Of the school's person whose benefit ended: the id, the termination's version, and an objection that waits."""
    owner, id = district.world.owner, sorted(district.people[SCHOOL])[1]
    row = await owner.fetchrow("SELECT version, account_id FROM terminations WHERE beneficiary_id = $1", id)
    assert row is not None
    found = {"id": id, "ended": row["version"]}
    open_ = "SELECT id FROM objections WHERE terminated_version IS NOT NULL"
    if await owner.fetchval(open_) is None:
        await owner.execute(REPORTED.format(**found, account=row["account_id"]))
    return {**found, "objection": await owner.fetchval(open_)}


@pytest.mark.parametrize("who", [SCHOOL, OFFICER, "officer-chengyang", "auditor", "service", "window", "person"])
@pytest.mark.parametrize("statement", [TAKEN_BACK, HELD])
async def test_nobody_writes_one_without_a_ruling(
    district: District, case: dict[str, int], who: str, statement: str
) -> None:
    """Not even an officer of the district to whom the case has come."""
    async with district.world.callers.reading(district.sessions[who]) as reader:
        account = (await reader.fetch("SELECT caller_account() AS id"))[0]["id"]
    with pytest.raises((asyncpg.InsufficientPrivilegeError, Integrity)):
        async with district.world.callers.begin(district.sessions[who]) as connection:
            await connection.execute(statement.format(**case, account=account))


async def test_a_period_grows_for_nobody(district: District, case: dict[str, int]) -> None:
    """An officer finds no row to change; a unit's own is guarded."""
    async with district.world.callers.begin(district.sessions[OFFICER]) as connection:
        assert await connection.execute(GROWN.format(**case)) == "UPDATE 0"
    with pytest.raises(Integrity, match="can only end earlier"):
        async with district.world.callers.begin(district.sessions[SCHOOL]) as connection:
            await connection.execute(GROWN.format(**case))


@pytest.mark.parametrize("statement", [
    "UPDATE termination_withdrawals SET withdrawn_on = now()",
    "DELETE FROM termination_withdrawals",
    "UPDATE terminations SET occurred_on = now()",
    "DELETE FROM terminations",
])  # fmt: skip
async def test_what_was_ended_or_taken_back_is_written_once(district: District, statement: str) -> None:
    async with district.world.callers.begin(district.sessions[OFFICER]) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
