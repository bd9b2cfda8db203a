"""How long a payroll takes, and how it grows: `python -m bench.payroll [PEOPLE ...]`, in a PostgreSQL of its own.

Each run is set against its limit: PostgreSQL copying the month's rows into a bare table with the same key. The planner
knows what the commands have told it of the tables that they fill, and no more: autovacuum is off.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import asyncpg

from domain.month import Month
from domain.policy import PolicyBook
from resolvers import keyring, payroll
from resolvers.context import Context
from security.gate import Gate
from security.keys import Secret
from storage import intake, migrate, statistics
from storage.database import Database, Login
from storage.embedded import EmbeddedPostgres
from web.clock import SHANGHAI

FIRST = Month(2019, 6)
SECRET = "x" * 40

# Most people are covered by the period on their row; of a hundred one lapsed, one is suspended, one terminated.
# Everybody has three periods, the later ones opened by verdicts, and one raise.
FILL = """
SET session_replication_role = replica; -- the rows are consistent; checking each would take longer than the runs
INSERT INTO units (si_number, name, district)
SELECT 'U' || u, '单位' || u, '市南区' FROM generate_series(1, 2000) AS u;
INSERT INTO accounts (username, role, unit_id, password_hash) SELECT 'U1', 'UNIT', min(id), 'none' FROM units;
INSERT INTO persons (id_number_digest, id_number_sealed)
SELECT sha256(p::text::bytea), sha256(p::text::bytea) FROM generate_series(1, {people}) AS p;
INSERT INTO beneficiaries (unit_id, category, person_id, name, id_number_masked, phone, household_address,
    residence_address, benefit_from, confirmed_in, version, period_start, period_end, period_method, paid_through,
    suspended_from, terminated_from)
SELECT 1 + id % 2000, 'RETIREE', id, '张' || id, '3702**********1234', '13812345678', '青岛市市南区香港中路1号',
       '青岛市市南区香港中路1号', '2010-01-01', '2019-01-01', 4,
       CASE WHEN id % 100 = 1 THEN date '2018-04-01' ELSE date '2019-04-01' END,
       CASE id % 100 WHEN 1 THEN date '2019-04-01' WHEN 2 THEN date '2019-05-01' WHEN 3 THEN date '2019-05-01'
                     ELSE date '2020-04-01' END, 'VERDICT', '2020-04-01',
       CASE WHEN id % 100 = 2 THEN date '2019-06-01' END, CASE WHEN id % 100 = 3 THEN date '2019-06-01' END
FROM persons ORDER BY id;
INSERT INTO certification_periods (beneficiary_id, category, version, start_month, end_month, cycle_months, method,
                                   in_force, at)
SELECT b.id, 'RETIREE', 1 + m, s, (s + interval '12 months')::date, 12,
       CASE m WHEN 0 THEN 'ENROLMENT' ELSE 'VERDICT' END,
       CASE WHEN m < 2 THEN daterange(s, (s + interval '1 month')::date)
            ELSE daterange(b.period_start, (b.period_end + interval '1 month')::date) END,
       '2018-05-04 09:00+08'
FROM beneficiaries b CROSS JOIN generate_series(0, 2) AS m
CROSS JOIN LATERAL (SELECT CASE WHEN m < 2 THEN (b.period_start - make_interval(months => 2 - m))::date
                                ELSE b.period_start END AS s) AS x;
INSERT INTO benefit_rates (beneficiary_id, from_month, known, monthly_amount)
SELECT b.id, f, tstzrange('2018-01-01', NULL), 3000 + b.id % 997
FROM beneficiaries b CROSS JOIN unnest('{{2010-01-01,2018-07-01}}'::date[]) AS f;
INSERT INTO certifications (beneficiary_id, version, method, result, survival_status, occurred_on, handler_name,
                            handler_contact, account_id, acted_on, at)
SELECT id, 4, 'OVERRIDE', 'FAIL', 'DECEASED', '2019-05-02', '经办', '0532-85911234', 1, '2019-05-10',
       '2019-05-10 09:00+08' FROM beneficiaries WHERE suspended_from IS NOT NULL;
INSERT INTO suspensions
SELECT id, 4, daterange('2019-06-01', NULL) FROM beneficiaries WHERE suspended_from IS NOT NULL;
INSERT INTO terminations (beneficiary_id, version, cause, occurred_on, handler_name, handler_contact, account_id,
                          acted_on, at)
SELECT id, 4, 'DECEASED', '2019-05-02', '经办', '0532-85911234', 1, '2019-05-10', '2019-05-10 09:00+08'
FROM beneficiaries WHERE terminated_from IS NOT NULL;
INSERT INTO publications (month, published_on, assessed_at, at, finished_at)
SELECT m::date, (m + interval '1 month 3 days')::date, m, m, m
FROM generate_series(date '2019-05-01', date '2019-08-01', '1 month') AS m;
SET session_replication_role = origin;
"""
RAISE = """
INSERT INTO benefit_rates (beneficiary_id, from_month, known, monthly_amount)
SELECT id, '2019-06-01', tstzrange('2019-08-05 09:00+08', NULL), 3200 + id % 997 FROM beneficiaries;
"""
LIMIT = """
CREATE TABLE bare (LIKE payments INCLUDING INDEXES);
INSERT INTO bare SELECT * FROM payments WHERE month = '{month}';
DROP TABLE bare;
"""


async def measured(people: int) -> None:
    """Fill, freeze three months, print a line for each."""
    with tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(Path(folder) / "postgres", settings={"autovacuum": "off"})
        dsn = postgres.start()
        try:
            await _runs(dsn, people)
        finally:
            postgres.stop()


async def _runs(dsn: str, people: int) -> None:
    book, gate = PolicyBook.read(), Gate(Secret(SECRET))
    await migrate.upgrade(dsn, book, Login.of(b"x" * 32), gate.personal)
    owner = await asyncpg.connect(dsn)
    print(f"{people} people: filling …", file=sys.stderr, flush=True)
    await owner.execute(FILL.format(people=people))
    database = await Database.for_batches(dsn)
    await _told(database, people, "units", *intake.PEOPLE)
    now = datetime(2019, 6, 8, 9, tzinfo=SHANGHAI)
    context = Context(database, book, now, gate)
    await keyring.begin(context)
    await _line(owner, context, people, "first month", FIRST)
    await _line(owner, context, people, "next month", FIRST + 1)
    preview = await _timed(lambda: payroll.preview(_on(context, FIRST + 2), FIRST + 2))
    print(f"{people:>9}  preview                          {preview:7.2f} s", flush=True)
    await owner.execute(RAISE)
    await _told(database, people, "benefit_rates")
    await _line(owner, context, people, "raise of everybody, two months back", FIRST + 2)
    await database.close()
    await owner.close()


async def _told(database: Database, rows: int, *tables: str) -> None:
    """What an import does after it has filled tables."""
    async with database.begin() as transaction:
        await statistics.gather(transaction, rows, *tables)


def _on(context: Context, month: Month) -> Context:
    return replace(context, now=datetime.combine(month.day(8), context.now.time(), SHANGHAI))


async def _line(
    owner: asyncpg.Connection[asyncpg.Record], context: Context, people: int, what: str, month: Month
) -> None:
    seconds = await _timed(lambda: payroll.freeze(_on(context, month), month))
    bare = await _timed(lambda: _bare(owner, month.first_day))
    lines = await owner.fetchval("SELECT count(*) FROM payment_lines WHERE payroll = $1", month.first_day)
    rate = people / seconds
    print(
        f"{people:>9}  {what:<36} {seconds:7.2f} s  {rate:>9,.0f} people/s  {lines:>9} lines  "
        f"{bare / seconds:5.2f} of the limit",
        flush=True,
    )


async def _bare(owner: asyncpg.Connection[asyncpg.Record], month: date) -> None:
    await owner.execute(LIMIT.format(month=month))


async def _timed(run: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await run()
    return time.perf_counter() - start


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.payroll", description=__doc__)
    parser.add_argument("people", nargs="*", type=int, default=[100_000, 1_000_000], help="default: 100000 1000000")
    for size in parser.parse_args().people:
        asyncio.run(measured(size))
