"""The ledger lies in one partition a month: a payroll writes into its own, a question reads those it asks about."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest
from asyncpg.connection import LoggedQuery

from domain.month import Month
from resolvers import payroll
from resolvers.errors import Refused
from storage import ledger
from tests.world import World

MONTHS = ["2019-05", "2019-06", "2019-07"]
NEXT = Month(2019, 8)


@pytest.fixture
async def frozen(world: World) -> World:
    """Two people, paid from 2019-05 to 2019-07; the ledger of 2019-08 is not open."""
    await world.owner.execute("DROP TABLE IF EXISTS payments_2019_08")
    await world.at("2019-01-05").units()
    await world.enrol(1)
    await world.enrol(2)
    await world.payroll(*MONTHS)
    await world.at("2019-08-04").publish("2019-07")
    return world


async def test_each_month_is_written_into_its_partition(frozen: World) -> None:
    await frozen.payroll("2019-08")
    rows = await frozen.owner.fetch(
        "SELECT tableoid::regclass::text AS partition, month, count(*) AS people FROM payments GROUP BY 1, 2"
    )
    found = {row["partition"]: (f"{row['month']:%Y-%m}", row["people"]) for row in rows}
    assert found == {f"payments_{month.replace('-', '_')}": (month, 2) for month in [*MONTHS, "2019-08"]}


async def test_months_before_a_late_enrolment_are_written_into_theirs(frozen: World) -> None:
    """The payroll of August writes four months of somebody who came too late for three."""
    id = await frozen.enrol(3, benefit_from="2019-05", certified_in="")
    await frozen.payroll("2019-08")
    rows = await frozen.owner.fetch(
        """SELECT tableoid::regclass::text AS partition, basis FROM payments WHERE beneficiary_id = $1
           ORDER BY month""",
        id,
    )
    assert [(row["partition"], row["basis"]) for row in rows] == [
        ("payments_2019_05", "LATE_ENROLMENT"),
        ("payments_2019_06", "LATE_ENROLMENT"),
        ("payments_2019_07", "LATE_ENROLMENT"),
        ("payments_2019_08", "COVERED"),
    ]


def partitions(plan: Any) -> Iterator[str]:
    """The partitions that a plan touches."""
    if isinstance(plan, list):
        for one in plan:
            yield from partitions(one)
    elif isinstance(plan, dict):
        if str(plan.get("Relation Name", "")).startswith("payments_"):
            yield plan["Relation Name"]
        for value in plan.values():
            yield from partitions(value)


@pytest.mark.parametrize(
    ("first", "last", "touched"),
    [
        ("2019-06", "2019-06", {"payments_2019_06"}),
        ("2019-06", "2019-07", {"payments_2019_06", "payments_2019_07"}),
        ("2018-01", "2019-05", {"payments_2019_05"}),
        ("2018-01", "2018-12", set()),
    ],
)
async def test_a_persons_months_are_read_from_their_partitions(
    frozen: World, first: str, last: str, touched: set[str]
) -> None:
    """The statements of `ledger.payments` as they are run, explained; by the key, never through everybody's rows."""
    asked: list[LoggedQuery] = []
    async with frozen.database.connection() as connection:
        connection.add_query_logger(asked.append)
        found = await ledger.payments(connection, [1], Month.parse(first), Month.parse(last))
        await asyncio.sleep(0)  # the loggers are told in the loop's next turn
        connection.remove_query_logger(asked.append)
        assert sum(len(months) for months in found.values()) == len(touched)
        [statement] = [one for one in asked if "FROM payments " in one.query]
        async with connection.transaction():
            await connection.execute("SET LOCAL enable_seqscan = off")
            explained = await connection.fetchval(f"EXPLAIN (FORMAT JSON) {statement.query}", *statement.args)
    assert set(partitions(json.loads(explained))) == touched
    assert "Seq Scan" not in explained


async def test_a_preview_leaves_neither_rows_nor_a_partition(frozen: World) -> None:
    """It shows what freezing would do, and nothing of it stays."""
    before = await everything(frozen)
    seen = await payroll.preview(frozen.at("2019-08-01").context(), NEXT)
    assert sum(people for people, _ in seen.totals.entries.values()) == 2
    assert await everything(frozen) == before
    assert await frozen.owner.fetchval("SELECT to_regclass('payments_2019_08') IS NULL")
    await frozen.payroll("2019-08")
    assert await frozen.owner.fetchval("SELECT to_regclass('payments_2019_08') IS NOT NULL")


async def test_a_preview_comes_before_the_publication_too(frozen: World) -> None:
    """It says why the month cannot be frozen yet; rules.md 5.1 lets nothing but the freezing wait."""
    await frozen.payroll("2019-08")
    seen = await payroll.preview(frozen.at("2019-08-20").context(), Month(2019, 9))
    assert seen.not_before is not None
    assert sum(people for people, _ in seen.totals.entries.values()) == 2


async def everything(world: World) -> dict[str, Any]:
    """What a payroll writes, and the clock that it enters by."""
    return {
        table: await world.owner.fetchval(f"SELECT jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)) FROM {table} AS t")
        for table in ("payrolls", "payments", "payment_lines", "batch_clock")
    }


async def test_a_preview_that_is_refused_leaves_no_partition_either(frozen: World) -> None:
    await frozen.owner.execute("DROP TABLE IF EXISTS payments_2019_09")
    for month in (Month(2019, 7), Month(2019, 9)):
        with pytest.raises(Refused):
            await payroll.preview(frozen.at("2019-08-08").context(), month)
    assert await frozen.owner.fetchval("SELECT to_regclass('payments_2019_09') IS NULL")


async def test_the_partitions_are_nobodys_but_the_owners(frozen: World) -> None:
    """A payroll run by the application's role makes a table that the role does not own and cannot touch."""
    await frozen.payroll("2019-08")
    held = await frozen.owner.fetchrow(
        """SELECT tableowner = current_user AS owned,
                  has_table_privilege('renzheng_batch', 'payments_2019_08', 'SELECT, INSERT, UPDATE, DELETE') AS open
           FROM pg_tables WHERE tablename = 'payments_2019_08'"""
    )
    assert held is not None
    assert (held["owned"], held["open"]) == (True, False)


@pytest.mark.parametrize("call", ["open_payroll('2019-11-01', 'mine')", "close_payroll('2019-11-01')"])
async def test_the_api_opens_and_closes_nothing(world: World, call: str) -> None:
    async with world.callers.connection() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match=f"denied for function {call[:4]}"):
            await connection.execute(f"SELECT {call}")


# What a partition is made of, without its name: columns, constraints, indexes, triggers, rights, rules for rows.
MADE_OF = """
SELECT replace(what, $1::text, 'month') FROM (
    SELECT concat_ws(' ', attname, atttypid::regtype, atttypmod, attnotnull, attislocal, attinhcount, attcollation)
    FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0
    UNION ALL SELECT concat_ws(' ', conname, contype, convalidated, conislocal, coninhcount, conparentid <> 0,
                               pg_get_constraintdef(oid)) FROM pg_constraint WHERE conrelid = $1::text::regclass
    UNION ALL SELECT concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid, p.inhparent::regclass)
    FROM pg_index i JOIN pg_inherits p ON p.inhrelid = i.indexrelid WHERE i.indrelid = $1::text::regclass
    UNION ALL SELECT concat_ws(' ', tgname, pg_get_triggerdef(oid)) FROM pg_trigger WHERE tgrelid = $1::text::regclass
    UNION ALL SELECT concat_ws(' ', relowner::regrole, relpersistence, relrowsecurity, relispartition, relacl)
    FROM pg_class WHERE oid = $1::text::regclass
    UNION ALL SELECT concat_ws(' ', polname, polcmd) FROM pg_policy WHERE polrelid = $1::text::regclass
    UNION ALL SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = $1::text::regclass) AS found (what)
ORDER BY 1
"""


async def test_a_month_that_joined_is_made_as_an_empty_one_that_was_attached(world: World) -> None:
    """As partitions were made before payrolls were written in parts: nothing less, and nothing more."""
    await world.at("2019-06-05").units()
    await world.enrol(1)
    await world.payroll("2019-06")
    await world.owner.execute(
        """CREATE TABLE payments_2019_07 (LIKE payments INCLUDING CONSTRAINTS);
           ALTER TABLE payments ATTACH PARTITION payments_2019_07 FOR VALUES FROM ('2019-07-01') TO ('2019-08-01');
           GRANT MAINTAIN ON payments_2019_07 TO renzheng_batch"""
    )
    joined = [row[0] for row in await world.owner.fetch(MADE_OF, "payments_2019_06")]
    attached = [row[0] for row in await world.owner.fetch(MADE_OF, "payments_2019_07")]
    assert [one for one in joined if "PRIMARY KEY" in one or "renzheng_batch" in one] != []
    assert joined == attached
