"""The migrations make the schema that `storage.tables` declares."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from domain.policy import PolicyBook
from storage import migrate
from storage.database import Database
from storage.tables import METADATA
from tests.policies import amended
from tests.world import LOGIN, personal_data


async def is_current(dsn: str) -> bool:
    connection = await asyncpg.connect(dsn)
    try:
        return await migrate.is_current(connection)
    finally:
        await connection.close()


async def held(dsn: str) -> list[tuple[Any, ...]]:
    """The cycles that the database knows, where one revision was written down."""
    connection = await asyncpg.connect(dsn)
    try:
        assert await connection.fetchval("SELECT count(*) FROM alembic_version") == 1
        return [tuple(row) for row in await connection.fetch("SELECT * FROM cycle_lengths ORDER BY 1, 2")]
    finally:
        await connection.close()


async def test_the_migrated_database_is_as_the_tables_are_declared(empty: str, book: PolicyBook) -> None:
    """Alembic finds no difference. Comments stand in the migrations only."""
    await migrate.upgrade(empty, book, LOGIN, personal_data())

    def compare(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), METADATA))

    engine = migrate.engine_for(empty)
    try:
        async with engine.connect() as connection:
            differences = await connection.run_sync(compare)
    finally:
        await engine.dispose()
    assert [found for found in differences if found[0] != "remove_table_comment"] == []


async def test_an_empty_database_is_not_current_until_it_is_migrated(empty: str, book: PolicyBook) -> None:
    """/readyz asks this: a service over an older schema must not say that it is ready."""
    assert not await is_current(empty)
    await migrate.upgrade(empty, book, LOGIN, personal_data())
    assert await is_current(empty)


async def test_another_revision_is_not_current(empty: str, book: PolicyBook) -> None:
    """Neither a schema that is older nor one that a newer program made."""
    await migrate.upgrade(empty, book, LOGIN, personal_data())
    connection = await asyncpg.connect(empty)
    await connection.execute("UPDATE alembic_version SET version_num = '0000'")
    assert not await migrate.is_current(connection)
    await connection.close()


async def test_the_application_may_ask_whether_the_schema_is_current(pool: Database) -> None:
    """The question needs no more than the application's own role."""
    async with pool.connection() as connection:
        assert await migrate.is_current(connection)


async def test_migrating_twice_changes_nothing(empty: str, book: PolicyBook) -> None:
    """Every start of the service migrates."""
    await migrate.upgrade(empty, book, LOGIN, personal_data())
    once = await held(empty)
    await migrate.upgrade(empty, book, LOGIN, personal_data())
    assert await held(empty) == once == [("RETIREE", 12), ("SURVIVOR", 6)]


async def test_two_starts_at_once_migrate_once(empty: str, book: PolicyBook) -> None:
    """The second waits for the first, and finds nothing left to do."""
    await asyncio.gather(*(migrate.upgrade(empty, book, LOGIN, personal_data()) for _ in range(3)))
    assert await held(empty) == [("RETIREE", 12), ("SURVIVOR", 6)]


async def test_a_later_policys_cycle_is_added(empty: str, book: PolicyBook) -> None:
    """A notice that changes the cycle needs no migration: the database learns it beside the ones before."""
    await migrate.upgrade(empty, book, LOGIN, personal_data())
    await migrate.upgrade(empty, amended("cycle_months", "2020-01-01", RETIREE=6, SURVIVOR=6), LOGIN, personal_data())
    assert await held(empty) == [("RETIREE", 6), ("RETIREE", 12), ("SURVIVOR", 6)]


async def at_revision(revision: str, dsn: str, book: PolicyBook) -> asyncpg.Connection[asyncpg.Record]:
    """Bring an empty database to where it was then; a session of its owner."""
    engine = migrate.engine_for(dsn)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(lambda sync: command.upgrade(migrate._config(sync, personal_data()), revision))
    finally:
        await engine.dispose()
    owner = await asyncpg.connect(dsn)
    await owner.executemany("INSERT INTO cycle_lengths VALUES ($1, $2)", sorted(book.cycles()))
    return owner


BEFORE_MONEY = """
INSERT INTO units (si_number, name, district) VALUES ('370202000101', '小学', '市南区');
INSERT INTO persons (id_number) SELECT 'P' || n FROM generate_series(1, 8) AS n;
INSERT INTO accounts (username, role, unit_id, password_hash) VALUES ('370202000101', 'UNIT', 1, 'no hash');
INSERT INTO beneficiaries (unit_id, category, person_id, name, id_number_masked, benefit_from, confirmed_in,
                           suspended_from)
SELECT 1, 'RETIREE', n, '某人', '', '2005-01-01', '2019-01-01', suspended::date
FROM unnest(ARRAY[NULL, '2019-07-01', '2019-07-01', '2019-07-01', NULL, '2019-07-01', '2019-07-01', '2019-07-01'])
     WITH ORDINALITY AS b (suspended, n);
INSERT INTO certification_periods (beneficiary_id, category, version, start_month, end_month, cycle_months, method,
                                   in_force, at)
SELECT id, 'RETIREE', 1, '2019-01-01', '2020-01-01', 12, 'ENROLMENT', '[2019-01-01,2020-02-01)',
       '2019-01-05 09:00+08'::timestamptz + make_interval(hours => id::int)
FROM beneficiaries;
INSERT INTO benefit_rates VALUES (1, '[2005-01-01,)', 3000.00), (2, '[2005-01-01,2019-04-01)', 2500.00),
                                 (2, '[2019-04-01,)', 2600.50), (3, '[2019-01-01,)', 0.00);
INSERT INTO certifications (beneficiary_id, version, method, result, survival_status, occurred_on,
                            handler_name, handler_contact, account_id, acted_on, at)
SELECT id, version, 'OVERRIDE', result, CASE result WHEN 'FAIL' THEN 'MISSING' ELSE 'NORMAL' END,
       CASE result WHEN 'FAIL' THEN acted_on::date END, '李经办', '0532-85911234', 1, acted_on::date, now()
FROM (VALUES
    (1, 2, 'PASS', '2019-06-20'),
    (2, 2, 'FAIL', '2019-06-20'),  -- plainly suspended
    (3, 2, 'FAIL', '2019-06-20'), (3, 3, 'PASS', '2019-06-21'), (3, 4, 'FAIL', '2019-06-30'),  -- by the second FAIL
    (4, 2, 'FAIL', '2019-06-01'), (4, 3, 'FAIL', '2019-06-30'), (4, 4, 'FAIL', '2019-08-20'),  -- by the first of three
    (5, 2, 'FAIL', '2019-06-20'), (5, 3, 'PASS', '2019-06-28'),  -- stood corrected
    (6, 2, 'FAIL', '2019-06-20'), (6, 3, 'PASS', '2019-09-10'),  -- passed, and not reinstated
    (7, 2, 'FAIL', '2019-03-20'), (7, 3, 'PASS', '2019-03-21'), (7, 5, 'FAIL', '2019-06-20'),
    (8, 2, 'FAIL', '2019-06-20'), (8, 3, 'PASS', '2019-09-10'), (8, 4, 'FAIL', '2019-09-20')) AS c
    (id, version, result, acted_on);
"""


async def test_money_begins_with_the_rates_and_suspensions_of_before(empty: str, book: PolicyBook) -> None:
    """A database with history goes from 0001 to the newest: nobody loses a rate, whoever was suspended still is."""
    owner = await at_revision("0001", empty, book)
    await owner.execute(BEFORE_MONEY)
    await migrate.upgrade(empty, book, LOGIN, personal_data())
    rates = await owner.fetch(
        """SELECT beneficiary_id, from_month, monthly_amount, upper_inf(known) AS held,
                  lower(known) AT TIME ZONE 'Asia/Shanghai' AS since
           FROM benefit_rates ORDER BY 1, 2"""
    )
    assert [tuple(row) for row in rates] == [
        (1, date(2005, 1, 1), Decimal("3000.00"), True, datetime(2019, 1, 5, 10)),
        (2, date(2005, 1, 1), Decimal("2500.00"), True, datetime(2019, 1, 5, 11)),
        (2, date(2019, 4, 1), Decimal("2600.50"), True, datetime(2019, 1, 5, 11)),
        (3, date(2019, 1, 1), Decimal("0.00"), True, datetime(2019, 1, 5, 12)),
    ]
    held = await owner.fetch("SELECT beneficiary_id, version, held::text FROM suspensions ORDER BY 1")
    assert [tuple(row) for row in held] == [
        (id, version, "[2019-07-01,)") for id, version in [(2, 2), (3, 4), (4, 2), (6, 2), (7, 5), (8, 2)]
    ]
    assert await owner.fetchval("SELECT count(*) FROM beneficiaries WHERE held_through IS NOT NULL") == 0
    assert await owner.fetchval("SELECT to_regclass('benefit_rates_before') IS NULL")
    await owner.close()


async def test_what_money_keeps_of_before_is_guarded_like_the_rest(empty: str, book: PolicyBook) -> None:
    """The rows that the migration wrote are under the same triggers, and under the role's same rights."""
    owner = await at_revision("0001", empty, book)
    await owner.execute(BEFORE_MONEY)
    await migrate.upgrade(empty, book, LOGIN, personal_data())
    await owner.execute("SET ROLE renzheng_batch")
    for statement, said in (
        ("UPDATE suspensions SET held = '[2019-07-01,2019-11-01)' WHERE beneficiary_id = 6", "of an approved case"),
        ("UPDATE benefit_rates SET known = known", "what was held to be true ends once"),
        ("DELETE FROM benefit_rates", "permission denied for table benefit_rates"),
    ):
        with pytest.raises(asyncpg.PostgresError, match=said):
            await owner.execute(statement)
    await owner.execute("UPDATE benefit_rates SET known = tstzrange(lower(known), now()) WHERE beneficiary_id = 1")
    await owner.close()


async def test_an_empty_database_of_before_is_brought_up(empty: str, book: PolicyBook) -> None:
    owner = await at_revision("0001", empty, book)
    assert not await is_current(empty)
    await migrate.upgrade(empty, book, LOGIN, personal_data())
    assert await is_current(empty)
    assert await owner.fetchval("SELECT count(*) FROM suspensions") == 0
    await owner.close()


BEFORE_NUMBERS = """
INSERT INTO audit_entries (at, unit_id, action, body, key_id, mac)
SELECT '2019-06-05 09:00+08', unit, 'CONFIRM', '{}', 1, sha256('') FROM unnest(ARRAY[1, NULL, 2, 1, 1, NULL]) AS unit;
INSERT INTO audit_days VALUES ('2019-06-05', sha256(''), sha256(''), 1, sha256(''));
INSERT INTO audit_seals VALUES (1, '2019-06-05', '{1,4,5}', sha256(''), sha256(''), 1, sha256(''));
"""


async def test_entries_of_before_are_numbered_chain_by_chain(empty: str, book: PolicyBook) -> None:
    """In their order; what their MACs are over stays as it was, and the next number follows on the last."""
    owner = await at_revision("0010", empty, book)
    await owner.execute(BEFORE_NUMBERS)
    await migrate.upgrade(empty, book, LOGIN, personal_data())
    rows = await owner.fetch("SELECT chain, number, format FROM audit_entries ORDER BY id")
    assert [tuple(row) for row in rows] == [(1, 1, 1), (0, 1, 1), (2, 1, 1), (1, 2, 1), (1, 3, 1), (0, 2, 1)]
    heads = await owner.fetch("SELECT chain, newest FROM audit_chains ORDER BY chain")
    assert [tuple(row) for row in heads] == [(0, 2), (1, 3), (2, 1)]
    assert await owner.fetchval("SELECT chain FROM audit_seals") == 1
    transaction = owner.transaction()  # a number is given back where nothing is written with it
    await transaction.start()
    claimed = await owner.fetch("SELECT chain, number FROM claim_audit_entries('{1,3}', '{2,1}') ORDER BY 1, 2")
    assert [tuple(row) for row in claimed] == [(1, 4), (1, 5), (3, 1)]
    await transaction.rollback()
    await owner.close()
