"""What a single row may say, and that the application's role cannot put the guards aside."""

from __future__ import annotations

import asyncpg
import pytest

from storage.database import BATCHES, Database
from tests.storage.history import attempt

SIGNED = "'李经办', '0532-85911234', 1, '2020-03-05', '2020-03-05 09:00+08'"


def certified(result: str, status: str, occurred_on: str = "NULL") -> str:
    return f"""
        INSERT INTO certifications (beneficiary_id, version, method, result, survival_status, occurred_on,
                                    handler_name, handler_contact, account_id, acted_on, at)
        VALUES (1, 9, 'OVERRIDE', '{result}', '{status}', {occurred_on}, {SIGNED})
    """


async def test_an_act_whose_result_follows_from_its_status_is_taken(held: Database) -> None:
    """The statements that the next tests vary are good ones."""
    await attempt(held, certified("PASS", "NORMAL"))
    await attempt(held, certified("FAIL", "DECEASED", "'2020-02-11'"))


@pytest.mark.parametrize("status", ["DECEASED", "MISSING", "IMPRISONED"])
async def test_nobody_lost_passes_and_nobody_normal_fails(held: Database, status: str) -> None:
    """Notice 附7: the survival status decides the result."""
    with pytest.raises(asyncpg.CheckViolationError):
        await attempt(held, certified("PASS", status, "'2020-02-11'"))
    with pytest.raises(asyncpg.CheckViolationError):
        await attempt(held, certified("FAIL", "NORMAL", "'2020-02-11'"))


async def test_a_fail_without_its_day_is_refused(held: Database) -> None:
    """Notice 三(二): whoever fails somebody says since when."""
    with pytest.raises(asyncpg.CheckViolationError):
        await attempt(held, certified("FAIL", "DECEASED"))


async def test_an_act_without_its_handler_is_refused(held: Database) -> None:
    """Notice 附8: every submission carries the name and the contact of who answers for it."""
    for signed in ("'李经办'", "'0532-85911234'"):
        with pytest.raises(asyncpg.CheckViolationError):
            await attempt(held, certified("PASS", "NORMAL").replace(signed, "' '"))


@pytest.mark.parametrize(
    "row",
    [
        "verdicts VALUES (1, '2019-05-01', 9, 'QUALIFIED', 'life')",  # one verdict a month and person
        "publications VALUES ('2019-05-01', '2019-06-05', now(), now())",  # a month is published once
        "terminations VALUES (3, 9, 'DECEASED', '2019-05-02', " + SIGNED + ")",  # a benefit ends once
        "evidence_found_wrong VALUES (2, '', now())",
        # An ID number is one person.
        "persons (id_number_digest, id_number_sealed) VALUES (sha256('number of person 1'), '')",
        "units (si_number, name, district) VALUES ('370202000101', '小学', '市南区')",
        """beneficiaries (unit_id, category, person_id, name, id_number_masked, benefit_from, confirmed_in)
           VALUES (1, 'RETIREE', 1, '张三', '', '2005-01-01', '2005-01-01')""",
        """evidence (person_id, source, kind, occurred_on, reference, received_at)
           VALUES (2, 'health', 'cremation', '2019-05-02', 'H-1', now())""",
    ],
)
async def test_what_there_is_once_is_refused_twice(held: Database, row: str) -> None:
    """Keys hold whatever an import or a run forgets to look for."""
    with pytest.raises(asyncpg.UniqueViolationError):
        await attempt(held, f"INSERT INTO {row}")


@pytest.mark.parametrize(
    "row",
    [
        "verdicts VALUES (1, '2019-06-01', 9, 'QUALIFIED', 'life')",  # a verdict needs its publication
        "compliance_reviews (beneficiary_id, version, opened_at, kind, subject, unit_id, month)"
        " VALUES (1, 9, now(), 'RECHECK', '1:9', 1, '2019-06-01')",  # a review needs its act
        """publications VALUES ('2019-06-01', '2019-07-05', now(), now());
           INSERT INTO verdicts VALUES (99, '2019-06-01', 9, 'QUALIFIED', 'life')""",  # and somebody
        """certification_periods (beneficiary_id, category, version, start_month, end_month, cycle_months, method,
                                  in_force, at)
           VALUES (99, 'RETIREE', 9, '2020-02-01', '2021-02-01', 12, 'CONFIRM', '[2020-02-01,2021-03-01)', now())""",
        """certification_periods (beneficiary_id, category, version, start_month, end_month, cycle_months, method,
                                  in_force, at)
           VALUES (1, 'SURVIVOR', 9, '2020-02-01', '2020-08-01', 6, 'CONFIRM', 'empty', now())""",
        "benefit_rates VALUES (9, '2019-08-01', '[2019-06-05,)', 3100)",
    ],
)
async def test_nothing_stands_on_what_is_not_there(held: Database, row: str) -> None:
    """Every record names what it is about."""
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await attempt(held, f"INSERT INTO {row}")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO assessments VALUES ('2019-07-02', now())",
        "INSERT INTO publications VALUES ('2019-07-31', '2019-08-04', now(), now())",
        "UPDATE beneficiaries SET confirmed_in = '2019-06-02'",
        "UPDATE beneficiaries SET verdict_month = '2019-06-02', conclusion = 'PENDING', verdict_answered = false",
        "UPDATE beneficiaries SET version = 2, period_start = '2019-01-02' WHERE id = 1",
        "UPDATE beneficiaries SET version = 2, period_end = '2020-01-31' WHERE id = 1",
        "UPDATE beneficiaries SET paid_through = '2020-01-31'",
        "UPDATE beneficiaries SET suspended_from = '2020-01-31'",
        "UPDATE beneficiaries SET version = 2, terminated_from = '2020-01-31'",
        "UPDATE certification_periods SET in_force = '[2019-01-01,2019-06-15)' WHERE beneficiary_id = 1",
        "UPDATE beneficiaries SET held_through = '2020-01-31'",
        "INSERT INTO benefit_rates VALUES (2, '2019-08-15', '[2019-06-05,)', 3100)",
        "INSERT INTO payrolls VALUES ('2019-06-08', '2019-06-08', now())",
        """INSERT INTO certification_periods (beneficiary_id, category, version, start_month, end_month, cycle_months,
                                              method, in_force, at)
           VALUES (1, 'RETIREE', 9, '2020-02-02', '2021-02-02', 12, 'CONFIRM', '[2020-02-02,2021-03-02)', now())""",
    ],
)
async def test_a_month_is_written_as_its_first_day(held: Database, statement: str) -> None:
    """A day within a month would neither equal the month nor bound it."""
    with pytest.raises(asyncpg.CheckViolationError):
        await attempt(held, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE beneficiaries SET verdict_month = '2019-05-01' WHERE id = 1",
        "UPDATE beneficiaries SET conclusion = 'PENDING' WHERE id = 2",
        "UPDATE beneficiaries SET conclusion = 'DEAD', verdict_month = '2019-05-01', verdict_answered = false",
        "UPDATE beneficiaries SET version = 2, period_start = NULL WHERE id = 1",
        "UPDATE beneficiaries SET version = 2, period_start = '2020-02-01' WHERE id = 1",
        "UPDATE accounts SET unit_id = NULL",
        "UPDATE accounts SET district = '市南区'",
        "INSERT INTO benefit_rates VALUES (2, '2019-08-01', '[2019-06-05,)', -0.01)",
    ],
)
async def test_half_a_standing_or_a_right_without_its_bound_is_refused(held: Database, statement: str) -> None:
    """A verdict and a period stand on the row whole or not at all; an account is bound by its role."""
    await attempt(held, "UPDATE beneficiaries SET verdict_month = '2019-05-01', conclusion = 'PENDING',"
                        " verdict_answered = false")  # fmt: skip
    with pytest.raises(asyncpg.CheckViolationError):
        await attempt(held, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE notes (id int)",
        "CREATE FUNCTION period_ends() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE OR REPLACE FUNCTION period_only_ends_earlier() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'",
        "DROP TRIGGER period_only_ends_earlier ON certification_periods",
        "ALTER TABLE certification_periods DISABLE TRIGGER ALL",
        "ALTER TABLE certification_periods DROP CONSTRAINT periods_in_force_never_overlap",
        "ALTER TABLE verdicts ADD COLUMN note text",
        "DROP TABLE verdicts",
        "DROP INDEX evidence_person",
        "ALTER ROLE renzheng_batch SUPERUSER",
        "SET session_replication_role = replica",
        "INSERT INTO cycle_lengths VALUES ('RETIREE', 24)",
        "DELETE FROM cycle_lengths",
        "INSERT INTO alembic_version VALUES ('0000')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ],
)
async def test_the_guards_cannot_be_taken_away(held: Database, statement: str) -> None:
    """The role owns nothing: neither tables, triggers and functions nor its own rights are its to change."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attempt(held, statement)


async def test_the_role_is_nobody_special(held: Database) -> None:
    """It cannot sign in, owns no object and has no right over the whole server."""
    async with held.connection() as connection:
        assert await connection.fetchval("SELECT current_user") == BATCHES
        role = await connection.fetchrow("SELECT * FROM pg_roles WHERE rolname = $1", BATCHES)
        owned = await connection.fetchval("SELECT count(*) FROM pg_class WHERE relowner = $1::regrole", BATCHES)
        member_of = await connection.fetchval(
            "SELECT count(*) FROM pg_auth_members WHERE member = $1::regrole", BATCHES
        )
    assert role is not None
    rights = ("rolsuper", "rolcreaterole", "rolcreatedb", "rolcanlogin", "rolreplication", "rolbypassrls")
    assert not any(role[right] for right in rights)
    assert (owned, member_of) == (0, 0)


@pytest.mark.parametrize("reset", ["RESET ROLE", "RESET ALL", "SET ROLE pg_read_all_data; RESET ROLE"])
async def test_a_reset_session_is_still_the_roles(held: Database, reset: str) -> None:
    """The role is the session's own default: resetting it leads back to it."""
    async with held.connection() as connection:
        await connection.execute(reset)
        assert await connection.fetchval("SELECT current_user") == BATCHES


async def test_a_role_that_was_put_aside_is_back_before_the_next_request(pool: Database) -> None:
    """A pooled session forgets what a request did to it, `SET ROLE` included."""
    async with pool.connection() as connection:
        await connection.execute("SET ROLE NONE")
        held = await connection.fetchval("SELECT pg_backend_pid()")
    async with pool.connection() as connection:
        assert await connection.fetchval("SELECT pg_backend_pid()") == held
        assert await connection.fetchval("SELECT current_user") == BATCHES
