"""What encrypted phones and addresses would cost a page of the roster: `python -m bench.personal [PEOPLE]`.

A page is read as the API reads it; then the phone and both addresses of its rows are opened, as they would have to be.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import asyncpg

from domain.policy import PolicyBook
from resolvers import keyring, roster
from resolvers.context import Context
from security.ciphers import Cipher
from security.gate import Gate
from security.keys import Secret
from security.personal import PersonalData
from storage import migrate
from storage.database import Database, Login
from storage.embedded import EmbeddedPostgres
from storage.roster import RosterFilter, Slice
from web.clock import SHANGHAI

SECRET = "x" * 40
PHONE, ADDRESS = "13812345678", "青岛市市南区香港中路100号3号楼2单元501户"
PAGES = (20, 200)
TIMES = 200
FILL = """
INSERT INTO units (si_number, name, district) VALUES ('U1', '单位', '市南区');
INSERT INTO persons (id_number_digest, id_number_sealed)
SELECT sha256(p::text::bytea), sha256(p::text::bytea) FROM generate_series(1, {people}) AS p;
INSERT INTO beneficiaries (unit_id, category, person_id, name, id_number_masked, phone, household_address,
    residence_address, benefit_from, confirmed_in)
SELECT 1, 'RETIREE', id, '张' || id, '3702**********1234', '{phone}', '{address}', '{address}', '2010-01-01',
       '2019-01-01'
FROM persons ORDER BY id;
"""


async def measured(people: int, cipher: Cipher) -> None:
    with tempfile.TemporaryDirectory() as folder:
        postgres = EmbeddedPostgres(Path(folder) / "postgres")
        dsn = postgres.start()
        try:
            await _runs(dsn, people, Gate(Secret(SECRET), cipher))
        finally:
            postgres.stop()


async def _runs(dsn: str, people: int, gate: Gate) -> None:
    book = PolicyBook.read()
    await migrate.upgrade(dsn, book, Login.of(b"x" * 32), gate.personal)
    owner = await asyncpg.connect(dsn)
    await owner.execute(FILL.format(people=people, phone=PHONE, address=ADDRESS))
    await owner.execute("VACUUM ANALYZE")
    database = await Database.for_batches(dsn)
    await keyring.fresh(gate.personal, owner)
    now = datetime(2019, 6, 8, 9, tzinfo=SHANGHAI)
    context = Context(database, book, now, gate)
    for rows in PAGES:
        await _page(context, rows)
    await _sizes(owner, people, gate.personal)
    await database.close()
    await owner.close()


async def _page(context: Context, rows: int) -> None:
    """A line for a page of that many rows: as it is, and what opening three values a row adds."""
    chosen, part = RosterFilter(1, None), Slice(rows)
    clear = await _median(lambda: roster.page(context, chosen, part))
    sealed = [
        context.gate.personal.seal(text, str(n).encode()) for n in range(rows) for text in (PHONE, ADDRESS, ADDRESS)
    ]

    async def opened() -> None:
        for place, one in enumerate(sealed):
            context.gate.personal.open(one, str(place // 3).encode())

    opening = await _median(opened)
    print(f"{rows:>4} rows  page {clear:6.2f} ms  opening {opening:5.2f} ms  {opening / clear:5.0%}", flush=True)


async def _sizes(owner: asyncpg.Connection[asyncpg.Record], people: int, personal: PersonalData) -> None:
    """Bytes a person, in the clear and sealed."""
    values = [len(personal.seal(text, b"")) for text in (PHONE, ADDRESS, ADDRESS)]
    columns = {
        "clear": "phone, household_address, residence_address",
        "sealed": ", ".join(f"decode(repeat('ab', {length}), 'hex') AS c{n}" for n, length in enumerate(values)),
    }
    for name, declared in columns.items():
        await owner.execute(f"CREATE TABLE {name} AS SELECT id, {declared} FROM beneficiaries")
        size = await owner.fetchval("SELECT pg_total_relation_size($1::regclass)", name)
        print(f"{name:>6}  {size / people:5.0f} bytes a person", flush=True)


async def _median(run: Callable[[], Awaitable[object]]) -> float:
    """Milliseconds."""
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        await run()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.personal", description=__doc__)
    parser.add_argument("people", nargs="?", type=int, default=5000, help="of the unit (default: %(default)s)")
    wanted = parser.parse_args().people
    for kind in Cipher:
        print(kind, flush=True)
        asyncio.run(measured(wanted, kind))
