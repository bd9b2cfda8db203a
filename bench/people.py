"""The people of a benchmark, made by set-based SQL in the project's own tables.

A fifth draws through a few large units, the rest through units of some 400. Everybody has three published verdicts,
three periods, a rate and three records of evidence. Of a hundred one has lapsed, one is suspended, one has ended.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from tqdm import tqdm

from domain.month import Month
from security.gate import Gate
from security.personal import Purpose
from storage import keys
from storage.database import Connection
from web.clock import SHANGHAI

NOW = datetime(2026, 6, 10, 9, tzinfo=SHANGHAI)
"""When the benchmark is: its service runs as a rehearsal, so that what it answers is the same on every day."""
MONTH = Month.of(NOW)
ACCOUNTS = 2_000
"""Of units together, and of persons: so many share the load that nobody's budget is spent."""
FILLED = """units, accounts, sessions, publications, persons, beneficiaries, verdicts, certification_periods,
    benefit_rates, certifications, suspensions, terminations, evidence"""
_CHUNK = 200_000  # people; small enough for a progress bar to move


@dataclass(frozen=True, slots=True)
class Shape:
    """How many units so many people draw through."""

    people: int

    @property
    def units(self) -> int:
        return max(20, self.people // 500)

    @property
    def large(self) -> int:
        """Units that share a fifth of the people: 20,000 each, from a hundred thousand people on."""
        return max(1, self.units // 200)

    @property
    def operators(self) -> int:
        """Accounts of each unit."""
        return -(-ACCOUNTS // self.units)


async def fill(owner: Connection, people: int, gate: Gate, *, histories: bool = True) -> None:
    """Fill an empty, migrated database; `gate` holds its keys. Without histories: for reads of the roster alone."""
    shape = Shape(people)
    # The rows are consistent. Checking each would take longer than the benchmark.
    await owner.execute("SET session_replication_role = replica; SET work_mem = '256MB'")
    await owner.execute("SET maintenance_work_mem = '1GB'")
    await owner.execute(_FUNCTIONS.format(large=shape.large, small=shape.units - shape.large))
    await owner.execute(_UNITS.format(units=shape.units, operators=shape.operators))
    lives = _ROWS + _HISTORIES if histories else _ROWS
    async with _built_last(owner):
        await _people(owner, people, gate, lives)
    await owner.execute(_SESSIONS.format(step=max(1, people // ACCOUNTS)))
    await owner.execute("RESET ALL")
    # Not of the tables that are still empty: the planner would then take them for empty for good.
    await owner.execute(f"VACUUM (FREEZE, ANALYZE) {FILLED}")
    await owner.execute("CHECKPOINT")


@asynccontextmanager
async def _built_last(owner: Connection) -> AsyncIterator[None]:
    """Without the GiST indexes of the tables meanwhile: row by row they take ten times as long as at once."""
    found = await owner.fetch(_GIST)
    for row in found:
        await owner.execute(f"ALTER TABLE {row['name']} DROP CONSTRAINT {row['conname']}")
    yield
    for row in found:
        await owner.execute(f"ALTER TABLE {row['name']} ADD CONSTRAINT {row['conname']} {row['definition']}")


async def _people(owner: Connection, people: int, gate: Gate, lives: str) -> None:
    digest = await _digest(owner, gate)
    with tqdm(total=people, desc="making people", unit=" people", unit_scale=True) as bar:
        for first, last in _chunks(people):
            numbered = NUMBERED.format(first=first, last=last)
            await owner.execute(_PERSONS.format(last=last, digest=digest, numbered=numbered))
            await owner.execute(lives.format(first=first, last=last, numbered=numbered))
            bar.update(last - first + 1)


def _chunks(people: int) -> Iterator[tuple[int, int]]:
    for first in range(1, people + 1, _CHUNK):
        yield first, min(first + _CHUNK - 1, people)


async def _digest(owner: Connection, gate: Gate) -> str:
    """HMAC-SHA256 of an ID number under the database's own key, as an SQL expression. RFC 2104."""
    held = await keys.held(owner)
    key = next(row for row in held if row["purpose"] == Purpose.LOOKUP and row["current"])
    block = gate.secret.unwrap(key["wrapped"], Purpose.LOOKUP).ljust(64, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in block).hex() for pad in (0x36, 0x5C))
    return f"sha256('\\x{outer}'::bytea || sha256('\\x{inner}'::bytea || number::bytea))"


# An OFFSET keeps the planner from writing an expression out at every place that uses it.
_WEIGHTS = " + ".join(f"{2 ** (17 - place) % 11} * (n / {10 ** (16 - place)} % 10)" for place in range(17))

NUMBERED = f"""
(SELECT p, n || substr('10X98765432', 1 + (({_WEIGHTS}) % 11)::int, 1) AS number
 FROM (SELECT p, (370202 + p / 10000000) * 100000000000 + p / 10000 % 1000
                 + to_char(date '1938-01-01' + (p % 10000)::int, 'YYYYMMDD')::bigint * 1000 AS n
       FROM generate_series({{first}}::bigint, {{last}}) AS p OFFSET 0) AS begun OFFSET 0) AS numbered
"""
"""People by their ids, p, and ID numbers that keep GB 11643."""

_GIST = """
SELECT c.conrelid::regclass::text AS name, c.conname, pg_get_constraintdef(c.oid) AS definition
FROM pg_constraint c JOIN pg_class i ON i.oid = c.conindid JOIN pg_am a ON a.oid = i.relam
WHERE a.amname = 'gist' AND c.contype IN ('p', 'u', 'x')
  AND c.conrelid IN ('certification_periods'::regclass, 'benefit_rates'::regclass)
"""

_FUNCTIONS = """
CREATE SCHEMA IF NOT EXISTS bench;
CREATE FUNCTION bench.drawn(p bigint, salt bigint, sides bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN (hashint8extended(p, salt) & 9007199254740991) % sides;
CREATE FUNCTION bench.unit_of(p bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN p % 5 = 0 THEN 1 + (p / 5) % {large} ELSE {large} + 1 + bench.drawn(p, 1, {small}) END;
CREATE FUNCTION bench.name_of(p bigint) RETURNS text LANGUAGE sql IMMUTABLE
    RETURN substr('王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗', 1 + bench.drawn(p, 2, 20)::int, 1)
        || substr('秀桂玉建国淑凤春海志', 1 + bench.drawn(p, 3, 10)::int, 1)
        || substr('英兰珍华芳军平梅荣林', 1 + bench.drawn(p, 4, 10)::int, 1);
"""

_UNITS = """
INSERT INTO units (id, si_number, name, district) OVERRIDING SYSTEM VALUE
SELECT u, (370202000000 + u)::text, '青岛市第' || u || '中学', '市南区' FROM generate_series(1, {units}) AS u;
SELECT setval(pg_get_serial_sequence('units', 'id'), {units});
INSERT INTO districts SELECT district, range_agg(int8range(id, id, '[]')) FROM units GROUP BY district;
INSERT INTO accounts (username, role, unit_id, password_hash)
SELECT si_number || CASE o WHEN 1 THEN '' ELSE '/' || o END, 'UNIT', id, 'none'
FROM units CROSS JOIN generate_series(1, {operators}) AS o ORDER BY o, id;
INSERT INTO publications (month, published_on, assessed_at, at, finished_at)
SELECT m, (m + interval '1 month 3 days')::date, m + interval '1 month 2 days', m + interval '1 month 3 days',
       m + interval '1 month 3 days'
FROM generate_series(timestamptz '2026-03-01', '2026-05-01', '1 month') AS m;
"""

_PERSONS = """
INSERT INTO persons (id, id_number_digest, id_number_sealed) OVERRIDING SYSTEM VALUE
SELECT p, {digest}, sha256(p::text::bytea) FROM {numbered};
SELECT setval(pg_get_serial_sequence('persons', 'id'), {last});
"""

_ROWS = """
INSERT INTO beneficiaries (id, unit_id, category, person_id, name, id_number_masked, phone, household_address,
    residence_address, benefit_from, confirmed_in, version, verdict_month, conclusion, verdict_rule, loss_kind, loss_on,
    activity_kind, activity_on, verdict_published_on, verdict_assessed_at, verdict_answered, period_start, period_end,
    period_method, paid_through, suspended_from, terminated_from) OVERRIDING SYSTEM VALUE
SELECT p, bench.unit_of(p), 'RETIREE', p, bench.name_of(p), left(number, 4) || '**********' || right(number, 4),
       CASE WHEN p % 50 <> 7 THEN '138' || lpad(bench.drawn(p, 5, 100000000)::text, 8, '0') END,
       '青岛市市南区香港中路' || p % 300 || '号', '青岛市市南区闽江路' || p % 200 || '号', '2010-01-01', '2025-09-01',
       4, '2026-05-01', conclusion,
       CASE conclusion WHEN 'DISQUALIFIED' THEN 'loss' WHEN 'PENDING' THEN 'out_of_date' ELSE 'life' END,
       CASE conclusion WHEN 'DISQUALIFIED' THEN 'household_cancellation' END,
       CASE conclusion WHEN 'DISQUALIFIED' THEN date '2026-05-12' END,
       (ARRAY['rail_travel', 'air_travel', 'bank_counter', 'inpatient_stay'])[1 + bench.drawn(p, 11, 4)],
       CASE conclusion WHEN 'QUALIFIED' THEN date '2026-05-01' ELSE date '2025-08-01' END + bench.drawn(p, 12, 31)::int,
       '2026-06-04', '2026-06-03 00:00+08', false, starts,
       CASE WHEN stop IN (2, 3) THEN date '2026-05-01' ELSE (starts + interval '12 months')::date END, 'VERDICT',
       CASE WHEN stop IN (2, 3) THEN date '2026-05-01' ELSE (starts + interval '12 months')::date END,
       CASE stop WHEN 2 THEN date '2026-06-01' END, CASE stop WHEN 3 THEN date '2026-06-01' END
FROM {numbered}
CROSS JOIN LATERAL (
    SELECT bench.drawn(p, 6, 100),
           CASE WHEN verdict = 0 THEN 'DISQUALIFIED' WHEN verdict < 20 THEN 'PENDING' ELSE 'QUALIFIED' END
    FROM bench.drawn(p, 7, 200) AS verdict OFFSET 0) AS drawn (stop, conclusion)
CROSS JOIN LATERAL (
    SELECT CASE stop WHEN 1 THEN date '2025-04-01'
                ELSE (date '2025-07-01' + make_interval(months => bench.drawn(p, 8, 6)::int))::date END OFFSET 0
) AS begun (starts);
SELECT setval(pg_get_serial_sequence('beneficiaries', 'id'), {last});
"""

_HISTORIES = """
INSERT INTO verdicts (beneficiary_id, month, version, conclusion, rule, loss_kind, loss_on, activity_kind, activity_on)
SELECT id, m, v, CASE v WHEN 4 THEN conclusion ELSE 'QUALIFIED' END, CASE v WHEN 4 THEN verdict_rule ELSE 'life' END,
       CASE v WHEN 4 THEN loss_kind END, CASE v WHEN 4 THEN loss_on END, activity_kind,
       CASE v WHEN 4 THEN activity_on ELSE m + bench.drawn(id, 12 + v, 28)::int END
FROM beneficiaries
CROSS JOIN (VALUES (date '2026-03-01', 2), ('2026-04-01', 3), ('2026-05-01', 4)) AS published (m, v)
WHERE id BETWEEN {first} AND {last};
INSERT INTO certification_periods (beneficiary_id, category, version, start_month, end_month, cycle_months, method,
                                   in_force, at)
SELECT id, category, 1 + m, s, (s + interval '12 months')::date, 12, CASE m WHEN 0 THEN 'ENROLMENT' ELSE 'VERDICT' END,
       CASE WHEN m < 2 THEN daterange(s, (s + interval '1 month')::date)
            ELSE daterange(s, (period_end + interval '1 month')::date) END, '2025-07-04 09:00+08'
FROM beneficiaries CROSS JOIN generate_series(0, 2) AS m
CROSS JOIN LATERAL (SELECT (period_start - make_interval(months => 2 - m))::date) AS begun (s)
WHERE id BETWEEN {first} AND {last};
INSERT INTO benefit_rates (beneficiary_id, from_month, known, monthly_amount)
SELECT p, '2010-01-01', tstzrange('2018-01-01', NULL), 3000 + p % 997 FROM generate_series({first}, {last}) AS p;
INSERT INTO certifications (beneficiary_id, version, method, result, survival_status, occurred_on, handler_name,
                            handler_contact, account_id, acted_on, at)
SELECT id, 4, 'OVERRIDE', 'FAIL', 'DECEASED', '2026-05-02', '经办', '0532-85911234', 1, '2026-05-10',
       '2026-05-10 09:00+08' FROM beneficiaries WHERE suspended_from IS NOT NULL AND id BETWEEN {first} AND {last};
INSERT INTO suspensions
SELECT id, 4, daterange('2026-06-01', NULL) FROM beneficiaries
WHERE suspended_from IS NOT NULL AND id BETWEEN {first} AND {last};
INSERT INTO terminations (beneficiary_id, version, cause, occurred_on, handler_name, handler_contact, account_id,
                          acted_on, at)
SELECT id, 4, 'DECEASED', '2026-05-02', '经办', '0532-85911234', 1, '2026-05-10', '2026-05-10 09:00+08'
FROM beneficiaries WHERE terminated_from IS NOT NULL AND id BETWEEN {first} AND {last};
INSERT INTO evidence (person_id, source, kind, occurred_on, reference, received_at)
SELECT p, source, kind, occurred_on, p || '-' || k, '2026-06-30 22:00+08'
FROM generate_series({first}::bigint, {last}) AS p
CROSS JOIN LATERAL (VALUES
    (1, 'transport', 'rail_travel',
     CASE WHEN bench.drawn(p, 9, 10) = 0 THEN date '2025-08-03' ELSE date '2026-04-01' + (p % 80)::int END),
    (2, 'medical_insurance', 'pharmacy_card', date '2026-06-01' + (p % 28)::int),
    (3, CASE bench.drawn(p, 10, 200) WHEN 0 THEN 'health' ELSE 'banks' END,
        CASE bench.drawn(p, 10, 200) WHEN 0 THEN 'death_certificate' ELSE 'atm_card' END,
        date '2026-06-20')) AS told (k, source, kind, occurred_on);
"""

_SESSIONS = """
INSERT INTO accounts (username, role, person_id, password_hash)
SELECT 'person-' || person_id, 'PERSON', person_id, 'none' FROM beneficiaries
WHERE id % {step} = 0 AND terminated_from IS NULL ORDER BY id;
INSERT INTO accounts (username, role, district, password_hash) VALUES ('officer', 'OFFICER', '市南区', 'none');
INSERT INTO accounts (username, role, password_hash) VALUES ('auditor', 'AUDITOR', 'none');
INSERT INTO sessions (account_id, began_at, ends_at) SELECT id, '2026-06-10 08:00+08', 'infinity' FROM accounts;
"""
