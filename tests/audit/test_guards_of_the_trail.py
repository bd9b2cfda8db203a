"""The database keeps the trail: it is only added to, by nobody in another's name, and no act goes without its entry."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from domain.submission import Act
from resolvers import audit, upkeep
from tests.api.money import ended
from tests.api.objections import reported
from tests.api.scenes import account, qualified
from tests.audit.trail import sealed, suspended
from tests.storage.history import undone
from tests.world import BUREAU, DOCUMENT, HANDLER, OFFICER, SCHOOL, World
from web.clock import SHANGHAI

TABLES = ["audit_entries", "audit_seals", "audit_days", "audit_keys"]
COLUMNS = {"audit_entries": "body", "audit_seals": "head", "audit_days": "root", "audit_keys": "made_at"}


@pytest.fixture
async def trail(world: World) -> World:
    """A confirmation of the school, a sign-in of the bureau, an officer, an auditor; a day is sealed; it is 6 June."""
    people = await qualified(world, 2)
    await world.units(BUREAU)
    await world.officers()
    await account(world, "auditor", "AUDITOR")
    await world.submit(Act.CONFIRM, people[0].id)
    await world.viewer(BUREAU)
    await sealed(world.at("2019-06-06"))
    return world


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("role", ["API", "commands"])
async def test_nothing_of_it_is_changed_or_removed(trail: World, table: str, role: str) -> None:
    """Neither role may: there is no such privilege."""
    database = trail.callers if role == "API" else trail.database
    for statement in (
        f"UPDATE {table} SET {COLUMNS[table]} = NULL",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        async with database.connection() as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match=f"denied for table {table}"):
                await undone(connection, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO audit_days SELECT day + 1, root, root, key_id, mac FROM audit_days",
        "INSERT INTO audit_seals SELECT chain, day + 1, entries, head, head, key_id, mac FROM audit_seals",
        "INSERT INTO audit_keys (wrapped, made_at) VALUES ('', now())",
        "UPDATE audit_clock SET opens = '2000-01-01'",
        "SELECT close_audit_days('2030-01-01')",
        "SELECT session_id FROM audit_entries",
    ],
)
async def test_the_api_neither_seals_nor_reads_whose_session_it_was(trail: World, statement: str) -> None:
    """Sealing is the commands'; whoever names a session is its account."""
    async with trail.callers.connection() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await undone(connection, statement)


async def chains(world: World, who: str) -> set[int | None]:
    """Whose entries a statement without a WHERE returns."""
    viewer = await world.viewer(who)
    async with world.callers.reading(viewer.session) as connection:
        return {row["unit_id"] for row in await connection.fetch("SELECT unit_id FROM audit_entries")}


async def test_a_session_reads_its_own_chain(trail: World) -> None:
    """An auditor every one, a unit its own, an officer none."""
    assert await chains(trail, "auditor") == {None, 1, 2}
    assert await chains(trail, SCHOOL) == {1}
    assert await chains(trail, BUREAU) == {2}
    assert await chains(trail, OFFICER) == set()
    async with trail.callers.connection() as connection:
        assert await connection.fetch("SELECT id FROM audit_entries") == []


TELL = """
WITH place AS (SELECT * FROM claim_audit_entries(ARRAY[$4::bigint], ARRAY[1]))
INSERT INTO audit_entries (id, chain, number, format, at, unit_id, account_id, session_id, role, action, body, key_id,
                           mac)
OVERRIDING SYSTEM VALUE
SELECT id, chain, number, 2, $5, nullif($4, 0), $1, $2, $3, 'CONFIRM', '{}', 1, sha256('') FROM place
"""
NOW = datetime(2019, 6, 6, 9, tzinfo=SHANGHAI)


async def test_nobody_tells_in_anothers_name(trail: World) -> None:
    """Account, session and role are those of the session that was entered, and a unit tells in its own chain."""
    school, bureau = await trail.viewer(SCHOOL), await trail.viewer(BUREAU)
    forged: list[tuple[Any, ...]] = [
        (bureau.account_id, bureau.session, "UNIT", 1, NOW),
        (school.account_id, bureau.session, "UNIT", 1, NOW),
        (school.account_id, None, "UNIT", 1, NOW),
        (school.account_id, school.session, "OFFICER", 1, NOW),
        (None, None, None, 1, NOW),
        (school.account_id, school.session, "UNIT", 2, NOW),
        (school.account_id, school.session, "UNIT", 0, NOW),
        (school.account_id, school.session, "UNIT", 1, datetime.now(SHANGHAI) + timedelta(days=3)),
    ]
    async with trail.callers.begin(school.session) as connection:
        await connection.execute(TELL, school.account_id, school.session, "UNIT", 1, NOW)
    for values in forged:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match=r"row-level security|not this account's chain"):
            async with trail.callers.begin(school.session) as connection:
                await connection.execute(TELL, *values)


async def test_a_rehearsal_ahead_of_the_databases_clock_tells_like_any_other(trail: World) -> None:
    """The upkeep lets the database know the time; nothing is dated later than two days after that."""
    await upkeep.run(trail.at("2031-06-05").context())
    school = await trail.viewer(SCHOOL)
    told = await trail.owner.fetchval("SELECT max(at) AT TIME ZONE 'Asia/Shanghai' FROM audit_entries")
    assert str(told) == "2031-06-05 09:00:00"
    late = datetime(2031, 6, 8, 9, tzinfo=SHANGHAI)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        async with trail.callers.begin(school.session) as connection:
            await connection.execute(TELL, school.account_id, school.session, "UNIT", 1, late)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("SELECT claim_audit_entries(ARRAY[1::bigint], ARRAY[1])", "was taken and not written"),
        (TELL.replace("SELECT id, chain, number, 2", "SELECT id, chain, number + 1, 2"), "are taken one by one"),
        (TELL.replace("SELECT id, chain, number, 2", "SELECT id, chain, number - 1, 2"), "duplicate key"),
        (TELL.replace("SELECT id, chain, number, 2", "SELECT id, chain, number, 1"), "row-level security"),
        (TELL.replace("nullif($4, 0)", "NULL::bigint"), "row-level security"),
    ],
    ids=["taken only", "not taken", "twice", "without its number", "another chain"],
)
async def test_numbers_are_taken_and_written_one_by_one(trail: World, statement: str, said: str) -> None:
    """Or somebody could make the trail look as if an entry was removed."""
    school = await trail.viewer(SCHOOL)
    values = (school.account_id, school.session, "UNIT", 1, NOW) if "$1" in statement else ()
    with pytest.raises(asyncpg.PostgresError, match=said):
        async with trail.callers.begin(school.session) as connection:
            await connection.execute(statement, *values)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE beneficiaries SET phone = '13900000000' WHERE id = 1",
        "UPDATE beneficiaries SET terminated_from = '2019-07-01' WHERE id = 1",
        "UPDATE beneficiaries SET paid_through = '2030-01-01', version = version + 1 WHERE id = 1",
    ],
)
async def test_no_row_changes_without_an_entry_of_its_new_version(trail: World, change: str) -> None:
    """Whatever the API's role writes, and not only where an act adds to the history."""
    school = await trail.viewer(SCHOOL)
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="no change of a person's row"):
        async with trail.callers.begin(school.session) as connection:
            await connection.execute(change)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("certification_periods", "UPDATE certification_periods SET in_force = 'empty' WHERE beneficiary_id = 1"),
        ("suspensions", "INSERT INTO suspensions (beneficiary_id, version, held) VALUES (1, 3, '[2019-07-01,)')"),
    ],
)
async def test_periods_and_suspensions_change_with_an_entry_only(trail: World, table: str, change: str) -> None:
    """Also where none of the guards that ask for a fact stands in the way."""
    school = await trail.viewer(SCHOOL)
    guards = "tgrelid = $1::regclass AND NOT tgisinternal AND tgname NOT LIKE '%_is_recorded'"
    names = [row[0] for row in await trail.owner.fetch(f"SELECT tgname FROM pg_trigger WHERE {guards}", table)]
    for name in names:
        await trail.owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    try:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="no act without its entry"):
            async with trail.callers.begin(school.session) as connection:
                await connection.execute(change)
    finally:
        for name in names:
            await trail.owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


async def test_a_row_keeps_no_version_through_a_change(trail: World) -> None:
    """An entry that says the version of before is no entry of the change."""
    school = await trail.viewer(SCHOOL)
    told = TELL.replace("action, body", "action, beneficiary_id, version, body").replace("'{}', 1,", "1, 3, '{}', 1,")

    async def unseen() -> None:
        async with trail.callers.begin(school.session) as connection:
            await connection.execute("UPDATE beneficiaries SET phone = '13900000000' WHERE id = 1")
            await connection.execute(told, school.account_id, school.session, "UNIT", 1, NOW)

    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="no change of a person's row"):
        await unseen()


ACTS: dict[str, tuple[dict[str, Any], str]] = {
    "confirmCertification": ({}, SCHOOL),
    "terminateBenefit": ({"cause": "DECEASED", "occurredOn": "2019-07-01"}, SCHOOL),
    "requestReinstatement": ({"statement": "申请恢复", "documents": [DOCUMENT]}, SCHOOL),
    "withdrawReinstatement": ({}, SCHOOL),
    "reviewReinstatement": ({"approve": True}, OFFICER),
    "settleOverpayment": ({"kind": "INSTALMENT", "amount": "10.00"}, OFFICER),
    "decideObjection": ({"outcome": "DATA_WRONG", "reason": "本人到场"}, OFFICER),
}
HELD = (
    "beneficiaries", "certifications", "terminations", "termination_withdrawals", "reinstatements", "settlements",
    "objections", "audit_entries",
)  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
async def test_no_act_is_committed_without_its_entry(world: World, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    """Whatever the code above the database forgets: nothing of the act is saved."""
    given, who = await prepared(world, act)
    headers = await world.token(who)
    kind = act[0].upper() + act[1:]
    document = f"mutation($i: {kind}Input!) {{ {act}(input: $i) {{ userErrors {{ code }} }} }}"
    before = [await world.owner.fetch(f"SELECT t::text FROM {table} t ORDER BY 1") for table in HELD]
    with monkeypatch.context() as forgetful:
        forgetful.setattr(audit, "record", forgotten)
        [error] = (await world.post({"query": document, "variables": {"i": given}}, headers)).json()["errors"]
        assert error["extensions"]["code"] == "INTERNAL"
    assert [await world.owner.fetch(f"SELECT t::text FROM {table} t ORDER BY 1") for table in HELD] == before
    answer = (await world.post({"query": document, "variables": {"i": given}}, headers)).json()
    assert answer["data"] == {act: {"userErrors": []}}


async def forgotten(*_: Any) -> None:
    """In place of what records."""


async def prepared(world: World, act: str) -> tuple[dict[str, Any], str]:
    """The input of an act that is only to be sent, and whose it is."""
    person = await suspended(world)
    given, who = ACTS[act]
    if act in ("withdrawReinstatement", "reviewReinstatement"):
        case = (await world.request(person.id))["reinstatement"]["id"]
        return {"reinstatementId": case, **given}, who
    if act == "decideObjection":  # it withdraws a termination, passes, and submits a case
        await ended(world, person, "2019-05-20")
        return {"objectionId": (await reported(world, person))["id"], **given}, who
    if act == "settleOverpayment":
        end = {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-05-20"}
        await world.act("terminateBenefit", end)
    handler = {} if act == "settleOverpayment" else {"handler": HANDLER}
    return {"beneficiaryId": person.node, **handler, **given}, who
