"""Row-level security: what a session sees, whatever the statement forgets to ask for (rules 6).

Every statement here bypasses the code above the database.
"""

from __future__ import annotations

import contextlib
import random
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from storage import migrate
from storage.database import CALLERS, Database, Login, RowsUnprotected, SessionEnded, entering
from tests.district import WHO, District, whose
from tests.world import BUREAU, LOGIN, SCHOOL, personal_data

WITH_PEOPLE = [
    "beneficiaries",
    "benefit_rates",
    "rates_held",
    "verdicts",
    "certifications",
    "terminations",
    "termination_withdrawals",
    "standing_terminations",
    "fails",
    "certification_periods",
    "suspensions",
    "reinstatements",
    "reinstatement_months",
    "objections",
    "payments",
    "payment_lines",
    "settlements",
    "settlement_months",
    "losses",
    "overpaid_months",
]
"""What holds a row of somebody, views included."""
CLOSED = [
    "evidence",
    "evidence_found_wrong",
    "assessments",
    "draft_verdicts",
    "verdicts_due",
    "batch_clock",
    "sessions",
    "cycle_lengths",
    "audit_clock",
    "audit_seals",
]
"""What the API has no business with."""


@pytest.mark.parametrize("table", WITH_PEOPLE)
@pytest.mark.parametrize("who", WHO)
async def test_a_statement_without_a_where_returns_the_callers_rows(district: District, who: str, table: str) -> None:
    """All of one's own that are there, and nobody else's."""
    everything = {
        row["id"]
        for row in await district.world.owner.fetch(
            f"SELECT {'id' if table == 'beneficiaries' else 'beneficiary_id'} AS id FROM {table}"
        )
    }
    assert everything >= {min(ids) for ids in district.people.values()} or table in ENDED
    assert await district.seen(who, table) == everything & whose(district, who)


ENDED = (
    "terminations",
    "termination_withdrawals",
    "standing_terminations",
    "settlements",
    "settlement_months",
    "losses",
    "overpaid_months",
)
"""What only those have whose benefit ended."""


@pytest.mark.parametrize("table", [*WITH_PEOPLE, "quarantines", "units", "persons", "idempotency_keys"])
async def test_who_has_entered_nothing_sees_nothing(district: District, table: str) -> None:
    """A forgotten session shows an empty table, not everybody's."""
    async with district.world.callers.connection() as connection:
        assert await connection.fetch(f"SELECT * FROM {table}") == []


@pytest.mark.parametrize("table", CLOSED)
async def test_what_the_api_has_no_business_with_is_closed(district: District, table: str) -> None:
    async with district.world.callers.connection() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(f"SELECT * FROM {table}")


async def test_units_persons_and_accounts_are_bounded_alike(district: District) -> None:
    """A unit sees one unit, its own people's numbers, and of the accounts its own; password hashes nobody's."""
    async with district.world.callers.reading(district.sessions[SCHOOL]) as connection:
        assert [row["si_number"] for row in await connection.fetch("SELECT * FROM units")] == [SCHOOL]
        assert await connection.fetchval("SELECT count(*) FROM persons") == 6
        assert [row["username"] for row in await connection.fetch("SELECT username FROM accounts")] == [SCHOOL]
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT password_hash FROM accounts")
    async with district.world.callers.reading(district.sessions["person"]) as connection:
        assert [row["si_number"] for row in await connection.fetch("SELECT * FROM units")] == [SCHOOL]


FOREIGN_WRITES = {
    "contact": "UPDATE beneficiaries SET phone = '13900009999' WHERE id = {id}",
    "contact of all": "UPDATE beneficiaries SET phone = '13900009999'",
    "period": "UPDATE certification_periods SET in_force = 'empty' WHERE beneficiary_id = {id}",
    "period of all": "UPDATE certification_periods SET in_force = 'empty'",
    "suspension": "UPDATE suspensions SET held = 'empty'",
    "case": "UPDATE reinstatements SET status = 'WITHDRAWN'",
    "key": "DELETE FROM idempotency_keys",
}


@pytest.mark.parametrize("statement", FOREIGN_WRITES.values(), ids=list(FOREIGN_WRITES))
@pytest.mark.parametrize("who", ["auditor", "service", "window", "person", "nobody"])
async def test_whoever_changes_nothing_cannot_by_sql_either(district: District, who: str, statement: str) -> None:
    async with district.world.callers.begin(district.sessions[who]) as connection:
        assert (await connection.execute(statement.format(id=min(district.people[SCHOOL])))).endswith(" 0")


async def test_a_unit_changes_no_row_of_another(district: District) -> None:
    theirs = min(district.people[BUREAU])
    with contextlib.suppress(Undo):
        async with district.world.callers.begin(district.sessions[SCHOOL]) as connection:
            assert await connection.execute(FOREIGN_WRITES["contact"].format(id=theirs)) == "UPDATE 0"
            assert await connection.execute(FOREIGN_WRITES["contact of all"]) == "UPDATE 6"
            raise Undo


class Undo(Exception):
    """Enough was seen."""


SIGNED = "'李经办', '0532-85911234', {account}, '2019-09-20', '2019-09-20 09:00+08'"
INSERTS = {
    "certifications": "INSERT INTO certifications (beneficiary_id, version, method, result, survival_status,"
    " handler_name, handler_contact, account_id, acted_on, at)"
    f" VALUES ({{id}}, 99, 'CONFIRM', 'PASS', 'NORMAL', {SIGNED})",
    "terminations": f"INSERT INTO terminations VALUES ({{id}}, 99, 'DECEASED', '2019-09-01', {SIGNED})",
    "settlements": "INSERT INTO settlements (beneficiary_id, kind, amount, account_id, settled_on, at)"
    " VALUES ({id}, 'INSTALMENT', 1, {account}, '2019-09-20', now())",
    "reinstatements": "INSERT INTO reinstatements (beneficiary_id, statement, document_names, document_sha256, claimed,"
    " handler_name, handler_contact, submitted_by, submitted_on, submitted_at) VALUES ({id}, 's', ARRAY['a'],"
    " ARRAY[repeat('a', 64)], '{{}}', '李', '0532-85911234', {account}, '2019-09-20', now())",
}
INSERTS["objections"] = (
    "INSERT INTO objections (beneficiary_id, verdict_month, kind, statement, proof_kinds, document_names,"
    " document_sha256, handler_name, handler_contact, reported_by, reported_as, reported_on, reported_at, due_at)"
    " VALUES ({id}, '2019-05-01', 'OTHER', 's', '{{}}', '{{}}', '{{}}', '李', '1', {account}, 'UNIT', '2019-09-20',"
    " now(), now() + interval '1 day')"
)
MAY_INSERT = {"certifications": {"UNIT"}, "terminations": {"UNIT"}, "settlements": {"OFFICER"},
              "reinstatements": {"UNIT", "OFFICER"}, "objections": {"UNIT"}}  # fmt: skip


@pytest.mark.parametrize("table", INSERTS)
@pytest.mark.parametrize("who", WHO)
async def test_nobody_inserts_for_another_or_beyond_the_own_duty(district: District, who: str, table: str) -> None:
    """A foreign person is refused to all; an own one to those whose duty it is not."""
    session = district.sessions[who]
    async with district.world.callers.reading(session) as reader:
        role, account = tuple((await reader.fetch("SELECT caller_role() AS r, caller_account() AS a"))[0])
    for id in sorted(ended(district)):
        allowed = role in MAY_INSERT[table] and id in whose(district, who)
        statement = INSERTS[table].format(id=id, account=account)
        try:
            async with district.world.callers.begin(session) as connection:
                await connection.execute(statement)
                raise Undo
        except Undo:
            assert allowed
        except asyncpg.InsufficientPrivilegeError:
            assert not allowed
        except asyncpg.IntegrityConstraintViolationError:
            assert allowed and table in ("terminations", "settlements")  # a guard, after row-level security


def ended(district: District) -> set[int]:
    return {sorted(ids)[1] for ids in district.people.values()}


async def test_a_session_enters_nothing_but_itself(district: District) -> None:
    """Nothing of a caller stays behind on a pooled connection, after a statement as after a transaction."""
    async with district.world.callers.connection() as connection:
        session = district.sessions[SCHOOL]
        found = await connection.fetch(entering("SELECT id FROM beneficiaries", 1), session)
        assert {row["id"] for row in found} == district.people[SCHOOL]
        assert await connection.fetch("SELECT id FROM beneficiaries") == []
        async with connection.transaction():
            await connection.fetchval("SELECT enter($1)", session)
            assert len(await connection.fetch("SELECT id FROM beneficiaries")) == 6
        assert await connection.fetch("SELECT id FROM beneficiaries") == []


async def test_a_session_that_ended_or_never_was_enters_nothing(district: District) -> None:
    """And says so, rather than showing an empty roster."""
    world = district.world
    ended_session = (await world.viewer(SCHOOL)).session
    assert ended_session is not None
    await world.owner.execute(
        "UPDATE sessions SET ended_at = now(), ended_because = 'SIGNED_OUT' WHERE id = $1", ended_session
    )
    for session in (ended_session, uuid4()):
        async with world.callers.reading(session) as connection:
            with pytest.raises(SessionEnded):
                await connection.fetch("SELECT 1 AS one")
        with pytest.raises(SessionEnded):
            async with world.callers.begin(session):
                raise AssertionError("nobody gets here")


async def test_the_entering_comes_before_every_row_whatever_the_plan(district: District) -> None:
    """Three thousand random reads of random sessions: each shows what is the caller's, all of it, and nothing else."""
    chance = random.Random(20191124)
    everyone = sorted(id for ids in district.people.values() for id in ids)
    reads = [
        "SELECT id FROM beneficiaries WHERE id = ANY($1)",
        "SELECT id FROM beneficiaries WHERE id = ANY($1) ORDER BY roster_rank, id LIMIT 5",
        "SELECT DISTINCT beneficiary_id AS id FROM certification_periods WHERE beneficiary_id = ANY($1)",
        "SELECT b.id FROM unnest($1::bigint[]) n (id) JOIN beneficiaries b USING (id) JOIN units u ON u.id = unit_id",
        "SELECT max(beneficiary_id) AS id FROM payments WHERE beneficiary_id = ANY($1) GROUP BY beneficiary_id",
    ]
    for _ in range(3000):
        who = chance.choice(WHO)
        wanted = chance.sample(everyone, chance.randint(1, 5))
        async with district.world.callers.reading(district.sessions[who]) as connection:
            found = await connection.fetch(chance.choice(reads), wanted)
        assert {row["id"] for row in found} == set(wanted) & whose(district, who)


async def test_the_login_owns_nothing_and_is_nobody_special(district: District) -> None:
    """It is a member of the API's role and of no other."""
    async with district.world.callers.connection() as connection:
        assert await connection.fetchval("SELECT current_user") == LOGIN.name
        assert await connection.fetchval("SELECT pg_has_role(current_user, 'renzheng_app', 'USAGE')")
        assert not await connection.fetchval("SELECT pg_has_role(current_user, 'renzheng_batch', 'MEMBER')")
        role = await connection.fetchrow("SELECT * FROM pg_roles WHERE rolname = current_user")
        owned = await connection.fetchval("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TEMP TABLE mine (id int)")
    assert role is not None
    rights = ("rolsuper", "rolcreaterole", "rolcreatedb", "rolreplication", "rolbypassrls")
    assert (owned, any(role[right] for right in rights)) == (0, False)


async def test_every_table_with_a_row_of_somebody_is_under_row_level_security(district: District) -> None:
    """A new table that the API may read is under a policy, or is named here as one that holds nobody."""
    free = {
        "agency_contacts", "alembic_version", "audit_days", "audit_keys", "data_keys", "payrolls", "publications",
        "signing_keys"
    }  # fmt: skip
    found = await district.world.owner.fetch(
        """SELECT c.relname, c.relrowsecurity FROM pg_class c
           WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
             AND has_any_column_privilege($1, c.oid, 'SELECT, INSERT, UPDATE')""",
        CALLERS,
    )
    assert {row["relname"] for row in found if not row["relrowsecurity"]} == free


async def test_a_view_shows_what_its_reader_may_see(district: District) -> None:
    """A view without `security_invoker` would read as its owner, whom no policy binds."""
    views = await district.world.owner.fetch(
        """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
             AND NOT coalesce('security_invoker=true' = ANY(reloptions), false)"""
    )
    assert views == []


async def test_the_api_refuses_to_run_as_somebody_whom_no_policy_binds(dsn: str) -> None:
    """Started with the owner's address it would show everybody everything."""
    with pytest.raises(RowsUnprotected):
        await Database.for_callers(dsn)


async def test_another_secret_is_another_login_and_the_former_one_is_shut_out(dsn: str, book: Any) -> None:
    """After a change of SECRET_KEY the login that belongs to the former one no longer gets in."""
    former = Login.of(b"f" * 32)
    await migrate.upgrade(dsn, book, former, personal_data())
    await (await Database.for_callers(former.at(dsn))).close()
    await migrate.upgrade(dsn, book, LOGIN, personal_data())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await Database.for_callers(former.at(dsn))
